"""The process that holds libespeak-ng: one request in,
one answer out, until its standard input ends.

It runs apart because the library is GPL-3, keeps global state and is not thread-safe (FACTS.md). It
is started as a script, so it imports nothing of ours. Frames: see children.py; a request is {text,
voice, rate}.
"""

import ctypes
import json
import shutil
import struct
import sys
import tempfile
from typing import Any, BinaryIO

import espeakng_loader

# AUDIO_OUTPUT_RETRIEVAL: samples come to the callback.
RETRIEVAL = 1
# espeakCHARS_UTF8; without espeakSSML and espeakPHONEMES, text is only text.
UTF8 = 1
RATE_PARAMETER = 1
# eSpeak's 175 is a little hurried for news through a horn.
WORDS_A_MINUTE = 165
# Beyond about 160 characters the library fails to start.
LONGEST_DATA_PATH = 140


class Espeak:
    """The library, loaded once."""

    def __init__(self) -> None:
        self.library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path())
        self._copy = None
        if len(data) > LONGEST_DATA_PATH:
            # Not "loa-": it may live for weeks
            self._copy = tempfile.TemporaryDirectory(prefix="espeak-loa-")
            shutil.copytree(data, f"{self._copy.name}/espeak-ng-data")
            data = f"{self._copy.name}/espeak-ng-data"
        self.rate = self.library.espeak_Initialize(RETRIEVAL, 0, data.encode(), 0)
        if self.rate <= 0:
            raise RuntimeError(f"libespeak-ng does not start (data in {data})")
        self.pcm = bytearray()
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
        )
        self._callback = kind(self._take)
        self.library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: str, rate: float) -> bytes:
        """The library's sample rate, then 16-bit PCM of the text."""
        if self.library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise LookupError(f"eSpeak has no voice {voice!r}")
        self.library.espeak_SetParameter(
            RATE_PARAMETER, round(WORDS_A_MINUTE * rate), 0
        )
        self.pcm.clear()
        data = text.encode() + b"\0"
        status = self.library.espeak_Synth(data, len(data), 0, 0, 0, UTF8, None, None)
        if status == 0:
            status = self.library.espeak_Synchronize()
        if status != 0:
            raise RuntimeError(f"libespeak-ng failed with status {status}")
        return struct.pack("<I", self.rate) + self.pcm

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self.pcm += ctypes.string_at(samples, count * 2)
        return 0


def answer(out: BinaryIO, status: int, body: bytes) -> None:
    """Writes one frame."""
    out.write(struct.pack("<BI", status, len(body)) + body)
    out.flush()


def main() -> None:
    """Serves requests until standard input ends."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        espeak = Espeak()
    except Exception as error:  # noqa: BLE001 - whatever it was, the parent must hear of it
        answer(answers, 1, str(error).encode())
        return
    answer(answers, 2, b"")
    while len(header := requests.read(4)) == 4:
        request = json.loads(requests.read(struct.unpack("<I", header)[0]))
        try:
            answer(
                answers,
                0,
                espeak.speak(request["text"], request["voice"], request["rate"]),
            )
        except (LookupError, RuntimeError) as error:
            answer(answers, 1, f"{type(error).__name__}: {error}".encode())


if __name__ == "__main__":
    main()
