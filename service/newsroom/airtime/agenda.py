"""The agenda: every station's hours of some days, and what was made for each."""

from datetime import date, datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from service.newsroom.airtime.airings import airing_value
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    StationRow,
)
from service.newsroom.values import AgendaEntry, BulletinState, Rung, State

AgendaKey = tuple[str, str, date]  # station, hour, day


def agenda(
    session: Session, since: datetime, until: datetime
) -> dict[AgendaKey, AgendaEntry]:
    """See Bulletins.agenda."""
    rows = session.execute(
        select(
            AiringRow,
            StationRow.slug,
            BulletinRow.rung,
            EpisodeRow.state,
            EpisodeRow.version,
        )
        .join(StationRow, StationRow.id == AiringRow.station_id)
        .outerjoin(BulletinRow, BulletinRow.airing_id == AiringRow.id)
        .outerjoin(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .where(AiringRow.air_at >= since, AiringRow.air_at < until)
    ).all()
    entries: dict[AgendaKey, AgendaEntry] = {}

    def enter(row: Row[AiringRow, str, str, str, int]) -> None:
        airing, slug, rung, state, version = row
        key = (slug, airing.at, airing.day)
        entry = entries.setdefault(key, AgendaEntry(airing_value(airing, slug), {}))
        if rung is not None:
            entry.rungs[Rung(rung)] = BulletinState(State(state), version)

    readable(rows, enter, "an airing", lambda row: row[0].id)
    return entries
