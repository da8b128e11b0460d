"""Ten days of some stations, two slots a day, on two machines whose clocks differ.

News as it comes, voices that fail, late approvals, power cuts, each day an hour in which nothing
can be stored. A month of a province is the same with MONTH_DAYS=30 and MONTH_STATIONS=1000.

Time is turned by hand. The way of an article is the real one, but for the files: they are as long
as they should be and hold no sound, since thousands of them are made.
"""

import hashlib
import os
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from time import process_time

import pytest

from audio.booth import Patience
from audio.master import Master
from audio.stitch import Cue
from audio.voice import RATE, SAMPLE_BYTES, Reason, Voice
from loa.assembly import MIGRATIONS
from service.actions.reading_again import read_again
from service.bulletin import span
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Held
from service.newsroom.store.files import FilesError
from service.newsroom.values import (
    Kind,
    Lane,
    NewArticle,
    Rung,
    Slot,
    State,
    Station,
)
from service.zone import VIETNAM
from tests.conftest import Unsynced, nobody_waits_for_the_disk
from tests.workers.test_line import Cast, Sick
from workers.line import work
from workers.schedule import Schedule
from workers.studio import Studio

SEED = int(os.environ.get("MONTH_SEED", "20261103"))
DAYS = int(os.environ.get("MONTH_DAYS", "10"))
STATIONS = int(os.environ.get("MONTH_STATIONS", "4"))
FIRST = date(2026, 11, 1)
ALL = tuple(Lane)
OF_THE_HOUSE = (Held.STORAGE, Held.GAVE_UP, Held.STOPS_THE_MACHINE)
HOURS = ("05:00", "17:00")
LOOKS = (
    "04:46",
    "05:00",
    "05:50",
    "07:01",
    "11:00",
    "14:00",
    "16:46",
    "17:00",
    "17:50",
    "19:01",
    "21:30",
)
AFTER_READY = ("04:46", "16:46")
# By so much the second machine's clock is ahead: NTP would have to be broken.
SKEW = timedelta(seconds=45)
LINES = [
    f"Tin số {n}: {'xã làm đường, bà con góp công góp đất, ' * (n % 7 + 1)}xong trước mùa mưa."
    for n in range(40)
]


class Days:
    """The clock: what a day's time is on the wall, and a little later at each look, as
    time goes.
    """

    def __init__(self):
        self.at = datetime.combine(FIRST, time(0), VIETNAM)

    def __call__(self):
        self.at += timedelta(milliseconds=1)
        return self.at.astimezone(UTC)


class Store(Unsynced):
    """A store that is away for an hour of each day: nothing is kept, and nothing given."""

    away = False

    def put(self, key, data, *, durable=False):
        self.answer()
        super().put(key, data)

    def get(self, key):
        self.answer()
        return super().get(key)

    def answer(self):
        if self.away:
            raise FilesError("the store is away")


class Lengths:
    """Makes files that are as long as real ones and hold no sound."""

    def __init__(self):
        self.samples = {}

    def __call__(self, recipes, script, clips, kept, tags, folder, name, _heard):
        return [self._make(recipe, script, clips, folder) for recipe in recipes]

    def _make(self, recipe, script, clips, folder):
        at, cues = round(0.025 * RATE), []
        for sound in script:
            if sound.clip not in self.samples:
                self.samples[sound.clip] = len(clips.get(sound.clip)) // SAMPLE_BYTES
            length = round(self.samples[sound.clip] / recipe.tempo)
            cues.append(Cue(at, at + length))
            at += length + round(
                sound.pause_ms * recipe.pauses * RATE / 1000 / recipe.tempo
            )
        data = f"{recipe.kind} {script}".encode()
        path = folder / f"{recipe.kind}.bin"
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        seconds = (at + 0.4 * RATE) / RATE
        return Master(
            recipe,
            path,
            len(data),
            digest,
            seconds,
            -13.0,
            -1.5,
            tuple(cues),
        )


