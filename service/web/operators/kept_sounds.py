"""Sounds that stand at slots' addresses, on our own disk:
taken in whole, checked by digest, or not at all.
"""

import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time

from service.front.resource import File
from service.newsroom.store.files import Files, FilesError
from service.newsroom.values import BedFile, Master

WAIT_S = 1.5  # for one sound; what takes longer is there for a later look
REST_S = 2.0  # nobody waits for the store so long after it kept us waiting
MOST_AT_ONCE = 4  # sounds on their way in
# What nobody needs any more is deleted when it is older: a reader may be in its middle
SPARED_S = 60.0
BLOCK = 256 * 1024

log = logging.getLogger("loa.slots")


@dataclass(frozen=True, slots=True)
class _Fetch:
    """A sound on its way in, since when."""

    done: threading.Event
    began: float


class KeptSounds:
    """Files by digest in a folder of this process alone."""

    def __init__(self, folder: Path, files: Files) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._files = files
        self._checked: dict[str, File] = {}
        self._on_their_way: dict[str, _Fetch] = {}
        self._lock = threading.Lock()
        self._rests_until = 0.0

    def file(self, sha256: str) -> File | None:
        """The sound of that digest, if it is here."""
        return self._checked.get(sha256)

    def take_in(self, sound: Master | BedFile) -> bool:
        """Whether a sound is here: it is fetched when it is not, and waited for a moment."""
        if sound.sha256 in self._checked or self.recall(sound.sha256, sound.bytes):
            return True
        with self._lock:
            fetch = self._on_their_way.get(sound.sha256)
            if fetch is None:
                if len(self._on_their_way) >= MOST_AT_ONCE:
                    return False
                fetch = self._on_their_way[sound.sha256] = _Fetch(
                    threading.Event(), monotonic()
                )
                arguments = (sound, fetch.done)
                threading.Thread(
                    target=self._fetch, args=arguments, name="sound", daemon=True
                ).start()
        # A store that keeps one sound back is not waited for again with each look at it, nor with
        # the next sound.
        patience = fetch.began + WAIT_S - monotonic()
        rests = monotonic() < self._rests_until
        if patience > 0 and not rests and not fetch.done.wait(patience):
            self._rests_until = monotonic() + REST_S
        return sound.sha256 in self._checked

    def recall(self, sha256: str, size: int) -> bool:
        """Whether it lies here from before this process began, and is whole still."""
        path = self._path(sha256)
        if not path.exists():
            return False
        if _digest_of(path, size) != sha256:
            log.error("%s on the shelf is damaged and is fetched anew", path.name)
            path.unlink(missing_ok=True)
            return False
        self._checked[sha256] = File(str(path), size)
        return True

    def sweep(self, needed: Collection[str]) -> None:
        """Deletes the sounds that no slot's address gives any more; `needed`: digests of the others.

        A file's name is its sound's digest. A young one is spared: a request may be reading it.
        """
        needed = frozenset(needed)
        for sha256 in self._checked.keys() - needed:
            del self._checked[sha256]
        for path in self._folder.iterdir():
            is_old = time() - path.stat().st_mtime > SPARED_S
            if is_old and path.stem not in needed:
                path.unlink(missing_ok=True)

    def _fetch(self, sound: Master | BedFile, done: threading.Event) -> None:
        try:
            self._checked[sound.sha256] = File(str(self._kept(sound)), sound.bytes)
        except OSError as error:
            log.error(
                "%s: %s; the bed of the package is served instead", sound.key, error
            )
        finally:
            with self._lock:
                del self._on_their_way[sound.sha256]
            done.set()

    def _kept(self, sound: Master | BedFile) -> Path:
        """Where a sound lies now; OSError when it is nowhere, or not what it should be."""
        try:
            return self._copied(sound)
        except FilesError:
            raise
        except OSError as error:  # our own disk is full or broken: the store's may do
            local = self._files.local(sound.key)
            if local is None or _digest_of(local, sound.bytes) != sound.sha256:
                raise
            log.error("the shelf cannot keep %s: %s", sound.key, error)
            return local

    def _copied(self, sound: Master | BedFile) -> Path:
        digest, path = hashlib.sha256(), self._path(sound.sha256)
        # Readable for us alone
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as copy:
                for block in self._files.stream(sound.key, 0, sound.bytes):
                    digest.update(block)
                    copy.write(block)
            if digest.hexdigest() != sound.sha256:
                raise FilesError(f"{sound.key} has other bytes than its record says")
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return path

    def _path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.mp3"


def _digest_of(path: Path, size: int) -> str:
    """The digest of a file; "" when it cannot be read or has another size."""
    digest = hashlib.sha256()
    try:
        if path.stat().st_size != size:
            return ""
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()
