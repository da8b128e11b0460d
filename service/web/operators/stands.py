"""What stands at a slot's address, ready to be sent and to be kept on disk:
its sound, and two words about it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.front.resource import File, Question, Resource, Sent, zipped
from service.newsroom.values import Station, Took
from service.web.media.conditional import ALWAYS_ASK
from service.web.media.headers import CSP, FOR_ANY_ORIGIN, PROTECTED, ZIPPED, fields
from service.web.media.notebook import Notebook
from service.web.operators.broadcasts import Broadcast
from service.web.operators.slots import (
    Small,
    about_json,
    disposition,
    fetches,
    playlist_of,
    which,
)

ALIKE = (
    PROTECTED
    | FOR_ANY_ORIGIN
    | {"Content-Security-Policy": CSP, "Cache-Control": ALWAYS_ASK}
)
KINDS = tuple(kind.encode() for kind in ZIPPED)
Find = Callable[[str], File | bytes | None]  # the sound of a digest


@dataclass(frozen=True, slots=True)
class Part:
    """One of the three addresses: its headers, its validators,
    and its text, or the digest of its sound.
    """

    headers: dict[str, str]
    tag: str
    modified: int
    text: str = ""

    @classmethod
    def of_text(cls, small: Small, broadcast: Broadcast) -> "Part":
        """The JSON or the playlist."""
        # As Werkzeug tags what Flask sends: the same bytes have the same tag wherever they come
        # from.
        tag = hashlib.sha1(small.text.encode(), usedforsecurity=False).hexdigest()
        vary = ", ".join(filter(None, (small.headers.get("Vary"), "Accept-Encoding")))
        is_zipped = small.headers["Content-Type"].startswith(ZIPPED)
        more = {"Vary": vary} if is_zipped else {}
        return cls(
            small.headers | more | ALIKE,
            tag,
            int(broadcast.body.modified.timestamp()),
            small.text,
        )

    def resource(self, find: Find, sent: Sent | None) -> Resource | None:
        """Ready to be sent; None when its sound is not here."""
        body = self.text.encode() if self.text else find(self.tag)
        if body is None:
            return None
        kind = self.headers["Content-Type"].encode()
        return Resource(
            fields(self.headers),
            self.tag.encode(),
            self.modified,
            body,
            ranged=not self.text,
            sent=sent,
            zipped=zipped(body, kind, KINDS) if isinstance(body, bytes) else b"",
        )


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands there until a time, by kind ("mp3", "json", "m3u").

    `took` is what taking the sound means.
    """

    until: datetime
    parts: dict[str, Part]
    took: Took | None
    size: int  # of the sound, in bytes

    @classmethod
    def of(cls, broadcast: Broadcast, until: datetime, public_url: str) -> "Stand":
        """The stand of a broadcast."""
        body, serving = broadcast.body, broadcast.serving
        sound = {
            "Content-Type": body.mime,
            "Content-Disposition": disposition(broadcast),
        }
        parts = {
            "mp3": Part(
                sound | which(broadcast) | ALIKE,
                body.sha256,
                int(body.modified.timestamp()),
            ),
            "json": Part.of_text(
                about_json(broadcast, public_url, insider=False), broadcast
            ),
            "m3u": Part.of_text(playlist_of(broadcast, public_url), broadcast),
        }
        station = broadcast.station.slug
        took = (
            Took(station, serving.episode_id, serving.version)
            if serving.episode_id
            else None
        )
        return cls(until, parts, took, body.size)

    @property
    def sound(self) -> str:
        """The digest of its sound."""
        return self.parts["mp3"].tag

    def resources(self, find: Find, notebook: Notebook) -> dict[str, Resource] | None:
        """All three, ready to be sent; None when the sound is not here."""
        ready: dict[str, Resource] = {}
        for kind, part in self.parts.items():
            resource = part.resource(
                find, self._noted(notebook) if kind == "mp3" else None
            )
            if resource is None:
                return None
            ready[kind] = resource
        return ready

    def record(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "until": self.until.isoformat(),
            "bytes": self.size,
            "took": [self.took.station, self.took.episode_id, self.took.version]
            if self.took
            else None,
            "parts": {
                kind: [part.headers, part.tag, part.modified, part.text]
                for kind, part in self.parts.items()
            },
        }

    @classmethod
    def recalled(cls, record: dict[str, Any]) -> "Stand":
        """What `record` gave; raises KeyError, TypeError or ValueError for what it never gave."""
        took = Took(*record["took"]) if record["took"] else None
        parts = {kind: Part(*part) for kind, part in record["parts"].items()}
        return cls(
            datetime.fromisoformat(record["until"]), parts, took, int(record["bytes"])
        )

    def _noted(self, notebook: Notebook) -> Sent | None:
        took = self.took
        if took is None:
            return None

        def sent(question: Question, start: int, end: int) -> None:
            agent = question.headers.get(b"user-agent", b"").decode("latin-1")
            if start == 0 and end and question.method == "GET" and fetches(agent):
                notebook.note(took)

        return sent


def plain_station(slug: str, name: str = "") -> Station:
    """A station of which nothing but its address is known."""
    return Station(slug, name or slug)
