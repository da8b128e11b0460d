"""Beside the clock: programs are told what happened (hooks)."""

import logging
import threading

from service.actions.hooks import deliver_due
from service.apart import keep_looking, no_oftener
from service.newsroom import Newsroom

log = logging.getLogger("loa.hooks")

LOOK_EVERY_S = 2.0
FORGET_EVERY_S = 3600.0


def run(
    newsroom: Newsroom,
    public_url: str,
    stop: threading.Event,
    every_s: float = LOOK_EVERY_S,
) -> None:
    """Tells until told to stop."""
    forget = no_oftener(newsroom.hooks.forget, FORGET_EVERY_S)

    def look() -> None:
        deliver_due(newsroom, public_url)
        forget()

    keep_looking(look, stop, every_s, log=log, doing="telling hooks")
