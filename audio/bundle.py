"""A bundle: what the masters of one episode keep between two makings, in few objects.

An article's masters are some fifty records. In a bucket each call takes its time and its money, so
they lie together: volumes, which never change, and an index that names them, which is written anew.
Records are named by what went into them, so whoever finds an older index, or none, or lacks a
volume, makes again what is missing, and finds nothing that is wrong.
"""

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping

from audio.clips import Shelf

# Laid down together: an hour's masters are twenty of these, and nobody holds all that are new.
VOLUME_BYTES = 8_000_000
# Each edit adds a small volume; of more, what is still needed is written together.
MOST_SMALL = 8
SMALL_BYTES = VOLUME_BYTES // 2

Records = Mapping[str, bytes]


class Bundle:
    """A shelf whose records lie together on another one, under a name.

    Read whole with the first question. `close` lays down what is new; until then it may be lost,
    for it can be made again.
    """

    # All of it is at hand after the first question.
    at_once = 1

    def __init__(self, shelf: Shelf, name: str) -> None:
        self._shelf = shelf
        self._index = hashlib.sha256(f"bundle of {name}".encode()).hexdigest()
        self._lock = threading.Lock()
        # Volumes by their names: of makings before, and the names of this one's.
        self._old: dict[str, Records] | None = None
        self._added: list[str] = []
        self._needed: set[str] = set()
        self._new: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """See Shelf."""
        with self._lock:
            # What was written last, first.
            volumes = (self._new, *reversed(self._before().values()))
            record = next((each[key] for each in volumes if key in each), None)
            if record is not None:
                self._needed.add(key)
            return record

    def put(self, key: str, data: bytes) -> None:
        """See Shelf."""
        with self._lock:
            self._add(key, data)

    def close(self) -> None:
        """Lays down what is new."""
        with self._lock:
            if not self._new:
                return
            small = [
                name for name, records in self._before().items() if _is_small(records)
            ]
            if len(small) >= MOST_SMALL:
                self._merge(small)
            self._lay_down()

    def _before(self) -> dict[str, Records]:
        """The volumes of makings before, in the order in which they were written."""
        if self._old is None:
            index = self._shelf.get(self._index)
            names = json.loads(index) if index else []
            self._old = {name: _unpacked(self._shelf.get(name)) for name in names}
        return self._old

    def _add(self, key: str, data: bytes) -> None:
        self._new[key] = data
        if _size(self._new) >= VOLUME_BYTES:
            self._lay_down()

    def _merge(self, names: Iterable[str]) -> None:
        """What is needed of these volumes is written anew, and they are let go."""
        merged: dict[str, bytes] = {}
        for name in names:
            merged |= self._before().pop(name)
        for key in self._needed & merged.keys() - self._new.keys():
            self._add(key, merged[key])

    def _lay_down(self) -> None:
        volumes = self._before()
        volume = _packed(self._new)
        name = hashlib.sha256(volume).hexdigest()
        self._shelf.put(name, volume)
        self._added.append(name)
        self._shelf.put(self._index, json.dumps([*volumes, *self._added]).encode())
        self._new = {}


def _size(records: Records) -> int:
    return sum(map(len, records.values()))


def _is_small(records: Records) -> bool:
    return _size(records) < SMALL_BYTES


def _packed(records: Records) -> bytes:
    """A line of JSON, each record's key and size, then the records."""
    head = [(key, len(record)) for key, record in records.items()]
    return b"".join((json.dumps(head).encode(), b"\n", *records.values()))


def _unpacked(volume: bytes | None) -> Records:
    """Its records by their keys; nothing of a volume that is gone."""
    if volume is None:
        return {}
    head, _, rest = volume.partition(b"\n")
    records: dict[str, bytes] = {}
    at = 0
    for key, size in json.loads(head):
        records[key] = rest[at : at + size]
        at += size
    return records
