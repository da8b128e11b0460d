"""A cell that holds no JSON or no time, in one row of any table: the other rows are listed all the
same.
"""

import logging
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from service.apart import Told, each_by_itself
from service.newsroom.store.columns import Day, Json, Unreadable, Utc
from service.newsroom.store.tables import Table
from service.newsroom.values import Role, Rung, Slot, Station, Term
from tests.web.test_urgent import enter, unforged  # noqa: F401 - fixtures
from workers.schedule import Schedule

SPOILT = {Json: ("{", "7x"), Utc: ("2026-99-01",), Day: ("mai",)}
# The row that is spoilt is the page's own (its station, who is logged in), or nobody lists the
# table.
ALONE = {
    "show",
    "login_session",
    "secret",
    "alembic_version",
    "salt",
    "listener",
    "guess",
}


@pytest.fixture
def furnished(newsroom, publish, work_all):
    """Two rows, or none, of whatever a list shows."""
    for n in (1, 2):
        slot = Slot("05:00", 300)
        newsroom.stations.put(
            Station(f"xa-{n}", f"Xã {n}", duty=(f"a{n}@b.example",), slots=(slot,))
        )
        day = date(2026, 11, 25)
        airing = newsroom.bulletins.airing(
            f"xa-{n}", slot, day, newsroom.now() - timedelta(hours=n)
        )
        newsroom.notices.note(airing, Rung.BED)
        newsroom.terms.put(Term(f"TỪ{n}", "từ"), "sen")
        newsroom.people.add(f"nguoi-{n}", "mật khẩu rất dài", Role.EDITOR)
        newsroom.people.add_key(f"khoa-{n}", Role.EDITOR)
        publish(f"Bài số {n}")
    Schedule(newsroom).look()
    return newsroom


def listed(newsroom):
    """What each list holds: a name for each row."""
    return {
        "stations": {each.slug for each in newsroom.stations.all()},
        "episodes": {each.title for each in newsroom.episodes.cards(limit=100)[0]},
        "editions": {each.title for each in newsroom.editions.latest().editions},
        "notices": {each.station for each in newsroom.notices.unseen()},
        "terms": {each.written for each in newsroom.terms.all()},
        "people": {each.name for each in newsroom.people.everyone()},
        "keys": {each.name for each in newsroom.people.keys()},  # noqa: SIM118 - a desk, no dict,
    }


def cells():
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            kind = next(
                (kind for kind in SPOILT if isinstance(column.type, kind)), None
            )
            if kind and table.name not in ALONE and not column.primary_key:
                yield table, column, SPOILT[kind]


def test_no_spoilt_cell_keeps_the_other_rows(furnished, client, enter, caplog):  # noqa: F811
    newsroom = furnished
    enter(Role.ADMIN)
    whole = listed(newsroom)
    faults, spoilt = [], 0
    for table, column, values in cells():
        where = f'FROM "{table.name}" ORDER BY rowid LIMIT 1'
        with newsroom.database.read() as session:
            first = session.execute(
                text(f'SELECT rowid, "{column.name}" {where}')
            ).first()
        if first is None:
            continue
        change = text(
            f'UPDATE "{table.name}" SET "{column.name}" = :v WHERE rowid = :r'
        )
        for value in values:
            spoilt += 1
            with newsroom.database.write() as session:
                session.execute(change, {"v": value, "r": first[0]})
            try:
                faults += [
                    (column, value, name, gone)
                    for name, kept in listed(newsroom).items()
                    if len(gone := whole[name] - kept) > 1
                ]
            except Exception as error:  # noqa: BLE001 - whatever a list fails of is told below
                faults.append((column, value, repr(error)))
        for page in ("/", "/desk"):
            if client.get(page).status_code >= 500:
                faults.append((column, page))
        with newsroom.database.write() as session:
            session.execute(change, {"v": first[1], "r": first[0]})
    assert spoilt > 30
    assert not faults, "\n".join(map(str, faults))


def test_what_cannot_be_read_fails_whoever_looks_into_it():
    cell = Unreadable("no JSON")
    for look in (list, len, bool, str, dict, lambda it: it.keys(), lambda it: it < 1):
        with pytest.raises(ValueError, match="no JSON"):
            look(cell)


def test_a_row_that_stays_bad_is_told_once_in_a_while(caplog):
    """Not at each look of a clock that looks every few seconds; and how often it was met since."""
    now = [0.0]
    told = Told(again_s=60, most=2, clock=lambda: now[0])
    assert [told.worth("a") for _ in range(3)] == [0, None, None]
    assert told.worth("b") == 0
    now[0] = 61
    assert told.worth("a") == 2
    assert told.worth("c") == 0
    assert told.worth("b") == 0, "no more is remembered than that"
    log = logging.getLogger("loa.test")
    for _ in range(5):
        assert each_by_itself(
            [1, 0], lambda row: 1 // row, log=log, doing="dividing"
        ) == [1]
    assert len([each for each in caplog.records if each.levelname == "ERROR"]) == 1
