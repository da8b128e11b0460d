"""Calls to the services that bring messages to phones."""

from enum import StrEnum


class Bringer(StrEnum):
    """Who brings a message to a phone; each kind is called by a thread of its own."""

    MAKERS = "browsers' makers"
    OTHERS = "others"  # anybody can run one, and be slow


class CallFate(StrEnum):
    """What a call came to."""

    TAKEN = "taken"
    GONE = "gone"  # the phone does not want it any more
    REFUSED = "refused"  # by the phone's own service, for a fault of the call
    LATER = "later"  # nobody answered, or not now: it may be our own network
    UNTRIED = "untried"  # there was no time
    OVER = "over"  # there is nothing to tell any more
