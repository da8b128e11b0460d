"""The chain of a master: equaliser, compressor, gain and limiter,
worked out on milliseconds and applied once.

All of it is settled for the whole (a `Setting`) and applied segment by segment, so that a segment
whose sound and setting are what they were gives the very same samples again.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.loudness import (
    FFT,
    FULL_SCALE_LUFS,
    MS,
    SILENCE_LUFS,
    TAIL,
    Coefficients,
    PerMs,
    Samples,
    Spectrum,
    gated,
    highest_near,
    k_response,
    limiter,
    smooth,
    to_float,
    transformed,
    turned,
    turned_back,
)
from audio.voice import RATE, SAMPLE_BYTES, Pcm

# What is quieter than this is a hum, not speech.
MOST_GAIN_DB = 40.0
CLOSE_LU = 0.03
MOST_ROUNDS = 20
# A changed sentence seldom moves the whole to another step: all other segments stay as they are.
GAIN_STEP_DB = 0.25
# How much gain a decibel of it may seem to be worth while the limiter works.
LEAST_WORTH, MOST_WORTH = 0.2, 1.0
# Over which the compressor hears how loud it is: longer than a pitch period, shorter than a
# syllable.
WINDOW_MS = 30
# Settled together: of more, an hour's millions of milliseconds, each sum would take memory that
# nobody has.
CHUNK_MS = 120_000

# Points for every sample where peaks are looked for; samples after a block that they need.
FINER = 2
AHEAD = 20 * MS
# Samples of one block.
SPAN = (FFT - TAIL - AHEAD) // MS * MS


@dataclass(frozen=True, slots=True)
class Band:
    """One filter of the equaliser: a `kind` of second order at `hz`,
    with its `q` and, for a peak, its gain in dB.
    """

    kind: str  # "highpass", "lowpass", "peak" or "allpass"
    hz: float
    q: float = 0.7071
    db: float = 0.0


@dataclass(frozen=True, slots=True)
class Compressor:
    """Takes away what is louder than `below_lu` under the whole's loudness,
    down to one part in `ratio`.
    """

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
    """How the chain stands for one whole: the loudness it measures from (LUFS),
    its gain and its ceiling (dB).
    """

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
    for block, spectrum in _spectra(pcm, bands):
        yield _within(block, spectrum)[::FINER]


def profile(pcm: bytes, chain: Chain) -> tuple[Profile, list[Samples]]:
    """What the chain needs to know of a segment before it is settled.

    And the segment behind the equaliser, block by block: what `shaped` gives of it, to the bit.
    """
    energies: list[PerMs] = []
    peaks: list[PerMs] = []
    sound: list[Samples] = []
    for block, spectrum in _spectra(pcm, chain.bands):
        finer = _within(block, spectrum)
        sound.append(finer[::FINER].copy())
        peaks.append(_by_ms(np.abs(finer), FINER * MS).max(axis=1))
        size = 2 * (len(spectrum) - 1)
        weighed = turned_back(spectrum * k_response(size), size)[TAIL : TAIL + block]
        by_ms = _by_ms(weighed, MS)
        energies.append(np.einsum("ij,ij->i", by_ms, by_ms) / MS)
    measured = Profile(_joined(energies), _joined(peaks))
    return measured, sound


def _spectra(pcm: Pcm, bands: tuple[Band, ...]) -> Iterator[tuple[int, Spectrum]]:
    """The sound behind the equaliser, block by block:
    the samples of each, and the spectrum of a window in which it follows TAIL others.

    A transform is circular: what lies before a block carries the filter's tail, and what follows
    it is there for the points between its last samples.
    """
    samples = len(pcm) // SAMPLE_BYTES
    for start in range(0, samples, SPAN):
        block = min(SPAN, samples - start)
        first, last = max(0, start - TAIL), start + block + AHEAD
        heard = to_float(pcm[first * SAMPLE_BYTES : last * SAMPLE_BYTES])
        size = FFT
        while size // 2 >= TAIL + block + AHEAD:
            size //= 2
        window = np.zeros(size, np.float32)
        at = TAIL - (start - first)
        window[at : at + len(heard)] = heard
        spectrum = transformed(window)
        yield block, spectrum * _response(bands, size) if bands else spectrum


def _within(block: int, spectrum: Spectrum) -> Samples:
    """The block itself, with a point between every two samples: FINER times as many."""
    size = FINER * 2 * (len(spectrum) - 1)
    points = turned_back(spectrum, size)[FINER * TAIL : FINER * (TAIL + block)]
    # A longer transform spreads the same sound over more points.
    points *= np.float32(FINER**0.5)
    return points


def _by_ms(points: Samples, a_ms: int) -> Samples:
    """Rows of a millisecond; the last one is filled up with nothing."""
    missing = -len(points) % a_ms
    whole = np.pad(points, (0, missing)) if missing else points
    return whole.reshape(-1, a_ms)


def _joined(pieces: list[PerMs]) -> PerMs:
    return np.concatenate([np.zeros(0), *pieces]).astype(np.float32)


def settle(profiles: list[Profile], chain: Chain, missed_lu: float = 0.0) -> Setting:
    """The setting that brings the whole to its target.

    What compressor and limiter take away is given back. `missed_lu` tells by how much an earlier
    setting missed the target once it was encoded.
    """
    profiles = _chunks(profiles)
    energies = np.concatenate([segment.energy for segment in profiles])
    reference = float(round(gated(energies)))
    compressed = [_Compressed.of(segment, reference, chain) for segment in profiles]
    target = chain.target_lufs + missed_lu
    gain_db = 0.0
    if reference > SILENCE_LUFS:
        quiet = gated(np.concatenate([segment.energy for segment in compressed]))
        gain_db = min(target - quiet, MOST_GAIN_DB)
    gain_db = _searched(compressed, target, chain.ceiling_db, gain_db)
    gain_db = round(gain_db / GAIN_STEP_DB) * GAIN_STEP_DB
    bounded = max(-MOST_GAIN_DB, min(gain_db, MOST_GAIN_DB))
    return Setting(reference, bounded, chain.ceiling_db)


def _chunks(profiles: list[Profile]) -> list[Profile]:
    """The same sound in fewer, longer pieces: a sentence alone is a thousand small sums."""
    chunks: list[Profile] = []
    for _, group in groupby(_numbered(profiles), key=itemgetter(0)):
        pieces = [piece for _, piece in group]
        energy = np.concatenate([piece.energy for piece in pieces])
        peak = np.concatenate([piece.peak for piece in pieces])
        chunks.append(Profile(energy, peak))
    return chunks


def _numbered(profiles: list[Profile]) -> Iterator[tuple[int, Profile]]:
    """Each profile with the number of the chunk that it begins in."""
    at_ms = 0
    for piece in profiles:
        yield at_ms // CHUNK_MS, piece
        at_ms += len(piece.energy)


@dataclass(frozen=True, slots=True)
class _Compressed:
    """A segment behind the compressor: its energies,
    and its highest peaks near each millisecond.
    """

    energy: PerMs
    highest: PerMs

    @classmethod
    def of(cls, segment: Profile, reference: float, chain: Chain) -> "_Compressed":
        """The segment as the chain's compressor leaves it."""
        gain = _compression(segment.energy, reference, chain)
        return cls(segment.energy * gain**2, highest_near(segment.peak * gain))

    def limited(self, factor: float, ceiling_db: float) -> PerMs:
        """Its energies at a gain, behind the limiter."""
        gain = limiter(self.highest * factor, ceiling_db) * factor
        energy: PerMs = self.energy * gain**2
        return energy


