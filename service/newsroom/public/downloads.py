"""Downloads: how many listeners took an episode on a day.

Who they were is forgotten when the day is over; where a CDN's logs tell of it, when those are in.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from ipaddress import ip_address, ip_network

from cachetools import LRUCache
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.joins import episodes_within, newest_version
from service.newsroom.store.tables import (
    DownloadRow,
    EpisodeRow,
    ListenerRow,
    ReadLogRow,
    RenderingRow,
    SaltRow,
)
from service.newsroom.values import EVERYWHERE, DownloadDay, Listening, Reach
from service.zone import VIETNAM

# A commune's phones may share one address (carriers' NAT); more than these are a script.
MOST_OF_AN_ADDRESS = 50
AT_ONCE = 200  # listeners in one transaction
MOST_REMEMBERED = 50_000  # who counted today, in memory: an hour of a busy province
# Logs of a day come until the end of the next (CloudFront: "up to 24 hours"), and are read then.
LOGS_LATE = timedelta(days=2)
LISTENERS = "listeners"  # in the row of an address: how many there are, as a span


@dataclass(slots=True)
class _Heard:
    """All that one listener took of an episode in a batch: the spans of each kind,
    and how many bytes are enough.
    """

    listener: str
    address: str
    episode_id: int
    spans: dict[str, list[list[int]]] = field(default_factory=dict)
    enough: dict[str, int] = field(default_factory=dict)


class Downloads:
    """Counts, by episode, day in Vietnam and kind of file.

    A listener counts once a day and episode, in whichever process: what they took so far is a row
    under a digest of who they are, salted with a secret of the day. Both are deleted on the next,
    or `LOGS_LATE` after it where logs of a CDN are read.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._secret = secrets.token_bytes(32)
        self._counted: LRUCache[bytes, bool] = LRUCache(MOST_REMEMBERED)

    def today(self) -> date:
        """The day in Vietnam."""
        return self._now().astimezone(VIETNAM).date()

    def is_counted(self, listening: Listening) -> bool:
        """Whether this process knows already that they count:
        then nothing need be noted of what they take today.
        """
        return self._mark(listening) in self._counted

    def take(self, listening: Listening) -> bool:
        """Notes what somebody was sent; True when it has just become a download."""
        return bool(self.take_all([listening]))

    def take_all(self, listenings: Sequence[Listening], day: date | None = None) -> int:
        """The same of many, in few writes; gives how many downloads it made.

        `day` is the one of which a log tells; then nothing is forgotten, as other logs may tell of
        days before: who reads them calls `forget` after the last.

        All that somebody took of a kind today counts together, bytes taken twice once: when that is
        enough, it is one download. Of one address at most `MOST_OF_AN_ADDRESS` count a day and
        episode. Who they were is not kept.
        """
        is_live, day = day is None, day or self.today()
        with self._database.read() as session:
            salt = session.scalar(select(SaltRow.value).where(SaltRow.day == day))
        if salt is None and is_live:
            self.forget()
        salt = salt or self._begin(day)
        heard = [*_together(listenings).values()]
        return sum(
            self._write(day, salt, heard[begin : begin + AT_ONCE])
            for begin in range(0, len(heard), AT_ONCE)
        )

    @transact
    def _write(self, day: date, salt: str, heard: Sequence[_Heard]) -> int:
        """One transaction: others want to write too."""
        digests = [_digest(salt, each.listener, each.episode_id) for each in heard]
        # Most are of somebody who counts already: those take no turn at writing.
        with self._database.read() as session:
            counted = _counted_of(session, day, digests)
        new = [
            (each, digest)
            for each, digest in zip(heard, digests, strict=True)
            if digest not in counted
        ]
        downloads: list[_Heard] = []
        if new:
            with self._database.write() as session:
                downloads = [
                    each
                    for each, digest in new
                    if _enter(session, day, salt, each, digest)
                ]
        known = [
            each
            for each, digest in zip(heard, digests, strict=True)
            if digest in counted
        ]
        if day == self.today():
            for each in (*downloads, *known):
                self._counted[self._mark(each)] = True
        return len(downloads)

    def _mark(self, who: "Listening | _Heard") -> bytes:
        """Somebody's day with an episode, in this process's memory alone."""
        text = f"{self.today()}\0{who.listener}\0{who.episode_id}"
        return blake2b(text.encode(), key=self._secret, digest_size=16).digest()

    @transact
    def forget(self) -> None:
        """Deletes what tells listeners of earlier days apart, once their logs must be in."""
        with self._database.read() as session:
            first = self._first_kept(session)
            spent = select(SaltRow.day).where(SaltRow.day < first).limit(1)
            if session.scalar(spent) is None:
                return
        with self._database.write() as session:
            session.execute(delete(ListenerRow).where(ListenerRow.day < first))
            session.execute(delete(SaltRow).where(SaltRow.day < first))

    def _first_kept(self, session: Session) -> date:
        """Today, or an earlier day of which a CDN's log may still tell."""
        since = self._now() - LOGS_LATE - timedelta(days=1)
        recent = select(ReadLogRow.digest).where(ReadLogRow.read_at >= since).limit(1)
        reads_logs = session.scalar(recent) is not None
        return self.today() - LOGS_LATE if reads_logs else self.today()

    @transact
    def _begin(self, day: date) -> str:
        """The salt of a new day, the same in every process."""
        with self._database.write() as session:
            new = insert(session, SaltRow).values(day=day, value=secrets.token_hex(32))
            session.execute(new.on_conflict_do_nothing())
            return session.scalars(
                select(SaltRow.value).where(SaltRow.day == day)
            ).one()

    def daily(
        self, days: int, episode_id: int | None = None, among: Reach = EVERYWHERE
    ) -> list[DownloadDay]:
        """The last days, oldest first and none left out,
        of one episode or of all of these stations.
        """
        first = self.today() - timedelta(days=days - 1)
        query = (
            select(DownloadRow.day, DownloadRow.kind, func.sum(DownloadRow.count))
            .where(DownloadRow.day >= first)
            .group_by(DownloadRow.day, DownloadRow.kind)
            .order_by(DownloadRow.kind)
        )
        if episode_id is not None:
            query = query.where(DownloadRow.episode_id == episode_id)
        if not among.everywhere:
            heard = select(EpisodeRow.id).where(episodes_within(among))
            query = query.where(DownloadRow.episode_id.in_(heard))
        kinds: dict[date, dict[str, int]] = {
            first + timedelta(days=n): {} for n in range(days)
        }
        with self._database.read() as session:
            for day, kind, count in session.execute(query):
                kinds.setdefault(day, {})[kind] = count
        return [DownloadDay(day, counts) for day, counts in sorted(kinds.items())]

    def most(
        self, days: int, limit: int = 20, among: Reach = EVERYWHERE
    ) -> list[tuple[int, str, int]]:
        """The episodes of these stations taken most in the last days: number, title, count."""
        count = func.sum(DownloadRow.count)
        query = (
            select(EpisodeRow.id, RenderingRow.title, count)
            .join(DownloadRow, DownloadRow.episode_id == EpisodeRow.id)
            .join(RenderingRow, newest_version())
            .where(
                DownloadRow.day > self.today() - timedelta(days=days),
                episodes_within(among),
            )
            .group_by(EpisodeRow.id, RenderingRow.title)
            .order_by(count.desc(), EpisodeRow.id.desc())
            .limit(limit)
        )
        with self._database.read() as session:
            return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _together(listenings: Sequence[Listening]) -> dict[tuple[str, str, int], _Heard]:
    """By who listened to what: a player that asks for a hundred parts is one row to look at."""
    heard: dict[tuple[str, str, int], _Heard] = {}
    for each in listenings:
        key = each.address, each.listener, each.episode_id
        entry = heard.setdefault(
            key, _Heard(each.listener, each.address, each.episode_id)
        )
        entry.spans.setdefault(each.kind, []).append([*each.span])
        entry.enough[each.kind] = each.enough
    return heard


