"""The ladder in the use cases and the newsroom's rule of what may go on the air are about the same rungs."""

from service.actions.ladder import RUNGS
from service.newsroom.airtime.bulletins import UNATTENDED
from service.newsroom.values import Rung


def test_what_the_ladder_makes_is_what_may_go_on_the_air_without_a_person():
    assert tuple(RUNGS) == UNATTENDED
    assert set(Rung) == {Rung.URGENT, Rung.PLANNED, *RUNGS}
