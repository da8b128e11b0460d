"""Subscribers: phones that want to be told of news and warnings (Web Push, RFC 8030)."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from service.guard import Guard, Unsafe
from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.tables import SubscriberRow, UntoldRow

MOST = 50_000  # phones; anybody may ask to be told
# Whose browsers phones have, by the end of their services' hosts. Anybody can run another service.
MAKERS = (
    "fcm.googleapis.com",
    "jmt17.google.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
MOST_OF_OTHERS, MOST_OF_ONE_OTHER = 1_000, 100  # phones
LONGEST_ENDPOINT = 1_000  # characters
# An uncompressed point of P-256, and the shared secret (RFC 8291).
KEY_BYTES, AUTH_BYTES = 65, 16


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A phone: where its push service is called, with which keys, and what it wants.

    `station` "" is all of them; warnings are always wanted, `news` besides.
    """

    id: int
    endpoint: str
    key: bytes
    auth: bytes
    station: str
    news: bool
    since: datetime


class Subscribers:
    """Who wants to be told, and of what."""

    def __init__(
        self, database: Database, guard: Guard, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._guard = guard
        self._now = now

    @transact
    def add(
        self, endpoint: str, key: str, auth: str, *, station: str, news: bool
    ) -> None:
        """Keeps a phone, or what it wants now.

        Invalid names the field, Conflict when there are too many.
        """
        check_endpoint(endpoint, self._guard)
        values = {
            "key": _checked(key, KEY_BYTES, "p256dh"),
            "auth": _checked(auth, AUTH_BYTES, "auth"),
            "station": station,
            "news": news,
            "failures": 0,
            "failing_since": None,
        }
        with self._database.write() as session:
            row = session.scalar(_at(endpoint))
            if row is None:
                host = service_of(endpoint)
                _check_room(session, host)
                row = SubscriberRow(
                    endpoint=endpoint, host=host, created_at=self._now()
                )
                session.add(row)
            for name, value in values.items():
                setattr(row, name, value)

    @transact
    def remove(self, endpoint: str) -> None:
        """Forgets a phone; one that is not known is no error."""
        with self._database.write() as session:
            row = session.scalar(_at(endpoint))
            if row is not None:
                forget_phone(session, row.id)

    def knows(self, endpoint: str) -> bool:
        """Whether a phone has asked before."""
        with self._database.read() as session:
            return session.scalar(_at(endpoint)) is not None

    def all(self) -> list[Subscriber]:
        """Every phone."""
        with self._database.read() as session:
            rows = session.scalars(select(SubscriberRow).order_by(SubscriberRow.id))
            return [subscriber_of(row) for row in rows]

    def figures(self) -> tuple[int, int]:
        """How many phones there are, and how many of them the last call did not reach."""
        with self._database.read() as session:
            count = select(func.count(SubscriberRow.id))
            failing = count.where(SubscriberRow.failing_since.is_not(None))
            return session.scalar(count) or 0, session.scalar(failing) or 0

    def any(self) -> bool:
        """Whether there is one: asked every two seconds."""
        with self._database.read() as session:
            return session.scalar(select(SubscriberRow.id).limit(1)) is not None


def service_of(endpoint: str) -> str:
    """Whose service brings messages there: one of `MAKERS`, or else the host."""
    host = urlsplit(endpoint).hostname or ""
    ends = (maker for maker in MAKERS if host == maker or host.endswith(f".{maker}"))
    return next(ends, host)


def forget_phone(session: Session, number: int) -> None:
    """Deletes a phone, and what it was not told yet."""
    session.execute(delete(UntoldRow).where(UntoldRow.subscriber_id == number))
    session.execute(delete(SubscriberRow).where(SubscriberRow.id == number))


def _check_room(session: Session, host: str) -> None:
    """Conflict when there are too many phones, or too many that strangers' services reach."""
    others = SubscriberRow.host.not_in(MAKERS)
    bounds: list[tuple[list[ColumnElement[bool]], int]] = [([], MOST)]
    if host not in MAKERS:
        bounds.append(([others], MOST_OF_OTHERS))
        bounds.append(([SubscriberRow.host == host], MOST_OF_ONE_OTHER))
    for where, most in bounds:
        count = session.scalar(select(func.count(SubscriberRow.id)).where(*where)) or 0
        if count >= most:
            raise Conflict(
                f"too many subscribers ({most})",
                "Máy chủ đã nhận đủ số điện thoại báo tin.",
            )


def check_endpoint(endpoint: str, guard: Guard) -> None:
    """Invalid for an address that may not be called: anybody may name one."""
    try:
        if len(endpoint) > LONGEST_ENDPOINT:
            raise Unsafe("too long")
        guard.check_secret(endpoint)
    except Unsafe as error:
        raise Invalid(
            f"endpoint may not be called: {error}",
            "Địa chỉ báo tin không hợp lệ.",
            "endpoint",
        ) from error


def _checked(text: str, length: int, field: str) -> str:
    try:
        size = len(decoded(text))
    except (binascii.Error, ValueError):
        size = 0
    if size != length:
        raise Invalid(
            f"{field} is not {length} bytes of base64url",
            "Khóa của trình duyệt không hợp lệ.",
            field,
        )
    return text


def decoded(text: str) -> bytes:
    """The bytes of base64url, with or without its padding."""
    bare = text.rstrip("=")
    return base64.b64decode(
        bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True
    )


def _at(endpoint: str) -> Select[SubscriberRow]:
    return select(SubscriberRow).where(SubscriberRow.endpoint == endpoint)


def subscriber_of(row: SubscriberRow) -> Subscriber:
    """The phone as it leaves the room."""
    return Subscriber(
        row.id,
        row.endpoint,
        decoded(row.key),
        decoded(row.auth),
        row.station,
        row.news,
        row.created_at,
    )
