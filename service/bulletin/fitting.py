"""Which stories fill a slot: exactly as long as it may be at most, as full as it can be, the weightiest first.

A knapsack, solved on a grid. Lengths are rounded up to its step, so that what is chosen is never too long.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CELLS = 8_192  # of the grid: at 15 minutes a step is 0.11 s
CLOSE = 0.99  # a filling this near to the fullest is as good as it: then weight decides
WEIGHT_OF_FIRST = 3.0  # how much a second of the first piece counts, against 1 for a second of the last one


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
    rest = [piece for piece in pieces if not piece.must and piece.seconds <= room and (not piece.repeat or repeats)]
    taken |= _fill(rest, room, repeats)
    chosen = [piece for piece in pieces if piece.key in taken]
    return Fit(tuple(piece.key for piece in chosen), sum(piece.seconds for piece in chosen))


def _fill(pieces: Sequence[Piece], room: float, repeats: int) -> set[int]:
    if not pieces or room <= 0:
        return set()
    step = room / CELLS
    cells = [max(1, int(np.ceil(piece.seconds / step - 1e-9))) for piece in pieces]
    repeats = min(repeats, sum(piece.repeat for piece in pieces))
    # best[r, c]: the weight of the weightiest filling of exactly c cells with r repeats; -inf where there is none.
    best = np.full((repeats + 1, CELLS + 1), -np.inf)
    best[0, 0] = 0.0
    took = np.zeros((len(pieces), repeats + 1, CELLS + 1), dtype=bool)
    for number, (piece, width) in enumerate(zip(pieces, cells, strict=True)):
        weight = piece.seconds * (WEIGHT_OF_FIRST - (WEIGHT_OF_FIRST - 1) * number / len(pieces))
        with_it = np.full_like(best, -np.inf)
        if piece.repeat:
            with_it[1:, width:] = best[:-1, : CELLS + 1 - width] + weight
        else:
            with_it[:, width:] = best[:, : CELLS + 1 - width] + weight
        took[number] = with_it > best
        best = np.maximum(best, with_it)
    fullest = int(np.nonzero(np.isfinite(best).any(axis=0))[0].max())
    near = best.copy()
    near[:, : int(fullest * CLOSE)] = -np.inf
    r, c = np.unravel_index(int(near.argmax()), near.shape)
    chosen: set[int] = set()
    for number in range(len(pieces) - 1, -1, -1):
        if took[number, r, c]:
            chosen.add(pieces[number].key)
            r, c = r - pieces[number].repeat, c - cells[number]
    return chosen
