"""What phones and hooks are yet to be told, on PostgreSQL: the same rows, by its own locks."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import update

from loa.assembly import MIGRATIONS
from service.guard import Guard
from service.newsroom import Newsroom
from service.newsroom.public.untold import CallResult
from service.newsroom.specimen import fill
from service.newsroom.store.tables import EpisodeRow
from service.newsroom.values import HookEvent, NewHook, Station
from service.newsroom.values.calls import Bringer, CallFate
from tests.conftest import QUICK, Unsynced
from tests.system.servers import empty_database

HERE = "http://127.0.0.1/"


@pytest.fixture
def room(postgres, tmp_path):
    opened = Newsroom.open(
        empty_database(postgres),
        Unsynced(tmp_path / "files"),
        MIGRATIONS,
        hasher=QUICK,
        guard=Guard.parse("127.0.0.1"),
    )
    opened.database.migrate()
    opened.stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    yield opened
    opened.database.close()


def in_base64(count):
    return base64.urlsafe_b64encode(bytes(count)).rstrip(b"=").decode()


@pytest.mark.servers
def test_on_postgresql_a_phone_is_owed_what_nobody_told_it(room):
    room.subscribers.add(HERE, in_base64(65), in_base64(16), station="", news=True)
    fill(room, "suoi-lanh", 70)
    with room.database.write() as session:
        at = room.now() + timedelta(seconds=1)
        session.execute(update(EpisodeRow).values(first_published_at=at))
    assert [room.untold.claim(), room.untold.claim()] == [70, 0]
    (owed,) = room.untold.take(Bringer.OTHERS)
    assert len(owed.episodes) == 70
    assert room.untold.take(Bringer.OTHERS) == []

    def settle(episodes, fate):
        room.untold.settle([CallResult(owed.subscriber.id, episodes, fate)])

    settle(owed.episodes, CallFate.UNTRIED)
    assert room.untold.take(Bringer.OTHERS) == [owed]
    settle(owed.episodes[:3], CallFate.UNTRIED)
    settle(owed.episodes[3:], CallFate.TAKEN)
    (left,) = room.untold.take(Bringer.OTHERS)
    assert left.episodes == owed.episodes[:3]
    settle(left.episodes, CallFate.GONE)
    assert not room.subscribers.any()


@pytest.mark.servers
def test_on_postgresql_a_look_takes_a_few_tellings_of_each_hook(room):
    for name in ("một", "hai"):
        added, _ = room.hooks.add(NewHook(name, HERE, (HookEvent.NOTICE,)), "a")
        for _ in range(6):
            room.hooks.test(added.id, "a")
    assert [len(room.hooks.take()) for _ in range(3)] == [8, 4, 0]
