"""Every clip passes here: silence is trimmed, and what is no believable speech is turned away."""

import numpy as np
from numpy.typing import NDArray

from audio.voice import RATE, EngineTrouble, Reason

# House PCM's largest value, and one that only torn sound stays at.
FULL = 32_768
NEARLY_FULL = 32_700
# Below −50 dBFS an engine's silence, above it speech.
QUIET = 10 ** (-50 / 20) * FULL
# 25 ms are left before and after the speech: consonants begin softly.
MARGIN = RATE // 40
# Nobody speaks fifteen syllables a second, and no announcer takes most of a second for each.
SHORTEST_S = 0.08
SHORTEST_SYLLABLE_S = 0.07
LONGEST_S = 2.0
LONGEST_SYLLABLE_S = 0.8
# A foreign word has more than one syllable: counted by its letters.
LETTERS_A_SYLLABLE = 4
# 10 ms.
FRAME = RATE // 100
# No pause within a sentence is this long.
DEAD_S = 1.5
# A recording with more of its samples at full scale is torn.
MOST_CLIPPED = 0.005
# Characters of a sentence that a fault repeats.
SHOWN = 60

Samples = NDArray[np.int16]
Levels = NDArray[np.int32]


def admit(pcm: bytes, spoken: str, rate: float = 1.0) -> bytes:
    """House PCM without the engine's silence at both ends; `rate` is the voice's.

    EngineTrouble(BAD_SOUND) when it is empty, silent, torn, clipped, dead in its middle, or far too
    short or long for its text. Syllables are counted as words, for Vietnamese writes them apart,
    and long words by their letters.
    """
    if len(pcm) % 2:
        raise _bad("the sound ends in the middle of a sample", spoken)
    speech = _speech_in(np.frombuffer(pcm, dtype="<i2"), spoken)
    _check_length(len(speech) / RATE * rate, spoken)
    _check_level(_levels(speech), spoken)
    return speech.tobytes()


def _speech_in(samples: Samples, spoken: str) -> Samples:
    """From the first sound to the last, with a margin."""
    loud = np.flatnonzero(_levels(samples) > QUIET)
    if not loud.size:
        raise _bad("only silence came", spoken)
    begin = max(0, int(loud[0]) - MARGIN)
    end = int(loud[-1]) + 1 + MARGIN
    return samples[begin:end]


def _check_length(seconds: float, spoken: str) -> None:
    syllables = syllables_of(spoken)
    shortest = max(SHORTEST_S, SHORTEST_SYLLABLE_S * syllables)
    longest = LONGEST_S + LONGEST_SYLLABLE_S * syllables
    if seconds < shortest:
        raise _bad(f"{seconds:.2f} s is too short for {syllables} syllables", spoken)
    if seconds > longest:
        raise _bad(f"{seconds:.1f} s is too long for {syllables} syllables", spoken)


def _check_level(levels: Levels, spoken: str) -> None:
    clipped = (levels >= NEARLY_FULL).mean()
    if clipped > MOST_CLIPPED:
        raise _bad("the sound is clipped", spoken)
    dead_s = _longest_silence(levels)
    if dead_s > DEAD_S:
        raise _bad(f"nothing is heard for {dead_s:.1f} s in its middle", spoken)


def _levels(samples: Samples) -> Levels:
    # In 32 bits: the lowest sample has no positive twin in 16.
    return np.abs(samples.astype(np.int32))


def syllables_of(spoken: str) -> int:
    """How many syllables a text has, about."""
    counts = [max(1, round(len(word) / LETTERS_A_SYLLABLE)) for word in spoken.split()]
    return max(1, sum(counts))


def _longest_silence(levels: Levels) -> float:
    """Seconds of the longest run of quiet frames."""
    whole = len(levels) // FRAME * FRAME
    frames = levels[:whole].reshape(-1, FRAME).max(axis=1, initial=0)
    loud = np.flatnonzero(frames > QUIET)
    longest = np.diff(loud).max(initial=1) - 1
    return float(longest) * FRAME / RATE


def _bad(fault: str, spoken: str) -> EngineTrouble:
    shown = spoken if len(spoken) <= SHOWN else f"{spoken[: SHOWN - 1]}…"
    return EngineTrouble(Reason.BAD_SOUND, f"{fault}: “{shown}”")