class Month:
    """The stations and all that happens to them; each machine has a studio and a schedule."""

    def __init__(self, clock, studios, sick, store):
        self.random = Random(SEED)
        self.clock, self.studios, self.sick, self.store = clock, studios, sick, store
        self.newsrooms = [studio.newsroom for studio in studios]
        newsroom = self.newsroom = self.newsrooms[0]
        self.outages = self.withdrawn = self.righted = 0
        self.gone = {}  # what was withdrawn, and the version that was public then
        self.heard = {}  # station → the stories that were broadcast
        self.rungs, self.faults = Counter(), []
        self.schedules = [Schedule(each) for each in self.newsrooms]
        self.articles = 0
        newsroom.stations.put(Station("huyen", "Đài huyện", approval="trusted"))
        for n in range(STATIONS):
            newsroom.stations.put(self.station(n))
        trouble = [self.random.randrange(DAYS) for _ in range(4)]
        self.silent = {
            (day, part)
            for day in trouble
            for part in ("night", "day")
            if self.random.random() < 0.7
        }
        self.storeless = [self.random.choice(LOOKS) for _ in range(DAYS)]
        self.off = {
            (self.random.randrange(1, DAYS), self.random.choice(HOURS))
            for _ in range(2)
        }

    def station(self, n):
        pick = self.random.choice
        # Fmt: skip
        slots = tuple(
            Slot(
                at,
                pick((240, 300, 600)),
                sources=("huyen",),
                repeats=pick((0, 1, 2)),
                automatic=pick((True, False)),
                previous=pick((True, False)),
                lunar=pick((True, False)),
                headlines=pick((True, False)),
            )
            for at in HOURS
        )
        return Station(
            f"xa-{n:02}",
            f"Đài xã số {n}",
            greeting=f"Đây là Đài xã số {n}.",
            fallback=pick(("hold", "provisional")),
            approval=pick(("required", "required", "trusted")),
            slots=slots,
        )

    def live(self):
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            for look in LOOKS:
                self.clock.at = max(
                    self.clock.at,
                    datetime.combine(day, time.fromisoformat(look), VIETNAM),
                )
                if self.power_is_off(number, look):
                    continue
                self.news(look)
                self.sick.left = 0 if self.voice_is_silent(number, look) else 10**9
                self.store.away = look == self.storeless[number]
                self.outages += self.store.away
                self.look(look)
                self.approve(look)
                self.work()
                if look in HOURS:
                    self.listen(day, look)

    def power_is_off(self, day, look):
        """For some hours around a slot."""
        return any(
            day == cut and abs(int(look[:2]) - int(at[:2])) <= 3 for cut, at in self.off
        )

    def voice_is_silent(self, day, look):
        return (day, "night" if look < "06:00" else "day") in self.silent

    def look(self, look):
        if self.random.random() < 0.05:  # a restart: nothing is remembered but rows
            machine = self.random.randrange(2)
            self.schedules[machine] = Schedule(self.newsrooms[machine])
        # The ladder goes down a step at each look
        for _ in range(6 if look in AFTER_READY else 1):
            for schedule in self.random.sample(
                self.schedules, 2 if look in AFTER_READY else 1
            ):
                schedule.look()
            self.work()
            self.clock.at += timedelta(seconds=20)

    def work(self):
        while self.newsroom.jobs.anything_free(ALL):
            for at in self.studios:
                job = at.newsroom.jobs.claim("test", ALL)
                if job is not None:
                    work(job, at)

    def news(self, look):
        if not "07:00" <= look <= "19:30":
            return
        for slug in ["huyen", *(f"xa-{n:02}" for n in range(STATIONS))]:
            if self.random.random() < 0.15:
                self.articles += 1
                title = f"Tin {self.articles} của {slug}"
                lines = tuple(self.random.choices(LINES, k=self.random.randint(1, 6)))
                self.newsroom.articles.receive(
                    NewArticle(
                        title,
                        lines,
                        title,
                        (slug,),
                        evergreen=self.random.random() < 0.1,
                    ),
                    "test",
                )

    def approve(self, look):
        cards, _ = self.newsroom.episodes.cards(
            states=(State.MASTERED,), limit=max(500, 5 * STATIONS)
        )
        for card in cards:
            if self.random.random() < 0.6:
                with suppress(Conflict):  # a story in it was withdrawn just now
                    self.newsroom.episodes.approve(card.id, "chị Sen", card.version)
        self.put_right()
        self.withdraw()

    def withdraw(self):
        """Something that is public, or all that a bulletin for an hour to come reads."""
        published, _ = self.newsroom.episodes.cards(states=(State.PUBLISHED,), limit=30)
        if published and self.random.random() < 0.1:
            self.take_off(self.random.choice(published).id)
        coming = self.newsroom.bulletins.waiting(self.clock() + timedelta(days=1))
        if coming and self.random.random() < 0.1:
            for item in self.random.choice(coming).items:
                self.take_off(item.episode_id)

    def take_off(self, number):
        episode = self.newsroom.episodes.get(number)
        # All that is known to be wrong: these versions are never heard again.
        self.gone[number] = episode.public_version or 0
        self.newsroom.episodes.withdraw(number, "sai số liệu", "chị Sen")
        self.withdrawn += episode.kind is not Kind.BULLETIN

    def put_right(self):
        """What was withdrawn is read again; who approves hears it with all the rest."""
        cards, _ = self.newsroom.episodes.cards(states=(State.WITHDRAWN,), limit=10)
        for card in cards:
            if card.id in self.gone and self.random.random() < 0.3:
                with suppress(Conflict):  # of a bulletin nothing may be left
                    read_again(self.newsroom, card.id, "lan")
                    self.righted += 1

    def public(self):
        """Bulletins that the public still has with a story that was withdrawn."""
        published, _ = self.newsroom.episodes.cards(
            states=(State.PUBLISHED,), limit=10**6
        )
        bulletins = [
            self.newsroom.bulletins.get(card.id)
            for card in published
            if card.kind is Kind.BULLETIN
        ]
        return [each.title for each in bulletins if each.is_spoilt]

    def listen(self, day, at):
        """What each station's address gives at its hour, and whether it is as it must be."""
        for station in self.newsroom.stations.all():
            for slot in (slot for slot in station.slots if slot.at == at):
                now = self.clock()
                hour = span(slot.at, slot.weekdays, slot.max_seconds, now)
                found = self.newsroom.bulletins.serving(
                    station.slug, slot, hour.day, hour.air_at
                )
                self.rungs[found.rung if found.episode_id else "static bed"] += 1
                self.check(station, slot, day, found, now)

    def check(self, station, slot, day, found, now):
        def fault(what):
            self.faults.append(
                f"{station.slug} {day} {slot.at} {found.rung} {found.episode_id}: {what}"
            )

        if found.airing.day != day:
            fault(f"about {found.airing.day}")
        if not found.episode_id:
            return  # the music that lies in the package
        if not found.approved_by or found.approved_at > now + SKEW:
            fault("nobody approved it")
        if found.master.seconds > slot.max_seconds:
            fault(f"{found.master.seconds:.1f} s of {slot.max_seconds}")
        bulletin = self.newsroom.bulletins.get(found.episode_id)
        if bulletin.greeting and f"{day:%d/%m/%Y}" not in bulletin.greeting:
            fault(bulletin.greeting)
        if any(
            item.version <= self.gone.get(item.episode_id, 0) for item in found.items
        ):
            fault("a withdrawn story")
        if found.version <= self.gone.get(found.episode_id, 0):
            fault("withdrawn")
        stories = [item.episode_id for item in found.items]
        heard = self.heard.setdefault(station.slug, set())
        again = len(heard.intersection(stories))
        if found.rung is not Rung.PREVIOUS and again > slot.repeats:
            fault(f"{again} repeats, {slot.repeats} allowed")
        heard.update(stories)