def _loudness(segments: list[_Compressed], gain_db: float, ceiling_db: float) -> float:
    """What the whole has at that gain, LUFS."""
    factor = 10 ** (gain_db / 20)
    # Segment by segment: an hour has millions of milliseconds.
    limited = [segment.limited(factor, ceiling_db) for segment in segments]
    return gated(np.concatenate(limited))


def _searched(
    segments: list[_Compressed], target: float, ceiling_db: float, gain_db: float
) -> float:
    """The gain at which the whole is as loud as wanted, or the last one tried.

    Begins at `gain_db`.
    """
    # LU that a decibel of gain gives: less, the harder the limiter works.
    worth = MOST_WORTH
    last_gain_db, last_loudness = gain_db, target
    for _ in range(MOST_ROUNDS):
        loudness = _loudness(segments, gain_db, ceiling_db)
        is_close = abs(target - loudness) < CLOSE_LU
        is_possible = -MOST_GAIN_DB < gain_db < MOST_GAIN_DB
        if is_close or not is_possible:
            break
        if gain_db != last_gain_db:
            slope = (loudness - last_loudness) / (gain_db - last_gain_db)
            worth = min(MOST_WORTH, max(LEAST_WORTH, slope))
        last_gain_db, last_loudness = gain_db, loudness
        gain_db += (target - loudness) / worth
    return gain_db


