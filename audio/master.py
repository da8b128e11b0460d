"""Masters: one recording at its loudness, encoded and tagged for those who hear it, measured on what was written.

A master is made passage by passage: each is stitched, shaped and encoded into frames that stand alone, and these are
joined under one header. Passages that are what they were, at the setting they had, come from the shelf: a changed
sentence costs its own passage. What a player will hear is measured as ffmpeg decodes each frame after encoding it.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from audio.chain import Profile, Setting, finished, profile, settle
from audio.clips import Shelf
from audio.encode import Encoded, Finished, build, contained, encode
from audio.ffmpeg import RAW, FfmpegError, run
from audio.loudness import SILENCE_LUFS, Samples, gated
from audio.recipes import Recipe
from audio.stitch import LEAD_IN_MS, LEAD_OUT_MS, Cue, Segment, Sound, passages, stitch
from audio.tags import Tags
from audio.voice import RATE

T = TypeVar("T")

BUILD = "1"  # of this file's own way to cut and join: part of every key
MOST_DRIFT_S = 0.030  # a file whose length differs more from its cues is not let out
MOST_TRUE_PEAK = -1.1  # dBTP: −1 is promised, and other meters differ by a tenth
MOST_MISS_LU = 0.35  # half a unit is promised; ffmpeg's own meter may differ by a few hundredths
MOST_LET_OUT_LU = 3.0  # a miss that a listener hears and can live with: such a file is let out, and tells its loudness
MOST_AT_ONCE = 2  # masters: each keeps an encoder and a meter busy; more only take memory
HELD_BYTES = 64_000_000  # twenty minutes of clips
ONE_SETTLES = threading.Lock()  # at a time: an hour takes 100 MB
PRESSED_GAIN_DB, SPARE_DB = 15.0, 0.4
TRIES = 7  # settings tried for one master
SHORTEST_JUDGED_S = 3.0  # a word or two have no loudness worth holding an episode for


class LostClips(Exception):
    """Clips that were spoken are gone from the shelf; `keys` names them. They can be spoken again."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(f"{len(keys)} clips are gone")
        self.keys = tuple(keys)


@dataclass(frozen=True, slots=True)
class Master:
    """A finished file, still in a folder of the caller's. `lufs` and `true_peak` (dBTP) were measured on it.

    `cues` are in samples at the recipe's rate.
    """

    recipe: Recipe
    path: Path
    bytes: int
    sha256: str
    seconds: float
    lufs: float
    true_peak: float
    cues: tuple[Cue, ...] = field(default=())

    @property
    def cues_ms(self) -> tuple[tuple[int, int], ...]:
        """When each sentence sounds."""
        return tuple(cue.ms(self.recipe.rate) for cue in self.cues)


def make(
    recipes: Sequence[Recipe],
    script: Sequence[Sound],
    clips: Shelf,
    kept: Shelf,
    tags: Callable[[Sequence[tuple[int, int]]], Tags],
    folder: Path,
) -> list[Master]:
    """Masters by these recipes of one script, written into `folder`, side by side.

    `kept` is where finished passages are found and left; `tags` is asked with the cues (ms) of each master.
    LostClips when clips are not on their shelf; FfmpegError when a master cannot be made, has peaks that are not safe,
    misses its loudness by more than `MOST_LET_OUT_LU` or is not as long as its cues promise; then none of them counts.
    """
    tape, profiles = _Tape(clips), _Once[Profile]()
    with ThreadPoolExecutor(min(len(recipes), MOST_AT_ONCE), thread_name_prefix="master") as pool:
        running = {
            recipe.name: pool.submit(
                _Making(recipe, script, tape, kept, profiles).file, tags, folder
            )
            for recipe in sorted(recipes, key=lambda recipe: -recipe.effort)
        }
        return [running[recipe.name].result() for recipe in recipes]


class _Once(Generic[T]):
    """What several masters of one making need, made by the first that asks."""

    def __init__(self) -> None:
        self._made: dict[str, Future[T]] = {}
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """What `make` gave for this key; what it raised, everybody gets."""
        with self._lock:
            found = self._made.get(key)
            mine = found is None
            if found is None:
                found = self._made[key] = Future()
        if mine:
            try:
                found.set_result(make())
            except BaseException as error:
                found.set_exception(error)
                raise
        return found.result()


