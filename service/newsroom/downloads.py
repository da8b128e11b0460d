"""Downloads: how many listeners took an episode on a day. Numbers only; who they were never comes this far."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from service.newsroom.database import Database, insert
from service.newsroom.shows import VIETNAM
from service.newsroom.tables import DownloadRow, EpisodeRow, RenderingRow
from service.newsroom.values import DownloadDay


class Downloads:
    """Counts, by episode, day in Vietnam and kind of file."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def today(self) -> date:
        """The day in Vietnam."""
        return self._now().astimezone(VIETNAM).date()

    def add(self, episode_id: int, kind: str) -> None:
        """One more listener, today."""
        with self._database.write() as session:
            row = insert(session, DownloadRow).values(episode_id=episode_id, day=self.today(), kind=kind, count=1)
            keys = [DownloadRow.episode_id, DownloadRow.day, DownloadRow.kind]
            session.execute(row.on_conflict_do_update(index_elements=keys, set_={"count": DownloadRow.count + 1}))

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
                (RenderingRow.episode_id == EpisodeRow.id) & (RenderingRow.version == EpisodeRow.version),
            )
            .where(DownloadRow.day > self.today() - timedelta(days=days))
            .group_by(EpisodeRow.id, RenderingRow.title)
            .order_by(count.desc(), EpisodeRow.id.desc())
            .limit(limit)
        )
        with self._database.read() as session:
            return [(row[0], row[1], row[2]) for row in session.execute(query)]
