"""A station with an hour in the morning, its clock in the evening before, and that
hour's bulletin.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from audio.voice import RATE
from service.actions.planning import draft
from service.bulletin import span
from service.newsroom.values import LOUDSPEAKER, Role, Rung, Slot
from tests.house import PASSWORD, Browser, encoded
from tests.web.answers import as_described

SLOT = Slot("05:00", 300, plan_minutes=600)


@pytest.fixture
def slot(newsroom, clock):
    """The 05:00 of a station whose clock shows 20:00."""
    station = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(
        replace(station, greeting="Đây là Đài Suối Lành.", slots=(SLOT,))
    )
    evening = datetime.now(UTC).replace(
        hour=13, minute=0, second=0, microsecond=0
    ) + timedelta(days=1)
    clock.ahead = evening - datetime.now(UTC)
    return SLOT


@pytest.fixture
def drafted(newsroom, slot, work_all, clock):
    """The next airing's bulletin of what is published, read and not approved yet, when it is called
    for.
    """

    def drafted():
        station = newsroom.stations.get("suoi-lanh")
        hour = span(slot.at, slot.weekdays, slot.max_seconds, clock())
        airing = newsroom.bulletins.airing("suoi-lanh", slot, hour.day, hour.air_at)
        plan = draft(
            station,
            slot,
            hour.day,
            newsroom.bulletins.stock("suoi-lanh", slot, hour.air_at),
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
        newsroom.episodes.approve(
            number, "chị Sen", newsroom.episodes.get(number).version
        )
        work_all()
        episode = newsroom.episodes.get(number)
        return next(master for master in episode.masters if master.kind == "speaker")

    return approve


@pytest.fixture
def desk(newsroom, client):
    """Somebody of a role logs in with the test's client; gives how they send a form, and what it
    leads to.
    """

    def enter(role, name=""):
        name = name or role.value
        newsroom.people.add(name, PASSWORD, role)
        browser = Browser(client, name)
        return browser.send

    return enter


@pytest.fixture
def editor(desk):
    """How somebody sends forms who may write."""
    return desk(Role.EDITOR, "sen")


@pytest.fixture
def call(app, client, newsroom):
    """The API with a key of each role; whatever it answers is held to its description."""
    keys = {role: newsroom.people.add_key(role, role) for role in Role}

    def call(method, path, json=None, role=Role.ADMIN):
        headers = {"Authorization": f"Bearer {keys[role]}"}
        answer = client.open(
            f"/api/v1{path}", method=method, json=json, headers=headers
        )
        as_described(app, method, f"/api/v1{path}".partition("?")[0], answer)
        return answer

    return call


@pytest.fixture(scope="session")
def voice():
    """Half a second on, a quarter off, as speech goes: 6 seconds of it, over a little noise, as an
    M4A.
    """
    t = np.arange(6 * RATE) / RATE
    sound = np.sin(2 * np.pi * 220 * t) * (
        t % 0.75 < 0.5
    ) * 0.2 + np.random.default_rng(1).normal(0, 0.0004, len(t))
    return encoded(
        (sound * 32767).astype("<i2").tobytes(), "-f", "mp3", "-b:a", "64k", "pipe:1"
    )
