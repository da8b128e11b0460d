"""The object store: a folder that survives power cuts, or an S3-compatible bucket (bucket.py)."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

from cachetools import LRUCache

BLOCK = 256 * 1024
INTERRUPTED = ".new-"
FAR_AT_ONCE = 8


class FilesError(OSError):
    """The store could not keep or give a file (disk full, bucket unreachable)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the store: its size, and when it was written."""

    key: str
    bytes: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Label:
    """What is told of a file where it is read without us: the heads of its answers."""

    mime: str
    disposition: str
    cached: str


class Files(Protocol):
    """Bytes under a key such as `masters/12/3/app.mp3`.

    A key's bytes are whole, and never change.
    """

    def put(self, key: str, data: bytes, *, durable: bool = True) -> None:
        """Keeps `data` under `key`, whole or not at all.

        `durable=False` is for what can be made again: it may be lost, never torn, when power fails.
        """
        ...

    def put_file(self, key: str, path: Path) -> None:
        """Keeps a copy of the file at `path` under `key`, whole or not at all."""
        ...

    def copy(self, key: str, to: str, label: Label) -> None:
        """Keeps the bytes of `key` under another key too; FilesError when there are none.

        No byte passes through this machine where the store is elsewhere.
        """
        ...

    def get(self, key: str) -> bytes | None:
        """All bytes of `key`, or None."""
        ...

    def stream(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """`length` bytes of `key` from `start`, in blocks; FilesError when there are fewer."""
        ...

    def local(self, key: str) -> Path | None:
        """Where the bytes of `key` lie on this machine, if they do; None for a store elsewhere."""
        ...

    def delete(self, key: str) -> None:
        """Forgets `key`; harmless when it is not there."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys below a prefix that ends in a slash."""
        ...

    def entries(self, prefix: str) -> Iterator[Entry]:
        """The files below a prefix that ends in a slash, in the order of their keys.

        Among them what an interrupted `put` left behind: its last part begins with `INTERRUPTED`.
        """
        ...

    def ping(self) -> None:
        """FilesError when nothing could be kept now."""
        ...


