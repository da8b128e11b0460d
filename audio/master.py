"""Masters: one recording at its loudness, encoded and tagged for those who hear it,
measured on what was written.

A master is made part by part (a sentence, mostly): each is stitched, shaped and encoded into frames
that stand alone, and these are joined under one header. Parts that are what they were, at the
setting they had, come from the shelf; and the setting of the time before holds as long as it brings
the whole to its loudness. So a changed sentence costs itself. What a player will hear is measured
as ffmpeg decodes each frame after encoding it.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock

from audio.aim import Aim, Try, ceiling_step
from audio.chain import Setting, finished, settle
from audio.clips import Shelf, fetched, laid
from audio.encode import Encoded, Finished, build, contained, encode
from audio.ffmpeg import FfmpegError
from audio.layout import (
    Layout,
    LostClips,
    Measured,
    Once,
    Part,
    Respoken,
    Shaped,
    Tape,
    key_of,
)
from audio.loudness import Samples
from audio.recipes import Recipe
from audio.stitch import Cue, Sound
from audio.tags import Tags
from audio.voice import RATE

__all__ = ["LostClips", "Master", "make"]

# A file whose length differs more from its cues is not let out.
MOST_DRIFT_S = 0.030
# A miss that a listener hears and can live with: such a file is let out, and tells its loudness.
MOST_LET_OUT_LU = 3.0
# Masters: each keeps an encoder and a meter busy; more only take memory.
MOST_AT_ONCE = 2
# At a time: an hour takes 100 MB.
ONE_SETTLES = Lock()
# Settings tried for one master, and tries to keep below the peak at the setting of the time before.
TRIES, HELD_TRIES = 7, 3
# Parts that must be what they were for the setting of the time before to be tried: or all is
# encoded twice.
LEAST_OLD = 0.5
# A word or two have no loudness worth holding an episode for.
SHORTEST_JUDGED_S = 3.0

Cues = Sequence[tuple[int, int]]
TagsOf = Callable[[Cues], Tags]


@dataclass(frozen=True, slots=True)
class Master:
    """A finished file, still in a folder of the caller's.

    `lufs` and `true_peak` (dBTP) were measured on it.

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
    name: str = "",
    heard: Callable[[Master], None] | None = None,
) -> list[Master]:
    """Masters by these recipes of one script, written into `folder`, side by side.

    `heard` is handed the rich one, which is then made first, before the others begin.

    `kept` is where finished parts are found and left; `tags` is asked with the cues (ms) of each
    master. `name` is what an earlier script was made under if this one is a later version of it:
    its settings hold while they fit. LostClips when clips are not on their shelf; FfmpegError when
    a master cannot be made, has peaks that are not safe, misses its loudness by more than
    `MOST_LET_OUT_LU` or is not as long as its cues promise; then none of them counts.
    """
    making = _Making(script, clips, kept, name, heard)
    try:
        return _all_of(making, recipes, tags, folder)
    except Respoken:
        return _all_of(replace(making, anew=True), recipes, tags, folder)


@dataclass(frozen=True, slots=True)
class _Making:
    """What the masters of one making share."""

    script: Sequence[Sound]
    clips: Shelf
    kept: Shelf
    name: str
    heard: Callable[[Master], None] | None = None
    anew: bool = False


def _all_of(
    making: _Making, recipes: Sequence[Recipe], tags: TagsOf, folder: Path
) -> list[Master]:
    """The masters in the order of their recipes: what people wait for first, then side by side."""
    tape, measured, shaped = Tape(making.clips), Once[Measured](), Shaped()
    ways = [
        _OneMaster(
            recipe,
            making,
            Layout(recipe, tape, making.kept, measured, shaped, making.anew),
        )
        for recipe in sorted(recipes, key=lambda recipe: -recipe.effort)
    ]
    made: dict[str, Master] = {}
    if making.heard is not None:
        for way in (each for each in ways if each.recipe.rich):
            master = made[way.recipe.name] = way.file(tags, folder)
            making.heard(master)
    others = [way for way in ways if way.recipe.name not in made]
    made |= _side_by_side(others, tags, folder)
    return [made[recipe.name] for recipe in recipes]


