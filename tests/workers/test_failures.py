"""Two kinds of failure: the article's is held at once, the house's waits and goes on by itself."""

import os
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from kombu.exceptions import OperationalError

from audio.ffmpeg import FfmpegError
from audio.master import make
from audio.recipes import RECIPES
from audio.throttle import Abandoned
from audio.voice import EngineTrouble, Reason
from service.newsroom.errors import Held, Unavailable
from service.newsroom.jobs import LONGEST_RETRY, MOST_DEATHS
from service.newsroom.store.files import FilesError
from service.newsroom.values import Lane, State, Station, Step, Trouble
from tests.system.servers import HANGS_AFTER_S
from workers.apart import in_child
from workers.celery_app import REST_S, nudge_through
from workers.clock import probe
from workers.failures import About, decision_on
from workers.lanes import Lanes
from workers.line import work
from workers.outages import A_BLIP, StoreWatch, tell_outages
from workers.studio import Hold, HouseTrouble

ALL = tuple(Lane)


@pytest.mark.parametrize("held", Held)
def test_every_reason_says_why_and_what_to_do(held):
    assert held.why.endswith(".")
    assert held.remedy.endswith(".")


@pytest.mark.parametrize(
    ("error", "about"),
    [
        (Abandoned(), About.NOBODY),
        (Hold(Held.EMPTY, ""), About.ARTICLE),
        (EngineTrouble(Reason.UNSPEAKABLE, ""), About.ARTICLE),
        (FfmpegError("peaks that are not safe"), About.ARTICLE),
        (
            FfmpegError("av_interleaved_write_frame(): No space left on device"),
            About.HOUSE,
        ),
        (HouseTrouble(Trouble.STORE, ""), About.HOUSE),
        (FilesError("the bucket does not answer"), About.HOUSE),
        (Unavailable.database(), About.HOUSE),
        (OSError(28, "No space left on device"), About.HOUSE),
        (OSError(24, "Too many open files"), About.HOUSE),
        (OSError(5, "Input/output error"), About.HOUSE),
        (MemoryError(), About.HOUSE),
        (ZeroDivisionError(), About.OURSELVES),
    ],
)
def test_whose_matter_it_is(error, about):
    assert decision_on(error).about is about


@pytest.fixture
def broken(studio, newsroom):
    """A studio whose making of masters raises what it is given, until that is None."""

    class Making:
        error: BaseException | None = None
        calls = 0

        def __call__(self, *arguments):
            self.calls += 1
            if self.error is not None:
                raise self.error
            return studio.make(*arguments)

    making = Making()
    return making, replace(studio, make=making)


def tried(clock, work_all, at, times):
    for _ in range(times):
        work_all(at)
        clock.ahead += LONGEST_RETRY


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (FilesError("storage"), Trouble.STORE),
        (OSError(28, "No space left on device"), Trouble.DISK),
        (FfmpegError("x: No space left on device"), Trouble.ENCODER),
        (MemoryError("no memory"), Trouble.MEMORY),
    ],
)
def test_the_house_s_fault_holds_nothing_however_long_it_takes(
    newsroom, hand_in, work_all, clock, broken, error, trouble
):
    making, at = broken
    numbers = [hand_in(f"Tin {n}") for n in range(2)]
    making.error = error
    tried(clock, work_all, at, 6)
    assert {newsroom.episodes.get(number).state for number in numbers} == {State.SPOKEN}
    (outage,) = newsroom.house.troubles()
    assert (outage.trouble, outage.jobs) == (trouble, 2)
    assert outage.since < clock() - 5 * LONGEST_RETRY
    making.error = None
    work_all(at)
    assert {newsroom.episodes.get(number).state for number in numbers} == {
        State.MASTERED
    }
    assert newsroom.house.troubles() == []


def test_who_finds_the_house_well_again_frees_who_waits_for_it(
    newsroom, hand_in, work_all, clock, broken
):
    making, at = broken
    numbers = [hand_in(f"Tin {n}") for n in range(5)]
    making.error = FilesError("storage")
    tried(clock, work_all, at, 3)
    work_all(at)
    assert newsroom.jobs.claim("test", ALL) is None, "all wait, for minutes"
    making.error = None
    numbers.append(hand_in("Tin sau"))
    work_all(at)
    assert {newsroom.episodes.get(number).state for number in numbers} == {
        State.MASTERED
    }


def test_one_job_looks_for_all_whether_the_house_is_well(
    newsroom, hand_in, work_all, clock, broken
):
    making, at = broken
    numbers = [hand_in(f"Tin {n}") for n in range(3)]
    making.error = FilesError("storage")
    tried(clock, work_all, at, 3)
    work_all(at)
    tries = making.calls
    probe(newsroom)
    assert work_all(at) == [Step.MASTER]
    assert making.calls == tries + 1
    making.error = None
    probe(newsroom)
    work_all(at)
    assert {newsroom.episodes.get(number).state for number in numbers} == {
        State.MASTERED
    }


