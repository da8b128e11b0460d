"""How loud: BS.1770 loudness and true peak of house PCM,
and a limiter that keeps peaks below a ceiling.

The filters are those of ITU-R BS.1770-4 (as analogue prototypes, brought to 24 kHz), applied in the
frequency domain, block by block as the sound comes; the tests hold the result against ffmpeg's
ebur128.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr
from numpy.lib.stride_tricks import sliding_window_view

from audio.voice import RATE, Pcm

# Float32, ±1.
Samples = npt.NDArray[Any]
# A value a millisecond.
PerMs = npt.NDArray[Any]
# Complex64, as a transform gives it.
Spectrum = npt.NDArray[Any]

# The absolute gate; also what silence measures.
SILENCE_LUFS = -70.0
# BS.1770: a K-weighted mean square of 1 has this loudness, and what lies further below the rest
# than the relative gate is a pause, not programme.
FULL_SCALE_LUFS = -0.691
RELATIVE_GATE_DB = -10
HOP_MS = 100
BLOCK_HOPS = 4
MS = RATE // 1000
LOOKAHEAD_MS = 5
FFT = 1 << 15
# Samples of one block; the rest of the transform carries the filter's tail (170 ms).
STEP = (FFT - 4096) // MS * MS
TAIL = FFT - STEP
# Samples of context that interpolation needs on both sides.
OVER = 6 * MS
# How much higher than its samples near by (a millisecond) sound can be between them.
MOST_BETWEEN = 1.6
# Samples on each side from which a point between two others is worked out, and the points between
# two: BS.1770-4 has the same four-fold oversampling.
REACH, TIMES = 12, 4
# How much higher than a cubic says it can be: more finds nothing else in what encoders made of
# speech, less does.
MOST_ABOVE_ROUGH = 1.3
# A window of Kaiser's for the interpolation: what it lets through that is none lies 80 dB below.
KAISER_BETA = 8.0


def to_float(pcm: Pcm) -> Samples:
    """House PCM as ±1."""
    return np.multiply(
        np.frombuffer(pcm, dtype="<i2"), np.float32(1 / 32768), dtype=np.float32
    )


def to_pcm(samples: Samples) -> bytes:
    """±1 as house PCM; what is beyond is clipped."""
    scaled = np.multiply(samples, np.float32(32768))
    np.rint(scaled, out=scaled)
    np.clip(scaled, -32768, 32767, out=scaled)
    return scaled.astype("<i2").tobytes()


class Meter:
    """Measures sound as it comes: its energy by the millisecond,
    the loudness and the true peak of the whole.

    With `peaks`, also the highest point of each millisecond; then all of it is looked at between
    the samples.
    """

    def __init__(self, *, peaks: bool = False) -> None:
        self.samples = 0
        self._past = np.zeros(TAIL, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._energy: list[PerMs] = []
        self._peak: list[PerMs] | None = [] if peaks else None
        self._highest = 0.0

    def add(self, pcm: Pcm) -> None:
        """More of the sound: house PCM in whole samples."""
        self.hear(to_float(pcm))

    def hear(self, new: Samples) -> None:
        """More of the sound, as ±1."""
        self.samples += len(new)
        has_rest = self._rest.size > 0
        sound = np.concatenate((self._rest, new)) if has_rest else new
        start = 0
        while len(sound) - start >= STEP:
            self._block(sound[start : start + STEP])
            start += STEP
        self._rest = sound[start:].copy()

    def finish(self) -> "Meter":
        """No more is to come."""
        if self._rest.size:
            whole = np.pad(self._rest, (0, -len(self._rest) % MS))
            self._rest = self._rest[:0]
            self._block(whole)
        nothing_more = np.zeros(OVER, np.float32)
        self._between(np.concatenate((self._past[-2 * OVER :], nothing_more)))
        return self

    @property
    def energy(self) -> PerMs:
        """The K-weighted sound's mean square, millisecond by millisecond."""
        return np.concatenate(self._energy) if self._energy else np.zeros(0, np.float32)

    @property
    def peak(self) -> PerMs:
        """The highest point of each millisecond; empty unless asked for."""
        return (
            np.concatenate(self._peak)[OVER // MS :]
            if self._peak
            else np.zeros(0, np.float32)
        )

    @property
    def lufs(self) -> float:
        """Integrated loudness (BS.1770, gated), −70 for silence or less than 0.4 s."""
        return gated(self.energy)

    @property
    def true_peak(self) -> float:
        """The highest point between the samples (4 × oversampled), in dBTP; −120 for silence."""
        return float(20 * np.log10(max(self._highest, 1e-6)))

    def _block(self, sound: Samples) -> None:
        """At most STEP samples, a whole number of milliseconds."""
        window = windowed(self._past, sound)
        through = filtered(window, k_response(len(window)))
        weighted = through[TAIL : TAIL + len(sound)].reshape(-1, MS)
        self._energy.append(np.einsum("ij,ij->i", weighted, weighted) / MS)
        self._between(window[TAIL - 2 * OVER : TAIL + len(sound)])
        self._past = window[len(sound) : len(sound) + TAIL].copy()

    def _between(self, near: Samples) -> None:
        """Looks between the samples but for the first and last OVER:
        there the interpolation lacks a neighbour.

        So this lags OVER samples behind; `finish` brings the rest.
        """
        highest = float(np.abs(near).max())
        # Far below the highest so far, nothing between these samples can matter.
        if self._peak is None and highest * MOST_BETWEEN <= self._highest:
            return
        if self._peak is None:
            self._highest = max(self._highest, highest_between(near))
            return
        finer = soxr.resample(near, RATE, 2 * RATE, quality="MQ")
        between = np.abs(finer)[2 * OVER : -2 * OVER]
        self._highest = max(self._highest, highest, float(between.max(initial=0.0)))
        self._peak.append(between.reshape(-1, 2 * MS).max(axis=1))


def highest_between(sound: Samples) -> float:
    """The highest point of a sound (±1), between its samples too.

    Only where the highest may be is anything between two samples worked out, from REACH on each
    side: of speech, between one pair in a thousand.
    """
    if not sound.size:
        return 0.0
    whole = np.pad(sound, REACH)
    highest = float(np.abs(whole).max())
    candidates = np.flatnonzero(_roughly_between(whole) * MOST_ABOVE_ROUGH > highest)
    windows = sliding_window_view(whole, 2 * REACH)[candidates]
    # Not a product of matrices: a BLAS wakes threads for it, which spin longer than it takes.
    between = np.abs(np.einsum("ij,jk->ik", windows, _interpolation()))
    return max(highest, float(between.max(initial=0.0)))


def _roughly_between(whole: Samples) -> Samples:
    """How high each pair of samples and the middle between them is, by a cubic through four;
    of the pairs that have REACH on both sides.
    """
    near = whole[REACH - 2 : len(whole) - REACH + 2]
    before, left, right, after = near[:-3], near[1:-2], near[2:-1], near[3:]
    middle = (9 * (left + right) - (before + after)) / 16
    samples = np.maximum(np.abs(left), np.abs(right))
    rough: Samples = np.maximum(samples, np.abs(middle))
    return rough


@cache
def _interpolation() -> Samples:
    """The points between two samples, from REACH on each side of them."""
    points = REACH - 1 + np.arange(1, TIMES) / TIMES
    away = points[None, :] - np.arange(2 * REACH)[:, None]
    inside = np.clip(1 - (away / REACH) ** 2, 0.0, None)
    window = np.i0(KAISER_BETA * np.sqrt(inside)) / np.i0(KAISER_BETA)
    taps = np.sinc(away) * window * (np.abs(away) < REACH)
    return taps.astype(np.float32)


def windowed(past: Samples, sound: Samples) -> Samples:
    """TAIL samples of the past and a block, in the shortest transform that holds both and the
    filter's own tail.
    """
    size = FFT
    while size // 2 >= TAIL + len(sound):
        size //= 2
    window = np.zeros(size, np.float32)
    window[:TAIL] = past
    window[TAIL : TAIL + len(sound)] = sound
    return window


def filtered(window: Samples, response: npt.NDArray[Any]) -> Samples:
    """A window through a filter given by its frequency response."""
    return turned_back(transformed(window) * response, len(window))


def transformed(window: Samples) -> Spectrum:
    """Its spectrum, in the scale in which `turned_back` gives the same window again.

    numpy's own scale multiplies by a whole 1 on one of the two ways, for which it leaves single
    precision and takes four times as long.
    """
    spectrum: Spectrum = np.fft.rfft(window, norm="ortho")
    return spectrum


def turned_back(spectrum: Spectrum, size: int) -> Samples:
    """The window of `size` points that has this spectrum."""
    window: Samples = np.fft.irfft(spectrum, size, norm="ortho")
    return window


def gated(energy: PerMs) -> float:
    """Integrated loudness of `energy`, in blocks of 400 ms, every 100 ms, gated twice; LUFS."""
    whole_hops = len(energy) // HOP_MS * HOP_MS
    hops = energy[:whole_hops].reshape(-1, HOP_MS).mean(axis=1)
    if len(hops) < BLOCK_HOPS:
        return SILENCE_LUFS
    blocks = sliding_window_view(hops, BLOCK_HOPS).mean(axis=1)
    silence = 10 ** ((SILENCE_LUFS - FULL_SCALE_LUFS) / 10)
    heard = blocks[blocks > silence]
    if not heard.size:
        return SILENCE_LUFS
    gate = heard.mean() * 10 ** (RELATIVE_GATE_DB / 10)
    programme = heard[heard > gate].mean()
    return float(FULL_SCALE_LUFS + 10 * np.log10(programme))


def highest_near(peak: PerMs) -> PerMs:
    """The highest peak within 5 ms of each millisecond."""
    highest = np.pad(peak, LOOKAHEAD_MS)
    width = 2 * LOOKAHEAD_MS + 1
    reached = 1
    # Windows of 2, 4, 8 … by taking the maximum with a shifted self.
    while reached < width:
        shift = min(reached, width - reached)
        highest = np.maximum(highest[:-shift], highest[shift:])
        reached += shift
    return highest


def limiter(near: PerMs, ceiling_db: float) -> PerMs:
    """The gain (0–1, a value a millisecond) that keeps peaks below the ceiling (dB).

    `near` is `highest_near`.

    It is the lowest gain that any neighbour within 5 ms needs, smoothed over less than that: down
    before the peak comes, and never above what the peak needs.
    """
    ceiling = 10 ** (ceiling_db / 20)
    lowest = np.minimum(1.0, ceiling / np.maximum(near, 1e-9))
    # Narrower than the maximum's window by the two milliseconds that a ramp spans.
    return smooth(lowest, 2 * LOOKAHEAD_MS - 3)


def smooth(values: PerMs, width: int) -> PerMs:
    """Each value's mean over `width` milliseconds around it."""
    before = width // 2 + 1
    # In double precision: an hour has millions of values.
    wide = np.pad(values.astype(np.float64), (before, width - before), mode="edge")
    summed = np.cumsum(wide)
    means = (summed[width:] - summed[:-width]) / width
    return means.astype(np.float32)


def turned(blocks: Iterable[Samples], gain: PerMs) -> Iterator[Samples]:
    """Blocks of sound (whole milliseconds each but the last) at a gain given by the millisecond,
    with ramps between.
    """
    corners = np.append(gain, gain[-1:]).astype(np.float32)
    ramp = np.arange(MS, dtype=np.float32) / MS
    start = 0
    for block in blocks:
        milliseconds = -(-len(block) // MS)
        here = corners[start : start + milliseconds + 1]
        curve = here[:-1, None] + np.diff(here)[:, None] * ramp
        yield block * curve.ravel()[: len(block)]
        start += milliseconds


@cache
def k_response(size: int) -> npt.NDArray[Any]:
    """The K filter's frequency response at house rate, for a transform of that size."""
    frequencies = np.arange(size // 2 + 1)
    z = np.exp(-2j * np.pi * frequencies / size)
    shelf, high_pass = (_biquad(z, b, a) for b, a in k_filters())
    both = shelf * high_pass
    return both.astype(np.complex64)


# The filters' analogue prototypes: BS.1770 gives only coefficients for 48 kHz; these are what they
# were made from, as libebur128 worked out.
SHELF_HZ, SHELF_Q, SHELF_DB = 1681.974450955533, 0.7071752369554196, 3.999843853973347
SHELF_BEND = 0.4996667741545416
HIGH_PASS_HZ, HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773


Coefficients = tuple[float, float, float]


def k_filters() -> tuple[tuple[Coefficients, Coefficients], ...]:
    """The K filter's two parts at house rate, each by its coefficients b and a."""
    return _high_shelf(), _high_pass()


def _high_shelf() -> tuple[Coefficients, Coefficients]:
    """+4 dB above 1682 Hz: what a head does to sound."""
    k = np.tan(np.pi * SHELF_HZ / RATE)
    q = SHELF_Q
    high = 10 ** (SHELF_DB / 20)
    band = high**SHELF_BEND
    norm = 1 + k / q + k * k
    b = (
        (high + band * k / q + k * k) / norm,
        2 * (k * k - high) / norm,
        (high - band * k / q + k * k) / norm,
    )
    return b, _poles(k, q)


def _high_pass() -> tuple[Coefficients, Coefficients]:
    """Nothing below 38 Hz, which nobody takes for loud."""
    k = np.tan(np.pi * HIGH_PASS_HZ / RATE)
    return (1.0, -2.0, 1.0), _poles(k, HIGH_PASS_Q)


def _poles(k: float, q: float) -> Coefficients:
    norm = 1 + k / q + k * k
    return (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm)


def _biquad(z: npt.NDArray[Any], b: Coefficients, a: Coefficients) -> npt.NDArray[Any]:
    above = b[0] + b[1] * z + b[2] * z**2
    below = a[0] + a[1] * z + a[2] * z**2
    response: npt.NDArray[Any] = above / below
    return response
