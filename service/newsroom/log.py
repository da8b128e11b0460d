"""The log's desk: lines that tell of no episode's move,
questions about all of them, and whether the chain holds.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.joins import episodes_within
from service.newsroom.store.log import (
    NO_WITNESSES,
    check_chain,
    happenings,
    log,
    standing,
)
from service.newsroom.store.tables import EpisodeRow, HappeningRow
from service.newsroom.values import EVERYWHERE, Reach
from service.newsroom.values.log import Chain, Event, Happening


class Log:
    """Who did what. Lines are only ever added."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def note(self, who: str, what: Event, detail: str = "") -> None:
        """A line of its own."""
        with self._database.write() as session:
            log(session, self._now(), who, what, detail)

    def lines(
        self,
        *,
        events: Sequence[Event] = (),
        who: str = "",
        episode_id: int | None = None,
        days: tuple[datetime | None, datetime | None] = (None, None),
        among: Reach = EVERYWHERE,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Happening]:
        """Lines of these events (all when none is named) by this name ("" anybody), newest first.

        `episode_id` other than None: only what happened to that episode.

        `days`: not before the first moment and before the second, None for no bound; `among`: only
        what happened to episodes that are heard at one of these stations.
        """
        query = (
            select(HappeningRow)
            .order_by(HappeningRow.n.desc())
            .limit(limit)
            .offset(offset)
        )
        if events:
            query = query.where(HappeningRow.what.in_(events))
        if who:
            query = query.where(HappeningRow.who == who)
        if episode_id is not None:
            query = query.where(HappeningRow.episode_id == episode_id)
        query = query.where(*_between(*days))
        if not among.everywhere:
            heard = select(EpisodeRow.id).where(episodes_within(among))
            query = query.where(HappeningRow.episode_id.in_(heard))
        with self._database.read() as session:
            return happenings(session, session.scalars(query).all())

    def last(self, event: Event) -> datetime | None:
        """When that happened last, or None."""
        return next((line.at for line in self.lines(events=(event,), limit=1)), None)

    def standing(self) -> Chain:
        """The number of lines and the last digest, to be written down elsewhere."""
        with self._database.read() as session:
            return standing(session)

    def check(self, witnesses: Mapping[int, str] = NO_WITNESSES) -> Chain:
        """Reads every line of the log and says whether its chain holds.

        Each line carries the digest of the one before. `witnesses` are digests that were written
        down elsewhere, by the number of their line.
        """
        with self._database.read() as session:
            return check_chain(session, witnesses)


def _between(
    since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    """Conditions that a line lies between two moments; None is no bound."""
    bounds = []
    if since is not None:
        bounds.append(HappeningRow.at >= since)
    if until is not None:
        bounds.append(HappeningRow.at < until)
    return bounds
