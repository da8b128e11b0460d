"""`loa bench`: what the work beyond the voice and the encoder costs, side by side with both, in one run."""

import multiprocessing
import os
import statistics
import subprocess  # noqa: TID251  # a fresh interpreter is what is measured
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from audio.booth import Line, record
from audio.clips import Memory
from audio.ffmpeg import RAW
from audio.ffmpeg import run as ffmpeg
from audio.master import make
from audio.recipes import RECIPES, Recipe
from audio.stitch import Sound, stitch
from audio.tags import Tags
from audio.voice import RATE, Voice
from service.intake import open_source
from service.newsroom import Newsroom
from service.newsroom.store.files import Clips, Folder
from service.newsroom.values import Lane, NewArticle, State, Station
from service.vietnamese import Passage, read, say
from service.vietnamese.article import passages_of
from workers.line import work
from workers.studio import Studio
from workers.voices import Voices

ROUNDS, WARM = 3, 6
MASTERED_S, EDITED_S, HOUR_S = (
    400,
    900,
    3600,
)  # some stories; a bulletin of a quarter of an hour; the longest slot
STITCHED = 600  # clips
CHARACTERS_A_SECOND = 14.5  # of written news, spoken by the offline voice
LANE_JOBS = 4
READING_CHARS = 400_000
ODD_CHARS = 20_000
# What makes patterns go astray: each piece is repeated to 20,000 characters.
ODD = (
    *(
        "1.",
        "(",
        "a",
        "A",
        "1",
        "1/",
        "1-",
        "-1",
        "a@",
        "www.",
        "XI, ",
        "1 ",
        "1:",
        '9"',
        '"V',
        "1.000.",
        "x9",
        "(-",
    ),
    *(
        "1/NĐ-CP",
        "tỷ số ",
        "5kg/",
        "ngày 1-",
        "Văn A. ",
        "1/2/2025 ",
        "0912.",
        "I/",
        "UBND ",
        ". . ",
        "đồng/người/",
    ),
)
FIRST = (
    "Đ/c Hoa, UBND xã, mời qua Zalo lúc 7h30 ngày 15/5/2025: giá 5.000đ/kg, theo NĐ 08/2022/NĐ-CP."
)
FRESH = """import sys, time
sys.pycache_prefix, sys.dont_write_bytecode = {!r}, False
began = time.process_time()
from service.vietnamese import say
say({!r})
print(time.process_time() - began)"""
VOICE = Voice("espeak", "vi")


def bench(
    samples: Path,
    migrations: Path,
    parts: Sequence[str] = (),
    tell: Callable[[str, str], object] = lambda part, what: None,
) -> dict[str, float]:
    """Runs the parts named (all without a name) and gives the figures: seconds and ratios by name.

    `tell` is told which part begins, and what it measures.
    """
    stories = [open_source(str(path)) for path in sorted((samples / "articles").glob("*.txt"))]
    paragraphs = [
        text
        for story in stories
        for text in (story.title + ".", story.lead, *story.paragraphs)
        if text
    ]
    figures: dict[str, float] = {}
    with closing(Voices([VOICE])) as voices:
        for part in parts or PARTS:
            what, measure = PARTS[part]
            tell(part, what)
            figures |= measure(Bench(paragraphs, voices, migrations))
    return figures


@dataclass(frozen=True, slots=True)
class Bench:
    """What the parts work with."""

    paragraphs: Sequence[str]
    voices: Voices
    migrations: Path