def _counted_of(session: Session, day: date, digests: Collection[str]) -> set[str]:
    """Those of them who count already."""
    return set(
        session.scalars(
            select(ListenerRow.digest).where(
                ListenerRow.day == day,
                ListenerRow.digest.in_(digests),
                ListenerRow.counted,
            )
        )
    )


def _enter(
    session: Session, today: date, salt: str, heard: _Heard, digest: str
) -> bool:
    """Adds to a listener's row; whether that made a download of one of the kinds."""
    is_new = session.get(ListenerRow, (today, digest)) is None
    place = _digest(
        salt, f"{_neighbourhood(heard.address)}\0everybody", heard.episode_id
    )
    if heard.address and is_new and not _room_for(session, today, place):
        return False
    row = _listener(session, today, digest)
    if row.counted:
        return False
    for kind, parts in heard.spans.items():
        spans = joined([*row.spans.get(kind, ()), *parts])
        if sum(end - start for start, end in spans) >= heard.enough[kind]:
            row.spans, row.counted = {}, True
            _add(session, heard.episode_id, today, kind)
            return True
        row.spans = row.spans | {kind: spans}
    return False


def _digest(salt: str, who: str, episode_id: int) -> str:
    return blake2b(
        f"{who}\0{episode_id}".encode(), key=salt.encode(), digest_size=16
    ).hexdigest()


def _neighbourhood(address: str) -> str:
    """What one household has: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return (
        str(ip_network((number, 64), strict=False))
        if number.version == 6
        else str(number)
    )


def _room_for(session: Session, day: date, place: str) -> bool:
    """Whether one more listener of an address may count; counts it."""
    new = insert(session, ListenerRow).values(
        day=day, digest=place, spans={}, counted=False
    )
    session.execute(new.on_conflict_do_nothing())
    row = session.scalars(
        select(ListenerRow).where(*_at(day, place)).with_for_update()
    ).one()
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
    row = insert(session, DownloadRow).values(
        episode_id=episode_id, day=day, kind=kind, count=1
    )
    keys = [DownloadRow.episode_id, DownloadRow.day, DownloadRow.kind]
    session.execute(
        row.on_conflict_do_update(
            index_elements=keys, set_={"count": DownloadRow.count + 1}
        )
    )


def _listener(session: Session, today: date, digest: str) -> ListenerRow:
    """The row of somebody's day, locked; made when it is their first request."""
    new = insert(session, ListenerRow).values(
        day=today, digest=digest, spans={}, counted=False
    )
    session.execute(new.on_conflict_do_nothing())
    row = select(ListenerRow).where(*_at(today, digest)).with_for_update()
    return session.scalars(row).one()
