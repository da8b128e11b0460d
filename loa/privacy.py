"""Whose eyes an installation's files are for: on POSIX the owner's alone.

Windows has rights of its own.
"""

import os
import stat
from pathlib import Path

from loa.terminal import console

PRIVATE_MASK = 0o077
# What of ours lies at the top of a home.
OURS = ("loa.db*", "files", "first-login.txt", "serve.lock")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_to_ourselves() -> None:
    """Whatever this process makes from now on is for its owner alone."""
    # On Windows it only knows of read-only files, which this makes none
    os.umask(PRIVATE_MASK)


def tighten(home: Path) -> None:
    """Takes from others what an earlier release, or another hand, let them read of a home.

    The home itself, and what lies at its top: the database with the key that signs sessions, the
    first password. What is deeper is reached through the home alone. What belongs to somebody else
    is told.
    """
    if os.name != "posix" or not home.is_dir():
        return
    for path in (home, *(path for name in OURS for path in home.glob(name))):
        if path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if not mode & OTHERS:
            continue
        try:
            path.chmod(mode & ~OTHERS)
        except PermissionError:
            console().print(
                f"{path}: others may read it, and it is not ours to change (chmod go= it)",
                style="yellow",
                markup=False,
            )
