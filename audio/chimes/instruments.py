"""Instruments made of sine waves: a plucked zither, a struck bamboo bar,
a two-tone horn, a soft breath, and a room.
"""

from functools import cache

import numpy as np

from audio.loudness import Samples
from audio.voice import RATE

# Partials above would only be filtered away.
HIGHEST_HZ = 9_500.0
# From A, in semitones.
STEPS = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}
# How long the room rings, how fast that dies away, and what its walls swallow.
ROOM_S = 1.4
ROOM_DECAY_S = 0.32
ROOM_HZ = 4_000.0
# Of a zither: how much and how fast its pitch trembles, how stiff a string is, and where along
# its length it is plucked.
TREMBLING = 0.0035
TREMBLING_HZ = 5.4
STIFFNESS = 1.2e-4
PLUCKED_AT = 0.21
# Of a bamboo bar: a partial's pitch beside the first, its strength, and seconds to die away.
BARS = (
    (1.0, 1.0, 0.42),
    (2.0, 0.16, 0.22),
    (3.93, 0.28, 0.07),
    (9.2, 0.08, 0.02),
)


def hertz(note: str) -> float:
    """The pitch of a note such as "D5", in equal temperament over A4 = 440 Hz."""
    octave = int(note[-1])
    semitones = STEPS[note[:-1]] + 12 * (octave - 4)
    return float(440.0 * 2.0 ** (semitones / 12))


def zither(hz: float, seconds: float) -> Samples:
    """A plucked string, as of the đàn tranh: bright when touched, trembling as it rings."""
    t = _time(seconds)
    circle = 2 * np.pi * TREMBLING_HZ
    trembling = TREMBLING * np.minimum(t / 0.5, 1.0) * np.sin(circle * t) / circle
    sound = np.zeros_like(t)
    for k in range(1, 13):
        # Strings are stiff: partials are a little wide.
        pitch = k * hz * np.sqrt(1 + STIFFNESS * k * k)
        if pitch > HIGHEST_HZ:
            break
        strength = abs(np.sin(np.pi * k * PLUCKED_AT)) / k**1.15
        decay = 1.25 * np.sqrt(294 / hz) / (1 + 0.42 * (k - 1))
        envelope = strength * np.exp(-t / decay)
        sound += envelope * np.sin(2 * np.pi * pitch * (t + trembling))
    return _touched(sound, 0.003)


def bamboo(hz: float, seconds: float) -> Samples:
    """A struck bar, as of the đàn t'rưng: a round tone and a short knock."""
    t = _time(seconds)
    sound = np.zeros_like(t)
    for ratio, strength, decay in BARS:
        if ratio * hz >= HIGHEST_HZ:
            continue
        envelope = strength * np.exp(-t / decay)
        sound += envelope * np.sin(2 * np.pi * ratio * hz * t)
    return _touched(sound, 0.002)


def horn(hz: float, seconds: float) -> Samples:
    """A steady signal with enough partials to be told from wind and engines,
    rising and falling in 25 ms.
    """
    t = _time(seconds)
    partials = ((1, 1.0), (2, 0.45), (3, 0.22), (4, 0.1))
    sound = sum(strength * np.sin(2 * np.pi * k * hz * t) for k, strength in partials)
    to_an_end = np.minimum(t, seconds - t)
    edge = np.minimum(1.0, to_an_end / 0.025)
    return np.asarray(sound * np.sin(edge * np.pi / 2) ** 2, np.float64)


def breath(hz: float, seconds: float) -> Samples:
    """A soft, slow tone that swells and goes: two voices a hair apart."""
    t = _time(seconds)
    partials = ((1, 1.0), (2, 0.2), (3, 0.06))
    sound = sum(
        strength * np.sin(2 * np.pi * k * (hz + apart) * t + k)
        for k, strength in partials
        for apart in (-0.35, 0.35)
    )
    swelling = np.sin(np.pi * t / seconds) ** 2
    return np.asarray(sound * swelling, np.float64)


def in_a_room(sound: Samples, wet: float, *, loop: bool = False) -> Samples:
    """The sound with a share of its echoes, no longer than before.

    In a `loop` the last echoes go on at its beginning.
    """
    echoes = _echoes()
    # Room enough that the end does not come round to the beginning; a loop wants just that.
    whole = 1 << (len(sound) + len(echoes) - 1).bit_length()
    size = len(sound) if loop else whole
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(echoes, size)
    echoed = np.fft.irfft(spectrum, size)[: len(sound)]
    return np.asarray(sound + wet * echoed, np.float64)


@cache
def _echoes() -> Samples:
    """Noise that dies away, without its highs.

    From a generator whose stream NumPy promises never to change.
    """
    t = _time(ROOM_S)
    noise = np.random.RandomState(2026).standard_normal(len(t)) * np.exp(
        -t / ROOM_DECAY_S
    )
    hz = np.fft.rfftfreq(len(t), 1 / RATE)
    damped = np.fft.rfft(noise) / (1 + (hz / ROOM_HZ) ** 2)
    soft = np.fft.irfft(damped * (hz > 150), len(t))
    power = np.sum(soft**2)
    return np.asarray(soft / np.sqrt(power), np.float64)


def _touched(sound: Samples, seconds: float) -> Samples:
    """Begins from nothing, and ends in it."""
    head = int(seconds * RATE)
    sound[:head] *= np.linspace(0, 1, head, endpoint=False)
    tail = min(len(sound), int(0.05 * RATE))
    sound[-tail:] *= np.linspace(1, 0, tail)
    return sound


def _time(seconds: float) -> Samples:
    return np.arange(int(seconds * RATE)) / RATE
