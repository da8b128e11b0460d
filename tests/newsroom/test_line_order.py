"""Who is next in line, by which clock; and that no jump of a clock stops what waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from sqlalchemy import create_engine, text

from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.line.house import MOST_SKEW_S
from service.newsroom.values import (
    Lane,
    NewArticle,
    Process,
    ProcessKind,
    Station,
    Step,
    Trouble,
)
from tests.conftest import QUICK, Unsynced
from tests.system.servers import empty_database

ALL = tuple(Lane)


@pytest.fixture
def post(newsroom):
    def post(station, title, **more):
        article = NewArticle(
            title, ("Một câu.",), f"{station}{title}", (station,), **more
        )
        return newsroom.articles.receive(article, "test").episode_id

    return post


def claims(newsroom):
    """Jobs in the order in which they are taken; each ends as it is taken."""
    while job := newsroom.jobs.claim("test", ALL):
        newsroom.steps.drop(job)
        yield job


def test_one_commune_s_thousands_delay_no_other(newsroom, post):
    """Each of the others has at most one of the big one's before each of its own."""
    others = [f"xa-{n}" for n in range(5)]
    for slug in others:
        newsroom.stations.put(Station(slug, slug))
    big = {post("suoi-lanh", f"Tin {n}") for n in range(60)}
    for _ in islice(claims(newsroom), 20):
        pass
    theirs = {post(slug, f"Tin {n}") for slug in others for n in range(2)}
    order = [job.episode_id for job in islice(claims(newsroom), 15)]
    assert theirs <= set(order)
    assert len(set(order) & big) == 15 - len(theirs)


def test_what_was_begun_is_finished_first(newsroom, hand_in, work_all):
    """A later step has its article's place in line, not the last."""
    numbers = [hand_in(f"Tin {n}") for n in range(3)]
    steps = []
    while job := newsroom.jobs.claim("test", ALL):
        steps.append((job.episode_id, job.step))
        newsroom.jobs.release(job, counts=False)
        work_all(most=1)
    assert [number for number, _ in steps] == sorted(numbers * 3)
    assert [step for _, step in steps[:3]] == [Step.WRITE, Step.SPEAK, Step.MASTER]


def test_urgency_comes_before_turns(newsroom, post):
    newsroom.stations.put(Station("xa-1", "Xã 1"))
    normal = [post("suoi-lanh", f"Tin {n}") for n in range(3)]
    first = post("suoi-lanh", "Ưu tiên", priority="priority")
    urgent = post("xa-1", "Khẩn", priority="urgent")
    assert [job.episode_id for job in claims(newsroom)] == [urgent, first, *normal]


@pytest.mark.parametrize(
    "back", [timedelta(hours=1), timedelta(days=1), timedelta(days=30)]
)
def test_a_clock_that_goes_back_stops_nothing(newsroom, hand_in, work_all, clock, back):
    waiting, retried, running = (hand_in(f"Tin {n}") for n in range(3))
    taken = [newsroom.jobs.claim("dies", ALL) for _ in range(3)]
    newsroom.jobs.release(taken[0], counts=False)
    newsroom.jobs.wait_for_house(taken[1], Trouble.STORE, "away")
    clock.ahead -= back
    work_all()
    done = {
        number
        for number in (waiting, retried, running)
        if newsroom.episodes.get(number).masters
    }
    assert done == {waiting, retried, running}


def test_a_bulletin_that_is_due_later_waits_for_its_hour(newsroom, hand_in, clock):
    hand_in()
    job = newsroom.jobs.claim("test", ALL)
    newsroom.jobs.release(job, counts=False)
    with newsroom.database.write() as session:
        later = clock() + timedelta(hours=3)
        session.execute(
            text("UPDATE job SET not_before = :at"), {"at": later.replace(tzinfo=None)}
        )
    assert newsroom.jobs.claim("test", ALL) is None
    assert newsroom.jobs.unfinished() == 0
    clock.ahead += timedelta(hours=3, seconds=1)
    assert newsroom.jobs.claim("test", ALL)


@pytest.mark.servers
def test_on_postgresql_leases_are_by_its_clock_and_not_by_ours(postgres, tmp_path):
    """Two machines, one an hour ahead and one behind: neither steals, neither waits, both are told
    of.
    """
    url = empty_database(postgres)
    rooms = [
        Newsroom.open(url, Unsynced(tmp_path / "files"), MIGRATIONS, hasher=QUICK)
        for _ in range(2)
    ]
    rooms[0].database.migrate()
    rooms[0].stations.put(Station("suoi-lanh", "Đài"))
    rooms[0].articles.receive(
        NewArticle("Tin", ("Một câu.",), "d", ("suoi-lanh",)), "test"
    )
    job = rooms[0].jobs.claim("a", ALL)
    assert job is not None
    assert rooms[1].jobs.claim("b", ALL) is None
    engine = create_engine(rooms[0].database.url)
    with engine.connect() as connection:
        left = connection.execute(
            text("SELECT lease_until - now() FROM job")
        ).scalar_one()
    engine.dispose()
    assert timedelta(0) < left <= rooms[0].jobs.lease
    ours = datetime.now(UTC)
    process = Process(ProcessKind.WORKER, "máy-1", 7, "1", ours)
    rooms[0].house.beat(process)
    assert rooms[1].house.wrong_clocks() == []
    rooms[0].house.beat(replace(process, skew_s=MOST_SKEW_S + 1))
    (told,) = rooms[1].house.wrong_clocks()
    assert "máy-1" in told
    for room in rooms:
        room.database.close()


def test_rows_from_the_future_are_told(newsroom, publish, clock):
    publish()
    assert newsroom.house.wrong_clocks() == []
    clock.ahead -= timedelta(hours=7)
    assert "episodes that were published" in " ".join(newsroom.house.wrong_clocks())


def test_a_process_shows_itself_and_goes(newsroom, clock):
    process = Process(ProcessKind.WORKER, "máy-1", 7, "1", clock(), "master 5")
    newsroom.house.beat(process)
    newsroom.house.beat(process)
    (seen,) = newsroom.house.processes()
    assert (seen.doing, seen.age < timedelta(seconds=15)) == ("master 5", True)
    clock.ahead += timedelta(seconds=20)
    assert newsroom.house.processes()[0].age >= timedelta(seconds=20)
    newsroom.house.gone(process)
    assert newsroom.house.processes() == []
