"""A station's log of what went on the air: what its hours broadcast, and what people said of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from service.newsroom.airtime.aired import AiredHistory
from service.newsroom.airtime.airings import airing_row, airing_value, airings_of
from service.newsroom.errors import Conflict
from service.newsroom.stations import station_row
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import AiringRow
from service.newsroom.values import Aired, Event, SlotHour

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
            place = station_row(session, station)
            rows = session.scalars(airings_of(place.id, since, until)).all()
            airings = [airing_value(row, station) for row in rows]
            history = AiredHistory(session, place.id, airings)
            return readable(airings, history.aired, "an airing")

    @transact
    def played(self, station: str, hour: SlotHour, who: str) -> None:
        """The operator says that an hour was broadcast: what stood there then.

        Said twice, the first holds. Conflict when nobody can say so yet, or any more.
        """
        now = self._now()
        with self._database.write() as session:
            _refuse_untimely(hour.air_at, now)
            place = station_row(session, station)
            row = airing_row(session, place.id, hour.slot, hour.day, hour.air_at)
            row = session.get_one(
                AiringRow, row.id, with_for_update=True, populate_existing=True
            )
            if row.played_at is not None:
                return
            airing = airing_value(row, station)
            broadcast = AiredHistory(session, place.id, [airing]).aired(airing)
            row.played_at, row.played_by = now, who
            row.played_episode_id = broadcast.episode_id or None
            row.played_version = broadcast.version or None
            about = f"{row.at} {row.day:%d/%m/%Y}"
            log(session, now, who, Event.PLAYED, about, None)

    @transact
    def missed(self, airing_id: int) -> None:
        """Nobody looked at this airing before it was over: the machine was off."""
        with self._database.write() as session:
            session.get_one(AiringRow, airing_id, with_for_update=True).missed = True


def _refuse_untimely(air_at: datetime, now: datetime) -> None:
    """Conflict when nobody can say yet, or any more, that an hour was broadcast."""
    if air_at > now:
        raise Conflict("its hour has not come", "Chưa đến giờ phát.", "airing")
    if now - air_at > PLAYED_WITHIN:
        raise Conflict(
            f"it was on the air more than {PLAYED_WITHIN.days} days ago",
            f"Buổi phát này đã quá {PLAYED_WITHIN.days} ngày, không ghi “đã phát” được nữa.",
            "airing",
        )
