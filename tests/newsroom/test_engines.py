"""Voices over a network: the bucket and the breaker that all workers share."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from audio.voice import EngineTrouble, Limits, Reason
from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from workers.throttle import SharedThrottle


class Still:
    """Time that stands still until it is turned on."""

    now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Still()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def newsroom(request, clock, tmp_path):
    """A newsroom whose clock stands still, on each database."""
    if request.param == "sqlite":
        (tmp_path / "loa.db").write_bytes(request.getfixturevalue("migrated"))
        url = f"sqlite:///{tmp_path}/loa.db"
    else:
        url = request.getfixturevalue("postgres")
    found = at(url, clock, tmp_path)
    found.database.migrate()
    with found.database.write() as session:
        for table in ("seat", "engine"):
            session.execute(text(f"DELETE FROM {table}"))
    yield found
    found.database.close()


@pytest.fixture
def another(newsroom, clock, tmp_path):
    """The same newsroom as another worker has it."""
    url = newsroom.database.url.render_as_string(hide_password=False)
    found = at(url, clock, tmp_path)
    yield found
    found.database.close()


def at(url, clock, home):
    return Newsroom.open(url, Folder(home / "files"), MIGRATIONS, now=clock)


def leave(at):
    return at.engines.leave("gtts", per_minute=60, burst=5, lasts_s=15)


def fail(at, **more):
    at.engines.failed(
        "gtts",
        "unreachable",
        "no route",
        more.get("strikes", 1),
        more.get("retry_after_s"),
    )


def test_all_workers_drink_from_one_bucket(newsroom, another, clock):
    assert [leave(at) for at in (newsroom, another) * 2] == [0.0] * 4
    assert leave(newsroom) == 0.0
    assert leave(another) == leave(newsroom) == pytest.approx(1.0)
    clock.now += timedelta(seconds=2)
    assert [leave(newsroom), leave(another)] == [0.0, 0.0]
    assert leave(newsroom) == pytest.approx(1.0)
    clock.now += timedelta(hours=1)
    assert [leave(another) for _ in range(6)] == [0.0] * 5 + [pytest.approx(1.0)]


def test_troubles_in_a_row_close_the_way_for_everybody(newsroom, another, clock):
    for _ in range(3):
        leave(newsroom)
        fail(newsroom)
    another.engines.answered("gtts")  # not in a row
    for _ in range(4):
        clock.now += timedelta(seconds=1)
        assert leave(newsroom) == 0.0
        fail(newsroom)
    away = leave(another)
    assert (away.reason, away.detail, away.away_since) == (
        "unreachable",
        "no route",
        clock.now,
    )
    assert away.closed_until == clock.now + timedelta(seconds=30)
    assert away.troubles == 7


def test_one_probe_at_a_time_each_twice_as_late(newsroom, another, clock):
    leave(newsroom)
    fail(newsroom, strikes=4)
    waits = []
    for _ in range(8):
        begun = clock.now
        while leave(another) != 0.0:
            clock.now += timedelta(seconds=10)
        waits.append((clock.now - begun).total_seconds())
        assert leave(newsroom) != 0.0  # somebody is probing
        fail(another)
    assert waits == [30, 60, 120, 240, 480, 600, 600, 600]


def test_an_answer_opens_the_way_and_is_noted(newsroom, another, clock):
    leave(newsroom)
    fail(newsroom, strikes=4)
    fail(another)  # a call that began before it was known makes nothing worse
    clock.now += timedelta(seconds=30)
    assert leave(another) == 0.0
    another.engines.answered("gtts")
    found = newsroom.engines.get("gtts")
    assert (found.away_since, found.back_at, found.detail) == (None, clock.now, "")
    assert leave(newsroom) == 0.0
    fail(newsroom)  # and it takes as many troubles as at first to close it again
    assert leave(another) == 0.0


def test_a_probe_whose_caller_died_is_made_again(newsroom, another, clock):
    leave(newsroom)
    fail(newsroom, strikes=4)
    clock.now += timedelta(seconds=30)
    assert leave(newsroom) == 0.0
    clock.now += timedelta(seconds=16)
    assert leave(another) == 0.0


def test_what_the_far_end_asks_for_holds_for_everybody(newsroom, another, clock):
    leave(newsroom)
    fail(newsroom, retry_after_s=7)
    assert leave(another) == pytest.approx(7.0)  # no outage, only a wait
    clock.now += timedelta(seconds=7)
    assert leave(another) == 0.0
    fail(another, retry_after_s=300)
    assert leave(newsroom).closed_until == clock.now + timedelta(seconds=300)
    clock.now += timedelta(seconds=300)
    assert leave(newsroom) == 0.0
    fail(newsroom, retry_after_s=10**6)
    # More is a mistake of its clock
    assert leave(another).closed_until == clock.now + timedelta(hours=1)


def test_workers_at_once_never_take_more_than_there_is(newsroom, another):
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(leave, [newsroom, another] * 20))
    assert got.count(0.0) == 5


def test_calls_at_once_are_counted_over_all_workers(newsroom, another, clock):
    seats = [each.engines.seat("gtts", 2, 15) for each in (newsroom, another)]
    assert None not in seats
    assert (
        newsroom.engines.seat("gtts", 2, 15)
        is another.engines.seat("gtts", 2, 15)
        is None
    )
    assert newsroom.engines.seat("edge", 2, 15)  # another far end
    another.engines.stand_up(seats[0])
    assert newsroom.engines.seat("gtts", 2, 15)
    assert another.engines.seat("gtts", 2, 15) is None
    clock.now += timedelta(seconds=16)  # both callers died
    assert [another.engines.seat("gtts", 2, 15) is None for _ in range(3)] == [
        False,
        False,
        True,
    ]


class Far:
    """A voice over a network, as far as a throttle looks at it."""

    name, lanes, deadline, limits = (
        "gtts",
        2,
        10.0,
        Limits(per_minute=6_000_000, burst=10_000),
    )


CALLS = 25


def work(url, home):
    """A worker with four threads that call, get trouble now and then, and count how many seats were
    taken.
    """
    found = at(url, lambda: datetime.now(UTC), home)
    throttle = SharedThrottle(found.engines)
    most = 0

    def call(number):
        nonlocal most
        try:
            with throttle.turn(Far, lambda seconds: None):
                with found.database.read() as session:
                    most = max(most, session.scalar(text("SELECT count(*) FROM seat")))
                if number % 10 == 0:
                    raise EngineTrouble(Reason.UNREACHABLE, "now and then")
        except EngineTrouble:
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(call, range(CALLS)))
    found.database.close()
    return most


def test_two_processes_of_many_threads_get_along(newsroom, tmp_path):
    url = newsroom.database.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(
        2, mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        assert max(pool.map(work, [url] * 2, [tmp_path] * 2, timeout=60)) <= Far.lanes
    far_end = newsroom.engines.get("gtts")
    assert (far_end.calls, far_end.troubles, far_end.away_since) == (
        2 * CALLS,
        2 * 3,
        None,
    )
    assert newsroom.engines.seat("gtts", 1, 1)  # nobody sits any more