def test_one_notice_of_an_outage_and_none_of_a_blip(
    newsroom, hand_in, work_all, clock, broken
):
    making, at = broken
    making.error = FilesError("away")
    for slug, duty in (
        ("xa-hai", ("a@xa.vn", "b@xa.vn")),
        ("xa-ba", ("b@xa.vn", "c@xa.vn")),
    ):
        newsroom.stations.put(Station(slug, f"Đài {slug}", duty=duty))
    hand_in("Một")
    hand_in("Hai")
    work_all(at)
    assert tell_outages(newsroom) == 0
    clock.ahead += A_BLIP
    for _ in range(3):
        tell_outages(newsroom)
    (notice,) = newsroom.notices.unseen()
    assert "2 việc đang chờ" in notice.text
    # The house is every station's: each address on duty is told once.
    assert sorted(newsroom.notices.take()[0].untold) == [
        "a@xa.vn",
        "b@xa.vn",
        "c@xa.vn",
    ]


def test_one_notice_of_an_outage_however_its_jobs_come_and_go(
    newsroom, hand_in, work_all, clock, broken
):
    """Those that waited longest are done first: the outage is the same until nobody waits."""
    making, at = broken
    newsroom.stations.put(Station("suoi-lanh", "Đài", duty=("a@xa.vn",)))
    making.error = FilesError("away")
    for n in range(2):
        hand_in(f"Tin {n}")
        work_all(at)
        clock.ahead += 2 * A_BLIP
        tell_outages(newsroom)
    begun = newsroom.house.troubles()[0].since
    making.error = None
    clock.ahead += LONGEST_RETRY
    work(newsroom.jobs.claim("test", ALL), at)
    making.error = FilesError("away")
    tell_outages(newsroom)
    assert newsroom.house.troubles()[0].jobs == 1
    assert [outage.since for outage in newsroom.house.troubles()] == [begun]
    assert len(newsroom.notices.unseen()) == 1
    # It is over; the next one is another.
    making.error = None
    work_all(at)
    clock.ahead += LONGEST_RETRY
    work_all(at)
    assert tell_outages(newsroom) == 0
    making.error = FilesError("away")
    hand_in("Tin sau")
    work_all(at)
    tell_outages(newsroom)
    clock.ahead += 2 * A_BLIP
    for _ in range(2):
        tell_outages(newsroom)
    assert len(newsroom.notices.unseen()) == 2


def test_another_trouble_has_not_lasted_since_the_one_before(
    newsroom, hand_in, work_all, clock, broken
):
    making, at = broken
    newsroom.stations.put(Station("suoi-lanh", "Đài", duty=("a@xa.vn",)))
    hand_in()
    making.error = FilesError("away")
    tried(clock, work_all, at, 3)
    making.error = OSError(28, "No space left on device")
    work_all(at)
    (outage,) = newsroom.house.troubles()
    assert outage.trouble is Trouble.DISK
    assert clock() - outage.since < A_BLIP
    assert tell_outages(newsroom) == 0
    assert newsroom.notices.unseen() == []


def test_a_broker_that_is_away_is_asked_once_in_a_while():
    """Where its packets are lost each asking takes seconds, which the clock would wait for."""

    class Away:
        asked = 0

        def send_task(self, *_, **__):
            self.asked += 1
            raise OperationalError("no answer")

    broker, now = Away(), [0.0]
    nudge = nudge_through(broker, clock=lambda: now[0])
    for job in range(50):
        nudge(job, Lane.SLOW)
    assert broker.asked == 1
    now[0] += REST_S
    nudge(51, Lane.FAST)
    assert broker.asked == 2


def test_an_outage_is_asked_less_and_less_often_but_each_minute(
    newsroom, hand_in, work_all, clock, broken
):
    making, at = broken
    making.error = FilesError("away")
    hand_in()
    work_all(at)
    calls = making.calls
    for _ in range(150):
        clock.ahead += timedelta(seconds=4)
        work_all(at)
    assert 10 <= making.calls - calls <= 16
    assert newsroom.house.troubles()[0].jobs == 1


def test_the_article_s_fault_is_held_at_once(newsroom, hand_in, work_all, broken):
    making, at = broken
    number = hand_in()
    making.error = FfmpegError("the loudness is missed")
    work_all(at)
    episode = newsroom.episodes.get(number)
    assert (episode.held, making.calls) == (Held.MASTERING, 1)
    assert newsroom.house.troubles() == []


