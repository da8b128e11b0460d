"""One stitch: clips and pauses become a segment of sound, with cues exact to the sample."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydub import AudioSegment

from audio.voice import RATE, SAMPLE_BYTES

# Clips begin 25 ms before their first consonant themselves.
LEAD_IN_MS = 25
LEAD_OUT_MS = 400
# Of the tone that wakes amplifiers: in the horn's band, in the file about 26 dB below speech.
TONE_HZ, TONE_DB, TONE_EDGE_S = 500, -50.0, 0.05
# Silence that parts need between them to be encoded apart: what an encoder's frames reach back, and
# half as much.
REST_MS = 150


@dataclass(frozen=True, slots=True)
class Sound:
    """What is heard next: a clip (its key), and the pause after it in ms.

    `passage` is the paragraph that it belongs to: between two of them is always a cut.
    """

    clip: str
    pause_ms: int
    passage: int = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """When a sentence sounds: samples from the beginning of the segment, or of the file."""

    start: int
    end: int

    def ms(self, rate: int) -> tuple[int, int]:
        """Start and end in whole milliseconds, for samples at that rate."""
        start_ms = round(self.start * 1000 / rate)
        end_ms = round(self.end * 1000 / rate)
        return start_ms, end_ms


@dataclass(frozen=True, slots=True)
class Segment:
    """House PCM, and a cue for each clip."""

    pcm: bytes
    cues: tuple[Cue, ...]

    @property
    def samples(self) -> int:
        """Its length."""
        return len(self.pcm) // SAMPLE_BYTES


def parts_of(script: Sequence[Sound]) -> Iterator[list[Sound]]:
    """The script cut after every sound that a rest follows,
    and between passages: what is stitched together.
    """
    part: list[Sound] = []
    for sound in script:
        if part and part[-1].passage != sound.passage:
            yield part
            part = []
        part.append(sound)
        if sound.pause_ms >= REST_MS:
            yield part
            part = []
    if part:
        yield part


def stitch(
    clips: Sequence[bytes], pauses_ms: Sequence[int], lead_in_ms: int = 0
) -> Segment:
    """Joins house-PCM clips, each followed by its pause (ms), after a lead-in (ms).

    pydub's `+=` copies everything for each clip; here the bytes are joined once and handed to pydub
    whole, which checks that they are whole frames.
    """
    parts: list[bytes] = [lead_in(lead_in_ms)]
    cues: list[Cue] = []
    at = len(parts[0]) // SAMPLE_BYTES
    for clip, pause_ms in zip(clips, pauses_ms, strict=True):
        pause = silence(pause_ms)
        end = at + len(clip) // SAMPLE_BYTES
        cues.append(Cue(at, end))
        parts += (clip, pause)
        at = end + len(pause) // SAMPLE_BYTES
    segment = AudioSegment(
        b"".join(parts), sample_width=SAMPLE_BYTES, frame_rate=RATE, channels=1
    )
    return Segment(segment.raw_data, tuple(cues))


def lead_in(ms: int) -> bytes:
    """House PCM before everything: silence.

    What is longer begins with a quiet tone: amplifiers that sleep are woken by a signal, and
    swallow what comes first.
    """
    tone_ms = ms - LEAD_IN_MS
    return quiet_tone(tone_ms) + silence(LEAD_IN_MS) if tone_ms > 0 else silence(ms)


def quiet_tone(ms: int) -> bytes:
    """House PCM of a hum that nobody minds, softly begun and ended."""
    import numpy as np  # most files begin with silence

    t = np.arange(RATE * ms // 1000) / RATE
    edge_s = min(TONE_EDGE_S, ms / 2000)
    envelope = np.clip(np.minimum(t, t[::-1]) / edge_s, 0.0, 1.0)
    tone = 10 ** (TONE_DB / 20) * np.sin(2 * np.pi * TONE_HZ * t)
    return bytes((envelope * tone * 32767).astype("<i2").tobytes())


def silence(ms: int) -> bytes:
    """House PCM of nothing."""
    samples = RATE * ms // 1000
    return bytes(SAMPLE_BYTES * samples)
