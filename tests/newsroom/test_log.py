"""The log is one chain, whoever writes at the same time; what is changed in it shows."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, select, text

from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.store.log import AT_ONCE, digest_of, log
from service.newsroom.store.tables import HappeningRow, LogHeadRow
from service.newsroom.values import (
    EVERYWHERE,
    Actor,
    ActorKind,
    Event,
    NewArticle,
    Role,
    Slot,
    Station,
)
from tests.conftest import QUICK
from tests.system.servers import empty_database

LAN = Actor("lan", ActorKind.PERSON, 7)
AT = datetime(2026, 11, 1, 5, tzinfo=UTC)


@dataclass
class Press:
    """An installation of which several processes write at once."""

    url: str
    rooms: list[Newsroom]

    def execute(self, statement: str) -> None:
        """As somebody does who has the database's password, and no program of ours."""
        engine = create_engine(self.rooms[0].database.url)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def press(request, tmp_path):
    url = f"sqlite:///{tmp_path}/loa.db"
    if request.param == "postgres":
        url = empty_database(request.getfixturevalue("postgres"))
    rooms = [
        Newsroom.open(url, Folder(tmp_path / "files"), MIGRATIONS, hasher=QUICK)
        for _ in range(2)
    ]
    rooms[0].database.migrate()
    yield Press(url, rooms)
    for room in rooms:
        room.database.close()


def write(room: Newsroom, lines: int, who: Actor = LAN) -> None:
    for n in range(lines):
        room.log.note(who, Event.TERM, f"{n}")


def test_parallel_writers_keep_one_chain(press):
    writers = [
        threading.Thread(
            target=write, args=(press.rooms[n % 2], 25, Actor(f"thread {n}"))
        )
        for n in range(8)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    chain = press.rooms[0].log.check()
    assert (chain.lines, chain.broken) == (200, "")
    lines = press.rooms[1].log.lines(limit=500)
    assert [line.n for line in lines] == list(range(200, 0, -1))
    assert lines[0].digest == chain.digest


def test_moves_that_hold_rows_and_log_do_not_wait_for_each_other_for_ever(press):
    """One logs first and then changes a row, another the other way round: nobody holds the chain
    meanwhile.
    """
    room = press.rooms[0]
    room.stations.put(Station("suoi-lanh", "Đài Suối Lành"))

    def rename(at: Newsroom, name: str) -> None:
        for n in range(10):
            at.stations.put(Station("suoi-lanh", f"{name} {n}"))
            at.people.add_key(f"{name} {n}", Role.EDITOR)

    writers = [
        threading.Thread(target=rename, args=(each, f"đài {n}"))
        for n, each in enumerate(press.rooms)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert room.log.check().broken == ""
    assert len(room.log.lines(events=(Event.KEY_ADDED,))) == 20


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE happening SET detail = 'khác' WHERE n = 4", "line 4 "),
        ("UPDATE happening SET who = 'minh', who_id = 8 WHERE n = 2", "line 2 "),
        ("UPDATE happening SET who_kind = 'machine' WHERE n = 9", "line 9 "),
        ("DELETE FROM happening WHERE n = 5", "line 5 is missing"),
        ("DELETE FROM happening WHERE n = 1", "line 1 is missing"),
        ("DELETE FROM happening WHERE n = 10", "line 10 is missing"),
        ("UPDATE happening SET n = n + 100 WHERE n > 7", "line 8 is missing"),
        (
            "INSERT INTO happening (n, digest, at, who, who_kind, what, detail)"
            " SELECT 11, digest, at, who, who_kind, what, detail FROM happening WHERE n = 10",
            "line 11 ",
        ),
    ],
)
def test_the_first_broken_line_is_named(press, statement, broken):
    write(press.rooms[0], 10)
    assert press.rooms[0].log.check().broken == ""
    press.execute(statement)
    assert press.rooms[1].log.check().broken.startswith(broken)


def test_who_makes_a_new_chain_is_found_by_what_was_written_down(press):
    """Whoever may write to the database knows how a digest is made; what is on paper they cannot
    change.
    """
    room = press.rooms[0]
    write(room, 6)
    paper = room.log.standing()
    assert paper.witness == f"6:{paper.digest[:16]}"
    write(room, 4)
    written_down = {paper.lines: paper.digest[:16]}
    assert room.log.check(written_down).broken == ""
    with room.database.write() as session:
        lines = list(session.scalars(select(HappeningRow).order_by(HappeningRow.n)))
        lines[2].detail = "khác"
        digest = ""
        for line in lines:
            digest = line.digest = digest_of(digest, line)
        session.get_one(LogHeadRow, 1).digest = digest
    assert room.log.check().broken == "", "the chain alone does not tell"
    assert room.log.check(written_down).broken.startswith("line 6 is not the one")
    assert room.log.check({11: "ab"}).broken.startswith(
        "line 11, whose digest was written down"
    )


