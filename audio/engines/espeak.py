"""eSpeak NG: the offline voice that is always there.

Each lane is a process of its own (espeak_child.py).
"""

import os
from collections.abc import Sequence
from importlib.metadata import version

from audio.apart.children import Children
from audio.voice import EngineTrouble, Reason, Voice, VoiceInfo

VOICES = (
    VoiceInfo("vi", "Giọng máy nam miền Bắc (eSpeak)", "north", "male"),
    VoiceInfo(
        "vi-vn-x-central", "Giọng máy nam miền Trung (eSpeak)", "central", "male"
    ),
    VoiceInfo("vi-vn-x-south", "Giọng máy nam miền Nam (eSpeak)", "south", "male"),
    VoiceInfo("vi+f2", "Giọng máy nữ miền Bắc (eSpeak)", "north", "female"),
    VoiceInfo(
        "vi-vn-x-central+f2", "Giọng máy nữ miền Trung (eSpeak)", "central", "female"
    ),
    VoiceInfo("vi-vn-x-south+f2", "Giọng máy nữ miền Nam (eSpeak)", "south", "female"),
)


class Espeak:
    """A small pool of processes that speak."""

    name = "espeak"
    longest = 2_000
    deadline = 30.0
    limits = None

    def __init__(self, lanes: int | None = None) -> None:
        self.lanes = lanes or os.cpu_count() or 1
        self._children = Children("eSpeak", "espeak_child.py", self.lanes)

    def build(self) -> str:
        """The wheel that brings the library, and how we drive and resample it."""
        return f"espeakng-loader-{version('espeakng-loader')}/soxr-hq/165wpm"

    def voices(self) -> Sequence[VoiceInfo]:
        """Three regions, a man's and a woman's voice each (the library's variant f2)."""
        return VOICES

    def speak(self, spoken: str, voice: Voice, deadline: float) -> bytes:
        """See Engine."""
        name = voice.name or VOICES[0].name
        if name not in {info.name for info in VOICES}:
            raise EngineTrouble(Reason.UNKNOWN_VOICE, f"eSpeak has no voice {name!r}")
        return self._children.speak(
            {"text": spoken, "voice": name, "rate": voice.rate}, deadline
        )

    def close(self) -> None:
        """See Engine."""
        self._children.close()
