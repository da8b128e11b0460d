"""What the parts of the benchmark share: what they work with, clocks, and the line in a folder."""

import subprocess  # noqa: TID251  # an encoder as anybody runs it is the floor
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from audio.ffmpeg import RAW, executable
from audio.recipes import Recipe
from audio.tags import Tags
from audio.voice import Voice
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.values import Lane, NewArticle, State, Station
from service.vietnamese import say
from workers.line import work
from workers.studio import Studio
from workers.voices import Voices

ROUNDS = 3
VOICE = Voice("espeak", "vi")


@dataclass(frozen=True, slots=True)
class Bench:
    """What the parts work with."""

    paragraphs: Sequence[str]
    voices: Voices
    migrations: Path
    templates: Path
    bed: Path  # an MP3 for horns
    database: str = ""  # an empty one of PostgreSQL
    broker: str = ""  # a Redis
    page: Sequence[str] = ()  # the paragraphs of one page, as `--page` gives it

    def texts(self, number: int, most: int | None = None) -> list[str]:
        """The paragraphs, so many of them, as nobody has spoken them before: with a number said."""
        return [f"{text} Lượt {say(str(number))}." for text in self.paragraphs[:most]]


def bare_encode(recipe: Recipe, pcm: bytes, folder: Path) -> None:
    """The encoder alone, as anybody runs it: house PCM in, a file out."""
    quiet = [executable(), "-hide_banner", "-y", "-loglevel", "error"]
    rate = ["-ar", str(recipe.rate)]
    file = folder / f"bare-{recipe.name}"
    encode = [*RAW, "-i", "pipe:0", *rate, *recipe.encoder, str(file)]
    subprocess.run([*quiet, *encode], input=pcm, check=True)


def tags(_cues: Sequence[tuple[int, int]]) -> Tags:
    """What a master of the benchmark says of itself."""
    return Tags("Bản tin", "Đài thử", "Thử", datetime.now(UTC))


def open_studio(folder: Path, voices: Voices, migrations: Path) -> Studio:
    """A line over an empty newsroom in a folder."""
    newsroom = Newsroom.open(
        f"sqlite:///{folder.as_posix()}/loa.db", Folder(folder / "files"), migrations
    )
    newsroom.database.migrate()
    newsroom.stations.put(Station("thu", "Đài thử"))
    return Studio(newsroom, voices)


def publish(title: str, texts: Sequence[str], at: Studio) -> None:
    """From the article to the published episode, as one worker does it."""
    article = NewArticle(
        title, tuple(texts), title, ("thu",), published_at=datetime.now(UTC)
    )
    receipt = at.newsroom.articles.receive(article, "bench")
    work_all(at)
    if held := at.newsroom.episodes.get(receipt.episode_id).held_detail:
        raise RuntimeError(f"the benchmark's episode is held: {held}")
    at.newsroom.episodes.approve(receipt.episode_id, "bench", version=1)
    work_all(at)
    if (
        state := at.newsroom.episodes.get(receipt.episode_id).state
    ) is not State.PUBLISHED:
        raise RuntimeError(f"the benchmark's episode is {state}")


def work_all(at: Studio) -> None:
    """Does every job that is there."""
    while job := at.newsroom.jobs.claim("bench", tuple(Lane)):
        work(job, at)


def best(do: Callable[[], object], clock: Callable[[], float]) -> float:
    """Seconds by a clock, of the best of a few rounds."""
    took: list[float] = []
    for _ in range(ROUNDS):
        began = clock()
        do()
        took.append(clock() - began)
    return min(took)


def spent(do: Callable[[], object]) -> float:
    """Seconds of the processor that it takes, of this process and of the programs that it ran.

    So work done side by side is compared with work done one after another, whatever else the
    machine does.
    """
    began = used()
    do()
    return used() - began


def used() -> float:
    """Seconds of the processor until now, of this process and of all its children that have ended.

    Where the system does not tell (Windows): seconds on the clock.
    """
    try:
        import resource
    except ImportError:
        return time.perf_counter()
    of_both = (
        resource.getrusage(whose)
        for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(usage.ru_utime + usage.ru_stime for usage in of_both)


def timed(do: Callable[[], object]) -> float:
    """Seconds that it takes, as people wait for it."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
