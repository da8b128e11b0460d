"""The folder of an installation in which the voices lie that were added to it."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from audio.catalogue.offers import NaturalVoice

COMING = ".coming"  # what is not whole yet: no engine looks there


class VoiceShelf:
    """Voices that were added: a folder each, which is there whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, offer: NaturalVoice) -> Path:
        """Where the files of a voice lie, or will."""
        return self.root / offer.name

    def coming(self, offer: NaturalVoice) -> Path:
        """Where they lie until all are there."""
        return self.root / COMING / offer.name

    def has(self, offer: NaturalVoice) -> bool:
        """Whether the voice was added, with every file as long as it should be."""
        folder = self.folder(offer)
        return all(_size(folder / file.name) == file.bytes for file in offer.files)

    def added(self, offers: Iterable[NaturalVoice]) -> list[NaturalVoice]:
        """Those of the offers that were added."""
        return [offer for offer in offers if self.has(offer)]

    def settle(self, offer: NaturalVoice) -> None:
        """Every file has come: the voice is there from now on."""
        folder = self.folder(offer)
        shutil.rmtree(folder, ignore_errors=True)
        self.coming(offer).rename(folder)

    def remove(self, offer: NaturalVoice) -> None:
        """The voice's files, whole and in part, are gone."""
        for folder in (self.folder(offer), self.coming(offer)):
            shutil.rmtree(folder, ignore_errors=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
