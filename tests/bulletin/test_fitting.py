"""What fills a slot: never longer than it, as full as it can be, the weighty first, repeats within
the rule.
"""

from random import Random

import pytest

from service.bulletin import Candidate, fit


def fullest(pieces, room, repeats):
    """The best filling there is, exact to the millisecond: what must go in first, as `fit`
    promises, then the rest.
    """
    taken = 0.0
    for piece in (piece for piece in pieces if piece.must):
        if piece.seconds <= room - taken and (not piece.repeat or repeats):
            taken += piece.seconds
            repeats -= piece.repeat
    left = int((room - taken) * 1000 + 1e-6)
    sums = [1] + [0] * repeats  # bit s of number r: s ms can be filled with r repeats
    for piece in (piece for piece in pieces if not piece.must):
        length = round(piece.seconds * 1000)
        within = (1 << (left + 1)) - 1
        if not piece.repeat:
            sums = [fills | (fills << length) & within for fills in sums]
        else:
            sums = [
                sums[0],
                *(
                    sums[r] | (sums[r - 1] << length) & within
                    for r in range(1, repeats + 1)
                ),
            ]
    return taken + max(fills.bit_length() - 1 for fills in sums) / 1000


def stories(random, count):
    return [
        Candidate(
            n,
            round(random.uniform(15, 240), 3),
            must=random.random() < 0.1,
            repeat=random.random() < 0.3,
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_sets_of_stories_fill_their_slot_as_well_as_can_be(seed):
    random = Random(seed)
    for _ in range(100):
        pieces = stories(random, random.randint(0, 60))
        room, repeats = random.uniform(90, 1800), random.randint(0, 3)
        found = fit(pieces, room, repeats)
        chosen = {piece.key: piece for piece in pieces if piece.key in found.keys}
        assert found.seconds == pytest.approx(
            sum(piece.seconds for piece in chosen.values())
        )
        assert found.seconds <= room
        assert sum(piece.repeat for piece in chosen.values()) <= repeats
        assert list(found.keys) == sorted(found.keys)  # in the order in which they came
        assert found.seconds >= 0.98 * fullest(pieces, room, repeats)


def test_what_must_go_in_goes_first_even_where_it_leaves_a_gap():
    found = fit(
        [Candidate(1, 400), Candidate(2, 500), Candidate(3, 600, must=True)], 900, 0
    )
    assert found.keys == (3,)


def test_of_equal_fillings_the_weightiest_wins():
    assert fit([Candidate(n, 100) for n in range(9)], 300, 0).keys == (0, 1, 2)


def test_there_may_be_no_room_at_all():
    assert fit([Candidate(1, 30)], 0, 0).keys == ()
    assert fit([Candidate(1, 30)], -20, 0).keys == ()
    assert fit([], 900, 0).seconds == 0


def test_a_repeat_needs_leave():
    assert fit([Candidate(1, 30, repeat=True)], 900, 0).keys == ()
    assert fit([Candidate(1, 30, repeat=True, must=True)], 900, 0).keys == ()
    assert fit([Candidate(n, 30, repeat=True) for n in range(5)], 900, 2).keys == (0, 1)
