"""Rules with a name and an example: what used to be a chain of conditions is a table that is read from above."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from service.vietnamese.context import Context, Said

Looked = TypeVar("Looked")


class Rule(NamedTuple):
    """What a token is said as when the rule holds, else None; `example` is read as `reading`."""

    name: str
    say: Callable[[Context, int], Said | None]
    example: str
    reading: str


class Sign(NamedTuple, Generic[Looked]):
    """What tells that something is so, or that it is not; `example` is read as `reading`."""

    name: str
    verdict: bool
    holds: Callable[[Looked], bool]
    example: str
    reading: str


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
