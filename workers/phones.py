"""Beside the clock: phones are told of news and warnings (Web Push).

Each kind of push service has a thread of its own: one that anybody runs holds up no other.
"""

import logging
import threading

from service.actions.telling import push_due
from service.apart import keep_looking, no_oftener
from service.newsroom import Newsroom
from service.newsroom.values.calls import Bringer

log = logging.getLogger("loa.push")

LOOK_EVERY_S = 2.0
FORGET_EVERY_S = 3600.0


def run(
    newsroom: Newsroom,
    public_url: str,
    stop: threading.Event,
    by: Bringer,
    every_s: float = LOOK_EVERY_S,
) -> None:
    """Tells by one kind of push service until told to stop."""
    forget = no_oftener(newsroom.untold.forget, FORGET_EVERY_S)

    def look() -> None:
        push_due(newsroom, public_url, (by,))
        forget()

    keep_looking(look, stop, every_s, log=log, doing="telling phones")