def _pipeline(at: Bench) -> dict[str, float]:
    """The whole way of one long article, against the engine alone and one bare encode of the same PCM."""
    engine = at.voices.engine(VOICE.engine)
    floor: list[float] = []
    engine_s: list[float] = []
    encode_s: list[float] = []
    whole: list[float] = []
    seconds = 0.0
    for number in range(ROUNDS + 1):  # the first, a short one, warms up and is not counted
        title = f"Bản tin thử số {say(str(number + 101))}"
        texts = [
            f"{text} Lượt {say(str(number + 101))}."
            for text in (at.paragraphs if number else at.paragraphs[:WARM])
        ]
        lines = [Line(sentence.spoken) for sentence in read(passages_of(title, "", texts))]
        shelf = Memory()
        spoken = _timed(partial(record, lines, VOICE, engine, shelf))
        pcm = stitch([shelf.clips[key] for key in shelf.clips], [450] * len(shelf.clips)).pcm
        seconds = len(pcm) / 2 / RATE
        with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
            encoded = sum(
                _timed(partial(_bare, recipe, pcm, Path(folder))) for recipe in RECIPES.values()
            )
            studio = _studio(Path(folder), at.voices, at.migrations)
            took = _timed(partial(_publish, title, texts, studio))
            studio.newsroom.database.close()
        if number:
            engine_s.append(spoken)
            encode_s.append(encoded)
            floor.append(spoken + encoded)
            whole.append(took)
    ratios = [took / least for took, least in zip(whole, floor, strict=True)]
    return {
        "sound, s": seconds,
        "engine alone, s": statistics.median(engine_s),
        "three bare encodes, s": statistics.median(encode_s),
        "whole pipeline, s": statistics.median(whole),
        "pipeline / (engine + three encodes)": statistics.median(ratios),
        "sound / pipeline": seconds / statistics.median(whole),
    }


def _masters(at: Bench) -> dict[str, float]:
    """What stitching and mastering cost, beside a bare join and three bare encodes of the same PCM."""
    script, shelf = _spoken(at, MASTERED_S)
    clips = [shelf.clips[sound.clip] for sound in script]
    many = (clips * STITCHED)[:STITCHED]
    join, joined = min(_timed(partial(b"".join, many)) for _ in range(ROUNDS)), [0] * len(many)
    stitching = min(_timed(partial(stitch, many, joined)) for _ in range(ROUNDS))
    pcm = stitch(clips, [sound.pause_ms for sound in script]).pcm
    bare: list[float] = []
    ours: list[float] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
            bare.append(
                sum(
                    _timed(partial(_bare, recipe, pcm, Path(folder))) for recipe in RECIPES.values()
                )
            )
            ours.append(_timed(partial(_all_masters, script, shelf, Path(folder))))
    return {
        "stitching 600 clips / joining their bytes": stitching / join,
        "three masters / three bare encodes": min(ours) / min(bare),
    }


