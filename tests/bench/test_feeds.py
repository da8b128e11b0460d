"""The archive's promises, in small: what is asked of the database and kept in memory does not grow
with it. `loa bench` measures the time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench.common import Bench
from bench.feeds import FEED, measured
from service.newsroom import Newsroom
from service.newsroom.specimen import fill
from service.newsroom.store.files import Folder
from service.newsroom.values import Station
from service.web.app import create_app
from service.web.site import Site
from workers.voices import Voices

ROOT = Path(__file__).parents[2]
BED = ROOT / "audio/chimes/bed.mp3"


def at_work() -> Bench:
    """What the parts work with; these need no voice."""
    return Bench((), Voices([]), ROOT / "migrations", ROOT / "templates", BED)


@pytest.fixture(params=[110, 440])
def archive(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: bytes
) -> Iterator[Newsroom]:
    (tmp_path / "loa.db").write_bytes(migrated)
    room = Newsroom.open(
        f"sqlite:///{tmp_path}/loa.db", Folder(tmp_path / "files"), ROOT / "migrations"
    )
    room.stations.put(Station("thu", "Đài thử"))
    fill(room, "thu", request.param)
    yield room
    room.database.close()


@pytest.fixture
def client(archive: Newsroom) -> FlaskClient:
    site = Site("https://loa.example", "Loa", ROOT / "templates", "bí mật", bed=BED)
    return create_app(archive, site).test_client()


@contextmanager
def questions(engine: Engine) -> Iterator[list[str]]:
    """What this database is asked meanwhile."""
    found: list[str] = []

    def note(
        _connection: object, _cursor: object, statement: str, *_more: object
    ) -> None:
        if statement.startswith("SELECT"):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_an_unchanged_feed_is_one_look_and_a_new_one_a_few(
    archive: Newsroom, client: FlaskClient
) -> None:
    engine = archive.database.engine
    client.get("/feeds/all.xml")
    with questions(engine) as first:
        answer = client.get(FEED)
    assert answer.status_code == 200
    assert answer.text.count("<item>") == 100
    with questions(engine) as unchanged:
        known = client.get(FEED, headers={"If-None-Match": answer.headers["ETag"]})
    assert known.status_code == 304
    assert len(unchanged) == 1
    with questions(engine) as again:
        assert client.get(FEED).data == answer.data
    assert len(again) == 1  # its bytes are kept
    assert len(first) <= 25  # of so many questions, not one for each item


def test_the_benchmark_names_its_figures_and_memory_does_not_grow() -> None:
    figures = {
        figure.name: figure.median
        for figure in measured(at_work(), large=440, small=110, rounds=2)
    }
    assert set(figures) == {
        "feed of 440 episodes, unchanged (304), ms",
        "feed of 440 episodes, built once, s",
        "oldest page of 440 episodes, built once, s",
        "memory to build it, 440 episodes, MB",
        "memory, 440 / 110 episodes",
    }
    assert all(value > 0 for value in figures.values())
    assert figures["memory, 440 / 110 episodes"] < 1.2
