"""A day of many stations on a real database, its sound left out: what rows, clock and line cost.

Each station has two hours. News is its own, its district's (of ten stations) and the province's,
and what is shared is one article, spoken once. Files are as long as they should be and hold no
sound, so what is left is what no encoder and no voice takes. Time is turned by hand.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from audio.clips import Shelf
from audio.master import Master
from audio.recipes import Recipe
from audio.stitch import Cue, Sound
from audio.voice import RATE, SAMPLE_BYTES, Voice
from bench.common import Bench, spent, work_all
from bench.figures import Figure
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.values import Lane, NewArticle, Slot, State, Station
from service.zone import VIETNAM
from workers.line import work
from workers.schedule import Schedule
from workers.studio import Studio
from workers.voices import Voices

STATIONS, WIDE = 40, 200
PROVINCES = 1_000  # stations that a wait is reckoned for
DISTRICT = 10  # stations
OWN, OF_DISTRICT, OF_PROVINCE = 2, 4, 4  # articles a day
HOURS = (Slot("05:00", 900), Slot("17:00", 900))
FIRST = date(2026, 11, 2)
SILENT = Voice("tone", "")  # the quickest voice there is
LANES = 2
LOOKS = 5
LINE = "Tin số {}: xã làm đường, bà con góp công góp đất, xong trước mùa mưa."


@dataclass
class Clock:
    """The time, as the bench turns it."""

    at: datetime

    def __call__(self) -> datetime:
        """A little later at each look, as time goes."""
        self.at += timedelta(milliseconds=1)
        return self.at.astimezone(UTC)


@dataclass
class Lengths:
    """Makes files that are as long as real ones and hold no sound."""

    samples: dict[str, int] = field(default_factory=dict)

    def __call__(
        self,
        recipes: Sequence[Recipe],
        script: Sequence[Sound],
        clips: Shelf,
        _kept: Shelf,
        _tags: object,
        folder: Path,
        *_more: Any,
    ) -> list[Master]:
        """As `audio.master.make`."""
        return [self._master(recipe, script, clips, folder) for recipe in recipes]

    def _master(
        self, recipe: Recipe, script: Sequence[Sound], clips: Shelf, folder: Path
    ) -> Master:
        at = 0
        cues: list[Cue] = []
        for sound in script:
            length = round(self._length(sound.clip, clips) / recipe.tempo)
            cues.append(Cue(at, at + length))
            at += length + round(sound.pause_ms * RATE / 1000)
        path = folder / recipe.name
        data = f"{recipe.kind} {script}".encode()
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        return Master(
            recipe, path, len(data), digest, at / RATE, -16.0, -1.5, tuple(cues)
        )

    def _length(self, clip: str, clips: Shelf) -> int:
        if clip not in self.samples:
            self.samples[clip] = len(clips.get(clip) or b"") // SAMPLE_BYTES
        return self.samples[clip]


@dataclass(frozen=True, slots=True)
class Day:
    """The day's newsroom, its line and its clock."""

    newsroom: Newsroom
    studio: Studio
    schedule: Schedule
    clock: Clock

    def turn_to(self, hours: int, minutes: int = 0, days: int = 0) -> None:
        """Sets the clock."""
        wall = datetime.combine(FIRST, time(hours, minutes), VIETNAM)
        self.clock.at = wall + timedelta(days=days)

    def approve_all(self) -> int:
        """What waits is approved; how many."""
        waiting = self.newsroom.episodes.cards(limit=100_000)[0]
        mastered = [card for card in waiting if card.state is State.MASTERED]
        for card in mastered:
            self.newsroom.episodes.approve(card.id, "bench", card.version)
        return len(mastered)


def day(at: Bench) -> list[Figure]:
    """A day of some stations; how much longer the clock looks at a thousand."""
    return measured(at, STATIONS, WIDE)


def measured(at: Bench, stations: int, wide: int) -> list[Figure]:
    """The same of so many stations."""
    with _opened(at, stations) as some:
        figures = [*_worked(some, stations), _looked(some, stations)]
    with _opened(at, wide) as many:
        figures.append(_looked(many, wide))
    return figures


def _worked(at: Day, stations: int) -> Iterator[Figure]:
    """The day's news and its first bulletins, piece by piece, without their sound."""
    at.turn_to(12)
    articles = _hand_in(at.newsroom, stations)
    news = [_ms(lambda: _day_of_news(at)) / articles]
    yield Figure("day: an article without its sound, ms", tuple(news))
    at.turn_to(3, 50, days=1)
    drafted = _ms(at.schedule.look)
    took = list(_each_ms(at))
    bulletins = max(1, at.approve_all())
    took += list(_each_ms(at))
    yield Figure("day: drafting a bulletin, ms", (drafted / bulletins,))
    yield Figure("day: a bulletin without its sound, ms", (sum(took) / bulletins,))
    longest_s = sum(took) / 1000 / LANES
    yield Figure(
        f"day: {bulletins} bulletins on {LANES} lanes, longest wait, s", (longest_s,)
    )
    yield Figure(
        "day: the same of 1,000 stations, s", (longest_s * PROVINCES / stations,)
    )


def _looked(at: Day, stations: int) -> Figure:
    """What the clock's look every ten seconds costs where nothing is to do."""
    at.turn_to(22, days=1)
    at.schedule.look()
    looks: list[float] = []
    for _ in range(LOOKS):
        at.clock.at += timedelta(seconds=11)
        looks.append(_ms(at.schedule.look))
    return Figure(f"day: the clock's look, {stations:,} stations, ms", tuple(looks))


def _day_of_news(at: Day) -> None:
    work_all(at.studio)
    at.approve_all()
    work_all(at.studio)


def _each_ms(at: Day) -> Iterator[float]:
    """Milliseconds of every job that is there, one after another."""
    while job := at.newsroom.jobs.claim("bench", tuple(Lane)):
        yield _ms(lambda job=job: work(job, at.studio))  # type: ignore[misc]


def _hand_in(newsroom: Newsroom, stations: int) -> int:
    """The articles of a day; how many."""
    slugs = [f"xa-{number}" for number in range(stations)]
    districts = [
        slugs[begin : begin + DISTRICT] for begin in range(0, stations, DISTRICT)
    ]
    shares = [
        *(((slug,), OWN) for slug in slugs),
        *((tuple(district), OF_DISTRICT) for district in districts),
        (tuple(slugs), OF_PROVINCE),
    ]
    number = 0
    for heard_at, count in shares:
        for _ in range(count):
            number += 1
            text = (LINE.format(number),) * 3
            article = NewArticle(f"Tin {number}", text, f"n{number}", heard_at)
            newsroom.articles.receive(article, "bench")
    return number


@contextmanager
def _opened(at: Bench, stations: int) -> Iterator[Day]:
    clock = Clock(datetime.combine(FIRST, time(0), VIETNAM))
    with (
        tempfile.TemporaryDirectory(prefix="loa-bench-") as folder,
        closing(Voices([SILENT])) as voices,
    ):
        url = f"sqlite:///{Path(folder).as_posix()}/loa.db"
        files = Folder(Path(folder) / "files")
        newsroom = Newsroom.open(url, files, at.migrations, now=clock)
        newsroom.database.migrate()
        for number in range(stations):
            newsroom.stations.put(
                Station(f"xa-{number}", f"Đài xã {number}", slots=HOURS)
            )
        studio = Studio(newsroom, voices, make=Lengths())
        yield Day(newsroom, studio, Schedule(newsroom), clock)
        newsroom.database.close()


def _ms(do: Callable[[], object]) -> float:
    return 1000 * spent(do)
