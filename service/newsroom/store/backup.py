"""Everything of an embedded installation as one file, and back."""

import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.files import INTERRUPTED

DATABASE = "loa.db"
KEPT = (
    "files/masters",
    "files/recordings",
)  # what cannot be made again; clips are spoken again when needed


def back_up(home: Path, out: Path, more: tuple[str, ...] = ()) -> int:
    """Writes a home's newsroom to `out`, a .tar.gz, with the files named in `more`; gives its bytes.

    The installation may be running. A copy that is not finished lies beside `out` under another name.
    """
    part = out.with_name(out.name + ".part")
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        copy = Path(folder) / DATABASE
        with (
            closing(sqlite3.connect(home / DATABASE)) as live,
            closing(sqlite3.connect(copy)) as kept,
        ):
            live.backup(kept)
            _forget_listeners(kept)
        with tarfile.open(part, "w:gz", compresslevel=1) as archive:
            archive.add(copy, DATABASE)
            for path in _kept_files(home, more):
                with suppress(FileNotFoundError):  # deleted this moment: nobody needed it
                    archive.add(path, path.relative_to(home))
    part.replace(out)
    return out.stat().st_size


def restore(source: Path, home: Path) -> None:
    """Puts what `back_up` wrote into a home without a newsroom; whole, or not at all.

    Invalid when the file is another thing, Conflict when the home holds a newsroom.
    """
    if (home / DATABASE).exists() or (home / "files").exists():
        raise Conflict(
            f"{home.resolve()} holds a newsroom already; set LOA_HOME to an empty folder",
            "Thư mục này đã có dữ liệu.",
            "home",
        )
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=home) as folder:
        try:
            with tarfile.open(source) as archive:
                archive.getmember(DATABASE)
                archive.extractall(folder, filter="data")
        except (OSError, EOFError, KeyError, zlib.error, tarfile.TarError) as error:
            raise Invalid(
                f"{source} is no backup: {error}", "Tệp này không phải bản sao lưu.", "source"
            ) from error
        for path in sorted(
            Path(folder).iterdir(), key=lambda path: path.name == DATABASE
        ):  # the database last
            path.rename(home / path.name)


def _kept_files(home: Path, more: tuple[str, ...]) -> Iterator[Path]:
    """The files of a home that cannot be made again; not those that are being written just now."""
    for name in KEPT:
        yield from (
            path
            for path in (home / name).rglob("*")
            if path.is_file() and INTERRUPTED not in path.name
        )
    yield from (home / name for name in more if (home / name).exists())


def _forget_listeners(copy: sqlite3.Connection) -> None:
    """What tells today's listeners apart is gone tomorrow, so no copy may keep it."""
    copy.executescript("DELETE FROM listener; DELETE FROM salt;")
    copy.execute("VACUUM")
