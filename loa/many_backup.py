"""Backup and restore where the database is PostgreSQL:
its own tools for the rows, then a copy of the files.

The order matters. A dump is one moment of the rows; files are never changed, and deleted days after
nobody names them any more: all that the dump names is still there when they are copied after it.
Back again it goes the other way round: rows that name a file come last.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from loa.assembly import open_newsroom
from loa.terminal import fail
from service.newsroom.errors import Invalid
from service.newsroom.store.copies import LEFT_OUT, copy_files, refuse_full, settle
from service.newsroom.store.files import Folder
from service.newsroom.values import Mark
from service.settings import Settings

DUMP, FILES = "loa.dump", "files"
POSTGRES = "postgresql"


def back_up(installation: Settings, folder: Path) -> tuple[int, int]:
    """Writes rows and files below `folder`, which only its owner may read.

    The dump's bytes, the files copied.

    A folder that holds a backup already gets what is new.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f"{DUMP}.part"
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    _run(
        installation,
        ["pg_dump", "--format=custom", "--no-owner", f"--file={part}", *left_out],
    )
    newsroom = open_newsroom(installation, migrated=False)
    with closing(newsroom.database):
        copied = sum(1 for _ in copy_files(newsroom.files, Folder(folder / FILES)))
        part.replace(folder / DUMP)  # last: a dump stands for a whole backup
        newsroom.watch.mark(Mark.BACKUP)
    return (folder / DUMP).stat().st_size, copied


def restore(installation: Settings, folder: Path) -> int:
    """Puts a backup into an empty database and its files into the store; how many files.

    Conflict when the database holds anything, Invalid when the folder holds no backup.
    """
    dump = folder / DUMP
    if not dump.is_file():
        raise Invalid(
            f"{folder} holds no {DUMP}", "Thư mục này không có bản sao lưu.", "source"
        )
    newsroom = open_newsroom(installation, migrated=False)
    with closing(newsroom.database):
        refuse_full(newsroom.database)
        copied = sum(1 for _ in copy_files(Folder(folder / FILES), newsroom.files))
        command = [
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
        ]
        _run(installation, [*command, str(dump)])
        settle(newsroom.database)
        newsroom.database.migrate()
    return copied


def _run(installation: Settings, command: Sequence[str]) -> None:
    """One of PostgreSQL's programs on the installation's database.

    What is wrong is told in a line.
    """
    program = shutil.which(command[0])
    if program is None:
        fail(f"{command[0]} is not on this machine (apt install postgresql-client)")
    address, password = _without_password(installation.database)
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(
        [program, *command[1:], f"--dbname={address}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or ["it failed"]
        fail(f"{command[0]}: {words[-1]}")


def _without_password(address: str) -> tuple[str, str]:
    """An address as PostgreSQL's programs take it, and the password apart:
    others see command lines.
    """
    parts = urlsplit(address)
    password = unquote(parts.password or "")
    place = parts.netloc
    if parts.password is not None:
        place = place.replace(f":{parts.password}@", "@", 1)
    return urlunsplit(parts._replace(scheme=POSTGRES, netloc=place)), password
