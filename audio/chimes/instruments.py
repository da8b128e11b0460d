"""Instruments made of sine waves: a plucked zither, a struck bamboo bar, a two-tone horn, a soft breath, and a room."""

from functools import cache

import numpy as np

from audio.loudness import Samples
from audio.voice import RATE

HIGHEST_HZ = 9_500.0  # partials above would only be filtered away
STEPS = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}  # from A, in semitones
ROOM_S, ROOM_DECAY_S, ROOM_HZ = 1.4, 0.32, 4_000.0


def hertz(note: str) -> float:
    """The pitch of a note such as "D5", in equal temperament over A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((STEPS[note[:-1]] + 12 * (int(note[-1]) - 4)) / 12))


def zither(hz: float, seconds: float) -> Samples:
    """A plucked string, as of the đàn tranh: bright when touched, trembling as it rings."""
    t = _time(seconds)
    trembling = 0.0035 * np.minimum(t / 0.5, 1.0) * np.sin(2 * np.pi * 5.4 * t) / (2 * np.pi * 5.4)
    sound = np.zeros_like(t)
    for k in range(1, 13):
        pitch = (
            k * hz * np.sqrt(1 + 1.2e-4 * k * k)
        )  # strings are stiff: partials are a little wide
        if pitch > HIGHEST_HZ:
            break
        strength = abs(np.sin(np.pi * k * 0.21)) / k**1.15  # plucked at a fifth of its length
        decay = 1.25 * np.sqrt(294 / hz) / (1 + 0.42 * (k - 1))
        sound += strength * np.exp(-t / decay) * np.sin(2 * np.pi * pitch * (t + trembling))
    return _touched(sound, 0.003)


def bamboo(hz: float, seconds: float) -> Samples:
    """A struck bar, as of the đàn t'rưng: a round tone and a short knock."""
    t = _time(seconds)
    sound = np.zeros_like(t)
    for ratio, strength, decay in (
        (1.0, 1.0, 0.42),
        (2.0, 0.16, 0.22),
        (3.93, 0.28, 0.07),
        (9.2, 0.08, 0.02),
    ):
        if ratio * hz < HIGHEST_HZ:
            sound += strength * np.exp(-t / decay) * np.sin(2 * np.pi * ratio * hz * t)
    return _touched(sound, 0.002)


def horn(hz: float, seconds: float) -> Samples:
    """A steady signal with enough partials to be told from wind and engines, rising and falling in 25 ms."""
    t = _time(seconds)
    sound = sum(
        strength * np.sin(2 * np.pi * k * hz * t)
        for k, strength in ((1, 1.0), (2, 0.45), (3, 0.22), (4, 0.1))
    )
    edge = np.minimum(1.0, np.minimum(t, seconds - t) / 0.025)
    return np.asarray(sound * np.sin(edge * np.pi / 2) ** 2, np.float64)


def breath(hz: float, seconds: float) -> Samples:
    """A soft, slow tone that swells and goes: two voices a hair apart."""
    t = _time(seconds)
    sound = sum(
        strength * np.sin(2 * np.pi * k * (hz + apart) * t + k)
        for k, strength in ((1, 1.0), (2, 0.2), (3, 0.06))
        for apart in (-0.35, 0.35)
    )
    return np.asarray(sound * np.sin(np.pi * t / seconds) ** 2, np.float64)


def in_a_room(sound: Samples, wet: float, *, loop: bool = False) -> Samples:
    """The sound with a share of its echoes, no longer than before; in a `loop` the last ones go on at its beginning."""
    size = len(sound) if loop else 1 << (len(sound) + len(_echoes()) - 1).bit_length()
    echoed = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(_echoes(), size), size)[
        : len(sound)
    ]
    return np.asarray(sound + wet * echoed, np.float64)


@cache
def _echoes() -> Samples:
    """Noise that dies away, without its highs; from a generator whose stream NumPy promises never to change."""
    t = _time(ROOM_S)
    noise = np.random.RandomState(2026).standard_normal(len(t)) * np.exp(-t / ROOM_DECAY_S)
    hz = np.fft.rfftfreq(len(t), 1 / RATE)
    soft = np.fft.irfft(np.fft.rfft(noise) / (1 + (hz / ROOM_HZ) ** 2) * (hz > 150), len(t))
    return np.asarray(soft / np.sqrt(np.sum(soft**2)), np.float64)


def _touched(sound: Samples, seconds: float) -> Samples:
    """Begins from nothing, and ends in it."""
    sound[: int(seconds * RATE)] *= np.linspace(0, 1, int(seconds * RATE), endpoint=False)
    tail = min(len(sound), int(0.05 * RATE))
    sound[-tail:] *= np.linspace(1, 0, tail)
    return sound


def _time(seconds: float) -> Samples:
    return np.arange(int(seconds * RATE)) / RATE
