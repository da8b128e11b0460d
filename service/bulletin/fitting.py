"""Which stories fill a slot: exactly as long as it may be at most,
as full as it can be, the weightiest first.

A knapsack, solved on a grid on which lengths are rounded down; each cell also knows how long its
filling really is, so that what is chosen is never too long.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """What could go in, by its `key`: `must` goes in before all else,
    `repeat` was broadcast lately.
    """

    key: int
    seconds: float
    must: bool = False
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """The keys that go in, in the order in which they came, and the seconds they take together."""

    keys: tuple[int, ...]
    seconds: float


def fit(pieces: Sequence[Candidate], room: float, repeats: int) -> Fit:
    """The best filling of `room` seconds with pieces that come in the order of their weight.

    Pieces that must go in are taken first, one after the other, as long as they fit. The rest is
    filled to within CLOSE of the fullest that is possible, with no more than `repeats` pieces that
    were broadcast lately; among such fillings the one with the weightiest seconds wins.
    """
    first = _first(pieces, room, repeats)
    rest = _rest(pieces, room - _seconds(first), repeats - _repeats(first))
    keys = {piece.key for piece in first} | rest
    chosen = [piece for piece in pieces if piece.key in keys]
    return Fit(tuple(piece.key for piece in chosen), _seconds(chosen))


def _first(pieces: Sequence[Candidate], room: float, repeats: int) -> list[Candidate]:
    """The pieces that must go in, one after the other as long as they fit."""
    first: list[Candidate] = []
    for piece in pieces:
        if piece.must and _may_go_in(piece, room, repeats):
            first.append(piece)
            room -= piece.seconds
            repeats -= piece.repeat
    return first


def _rest(pieces: Sequence[Candidate], room: float, repeats: int) -> set[int]:
    """The keys of those others that fill the rest of the room best."""
    others = [
        piece for piece in pieces if not piece.must and _may_go_in(piece, room, repeats)
    ]
    if not others or room <= 0:
        return set()
    # Numpy is 11 MB, and the web's process plans no bulletin before somebody presses for one.
    from service.bulletin.grid import Grid

    return Grid(others, room, repeats).best()


def _seconds(pieces: Sequence[Candidate]) -> float:
    return sum(piece.seconds for piece in pieces)


def _repeats(pieces: Sequence[Candidate]) -> int:
    return sum(piece.repeat for piece in pieces)


def _may_go_in(piece: Candidate, room: float, repeats: int) -> bool:
    return piece.seconds <= room and (not piece.repeat or repeats > 0)