def finished(
    sound: Iterable[Samples], segment: Profile, chain: Chain, setting: Setting
) -> Iterator[Samples]:
    """The segment as the encoder gets it, ±1, block by block; `sound` is it behind the equaliser."""
    compression = _compression(segment.energy, setting.reference, chain)
    wanted = compression * 10 ** (setting.gain_db / 20)
    limited = limiter(highest_near(segment.peak * wanted), setting.ceiling_db)
    return turned(sound, limited * wanted)


def _compression(energy: PerMs, reference: float, chain: Chain) -> PerMs:
    """The compressor's gain by the millisecond (0–1); ones without a compressor."""
    compressor = chain.compressor
    if compressor is None or not energy.size:
        return np.ones(len(energy), np.float32)
    heard = np.maximum(smooth(energy, WINDOW_MS), 1e-9)
    level = 10 * np.log10(heard) + FULL_SCALE_LUFS
    threshold = reference - compressor.below_lu
    over = np.maximum(level - threshold, 0.0)
    gain_db = smooth(-over * (1 - 1 / compressor.ratio), WINDOW_MS)
    gain: PerMs = 10 ** (gain_db / 20)
    return gain.astype(np.float32)


@cache
def _response(bands: tuple[Band, ...], size: int) -> npt.NDArray[Any]:
    """The equaliser's frequency response for a transform of that size."""
    frequencies = np.arange(size // 2 + 1)
    z = np.exp(-2j * np.pi * frequencies / size)
    whole = np.ones(size // 2 + 1, np.complex128)
    for band in bands:
        b, a = _biquad(band)
        above = b[0] + b[1] * z + b[2] * z**2
        below = a[0] + a[1] * z + a[2] * z**2
        whole *= above / below
    return whole.astype(np.complex64)


def _biquad(band: Band) -> tuple[Coefficients, Coefficients]:
    """A filter of second order by its coefficients,
    b and a (Audio EQ Cookbook, R. Bristow-Johnson).
    """
    w = 2 * np.pi * band.hz / RATE
    cos = np.cos(w)
    alpha = np.sin(w) / (2 * band.q)
    return SHAPES[band.kind](band, cos, alpha)


def _all_pass(
    band: Band, cos: float, alpha: float
) -> tuple[Coefficients, Coefficients]:
    b = (1 - alpha, -2 * cos, 1 + alpha)
    a = (1 + alpha, -2 * cos, 1 - alpha)
    return b, a


def _peak(band: Band, cos: float, alpha: float) -> tuple[Coefficients, Coefficients]:
    amplitude = 10 ** (band.db / 40)
    b = (1 + alpha * amplitude, -2 * cos, 1 - alpha * amplitude)
    a = (1 + alpha / amplitude, -2 * cos, 1 - alpha / amplitude)
    return b, a


def _high_pass(
    band: Band, cos: float, alpha: float
) -> tuple[Coefficients, Coefficients]:
    return _pass(1, cos, alpha)


def _low_pass(
    band: Band, cos: float, alpha: float
) -> tuple[Coefficients, Coefficients]:
    return _pass(-1, cos, alpha)


def _pass(sign: int, cos: float, alpha: float) -> tuple[Coefficients, Coefficients]:
    edge = (1 + sign * cos) / 2
    b = (edge, -sign * (1 + sign * cos), edge)
    a = (1 + alpha, -2 * cos, 1 - alpha)
    return b, a


Shape = Callable[[Band, float, float], tuple[Coefficients, Coefficients]]
SHAPES: dict[str, Shape] = {
    "allpass": _all_pass,
    "peak": _peak,
    "highpass": _high_pass,
    "lowpass": _low_pass,
}
