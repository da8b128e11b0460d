"""Every clip passes here: silence is trimmed, and what is no believable speech is turned away."""

import numpy as np
from numpy.typing import NDArray

from audio.voice import RATE, EngineTrouble, Reason

QUIET = 10 ** (-50 / 20)  # below −50 dBFS an engine's silence, above it speech
MARGIN = RATE // 40  # 25 ms are left before and after the speech: consonants begin softly
SHORTEST_S, SHORTEST_SYLLABLE_S = 0.08, 0.07  # nobody speaks fifteen syllables a second,
LONGEST_S, LONGEST_SYLLABLE_S = 2.0, 0.8  # and no announcer takes most of a second for each
LETTERS_A_SYLLABLE = 4  # a foreign word has more than one: counted by its letters
FRAME = RATE // 100  # 10 ms
DEAD_S = 1.5  # no pause within a sentence is this long
FULL_SCALE, CLIPPED = 32_700, 0.005  # a recording with more of its samples at full scale is torn


def admit(pcm: bytes, spoken: str, rate: float = 1.0) -> bytes:
    """House PCM without the engine's silence at both ends; `rate` is the voice's.

    EngineTrouble(BAD_SOUND) when it is empty, silent, torn, clipped, dead in its middle, or far too short or long
    for its text. Syllables are counted as words, for Vietnamese writes them apart, and long words by their letters.
    """
    if len(pcm) % 2:
        raise _bad("the sound ends in the middle of a sample", spoken)
    samples = np.frombuffer(pcm, dtype="<i2")
    level = np.abs(samples.astype(np.int32))
    loud = np.flatnonzero(level > QUIET * 32768)
    if not loud.size:
        raise _bad("only silence came", spoken)
    begin, end = max(0, int(loud[0]) - MARGIN), int(loud[-1]) + 1 + MARGIN
    speech, level = samples[begin:end], level[begin:end]
    seconds, syllables = len(speech) / RATE * rate, syllables_of(spoken)
    if seconds < max(SHORTEST_S, SHORTEST_SYLLABLE_S * syllables):
        raise _bad(f"{seconds:.2f} s is too short for {syllables} syllables", spoken)
    if seconds > LONGEST_S + LONGEST_SYLLABLE_S * syllables:
        raise _bad(f"{seconds:.1f} s is too long for {syllables} syllables", spoken)
    if (level >= FULL_SCALE).mean() > CLIPPED:
        raise _bad("the sound is clipped", spoken)
    if (dead := _longest_silence(level)) > DEAD_S:
        raise _bad(f"nothing is heard for {dead:.1f} s in its middle", spoken)
    return speech.tobytes()


def syllables_of(spoken: str) -> int:
    """How many syllables a text has, about."""
    return max(1, sum(max(1, round(len(word) / LETTERS_A_SYLLABLE)) for word in spoken.split()))


def _longest_silence(level: NDArray[np.int32]) -> float:
    """Seconds of the longest run of quiet frames."""
    frames = level[: len(level) // FRAME * FRAME].reshape(-1, FRAME).max(axis=1, initial=0)
    loud = np.flatnonzero(frames > QUIET * 32768)
    return float(np.diff(loud).max(initial=1) - 1) * FRAME / RATE


def _bad(what: str, spoken: str) -> EngineTrouble:
    return EngineTrouble(
        Reason.BAD_SOUND, f"{what}: “{spoken if len(spoken) <= 60 else spoken[:59] + '…'}”"
    )
