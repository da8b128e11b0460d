"""Which stories fill a slot: exactly as long as it may be at most, as full as it can be, the weightiest first.

A knapsack, solved on a grid on which lengths are rounded down; each cell also knows how long its filling really is, so
that what is chosen is never too long.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CELLS = 8_192  # of the grid: at 15 minutes a step is 0.11 s
CLOSE = 0.99  # a filling this near to the fullest is as good as it: then weight decides
WEIGHT_OF_FIRST = (
    3.0  # how much a second of the first piece counts, against 1 for a second of the last one
)


@dataclass(frozen=True, slots=True)
class Piece:
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


def fit(pieces: Sequence[Piece], room: float, repeats: int) -> Fit:
    """The best filling of `room` seconds with pieces that come in the order of their weight.

    Pieces that must go in are taken first, one after the other, as long as they fit. The rest is filled to within
    CLOSE of the fullest that is possible, with no more than `repeats` pieces that were broadcast lately; among such
    fillings the one with the weightiest seconds wins.
    """
    taken: set[int] = set()
    for piece in pieces:
        if piece.must and piece.seconds <= room and (not piece.repeat or repeats):
            taken.add(piece.key)
            room -= piece.seconds
            repeats -= piece.repeat
    rest = [
        piece
        for piece in pieces
        if not piece.must and piece.seconds <= room and (not piece.repeat or repeats)
    ]
    taken |= _fill(rest, room, repeats)
    chosen = [piece for piece in pieces if piece.key in taken]
    return Fit(tuple(piece.key for piece in chosen), sum(piece.seconds for piece in chosen))


def _fill(pieces: Sequence[Piece], room: float, repeats: int) -> set[int]:
    if not pieces or room <= 0:
        return set()
    step = room / CELLS
    cells = [int(piece.seconds / step) for piece in pieces]
    repeats = min(repeats, sum(piece.repeat for piece in pieces))
    # [r, c]: weight and length of the weightiest filling of about c cells with r repeats; -inf: there is none.
    weights = np.full((repeats + 1, CELLS + 1), -np.inf)
    lengths = np.zeros_like(weights)
    weights[0, 0] = 0.0
    took = np.zeros((len(pieces), repeats + 1, CELLS + 1), dtype=bool)
    for number, (piece, width) in enumerate(zip(pieces, cells, strict=True)):
        weight = piece.seconds * (WEIGHT_OF_FIRST - (WEIGHT_OF_FIRST - 1) * number / len(pieces))
        down = int(piece.repeat)
        before = np.s_[: repeats + 1 - down, : CELLS + 1 - width]
        after = np.s_[down:, width:]
        heavier = weights[before] + weight
        longer = lengths[before] + piece.seconds
        better = (heavier > weights[after]) & (longer <= room)
        took[number][after] = better
        weights[after] = np.where(better, heavier, weights[after])
        lengths[after] = np.where(better, longer, lengths[after])
    there = np.isfinite(weights)
    near = np.where(there & (lengths >= CLOSE * lengths[there].max()), weights, -np.inf)
    r, c = np.unravel_index(int(near.argmax()), near.shape)
    chosen: set[int] = set()
    for number in range(len(pieces) - 1, -1, -1):
        if took[number, r, c]:
            chosen.add(pieces[number].key)
            r, c = r - pieces[number].repeat, c - cells[number]
    return chosen