def _memory(at: Bench) -> dict[str, float]:
    """Most memory of a process of its own that masters an hour, in MB; 0 where the system does not tell."""
    some, shelf = _spoken(at, MASTERED_S)
    hour = [
        replace(
            sound, passage=sound.passage + 10_000 * n, pause_ms=sound.pause_ms + n
        )  # no passage is another's
        for n in range(HOUR_S // MASTERED_S)
        for sound in some
    ]
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        files = Folder(Path(folder))
        for key, pcm in shelf.clips.items():
            Clips(files, "clips").put(key, pcm)
        with context.Pool(1) as pool:
            return {"memory for an hour, MB": pool.apply(_master_and_tell, (hour, folder))}


def _master_and_tell(script: Sequence[Sound], folder: str) -> float:
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    files = Folder(Path(folder))
    out = Path(folder) / "out"
    out.mkdir()
    make(
        list(RECIPES.values()), script, Clips(files, "clips"), Clips(files, "passages"), _tags, out
    )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _edit(at: Bench) -> dict[str, float]:
    """One sentence of a long episode changed, beside the whole of it."""
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        studio = _studio(Path(folder), at.voices, at.migrations)
        texts: list[str] = []
        while sum(map(len, texts)) < EDITED_S * CHARACTERS_A_SECOND:
            texts += [f"{text} Lượt {say(str(len(texts) + 7))}." for text in at.paragraphs]
        whole = _timed(partial(_publish, "Bản tin dài", texts, studio))
        episode = studio.newsroom.episodes.cards()[0][0]
        took: list[float] = []
        for n in range(ROUNDS):
            studio.newsroom.episodes.say_otherwise(
                episode.id, 9, f"câu này đã được sửa lần {say(str(n + 1))}", "bench"
            )
            took.append(_timed(partial(_work_all, studio)))
        seconds = studio.newsroom.episodes.cards()[0][0].seconds or 0.0
        studio.newsroom.database.close()
    return {
        "long episode, s of sound": seconds,
        "one sentence changed / the whole": statistics.median(took) / whole,
    }


def _lanes(at: Bench) -> dict[str, float]:
    """Work done by two lanes on two processors, beside one lane on one: a lane alone would use both."""
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2:
        return {}
    all_of_them = os.sched_getaffinity(0)
    took: dict[int, float] = {}
    for lanes in (1, 2):
        os.sched_setaffinity(
            0, sorted(all_of_them)[:lanes]
        )  # threads and processes that begin now inherit it
        voices = Voices([VOICE])
        with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
            studio = _studio(Path(folder), voices, at.migrations)
            for n in range(LANE_JOBS):
                texts = tuple(
                    f"{text} Lượt {say(str(n + 3))} {say(str(lanes))}."
                    for text in at.paragraphs[: len(at.paragraphs) // 2]
                )
                studio.newsroom.articles.receive(
                    NewArticle(f"Bài {n}", texts, f"{n}", ("thu",)), "bench"
                )
            with ThreadPoolExecutor(lanes) as pool:
                began = time.perf_counter()
                list(pool.map(lambda _n, studio=studio: _work_all(studio), range(lanes)))
                took[lanes] = time.perf_counter() - began
            studio.newsroom.database.close()
        voices.close()
    os.sched_setaffinity(0, all_of_them)
    return {"two lanes / one lane, a processor each": took[1] / took[2]}


def _spoken(at: Bench, seconds: int) -> tuple[list[Sound], Memory]:
    """A script of about so many seconds, and the shelf its clips lie on."""
    shelf, script, heard = Memory(), list[Sound](), 0.0
    while heard < seconds:
        texts = [f"{text} Lượt {say(str(len(script) + 5))}." for text in at.paragraphs]
        sentences = read([Passage(text) for text in texts])
        keys = record(
            [Line(found.spoken) for found in sentences],
            VOICE,
            at.voices.engine(VOICE.engine),
            shelf,
        ).keys
        first = script[-1].passage + 1 if script else 0
        script += [
            Sound(key, found.pause_ms, first + found.passage)
            for key, found in zip(keys, sentences, strict=True)
        ]
        heard += sum(len(shelf.clips[key]) for key in keys) / 2 / RATE
    return script, shelf


def _bare(recipe: Recipe, pcm: bytes, folder: Path) -> None:
    """The encoder alone: house PCM in, a file out."""
    rate = ["-ar", str(recipe.rate)]
    ffmpeg(
        [*RAW, "-i", "pipe:0", *rate, *recipe.encoder, str(folder / f"bare-{recipe.name}")], [pcm]
    )


def _all_masters(script: Sequence[Sound], shelf: Memory, folder: Path) -> None:
    make(list(RECIPES.values()), script, shelf, Memory(), _tags, folder)


def _tags(_cues: Sequence[tuple[int, int]]) -> Tags:
    return Tags("Bản tin", "Đài thử", "Thử", datetime.now(UTC))


def _reading(paragraphs: Sequence[str]) -> dict[str, float]:
    """The reading alone: its start in a fresh interpreter, characters a second, the worst text; beside its peers.

    No figure of the text repeats. Times are the processor's, of the best round: the machine is seldom ours alone.
    """
    texts: list[str] = []
    size = number = 0
    while size < READING_CHARS:
        number += 1
        texts.append(f"{number}. {paragraphs[number % len(paragraphs)]} {number * 37} hộ.")
        size += len(texts[-1])
    passages = [Passage(text) for text in texts]
    odd = [[Passage((piece * ODD_CHARS)[:ODD_CHARS])] for piece in ODD]
    figures = {
        "reading, import and first line, s": statistics.median(_fresh(2 * ROUNDS)),
        "reading, characters/s": size / _best(partial(read, passages), time.process_time),
        "20,000 odd characters, worst, s": max(
            _best(partial(read, text), time.process_time) for text in odd
        ),
    }
    speed = size / _best(partial(read, passages), time.perf_counter)
    for name, open_peer in PEERS.items():
        try:
            peer = open_peer()
        except ImportError:
            continue  # the `peers` extra is not installed
        some, enough = [], 0
        for text in texts:
            some.append(text)
            if (enough := enough + len(text)) >= PEER_CHARS[name]:
                break
        theirs = enough / _best(
            partial(_each, peer, some), time.perf_counter
        )  # vinorm works in processes of its own
        figures[f"reading / {name}"] = speed / theirs
    return figures


def _fresh(times: int) -> list[float]:
    """Seconds until a new interpreter has read its first line; its own start is not counted.

    Its modules are compiled, as they are where Loa is installed: a run before those that count sees to that.
    """
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        line = FRESH.format(folder, FIRST)
        told = [
            subprocess.run(
                [sys.executable, "-c", line], cwd=root, capture_output=True, check=True
            ).stdout
            for _ in range(1 + times)
        ]
    return [float(each) for each in told[1:]]


def _each(peer: Callable[[str], object], texts: Sequence[str]) -> None:
    for text in texts:
        peer(text)


def _sea_g2p() -> Callable[[str], object]:
    from sea_g2p import Normalizer

    found: Callable[[str], object] = Normalizer().normalize
    return found


def _vietnormalizer() -> Callable[[str], object]:
    from vietnormalizer import VietnameseNormalizer

    found: Callable[[str], object] = VietnameseNormalizer().normalize
    return found


def _vinorm() -> Callable[[str], object]:
    from vinorm import TTSnorm

    found: Callable[[str], object] = TTSnorm
    return found


PEERS: dict[str, Callable[[], Callable[[str], object]]] = {
    "sea-g2p": _sea_g2p,
    "vietnormalizer": _vietnormalizer,
    "vinorm": _vinorm,
}
PEER_CHARS = {
    "sea-g2p": 100_000,
    "vietnormalizer": 100_000,
    "vinorm": 2_000,
}  # vinorm starts a process a line


# In the order of running: what each measures, and how.
PARTS: dict[str, tuple[str, Callable[[Bench], dict[str, float]]]] = {
    "pipeline": (
        "from the article to the published episode, beside the voice and the encoders alone",
        _pipeline,
    ),
    "masters": ("stitching and three masters, beside bare encodes of the same sound", _masters),
    "memory": ("the memory of a process that masters an hour", _memory),
    "edit": ("one sentence of a long episode changed", _edit),
    "lanes": ("two lanes on two processors, beside one on one", _lanes),
    "reading": ("the reading, beside others", lambda at: _reading(at.paragraphs)),
}


def _studio(folder: Path, voices: Voices, migrations: Path) -> Studio:
    newsroom = Newsroom.open(
        f"sqlite:///{folder.as_posix()}/loa.db", Folder(folder / "files"), migrations
    )
    newsroom.database.migrate()
    newsroom.stations.put(Station("thu", "Đài thử"))
    return Studio(newsroom, voices)


def _publish(title: str, texts: Sequence[str], at: Studio) -> None:
    """From the article to the published episode, as one worker does it."""
    article = NewArticle(title, tuple(texts), title, ("thu",), published_at=datetime.now(UTC))
    receipt = at.newsroom.articles.receive(article, "bench")
    _work_all(at)
    if held := at.newsroom.episodes.get(receipt.episode_id).held_detail:
        raise RuntimeError(f"the benchmark's episode is held: {held}")
    at.newsroom.episodes.approve(receipt.episode_id, "bench", version=1)
    _work_all(at)
    if (state := at.newsroom.episodes.get(receipt.episode_id).state) is not State.PUBLISHED:
        raise RuntimeError(f"the benchmark's episode is {state}")


def _work_all(at: Studio) -> None:
    while job := at.newsroom.jobs.claim("bench", tuple(Lane)):
        work(job, at)


def _best(do: Callable[[], object], clock: Callable[[], float]) -> float:
    """Seconds by a clock, of the best of a few rounds."""
    took: list[float] = []
    for _ in range(ROUNDS):
        began = clock()
        do()
        took.append(clock() - began)
    return min(took)


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began
