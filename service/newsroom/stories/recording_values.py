"""Recordings as they leave the room: their rows as values."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.newsroom.errors import NotFound, Refusal
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import RecordingRow, StationRow
from service.newsroom.text import without_folders
from service.newsroom.values import Recording, Sentence, Standing, Use

# In what is noted about a recording: what its original turned out to be.
MIME = "mime"


def key_of(digest: str) -> str:
    """Where the original bytes lie."""
    return f"recordings/{digest[:2]}/{digest}"


def recording_of(session: Session, row: RecordingRow) -> Recording:
    """A row as others see it."""
    station = session.get_one(StationRow, row.station_id).slug if row.station_id else ""
    return Recording(
        id=row.id,
        use=Use(row.use),
        state=Standing(row.state),
        key=key_of(row.digest),
        bytes=row.bytes,
        name=row.name,
        announcer=row.announcer,
        episode_id=row.episode_id or 0,
        sentence=row.sentence,
        written=row.written,
        station=station,
        chime=row.chime,
        clip=row.clip,
        seconds=row.seconds,
        refused=Refusal(row.refused) if row.refused else None,
        detail=without_folders(row.detail),
        sent_by=row.sent_by,
        sent_at=row.sent_at,
        mime=row.about.get(MIME, ""),
    )


def recording_with(session: Session, number: int | None) -> Recording | None:
    """The recording of that number, or None for none."""
    if not number:
        return None
    return recording_of(session, recording_row(session, number))


def recorded_lines(
    session: Session, sentences: Sequence[Sentence]
) -> tuple[Recording | None, ...]:
    """The recordings made for single sentences, line by line."""
    return tuple(_recorded_line(session, sentence) for sentence in sentences)


def _recorded_line(session: Session, sentence: Sentence) -> Recording | None:
    recording = recording_with(session, sentence.recording)
    # One of the whole is one sound, which has no lines.
    is_of_the_line = recording is not None and recording.use is Use.SENTENCE
    return recording if is_of_the_line else None


def recording_row(session: Session, recording_id: int) -> RecordingRow:
    """The row, or NotFound."""
    row = session.get(RecordingRow, recording_id)
    if row is None:
        raise NotFound(
            f"no recording {recording_id}", "Không có bản thu này.", "recording"
        )
    return row


def recordings_shown(session: Session, episode_id: int) -> list[Recording]:
    """What the desk should tell of an episode's recordings: being checked,
    refused, or lost to another text.
    """
    query = select(RecordingRow).where(
        RecordingRow.episode_id == episode_id,
        RecordingRow.state.in_((Standing.CHECKING, Standing.REFUSED, Standing.LOST)),
    )
    return recordings_where(session, query.order_by(RecordingRow.id))


def recordings_where(session: Session, query: Select[RecordingRow]) -> list[Recording]:
    """The recordings that a query asks for, in its order."""
    return readable(
        session.scalars(query), lambda row: recording_of(session, row), "a recording"
    )
