"""A station's log of what went on the air: what its hours broadcast, and what people said of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from service.newsroom.airtime.airings import airing_value, airings_of
from service.newsroom.airtime.onair import aired_as, drafts_for, made_for
from service.newsroom.errors import Conflict, NotFound
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import AiringRow
from service.newsroom.values import Aired, Event, Serving

# Later nobody remembers what was heard.
PLAYED_WITHIN = timedelta(days=7)


class AirLog:
    """What was broadcast, and when."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def record(self, station: str, since: datetime, until: datetime) -> list[Aired]:
        """A station's log: its airings in `[since, until)` in order, with what was broadcast."""
        with self._database.read() as session:
            rows = session.scalars(airings_of(session, station, since, until)).all()
            airings = [row.id for row in rows]
            approved = made_for(session, airings)
            drafts = drafts_for(session, airings)

            def aired(row: AiringRow) -> Aired:
                airing = airing_value(row, station)
                return aired_as(
                    session, airing, approved.get(row.id, []), drafts.get(row.id)
                )

            return readable(rows, aired, "an airing")

    @transact
    def played(self, airing_id: int, serving: Serving, who: str) -> None:
        """The operator says that this was broadcast; said twice, the first holds."""
        with self._database.write() as session:
            row = session.get(AiringRow, airing_id, with_for_update=True)
            if row is None:
                raise NotFound(
                    f"no airing {airing_id}", "Không có buổi phát này.", "airing"
                )
            _refuse_untimely(row, self._now())
            if row.played_at is not None:
                return
            row.played_at, row.played_by = self._now(), who
            row.played_episode_id = serving.episode_id or None
            row.played_version = serving.version or None
            log(
                session,
                self._now(),
                who,
                Event.PLAYED,
                f"{row.at} {row.day:%d/%m/%Y}",
                None,
            )

    @transact
    def missed(self, airing_id: int) -> None:
        """Nobody looked at this airing before it was over: the machine was off."""
        with self._database.write() as session:
            session.get_one(AiringRow, airing_id, with_for_update=True).missed = True


def _refuse_untimely(airing: AiringRow, now: datetime) -> None:
    """Conflict when nobody can say yet, or any more, that an airing was broadcast."""
    if airing.air_at > now:
        raise Conflict("its hour has not come", "Chưa đến giờ phát.", "airing")
    if now - airing.air_at > PLAYED_WITHIN:
        raise Conflict(
            f"it was on the air more than {PLAYED_WITHIN.days} days ago",
            f"Buổi phát này đã quá {PLAYED_WITHIN.days} ngày, không ghi “đã phát” được nữa.",
            "airing",
        )
