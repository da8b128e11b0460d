"""Five editors, two approvers and an administrator at once: nothing is lost, nothing is done twice,
and every move stands in the log under its name.

The suite has a short day. `DAY_ARTICLES=100` is a whole one, on PostgreSQL too.
"""

import os
import threading
from collections import Counter, defaultdict

import pytest

from bench.day import Lengths
from service.newsroom.values import Event, Lane, Role, State, Station
from tests.house import PASSWORD
from tests.system.house import House
from tests.system.servers import empty_database
from tests.system.working_day import ADMIN, APPROVERS, EDITORS, live
from workers.line import work

ARTICLES = int(os.environ.get("DAY_ARTICLES", "10"))
ALL_LINES = 100_000
# What is written for each time the desk says that it is done.
ONE_LINE_EACH = (
    Event.LOGIN,
    Event.RECEIVED,
    Event.EDITED,
    Event.COMMENTED,
    Event.COMMENT_SOLVED,
    Event.RETURNED,
    Event.WITHDRAWN,
    Event.CORRECTION,
    Event.TERM,
    Event.STATION_CHANGED,
    Event.PERSON_ADDED,
    Event.SESSIONS_ENDED,
)

# In a short day these come about or not: it is as people meet.
BY_CHANCE = {Event.WITHDRAWN, Event.COMMENT_SOLVED}


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)],
    scope="module",
)
def house(request, tmp_path_factory, migrated):
    """A station and its people; files are as long as they should be and hold no sound."""
    address = ""
    if request.param == "postgres":
        if "DAY_ARTICLES" not in os.environ:
            pytest.skip("a whole day: DAY_ARTICLES=100")
        address = empty_database(request.getfixturevalue("postgres"))
    folder = tmp_path_factory.mktemp("day")
    found = House(folder, migrated, database=address, make=Lengths())
    found.newsroom.stations.put(
        Station("suoi-lanh", "Đài Suối Lành", approval="another")
    )
    roles = {ADMIN: Role.ADMIN} | dict.fromkeys(APPROVERS, Role.APPROVER)
    for name in (*EDITORS, *APPROVERS, ADMIN):
        found.newsroom.people.add(name, PASSWORD, roles.get(name, Role.EDITOR))
    yield found
    found.close()


@pytest.fixture(scope="module")
def day(house):
    """What everybody was told, two workers beside them."""
    over = threading.Event()

    def line(name):
        while not over.is_set():
            job = house.newsroom.jobs.claim(name, tuple(Lane))
            if job is None:
                over.wait(0.05)
            else:
                work(job, house.studio)

    workers = [threading.Thread(target=line, args=(f"line-{n}",)) for n in range(2)]
    for worker in workers:
        worker.start()
    try:
        yield live(house.url, ARTICLES // len(EDITORS))
    finally:
        over.set()
        for worker in workers:
            worker.join()
    assert house.newsroom.jobs.claim("test", tuple(Lane)) is None


@pytest.fixture(scope="module")
def lines(house, day):
    """The log of the day, oldest first."""
    return house.newsroom.log.lines(limit=ALL_LINES)[::-1]


def test_every_move_is_in_the_log_once_and_under_its_name(house, day, lines):
    staff = {*EDITORS, *APPROVERS, ADMIN}
    logged = Counter(
        (line.who, line.what, line.episode_id)
        for line in lines
        if line.what in ONE_LINE_EACH and line.who in staff
    )
    assert logged == Counter(day.moves)
    seen = {move.what for move in day.moves}
    assert set(ONE_LINE_EACH) - seen <= BY_CHANCE
    assert not house.newsroom.log.check().broken


def test_nothing_is_approved_twice_or_by_nobody(house, day, lines):
    approved = [line for line in lines if line.what is Event.APPROVED]
    versions = [(line.episode_id, line.version) for line in approved]
    assert max(Counter(versions).values()) == 1
    assert {(line.who, line.episode_id, line.version) for line in approved} <= set(
        day.approvals
    )
    assert {each[1:] for each in day.approvals} == set(versions)
    assert {line.who for line in approved} <= set(APPROVERS)
    assert [fault for fault in house.newsroom.seals.faults() if fault.fault] == []


def test_no_article_is_lost_or_there_twice(house, day):
    cards, total = house.newsroom.episodes.cards(limit=ALL_LINES)
    handed_in = day.articles.values()
    assert sorted(card.id for card in cards) == sorted(handed_in)
    assert total == len(set(handed_in)) >= ARTICLES + len(EDITORS)
    for card in cards:
        episode = house.newsroom.episodes.get(card.id)
        assert episode.state in (State.PUBLISHED, State.WITHDRAWN)
        if episode.state is State.PUBLISHED:
            assert episode.public_version == episode.version
            assert episode.rendering.approved_by in APPROVERS


def test_every_version_was_opened_once_by_who_the_log_says(house, day, lines):
    opened = defaultdict(list)
    for line in lines:
        if line.what is Event.REOPENED:
            opened[line.episode_id].append((line.version, line.who))
    for number in day.articles.values():
        versions = house.newsroom.episodes.renderings(number)[::-1]
        assert [each.version for each in versions] == list(range(1, len(versions) + 1))
        withdrawn = {each.version for each in versions if each.cause == "withdrawn"}
        assert opened[number] == [
            (each.version, each.opened_by)
            for each in versions[1:]
            if each.version not in withdrawn
        ]


def test_what_was_saved_is_there_and_what_was_refused_is_not(house, day):
    kinds = [words.split()[0] for words in day.refused if "chung" in words]
    # Of five who saved the same place at once, four were told, each of the three times.
    assert len(kinds) == 3 * (len(EDITORS) - 1)
    for number in day.articles.values():
        every = [
            {
                sentence.spoken
                for sentence in house.newsroom.versions.sentences(number, n)
            }
            | {
                sentence.written
                for sentence in house.newsroom.versions.sentences(number, n)
            }
            for n in range(1, house.newsroom.episodes.get(number).version + 1)
        ]
        heard = set().union(*every)
        newest = next(said for said in reversed(every) if said)
        kept = day.kept.get(number, [])
        assert set(kept) <= heard
        # Of the one that all of them changed, what was spoken gave way to what was written after.
        assert {words for words in kept if "spoken chung" not in words} <= newest
        assert not set(day.refused) & heard
