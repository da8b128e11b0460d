"""Sound alone: stitching and masters beside bare encodes, and the memory they take."""

import multiprocessing
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from audio.booth import Line, record
from audio.clips import AtHand, Memory
from audio.master import make
from audio.recipes import RECIPES
from audio.stitch import Sound, stitch
from audio.voice import RATE, SAMPLE_BYTES
from bench.common import (
    ROUNDS,
    VOICE,
    Bench,
    bare_encode,
    spent,
    tags,
)
from bench.figures import Figure, Goal
from service.newsroom.store.files import Clips, Folder
from service.vietnamese import Passage, read

# Some stories, and the longest slot.
MASTERED_S = 400
HOUR_S = 3600
# Clips.
STITCHED = 600


def masters(at: Bench) -> list[Figure]:
    """What stitching and mastering cost the processor,
    beside a bare join and three bare encodes of the same PCM.
    """
    script, shelf = _spoken(at, MASTERED_S)
    clips = [shelf.clips[sound.clip] for sound in script]
    pcm = stitch(clips, [sound.pause_ms for sound in script]).pcm
    # Pair by pair: what the machine does meanwhile touches both of a pair alike.
    ratios: list[float] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
            bare = _bare_encodes_s(pcm, Path(folder))
            ours = spent(partial(_all_masters, script, shelf, Path(folder)))
            ratios.append(ours / bare)
    stitching = _stitching(clips)
    return [
        Figure("stitching 600 clips / joining their bytes", stitching, Goal(1.5)),
        Figure("three masters / three bare encodes", tuple(ratios), Goal(1.35)),
    ]


def _stitching(clips: Sequence[bytes]) -> tuple[float, ...]:
    """How many times as long as joining bytes, pair by pair."""
    many = [clips[n % len(clips)] for n in range(STITCHED)]
    no_pauses = [0] * len(many)
    pairs = [
        (spent(partial(stitch, many, no_pauses)), spent(partial(b"".join, many)))
        for _ in range(2 * ROUNDS)
    ]
    return tuple(stitching / max(join, 1e-6) for stitching, join in pairs)


def _bare_encodes_s(pcm: bytes, folder: Path) -> float:
    return sum(
        spent(partial(bare_encode, recipe, pcm, folder)) for recipe in RECIPES.values()
    )


def _all_masters(script: Sequence[Sound], shelf: Memory, folder: Path) -> None:
    make(list(RECIPES.values()), script, shelf, Memory(), tags, folder)


def memory(at: Bench) -> list[Figure]:
    """Most memory of a process of its own that masters an hour, in MB.

    0 where the system does not tell.
    """
    some, shelf = _spoken(at, MASTERED_S)
    # No passage is another's, or it would be encoded once.
    hour = [
        replace(sound, passage=sound.passage + 10_000 * n, pause_ms=sound.pause_ms + n)
        for n in range(HOUR_S // MASTERED_S)
        for sound in some
    ]
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        clips = Clips(Folder(Path(folder)), "clips")
        for key, pcm in shelf.clips.items():
            clips.put(key, pcm)
        with context.Pool(1) as pool:
            most = pool.apply(_master_and_tell, (hour, folder))
    return [Figure("memory for an hour, MB", (most,))]


def _master_and_tell(script: Sequence[Sound], folder: str) -> float:
    """Masters a script in a process that does nothing else; its most memory, MB."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    files = Folder(Path(folder))
    out = Path(folder) / "out"
    out.mkdir()
    clips, kept = AtHand(Clips(files, "clips")), Clips(files, "passages")
    make(list(RECIPES.values()), script, clips, kept, tags, out)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _spoken(at: Bench, seconds: int) -> tuple[list[Sound], Memory]:
    """A script of about so many seconds, and the shelf its clips lie on."""
    shelf = Memory()
    engine = at.voices.engine(VOICE.engine)
    script: list[Sound] = []
    heard_s = 0.0
    while heard_s < seconds:
        sentences = read([Passage(text) for text in at.texts(len(script) + 5)])
        lines = [Line(sentence.spoken) for sentence in sentences]
        keys = record(lines, VOICE, engine, shelf).keys
        first = script[-1].passage + 1 if script else 0
        script += [
            Sound(key, sentence.pause_ms, first + sentence.passage)
            for key, sentence in zip(keys, sentences, strict=True)
        ]
        heard_s += sum(len(shelf.clips[key]) for key in keys) / SAMPLE_BYTES / RATE
    return script, shelf