def test_very_many_lines_are_asked_for_in_questions_that_postgresql_takes(newsroom):
    """A question has 65,535 parameters at most; a spreadsheet of the log has 50,000 lines."""
    most = []
    article = NewArticle("Tin", ("Một câu.",), "1", ("suoi-lanh",))
    number = newsroom.articles.receive(article, "test").episode_id
    versions = [SimpleNamespace(id=number, version=n) for n in range(1, 2_100)]
    with newsroom.database.write() as session:
        for version in versions:
            log(session, AT, "sen", Event.REOPENED, episode=version)

    @event.listens_for(newsroom.database.engine, "before_cursor_execute")
    def count(_connection, _cursor, _statement, parameters, *_):
        most.append(len(parameters))

    lines = newsroom.log.lines(events=(Event.REOPENED,), among=EVERYWHERE, limit=50_000)
    assert len(lines) == len(versions)
    assert 1_000 < max(most) <= 2 * AT_ONCE


def test_lines_from_before_are_chained_and_names_made_plain(tmp_path):
    url = f"sqlite:///{tmp_path}/loa.db"
    engine = create_engine(url)
    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
        for n, who in enumerate(("loa", "key portal", "lan")):
            connection.execute(
                text(
                    "INSERT INTO happening (id, at, who, what, detail)"
                    " VALUES (:id, '2026-11-01 05:00:00', :who, 'received', '')"
                ),
                {"id": 10 * n + 1, "who": who},
            )
        for name in ("loa", "anh Páo", "Hoa", "hoa", "key portal", "l\u200ban\u202e"):
            connection.execute(
                text(
                    "INSERT INTO person (name, password, role, active, created_at)"
                    " VALUES (:name, :password, 'editor', 1, '2026-11-01 05:00:00')"
                ),
                {"name": name, "password": QUICK.hash("mật khẩu rất dài")},
            )
        connection.commit()
    engine.dispose()
    room = Newsroom.open(url, Folder(tmp_path / "files"), MIGRATIONS, hasher=QUICK)
    room.database.migrate()
    room.log.note(LAN, Event.TERM)
    chain = room.log.check()
    assert (chain.lines, chain.broken) == (4, "")
    kinds = [Actor.of(line.who).kind for line in room.log.lines()]
    assert kinds == [ActorKind.PERSON, *[ActorKind.UNTYPED] * 3]
    names = {person.name for person in room.people.everyone()}
    assert names == {"loa.1", "anh.Páo", "Hoa", "hoa.4", "key.portal", "l.an"}
    assert room.people.login("anh Páo", "mật khẩu rất dài").name == "anh.Páo"
    room.database.close()


def test_rules_keys_and_people_are_in_the_log(newsroom):
    by = Actor("admin", ActorKind.PERSON, 1)
    station = newsroom.stations.get("suoi-lanh")
    hook = "https://hooks.example.vn/s3cret"
    newsroom.stations.put(
        Station(station.slug, station.name, slots=(Slot("05:00", 900),), duty=(hook,)),
        by,
    )
    newsroom.people.add("lan", "mật khẩu rất dài", Role.ADMIN, by=by)
    newsroom.people.add("sen", "mật khẩu rất dài", Role.EDITOR, by=by)
    newsroom.people.set_grants("sen", Role.APPROVER, by=by)
    newsroom.people.lock("sen", by=by)
    newsroom.people.unlock("sen", by=by)
    newsroom.people.add_key("Cổng", Role.EDITOR, by=by)
    newsroom.people.revoke(newsroom.people.keys()[0].id, by=by)
    lines = newsroom.log.lines(who="admin")
    assert [line.what for line in reversed(lines)] == [
        *(
            Event.DUTY_CHANGED,
            Event.STATION_CHANGED,
            Event.PERSON_ADDED,
            Event.PERSON_ADDED,
        ),
        *(Event.ROLE_CHANGED, Event.PERSON_LOCKED, Event.PERSON_UNLOCKED),
        *(Event.KEY_ADDED, Event.KEY_REVOKED),
    ]
    told = " ".join(line.detail for line in lines)
    assert "slots" in told
    assert "hooks.example.vn" in told
    assert "s3cret" not in told


@pytest.mark.parametrize("event", list(Event))
def test_every_event_has_a_vietnamese_name_of_its_own(event):
    assert event.name_vi
    assert [each.name_vi for each in Event].count(event.name_vi) == 1
