"""A clip is the house PCM of one spoken sentence in one voice,
kept under a key made of what went in.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from audio.voice import RATE, Voice

T = TypeVar("T")

# Ten minutes of clips: of more, each is read from the shelf again.
HELD_BYTES = 32_000_000
FORMAT = f"pcm_s16le/{RATE}/1"


class Shelf(Protocol):
    """Where clips and encoded passages are kept between renderings:
    content-addressed, so writing twice is harmless.
    """

    @property
    def at_once(self) -> int:
        """How many questions side by side save time: one far away takes its time for each."""
        ...

    def get(self, key: str) -> bytes | None:
        """The bytes, a clip's house PCM say, or None when they were never kept."""
        ...

    def put(self, key: str, data: bytes) -> None:
        """Keeps the bytes under their key, whole or not at all."""
        ...


def fetched(shelf: Shelf, keys: Sequence[str]) -> dict[str, bytes]:
    """What the shelf has of these, by key; those that it has not are left out."""
    distinct = list(dict.fromkeys(keys))
    records = _each(shelf, shelf.get, distinct)
    return {
        key: record
        for key, record in zip(distinct, records, strict=True)
        if record is not None
    }


def laid(shelf: Shelf, keys: Sequence[str], record_of: Callable[[str], bytes]) -> None:
    """Keeps all of these on the shelf; each record is made when its turn comes."""

    _each(shelf, lambda key: shelf.put(key, record_of(key)), keys)


def _each(shelf: Shelf, ask: Callable[[str], T], keys: Sequence[str]) -> list[T]:
    """The answers, in the order of the keys; so many at once as do the shelf good."""
    if shelf.at_once == 1:
        return [ask(key) for key in keys]
    with ThreadPoolExecutor(shelf.at_once, thread_name_prefix="shelf") as pool:
        return list(pool.map(ask, keys))


def clip_key(spoken: str, voice: Voice, build: str, take: int = 0) -> str:
    """The clip's name: SHA-256 hex over spoken text, voice, engine build and format.

    `take` > 0 asks for another one of the same.
    """
    text = unicodedata.normalize("NFC", spoken)
    # Joined by a character that none of them can hold.
    joined = "\x1f".join([text, str(voice), build, FORMAT, str(take)])
    return hashlib.sha256(joined.encode()).hexdigest()


def sound_key(pcm: bytes) -> str:
    """The name of a sound that no engine spoke, a chime or a person's voice:
    SHA-256 hex over the sound itself.
    """
    kind = b"\x1f".join((b"sound", FORMAT.encode(), b""))
    digest = hashlib.sha256(kind)
    digest.update(pcm)
    return digest.hexdigest()


class AtHand:
    """A shelf whose clips are kept at hand once they were read, as far as there is room.

    Several masters of one script read each.
    """

    def __init__(self, shelf: Shelf, room: int = HELD_BYTES) -> None:
        self._shelf, self._room = shelf, room
        self.at_once = shelf.at_once
        self._held: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """See Shelf."""
        if key in self._held:
            return self._held[key]
        data = self._shelf.get(key)
        if data is not None and len(data) <= self._room:
            self._held[key] = data
            self._room -= len(data)
        return data

    def put(self, key: str, data: bytes) -> None:
        """See Shelf."""
        self._shelf.put(key, data)


class Memory:
    """A shelf that lasts as long as it is held: for one file, a trial, a test."""

    at_once = 1

    def __init__(self) -> None:
        self.clips: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """See Shelf."""
        return self.clips.get(key)

    def put(self, key: str, data: bytes) -> None:
        """See Shelf."""
        self.clips[key] = data