@pytest.fixture
def month(tmp_path):
    clock = Days()
    store = Store(tmp_path / "files")
    newsrooms = [
        Newsroom.open(f"sqlite:///{tmp_path}/loa.db", store, MIGRATIONS, now=now)
        for now in (clock, lambda: clock() + SKEW)
    ]
    for newsroom in newsrooms:
        nobody_waits_for_the_disk(newsroom.database)
        newsroom.database.migrate()
    sick = Sick(Reason.UNREACHABLE)
    voices = Cast([Voice("sick", "")], {"sick": sick})
    sick.well, sick.left = voices.engine("tone"), 10**9
    patience, lengths = Patience(sleep=lambda seconds: None), Lengths()
    studios = [
        Studio(newsroom, voices, patience=patience, make=lengths)
        for newsroom in newsrooms
    ]
    yield Month(clock, studios, sick, store)
    for newsroom in newsrooms:
        newsroom.database.close()


@pytest.mark.long
@pytest.mark.timeout(0)
def test_every_slot_of_a_month_has_what_it_must_have(month, capsys):
    month.live()
    with capsys.disabled():
        print(
            f"\n{STATIONS} stations, {DAYS} days, seed {SEED}: {month.articles} articles, "
            f"{month.outages} outages, {month.withdrawn} withdrawn, {month.righted} put right, "
            f"{process_time():.0f} s of processor"
        )
        for rung, times in month.rungs.most_common():
            print(f"  {rung:<12} {times:>5}")
    assert month.faults == []
    assert month.public() == []
    assert min(month.withdrawn, month.righted) > DAYS // 2
    assert month.newsroom.house.troubles() == []
    held, _ = month.newsroom.episodes.cards(states=(State.HELD,), limit=10**6)
    assert [card for card in held if card.held in OF_THE_HOUSE] == []
    assert month.outages >= DAYS - len(month.off)
    assert sum(month.rungs.values()) >= STATIONS * (2 * DAYS - len(month.off))
    assert {
        Rung.PLANNED,
        Rung.AUTOMATIC,
        Rung.EVERGREEN,
        Rung.PREVIOUS,
        Rung.BED,
    } <= set(month.rungs)
    airings = [
        airing
        for station in month.newsroom.stations.all()
        for airing in month.newsroom.bulletins.airings(
            station.slug, month.clock.at - timedelta(days=DAYS + 1), month.clock.at
        )
    ]
    assert len({(airing.station, airing.day, airing.at) for airing in airings}) == len(
        airings
    )
    assert len(airings) == STATIONS * 2 * DAYS  # done or missed, each of them
