"""The knapsack of a slot, solved on a grid on which lengths are rounded down.

Loads numpy, which few processes need.
"""

from collections.abc import Sequence

import numpy as np

from service.bulletin.fitting import Candidate

# At 15 minutes a step is 0.11 s.
CELLS = 8_192
# A filling this near to the fullest is as good as it: then weight decides.
CLOSE = 0.99
# How much a second of the first piece counts, against 1 for a second of the last one.
WEIGHT_OF_FIRST = 3.0


class Grid:
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
        """Lets a piece into every filling that becomes weightier by it and stays within
        the room.
        """
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
