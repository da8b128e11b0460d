"""What becomes of a rung of the ladder that is there already: a table of named rules."""

from collections.abc import Callable
from enum import StrEnum

from service.newsroom.values import Bulletin, State

IN_THE_LINE = (State.RECEIVED, State.WRITTEN, State.SPOKEN)
LET_GO = (State.APPROVED, State.PUBLISHED)


class Verdict(StrEnum):
    """What to do about a rung for an hour that has nothing to broadcast."""

    ANEW = "anew"
    WITHOUT_WORDS = "without words"
    AWAITED = "awaited"
    PASSED_OVER = "passed over"


def _was_taken_off(bulletin: Bulletin) -> bool:
    """Somebody withdrew it: it comes back by a person alone."""
    return bulletin.state is State.WITHDRAWN and not bulletin.put_away


def _is_spoilt(bulletin: Bulletin) -> bool:
    """A story in it was withdrawn, or all of them."""
    return bulletin.is_spoilt or bulletin.put_away


def _is_on_its_way(bulletin: Bulletin) -> bool:
    """The line is at it, or it stands there by now."""
    return bulletin.state in (*IN_THE_LINE, *LET_GO)


def _lacks_its_words_alone(bulletin: Bulletin) -> bool:
    """Its own words could not be spoken; its stories were, long ago."""
    has_words = bool(bulletin.greeting or bulletin.closing)
    return bulletin.state is State.HELD and bool(bulletin.items) and has_words


# The first that holds decides. What none is about is held, or waits for a person.
RULES: tuple[tuple[Callable[[Bulletin], bool], Verdict], ...] = (
    (_was_taken_off, Verdict.PASSED_OVER),
    (_is_spoilt, Verdict.ANEW),
    (_is_on_its_way, Verdict.AWAITED),
    (_lacks_its_words_alone, Verdict.WITHOUT_WORDS),
)


def verdict_on(bulletin: Bulletin | None) -> Verdict:
    """What to do about a rung, None when nothing was made for it yet."""
    if bulletin is None:
        return Verdict.ANEW
    verdicts = (verdict for applies, verdict in RULES if applies(bulletin))
    return next(verdicts, Verdict.PASSED_OVER)
