"""What stirs above every page of the desk, asked in one question: most of the time nothing does."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import exists, select

from service.newsroom.airtime.notices import unseen_by
from service.newsroom.airtime.warnings import is_live
from service.newsroom.jobs import TROUBLED
from service.newsroom.store.database import Database
from service.newsroom.store.joins import episodes_within
from service.newsroom.store.tables import EpisodeRow, JobRow, NoticeRow, UrgentRow
from service.newsroom.stories.misreadings import count_waiting
from service.newsroom.values import Reach, Stirring


class Lookout:
    """Pages ask here first, and then only for what there is."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def stirring(self, among: Reach) -> Stirring:
        """What somebody who works for these stations should look at."""
        now = self._now()
        live = (
            exists()
            .where(UrgentRow.episode_id == EpisodeRow.id)
            .where(is_live(now), episodes_within(among))
        )
        unseen = exists(NoticeRow.id).where(unseen_by(among, now))
        troubled = exists(JobRow.id).where(TROUBLED)
        waiting = count_waiting(among).scalar_subquery()
        with self._database.read() as session:
            found = session.execute(select(live, unseen, troubled, waiting)).one()
        return Stirring(*found)
