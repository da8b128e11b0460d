"""Portals that push their news in: each under a name, with a secret that signs what it sends."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.staff.signing import new_secret
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import PushedRow, PushRow, StationRow
from service.newsroom.values.hooks import NewPush, Push
from service.newsroom.values.log import Event

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
REMEMBERED = timedelta(days=1)  # older calls are refused by their own time
MOST_FIELDS = 20


class Pushes:
    """What administrators do with them, and what is asked when one calls."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def add(self, push: NewPush, who: str) -> Push:
        """A new one; its secret is told this once.

        Invalid names the field, Conflict a name that is taken.
        """
        now = self._now()
        with self._database.write() as session:
            _check(session, push)
            if (
                session.scalar(select(PushRow.id).where(PushRow.name == push.name))
                is not None
            ):
                raise Conflict(f"{push.name!r} is taken", "Tên này đã có rồi.", "name")
            row = PushRow(
                key=uuid4().hex,
                secret=new_secret(),
                trouble="",
                called_at=None,
                created_by=who,
                created_at=now,
            )
            _describe(row, push)
            session.add(row)
            session.flush()
            log(session, now, who, Event.HOOK_ADDED, f"{push.name} →")
            return _value(row)

    @transact
    def renew(self, push_id: int, who: str) -> Push:
        """Another secret; what the one before signs is refused from now on."""
        with self._database.write() as session:
            row = _row(session, push_id)
            row.secret = new_secret()
            log(session, self._now(), who, Event.HOOK_CHANGED, f"{row.name} →: secret")
            return _value(row)

    @transact
    def remove(self, push_id: int, who: str) -> Push:
        """Forgets it; the articles that came from it stay."""
        with self._database.write() as session:
            row = _row(session, push_id)
            gone = _value(row)
            session.execute(delete(PushedRow).where(PushedRow.push_id == row.id))
            session.execute(delete(PushRow).where(PushRow.id == row.id))
            log(
                session, self._now(), who, Event.HOOK_REMOVED, f"{gone.settings.name} →"
            )
            return gone

    def all(self) -> list[Push]:
        """All of them, by name."""
        with self._database.read() as session:
            return readable(
                session.scalars(select(PushRow).order_by(PushRow.name)),
                _value,
                "a push",
            )

    def named(self, name: str) -> Push | None:
        """The one that calls under this name."""
        with self._database.read() as session:
            row = session.scalar(select(PushRow).where(PushRow.name == name))
            return _value(row) if row is not None else None

    def was_taken(self, push: Push, message: str) -> bool:
        """Whether a call of this id was taken before."""
        with self._database.read() as session:
            return session.get(PushedRow, (push.id, message)) is not None

    @transact
    def taken(self, push: Push, message: str) -> None:
        """A call was taken: the same again changes nothing,
        for as long as its time could be right.
        """
        now = self._now()
        with self._database.write() as session:
            row = insert(session, PushedRow).values(
                push_id=push.id, message=message, at=now
            )
            session.execute(row.on_conflict_do_nothing())
            session.execute(delete(PushedRow).where(PushedRow.at < now - REMEMBERED))
            called = session.get_one(PushRow, push.id)
            called.called_at, called.trouble = now, ""

    @transact
    def refused(self, push: Push, why: str) -> None:
        """A call of it was not taken; its page tells why."""
        with self._database.write() as session:
            called = session.get_one(PushRow, push.id)
            called.called_at, called.trouble = self._now(), why[:300]


def _check(session: Session, push: NewPush) -> None:
    if NAME.fullmatch(push.name) is None:
        raise Invalid(
            "a name is of a-z, 0-9 and dashes, as it stands in an address",
            "Tên chỉ gồm chữ thường không dấu, chữ số và dấu gạch ngang.",
            "name",
        )
    known = set(session.scalars(select(StationRow.slug)))
    if not push.stations or not set(push.stations) <= known:
        raise Invalid(
            "name stations that are there", "Chọn ít nhất một đài.", "stations"
        )
    if len(push.fields) > MOST_FIELDS:
        raise Invalid(f"at most {MOST_FIELDS} fields", "Quá nhiều dòng.", "fields")


def _describe(row: PushRow, push: NewPush) -> None:
    row.name, row.topic, row.trusted = push.name, push.topic.strip(), push.trusted
    row.stations, row.fields = list(push.stations), dict(push.fields)


def _row(session: Session, push_id: int) -> PushRow:
    row = session.get(PushRow, push_id)
    if row is None:
        raise NotFound(f"no push {push_id}", "Không có kết nối này.", "push")
    return row


def _value(row: PushRow) -> Push:
    settings = NewPush(
        row.name, tuple(row.stations), row.topic, row.trusted, dict(row.fields)
    )
    return Push(
        row.id,
        row.key,
        settings,
        row.secret,
        row.trouble,
        row.called_at,
        row.created_by,
        row.created_at,
    )