def test_a_store_that_loses_what_it_was_given_is_waited_for(
    newsroom, hand_in, work_all, clock
):
    """Clips that are gone are spoken again; gone once more, it is the store's doing.

    Of words that were never encoded: what is kept of others needs no clips.
    """
    number = hand_in(paragraphs=("Kho này hay làm mất tiếng. Đoạn này chưa ai ghép.",))
    work_all(most=2)

    def lose():
        for key in list(newsroom.files.keys("clips/")):
            newsroom.files.delete(key)

    for _ in range(4):
        lose()
        work_all(most=1)
        while newsroom.episodes.get(number).state is State.WRITTEN:
            work_all(most=1)
        clock.ahead += LONGEST_RETRY
    assert newsroom.episodes.get(number).state is State.SPOKEN
    work_all()
    assert newsroom.episodes.get(number).state is State.MASTERED


def test_stopping_puts_a_master_down_at_the_next_clip(
    newsroom, studio, hand_in, work_all
):
    number = hand_in("Dài", tuple(f"Câu thứ {n} của bài này." for n in range(40)))
    work_all(most=2)
    asked = []

    def stopped():
        asked.append(1)
        return len(asked) > 5

    job = newsroom.jobs.claim("test", ALL)
    work(job, replace(studio, stopped=stopped))
    assert newsroom.jobs.counts()["ready"] == 1
    assert newsroom.episodes.get(number).state is State.SPOKEN
    job = newsroom.jobs.claim("test", ALL)
    assert (job.step, job.attempts, job.deaths) == (Step.MASTER, 1, 0)


class Encoding:
    """Makes masters, and calls `begun` when the first of their passages is encoded."""

    at_once = 1

    def __init__(self, begun):
        self.begun, self.encoded = begun, 0

    def __call__(self, recipes, script, clips, kept, tags, folder, name, _heard):
        self.kept = kept
        return make([RECIPES["app"]], script, clips, self, tags, folder, name)

    def get(self, key):
        return self.kept.get(key)

    def put(self, key, data):
        self.encoded += 1
        self.begun()
        self.kept.put(key, data)


def test_stopping_puts_a_master_down_in_the_middle_of_its_encoding(
    newsroom, studio, hand_in, work_all
):
    hand_in("Dài", tuple(f"Câu thứ {n} bị cắt giữa chừng." for n in range(6)))
    work_all(most=2)
    stop = threading.Event()
    encoding = Encoding(stop.set)
    work(
        newsroom.jobs.claim("test", ALL),
        replace(studio, make=encoding, stopped=stop.is_set),
    )
    assert encoding.encoded == 1, "no passage more was encoded"
    job = newsroom.jobs.claim("test", ALL)
    assert (job.step, job.attempts, job.deaths) == (Step.MASTER, 1, 0)


def test_a_lane_that_hangs_is_not_waited_for_and_its_job_is_put_down(
    newsroom, studio, hand_in, work_all
):
    hand_in()
    work_all(most=2)
    begun, over = threading.Event(), threading.Event()

    def hanging(*_arguments):
        begun.set()
        over.wait()
        raise Abandoned

    lanes = Lanes(replace(studio, make=hanging), "embedded", 1)
    lanes.start()
    assert begun.wait(HANGS_AFTER_S)
    lanes.stop(patience_s=0.01)
    job = newsroom.jobs.claim("next start", ALL)
    over.set()
    assert (job.step, job.attempts, job.deaths) == (Step.MASTER, 1, 0)


class Store:
    """A store that answers, or does not."""

    is_away = True

    def ping(self):
        if self.is_away:
            raise FilesError("no answer")


@pytest.fixture
def waiting(newsroom, hand_in, work_all, clock, broken):
    """Articles whose masters wait for the store, for longer than anybody likes to."""
    making, at = broken
    making.error = FilesError("storage")
    numbers = [hand_in(f"Tin {n}") for n in range(5)]
    tried(clock, work_all, at, 3)
    work_all(at)
    making.error = None
    assert newsroom.jobs.claim("test", ALL) is None
    return numbers


def test_all_that_wait_for_the_store_go_on_when_it_answers(newsroom, waiting):
    store, rung = Store(), []
    watch = StoreWatch(
        replace(newsroom, files=store), lambda *job_and_lane: rung.append(job_and_lane)
    )
    watch.look()
    assert (newsroom.jobs.claim("test", ALL), rung) == (None, [])
    store.is_away = False
    watch.look()
    jobs = [newsroom.jobs.claim("test", ALL) for _ in waiting]
    assert {job.episode_id for job in jobs} == {*waiting}
    assert sorted(rung) == sorted((job.id, Lane.SLOW) for job in jobs)


