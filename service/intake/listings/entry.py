"""An entry of a list of news: what tells it from others, and where its text is."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST_ENTRIES = 200  # of one list; feeds hold 10 to 50
LONGEST_GUID_CHARS = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news in a list.

    `guid` is the portal's own name for it, else its address; `url` where people read it; `document`
    what is fetched for its text, "" when `html` holds the whole. `picture` is the address of the
    one that the list shows with it. `fingerprint` differs when the list says anything new of it.
    `published_at` is aware, None where the list tells no time.
    """

    guid: str
    url: str
    title: str
    fingerprint: str
    document: str = ""
    html: str = ""
    picture: str = ""
    published_at: datetime | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list holds.

    `follow` is the address of the list itself when this one only points there.
    """

    entries: tuple[Entry, ...]
    follow: str = ""


def fingerprint_of(*parts: str) -> str:
    """What is compared to see whether a list says anything new of an entry."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[
        :32
    ]


def guid_of(text: str) -> str:
    """A portal's name for a piece of news, short enough to be kept."""
    if len(text) <= LONGEST_GUID_CHARS:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace"))
    return f"sha256:{digest.hexdigest()}"


def listing_to_json(listing: Listing) -> dict[str, Any]:
    """A list in values that JSON knows."""
    return {
        "follow": listing.follow,
        "entries": [_to_json(each) for each in listing.entries],
    }


def listing_of_json(values: dict[str, Any]) -> Listing:
    """The list again."""
    return Listing(tuple(map(_entry_of_json, values["entries"])), values["follow"])


def bounded(entries: Sequence[Entry]) -> Listing:
    """A list of the first entries, as portals put the newest first."""
    return Listing(tuple(entries[:MOST_ENTRIES]))


def _to_json(entry: Entry) -> dict[str, Any]:
    time = entry.published_at
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "fingerprint": entry.fingerprint,
        "document": entry.document,
        "html": entry.html,
        "picture": entry.picture,
        "published_at": time.isoformat() if time else None,
        "topics": list(entry.topics),
    }


def _entry_of_json(values: dict[str, Any]) -> Entry:
    published_at = values["published_at"]
    of_their_types = {
        "published_at": datetime.fromisoformat(published_at) if published_at else None,
        "topics": tuple(values["topics"]),
    }
    return Entry(**(values | of_their_types))
