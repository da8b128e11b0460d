"""Piper: neural voices that need no network,
from files that were added or that LOA_PIPER_VOICES names.

Piper is GPL-3 and optional: only piper_child.py imports it, in a process of its own.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from audio.apart.children import Children
from audio.voice import EngineTrouble, Limits, Reason, Voice, VoiceInfo

NOTHING_ADDED: Mapping[Path, VoiceInfo] = {}


class Piper:
    """Speaks with the voice files given: each an .onnx with its .onnx.json beside it,
    named by its file.
    """

    name = "piper"
    longest = 1_000
    deadline = (
        60.0  # a long sentence on a commune's old PC, the model's loading with it
    )
    limits = None

    def __init__(
        self,
        voices: Sequence[Path] = (),
        lanes: int | None = None,
        added: Mapping[Path, VoiceInfo] = NOTHING_ADDED,
    ) -> None:
        if find_spec("piper") is None:
            raise EngineTrouble(
                Reason.BROKEN, "piper is not installed: pip install 'loa[piper]'"
            )
        for path in voices:
            if not path.is_file() or not Path(f"{path}.json").is_file():
                raise EngineTrouble(
                    Reason.BROKEN,
                    f"piper: there is no voice {path} with {path.name}.json beside it",
                )
        self.lanes = lanes or os.cpu_count() or 1
        self._infos = {
            path.stem: VoiceInfo(path.stem, f"Giọng {path.stem} (Piper)")
            for path in voices
        }
        self._infos |= {path.stem: info for path, info in added.items()}
        self._voices = {path.stem: path for path in (*voices, *added)}
        paths = [str(path) for path in self._voices.values()]
        self._children = Children("Piper", "piper_child.py", self.lanes, paths)

    @classmethod
    def of(cls, own: Mapping[str, Any], limits: Limits) -> "Piper":
        """With the voices that were added, and those of LOA_PIPER_VOICES:
        files, with commas between.
        """
        names = (name.strip() for name in own["voices"].split(","))
        paths = [Path(name).expanduser() for name in names if name]
        return cls(paths, added=own["added"])

    def build(self) -> str:
        """The package and what the voice files hold:
        another model under the same name speaks anew.
        """
        return f"piper-tts-{version('piper-tts')}/{self._models}"

    def voices(self) -> Sequence[VoiceInfo]:
        """One for each file."""
        return list(self._infos.values())

    def speak(self, spoken: str, voice: Voice, deadline: float) -> bytes:
        """See Engine."""
        name = voice.name or next(iter(self._voices), "")
        if name not in self._voices:
            known = (
                ", ".join(self._voices)
                or "none; see `loa voices`, or give files in LOA_PIPER_VOICES"
            )
            raise EngineTrouble(
                Reason.UNKNOWN_VOICE, f"piper has no voice {name!r}; there are: {known}"
            )
        return self._children.speak(
            {"text": spoken, "voice": name, "rate": voice.rate}, deadline
        )

    def close(self) -> None:
        """See Engine."""
        self._children.close()

    @cached_property
    def _models(self) -> str:
        digest = hashlib.sha256()
        for path in self._voices.values():
            for file in (path, Path(f"{path}.json")):
                digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()[:16]
