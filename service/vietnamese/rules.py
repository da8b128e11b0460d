"""Rules with a name and an example: what used to be a chain of conditions is a table that is read
from above.
"""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from service.vietnamese.context import Context, Said

Looked = TypeVar("Looked")


def any_text(_: str) -> bool:
    """What a rule concerns that no token's text rules out."""
    return True


class Rule(NamedTuple):
    """What a token is said as when the rule holds, else None; `example` is read as `reading`.

    `concerns` tells by a token's text alone whether the rule can hold at all: `concerning` asks it.
    """

    name: str
    say: Callable[[Context, int], Said | None]
    example: str
    reading: str
    concerns: Callable[[str], bool] = any_text


class Sign(NamedTuple, Generic[Looked]):
    """What tells that something is so, or that it is not; `example` is read as `reading`."""

    name: str
    verdict: bool
    holds: Callable[[Looked], bool]
    example: str
    reading: str


def concerning(rules: Sequence[Rule], text: str) -> tuple[Rule, ...]:
    """Those rules that can hold for a token of this text, in their order."""
    return tuple(rule for rule in rules if rule.concerns(text))


def first_said(rules: Sequence[Rule], c: Context, i: int) -> Said | None:
    """What the first rule that holds says."""
    for rule in rules:
        if (said := rule.say(c, i)) is not None:
            return said
    return None


def first_verdict(signs: Sequence[Sign[Looked]], looked: Looked) -> bool:
    """What the first sign that holds tells; False where none does."""
    for sign in signs:
        if sign.holds(looked):
            return sign.verdict
    return False
