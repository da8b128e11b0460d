"""Which stories fill a slot: exactly as long as it may be at most, as full as it can be, the weightiest first.

A knapsack, solved on a grid on which lengths are rounded down; each cell also knows how long its filling really is, so
that what is chosen is never too long.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Of the grid: at 15 minutes a step is 0.11 s.
CELLS = 8_192
# A filling this near to the fullest is as good as it: then weight decides.
CLOSE = 0.99
# How much a second of the first piece counts, against 1 for a second of the last one.
WEIGHT_OF_FIRST = 3.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """What could go in, by its `key`: `must` goes in before all else, `repeat` was broadcast lately."""

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

    Pieces that must go in are taken first, one after the other, as long as they fit. The rest is filled to within
    CLOSE of the fullest that is possible, with no more than `repeats` pieces that were broadcast lately; among such
    fillings the one with the weightiest seconds wins.
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
    others = [piece for piece in pieces if not piece.must and _may_go_in(piece, room, repeats)]
    return _Grid(others, room, repeats).best() if others and room > 0 else set()


def _seconds(pieces: Sequence[Candidate]) -> float:
    return sum(piece.seconds for piece in pieces)


def _repeats(pieces: Sequence[Candidate]) -> int:
    return sum(piece.repeat for piece in pieces)


def _may_go_in(piece: Candidate, room: float, repeats: int) -> bool:
    return piece.seconds <= room and (not piece.repeat or repeats > 0)


class _Grid:
    """All fillings of a room at once, for pieces that each go in or not.

    Cell [r, c] holds weight and length of the weightiest filling of about c cells with r repeats;
    a weight of -inf says that there is none.
    """

    def __init__(self, pieces: Sequence[Candidate], room: float, repeats: int) -> None:
        self._pieces = pieces
        self._room = room
        step = room / CELLS
        self._widths = [int(piece.seconds / step) for piece in pieces]
        repeats = min(repeats, sum(piece.repeat for piece in pieces))
        self._weights = np.full((repeats + 1, CELLS + 1), -np.inf)
        self._lengths = np.zeros_like(self._weights)
        self._weights[0, 0] = 0.0
        self._took = np.zeros((len(pieces), repeats + 1, CELLS + 1), dtype=bool)

    def best(self) -> set[int]:
        """The keys of the weightiest of those fillings that are nearly as full as can be."""
        for number in range(len(self._pieces)):
            self._offer(number)
        is_filling = np.isfinite(self._weights)
        fullest = self._lengths[is_filling].max()
        is_full = is_filling & (self._lengths >= CLOSE * fullest)
        weights = np.where(is_full, self._weights, -np.inf)
        heaviest = int(weights.argmax())
        row, cell = np.unravel_index(heaviest, weights.shape)
        return self._taken(int(row), int(cell))

    def _offer(self, number: int) -> None:
        """Lets a piece into every filling that becomes weightier by it and stays within the room."""
        piece = self._pieces[number]
        width = self._widths[number]
        # The first piece's seconds weigh most, the last one's 1.
        fall = (WEIGHT_OF_FIRST - 1) * number / len(self._pieces)
        weight = piece.seconds * (WEIGHT_OF_FIRST - fall)
        # A filling without the piece lies a row up if it is a repeat, and its width to the left.
        down = int(piece.repeat)
        rows = self._weights.shape[0]
        without = np.s_[: rows - down, : CELLS + 1 - width]
        with_it = np.s_[down:, width:]
        heavier = self._weights[without] + weight
        longer = self._lengths[without] + piece.seconds
        fits = longer <= self._room
        is_better = (heavier > self._weights[with_it]) & fits
        self._took[number][with_it] = is_better
        self._weights[with_it] = np.where(is_better, heavier, self._weights[with_it])
        self._lengths[with_it] = np.where(is_better, longer, self._lengths[with_it])

    def _taken(self, row: int, cell: int) -> set[int]:
        """The way back from a cell: which pieces went into its filling."""
        keys: set[int] = set()
        for number in reversed(range(len(self._pieces))):
            if self._took[number, row, cell]:
                piece = self._pieces[number]
                keys.add(piece.key)
                row -= int(piece.repeat)
                cell -= self._widths[number]
        return keys
