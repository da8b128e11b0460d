"""WebSub: the hub is told which feeds changed.

What is untold is a row; telling twice is harmless.
"""

import logging
import threading
from urllib.parse import urlencode

import urllib3

from service.apart import each_by_itself, failure, keep_looking
from service.guard import Guard, target_of
from service.newsroom import Newsroom
from service.newsroom.values import Show
from service.outbound import opened
from service.podcast import feed_address

log = logging.getLogger("loa.websub")

LOOK_EVERY_S = 2.0
PATIENCE_S = 10.0


class HubUntaken(Exception):
    """The hub answered, and did not take it."""


def tell(newsroom: Newsroom, hub: str, public_url: str) -> int:
    """Tells the hub of every feed that changed; how many it took.

    One that it does not take waits for a later try.
    """

    def told(show: Show) -> bool:
        topic = feed_address(public_url, show.path)
        trouble = failure(lambda: _publish(newsroom.guard, hub, topic))
        if trouble is None:
            newsroom.shows.mark_told(show)
            return True
        later = newsroom.shows.put_off(show)
        log.warning(
            "the hub %s was not told of %s: %s; next try at %s",
            hub,
            topic,
            trouble,
            later,
        )
        return False

    return sum(
        each_by_itself(
            newsroom.shows.untold(),
            told,
            log=log,
            doing="telling the hub of a feed",
            name=lambda show: show.path,
            house=newsroom.database.ping,
        )
    )


def run(
    newsroom: Newsroom,
    hub: str,
    public_url: str,
    stop: threading.Event,
    every_s: float = LOOK_EVERY_S,
) -> None:
    """Tells until told to stop."""

    def look() -> None:
        tell(newsroom, hub, public_url)

    keep_looking(look, stop, every_s, log=log, doing="telling the hub")


def _publish(guard: Guard, hub: str, topic: str) -> None:
    """Tells the hub of one feed; raises when it did not take it."""
    form = urlencode({"hub.mode": "publish", "hub.url": topic}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    timeout = urllib3.Timeout(total=PATIENCE_S)
    with opened(
        "POST", target_of(hub), guard, timeout=timeout, headers=headers, body=form
    ) as answer:
        if not 200 <= answer.status < 300:
            raise HubUntaken(f"it answered {answer.status}")
