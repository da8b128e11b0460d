"""Masters: one recording at its loudness, encoded and tagged for those who hear it, measured on what was written.

A master is made passage by passage: each is stitched, shaped and encoded into frames that stand alone, and these are
joined under one header. Passages that are what they were, at the setting they had, come from the shelf: a changed
sentence costs its own passage. What a player will hear is measured as ffmpeg decodes each frame after encoding it.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from audio.aim import Aim, Try
from audio.chain import Profile, Setting, finished, profile, settle
from audio.clips import Shelf
from audio.encode import Encoded, Finished, build, contained, encode
from audio.ffmpeg import RAW, FfmpegError, run
from audio.loudness import Samples
from audio.recipes import Recipe
from audio.stitch import LEAD_IN_MS, LEAD_OUT_MS, Cue, Segment, Sound, passages, stitch
from audio.tags import Tags
from audio.voice import RATE

T = TypeVar("T")

# Of this file's own way to cut and join: part of every key.
BUILD = "1"
# A file whose length differs more from its cues is not let out.
MOST_DRIFT_S = 0.030
# A miss that a listener hears and can live with: such a file is let out, and tells its loudness.
MOST_LET_OUT_LU = 3.0
# Masters: each keeps an encoder and a meter busy; more only take memory.
MOST_AT_ONCE = 2
# Twenty minutes of clips.
HELD_BYTES = 64_000_000
# At a time: an hour takes 100 MB.
ONE_SETTLES = threading.Lock()
# Settings tried for one master.
TRIES = 7
# A word or two have no loudness worth holding an episode for.
SHORTEST_JUDGED_S = 3.0

Cues = Sequence[tuple[int, int]]
TagsOf = Callable[[Cues], Tags]


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
    tags: TagsOf,
    folder: Path,
) -> list[Master]:
    """Masters by these recipes of one script, written into `folder`, side by side.

    `kept` is where finished passages are found and left; `tags` is asked with the cues (ms) of each master.
    LostClips when clips are not on their shelf; FfmpegError when a master cannot be made, has peaks that are not safe,
    misses its loudness by more than `MOST_LET_OUT_LU` or is not as long as its cues promise; then none of them counts.
    """
    tape = _Tape(clips)
    profiles = _Once[Profile]()
    longest_first = sorted(recipes, key=lambda recipe: -recipe.effort)
    at_once = min(len(recipes), MOST_AT_ONCE)
    with ThreadPoolExecutor(at_once, thread_name_prefix="master") as pool:
        running: dict[str, Future[Master]] = {}
        for recipe in longest_first:
            making = _Making(recipe, script, tape, kept, profiles)
            running[recipe.name] = pool.submit(making.file, tags, folder)
        return [running[recipe.name].result() for recipe in recipes]


class _Once(Generic[T]):
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


class _Tape:
    """The clips of one making: kept at hand for all its masters, as far as there is room."""

    def __init__(self, clips: Shelf) -> None:
        self._clips = clips
        self._held: dict[str, bytes] = {}
        self._room = HELD_BYTES

    def all(self, keys: Sequence[str]) -> list[bytes]:
        """House PCM of these clips; LostClips names all that are gone."""
        sounds: dict[str, bytes] = {}
        for key in keys:
            pcm = self._get(key)
            if pcm is not None:
                sounds[key] = pcm
        lost = [key for key in keys if key not in sounds]
        if lost:
            raise LostClips(lost)
        return [sounds[key] for key in keys]

    def _get(self, key: str) -> bytes | None:
        if key in self._held:
            return self._held[key]
        pcm = self._clips.get(key)
        if pcm is not None and len(pcm) <= self._room:
            self._held[key] = pcm
            self._room -= len(pcm)
        return pcm


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage as this master lays it out, and what is known of its sound.

    The sound itself is `stitched` again when it is needed: an hour of it would be 173 MB.
    """

    stitched: Callable[[], Segment]
    digest: str
    cues: tuple[Cue, ...]
    frames: int
    last: bool
    profile: Profile


