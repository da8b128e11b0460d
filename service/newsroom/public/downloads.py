"""Downloads: how many listeners took an episode on a day. Who they were is forgotten when the day is over."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import blake2b
from ipaddress import ip_address, ip_network

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database, insert
from service.newsroom.store.tables import (
    DownloadRow,
    EpisodeRow,
    ListenerRow,
    RenderingRow,
    SaltRow,
)
from service.newsroom.values import DownloadDay
from service.zone import VIETNAM

# A commune's phones may share one address (carriers' NAT); more than these are a script.
MOST_OF_AN_ADDRESS = 50
LISTENERS = "listeners"  # in the row of an address: how many there are, as a span


class Downloads:
    """Counts, by episode, day in Vietnam and kind of file.

    A listener counts once a day and episode, in whichever process: what they took so far is a row under a digest of
    who they are, salted with a secret of the day. Both are deleted on the next.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def today(self) -> date:
        """The day in Vietnam."""
        return self._now().astimezone(VIETNAM).date()

    @transact
    def take(
        self,
        listener: str,
        episode_id: int,
        kind: str,
        span: tuple[int, int],
        enough: int,
        *,
        address: str = "",
    ) -> bool:
        """Notes that somebody was sent the bytes from `span[0]` up to `span[1]`.

        True when all they took of that kind today, bytes taken twice counted once, has just become `enough`: that is
        one download. `listener` tells people apart, `address` where they call from ("" for nobody knows):
        of one address at most `MOST_OF_AN_ADDRESS` count a day and episode. Neither is kept.
        """
        today = self.today()
        with self._database.read() as session:
            salt = session.scalar(select(SaltRow.value).where(SaltRow.day == today))
        salt = salt or self._begin(today)
        digest = _digest(salt, listener, episode_id)
        place = _digest(salt, f"{_neighbourhood(address)}\0everybody", episode_id)
        # Most requests are of somebody who counts already: those take no turn at writing.
        with self._database.read() as session:
            counted = session.scalar(select(ListenerRow.counted).where(*_at(today, digest)))
        if counted:
            return False
        with self._database.write() as session:
            is_new = counted is None
            if address and is_new and not _room_for(session, today, place):
                return False
            row = _listener(session, today, digest)
            if row.counted:
                return False
            spans = joined([*row.spans.get(kind, ()), [*span]])
            row.counted = sum(end - start for start, end in spans) >= enough
            row.spans = {} if row.counted else row.spans | {kind: spans}
            if row.counted:
                _add(session, episode_id, today, kind)
            return row.counted

    @transact
    def forget(self) -> None:
        """Deletes what tells listeners of earlier days apart."""
        today = self.today()
        with self._database.read() as session:
            if session.scalar(select(SaltRow.day).where(SaltRow.day < today).limit(1)) is None:
                return
        with self._database.write() as session:
            session.execute(delete(ListenerRow).where(ListenerRow.day < today))
            session.execute(delete(SaltRow).where(SaltRow.day < today))

    @transact
    def _begin(self, today: date) -> str:
        """The salt of a new day, the same in every process; the day before is forgotten."""
        self.forget()
        with self._database.write() as session:
            new = insert(session, SaltRow).values(day=today, value=secrets.token_hex(32))
            session.execute(new.on_conflict_do_nothing())
            return session.scalars(select(SaltRow.value).where(SaltRow.day == today)).one()

    def daily(self, days: int, episode_id: int | None = None) -> list[DownloadDay]:
        """The last days, oldest first and none left out, of one episode or of all."""
        first = self.today() - timedelta(days=days - 1)
        query = (
            select(DownloadRow.day, DownloadRow.kind, func.sum(DownloadRow.count))
            .where(DownloadRow.day >= first)
            .group_by(DownloadRow.day, DownloadRow.kind)
            .order_by(DownloadRow.kind)
        )
        if episode_id is not None:
            query = query.where(DownloadRow.episode_id == episode_id)
        kinds: dict[date, dict[str, int]] = {first + timedelta(days=n): {} for n in range(days)}
        with self._database.read() as session:
            for day, kind, count in session.execute(query):
                kinds.setdefault(day, {})[kind] = count
        return [DownloadDay(day, counts) for day, counts in sorted(kinds.items())]

    def most(self, days: int, limit: int = 20) -> list[tuple[int, str, int]]:
        """The episodes taken most in the last days: number, title, count."""
        count = func.sum(DownloadRow.count)
        query = (
            select(EpisodeRow.id, RenderingRow.title, count)
            .join(DownloadRow, DownloadRow.episode_id == EpisodeRow.id)
            .join(
                RenderingRow,
                (RenderingRow.episode_id == EpisodeRow.id)
                & (RenderingRow.version == EpisodeRow.version),
            )
            .where(DownloadRow.day > self.today() - timedelta(days=days))
            .group_by(EpisodeRow.id, RenderingRow.title)
            .order_by(count.desc(), EpisodeRow.id.desc())
            .limit(limit)
        )
        with self._database.read() as session:
            return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _digest(salt: str, who: str, episode_id: int) -> str:
    return blake2b(f"{who}\0{episode_id}".encode(), key=salt.encode(), digest_size=16).hexdigest()


def _neighbourhood(address: str) -> str:
    """What one household has: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ip_network((number, 64), strict=False)) if number.version == 6 else str(number)


def _room_for(session: Session, day: date, place: str) -> bool:
    """Whether one more listener of an address may count; counts it."""
    new = insert(session, ListenerRow).values(day=day, digest=place, spans={}, counted=False)
    session.execute(new.on_conflict_do_nothing())
    row = session.scalars(select(ListenerRow).where(*_at(day, place)).with_for_update()).one()
    listeners = row.spans.get(LISTENERS, [[0, 0]])[0][1]
    if listeners >= MOST_OF_AN_ADDRESS:
        return False
    row.spans = {LISTENERS: [[0, listeners + 1]]}
    return True


def joined(spans: list[list[int]]) -> list[list[int]]:
    """The same bytes as spans that neither touch nor overlap, in order."""
    found: list[list[int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return found


def _at(day: date, digest: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ListenerRow.day == day, ListenerRow.digest == digest


def _add(session: Session, episode_id: int, day: date, kind: str) -> None:
    """One more listener."""
    row = insert(session, DownloadRow).values(episode_id=episode_id, day=day, kind=kind, count=1)
    keys = [DownloadRow.episode_id, DownloadRow.day, DownloadRow.kind]
    session.execute(
        row.on_conflict_do_update(index_elements=keys, set_={"count": DownloadRow.count + 1})
    )


def _listener(session: Session, today: date, digest: str) -> ListenerRow:
    """The row of somebody's day, locked; made when it is their first request."""
    new = insert(session, ListenerRow).values(day=today, digest=digest, spans={}, counted=False)
    session.execute(new.on_conflict_do_nothing())
    row = select(ListenerRow).where(*_at(today, digest)).with_for_update()
    return session.scalars(row).one()
