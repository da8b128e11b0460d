"""Every write is a unit of work, and what keeps one from being kept is told apart."""

import ast
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.errors import Unavailable
from service.newsroom.store.again import MOST_TRIES, Failing, failing_of, transact
from service.newsroom.store.files import Folder
from service.newsroom.store.tables import AuditionRow, JobRow
from service.newsroom.values import Lane, Role, Step

AN_AUDITION = {
    "step": Step.AUDITION,
    "version": 0,
    "lane": Lane.FAST,
    "urgency": 1,
    "not_before": datetime.now(UTC),
}
ROOM = Path(__file__).parents[2] / "service" / "newsroom"


def writes_in(node):
    """The `with ….write()` blocks below a node."""
    items = [
        item.context_expr
        for each in ast.walk(node)
        if isinstance(each, ast.With)
        for item in each.items
    ]
    return [each for each in items if ast.unparse(each).endswith("database.write()")]


def units_in(tree):
    """Functions that write, the outermost of each."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            if writes_in(node):
                yield node
        else:
            yield from units_in(node)


def test_every_write_is_one_unit_of_work():
    units = [
        (path.name, unit)
        for path in ROOM.rglob("*.py")
        for unit in units_in(ast.parse(path.read_text("utf-8")))
    ]
    assert len(units) > 60
    for module, unit in units:
        decorators = [ast.unparse(each) for each in unit.decorator_list]
        assert decorators[:1] == ["transact"], (
            f"{module}: {unit.name} may meet another write"
        )
        assert len(writes_in(unit)) == 1, (
            f"{module}: {unit.name} cannot be run again as a whole"
        )


class Postgres(Exception):
    def __init__(self, state):
        self.sqlstate = state


@pytest.mark.parametrize(
    ("state", "failing"),
    [
        ("23505", Failing.MET_ANOTHER),
        ("40001", Failing.MET_ANOTHER),
        ("40P01", Failing.MET_ANOTHER),
        ("55P03", Failing.MET_ANOTHER),
        ("08006", Failing.AWAY),
        ("25006", Failing.AWAY),
        ("53100", Failing.AWAY),
        ("53300", Failing.AWAY),
        ("57P01", Failing.AWAY),
        ("23503", None),
        ("42703", None),
        ("57014", None),
    ],
)
def test_what_postgresql_says(state, failing):
    assert failing_of(OperationalError("", {}, Postgres(state))) is failing


@pytest.mark.parametrize(
    ("statement", "failing"),
    [
        ("INSERT INTO topic VALUES (1, 'a', 'A'), (1, 'b', 'B')", Failing.MET_ANOTHER),
        ("INSERT INTO topic VALUES (1, 'a', 'A'), (2, 'a', 'B')", Failing.MET_ANOTHER),
        ("INSERT INTO topic VALUES (1, NULL, 'A')", None),
        ("INSERT INTO slot VALUES (1, 99, '05:00', 1, '', '{}')", None),
        ("SELECT nothing", None),
    ],
)
def test_what_sqlite_says(newsroom, statement, failing):
    with (
        pytest.raises((IntegrityError, OperationalError)) as caught,
        newsroom.database.write() as session,
    ):
        session.execute(text(statement))
    assert failing_of(caught.value) is failing


def test_a_file_that_is_no_database_is_no_matter_of_waiting(tmp_path):
    (tmp_path / "loa.db").write_bytes(b"no database" * 999)
    address = f"sqlite:///{tmp_path}/loa.db"
    room = Newsroom.open(address, Folder(tmp_path), MIGRATIONS)
    for ask in (room.database.migrate, room.database.ping, room.stations.home):
        with pytest.raises(Unavailable, match="damaged"):
            ask()


def test_a_unit_that_meets_another_is_run_again_and_nudges_once(tmp_path, migrated):
    """The second try is kept, and its job told of; the first is as if it had never been."""
    (tmp_path / "loa.db").write_bytes(migrated)
    nudged, tries = [], []
    address = f"sqlite:///{tmp_path}/loa.db"
    room = Newsroom.open(
        address,
        Folder(tmp_path),
        MIGRATIONS,
        nudge=lambda job, lane: nudged.append(lane),
    )

    @transact
    def unit():
        tries.append(1)
        with room.database.write() as session:
            session.add(
                AuditionRow(id=len(tries), spoken="", voice="", asked_at=room.now())
            )
            session.flush()
            session.add(
                JobRow(**AN_AUDITION, audition_id=len(tries), created_at=room.now())
            )
            session.flush()
            if len(tries) == 1:
                session.execute(
                    text("INSERT INTO topic VALUES (1, 'a', 'A'), (1, 'b', 'B')")
                )

    unit()
    assert (len(tries), nudged) == (2, [Lane.FAST])
    assert room.jobs.counts() == {"ready": 1}
    room.database.close()


def test_a_unit_that_always_meets_another_gives_up_plainly():
    tries = []

    @transact
    def unit():
        tries.append(1)
        raise IntegrityError("secret", {}, Postgres("23505"))

    with pytest.raises(Unavailable) as refused:
        unit()
    assert 2 <= len(tries) <= MOST_TRIES
    assert "secret" not in str(refused.value)


def test_a_locked_database_is_503_and_says_when_to_ask_again(newsroom, client):
    key = newsroom.people.add_key("portal", Role.ADMIN)
    other = sqlite3.connect(newsroom.database.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = client.post(
        "/api/v1/articles",
        json={"title": "Tin", "body": "Bà con ra đồng."},
        headers={"Authorization": f"Bearer {key}"},
    )
    other.execute("ROLLBACK")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json["message_vi"]