def _side_by_side(
    ways: Sequence["_OneMaster"], tags: TagsOf, folder: Path
) -> dict[str, Master]:
    """Each way's master, by its name; what takes longest begins first."""
    at_once = max(1, min(len(ways), MOST_AT_ONCE))
    with ThreadPoolExecutor(at_once, thread_name_prefix="master") as pool:
        running = {way.recipe.name: pool.submit(way.file, tags, folder) for way in ways}
        return {name: waited.result() for name, waited in running.items()}


@dataclass(frozen=True, slots=True)
class _Held:
    """The setting of the time before, and by how much each part's ceiling was lowered,
    by the part's digest.
    """

    setting: Setting
    lowered_db: Mapping[str, float]

    def record(self) -> bytes:
        """As a shelf keeps it."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, record: bytes) -> "_Held":
        """Back from the shelf."""
        fields = json.loads(record)
        return cls(Setting(**fields["setting"]), fields["lowered_db"])


@dataclass(frozen=True, slots=True)
class _OneMaster:
    """One master on its way.

    `encoded` are its parts' frames by their keys, until it is a file: tries share those of parts
    that they have at one setting. An hour of them is 45 MB, and there may be seven tries. `new` are
    the keys of those that no shelf has.
    """

    recipe: Recipe
    making: _Making
    layout: Layout
    encoded: dict[str, Encoded] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)

    def file(self, tags: TagsOf, folder: Path) -> Master:
        """The master in the caller's folder; FfmpegError when none comes near its target."""
        try:
            return self._made(tags, folder)
        finally:
            self.encoded.clear()
            self.new.clear()

    def _made(self, tags: TagsOf, folder: Path) -> Master:
        parts = self.layout.parts(self.making.script)
        best = self._as_before(parts)
        if best is None:
            best = self._best(parts, self._tries(parts))
            self._hold(parts, best)
        self._keep(parts, best)
        return self._joined(parts, best, tags, folder)

    def _as_before(self, parts: Sequence[Part]) -> Try | None:
        """The parts at the setting of the time before, new ones with their peaks lowered.

        None if it fits no more.
        """
        record = self.making.kept.get(self._name()) if self.making.name else None
        if record is None:
            return None
        held = _Held.read(record)
        old = sum(part.measured.digest in held.lowered_db for part in parts)
        if old < len(parts) * LEAST_OLD:
            return None
        lowered_db = [held.lowered_db.get(part.measured.digest, 0.0) for part in parts]
        for attempt in range(1, HELD_TRIES + 1):
            result = self._try(parts, held.setting, lowered_db)
            if result.is_good:
                if attempt > 1:
                    self._hold(parts, result)
                return result
            if result.misses:
                break
            lowered_db = [
                lowered + ceiling_step(passed_db, attempt, may_rise=False)
                for lowered, passed_db in zip(lowered_db, result.passed_db, strict=True)
            ]
        return None

    def _hold(self, parts: Sequence[Part], best: Try) -> None:
        """Keeps the setting for the next version."""
        if self.making.name:
            digests = [part.measured.digest for part in parts]
            lowered_db = dict(zip(digests, best.lowered_db, strict=True))
            self.making.kept.put(self._name(), _Held(best.setting, lowered_db).record())

    def _name(self) -> str:
        return key_of("setting", self.making.name, self.recipe)

    def _tries(self, parts: Sequence[Part]) -> list[Try]:
        """Has the parts encoded, and again as long as the result misses its target."""
        profiles = [part.measured.profile for part in parts]
        aim = Aim.first(len(parts), self.recipe.encoder_db)
        tries: list[Try] = []
        for attempt in range(1, TRIES + 1):
            with ONE_SETTLES:
                setting = settle(profiles, self.recipe.chain, aim.missed_lu)
            result = self._try(parts, setting, aim.lowered_db)
            tries.append(result)
            if result.is_good:
                break
            aim = aim.after(result, attempt)
        return tries

    def _try(
        self, parts: Sequence[Part], setting: Setting, lowered_db: Sequence[float]
    ) -> Try:
        encoded = self._encoded(parts, _settings(setting, lowered_db))
        return Try.of(setting, lowered_db, encoded, self.recipe.chain.target_lufs)

    def _best(self, parts: Sequence[Part], tries: Sequence[Try]) -> Try:
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

    def _encoded(
        self, parts: Sequence[Part], settings: Sequence[Setting]
    ) -> list[Encoded]:
        """Every part's frames: from the shelf, or encoded together now."""
        pairs = list(zip(parts, settings, strict=True))
        keys = [self._key(part, setting) for part, setting in pairs]
        # Equal parts at equal settings have one key, and are encoded once.
        wanted = dict(zip(keys, pairs, strict=True))
        elsewhere = [key for key in wanted if key not in self.encoded]
        for key, record in fetched(self.making.kept, elsewhere).items():
            self.encoded[key] = Encoded.of(record)
        missing = {key: pair for key, pair in wanted.items() if key not in self.encoded}
        self.encoded.update(self._encoded_now(missing))
        return [self.encoded[key] for key in keys]

    def _encoded_now(
        self, missing: Mapping[str, tuple[Part, Setting]]
    ) -> dict[str, Encoded]:
        """These parts' frames, by key, through one run of the encoder."""
        if not missing:
            return {}
        ready = [
            Finished(partial(self._finished, part, setting), part.frames, part.last)
            for part, setting in missing.values()
        ]
        self.new.update(missing)
        return dict(zip(missing, encode(self.recipe, ready), strict=True))

    def _key(self, part: Part, setting: Setting) -> str:
        """The name of a part's frames at a setting."""
        return key_of(
            "frames",
            part.measured.digest,
            part.frames,
            part.last,
            setting,
            self.recipe.encoder,
            self.recipe.chain,
            build(),
        )

    def _keep(self, parts: Sequence[Part], best: Try) -> None:
        """Leaves the frames of the file on the shelf, not those that were only tried."""
        settings = _settings(best.setting, best.lowered_db)
        keys = map(self._key, parts, settings)
        frames = dict(zip(keys, best.encoded, strict=True))
        new = [key for key in frames if key in self.new]
        laid(self.making.kept, new, lambda key: frames[key].record())

    def _finished(self, part: Part, setting: Setting) -> Iterator[Samples]:
        return finished(part.sound(), part.measured.profile, self.recipe.chain, setting)

    def _joined(
        self, parts: Sequence[Part], best: Try, tags: TagsOf, folder: Path
    ) -> Master:
        """The frames of all parts as one file; FfmpegError when it is not as long as its cues."""
        recipe = self.recipe
        cues, samples = self._cues(parts)
        frames = [frame for part in best.encoded for frame in part.frames]
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

    def _cues(self, parts: Sequence[Part]) -> tuple[list[Cue], int]:
        """When each sentence sounds, and how long all of it is: in samples at the recipe's rate."""
        recipe = self.recipe
        cues: list[Cue] = []
        at = 0
        for part in parts:
            for cue in part.measured.cues:
                start = at + _scaled(cue.start, recipe)
                end = at + _scaled(cue.end, recipe)
                cues.append(Cue(start, end))
            at += part.frames * recipe.frame
        return cues, at


def _settings(setting: Setting, lowered_db: Sequence[float]) -> list[Setting]:
    """A setting part by part: each with its own ceiling."""
    return [
        replace(setting, ceiling_db=setting.ceiling_db - lowered)
        for lowered in lowered_db
    ]


def _written(pieces: Sequence[bytes], path: Path) -> str:
    """Writes a file, and gives its SHA-256 in hexadecimal."""
    data = b"".join(pieces)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _scaled(samples: int, recipe: Recipe) -> int:
    return round(samples * recipe.rate / RATE)
