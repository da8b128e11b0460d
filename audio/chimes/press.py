"""Presses a bed, what a slot's address answers where there is nothing else:
the chime as an MP3 for horns, once.

The house's (`python -m audio.chimes.press` writes bed.mp3) lies in the package: it needs neither
newsroom nor voice nor encoder, and cannot fail. A station's own is pressed when it is sent.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from audio.chime import Chime
from audio.chimes import place
from audio.clips import Memory, Shelf
from audio.master import Master, make
from audio.recipes import RECIPES
from audio.stitch import Sound
from audio.tags import Tags

MADE = datetime(2026, 11, 24, tzinfo=UTC)


def press(clip: str, shelf: Shelf, folder: Path) -> Master:
    """A bed on a shelf as an MP3 for horns, in a folder of the caller's."""
    tags = Tags(title="Nhạc nền", artist="Loa", album="Loa", date=MADE, comment="")
    (made,) = make(
        [RECIPES["speaker"]],
        [Sound(clip, 0, 0)],
        shelf,
        Memory(),
        lambda cues: tags,
        folder,
    )
    return made


def press_house(to: Path) -> None:
    """Writes the house's bed."""
    shelf = Memory()
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        shutil.copyfile(press(place(Chime.BED, shelf), shelf, Path(folder)).path, to)


if __name__ == "__main__":
    press_house(Path(__file__).with_name("bed.mp3"))
