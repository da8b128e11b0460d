"""Voices over a network: one row for each, through which all workers together are patient with it.

A token bucket says how often it is called, seats say how many calls are made at once, and a breaker
keeps everybody from calling while it is away. After a while one call is let through as a probe: its
answer opens the way for all, its trouble closes it again, for longer.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import EngineRow, SeatRow
from service.newsroom.values import FarEnd

MOST_STRIKES = 4  # troubles in a row: as many as one sentence may have
# Between probes: each twice as late
FIRST_AWAY = timedelta(seconds=30)
LONGEST_AWAY = timedelta(minutes=10)
# A far end may ask to be left alone for so long; more is a mistake of its clock
LONGEST_ASKED = timedelta(hours=1)
SOON = timedelta(seconds=30)  # being asked to wait so long is no outage
NO_TIME = timedelta(0)


class Engines:
    """The rows of the far ends. An engine that nobody called has none."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def leave(
        self, engine: str, per_minute: float, burst: int, lasts_s: float
    ) -> FarEnd | float:
        """Leave for one call now (0.0), the seconds after which to ask again,
        or the far end that is away.

        The bucket holds `burst` calls and is filled `per_minute`; `lasts_s` is the longest that a
        call may take.
        """
        now, each = self._now(), timedelta(minutes=1 / per_minute)
        with self._database.write() as session:
            row = _locked(session, engine) or _made(session, engine, self._now())
            _forget_the_future(row, now, each * burst)
            if row.closed_until is not None and now < row.closed_until:
                return (
                    _far_end(row)
                    if row.away_since
                    else (row.closed_until - now).total_seconds()
                )
            paid_until = max(row.paid_until, now)
            if (early := paid_until - now - each * (burst - 1)) > NO_TIME:
                return early.total_seconds()
            row.paid_until = paid_until + each
            row.closed_until = None
            row.calls += 1
            # The probe: if its caller dies, there is another after its time
            if row.away_since is not None:
                row.probing, row.closed_until = True, now + timedelta(seconds=lasts_s)
            return 0.0

    @transact
    def seat(self, engine: str, lanes: int, lasts_s: float) -> int | None:
        """One of the `lanes` calls that an engine takes at once, whoever makes them.

        None while all are taken.

        Gives the number of its seat, for `stand_up`. Who dies in the middle of a call keeps the
        seat for `lasts_s`, the longest that a call may take.
        """
        now = self._now()
        with self._database.write() as session:
            _locked(session, engine) or _made(session, engine, now)
            session.execute(
                delete(SeatRow).where(SeatRow.engine == engine, SeatRow.until <= now)
            )
            if (
                session.scalar(select(func.count()).where(SeatRow.engine == engine))
                or 0
            ) >= lanes:
                return None
            row = SeatRow(engine=engine, until=now + timedelta(seconds=lasts_s))
            session.add(row)
            session.flush()
            return row.id

    @transact
    def stand_up(self, seat: int) -> None:
        """The call is over."""
        with self._database.write() as session:
            session.execute(delete(SeatRow).where(SeatRow.id == seat))

    @transact
    def answered(self, engine: str) -> None:
        """The far end answered: it is there."""
        with self._database.read() as session:
            row = session.get(EngineRow, engine)
            if row is None or not row.strikes:
                return
        with self._database.write() as session:
            row = _locked(session, engine) or _made(session, engine, self._now())
            if row.away_since is not None:
                row.back_at, row.away_since, row.closed_until = self._now(), None, None
            row.strikes, row.probes, row.probing = 0, 0, False

    @transact
    def failed(
        self,
        engine: str,
        reason: str,
        detail: str,
        strikes: int,
        retry_after_s: float | None,
    ) -> None:
        """A call had trouble that counts as so many `strikes`.

        `retry_after_s` is what the far end asked for.
        """
        now = self._now()
        asked = min(timedelta(seconds=retry_after_s or 0.0), LONGEST_ASKED)
        with self._database.write() as session:
            row = _locked(session, engine) or _made(session, engine, self._now())
            row.troubles += 1
            if row.away_since is not None and not row.probing:
                return  # a call that began before it was known
            row.strikes += strikes
            row.reason, row.detail = reason, detail
            if row.away_since is None and row.strikes < MOST_STRIKES and asked <= SOON:
                row.closed_until = now + asked if asked else row.closed_until
                return
            wait = min(FIRST_AWAY * 2 ** min(row.probes, 10), LONGEST_AWAY)
            row.away_since = row.away_since or now
            row.closed_until = now + max(wait, asked)
            row.probes, row.probing = row.probes + 1, False

    def get(self, engine: str) -> FarEnd | None:
        """The far end; None when it was never called."""
        with self._database.read() as session:
            row = session.get(EngineRow, engine)
            return None if row is None else _far_end(row)

    def all(self) -> list[FarEnd]:
        """Every far end that was ever called."""
        with self._database.read() as session:
            rows = session.scalars(select(EngineRow).order_by(EngineRow.name))
            return readable(rows, _far_end, "a far end", lambda row: row.name)


def _forget_the_future(row: EngineRow, now: datetime, fullest: timedelta) -> None:
    """Times that no rule sets so late were set before the clock went back.

    Nobody waits for them.
    """
    if row.closed_until is not None and row.closed_until > now + LONGEST_ASKED:
        row.closed_until = now
    if row.paid_until > now + fullest:
        row.paid_until = now


def _locked(session: Session, engine: str) -> EngineRow | None:
    return session.get(EngineRow, engine, with_for_update=True)


def _made(session: Session, engine: str, now: datetime) -> EngineRow:
    values = {
        "strikes": 0,
        "probes": 0,
        "probing": False,
        "reason": "",
        "detail": "",
        "calls": 0,
        "troubles": 0,
    }
    row = insert(session, EngineRow).values(name=engine, paid_until=now, **values)
    session.execute(row.on_conflict_do_nothing())
    return session.get_one(EngineRow, engine, with_for_update=True)


def _far_end(row: EngineRow) -> FarEnd:
    away = row.away_since is not None
    return FarEnd(
        engine=row.name,
        calls=row.calls,
        troubles=row.troubles,
        away_since=row.away_since,
        closed_until=row.closed_until if away else None,
        reason=row.reason if away else "",
        detail=row.detail if away else "",
        back_at=row.back_at,
    )
