"""Encoding: passages become frames that stand alone,
measured as a player decodes them, and frames become a file.

All passages go through one run of the encoder, which writes while ffmpeg decodes what it wrote and
we measure that.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import soxr

from audio import mp3, ogg
from audio.ffmpeg import FfmpegError, stream
from audio.heard import PAIR_BYTES, Weighed, heard_by, weighing
from audio.loudness import PerMs, Samples, to_pcm
from audio.recipes import Recipe
from audio.tags import Tags, id3
from audio.voice import RATE, SAMPLE_BYTES


@dataclass(frozen=True, slots=True)
class Finished:
    """A passage ready to be encoded: `sound` gives it at house rate (±1,
    block by block), and it fills `frames`.

    The `last` one brings frames more, which carry its end through the delay of encoder and decoder.
    """

    sound: Callable[[], Iterable[Samples]]
    frames: int
    last: bool


@dataclass(frozen=True, slots=True)
class Encoded:
    """A passage's frames, and what was measured on them decoded:
    energies by the millisecond, true peak (dBTP).
    """

    frames: tuple[bytes, ...]
    energy: PerMs
    true_peak: float

    def record(self) -> bytes:
        """As a shelf keeps it: a line of JSON, the energies, the frames."""
        head = {
            "sizes": [len(frame) for frame in self.frames],
            "energies": len(self.energy),
            "true_peak": self.true_peak,
        }
        parts = (json.dumps(head).encode(), b"\n", self.energy.tobytes())
        return b"".join((*parts, *self.frames))

    @classmethod
    def of(cls, record: bytes) -> "Encoded":
        """Back from the shelf."""
        line, _, rest = record.partition(b"\n")
        head = json.loads(line)
        # Four bytes each.
        at = 4 * head["energies"]
        energy = np.frombuffer(rest[:at], np.float32)
        ends = list(accumulate(head["sizes"], initial=at))
        frames = tuple(rest[start:end] for start, end in pairwise(ends))
        return cls(frames, energy, head["true_peak"])


@cache
def build() -> str:
    """Names the encoder's exact build: part of the key of what it made."""
    return f"imageio-ffmpeg-{version('imageio-ffmpeg')}"


def encode(recipe: Recipe, passages: Sequence[Finished]) -> list[Encoded]:
    """One run of the encoder over these passages; what it wrote is cut into each one's frames.

    FfmpegError when it fails, or writes other frames than the recipe promises.
    """
    with tempfile.TemporaryDirectory(prefix="loa-") as scratch:
        file = Path(scratch) / "written"
        arguments = [*_written_to(file, recipe), *_decoded()]
        heard = _measured(
            stream(arguments, _feed(recipe, passages)),
            [passage.frames * recipe.frame / recipe.rate for passage in passages],
        )
        frames = _frames(recipe, file.read_bytes())
    encoded: list[Encoded] = []
    at = 0
    for passage, sound in zip(passages, heard, strict=True):
        end = at + passage.frames
        if passage.last:
            end += _flush(recipe)
        if end > len(frames):
            raise FfmpegError(
                f"{recipe.name}: {len(frames)} frames were written where {end} were expected"
            )
        encoded.append(Encoded(tuple(frames[at:end]), sound.energy, sound.true_peak))
        at = end
    return encoded


# ffmpeg's second output: what the first encoder wrote, decoded again at house rate, beside what
# the meter weighs of it. A second at a time: frame by frame, its threads wake one another a hundred
# times as often, which costs as much as decoding does.
def _decoded() -> list[str]:
    graph = f"[dec:0]aresample={RATE},asetnsamples=n={RATE}:p=0,{weighing()}[heard]"
    pairs = ("-f", "s16le", "-ar", str(RATE), "-ac", "2")
    return [
        *("-dec", "0:0", "-filter_complex", graph),
        *("-map", "[heard]", *pairs, "pipe:1"),
    ]


