"""Everything of an embedded installation as one file, and back.

A backup holds names, addresses of people on duty, digests of passwords and keys, and news that is
not out yet: it is for its owner's eyes (0600 on POSIX). It does not hold what opens doors by
itself: neither the key that signs sessions nor the sessions (after a restore people log in again),
nor the first password in clear, nor second factors and passkeys (after a restore people set theirs
up anew: those of another address would open nothing, and shut their owners out).
"""

import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.files import INTERRUPTED, rename_over

DATABASE = "loa.db"
# What cannot be made again; clips are spoken again when needed
KEPT = (
    "files/masters",
    "files/recordings",
    "files/pictures",
)
# What tells today's listeners apart is gone tomorrow, who is logged in need not be known elsewhere,
# and what lies in the open beside one store does not beside another.
FORGOTTEN = (
    "listener",
    "salt",
    "login_session",
    "guess",
    "open_copy",
    "second_factor",
    "passkey",
    "passkey_challenge",
)
# Tables with secrets that people renew after a restore
SIGNING = (
    "hook",
    "hook_push",
    "source",
)
SESSION_KEY = "session"  # in the table of secrets
SQLITE = b"SQLite format 3\0"
PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
NAMES = re.compile(
    rf"{re.escape(DATABASE)}|({'|'.join(map(re.escape, KEPT))})(/{PART})+"
)
# What earlier releases put in as well; it stays where it is
FORMER = ("first-login.txt",)
LONGEST_NAME = 300
MOST_FILES = 5_000_000
LARGEST_FILE = 4 << 30  # of a master or a recording: a day of WAV
MOST_TIMES = (
    100  # that a backup unpacks to; sound hardly shrinks, a database to a tenth
)
SMALL_BYTES = 64 << 20  # that an almost empty database may take beyond that
KEPT_FREE_BYTES = 256 << 20  # of the disk: a service that cannot write stands still
REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE)


def back_up(home: Path, out: Path) -> int:
    """Writes a home's newsroom to `out`, a .tar.gz that only its owner may read; gives its bytes.

    The installation may be running. A copy that is not finished lies beside `out` under another
    name.
    """
    part = out.with_name(out.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        copy = Path(folder) / DATABASE
        with (
            closing(sqlite3.connect(home / DATABASE)) as live,
            closing(sqlite3.connect(copy)) as kept,
        ):
            live.backup(kept)
            _forget(kept)
        # Dereferenced: what two names share (a hard link) is kept twice, as the plain file that it
        # is.
        with tarfile.open(part, "w:gz", compresslevel=1, dereference=True) as archive:
            archive.add(copy, DATABASE)
            for path in _kept_files(home):
                # Deleted this moment: nobody needed it
                with suppress(FileNotFoundError):
                    archive.add(path, path.relative_to(home))
    rename_over(part, out)
    return out.stat().st_size


def restore(
    source: Path,
    home: Path,
    free: Callable[[Path], int] = lambda home: shutil.disk_usage(home).free,
) -> None:
    """Puts what `back_up` wrote into a home without a newsroom; whole, or not at all.

    Invalid when the file is another thing, or holds anything else: nothing is written then.
    Conflict when the home holds a newsroom. `free` gives how many bytes a folder has room for.
    """
    if (home / DATABASE).exists() or (home / "files").exists():
        raise Conflict(
            f"{home.resolve()} holds a newsroom already; set LOA_HOME to an empty folder",
            "Thư mục này đã có dữ liệu.",
            "home",
        )
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        if not source.is_file():  # a pipe would be waited for without end
            raise _Strange("it is no file")
        # Opened once: what was looked at is what is taken out
        with source.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            room = min(free(home) - KEPT_FREE_BYTES, size * MOST_TIMES + SMALL_BYTES)
            _put(file, home, room)
    except (OSError, EOFError, zlib.error, tarfile.TarError, _Strange) as error:
        raise Invalid(
            f"{source} is no backup: {error}",
            "Tệp này không phải bản sao lưu.",
            "source",
        ) from error


def _put(file: IO[bytes], home: Path, room: int) -> None:
    """What the file holds, into the home; all of it is looked at before anything is written."""
    with tarfile.open(fileobj=file, mode="r:gz") as archive:
        _check_members(archive, room)
    file.seek(0)
    with (
        tempfile.TemporaryDirectory(prefix=".restoring-", dir=home) as folder,
        tarfile.open(fileobj=file, mode="r:gz") as archive,
    ):
        _take_out(archive, Path(folder))
        # The database last
        for path in sorted(
            Path(folder).iterdir(), key=lambda path: path.name == DATABASE
        ):
            path.rename(home / path.name)


class _Strange(Exception):
    """A backup holds what `back_up` does not write."""


def _check_members(archive: tarfile.TarFile, room: int) -> None:
    """_Strange unless all that is in it is what `back_up` writes, and no more than `room` bytes."""
    names: set[str] = set()
    total = 0
    # Read as it goes: what claims to be too large is never unpacked
    for member in archive:
        if member.name in FORMER:
            continue
        _check_kind(member)
        if member.name in names or len(names) >= MOST_FILES:
            raise _Strange(f"it holds {member.name} twice, or too many files")
        total += member.size
        if total > room:
            raise _Strange(
                f"it unpacks to more than the {max(room, 0) / 1e9:.1f} GB that a file of its size"
                " may, or that are free"
            )
        names.add(member.name)
    if DATABASE not in names:
        raise _Strange(f"it holds no {DATABASE}")


def _check_kind(member: tarfile.TarInfo) -> None:
    """_Strange unless it is a plain file such as `back_up` writes."""
    if len(member.name) > LONGEST_NAME or not NAMES.fullmatch(member.name):
        raise _Strange(f"it holds {member.name[:LONGEST_NAME]!r}, which no backup does")
    if member.type not in REGULAR or member.sparse is not None:
        raise _Strange(f"{member.name} is no plain file")
    if member.name != DATABASE and member.size > LARGEST_FILE:
        raise _Strange(f"{member.name} is too large")


def _take_out(archive: tarfile.TarFile, folder: Path) -> None:
    """Writes the members as plain files of ours: neither their owners,
    rights nor times are taken.
    """
    for member in archive:
        content = archive.extractfile(member) if member.name not in FORMER else None
        if content is None:
            continue
        path = folder / member.name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as file:
            shutil.copyfileobj(content, file)
        path.chmod(0o600)
        if path.stat().st_size != member.size:
            raise _Strange(f"{member.name} is cut off")
    with (folder / DATABASE).open("rb") as file:
        if file.read(len(SQLITE)) != SQLITE:
            raise _Strange(f"{DATABASE} is no database")


def _kept_files(home: Path) -> Iterator[Path]:
    """The files of a home that cannot be made again; not those that are being written just now."""
    for name in KEPT:
        yield from (
            path
            for path in (home / name).rglob("*")
            if path.is_file() and not path.is_symlink() and INTERRUPTED not in path.name
        )


def _forget(copy: sqlite3.Connection) -> None:
    """What no copy may keep: see above."""
    tables = {
        row[0]
        for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    for table in tables.intersection(FORGOTTEN):
        copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - one of our own names
    copy.execute("DELETE FROM secret WHERE name = ?", (SESSION_KEY,))
    for table in tables.intersection(SIGNING):
        copy.execute(f"UPDATE \"{table}\" SET secret = ''")  # noqa: S608 - one of our own names
    copy.commit()
    copy.execute("VACUUM")
