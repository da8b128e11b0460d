"""Brings a sound to a loudness, its peaks below a ceiling, so that it sits well beside what is spoken."""

from collections.abc import Iterator

import numpy as np

from audio.loudness import STEP, Meter, PerMs, Samples, gated, highest_near, limiter, to_float, to_pcm, turned
from audio.voice import RATE, SAMPLE_BYTES

CLOSE_LU, MOST_ROUNDS, MOST_GAIN_DB = 0.05, 12, 40.0
SHORTEST_MS = 400  # BS.1770 gates blocks of so many


def levelled(pcm: bytes, lufs: float, ceiling_db: float) -> bytes:
    """House PCM at `lufs` (BS.1770, integrated) and of the same length; no true peak passes `ceiling_db`.

    What the limiter takes away is given back; more than 40 dB are never added.
    """
    meter = Meter(peaks=True)
    for block in _blocks(pcm):
        meter.hear(block)
    meter.finish()
    near, gain_db = highest_near(meter.peak), lufs - _loudness(meter.energy)
    gain = limiter(near, ceiling_db)
    for _ in range(MOST_ROUNDS):
        gain_db = min(gain_db, MOST_GAIN_DB)
        by = 10 ** (gain_db / 20)
        gain = limiter(near * by, ceiling_db) * by
        missed = lufs - _loudness(meter.energy * gain**2)
        if abs(missed) < CLOSE_LU or gain_db >= MOST_GAIN_DB:
            break
        gain_db += missed
    return b"".join(to_pcm(block) for block in turned(_blocks(pcm), gain))


def loudness(pcm: bytes) -> float:
    """How loud house PCM is, in LUFS; what is shorter than a gate's block is taken whole."""
    meter = Meter()
    for block in _blocks(pcm):
        meter.hear(block)
    return _loudness(meter.finish().energy)


def _loudness(energy: PerMs) -> float:
    if energy.size >= SHORTEST_MS:
        return gated(energy)
    return float(-0.691 + 10 * np.log10(max(energy.mean(), 1e-12))) if energy.size else -70.0


def _blocks(pcm: bytes) -> Iterator[Samples]:
    """±1, in blocks of whole milliseconds but the last: an hour at once would be 350 MB."""
    for start in range(0, len(pcm), STEP * SAMPLE_BYTES):
        yield to_float(pcm[start : start + STEP * SAMPLE_BYTES])


def faded(pcm: bytes, in_ms: int, out_ms: int) -> bytes:
    """House PCM that begins from nothing and ends in it, so that no joint clicks."""
    samples = to_float(pcm).copy()
    for edge, ms in ((samples, in_ms), (samples[::-1], out_ms)):
        over = min(len(edge), RATE * ms // 1000)
        edge[:over] *= np.sin(np.linspace(0, np.pi / 2, over, dtype=np.float32)) ** 2
    return to_pcm(samples)
