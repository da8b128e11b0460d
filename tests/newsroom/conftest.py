"""The newsroom with a line whose work is done by hand: its desks are tried without a voice."""

from datetime import timedelta

import pytest

from service.actions.bulletins import airing_at, draft_for
from service.newsroom.values import Rung, Slot, Station
from service.zone import VIETNAM
from tests.web.press import Press

SLOT = Slot("05:00", 3600)


@pytest.fixture
def press(newsroom):
    """Brings articles to the air."""
    return Press(newsroom, horns=True)


@pytest.fixture
def airing(newsroom):
    """The airing of tomorrow, 05:00, at Suối Lành."""
    newsroom.stations.put(Station("suoi-lanh", "Đài Suối Lành", slots=(SLOT,)))
    station = newsroom.stations.get("suoi-lanh")
    tomorrow = newsroom.now().astimezone(VIETNAM).date() + timedelta(days=1)
    return airing_at(newsroom, station, "05:00", tomorrow.isoformat())[1]


@pytest.fixture
def draft(newsroom, airing, work_all):
    """Plans that airing's bulletin from what is published, and has the line read it; its episode's
    number.
    """

    def draft(rung=Rung.PLANNED):
        station = newsroom.stations.get("suoi-lanh")
        plan = draft_for(newsroom, station, SLOT, airing)
        number = newsroom.bulletins.open(airing.id, rung, plan, "chị Sen")
        work_all()
        return number

    return draft


@pytest.fixture
def serving(newsroom, airing):
    """What stands at the airing's address when it is asked for."""
    return lambda: newsroom.bulletins.serving(
        "suoi-lanh", SLOT, airing.day, airing.air_at
    )


@pytest.fixture
def approve(newsroom, work_all):
    """Somebody has listened to an episode: it is on the air."""

    def approve(number):
        newsroom.episodes.approve(
            number, "chị Sen", newsroom.episodes.get(number).version
        )
        work_all()

    return approve
