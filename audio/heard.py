"""What a player hears of a part: its energies and true peak, measured on what was decoded.

ffmpeg weighs the sound (the K filter of BS.1770-4) beside decoding it, which costs a quarter of
what a transform here did, and hands over both: pairs of a sample as it is and as it is weighed.
"""

from dataclasses import dataclass

import numpy as np

from audio.loudness import MS, Coefficients, PerMs, highest_between, k_filters
from audio.voice import SAMPLE_BYTES

PAIR_BYTES = 2 * SAMPLE_BYTES
FULL = np.float32(32768)
# What is weighed may be higher than what is heard, and must not be clipped.
WEIGHED_DOWN = 0.5


@dataclass(frozen=True, slots=True)
class Weighed:
    """The K-weighted mean square by the millisecond, and the true peak in dBTP."""

    energy: PerMs
    true_peak: float


def weighing() -> str:
    """ffmpeg's filters: mono in, stereo out: the sound, and beside it what is weighed."""
    filters = ",".join(_biquad(b, a) for b, a in k_filters())
    return ";".join(
        (
            "aformat=sample_fmts=fltp:channel_layouts=mono,asplit[sound][beside]",
            f"[beside]volume={WEIGHED_DOWN},{filters}[weighed]",
            "[sound][weighed]join=inputs=2:channel_layout=stereo",
        )
    )


def _biquad(b: Coefficients, a: Coefficients) -> str:
    named = zip(("b0", "b1", "b2", "a0", "a1", "a2"), (*b, *a), strict=True)
    return "biquad=" + ":".join(f"{name}={value:.12f}" for name, value in named)


def heard_by(pairs: bytes) -> Weighed:
    """Measures a part: pairs of 16 bits each as ffmpeg hands them over."""
    both = np.frombuffer(pairs, "<i2").reshape(-1, 2)
    sound, beside = (channel.astype(np.float32) / FULL for channel in both.T)
    weighed = np.pad(beside, (0, -len(both) % MS)).reshape(-1, MS)
    energy = np.einsum("ij,ij->i", weighed, weighed) / (MS * WEIGHED_DOWN**2)
    peak = highest_between(sound)
    return Weighed(energy.astype(np.float32), float(20 * np.log10(max(peak, 1e-6))))
