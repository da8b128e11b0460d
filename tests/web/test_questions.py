"""Pages ask the database a fixed number of questions, however many episodes, hours and stations
there are.
"""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from service.actions.bulletins import open_bulletin
from service.newsroom.values import NewArticle, NewWarning, Role, Slot, Station
from service.zone import VIETNAM
from tests.house import Browser

PASSWORD = "chín bậc thang đá 52"
TIMES = ("05:00", "11:00", "17:00", "18:00", "19:00", "20:00")


@pytest.fixture
def few(newsroom, publish):
    """One station, three hours with their bulletins, three stories."""
    furnish(newsroom, publish, slots=3, stories=3)


@pytest.fixture
def many(newsroom, publish):
    """Twenty stations, six hours with their bulletins, nine stories."""
    furnish(newsroom, publish, slots=6, stories=9)
    for number in range(19):
        newsroom.stations.put(Station(f"ban-{number}", f"Đài Bản {number}"))


def furnish(newsroom, publish, slots, stories):
    newsroom.stations.put(
        Station(
            "suoi-lanh",
            "Đài Suối Lành",
            slots=tuple(Slot(at, 900) for at in TIMES[:slots]),
        )
    )
    for number in range(stories):
        publish(f"Tin số {number}", topic="Nông nghiệp")
    station = newsroom.stations.get("suoi-lanh")
    tomorrow = newsroom.now().astimezone(VIETNAM).date() + timedelta(days=1)
    for slot in station.slots:
        open_bulletin(newsroom, station, slot.at, tomorrow.isoformat(), "chị Sen")


@pytest.fixture
def browser(newsroom, app):
    newsroom.people.add("quan-tri", PASSWORD, Role.ADMIN)
    found = Browser(app)
    found.login("quan-tri", PASSWORD)
    return found


@contextmanager
def counting(newsroom):
    """The statements that are sent to the database meanwhile; transactions' own begin and end
    aside.
    """
    statements = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith(("BEGIN", "COMMIT", "PRAGMA")):
            statements.append(statement)

    engine = newsroom.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def asked_by(newsroom, get, path):
    """How many questions a page asks when it is built anew."""
    get(path)  # what is asked once in a process (secrets, rates) does not count
    with counting(newsroom) as statements:
        answer = get(path)
    assert answer.status_code == 200, path
    return len(statements)


# One of each is who is logged in; of the desk's, one is whether anything stirs above the page. Of
# the speaker's, one is whom to ring; of the proof sheet's, one is what the desk says of sentences.
PAGES = {
    "/desk/bulletins": 23,
    "/stations/suoi-lanh/speaker": 23,  # one of them: which warnings hours were under
    "/": 10,
    "/desk/episodes/1": 13,
    "/desk": 14,
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_few_questions(newsroom, browser, many, path):
    assert asked_by(newsroom, browser.get, path) <= PAGES[path]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_no_more_when_there_is_more(newsroom, browser, few, publish, path):
    before = asked_by(newsroom, browser.get, path)
    furnish(newsroom, publish, slots=6, stories=9)
    for number in range(19):
        newsroom.stations.put(Station(f"ban-{number}", f"Đài Bản {number}"))
    assert asked_by(newsroom, browser.get, path) == before


def test_a_proof_sheet_asks_no_more_for_more_versions_and_warnings(
    newsroom, browser, few, publish, work_all
):
    """The first warning above the desk costs three questions, the second one none.

    They are for the warnings, for their stations, and for the notices of them.
    """
    for n in range(6):
        newsroom.episodes.say_otherwise(1, 2, f"câu khác {n}", "lan")
    for n in range(3):
        warning = NewWarning(newsroom.now() + timedelta(hours=3))
        article = NewArticle(
            f"Lũ {n}", ("Bà con lên chỗ cao ngay.",), f"w{n}", ("suoi-lanh",)
        )
        newsroom.urgent.receive(article, warning, "tone", "chị Sen")
    assert (
        asked_by(newsroom, browser.get, "/desk/episodes/1")
        <= PAGES["/desk/episodes/1"] + 3
    )


def test_an_article_page_asks_few_questions(newsroom, client, many):
    slug = newsroom.episodes.get(1).slug
    assert asked_by(newsroom, client.get, f"/articles/{slug}") <= 12


@pytest.mark.parametrize("days", [7, 31])
def test_a_month_of_airings_is_asked_for_at_once(newsroom, client, many, days):
    key = newsroom.people.add_key("cổng", Role.OPERATOR)

    def get(path):
        return client.get(path, headers={"Authorization": f"Bearer {key}"})

    path = f"/api/v1/stations/suoi-lanh/slots/0500/airings?days={days}"
    assert asked_by(newsroom, get, path) <= 15
