"""One stitch: clips and pauses become one recording, with cues exact to the sample."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydub import AudioSegment

from audio.voice import RATE, SAMPLE_BYTES

LEAD_IN_MS = 150  # players swallow the first moments
LEAD_OUT_MS = 400


@dataclass(frozen=True, slots=True)
class Cue:
    """When a sentence sounds: samples of house PCM from the beginning of the file."""

    start: int
    end: int

    @property
    def ms(self) -> tuple[int, int]:
        """Start and end in whole milliseconds."""
        return round(self.start * 1000 / RATE), round(self.end * 1000 / RATE)


@dataclass(frozen=True, slots=True)
class Stitched:
    """The recording: house PCM, and a cue for each clip."""

    pcm: bytes
    cues: tuple[Cue, ...]

    @property
    def samples(self) -> int:
        """Its length."""
        return len(self.pcm) // SAMPLE_BYTES


def stitch(clips: Sequence[bytes], pauses_ms: Sequence[int]) -> Stitched:
    """Joins house-PCM clips, each followed by its pause (ms; the last by a short lead-out).

    pydub's `+=` copies everything for each clip; here the bytes are joined once and handed to pydub whole, which
    checks that they are whole frames.
    """
    parts: list[bytes] = [silence(LEAD_IN_MS)]
    cues: list[Cue] = []
    at = len(parts[0]) // SAMPLE_BYTES
    for clip, pause in zip(clips, pauses_ms, strict=True):
        last = len(cues) == len(clips) - 1
        rest = silence(LEAD_OUT_MS if last else pause)
        samples = len(clip) // SAMPLE_BYTES
        cues.append(Cue(at, at + samples))
        parts += (clip, rest)
        at += samples + len(rest) // SAMPLE_BYTES
    segment = AudioSegment(b"".join(parts), sample_width=SAMPLE_BYTES, frame_rate=RATE, channels=1)
    return Stitched(segment.raw_data, tuple(cues))


def silence(ms: int) -> bytes:
    """House PCM of nothing."""
    return bytes(SAMPLE_BYTES * (RATE * ms // 1000))
