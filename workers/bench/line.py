"""The whole line: an article to its published episode, one sentence changed, two lanes."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from audio.booth import Line, record
from audio.clips import Memory
from audio.recipes import RECIPES
from audio.stitch import stitch
from audio.voice import RATE, SAMPLE_BYTES
from service.newsroom.values import NewArticle
from service.vietnamese import read, say
from service.vietnamese.article import passages_of
from workers.bench.common import (
    ROUNDS,
    VOICE,
    Bench,
    bare_encode,
    open_studio,
    publish,
    spent,
    spread,
    work_all,
)
from workers.studio import Studio
from workers.voices import Voices

# Paragraphs of the round that is not counted.
WARM = 6
# A bulletin of a quarter of an hour.
EDITED_S = 900
# Of written news, spoken by the offline voice.
CHARACTERS_A_SECOND = 14.5
LANE_JOBS = 4


@dataclass(frozen=True, slots=True)
class Round:
    """One article's way: seconds of its sound.

    Of the processor, for engine and encoders alone and for all of it.
    """

    sound: float
    engine: float
    encoders: float
    whole: float

    @property
    def ratio(self) -> float:
        """The whole, beside what no pipeline could do without."""
        return self.whole / (self.engine + self.encoders)


def pipeline(at: Bench) -> dict[str, float]:
    """The whole way of one long article, against the engine alone and one bare encode of the same
    PCM.
    """
    # The first, a short one, warms up and is not counted.
    _round(at, 0, WARM)
    rounds = [_round(at, number) for number in range(1, ROUNDS + 1)]
    sound = rounds[-1].sound
    whole = statistics.median(each.whole for each in rounds)
    return {
        "sound, s": sound,
        "engine alone, s of processor": statistics.median(
            each.engine for each in rounds
        ),
        "three bare encodes, s of processor": statistics.median(
            each.encoders for each in rounds
        ),
        "whole pipeline, s of processor": whole,
        **spread(
            "pipeline / (engine + three encodes)", [each.ratio for each in rounds]
        ),
        "sound / pipeline": sound / whole,
    }


def _round(at: Bench, number: int, most: int | None = None) -> Round:
    title = f"Bản tin thử số {say(str(number + 101))}"
    texts = at.texts(number + 101, most)
    lines = [Line(sentence.spoken) for sentence in read(passages_of(title, "", texts))]
    shelf = Memory()
    engine_s = spent(partial(_speak, lines, shelf))
    pcm = stitch(list(shelf.clips.values()), [450] * len(shelf.clips)).pcm
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as scratch:
        folder = Path(scratch)
        encoders_s = sum(
            spent(partial(bare_encode, recipe, pcm, folder))
            for recipe in RECIPES.values()
        )
        whole_s = spent(partial(_publish, title, texts, folder, at.migrations))
    return Round(len(pcm) / SAMPLE_BYTES / RATE, engine_s, encoders_s, whole_s)


# Voices of their own: what an engine's process used is told when it has ended.
def _speak(lines: Sequence[Line], shelf: Memory) -> None:
    with closing(Voices([VOICE])) as voices:
        record(lines, VOICE, voices.engine(VOICE.engine), shelf)


def _publish(title: str, texts: Sequence[str], folder: Path, migrations: Path) -> None:
    with closing(Voices([VOICE])) as voices:
        studio = open_studio(folder, voices, migrations)
        publish(title, texts, studio)
        studio.newsroom.database.close()


def edit(at: Bench) -> dict[str, float]:
    """One sentence of a long episode changed, beside the whole of it."""
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        studio = open_studio(Path(folder), at.voices, at.migrations)
        episodes = studio.newsroom.episodes
        texts: list[str] = []
        while sum(map(len, texts)) < EDITED_S * CHARACTERS_A_SECOND:
            texts += at.texts(len(texts) + 7)
        whole = spent(partial(publish, "Bản tin dài", texts, studio))
        episode = episodes.cards()[0][0]
        took: list[float] = []
        for n in range(ROUNDS):
            words = f"câu này đã được sửa lần {say(str(n + 1))}"
            episodes.say_otherwise(episode.id, 9, words, "bench")
            took.append(spent(partial(work_all, studio)) / whole)
        seconds = episodes.cards()[0][0].seconds or 0.0
        studio.newsroom.database.close()
    return {
        "long episode, s of sound": seconds,
        **spread("one sentence changed / the whole", took),
    }


def lanes(at: Bench) -> dict[str, float]:
    """Work done by two lanes on two processors, beside one lane on one:
    a lane alone would use both.
    """
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2:
        return {}
    took = {count: _lanes_s(at, count) for count in (1, 2)}
    return {"two lanes / one lane, a processor each": took[1] / took[2]}


def _lanes_s(at: Bench, count: int) -> float:
    """Seconds for some articles with so many lanes, and as many processors."""
    with (
        _processors(count),
        closing(Voices([VOICE])) as voices,
        tempfile.TemporaryDirectory(prefix="loa-bench-") as folder,
    ):
        studio = open_studio(Path(folder), voices, at.migrations)
        for n in range(LANE_JOBS):
            half = at.texts(n + 3, len(at.paragraphs) // 2)
            texts = tuple(f"{text} {say(str(count))}." for text in half)
            article = NewArticle(f"Bài {n}", texts, f"{n}", ("thu",))
            studio.newsroom.articles.receive(article, "bench")
        began = time.perf_counter()
        _work_in(studio, count)
        took = time.perf_counter() - began
        studio.newsroom.database.close()
    return took


def _work_in(studio: Studio, lanes: int) -> None:
    with ThreadPoolExecutor(lanes) as pool:
        running = [pool.submit(work_all, studio) for _ in range(lanes)]
    for lane in running:
        lane.result()


@contextmanager
def _processors(count: int) -> Iterator[None]:
    """Threads and processes that begin within have so many processors."""
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(every)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)
