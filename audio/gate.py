"""Every clip passes here: silence is trimmed, and what is no believable speech is turned away."""

import numpy as np

from audio.voice import RATE, EngineTrouble, Reason

QUIET = 10 ** (-50 / 20)  # below −50 dBFS an engine's silence, above it speech
MARGIN = RATE // 40  # 25 ms are left before and after the speech: consonants begin softly
SHORTEST_S, SHORTEST_SYLLABLE_S = 0.08, 0.05  # nobody speaks twenty syllables a second,
LONGEST_S, LONGEST_SYLLABLE_S = 3.0, 1.2  # and none takes over a second for each


def admit(pcm: bytes, spoken: str) -> bytes:
    """House PCM without the engine's silence at both ends.

    EngineTrouble(BAD_SOUND) when it is empty, silent, torn, or far too short or long for its text. Syllables
    are counted as words: Vietnamese writes them apart.
    """
    if len(pcm) % 2:
        raise EngineTrouble(Reason.BAD_SOUND, "the sound ends in the middle of a sample")
    samples = np.frombuffer(pcm, dtype="<i2")
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > QUIET * 32768)
    if not loud.size:
        raise EngineTrouble(Reason.BAD_SOUND, f"only silence came for “{_short(spoken)}”")
    speech = samples[max(0, int(loud[0]) - MARGIN) : int(loud[-1]) + 1 + MARGIN]
    seconds, syllables = len(speech) / RATE, max(1, len(spoken.split()))
    if seconds < max(SHORTEST_S, SHORTEST_SYLLABLE_S * syllables):
        raise EngineTrouble(
            Reason.BAD_SOUND, f"{seconds:.2f} s is too short for {syllables} syllables: “{_short(spoken)}”"
        )
    if seconds > LONGEST_S + LONGEST_SYLLABLE_S * syllables:
        raise EngineTrouble(
            Reason.BAD_SOUND, f"{seconds:.1f} s is too long for {syllables} syllables: “{_short(spoken)}”"
        )
    return speech.tobytes()


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
