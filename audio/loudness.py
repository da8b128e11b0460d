"""How loud: BS.1770 loudness and true peak of house PCM, and a limiter that keeps peaks below a ceiling.

The filters are those of ITU-R BS.1770-4 (as analogue prototypes, brought to 24 kHz), applied in the frequency
domain in blocks; the tests hold the result against ffmpeg's ebur128.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr
from numpy.lib.stride_tricks import sliding_window_view

from audio.voice import RATE

Samples = npt.NDArray[Any]  # float32, ±1
PerMs = npt.NDArray[Any]  # float64, a value a millisecond

SILENCE_LUFS = -70.0  # the absolute gate; also what silence measures
HOP_MS, BLOCK_HOPS = 100, 4
FFT = 1 << 15
MS = RATE // 1000
LOOKAHEAD_MS = 5
CHUNK = RATE * 30


def to_float(pcm: bytes) -> Samples:
    """House PCM as ±1."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768


def to_pcm(samples: Samples) -> bytes:
    """±1 as house PCM; what is beyond is clipped."""
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()


def lufs(samples: Samples) -> float:
    """Integrated loudness (BS.1770, gated), −70 for silence or less than 0.4 s."""
    return gated(energies(samples))


def energies(samples: Samples) -> PerMs:
    """The K-weighted sound's mean square, millisecond by millisecond."""
    frames = np.pad(_k_weighted(samples), (0, -len(samples) % MS)).reshape(-1, MS)
    return np.einsum("ij,ij->i", frames, frames).astype(np.float64) / MS


def gated(energy: PerMs) -> float:
    """Integrated loudness of `energies`, in blocks of 400 ms, every 100 ms, gated twice."""
    hops = energy[: len(energy) // HOP_MS * HOP_MS].reshape(-1, HOP_MS).mean(axis=1)
    if len(hops) < BLOCK_HOPS:
        return SILENCE_LUFS
    power = sliding_window_view(hops, BLOCK_HOPS).mean(axis=1)
    power = power[power > 10 ** ((SILENCE_LUFS + 0.691) / 10)]
    if not power.size:
        return SILENCE_LUFS
    gate = power.mean() * 10 ** (-10 / 10)
    return float(-0.691 + 10 * np.log10(power[power > gate].mean()))


def peaks(samples: Samples) -> PerMs:
    """The highest sample of each millisecond."""
    return np.abs(np.pad(samples, (0, -len(samples) % MS))).reshape(-1, MS).max(axis=1).astype(np.float64)


def limiter(peak: PerMs, ceiling_db: float) -> PerMs:
    """The gain (0–1, a value a millisecond) that keeps these peaks below the ceiling (dB), looking 5 ms ahead.

    It is the lowest gain that any neighbour within 5 ms needs, smoothed over less than that: down before the
    peak comes, and never above what the peak needs.
    """
    need = np.minimum(1.0, 10 ** (ceiling_db / 20) / np.maximum(peak, 1e-9))
    width = 2 * LOOKAHEAD_MS + 1
    lowest = sliding_window_view(np.pad(need, LOOKAHEAD_MS, constant_values=1.0), width).min(axis=1)
    box = width - 4  # narrower than the minimum's window by the two milliseconds that a ramp spans
    return sliding_window_view(np.pad(lowest, box // 2, mode="edge"), box).mean(axis=1)


def turned(samples: Samples, gain: PerMs) -> Samples:
    """The sound at a gain given millisecond by millisecond, with ramps between."""
    now = gain.astype(np.float32)
    step = np.diff(now, append=now[-1:])
    curve = now[:, None] + step[:, None] * (np.arange(MS, dtype=np.float32) / MS)
    return samples * curve.ravel()[: len(samples)]


def true_peak(samples: Samples) -> float:
    """The highest point between the samples (4 × oversampled), in dBTP; −120 for silence."""
    if not samples.size:
        return -120.0
    highest = 0.0
    for start in range(0, len(samples), CHUNK):
        chunk = samples[max(0, start - 64) : start + CHUNK + 64]
        # Only the neighbourhood of a high sample can hold the peak; a chunk far below the best needs no look.
        if float(np.abs(chunk).max(initial=0.0)) * 1.6 > highest:
            highest = max(highest, float(np.abs(soxr.resample(chunk, RATE, 4 * RATE, quality="MQ")).max(initial=0.0)))
    return float(20 * np.log10(max(highest, 1e-6)))


def _k_weighted(samples: Samples) -> Samples:
    """The sound through the K filter, by overlap-save; the first quarter of a block carries the tail."""
    tail = FFT // 4
    step = FFT - tail
    response = _k_response()
    padded = np.concatenate((np.zeros(tail, np.float32), samples, np.zeros(FFT, np.float32)))
    out = np.empty(len(samples), np.float32)
    for start in range(0, len(samples), step):
        block = np.fft.irfft(np.fft.rfft(padded[start : start + FFT]) * response)
        out[start : start + step] = block[tail:][: len(out) - start]
    return out


@cache
def _k_response() -> npt.NDArray[Any]:
    """The K filter's frequency response at house rate: a high shelf (+4 dB, 1682 Hz) and a high pass (38 Hz)."""
    z = np.exp(-2j * np.pi * np.arange(FFT // 2 + 1) / FFT)

    def biquad(b: tuple[float, float, float], a: tuple[float, float, float]) -> npt.NDArray[Any]:
        return (b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)

    k, q = np.tan(np.pi * 1681.974450955533 / RATE), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    norm = 1 + k / q + k * k
    shelf = biquad(
        ((high + band * k / q + k * k) / norm, 2 * (k * k - high) / norm, (high - band * k / q + k * k) / norm),
        (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm),
    )
    k, q = np.tan(np.pi * 38.13547087602444 / RATE), 0.5003270373238773
    norm = 1 + k / q + k * k
    high_pass = biquad((1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm))
    return (shelf * high_pass).astype(np.complex64)
