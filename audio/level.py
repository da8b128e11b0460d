"""Brings a sound to a loudness, its peaks below a ceiling, so that it sits well beside what is spoken."""

import numpy as np

from audio.loudness import MS, SILENCE_LUFS, Meter, Samples, gated, highest_near, limiter, turned

CLOSE_LU, MOST_ROUNDS, MOST_GAIN_DB = 0.05, 12, 40.0


def levelled(sound: Samples, lufs: float, ceiling_db: float) -> Samples:
    """`sound` (±1 at house rate) at `lufs` (BS.1770, integrated); no true peak passes `ceiling_db`.

    What the limiter takes away is given back. Silence and sounds under 0.4 s, which have no loudness, are left alone.
    """
    meter = Meter(peaks=True)
    meter.hear(sound)
    meter.finish()
    if meter.lufs <= SILENCE_LUFS:
        return sound
    near, gain_db = highest_near(meter.peak), lufs - meter.lufs
    for _ in range(MOST_ROUNDS):
        gain_db = min(gain_db, MOST_GAIN_DB)
        by = 10 ** (gain_db / 20)
        gain = limiter(near * by, ceiling_db) * by
        missed = lufs - gated(meter.energy * gain**2)
        if abs(missed) < CLOSE_LU or gain_db >= MOST_GAIN_DB:
            break
        gain_db += missed
    padded = np.pad(sound, (0, -len(sound) % MS))
    (found,) = turned([padded], gain)
    return np.asarray(found[: len(sound)], np.float32)
