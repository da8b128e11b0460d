"""Sentences that people change: what may be typed, and what becomes of the one that is changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.tables import EpisodeRow, SentenceRow, UrgentRow
from service.newsroom.stories.version_rows import lose, whole_of
from service.newsroom.values import SentenceSeen

LONGEST_SPOKEN = (
    2_000  # characters; the longest sentence a person may type for the voice
)


def checked_spoken(text: str, field: str) -> str:
    """What the voice is to say, tidied.

    Invalid, naming the `field`, when it is empty or too long.
    """
    text = " ".join(text.split())
    if not text:
        raise Invalid(
            "a sentence cannot be empty", "Câu đọc không được để trống.", field
        )
    if len(text) > LONGEST_SPOKEN:
        raise Invalid(
            f"at most {LONGEST_SPOKEN} characters",
            f"Câu dài tối đa {LONGEST_SPOKEN} ký tự.",
            field,
        )
    return text


def refuse_another(row: SentenceRow, seen: SentenceSeen) -> None:
    """Conflict when the sentence is not as it was looked at: somebody was there before."""
    if not (_is_as(seen.written, row.written) and _is_as(seen.spoken, row.spoken)):
        raise Conflict(
            f"sentence {row.n} is another one by now: {row.spoken!r}",
            f"Câu {row.n} vừa được người khác sửa, nay đọc là “{row.spoken}”."
            " Hãy xem lại rồi sửa.",
            "was",
        )


def refuse_mended(row: SentenceRow, written: str) -> None:
    """Conflict when somebody gave the sentence other words, or another spoken form, meanwhile."""
    if row.edited or row.written != written:
        raise Conflict(
            f"sentence {row.n} was changed meanwhile",
            f"Câu {row.n} vừa được người khác sửa.",
            "sentences",
        )


def _is_as(seen: str | None, stands: str) -> bool:
    # A browser's form does not keep every kind of space.
    return seen is None or seen.split() == stands.split()


def refuse_human(session: Session, episode: EpisodeRow, row: SentenceRow) -> None:
    """Conflict when a person reads the sentence: a machine has nothing to say otherwise."""
    if row.recording_id or whole_of(session, episode):
        raise Conflict(
            f"a person reads sentence {row.n}; only its text can be changed",
            "Câu này do người đọc. Muốn máy đọc khác đi, hãy bấm “Dùng lại giọng máy” trước.",
            "spoken",
        )


def put(
    session: Session,
    episode: EpisodeRow,
    row: SentenceRow,
    change: dict[str, Any],
    now: datetime,
) -> None:
    """A sentence as it is now.

    A recording that read what it was written before has lost its place.
    """
    rewritten = row.written != change.get("written", row.written)
    for name, value in change.items():
        setattr(row, name, value)
    row.clip = ""
    if rewritten and row.recording_id and not whole_of(session, episode):
        lose(session, episode, [row.recording_id], now)
        row.recording_id = None


def said_again(session: Session, episode: EpisodeRow, row: SentenceRow) -> list[int]:
    """The sentence's number.

    Of a warning, which is read several times over, all places where it is said.
    """
    if session.get(UrgentRow, episode.id) is None:
        return [row.n]
    return list(
        session.scalars(
            select(SentenceRow.n).where(
                SentenceRow.episode_id == episode.id,
                SentenceRow.version == episode.version,
                SentenceRow.written == row.written,
            )
        )
    )
