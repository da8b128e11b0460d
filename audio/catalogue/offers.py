"""The catalogue: voices that can be had, as a TOML file lists them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio.voice import Voice

CATALOGUE = Path(__file__).parent / "voices.toml"
# Both become names of files: nothing here leads out of a folder.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
SHA256 = re.compile(r"[0-9a-f]{64}")


class CatalogueError(ValueError):
    """A catalogue cannot be used; the message names the voice and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class VoiceFile:
    """One file of a voice: whatever its address gives, it has these bytes, or it is refused."""

    name: str
    bytes: int
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class NaturalVoice:
    """A voice that can be added.

    `gender` and `region` are as in `audio.voice.VoiceInfo`; `label` is for people.
    """

    name: str
    engine: str
    label: str
    gender: str
    region: str
    licence: str
    licence_url: str
    files: tuple[VoiceFile, ...]

    @property
    def voice(self) -> Voice:
        """How stations and settings name it."""
        return Voice(self.engine, self.name)

    @property
    def bytes(self) -> int:
        """Of all its files."""
        return sum(file.bytes for file in self.files)


def read_catalogue(path: Path = CATALOGUE) -> dict[str, NaturalVoice]:
    """The voices of a catalogue by name; CatalogueError for what cannot be read or is not whole."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    offers = [_offer(row) for row in table.get("voice", ())]
    return {offer.name: offer for offer in offers}


def _offer(row: Mapping[str, Any]) -> NaturalVoice:
    name = row.get("name", "")
    try:
        files = tuple(VoiceFile(**file) for file in row["file"])
        offer = NaturalVoice(
            **{field: value for field, value in row.items() if field != "file"},
            files=files,
        )
    except (TypeError, KeyError) as error:
        raise CatalogueError(f"voice {name!r}: {error}") from error
    for plain in (offer.name, *(file.name for file in files)):
        if not NAME.fullmatch(plain):
            raise CatalogueError(f"voice {name!r}: {plain!r} is no plain name")
    for file in files:
        if not SHA256.fullmatch(file.sha256) or file.bytes < 1:
            raise CatalogueError(
                f"voice {name!r}: {file.name} needs its size and its SHA-256"
            )
    return offer
