"""A person's recording of a whole text is cut into its sentences, in the middle of pauses."""

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

import numpy as np

from audio.frames import FRAME, Levels, heard_from, levels_of
from audio.voice import SAMPLE_BYTES

# Frames; a long pause outweighs four times its length in distance.
PAUSE = 18
LONGEST_PAUSE = 120
PAUSE_WORTH = 4.0


def cut(pcm: bytes, weights: Sequence[float]) -> list[bytes]:
    """A cleaned recording in parts, one for each weight (how much is said in it),
    cut in the middle of pauses.

    Each joint is the long pause nearest to where the weights let expect it. Where no pause is left
    for a joint, the part is empty: what was said is in the part before it. Joined again, the parts
    are the recording.
    """
    whole = len(pcm) // SAMPLE_BYTES
    pauses = _pauses(levels_of(pcm))
    shares = np.cumsum(weights)[:-1] / sum(weights)
    expected = (shares * whole / FRAME).tolist()
    # A joint that is far from any pause costs a tenth of the whole, and four seconds at least.
    skipped = max(400.0, 0.1 * whole / FRAME)
    joints = _nearest(expected, pauses, whole, skipped)
    samples = [0, *(min(joint * FRAME, whole) for joint in joints), whole]
    at = [sample * SAMPLE_BYTES for sample in samples]
    return [pcm[begin:end] for begin, end in pairwise(at)]


def _pauses(levels: Levels) -> list[tuple[int, int]]:
    """Where nothing is heard for a while: the middle of each pause, and its length, in frames."""
    if not levels.size:
        return []
    is_heard = levels > heard_from(levels, music=False)
    # What lies before and behind counts as heard: so each pause has two edges.
    bounded = np.concatenate(([True], is_heard, [True]))
    edges = np.flatnonzero(np.diff(bounded.astype(np.int8)))
    begins, ends = edges[::2], edges[1::2]
    return [
        (int(begin + end) // 2, int(end - begin))
        for begin, end in zip(begins, ends, strict=True)
        if end - begin >= PAUSE
    ]


class Move(Enum):
    """What a joint does with a pause: cuts there, has none, or leaves it to the joints after it."""

    TAKE = auto()
    SKIP = auto()
    NOT_YET = auto()


def _nearest(
    expected: Sequence[float],
    pauses: Sequence[tuple[int, int]],
    end: int,
    skipped: float,
) -> list[int]:
    """A place for each expected joint, in order, by least cost:
    the way to a pause, less what a long pause is worth.

    A joint without a pause costs `skipped` and lies where the next one does, the last ones at the
    `end`.
    """
    # Dynamic programming: row n holds the least costs when joint n may take one of the first m
    # pauses.
    costs = [0.0] * (len(pauses) + 1)
    moves: list[list[Move]] = []
    for joint in expected:
        costs, row = _next_row(joint, costs, pauses, skipped)
        moves.append(row)
    return _way_back(moves, pauses, end)


def _next_row(
    joint: float,
    before: Sequence[float],
    pauses: Sequence[tuple[int, int]],
    skipped: float,
) -> tuple[list[float], list[Move]]:
    """The least cost up to and with a joint, for each number of pauses that may be taken,
    and how it came about.
    """
    costs = [before[0] + skipped]
    moves = [Move.SKIP]
    for m, (place, length) in enumerate(pauses, start=1):
        worth = PAUSE_WORTH * min(length, LONGEST_PAUSE)
        choices = {
            Move.TAKE: before[m - 1] + abs(place - joint) - worth,
            Move.SKIP: before[m] + skipped,
            Move.NOT_YET: costs[-1],
        }
        best = min(choices, key=lambda move: choices[move])
        costs.append(choices[best])
        moves.append(best)
    return costs, moves


def _way_back(
    moves: Sequence[Sequence[Move]], pauses: Sequence[tuple[int, int]], end: int
) -> list[int]:
    """The place of each joint, followed from the last one back."""
    places, m = [end] * len(moves), len(pauses)
    for n in reversed(range(len(moves))):
        while moves[n][m] is Move.NOT_YET:
            m -= 1
        if moves[n][m] is Move.TAKE:
            m -= 1
            places[n] = pauses[m][0]
        elif n + 1 < len(places):
            places[n] = places[n + 1]
    return places
