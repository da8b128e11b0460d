"""A station with an hour in the morning, its clock in the evening before, and that hour's bulletin."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.actions.planning import draft
from service.bulletin import span
from service.newsroom.values import LOUDSPEAKER, Rung, Slot

SLOT = Slot("05:00", 300, plan_minutes=600)


@pytest.fixture
def slot(newsroom, clock):
    """The 05:00 of a station whose clock shows 20:00."""
    station = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(replace(station, greeting="Đây là Đài Suối Lành.", slots=(SLOT,)))
    evening = datetime.now(UTC).replace(hour=13, minute=0, second=0, microsecond=0) + timedelta(
        days=1
    )
    clock.ahead = evening - datetime.now(UTC)
    return SLOT


@pytest.fixture
def drafted(newsroom, slot, work_all, clock):
    """The next airing's bulletin of what is published, read and not approved yet, when it is called for."""

    def drafted():
        station = newsroom.stations.get("suoi-lanh")
        hour = span(slot.at, slot.weekdays, slot.max_seconds, clock())
        airing = newsroom.bulletins.airing("suoi-lanh", slot, hour.day, hour.air_at)
        plan = draft(
            station, slot, hour.day, newsroom.bulletins.stock("suoi-lanh", slot, hour.air_at)
        )
        number = newsroom.bulletins.open(airing.id, Rung.PLANNED, plan, LOUDSPEAKER)
        work_all()
        return number

    return drafted


@pytest.fixture
def bulletin(publish, drafted):
    """The same with one story in it."""
    publish("Xã làm đường")
    return drafted()


@pytest.fixture
def approve(newsroom, work_all):
    def approve(number):
        newsroom.episodes.approve(number, "chị Sen", newsroom.episodes.get(number).version)
        work_all()
        episode = newsroom.episodes.get(number)
        return next(master for master in episode.masters if master.kind == "speaker")

    return approve
