"""The process that holds Piper, which is GPL-3: started as a script, so it imports nothing of ours.

Its arguments are the voice files. Frames: see children.py; a request is {text, voice, rate}.
"""

import json
import struct
import sys
from pathlib import Path
from typing import BinaryIO

from piper import PiperVoice, SynthesisConfig


def answer(out: BinaryIO, status: int, body: bytes) -> None:
    """Writes one frame."""
    out.write(struct.pack("<BI", status, len(body)) + body)
    out.flush()


def speak(voice: PiperVoice, text: str, rate: float) -> bytes:
    """The voice's sample rate, then 16-bit PCM of the text.

    A slower `rate` is a longer length scale.
    """
    # Not normalised: each call would be as loud as its loudest sample allows, and sentences would
    # jump.
    scale = (voice.config.length_scale or 1.0) / rate
    chunks = list(
        voice.synthesize(
            text, SynthesisConfig(length_scale=scale, normalize_audio=False)
        )
    )
    return struct.pack("<I", voice.config.sample_rate) + b"".join(
        chunk.audio_int16_bytes for chunk in chunks
    )


def main() -> None:
    """Serves requests until standard input ends; a voice is loaded when first asked for."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    paths = {Path(path).stem: path for path in sys.argv[1:]}
    loaded: dict[str, PiperVoice] = {}
    answer(answers, 2, b"")
    while len(header := requests.read(4)) == 4:
        request = json.loads(requests.read(struct.unpack("<I", header)[0]))
        try:
            name = request["voice"]
            if name not in loaded:
                loaded[name] = PiperVoice.load(paths[name])
            answer(answers, 0, speak(loaded[name], request["text"], request["rate"]))
        except Exception as error:  # noqa: BLE001 - whatever it was, the parent must hear of it
            answer(answers, 1, f"{type(error).__name__}: {error}".encode())


if __name__ == "__main__":
    main()
