"""Open copies beside the clock: a store that hangs keeps no bulletin from its hour."""

import logging
import threading

from service.apart import keep_looking
from service.newsroom import Newsroom

log = logging.getLogger("loa.open_copies")

LOOK_EVERY_S = 2.0


def run(
    newsroom: Newsroom,
    stop: threading.Event,
    every_s: float = LOOK_EVERY_S,
    *,
    wanted: bool,
) -> None:
    """Has the store follow what is public until told to stop.

    `wanted`: public sounds are copied to where everybody reads them (LOA_MEDIA_URL).
    """

    def look() -> None:
        newsroom.open_copies.settle(wanted=wanted)

    keep_looking(look, stop, every_s, log=log, doing="laying sounds open")