@dataclass(frozen=True, slots=True)
class _Making:
    """One master on its way."""

    recipe: Recipe
    script: Sequence[Sound]
    tape: _Tape
    kept: Shelf
    profiles: _Once[Profile]

    def file(self, tags: TagsOf, folder: Path) -> Master:
        """The master in the caller's folder; FfmpegError when none comes near its target."""
        passages = self._passages()
        best = self._best(passages, self._tries(passages))
        return self._joined(passages, best, tags, folder)

    def _tries(self, parts: Sequence[_Passage]) -> list[Try]:
        """Has the passages encoded, and again as long as the result misses its target."""
        chain = self.recipe.chain
        profiles = [part.profile for part in parts]
        aim = Aim.first(len(parts), self.recipe.encoder_db)
        tries: list[Try] = []
        for attempt in range(1, TRIES + 1):
            with ONE_SETTLES:
                setting = settle(profiles, chain, aim.missed_lu)
            settings = [
                replace(setting, ceiling_db=setting.ceiling_db - lowered)
                for lowered in aim.lowered_db
            ]
            result = Try.of(setting, self._encoded(parts, settings), chain.target_lufs)
            tries.append(result)
            if result.is_safe and not result.misses:
                break
            aim = aim.after(result, attempt)
        return tries

    def _best(self, parts: Sequence[_Passage], tries: Sequence[Try]) -> Try:
        """The try that is nearest to its loudness among those whose peaks are safe.

        FfmpegError when it is not near.
        """
        last = tries[-1]
        safe = [result for result in tries if result.is_safe]
        best = min(safe, key=lambda result: abs(result.miss), default=last)
        frames = sum(part.frames for part in parts)
        seconds = frames * self.recipe.frame / self.recipe.rate
        is_wrong = not safe or abs(best.miss) > MOST_LET_OUT_LU
        if is_wrong and seconds > SHORTEST_JUDGED_S:
            raise FfmpegError(
                f"{self.recipe.name} has {last.lufs:.1f} LUFS and {last.true_peak:.1f} dBTP, "
                "whatever we set"
            )
        return best

    def _passages(self) -> list[_Passage]:
        """The script in this master's layout: its pauses, its tempo, passages of whole frames."""
        groups = list(passages(self.script))
        return [
            self._passage(sounds, is_first=number == 1, is_last=number == len(groups))
            for number, sounds in enumerate(groups, start=1)
        ]

    def _passage(self, sounds: Sequence[Sound], *, is_first: bool, is_last: bool) -> _Passage:
        recipe = self.recipe
        pauses_ms = [round(sound.pause_ms * recipe.pauses) for sound in sounds]
        if is_last:
            pauses_ms[-1] = LEAD_OUT_MS
        lead_in_ms = LEAD_IN_MS if is_first else 0
        stitched = partial(self._stitched, sounds, pauses_ms, lead_in_ms)
        segment = stitched()
        digest = hashlib.blake2b(segment.pcm, digest_size=16).hexdigest()
        return _Passage(
            stitched,
            digest,
            segment.cues,
            # Rounded up: the last frame is filled with silence.
            -(-segment.samples * recipe.rate // (RATE * recipe.frame)),
            is_last,
            self._profile(segment, digest),
        )

    def _stitched(
        self, sounds: Sequence[Sound], pauses_ms: Sequence[int], lead_in_ms: int
    ) -> Segment:
        clips = self.tape.all([sound.clip for sound in sounds])
        segment = stitch(clips, pauses_ms, lead_in_ms)
        if self.recipe.tempo == 1.0:
            return segment
        return _at_tempo(segment, self.recipe.tempo)

    def _profile(self, segment: Segment, digest: str) -> Profile:
        """From what another master of this making asked for, from the shelf, or measured now."""
        key = _key("profile", digest, self.recipe.chain.bands)
        return self.profiles.get(key, partial(self._shelved_profile, segment, key))

    def _shelved_profile(self, segment: Segment, key: str) -> Profile:
        record = self.kept.get(key)
        if record is not None:
            return Profile(*np.frombuffer(record, np.float32).reshape(2, -1))
        measured = profile(segment.pcm, self.recipe.chain)
        self.kept.put(key, np.stack((measured.energy, measured.peak)).tobytes())
        return measured

    def _encoded(self, parts: Sequence[_Passage], settings: Sequence[Setting]) -> list[Encoded]:
        """Every passage's frames: from the shelf, or encoded together now."""
        pairs = list(zip(parts, settings, strict=True))
        keys = [
            _key("frames", part.digest, part.last, setting, self.recipe, build())
            for part, setting in pairs
        ]
        # Equal passages at equal settings have one key, and are encoded once.
        wanted = dict(zip(keys, pairs, strict=True))
        encoded: dict[str, Encoded] = {}
        for key in wanted:
            record = self.kept.get(key)
            if record is not None:
                encoded[key] = Encoded.of(record)
        missing = {key: pair for key, pair in wanted.items() if key not in encoded}
        encoded |= self._encoded_now(missing)
        return [encoded[key] for key in keys]

    def _encoded_now(self, missing: Mapping[str, tuple[_Passage, Setting]]) -> dict[str, Encoded]:
        """These passages' frames, by key, through one run of the encoder; kept on the shelf."""
        if not missing:
            return {}
        ready = [
            Finished(partial(self._finished, part, setting), part.frames, part.last)
            for part, setting in missing.values()
        ]
        encoded = dict(zip(missing, encode(self.recipe, ready), strict=True))
        for key, frames in encoded.items():
            self.kept.put(key, frames.record())
        return encoded

    def _finished(self, part: _Passage, setting: Setting) -> Iterator[Samples]:
        return finished(part.stitched().pcm, part.profile, self.recipe.chain, setting)

    def _joined(self, parts: Sequence[_Passage], best: Try, tags: TagsOf, folder: Path) -> Master:
        """The frames of all passages as one file; FfmpegError when it is not as long as its cues."""
        recipe = self.recipe
        cues, samples = self._cues(parts)
        frames = [frame for passage in best.encoded for frame in passage.frames]
        words = tags([cue.ms(recipe.rate) for cue in cues])
        shown = words if recipe.rich else words.plain()
        pieces, length_s = contained(recipe, frames, samples, shown)
        seconds = samples / recipe.rate
        if abs(length_s - seconds) > MOST_DRIFT_S:
            raise FfmpegError(
                f"{recipe.name} is {length_s:.3f} s long, its cues say {seconds:.3f} s"
            )
        path = folder / recipe.name
        return Master(
            recipe=recipe,
            path=path,
            bytes=sum(map(len, pieces)),
            sha256=_written(pieces, path),
            seconds=seconds,
            lufs=round(best.lufs, 2),
            true_peak=round(best.true_peak, 2),
            cues=tuple(cues),
        )

    def _cues(self, parts: Sequence[_Passage]) -> tuple[list[Cue], int]:
        """When each sentence sounds, and how long all of it is: in samples at the recipe's rate."""
        recipe = self.recipe
        cues: list[Cue] = []
        at = 0
        for part in parts:
            for cue in part.cues:
                start = at + _scaled(cue.start, recipe)
                end = at + _scaled(cue.end, recipe)
                cues.append(Cue(start, end))
            at += part.frames * recipe.frame
        return cues, at


def _at_tempo(segment: Segment, tempo: float) -> Segment:
    """The segment faster or slower, at the same pitch."""
    through = [*RAW, "-i", "pipe:0", "-af", f"atempo={tempo}", *RAW, "pipe:1"]
    pcm = run(through, [segment.pcm])
    # What ffmpeg made of it is not exactly as long as the tempo says.
    ratio = len(pcm) / len(segment.pcm)
    cues = [Cue(round(cue.start * ratio), round(cue.end * ratio)) for cue in segment.cues]
    return Segment(pcm, tuple(cues))


def _written(pieces: Sequence[bytes], path: Path) -> str:
    """Writes a file, and gives its SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def _scaled(samples: int, recipe: Recipe) -> int:
    return round(samples * recipe.rate / RATE)


def _key(*parts: object) -> str:
    return hashlib.sha256(repr((BUILD, *parts)).encode()).hexdigest()
