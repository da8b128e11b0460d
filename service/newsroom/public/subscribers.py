"""Subscribers: phones that want to be told of news and warnings (Web Push, RFC 8030)."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select

from service.guard import Guard, Unsafe
from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.tables import AnnouncedRow, SubscriberRow

MOST = 50_000  # phones; anybody may ask to be told
LONGEST_ENDPOINT = 1_000  # characters
KEY_BYTES, AUTH_BYTES = (
    65,
    16,
)  # an uncompressed point of P-256, and the shared secret (RFC 8291)
MOST_FAILURES = 10  # in a row, until a phone is given up


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A phone: where its push service is called, with which keys, and what it wants.

    `station` "" is all of them; warnings are always wanted, `news` besides.
    """

    endpoint: str
    key: bytes
    auth: bytes
    station: str
    news: bool
    since: datetime


class Subscribers:
    """Who wants to be told, and of what they were told."""

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
        }
        with self._database.write() as session:
            row = session.scalar(_at(endpoint))
            if row is None:
                if (session.scalar(select(func.count(SubscriberRow.id))) or 0) >= MOST:
                    raise Conflict(
                        "too many subscribers",
                        "Máy chủ đã nhận đủ số điện thoại báo tin.",
                    )
                row = SubscriberRow(endpoint=endpoint, created_at=self._now())
                session.add(row)
            for name, value in values.items():
                setattr(row, name, value)

    @transact
    def remove(self, endpoint: str) -> None:
        """Forgets a phone; one that is not known is no error."""
        with self._database.write() as session:
            session.execute(
                delete(SubscriberRow).where(SubscriberRow.endpoint == endpoint)
            )

    def all(self) -> list[Subscriber]:
        """Every phone."""
        with self._database.read() as session:
            rows = session.scalars(select(SubscriberRow).order_by(SubscriberRow.id))
            return [_subscriber(row) for row in rows]

    def any(self) -> bool:
        """Whether there is one: asked every two seconds."""
        with self._database.read() as session:
            return session.scalar(select(SubscriberRow.id).limit(1)) is not None

    @transact
    def claim(self, episodes: Sequence[int]) -> list[int]:
        """Those of which nobody has been told yet: the caller tells, and no other process does."""
        with self._database.write() as session:
            known = set(
                session.scalars(
                    select(AnnouncedRow.episode_id).where(
                        AnnouncedRow.episode_id.in_(episodes)
                    )
                )
            )
            fresh = [number for number in episodes if number not in known]
            for number in fresh:
                row = insert(session, AnnouncedRow).values(
                    episode_id=number, announced_at=self._now()
                )
                session.execute(row.on_conflict_do_nothing())
            return fresh

    @transact
    def told(self, endpoint: str, *, well: bool) -> None:
        """Notes how a call went; a phone whose service fails again and again is given up."""
        with self._database.write() as session:
            row = session.scalar(_at(endpoint))
            if row is None:
                return
            row.failures = 0 if well else row.failures + 1
            if row.failures >= MOST_FAILURES:
                session.delete(row)


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


def _subscriber(row: SubscriberRow) -> Subscriber:
    return Subscriber(
        row.endpoint,
        decoded(row.key),
        decoded(row.auth),
        row.station,
        row.news,
        row.created_at,
    )
