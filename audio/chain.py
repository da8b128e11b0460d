"""The chain of a master: equaliser, compressor, gain and limiter, worked out on milliseconds and applied once.

All of it is settled for the whole (a `Setting`) and applied segment by segment, so that a segment whose sound and
setting are what they were gives the very same samples again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.loudness import (
    SILENCE_LUFS,
    STEP,
    TAIL,
    Meter,
    PerMs,
    Samples,
    filtered,
    gated,
    highest_near,
    limiter,
    smooth,
    to_float,
    turned,
    windowed,
)
from audio.voice import RATE, SAMPLE_BYTES, Pcm

MOST_GAIN_DB = 40.0  # what is quieter is a hum, not speech
CLOSE_LU, MOST_ROUNDS = 0.03, 20
GAIN_STEP_DB = 0.25  # a changed sentence seldom moves the whole to another step: all other segments stay as they are
WINDOW_MS = 30  # over which the compressor hears how loud it is: longer than a pitch period, shorter than a syllable


@dataclass(frozen=True, slots=True)
class Band:
    """One filter of the equaliser: a `kind` of second order at `hz`, with its `q` and, for a peak, its gain in dB."""

    kind: str  # "highpass", "lowpass", "peak" or "allpass"
    hz: float
    q: float = 0.7071
    db: float = 0.0


@dataclass(frozen=True, slots=True)
class Compressor:
    """Takes away what is louder than `below_lu` under the whole's loudness, down to one part in `ratio`."""

    below_lu: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Chain:
    """What is done to the sound on its way to `target_lufs`; no peak passes `ceiling_db` (dBFS)."""

    target_lufs: float
    ceiling_db: float
    bands: tuple[Band, ...] = ()
    compressor: Compressor | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """How the chain stands for one whole: the loudness it measures from (LUFS), its gain and its ceiling (dB)."""

    reference: float
    gain_db: float
    ceiling_db: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A segment's energies (K-weighted) and peaks by the millisecond, behind the equaliser."""

    energy: PerMs
    peak: PerMs


def shaped(pcm: Pcm, bands: tuple[Band, ...]) -> Iterator[Samples]:
    """House PCM through the equaliser, as ±1, in blocks of whole milliseconds (but the last)."""
    past = np.zeros(TAIL, np.float32)
    for start in range(0, len(pcm), STEP * SAMPLE_BYTES):
        block = to_float(pcm[start : start + STEP * SAMPLE_BYTES])
        if not bands:
            yield block
            continue
        window = windowed(past, block)
        yield filtered(window, _response(bands, len(window)))[TAIL : TAIL + len(block)].astype(
            np.float32
        )
        past = window[len(block) : len(block) + TAIL].copy()


def profile(pcm: bytes, chain: Chain) -> Profile:
    """What the chain needs to know of a segment before it is settled."""
    meter = Meter(peaks=True)
    for block in shaped(pcm, chain.bands):
        meter.hear(block)
    meter.finish()
    return Profile(meter.energy.astype(np.float32), meter.peak.astype(np.float32))


def settle(found: list[Profile], chain: Chain, missed_lu: float = 0.0) -> Setting:
    """The setting that brings the whole to its target: what compressor and limiter take away is given back.

    `missed_lu` tells by how much an earlier setting missed the target once it was encoded.
    """
    reference = float(round(gated(np.concatenate([part.energy for part in found]))))
    soft = [_compression(part.energy, reference, chain) for part in found]
    squashed = [part.energy * gain**2 for part, gain in zip(found, soft, strict=True)]
    near = [highest_near(part.peak * gain) for part, gain in zip(found, soft, strict=True)]

    def loudness(gain_db: float) -> float:
        """What the whole has at that gain; passage by passage, for an hour has millions of milliseconds."""
        factor = 10 ** (gain_db / 20)
        limited = [limiter(peak * factor, ceiling) * factor for peak in near]
        return gated(
            np.concatenate([part * gain**2 for part, gain in zip(squashed, limited, strict=True)])
        )

    target, ceiling = chain.target_lufs + missed_lu, chain.ceiling_db
    gain_db = min(target - gated(np.concatenate(squashed)), MOST_GAIN_DB)
    if reference <= SILENCE_LUFS:
        gain_db = 0.0
    worth, before = (
        1.0,
        (gain_db, target),
    )  # LU that a decibel of gain gives: less, the harder the limiter works
    for _ in range(MOST_ROUNDS):
        loud = loudness(gain_db)
        if abs(target - loud) < CLOSE_LU or not -MOST_GAIN_DB < gain_db < MOST_GAIN_DB:
            break
        if gain_db != before[0]:
            worth = min(1.0, max(0.2, (loud - before[1]) / (gain_db - before[0])))
        before = (gain_db, loud)
        gain_db += (target - loud) / worth
    gain_db = round(gain_db / GAIN_STEP_DB) * GAIN_STEP_DB
    return Setting(reference, max(-MOST_GAIN_DB, min(gain_db, MOST_GAIN_DB)), ceiling)


def finished(pcm: bytes, found: Profile, chain: Chain, setting: Setting) -> Iterator[Samples]:
    """The segment as the encoder gets it, ±1, block by block."""
    soft = _compression(found.energy, setting.reference, chain) * 10 ** (setting.gain_db / 20)
    gain = limiter(highest_near(found.peak * soft), setting.ceiling_db) * soft
    return turned(shaped(pcm, chain.bands), gain)


def _compression(energy: PerMs, reference: float, chain: Chain) -> PerMs:
    """The compressor's gain by the millisecond (0–1); ones without a compressor."""
    if chain.compressor is None or not energy.size:
        return np.ones(len(energy), np.float32)
    level = 10 * np.log10(np.maximum(smooth(energy, WINDOW_MS), 1e-9)) - 0.691
    over = np.maximum(level - (reference - chain.compressor.below_lu), 0.0)
    gain: PerMs = 10 ** (smooth(-over * (1 - 1 / chain.compressor.ratio), WINDOW_MS) / 20)
    return gain.astype(np.float32)


@cache
def _response(bands: tuple[Band, ...], size: int) -> npt.NDArray[Any]:
    """The equaliser's frequency response (biquads after the Audio EQ Cookbook) for a transform of that size."""
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    whole = np.ones(size // 2 + 1, np.complex128)
    for band in bands:
        w = 2 * np.pi * band.hz / RATE
        cos, alpha, amp = np.cos(w), np.sin(w) / (2 * band.q), 10 ** (band.db / 40)
        if band.kind == "allpass":
            b, a = (1 - alpha, -2 * cos, 1 + alpha), (1 + alpha, -2 * cos, 1 - alpha)
        elif band.kind == "peak":
            b, a = (
                (1 + alpha * amp, -2 * cos, 1 - alpha * amp),
                (1 + alpha / amp, -2 * cos, 1 - alpha / amp),
            )
        else:
            sign = 1 if band.kind == "highpass" else -1
            b = ((1 + sign * cos) / 2, -sign * (1 + sign * cos), (1 + sign * cos) / 2)
            a = (1 + alpha, -2 * cos, 1 - alpha)
        whole *= (b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)
    return whole.astype(np.complex64)
