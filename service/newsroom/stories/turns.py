"""Two voices of a station take turns, story by story: no story has both."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.store.joins import newest_version
from service.newsroom.store.tables import EpisodeRow, RenderingRow, StationRow
from service.newsroom.values import Kind


def voice_in_turn(session: Session, station: StationRow) -> str:
    """The voice for a new story: the one that did not read the station's last.

    "" for the first voice, and where there is no second.
    """
    if not station.second_voice:
        return ""
    last = session.scalar(
        select(RenderingRow.voice)
        .join(EpisodeRow, newest_version())
        .where(
            EpisodeRow.station_id == station.id,
            EpisodeRow.kind == Kind.STORY,
        )
        .order_by(EpisodeRow.id.desc())
        .limit(1)
    )
    begins_again = last is None or last == station.second_voice
    return "" if begins_again else station.second_voice
