"""Makes bed.mp3, what a slot's address answers where there is nothing else: `python -m audio.chimes.press`.

The chime BED through the recipe for horns, once, like any sound: then it lies in the package, needs neither newsroom
nor voice nor encoder, and cannot fail.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from audio.chimes import Chime, place
from audio.clips import Memory
from audio.master import RECIPES, make
from audio.stitch import Sound
from audio.tags import Tags

MADE = datetime(2026, 11, 24, tzinfo=UTC)


def press(to: Path) -> None:
    """Writes the bed as an MP3 for horns."""
    shelf = Memory()
    tags = Tags(title="Nhạc nền", artist="Loa", album="Loa", date=MADE, comment="")
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        script = [Sound(place(Chime.BED, shelf), 0, 0)]
        (made,) = make([RECIPES["speaker"]], script, shelf, Memory(), lambda cues: tags, Path(folder))
        shutil.copyfile(made.path, to)


if __name__ == "__main__":
    press(Path(__file__).with_name("bed.mp3"))
