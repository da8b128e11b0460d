"""Pictures beside the clock: what articles name is fetched, at its hosts' turns."""

import logging
import threading

from service.actions.pictures import take_waiting
from service.apart import keep_looking
from service.newsroom import Newsroom

log = logging.getLogger("loa.pictures")

LOOK_EVERY_S = 2.0


def run(
    newsroom: Newsroom, stop: threading.Event, every_s: float = LOOK_EVERY_S
) -> None:
    """Fetches until told to stop."""

    def look() -> None:
        take_waiting(newsroom)

    keep_looking(look, stop, every_s, log=log, doing="fetching pictures")
