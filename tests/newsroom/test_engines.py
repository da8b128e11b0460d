"""Voices over a network: the bucket and the breaker that all workers share."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from loa import MIGRATIONS
from service.newsroom import Newsroom


class Still:
    """Time that stands still until it is turned on."""

    now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Still()


@pytest.fixture
def another(newsroom, clock):
    """The same newsroom as another worker has it."""
    found = Newsroom.open(newsroom.database.url.render_as_string(), newsroom.files, MIGRATIONS, now=clock)
    yield found
    found.database.close()


def leave(at):
    return at.engines.leave("gtts", per_minute=60, burst=5, lasts_s=15)


def fail(at, **more):
    at.engines.failed("gtts", "unreachable", "no route", more.get("strikes", 1), more.get("retry_after_s"))


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
    assert (away.reason, away.detail, away.away_since) == ("unreachable", "no route", clock.now)
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
    assert leave(another).closed_until == clock.now + timedelta(hours=1)  # more is a mistake of its clock


def test_workers_at_once_never_take_more_than_there_is(newsroom, another):
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(leave, [newsroom, another] * 20))
    assert got.count(0.0) == 5
