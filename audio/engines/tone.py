"""A voice that hums as long as the text would take: real sound,
always the same, for tests and drills.
"""

from collections.abc import Sequence

from audio.voice import RATE, Voice, VoiceInfo

# Vietnamese is read at about five syllables a second.
SYLLABLE_S = 0.2
# Hertz, one for each of the six tones.
PITCHES = (220.0, 247.0, 262.0, 294.0, 330.0, 349.0)


class Tone:
    """Hums one note for each word."""

    name = "tone"
    lanes = 2
    longest = 5_000
    deadline = 30.0
    limits = None

    def build(self) -> str:
        """Changes when the hum does."""
        return "tone-1"

    def voices(self) -> Sequence[VoiceInfo]:
        """One voice."""
        return (VoiceInfo("", "Tiếng ngân (để thử máy)", for_tests=True),)

    def speak(self, spoken: str, voice: Voice, deadline: float) -> bytes:
        """A note of 200 ms for each word, its pitch by the word's letters."""
        import numpy as np  # not for who only asks which voices there are

        samples = round(RATE * SYLLABLE_S / voice.rate)
        t = np.arange(samples) / RATE
        envelope = np.minimum(1.0, np.minimum(t, t[::-1]) / 0.015)
        notes = [
            0.25
            * envelope
            * np.sin(2 * np.pi * PITCHES[sum(map(ord, word)) % len(PITCHES)] * t)
            for word in spoken.split() or ["…"]
        ]
        return (np.concatenate(notes) * 32767).astype("<i2").tobytes()

    def close(self) -> None:
        """Nothing was started."""