def test_an_outage_is_over_when_the_store_answers_and_the_next_is_told_anew(
    newsroom, waiting, clock
):
    """Whatever still waits to be worked off, or is just tried."""
    newsroom.stations.put(Station("suoi-lanh", "Đài", duty=("a@xa.vn",)))
    store = Store()
    watch = StoreWatch(replace(newsroom, files=store), lambda *_job_and_lane: None)
    for outages in (1, 2):
        store.is_away = True
        watch.look()
        tell_outages(newsroom)
        clock.ahead += 2 * A_BLIP
        assert tell_outages(newsroom) == 1
        assert len(newsroom.notices.unseen()) == outages
        tried_now = newsroom.jobs.claim("test", ALL)
        store.is_away = False
        watch.look()
        assert newsroom.house.troubles() == []
        assert tell_outages(newsroom) == 0
        for job in (tried_now, newsroom.jobs.claim("test", ALL)):
            newsroom.jobs.wait_for_house(job, Trouble.STORE, "away")


def test_a_store_that_answers_and_fails_its_jobs_wakes_nobody(newsroom, waiting):
    store = Store()
    store.is_away = False
    watch = StoreWatch(replace(newsroom, files=store), lambda *_job_and_lane: None)
    for _ in range(3):
        watch.look()
    assert newsroom.jobs.claim("test", ALL) is None


class Noted:
    """The jobs table, and what a lane asked of it."""

    def __init__(self, jobs):
        self.jobs, self.calls, self.idle = jobs, [], threading.Event()

    def __getattr__(self, name):
        return getattr(self.jobs, name)

    def anything_free(self, lanes):
        self.calls.append("asks")
        free = self.jobs.anything_free(lanes)
        self.idle.set()
        return free

    def claim(self, owner, lanes):
        self.calls.append("claims")
        job = self.jobs.claim(owner, lanes)
        if job is None:
            self.idle.set()
        return job


def test_who_is_rung_takes_without_asking_first(newsroom, studio, hand_in):
    jobs = Noted(newsroom.jobs)
    at = replace(studio, newsroom=replace(newsroom, jobs=jobs))
    lanes = Lanes(at, "embedded", 1, (Lane.SLOW,), ask_every_s=HANGS_AFTER_S)
    lanes.start()
    assert jobs.idle.wait(HANGS_AFTER_S)
    jobs.idle.clear()
    number = hand_in()
    lanes.bell.ring()
    assert jobs.idle.wait(HANGS_AFTER_S)
    lanes.stop()
    assert newsroom.episodes.get(number).state is State.MASTERED
    assert jobs.calls[:2] == ["asks", "claims"]
    assert jobs.calls.count("asks") == 1


# Workers that die.


def die(newsroom, clock, times=1):
    for _ in range(times):
        job = newsroom.jobs.claim("dies", ALL)
        clock.ahead += 2 * newsroom.jobs.lease
    return job


def test_what_kills_its_workers_goes_last_and_alone_and_is_held_in_the_end(
    newsroom, studio, hand_in, clock
):
    poison, good = hand_in("Độc"), hand_in("Lành")
    assert die(newsroom, clock, 2).episode_id == poison
    apart = []
    at = replace(studio, apart=lambda job, stopped: apart.append(job.deaths) or -9)
    order = []
    for _ in range(20):
        job = newsroom.jobs.claim("test", ALL)
        if job is None:
            break
        order.append(job.episode_id)
        work(job, at)
    assert order.index(poison) == order.count(good), "last in line"
    assert apart == list(range(2, MOST_DEATHS)), "a child for each death more"
    episode = newsroom.episodes.get(poison)
    assert (episode.state, episode.held) == (State.HELD, Held.STOPS_THE_MACHINE)
    assert newsroom.episodes.get(good).state is State.MASTERED


def killed(_job):
    os.killpg(0, 9)


def end_well(_job):
    pass


@pytest.mark.parametrize(
    ("do", "code"), [(killed, -9), (end_well, 0), (partial(int, "x"), 1)]
)
def test_a_child_dies_alone(do, code):
    """Even of what it sends to its whole group."""
    assert in_child(do, None, lambda: False) == code


def test_a_lease_that_is_renewed_is_no_death(newsroom, hand_in, clock):
    hand_in()
    job = newsroom.jobs.claim("a", ALL)
    for _ in range(5):
        clock.ahead += newsroom.jobs.lease / 2
        assert newsroom.jobs.renew(job)
    assert newsroom.jobs.claim("b", ALL) is None
    newsroom.jobs.release(job, counts=False)
    assert newsroom.jobs.claim("b", ALL).deaths == 0
