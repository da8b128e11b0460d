"""Episodes that wait for their voice: held, or read by another meanwhile."""

from datetime import datetime

from sqlalchemy import CompoundSelect, select, union_all
from sqlalchemy.orm import Session

from service.newsroom.errors import Held
from service.newsroom.stations.voices import voice_map
from service.newsroom.store.joins import episodes_within, newest_version
from service.newsroom.store.tables import EpisodeRow, RenderingRow, StationRow
from service.newsroom.values import Awaiting, Kind, Reach, State
from service.newsroom.values.voices import use_for

VOICE_AWAY = (Held.VOICE_UNREACHABLE, Held.VOICE_REFUSED, Held.VOICE_SLOW)


def awaiting(session: Session, among: Reach) -> list[Awaiting]:
    """See Episodes.awaiting_voice."""
    rows = session.execute(_awaiting(among)).all()
    if not rows:
        return []
    usual = voice_map(session)
    return [
        Awaiting(number, asked, asked or usual.at(station, use_for(kind)).voice, since)
        for number, kind, asked, station, since in rows
    ]


def _awaiting(among: Reach) -> CompoundSelect[int, str, str, str, datetime]:
    """Episodes that wait for their voice: number, kind, voice asked for, home, since when."""
    held = (EpisodeRow.state == State.HELD) & EpisodeRow.held.in_(VOICE_AWAY)
    # A bulletin is planned anew from its stories, once those are read again.
    provisional = select(RenderingRow.episode_id).where(RenderingRow.provisional)
    meanwhile = (
        EpisodeRow.id.in_(provisional)
        & RenderingRow.provisional
        & EpisodeRow.state.in_((State.MASTERED, State.PUBLISHED))
        & (EpisodeRow.kind != Kind.BULLETIN)
    )
    number = EpisodeRow.id.label("number")
    both = (
        select(
            number,
            EpisodeRow.kind,
            RenderingRow.voice,
            StationRow.slug,
            EpisodeRow.updated_at,
        )
        .join(RenderingRow, newest_version())
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .where(episodes_within(among))
    )
    # Two questions in one statement: with OR, every published episode's version is looked up.
    return union_all(both.where(held), both.where(meanwhile)).order_by("number")
