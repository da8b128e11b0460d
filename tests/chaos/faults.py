"""Disks and clocks that lie: the library of faults.c, and the plan by which it does."""

import errno
import mmap
import os
import struct
import subprocess
from pathlib import Path

from tests.system.servers import need

SOURCE = Path(__file__).with_name("faults.c")
LAYOUT = struct.Struct("<iiq24s96s96s32s")  # struct plan of faults.c
POISON = (
    "GAYSAPMAY"  # in a title: plain ASCII, so that it stands as such in a file's tags
)


def built(folder: Path) -> Path:
    """The library, compiled."""
    library = folder / "faults.so"
    command = [
        need("cc", "gcc"),
        "-shared",
        "-fPIC",
        "-O1",
        "-o",
        str(library),
        str(SOURCE),
    ]
    done = subprocess.run(
        [*command, "-ldl"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return library


class Plan:
    """What goes wrong in the processes that were started with `environment`."""

    def __init__(self, library: Path, file: Path, home: Path) -> None:
        self._home = home
        self._ahead_s = 0
        file.write_bytes(bytes(LAYOUT.size))
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), LAYOUT.size)
        self.environment = {"LD_PRELOAD": str(library), "CHAOS_PLAN": str(file)}
        self.well()

    def disk(
        self, call: str, error: str, word: str = "", *, short: bool = False
    ) -> None:
        """From now on `call` fails with that errno (by its name) on paths of the home that contain
        `word`.
        """
        self._write(getattr(errno, error), call, word, short)

    def clock(self, ahead_s: int) -> None:
        """From now on the wall clock is so far ahead; behind below 0."""
        self._ahead_s = ahead_s
        self._write(0, "", "", False)

    def well(self) -> None:
        """Nothing fails any more, and the clock is right."""
        self.clock(0)

    def _write(self, error: int, call: str, word: str, short: bool) -> None:
        names = (text.encode() for text in (call, os.fspath(self._home), word, POISON))
        packed = LAYOUT.pack(error, short, self._ahead_s, *names)
        self._memory[:] = packed
