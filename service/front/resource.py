"""What a shelf holds: a resource with its validators,
and the answer that fits to a request for it.
"""

import gzip
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from service.front.preconditions import FAILED, NOT_MODIFIED, Headers, outcome, span_of

Fields = list[tuple[bytes, bytes]]
SMALLEST_ZIPPED = 512
ZIP_MARK = b"-gz"  # other bytes need another tag (RFC 9110, 8.8.3)
OF_BODIES = (b"content-type", b"content-disposition")  # not said where no body is sent
OF_LENGTHS = (b"content-length", b"etag", b"last-modified", b"accept-ranges")
READS = ("GET", "HEAD")


@dataclass(slots=True)
class Question:
    """What a request asks of a shelf. `headers` by lower-case name; `address` is who asks."""

    method: str
    path: bytes
    query: bytes
    headers: Headers
    address: str
    secure: bool = False

    @property
    def reads(self) -> bool:
        """Whether it only reads, and sends nothing along."""
        headers = self.headers
        bodiless = headers.get(b"content-length", b"0") == b"0"
        return self.method in READS and bodiless and b"transfer-encoding" not in headers

    @property
    def takes_zipped(self) -> bool:
        """Whether text may come compressed.

        Who forbids it with `q=0` says so in a way we need not parse further.
        """
        accepted = self.headers.get(b"accept-encoding", b"")
        return b"gzip" in accepted and b"gzip;q=0" not in accepted.replace(b" ", b"")


@dataclass(frozen=True, slots=True)
class File:
    """Bytes that lie on this machine's disk and never change."""

    path: str
    size: int


# Learns which bytes were sent, the last not among them
Sent = Callable[[Question, int, int], None]


class Resource:
    """Bytes with their headers. Made once; `reply` only picks among what is ready.

    `zipped` is the same compressed, b"" where that is not worth while. A file can be asked for in
    parts.
    """

    __slots__ = (
        "_bare",
        "_full",
        "body",
        "modified",
        "ranged",
        "sent",
        "size",
        "tag",
        "zipped",
    )

    def __init__(
        self,
        fields: Iterable[tuple[bytes, bytes]],
        tag: bytes,
        modified: int,
        body: bytes | File,
        *,
        ranged: bool = False,
        sent: Sent | None = None,
        zipped: bytes = b"",
    ) -> None:
        own = [(name, value) for name, value in fields if name not in OF_LENGTHS]
        self.tag, self.modified, self.body, self.zipped = tag, modified, body, zipped
        self.ranged, self.sent = ranged, sent
        self.size = body.size if isinstance(body, File) else len(body)
        if modified:
            own.append((b"last-modified", formatdate(modified, usegmt=True).encode()))
        if ranged:
            own.append((b"accept-ranges", b"bytes"))
        self._full = own
        self._bare = [(name, value) for name, value in own if name not in OF_BODIES]

    @property
    def weight(self) -> int:
        """Bytes of memory that it takes, about."""
        held = 0 if isinstance(self.body, File) else len(self.body)
        return 1000 + held + len(self.zipped)

    def reply(self, question: Question) -> "Reply":
        """What this request gets of it: all, a part, or the word that nothing changed."""
        headers, zipped = question.headers, bool(self.zipped) and question.takes_zipped
        known = headers.get(b"if-none-match")
        if known is not None and ZIP_MARK in known:
            headers = {**headers, b"if-none-match": known.replace(b'-gz"', b'"')}
            zipped = bool(self.zipped) and (zipped or b'-gz"' in known)
        status = outcome(headers, self.tag, self.modified)
        tag = (b"etag", b'"%b%b"' % (self.tag, ZIP_MARK if zipped else b""))
        if status == NOT_MODIFIED:
            return Reply(status, [*self._bare, tag], b"")
        if status == FAILED:
            return Reply(status, [*self._bare, tag, (b"content-length", b"0")], b"")
        if zipped:
            encoded = (b"content-encoding", b"gzip")
            return self._whole(question, self.zipped, [*self._full, tag, encoded])
        return self._part(question, tag) if self.ranged else self._all(question, tag)

    def _all(self, question: Question, tag: tuple[bytes, bytes]) -> "Reply":
        return self._whole(question, self.body, [*self._full, tag])

    def _part(self, question: Question, tag: tuple[bytes, bytes]) -> "Reply":
        try:
            span = span_of(question.headers, self.size, self.tag, self.modified)
        except ValueError:
            place = (b"content-range", b"bytes */%d" % self.size)
            return Reply(416, [*self._bare, place, (b"content-length", b"0")], b"")
        if span is None:
            return self._all(question, tag)
        start, end = span
        place = (b"content-range", b"bytes %d-%d/%d" % (start, end - 1, self.size))
        length = (b"content-length", b"%d" % (end - start))
        reply = Reply(206, [*self._full, tag, place, length], self.body, start, end)
        return reply.for_method(question.method)

    def _whole(self, question: Question, body: bytes | File, fields: Fields) -> "Reply":
        size = body.size if isinstance(body, File) else len(body)
        fields.append((b"content-length", b"%d" % size))
        return Reply(200, fields, body, 0, size).for_method(question.method)


@dataclass(slots=True)
class Reply:
    """An answer: its head, and which bytes of what follow it."""

    status: int
    headers: Fields
    body: bytes | File
    start: int = 0
    end: int = 0

    def for_method(self, method: str) -> "Reply":
        """The same; without its bytes for HEAD."""
        if method == "HEAD":
            self.body, self.start, self.end = b"", 0, 0
        return self

    @property
    def data(self) -> bytes:
        """The bytes, where they lie in memory."""
        if isinstance(self.body, File):
            raise TypeError(f"{self.body.path} is read block by block")
        whole = self.end - self.start == len(self.body)
        return self.body if whole else self.body[self.start : self.end]


def zipped(body: bytes, kind: bytes, kinds: Sequence[bytes]) -> bytes:
    """The body compressed, when its content type is among those (their beginnings) that are.

    Else b"".
    """
    worth = len(body) >= SMALLEST_ZIPPED and kind.startswith(tuple(kinds))
    return gzip.compress(body, 6, mtime=0) if worth else b""


def resource_of(
    fields: Sequence[tuple[bytes, bytes]],
    body: bytes,
    kinds: Sequence[bytes],
    otherwise: Any,
) -> Resource:
    """An application's answer as a resource.

    `otherwise` gives a tag where the application gave none.
    """
    from service.front.preconditions import seconds_of

    named = dict(fields)
    tag = named.get(b"etag", b"").strip(b'"') or otherwise(body)
    modified = seconds_of(named.get(b"last-modified"))
    return Resource(
        fields,
        tag,
        modified,
        body,
        zipped=zipped(body, named.get(b"content-type", b""), kinds),
    )
