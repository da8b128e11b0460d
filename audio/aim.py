"""Where a master aims: encoders move loudness and peaks,
so parts are encoded, heard and aimed anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audio.chain import Setting
from audio.encode import Encoded
from audio.loudness import SILENCE_LUFS, gated

# dBTP: −1 is promised, and other meters differ by a tenth.
MOST_TRUE_PEAK = -1.1
# Half a unit is promised; ffmpeg's own meter may differ by a few hundredths.
MOST_MISS_LU = 0.35
# From here on more gain would only be limited away.
PRESSED_GAIN_DB = 15.0
# How far below the most allowed a part's peak stays when its ceiling rises.
SPARE_DB = 0.4
# By how much more a ceiling is lowered with each try: encoders overshoot here and there.
STEP_DB = 0.35


@dataclass(frozen=True, slots=True)
class Try:
    """All parts at one setting, and by how much the whole misses its loudness, LU.

    `lowered_db` is by how much each part's ceiling was lower than the setting's.
    """

    setting: Setting
    lowered_db: Sequence[float]
    encoded: Sequence[Encoded]
    lufs: float
    miss: float

    @classmethod
    def of(
        cls,
        setting: Setting,
        lowered_db: Sequence[float],
        encoded: Sequence[Encoded],
        target_lufs: float,
    ) -> "Try":
        """What came of a setting, measured on what was encoded."""
        lufs = gated(np.concatenate([part.energy for part in encoded]))
        # Silence misses nothing: no gain makes it louder.
        miss = target_lufs - lufs if lufs > SILENCE_LUFS else 0.0
        return cls(setting, lowered_db, encoded, lufs, miss)

    @property
    def true_peak(self) -> float:
        """The highest of all parts, dBTP."""
        return max(part.true_peak for part in self.encoded)

    @property
    def passed_db(self) -> list[float]:
        """How far each part's peak passes the most allowed, dB; negative where it does not."""
        return [part.true_peak - MOST_TRUE_PEAK for part in self.encoded]

    @property
    def is_good(self) -> bool:
        """Whether it can be let out as it is."""
        return self.is_safe and not self.misses

    @property
    def is_safe(self) -> bool:
        """Whether no peak passes the most allowed."""
        return self.true_peak <= MOST_TRUE_PEAK

    @property
    def misses(self) -> bool:
        """Whether it is further from its loudness than is promised."""
        return abs(self.miss) > MOST_MISS_LU

    @property
    def is_pressed(self) -> bool:
        """Whether it is too soft although the limiter takes what is added."""
        return self.miss > MOST_MISS_LU and self.setting.gain_db > PRESSED_GAIN_DB


@dataclass(frozen=True, slots=True)
class Aim:
    """What to correct in the next try.

    `missed_lu` is what the encoder does to the loudness; `lowered_db` by how much each part's
    ceiling is lowered; `peaked` tells where a peak has passed once.
    """

    missed_lu: float
    lowered_db: tuple[float, ...]
    peaked: tuple[bool, ...]

    @classmethod
    def first(cls, parts: int, encoder_db: float) -> "Aim":
        """Before any try: only what the encoder is known to do."""
        return cls(-encoder_db, (0.0,) * parts, (False,) * parts)

    def after(self, result: Try, attempt: int) -> "Aim":
        """The aim of the try that follows number `attempt`."""
        peaked = [
            was or by > 0 for was, by in zip(self.peaked, result.passed_db, strict=True)
        ]
        # A ceiling rises into the room that the encoder left, but never again where a peak has
        # passed once: so the tries come to an end.
        lowered_db = [
            lowered
            + ceiling_step(by, attempt, may_rise=result.is_pressed and not has_peaked)
            for lowered, by, has_peaked in zip(
                self.lowered_db, result.passed_db, peaked, strict=True
            )
        ]
        corrects = result.misses and not result.is_pressed
        missed_lu = self.missed_lu + (result.miss if corrects else 0.0)
        return Aim(missed_lu, tuple(lowered_db), tuple(peaked))


def ceiling_step(passed_db: float, attempt: int, *, may_rise: bool) -> float:
    """Decibels by which a part's ceiling is lowered; negative where it rises.

    `passed_db` is how far its peak passes the most allowed. Where it does not, and the ceiling
    `may_rise`, it rises into that room.
    """
    if passed_db > 0:
        return round(passed_db + STEP_DB * attempt, 1)
    if not may_rise:
        return 0.0
    return round(min(0.0, passed_db + SPARE_DB), 1)
