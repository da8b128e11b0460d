"""WebSub: the hub is told which feeds changed. What is untold is a row; telling twice is harmless."""

import logging
import threading

import urllib3

from service.newsroom import Newsroom
from service.podcast import feed_address

log = logging.getLogger("loa.websub")

LOOK_EVERY_S = 2.0
PATIENCE_S = 10.0


def tell(newsroom: Newsroom, hub: str, public_url: str) -> int:
    """Tells the hub of every feed that changed; how many it took. One that it does not take waits for a later try."""
    told = 0
    with urllib3.PoolManager(timeout=PATIENCE_S, retries=False) as web:
        for show in newsroom.shows.untold():
            topic = feed_address(public_url, show.path)
            try:
                answer = web.request(
                    "POST",
                    hub,
                    fields={"hub.mode": "publish", "hub.url": topic},
                    encode_multipart=False,
                )
                trouble = "" if 200 <= answer.status < 300 else f"it answered {answer.status}"
            except urllib3.exceptions.HTTPError as error:
                trouble = str(error)
            if trouble:
                later = newsroom.shows.not_told(show)
                log.warning(
                    "the hub %s was not told of %s: %s; next try at %s", hub, topic, trouble, later
                )
                continue
            newsroom.shows.told(show)
            told += 1
    return told


def run(
    newsroom: Newsroom,
    hub: str,
    public_url: str,
    stop: threading.Event,
    every_s: float = LOOK_EVERY_S,
) -> None:
    """Tells until told to stop."""
    while not stop.wait(every_s):
        try:
            tell(newsroom, hub, public_url)
        except Exception:  # a database that is away for a moment must not end this for good
            log.exception("telling the hub stumbled")
