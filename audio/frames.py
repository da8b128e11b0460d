"""A recording frame by frame: how loud each is, and from where on it counts as heard."""

import numpy as np
import numpy.typing as npt

from audio.voice import RATE, Pcm

# dBFS, a value for each frame.
Levels = npt.NDArray[np.float32]

# 10 ms.
FRAME = RATE // 100
# Samples looked at together.
BLOCK = 60 * RATE


def levels_of(pcm: Pcm) -> Levels:
    """How loud each frame is, dBFS; block by block, for an hour is long."""
    samples = np.frombuffer(pcm, "<i2")
    whole = len(samples) // FRAME * FRAME
    frames = samples[:whole].reshape(-1, FRAME)
    blocks = np.array_split(frames, len(frames) * FRAME // BLOCK + 1)
    energies = np.concatenate([_energies(block) for block in blocks])
    return np.asarray(10 * np.log10(np.maximum(energies, 1e-12)), np.float32)


def _energies(frames: npt.NDArray[np.int16]) -> Levels:
    """The mean square of each frame, of ±1."""
    sound = frames.astype(np.float32) / 32768
    energies: Levels = np.einsum("ij,ij->i", sound, sound) / FRAME
    return energies


def heard_from(levels: Levels, *, music: bool) -> float:
    """The level from which a frame counts as heard."""
    if music:
        return -60.0
    quiet, loud = np.percentile(levels, (5, 95))
    return float(np.clip(quiet + 9.0, max(-62.0, loud - 40.0), loud - 12.0))
