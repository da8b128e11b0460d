"""A lease that ended tells of a death only while the clock goes as time does."""

from datetime import UTC, datetime, timedelta

import pytest

from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.jobs import LEASE, Jobs
from service.newsroom.store.files import Folder
from service.newsroom.values import Lane, NewArticle, Station
from tests.conftest import QUICK

ALL = tuple(Lane)
A_LEASE_S = LEASE.total_seconds()
HOUR_S = 3_600.0
BEAT_S = 2.5


class Time:
    """A clock and a stopwatch: both go on, only the clock jumps."""

    def __init__(self):
        self.at, self.seconds = datetime(2026, 11, 24, tzinfo=UTC), 0.0

    def goes_on(self, seconds):
        self.jumps(seconds)
        self.seconds += seconds

    def jumps(self, seconds):
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def newsroom(tmp_path, migrated, time):
    """One that has a job."""
    (tmp_path / "loa.db").write_bytes(migrated)
    newsroom = Newsroom.open(
        f"sqlite:///{tmp_path}/loa.db",
        Folder(tmp_path / "files"),
        MIGRATIONS,
        now=lambda: time.at,
        stopwatch=lambda: time.seconds,
        hasher=QUICK,
    )
    newsroom.stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    newsroom.articles.receive(NewArticle("Tin", ("Một.",), "1", ("suoi-lanh",)), "cms")
    yield newsroom
    newsroom.database.close()


@pytest.fixture
def jobs(newsroom, time):
    """Of a process that has looked for long."""
    looks_for(newsroom.jobs, time, A_LEASE_S)
    return newsroom.jobs


def looks_for(jobs, time, seconds, beat=lambda: None):
    """Looks as an idle worker does; `beat` is what the living do meanwhile."""
    ends = time.seconds + seconds
    while time.seconds < ends:
        jobs.anything_free(())
        beat()
        time.goes_on(BEAT_S)


def taken_over(jobs):
    """The job, as who takes it over is told of it; None while it is not free."""
    return jobs.claim("another", ALL) if jobs.anything_free(ALL) else None


@pytest.mark.parametrize("seconds", [HOUR_S, -HOUR_S, 24 * HOUR_S, 11.0])
def test_nobody_dies_of_a_clock_that_jumps(jobs, time, seconds):
    job = jobs.claim("worker", ALL)
    time.jumps(seconds)
    assert taken_over(jobs) is None
    looks_for(jobs, time, 2 * A_LEASE_S, beat=lambda: jobs.renew(job))
    assert taken_over(jobs) is None
    assert jobs.renew(job)


def test_nobody_dies_of_a_database_that_was_away(jobs, time):
    job = jobs.claim("worker", ALL)
    time.goes_on(2 * A_LEASE_S)
    assert taken_over(jobs) is None
    assert jobs.renew(job)


@pytest.mark.parametrize("jump_s", [0.0, HOUR_S, -HOUR_S])
def test_who_died_is_noticed_after_a_lease_all_the_same(jobs, time, jump_s):
    jobs.claim("worker", ALL)
    time.jumps(jump_s)
    looks_for(jobs, time, A_LEASE_S + BEAT_S)
    job = taken_over(jobs)
    assert (job.attempts, job.deaths) == (2, 1)


def test_a_process_that_has_just_begun_looks_before_it_judges(newsroom, jobs, time):
    jobs.claim("worker", ALL)
    beginner = Jobs(newsroom.database, LEASE, lambda: time.seconds)
    time.jumps(HOUR_S)
    assert taken_over(beginner) is None
    looks_for(beginner, time, A_LEASE_S)
    assert taken_over(beginner).deaths == 1


def test_where_nothing_is_ever_steady_work_goes_on_and_nobody_is_called_dead(
    jobs, time
):
    jobs.claim("worker", ALL)
    looks = 0
    while (job := taken_over(jobs)) is None:
        looks += 1
        time.goes_on(6.0)
    assert (job.attempts, job.deaths) == (1, 0)
    assert looks == pytest.approx(3 * A_LEASE_S / 6.0, abs=1)
