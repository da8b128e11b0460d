"""Brings a sound to a loudness, its peaks below a ceiling,
so that it sits well beside what is spoken.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from audio.loudness import (
    FULL_SCALE_LUFS,
    SILENCE_LUFS,
    STEP,
    Meter,
    PerMs,
    Samples,
    gated,
    highest_near,
    limiter,
    to_float,
    to_pcm,
    turned,
)
from audio.voice import RATE, SAMPLE_BYTES, Pcm

CLOSE_LU = 0.05
MOST_ROUNDS = 12
MOST_GAIN_DB = 40.0
# BS.1770 gates blocks of so many.
SHORTEST_MS = 400


def levelled(pcm: bytes, lufs: float, ceiling_db: float) -> bytes:
    """A copy at `lufs`: see `level`."""
    copy = bytearray(pcm)
    level(memoryview(copy), lufs, ceiling_db)
    return bytes(copy)


def level(pcm: memoryview, lufs: float, ceiling_db: float) -> None:
    """Brings house PCM in its place to `lufs` (BS.1770, integrated).

    No true peak passes `ceiling_db`.

    What the limiter takes away is given back; more than 40 dB are never added.
    """
    meter = Meter(peaks=True)
    for block in _blocks(pcm):
        meter.hear(block)
    meter.finish()
    near = highest_near(meter.peak)
    gain_db = lufs - _loudness(meter.energy)
    gain = limiter(near, ceiling_db)
    for _ in range(MOST_ROUNDS):
        gain_db = min(gain_db, MOST_GAIN_DB)
        factor = 10 ** (gain_db / 20)
        gain = limiter(near * factor, ceiling_db) * factor
        missed = lufs - _loudness(meter.energy * gain**2)
        if abs(missed) < CLOSE_LU or gain_db >= MOST_GAIN_DB:
            break
        gain_db += missed
    overwrite(pcm, turned(_blocks(pcm), gain))


def overwrite(pcm: memoryview, blocks: Iterable[Samples]) -> None:
    """Puts blocks in the place of the house PCM they are made from:
    each is read before its place is written.
    """
    at = 0
    for block in blocks:
        data = to_pcm(block)
        pcm[at : at + len(data)] = data
        at += len(data)


def loudness(pcm: Pcm) -> float:
    """How loud house PCM is, in LUFS; what is shorter than a gate's block is taken whole."""
    meter = Meter()
    for block in _blocks(pcm):
        meter.hear(block)
    return _loudness(meter.finish().energy)


def _loudness(energy: PerMs) -> float:
    if energy.size >= SHORTEST_MS:
        return gated(energy)
    if not energy.size:
        return SILENCE_LUFS
    mean = max(energy.mean(), 1e-12)
    return float(FULL_SCALE_LUFS + 10 * np.log10(mean))


def _blocks(pcm: Pcm) -> Iterator[Samples]:
    """±1, in blocks of whole milliseconds but the last: an hour at once would be 350 MB."""
    for start in range(0, len(pcm), STEP * SAMPLE_BYTES):
        yield to_float(pcm[start : start + STEP * SAMPLE_BYTES])


def fade(pcm: memoryview, in_ms: int, out_ms: int) -> None:
    """Lets house PCM begin from nothing and end in it, so that no joint clicks."""
    samples = np.frombuffer(pcm, "<i2")
    # Out is in, seen from the end.
    for edge, ms in ((samples, in_ms), (samples[::-1], out_ms)):
        over = min(len(edge), RATE * ms // 1000)
        quarter = np.linspace(0, np.pi / 2, over)
        edge[:over] = np.rint(edge[:over] * np.sin(quarter) ** 2)
