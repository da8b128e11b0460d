"""The whole line: an article to its published episode, one sentence changed, two lanes."""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from audio.booth import Line, record
from audio.clips import Memory
from audio.master import Master
from audio.recipes import RECIPES
from audio.stitch import stitch
from audio.voice import RATE, SAMPLE_BYTES
from bench.common import (
    ROUNDS,
    VOICE,
    Bench,
    bare_encode,
    open_studio,
    publish,
    spent,
    used,
    work_all,
)
from bench.figures import Figure, Goal
from service.newsroom.values import NewArticle
from service.vietnamese import read, say
from service.vietnamese.article import passages_of
from workers.studio import Studio
from workers.voices import Voices

# Paragraphs of the round that is not counted.
WARM = 6
# A bulletin of a quarter of an hour.
EDITED_S = 900
# Of written news, spoken by the offline voice.
CHARACTERS_A_SECOND = 14.5
LANE_JOBS = 4
# Sentences changed one after another; the first warms up.
EDITS = 6


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


def pipeline(at: Bench) -> list[Figure]:
    """The whole way of one long article, against the engine alone and three bare encodes of the same
    PCM.
    """
    # The first, a short one, warms up and is not counted.
    _round(at, 0, WARM)
    rounds = [_round(at, number) for number in range(1, ROUNDS + 1)]
    return _figures_of("samples", rounds)


def page(at: Bench) -> list[Figure]:
    """The same of one page, as people hand it in, and then one of its sentences changed."""
    if not at.page:
        return [Figure("page", lacking="no page given (--page FILE)")]
    texts = [list(at.page)] * (ROUNDS + 1)
    rounds = [
        _one_round(
            f"Trang số {say(str(n + 1))}",
            [*text, f"Lượt {say(str(n + 501))}."],
            at.migrations,
        )
        for n, text in enumerate(texts)
    ]
    return [*_figures_of("page", rounds[1:]), *_edited(at)]


def _figures_of(name: str, rounds: Sequence[Round]) -> list[Figure]:
    """Of several rounds of one text."""
    return [
        Figure(f"{name}: sound, s", (rounds[-1].sound,)),
        Figure(f"{name}: engine alone, s", tuple(each.engine for each in rounds)),
        Figure(
            f"{name}: three bare encodes, s", tuple(each.encoders for each in rounds)
        ),
        Figure(
            f"{name}: whole line, three masters, s",
            tuple(each.whole for each in rounds),
        ),
        Figure(
            f"{name}: whole line / (engine + three encodes)",
            tuple(each.ratio for each in rounds),
            Goal(1.35),
        ),
    ]


def _round(at: Bench, number: int, most: int | None = None) -> Round:
    title = f"Bản tin thử số {say(str(number + 101))}"
    return _one_round(title, at.texts(number + 101, most), at.migrations)


def _one_round(title: str, texts: Sequence[str], migrations: Path) -> Round:
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
        # An installation's tables are there before its articles.
        studio = open_studio(folder, Voices([VOICE]), migrations)
        whole_s = spent(partial(_publish, title, texts, studio))
        studio.newsroom.database.close()
    return Round(len(pcm) / SAMPLE_BYTES / RATE, engine_s, encoders_s, whole_s)


# Voices of their own: what an engine's process used is told when it has ended.
def _speak(lines: Sequence[Line], shelf: Memory) -> None:
    with closing(Voices([VOICE])) as voices:
        record(lines, VOICE, voices.engine(VOICE.engine), shelf)


def _publish(title: str, texts: Sequence[str], studio: Studio) -> None:
    with closing(studio.voices):
        publish(title, texts, studio)


def _edited(at: Bench) -> list[Figure]:
    """Sentences of the page changed: until `app` can be heard, and until all masters are there."""
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        studio = open_studio(Path(folder), at.voices, at.migrations)
        publish("Trang tin", at.page, studio)
        number = studio.newsroom.episodes.cards()[0][0].id
        app: list[float] = []
        whole: list[float] = []
        for n in range(EDITS):
            words = f"câu này đã được sửa lần {say(str(n + 1))}"
            studio.newsroom.episodes.say_otherwise(number, 2 + 2 * n, words, "bench")
            heard_s, whole_s = _heard_and_whole(studio)
            app.append(heard_s)
            whole.append(whole_s)
        studio.newsroom.database.close()
    return [
        Figure("page: a changed sentence, app, s", tuple(app[1:]), Goal(0.15)),
        Figure("page: a changed sentence, all masters, s", tuple(whole[1:]), Goal(0.7)),
    ]


def _heard_and_whole(at: Studio) -> tuple[float, float]:
    """Seconds of the processor until `app` of what waits is heard, and until all is there."""
    began = used()
    heard_s: list[float] = []

    def make_and_note(*given: Any) -> list[Master]:
        usual, heard = given[:-1], given[-1]

        def noted(app: Master) -> None:
            heard(app)
            heard_s.append(used() - began)

        return at.make(*usual, noted)

    work_all(replace(at, make=make_and_note))
    return heard_s[-1], used() - began


def edit(at: Bench) -> list[Figure]:
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
    return [
        Figure("long episode, s of sound", (seconds,)),
        Figure("one sentence changed / the whole", tuple(took), Goal(0.05)),
    ]


def lanes(at: Bench) -> list[Figure]:
    """Work done by two lanes on two processors, beside one lane on one:
    a lane alone would use both.
    """
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2:
        return [Figure("two lanes / one lane", lacking="one processor")]
    ratios = tuple(_lanes_s(at, 1) / _lanes_s(at, 2) for _ in range(ROUNDS))
    goal = Goal(1.7, at_least=True)
    return [Figure("two lanes / one lane, a processor each", ratios, goal)]


def _lanes_s(at: Bench, count: int) -> float:
    """Seconds for some articles with so many lanes, and as many processors.

    No sentence is in two of them: a lane alone would find what it made of it a moment ago, which
    two lanes side by side make twice.
    """
    with (
        _processors(count),
        closing(Voices([VOICE])) as voices,
        tempfile.TemporaryDirectory(prefix="loa-bench-") as folder,
    ):
        studio = open_studio(Path(folder), voices, at.migrations)
        for n in range(LANE_JOBS):
            texts = tuple(at.paragraphs[n::LANE_JOBS])
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
