"""A script laid out for one master: parts of a sentence or a few,
and what is known of each one's sound.

A part is what is encoded together, and what an edit costs. What was once measured of it lies on a
shelf under the names of its clips, so that clips are read only for parts that have changed.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

import numpy as np

from audio.chain import Profile, profile, shaped
from audio.clips import Shelf, fetched
from audio.ffmpeg import RAW, run
from audio.loudness import Samples
from audio.recipes import Recipe
from audio.stitch import (
    LEAD_IN_MS,
    LEAD_OUT_MS,
    REST_MS,
    Cue,
    Segment,
    Sound,
    parts_of,
    stitch,
)
from audio.voice import RATE

T = TypeVar("T")

# Four minutes of parts, behind two equalisers.
SHAPED_BYTES = 48_000_000
# Of the way in which parts are cut, laid out and joined: part of every key.
BUILD = "2"


class LostClips(Exception):
    """Clips that were spoken are gone from the shelf; `keys` names them.

    They can be spoken again.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(f"{len(keys)} clips are gone")
        self.keys = tuple(keys)


class Respoken(Exception):
    """A clip is not what it was when its part was measured:
    all that was kept of parts must be measured anew.
    """


class Once(Generic[T]):
    """What several masters of one making need, made by the first that asks."""

    def __init__(self) -> None:
        self._made: dict[str, Future[T]] = {}
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """What `make` gave for this key; what it raised, everybody gets."""
        with self._lock:
            others = self._made.get(key)
            ours: Future[T] = Future()
            if others is None:
                self._made[key] = ours
        # Outside the lock: others may make what has another key meanwhile.
        if others is not None:
            return others.result()
        try:
            ours.set_result(make())
        except BaseException as error:
            ours.set_exception(error)
            raise
        return ours.result()


class Shaped:
    """Parts behind the equaliser that were measured a moment ago, as far as there is room:
    an hour of them would be 350 MB.
    """

    def __init__(self, room: int = SHAPED_BYTES) -> None:
        self._room = room
        self._sounds: dict[str, list[Samples]] = {}
        self._lock = threading.Lock()

    def put(self, key: str, sound: list[Samples]) -> None:
        """Keeps a part's sound if there is room for it."""
        size = sum(block.nbytes for block in sound)
        with self._lock:
            if size <= self._room:
                self._room -= size
                self._sounds[key] = sound

    def get(self, key: str) -> list[Samples] | None:
        """A part's sound; None when there was no room for it, or it was not measured now."""
        return self._sounds.get(key)