class _Tape:
    """The clips of one making: kept at hand for all its masters, as far as there is room."""

    def __init__(self, clips: Shelf) -> None:
        self._clips = clips
        self._held: dict[str, bytes] = {}
        self._room = HELD_BYTES

    def all(self, keys: Sequence[str]) -> list[bytes]:
        """House PCM of these clips; LostClips names all that are gone."""
        found = {key: self._get(key) for key in keys}
        if lost := [key for key in keys if found[key] is None]:
            raise LostClips(lost)
        return [pcm for key in keys if (pcm := found[key]) is not None]

    def _get(self, key: str) -> bytes | None:
        pcm = self._held.get(key)
        if pcm is None and (pcm := self._clips.get(key)) is not None and len(pcm) <= self._room:
            self._held[key] = pcm
            self._room -= len(pcm)
        return pcm


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage as this master lays it out: its sound (to be stitched again when needed), and what is known of it."""

    stitched: Callable[[], Segment]
    digest: str
    cues: tuple[Cue, ...]
    frames: int
    last: bool
    profile: Profile


def _ceiling_step(passed_db: float, attempt: int, pressed: bool) -> float:
    """Decibels by which a passage's ceiling is lowered: encoders overshoot here and there, and more is taken each time.

    `passed_db` is how far its peak passes the most allowed; where it does not and the limiter is pressed, the ceiling
    rises (a negative step) into that room.
    """
    if passed_db > 0:
        return round(passed_db + 0.35 * attempt, 1)
    return round(min(0.0, passed_db + SPARE_DB), 1) if pressed else 0.0


@dataclass(frozen=True, slots=True)
class _Try:
    """All passages at one setting: how loud the whole is (LUFS), by how much it `miss`es that, and its peak (dBTP)."""

    encoded: Sequence[Encoded]
    lufs: float
    miss: float
    true_peak: float


@dataclass(frozen=True, slots=True)
class _Making:
    """One master on its way."""

    recipe: Recipe
    script: Sequence[Sound]
    tape: _Tape
    kept: Shelf
    profiles: _Once[Profile]

    def file(self, tags: Callable[[Sequence[tuple[int, int]]], Tags], folder: Path) -> Master:
        """Settles the chain, has the passages encoded, and joins them; again when the result misses its target."""
        parts = self._passages()
        missed, over, full = -self.recipe.encoder_db, [0.0] * len(parts), [False] * len(parts)
        tries: list[_Try] = []
        for attempt in range(1, TRIES + 1):
            with ONE_SETTLES:
                setting = settle([part.profile for part in parts], self.recipe.chain, missed)
            encoded = self._encoded(
                parts, [replace(setting, ceiling_db=setting.ceiling_db - db) for db in over]
            )
            lufs = gated(np.concatenate([part.energy for part in encoded]))
            miss = self.recipe.chain.target_lufs - lufs if lufs > SILENCE_LUFS else 0.0
            passed = [part.true_peak - MOST_TRUE_PEAK for part in encoded]
            tries.append(_Try(encoded, lufs, miss, max(passed) + MOST_TRUE_PEAK))
            if abs(miss) <= MOST_MISS_LU and max(passed) <= 0:
                break
            # More gain would only be limited away: then ceilings rise into the room that the encoder left, but never
            # again where a peak has passed once: so the tries come to an end.
            pressed = miss > MOST_MISS_LU and setting.gain_db > PRESSED_GAIN_DB
            full = [was or by > 0 for was, by in zip(full, passed, strict=True)]
            missed += miss if abs(miss) > MOST_MISS_LU and not pressed else 0.0
            over = [
                db + _ceiling_step(by, attempt, pressed and not done)
                for db, by, done in zip(over, passed, full, strict=True)
            ]
        return self._joined(parts, self._best(parts, tries), tags, folder)

    def _best(self, parts: Sequence[_Passage], tries: Sequence[_Try]) -> _Try:
        """The try that is nearest to its loudness among those whose peaks are safe; FfmpegError when it is not near."""
        last = tries[-1]
        safe = [each for each in tries if each.true_peak <= MOST_TRUE_PEAK]
        best = min(safe, key=lambda each: abs(each.miss), default=last)
        seconds = sum(part.frames for part in parts) * self.recipe.frame / self.recipe.rate
        if (not safe or abs(best.miss) > MOST_LET_OUT_LU) and seconds > SHORTEST_JUDGED_S:
            raise FfmpegError(
                f"{self.recipe.name} has {last.lufs:.1f} LUFS and {last.true_peak:.1f} dBTP, whatever we set"
            )
        return best

    def _passages(self) -> list[_Passage]:
        """The script in this master's layout: its pauses, its tempo, each passage filled up to whole frames."""
        recipe, found = self.recipe, []
        groups = list(passages(self.script))
        for number, sounds in enumerate(groups):
            last = number == len(groups) - 1
            pauses = [round(sound.pause_ms * recipe.pauses) for sound in sounds]
            if last:
                pauses[-1] = LEAD_OUT_MS
            stitched = partial(self._stitched, sounds, pauses, LEAD_IN_MS if number == 0 else 0)
            segment = stitched()
            digest = hashlib.blake2b(segment.pcm, digest_size=16).hexdigest()
            found.append(
                _Passage(
                    stitched,
                    digest,
                    segment.cues,
                    -(-segment.samples * recipe.rate // (RATE * recipe.frame)),
                    last,
                    self._profile(segment, digest),
                )
            )
        return found

    def _stitched(
        self, sounds: Sequence[Sound], pauses_ms: Sequence[int], lead_in_ms: int
    ) -> Segment:
        segment = stitch(self.tape.all([sound.clip for sound in sounds]), pauses_ms, lead_in_ms)
        if self.recipe.tempo == 1.0:
            return segment
        slow = run(
            [*RAW, "-i", "pipe:0", "-af", f"atempo={self.recipe.tempo}", *RAW, "pipe:1"],
            [segment.pcm],
        )
        by = len(slow) / len(segment.pcm)
        return Segment(
            slow, tuple(Cue(round(cue.start * by), round(cue.end * by)) for cue in segment.cues)
        )

    def _profile(self, segment: Segment, digest: str) -> Profile:
        key = _key("profile", digest, self.recipe.chain.bands)

        def known() -> Profile:
            if (record := self.kept.get(key)) is not None:
                return Profile(*np.frombuffer(record, np.float32).reshape(2, -1))
            found = profile(segment.pcm, self.recipe.chain)
            self.kept.put(key, np.stack((found.energy, found.peak)).tobytes())
            return found

        return self.profiles.get(key, known)

    def _encoded(self, parts: Sequence[_Passage], settings: Sequence[Setting]) -> list[Encoded]:
        """Every passage's frames: from the shelf, or encoded together now."""
        pairs = list(zip(parts, settings, strict=True))
        keys = [
            _key("frames", part.digest, part.last, setting, self.recipe, build())
            for part, setting in pairs
        ]
        wanted = dict(zip(keys, pairs, strict=True))
        found = {
            key: Encoded.of(record) for key in wanted if (record := self.kept.get(key)) is not None
        }
        missing = [key for key in wanted if key not in found]
        if missing:
            ready = [
                Finished(partial(self._finished, part, setting), part.frames, part.last)
                for part, setting in (wanted[key] for key in missing)
            ]
            for key, encoded in zip(missing, encode(self.recipe, ready), strict=True):
                self.kept.put(key, encoded.record())
                found[key] = encoded
        return [found[key] for key in keys]

    def _finished(self, part: _Passage, setting: Setting) -> Iterator[Samples]:
        return finished(part.stitched().pcm, part.profile, self.recipe.chain, setting)

    def _joined(
        self,
        parts: Sequence[_Passage],
        done: _Try,
        tags: Callable[[Sequence[tuple[int, int]]], Tags],
        folder: Path,
    ) -> Master:
        recipe = self.recipe
        cues: list[Cue] = []
        at = 0
        for part in parts:
            cues += [
                Cue(at + _scaled(cue.start, recipe), at + _scaled(cue.end, recipe))
                for cue in part.cues
            ]
            at += part.frames * recipe.frame
        frames = [frame for part in done.encoded for frame in part.frames]
        words = tags([cue.ms(recipe.rate) for cue in cues])
        pieces, told = contained(recipe, frames, at, words if recipe.rich else words.plain())
        if abs(told - at / recipe.rate) > MOST_DRIFT_S:
            raise FfmpegError(
                f"{recipe.name} is {told:.3f} s long, its cues say {at / recipe.rate:.3f} s"
            )
        path, digest = folder / recipe.name, hashlib.sha256()
        with path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
        return Master(
            recipe=recipe,
            path=path,
            bytes=sum(map(len, pieces)),
            sha256=digest.hexdigest(),
            seconds=at / recipe.rate,
            lufs=round(done.lufs, 2),
            true_peak=round(done.true_peak, 2),
            cues=tuple(cues),
        )


def _scaled(samples: int, recipe: Recipe) -> int:
    return round(samples * recipe.rate / RATE)


def _key(*parts: object) -> str:
    return hashlib.sha256(repr((BUILD, *parts)).encode()).hexdigest()