def rename_over(
    source: Path,
    target: Path,
    *,
    tries: int = 6 if os.name == "nt" else 1,
    rename: Callable[[Path, Path], None] = os.replace,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Puts a file in another's place at once.

    On Windows a scanner may have that open: tried for some seconds.
    """
    for left in reversed(range(tries)):
        try:
            return rename(source, target)
        except PermissionError:
            if not left:
                raise
            pause(0.1 * 2 ** (tries - 1 - left))
    return None


class Folder:
    """Files in a folder: written beside, synced, renamed,
    so that a name always means the whole file.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def put(self, key: str, data: bytes, *, durable: bool = True) -> None:
        """See Files."""
        self._keep(key, BytesIO(data), len(data), durable)

    def put_file(self, key: str, path: Path) -> None:
        """See Files."""
        with path.open("rb") as source:
            self._keep(key, source, path.stat().st_size, durable=True)

    def copy(self, key: str, to: str, label: Label) -> None:
        """See Files; a folder keeps no labels."""
        try:
            self.put_file(to, self._path(key))
        except FileNotFoundError:
            raise FilesError(f"{key} is not in the store") from None

    def _keep(self, key: str, source: BinaryIO, size: int, durable: bool) -> None:
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=INTERRUPTED)
            try:
                with os.fdopen(handle, "wb") as file:
                    # A buffered writer loops on short writes
                    shutil.copyfileobj(source, file, BLOCK)
                    file.flush()
                    if durable:
                        os.fsync(file.fileno())
                if os.path.getsize(name) != size:
                    raise FilesError(
                        f"{key}: only part of the file was written; the disk is probably full"
                    )
                rename_over(Path(name), path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            if durable:
                _sync_folder(path.parent)
        except FilesError:
            raise
        except OSError as error:
            raise FilesError(f"{key}: {error}") from error

    def get(self, key: str) -> bytes | None:
        """See Files."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        except FilesError:
            raise
        except OSError as error:
            raise FilesError(f"{key}: {error.strerror}") from error

    def stream(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """See Files."""
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError:
            raise FilesError(f"{key} is not in the store") from None
        except FilesError:
            raise
        except OSError as error:
            raise FilesError(f"{key}: {error.strerror}") from error
        return _blocks(file, start, length, key)

    def local(self, key: str) -> Path | None:
        """See Files."""
        return self._path(key)

    def delete(self, key: str) -> None:
        """See Files."""
        self._path(key).unlink(missing_ok=True)

    def keys(self, prefix: str) -> Iterator[str]:
        """See Files."""
        for entry in self.entries(prefix):
            if not entry.key.rpartition("/")[2].startswith(INTERRUPTED):
                yield entry.key

    def entries(self, prefix: str) -> Iterator[Entry]:
        """See Files."""
        for path in sorted((self.root / prefix).rglob("*")):
            try:
                about = path.stat()
            except FileNotFoundError:
                continue  # deleted or renamed since it was listed
            if S_ISREG(about.st_mode):
                yield Entry(
                    path.relative_to(self.root).as_posix(),
                    about.st_size,
                    datetime.fromtimestamp(about.st_mtime, UTC),
                )

    def ping(self) -> None:
        """See Files."""
        self.put("ping", b"ping", durable=False)

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise FilesError(f"{key!r} leads out of the store")
        return path


class Clips:
    """What can be made again, in the store below a folder: each with a digest,
    so a torn or foreign one is absent.

    `near_bytes` of the last ones stay in memory where the store is elsewhere: who spoke a sentence
    mostly masters it next. `at_once` is how many questions side by side save time.
    """

    def __init__(
        self, files: Files, folder: str, ending: str = ".pcm", near_bytes: int = 0
    ) -> None:
        self._files = files
        self._folder = folder
        self._ending = ending
        is_elsewhere = files.local(folder) is None
        self.at_once = FAR_AT_ONCE if is_elsewhere else 1
        self._near: LRUCache[str, bytes] = LRUCache(
            near_bytes if is_elsewhere else 0, getsizeof=len
        )
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """The bytes, or None when they were never kept or are damaged."""
        with self._lock:
            near = self._near.get(key)
        if near is not None:
            return near
        kept = self._files.get(self._name(key))
        if (
            kept is None
            or blake2b(memoryview(kept)[16:], digest_size=16).digest() != kept[:16]
        ):
            return None
        return kept[16:]

    def put(self, key: str, data: bytes) -> None:
        """Keeps what can be made again, so it need not survive a power cut."""
        self._files.put(
            self._name(key),
            blake2b(data, digest_size=16).digest() + data,
            durable=False,
        )
        if len(data) <= self._near.maxsize:
            with self._lock:
                self._near[key] = data

    def _name(self, key: str) -> str:
        return f"{self._folder}/{key[:2]}/{key}{self._ending}"


def open_files(url: str, key_id: str = "", secret: str = "") -> Files:
    """The store behind an address: a folder's path,
    or `s3://bucket/prefix?endpoint=https://host`.
    """
    if not url.startswith("s3://"):
        return Folder(Path(url))
    from service.newsroom.store.bucket import Bucket

    parts = urlsplit(url)
    endpoint = dict(
        pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair
    ).get("endpoint")
    return Bucket(parts.netloc, parts.path, endpoint, key_id, secret)


def _blocks(file: BinaryIO, start: int, length: int, key: str) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0:
            try:
                block = file.read(min(BLOCK, length))
            except OSError as error:
                raise FilesError(f"{key}: {error.strerror}") from error
            if not block:
                raise FilesError(f"{key} is shorter than its record says")
            length -= len(block)
            yield block


def _sync_folder(folder: Path) -> None:
    """Makes a rename durable; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
