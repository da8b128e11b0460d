"""The ladder ends in what always has something to say, and people make only its first rungs."""

from service.newsroom.values import Rung
from service.newsroom.values.rungs import RUNGS, UNATTENDED


def test_every_rung_has_its_row_and_people_make_the_first_two():
    assert set(RUNGS) == set(Rung)
    assert tuple(Rung) == (Rung.URGENT, Rung.PLANNED, *UNATTENDED)


def test_the_last_rung_has_something_to_say_whatever_there_is():
    assert UNATTENDED[-1] is Rung.BED
    assert Rung.BED.filling(None).bare
