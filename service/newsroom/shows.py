"""Shows: the feeds.

Under which guid each is known, when it changed, and what the hub was told of.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.tables import (
    ArticleStationRow,
    EpisodeRow,
    RenderingRow,
    RevisionRow,
    ShowRow,
    StationRow,
    TopicRow,
)
from service.newsroom.values import Kind, Show
from service.zone import VIETNAM

EVERYTHING = "all"
A_SECOND = timedelta(seconds=1)
# 600 stories at once; a month's news of a commune.
MOST_AHEAD = timedelta(minutes=10)
# Between tries to reach the hub.
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)


class Shows:
    """The feeds' own rows."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def get(self, path: str) -> Show | None:
        """The show, once it was asked for or changed for the first time."""
        with self._database.read() as session:
            row = session.get(ShowRow, path)
            return _show(row) if row is not None else None

    def serials(self) -> dict[str, int]:
        """How often each show changed, by its path."""
        with self._database.read() as session:
            return {
                row.path: row.serial
                for row in session.execute(select(ShowRow.path, ShowRow.serial))
            }

    @transact
    def name(self, path: str, guid: str) -> Show:
        """The show under its guid: the one it was given first, whatever is proposed now."""
        with self._database.write() as session:
            row = insert(session, ShowRow).values(
                path=path, guid=guid, changed_at=self._now()
            )
            session.execute(row.on_conflict_do_nothing())
            session.execute(
                update(ShowRow)
                .where(ShowRow.path == path, ShowRow.guid == "")
                .values(guid=guid)
            )
            return _show(session.get_one(ShowRow, path))

    def untold(self, most: int = 50) -> list[Show]:
        """Shows whose last change the hub was not told of, and whose next try is due."""
        with self._database.read() as session:
            now = self._now()
            # Later than any wait: it was set before the clock went back.
            never = ShowRow.ping_after > now + LONGEST_WAIT
            due = or_(ShowRow.ping_after.is_(None), ShowRow.ping_after <= now, never)
            rows = session.scalars(
                select(ShowRow)
                .where(ShowRow.serial > ShowRow.pinged, due)
                .order_by(ShowRow.changed_at)
                .limit(most)
            )
            return [_show(row) for row in rows]

    @transact
    def mark_told(self, show: Show) -> None:
        """The hub knows of this serial; a change that came meanwhile is still untold."""
        with self._database.write() as session:
            row = session.get_one(ShowRow, show.path, with_for_update=True)
            row.pinged = max(row.pinged, show.serial)
            row.ping_tries = 0
            row.ping_after = None

    @transact
    def put_off(self, show: Show) -> datetime:
        """The hub did not take it: tried again later, each time twice as late. Gives when."""
        with self._database.write() as session:
            row = session.get_one(ShowRow, show.path, with_for_update=True)
            wait = min(FIRST_WAIT * 2 ** min(row.ping_tries, 20), LONGEST_WAIT)
            row.ping_tries += 1
            row.ping_after = self._now() + wait
            return row.ping_after


def paths_of(session: Session, episode: EpisodeRow) -> set[str]:
    """The shows that an episode is in, as the public has it: all, its stations', its topic's."""
    home = session.get_one(StationRow, episode.station_id).slug
    stations = session.scalars(
        select(StationRow.slug)
        .join(ArticleStationRow, ArticleStationRow.station_id == StationRow.id)
        .where(ArticleStationRow.article_id == episode.article_id)
    )
    topic = session.scalar(
        select(TopicRow.slug)
        .join(RevisionRow, RevisionRow.topic_id == TopicRow.id)
        .join(RenderingRow, RenderingRow.revision == RevisionRow.number)
        .where(
            RevisionRow.article_id == episode.article_id,
            RenderingRow.episode_id == episode.id,
            RenderingRow.version == (episode.public_version or 0),
        )
    )
    return {
        EVERYTHING,
        f"stations/{home}",
        *(f"stations/{slug}" for slug in stations),
    } | ({f"topics/{topic}"} if topic else set())


def next_ordinal(
    session: Session, episode: EpisodeRow, published_at: datetime
) -> int | None:
    """Which bulletin of its station's year this one is, by the moment that `next_moment` gave.

    None for what is not counted.
    """
    if episode.kind != Kind.BULLETIN:
        return None
    new_year = published_at.astimezone(VIETNAM).replace(
        month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    before = session.scalar(
        select(func.max(EpisodeRow.ordinal)).where(
            EpisodeRow.station_id == episode.station_id,
            EpisodeRow.kind == Kind.BULLETIN,
            EpisodeRow.first_published_at >= new_year,
        )
    )
    return (before or 0) + 1


def next_moment(session: Session, now: datetime) -> datetime:
    """When what comes out `now` is said to: in a second of its own, after all that came before.

    Feeds tell whole seconds, and apps order what came in one second as they like. Call it with the
    show of everything locked (`change` does that). A time beyond MOST_AHEAD is a clock that went
    wrong: not followed.
    """
    first = EpisodeRow.first_published_at
    last = session.scalar(select(func.max(first)).where(first < now + MOST_AHEAD))
    if last is None:
        return now
    return max(now, last.replace(microsecond=0) + A_SECOND)


def change(session: Session, paths: Iterable[str], now: datetime) -> None:
    """Notes that these shows changed, in the transaction of what changed them."""
    for path in sorted(set(paths)):  # sorted: two at once never wait for each other
        row = insert(session, ShowRow).values(
            path=path, guid="", serial=1, changed_at=now
        )
        # A feed's date never goes back with the clock, nor follows one that went far ahead.
        ahead = and_(ShowRow.changed_at > now, ShowRow.changed_at < now + MOST_AHEAD)
        latest = case((ahead, ShowRow.changed_at), else_=now)
        changed = {"serial": ShowRow.serial + 1, "changed_at": latest}
        session.execute(
            row.on_conflict_do_update(index_elements=[ShowRow.path], set_=changed)
        )


def change_all(session: Session, now: datetime) -> None:
    """Notes that every show changed: a station's name stands in all of them."""
    change(session, [EVERYTHING, *session.scalars(select(ShowRow.path))], now)


def _show(row: ShowRow) -> Show:
    return Show(row.path, row.guid, row.serial, row.changed_at)