def _written_to(file: Path, recipe: Recipe) -> list[str]:
    """ffmpeg's first output: what is fed, as the recipe wants it, in a file."""
    fed = ["-f", "s16le", "-ar", str(recipe.rate), "-ac", "1", "-i", "pipe:0"]
    return [*fed, *recipe.encoder, str(file)]


def contained(
    recipe: Recipe, frames: Sequence[bytes], samples: int, tags: Tags
) -> tuple[Sequence[bytes], float]:
    """Frames as the pieces of a file, and the seconds that it tells players.

    `samples` is the sound's own length.
    """
    if recipe.is_opus:
        times = ogg.OPUS_RATE // recipe.rate
        data = ogg.opus(frames, samples * times, recipe.frame * times, tags.words())
        return [data], ogg.length(data)
    padding = len(frames) * recipe.frame - mp3.ENCODER_DELAY - samples
    size = sum(map(len, frames))
    head = id3(tags) + mp3.header(frames[0], len(frames), size, padding)
    return [head, *frames], mp3.length(head)


def _feed(recipe: Recipe, passages: Sequence[Finished]) -> Iterator[bytes]:
    """What the encoder reads: each passage at the file's rate and in whole frames; then silence."""
    frame_bytes = recipe.frame * SAMPLE_BYTES
    for passage in passages:
        left = passage.frames * frame_bytes
        for block in _at_rate(passage.sound(), recipe.rate):
            data = to_pcm(block)[:left]
            left -= len(data)
            yield data
        yield bytes(left)
    # Two frames to spare: what they hold is cut off with them.
    yield bytes((_flush(recipe) + 2) * frame_bytes)


def _flush(recipe: Recipe) -> int:
    """Frames after the last one that carry the end of the sound through the delay."""
    return -(-recipe.delay // recipe.frame)


def _measured(blocks: Iterable[bytes], lengths: Sequence[float]) -> list[Weighed]:
    """The decoded sound, measured passage by passage; `lengths` in seconds."""
    ends = [round(seconds * RATE) * PAIR_BYTES for seconds in accumulate(lengths)]
    sizes = [end - start for start, end in pairwise((0, *ends))]
    heard: list[Weighed] = []
    waiting = bytearray()
    for block in blocks:
        waiting += block
        while len(heard) < len(sizes) and len(waiting) >= sizes[len(heard)]:
            size = sizes[len(heard)]
            heard.append(heard_by(bytes(waiting[:size])))
            del waiting[:size]
    # What the decoder owes at the end is silence.
    for size in sizes[len(heard) :]:
        heard.append(heard_by(bytes(waiting[:size])))
        del waiting[:size]
    return heard


def _at_rate(blocks: Iterable[Samples], rate: int) -> Iterator[Samples]:
    """House samples at another rate."""
    if rate == RATE:
        yield from blocks
        return
    resampler = soxr.ResampleStream(RATE, rate, 1, dtype="float32", quality="HQ")
    for block in blocks:
        yield resampler.resample_chunk(block)
    yield resampler.resample_chunk(np.zeros(0, np.float32), last=True)


def _frames(recipe: Recipe, data: bytes) -> list[bytes]:
    """What the encoder wrote, frame by frame."""
    try:
        return _opus_frames(data) if recipe.is_opus else _mp3_frames(data)
    except (mp3.Mp3Error, ogg.OggError, FfmpegError) as error:
        raise FfmpegError(f"{recipe.name}: {error}") from error


def _opus_frames(data: bytes) -> list[bytes]:
    head, _comments, *packets = ogg.packets(data)
    if head != ogg.HEAD:
        raise FfmpegError("the encoder writes another header than we do")
    return packets


def _mp3_frames(data: bytes) -> list[bytes]:
    frames = list(mp3.frames(data))
    if any(frame.borrows for frame in frames):
        raise FfmpegError("frames do not stand alone")
    return [data[frame.start : frame.end] for frame in frames]