@dataclass(frozen=True, slots=True)
class Tape:
    """The clips of one making."""

    clips: Shelf

    def all(self, keys: Sequence[str]) -> list[bytes]:
        """House PCM of these clips; LostClips names all that are gone."""
        sounds: dict[str, bytes] = {}
        for key in keys:
            pcm = self.clips.get(key)
            if pcm is not None:
                sounds[key] = pcm
        lost = [key for key in keys if key not in sounds]
        if lost:
            raise LostClips(lost)
        return [sounds[key] for key in keys]


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a part's sound: its digest, where its sentences lie,
    its length in samples, its profile.
    """

    digest: str
    cues: tuple[Cue, ...]
    samples: int
    profile: Profile

    def record(self) -> bytes:
        """As a shelf keeps it: a line of JSON, the energies, the peaks."""
        head = {
            "digest": self.digest,
            "cues": [(cue.start, cue.end) for cue in self.cues],
            "samples": self.samples,
        }
        by_ms = np.stack((self.profile.energy, self.profile.peak))
        return b"".join((json.dumps(head).encode(), b"\n", by_ms.tobytes()))

    @classmethod
    def read(cls, record: bytes) -> "Measured":
        """Back from the shelf."""
        line, _, rest = record.partition(b"\n")
        head = json.loads(line)
        by_ms = np.frombuffer(rest, np.float32).reshape(2, -1)
        cues = tuple(Cue(start, end) for start, end in head["cues"])
        return cls(head["digest"], cues, head["samples"], Profile(*by_ms))


@dataclass(frozen=True, slots=True)
class Part:
    """A part as one master lays it out.

    `sound` is it behind the equaliser: as it was measured, or stitched again when there was no
    room for it; Respoken when that is no more what was measured. `frames` are those of the
    master's encoder, of which the `last` part brings more.
    """

    sound: Callable[[], Iterable[Samples]]
    measured: Measured
    frames: int
    last: bool


@dataclass(frozen=True, slots=True)
class _Cut:
    """A part before anything is known of its sound: its clips,
    the pause after each, the silence before it.
    """

    clips: tuple[str, ...]
    pauses_ms: tuple[int, ...]
    lead_in_ms: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How one master lays its script out: its pauses, its tempo, parts of whole frames.

    `measured` and `shaped` are shared by the masters of a making. `anew` trusts nothing that was kept of parts.
    """

    recipe: Recipe
    tape: Tape
    kept: Shelf
    measured: Once[Measured]
    shaped: "Shaped"
    anew: bool = field(default=False)

    def parts(self, script: Sequence[Sound]) -> list[Part]:
        """The script's parts in their order.

        LostClips when one that is not on the shelf lacks its clips.
        """
        cuts = self._cuts(script)
        keys = [self._key(cut) for cut in cuts]
        on_shelf = {} if self.anew else fetched(self.kept, keys)
        return [
            self._part(cut, key, on_shelf.get(key), is_last=number == len(cuts))
            for number, (cut, key) in enumerate(zip(cuts, keys, strict=True), start=1)
        ]

    def _cuts(self, script: Sequence[Sound]) -> list[_Cut]:
        cuts: list[_Cut] = []
        groups = list(parts_of(script))
        for number, sounds in enumerate(groups, start=1):
            pauses_ms = [round(sound.pause_ms * self.recipe.pauses) for sound in sounds]
            if number == len(groups):
                pauses_ms[-1] = LEAD_OUT_MS
            clips = tuple(sound.clip for sound in sounds)
            lead_in_ms = LEAD_IN_MS + self.recipe.lead_in_ms if number == 1 else 0
            cuts.append(_Cut(clips, tuple(pauses_ms), lead_in_ms))
        return cuts

    def _key(self, cut: _Cut) -> str:
        return key_of("part", cut, self.recipe.tempo, self.recipe.chain.bands)

    def _part(
        self, cut: _Cut, key: str, record: bytes | None, *, is_last: bool
    ) -> Part:
        known = self.measured.get(key, partial(self._known, cut, key, record))
        return Part(
            partial(self._sound, cut, key, known.digest),
            known,
            self._frames(known.samples, cut.pauses_ms[-1]),
            is_last,
        )

    def _known(self, cut: _Cut, key: str, record: bytes | None) -> Measured:
        if record is not None:
            return Measured.read(record)
        segment = self._stitched(cut)
        measured, sound = profile(segment.pcm, self.recipe.chain)
        self.shaped.put(key, sound)
        known = Measured(_digest(segment), segment.cues, segment.samples, measured)
        self.kept.put(key, known.record())
        return known

    def _frames(self, samples: int, pause_ms: int) -> int:
        """Whole frames for a part: the nearest number where it ends in silence,
        else as many as hold all of it.
        """
        at_rate, whole = samples * self.recipe.rate, RATE * self.recipe.frame
        return round(at_rate / whole) if pause_ms >= REST_MS else -(-at_rate // whole)

    def _sound(self, cut: _Cut, key: str, digest: str) -> Iterable[Samples]:
        sound = self.shaped.get(key)
        if sound is not None:
            return sound
        segment = self._stitched(cut)
        if _digest(segment) != digest:
            raise Respoken
        return shaped(segment.pcm, self.recipe.chain.bands)

    def _stitched(self, cut: _Cut) -> Segment:
        segment = stitch(self.tape.all(cut.clips), cut.pauses_ms, cut.lead_in_ms)
        if self.recipe.tempo == 1.0:
            return segment
        return _at_tempo(segment, self.recipe.tempo)


def key_of(*parts: object) -> str:
    """The name under which a shelf keeps what was made of these."""
    return hashlib.sha256(repr((BUILD, *parts)).encode()).hexdigest()


def _digest(segment: Segment) -> str:
    return hashlib.blake2b(segment.pcm, digest_size=16).hexdigest()


def _at_tempo(segment: Segment, tempo: float) -> Segment:
    """The segment faster or slower, at the same pitch."""
    through = [*RAW, "-i", "pipe:0", "-af", f"atempo={tempo}", *RAW, "pipe:1"]
    pcm = run(through, [segment.pcm])
    # What ffmpeg made of it is not exactly as long as the tempo says.
    ratio = len(pcm) / len(segment.pcm)
    cues = [
        Cue(round(cue.start * ratio), round(cue.end * ratio)) for cue in segment.cues
    ]
    return Segment(pcm, tuple(cues))
