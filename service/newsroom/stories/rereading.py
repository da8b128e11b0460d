"""What of an episode is read again: some sentences, or a text that follows a sentence."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict
from service.newsroom.store.tables import EpisodeRow, SentenceRow, StationRow, UrgentRow
from service.newsroom.stories.moves import reopen, reopen_sentences
from service.newsroom.stories.renderings import known_sentences, newest_sentence
from service.newsroom.stories.revisions import mended
from service.newsroom.stories.sentences import refuse_human
from service.newsroom.stories.terms import is_said_by_engines
from service.newsroom.stories.version_rows import Opening, is_written, whole_of
from service.newsroom.values import Cause, State


def refuse_person(session: Session, episode: EpisodeRow) -> None:
    """Conflict for what a person reads whole: there is nothing that a voice could read again.

    What is held or withdrawn is made again from its recording.
    """
    if episode.state in (State.HELD, State.WITHDRAWN):
        return
    if whole_of(session, episode) is not None:
        raise Conflict(
            "a person reads this episode whole; send another recording, or go back to the voice",
            "Cả bài là giọng người, máy không có gì để đọc lại. Hãy gửi bản thu khác, hoặc dùng giọng máy.",
            "episode",
        )


def sentences_again(
    session: Session,
    episode: EpisodeRow,
    sentences: Sequence[int],
    voice: str | None,
    who: str,
    now: datetime,
) -> None:
    """Opens a version in which these sentences are spoken anew, and only they."""
    numbers = known_sentences(session, episode, sentences)
    about = ", ".join(map(str, numbers))
    reopen_sentences(
        session, episode, Opening(who, Cause.REGENERATED, now, about, voice=voice)
    )
    for n in numbers:
        row = newest_sentence(session, episode, n)
        if row.story_id and row.recording_id:
            raise Conflict(
                f"a person reads sentence {n}; its voice is changed at its story",
                f"Câu {n} do người đọc, lấy từ một bài đã duyệt. Hãy thay giọng ở bài đó.",
                "sentences",
            )
        # Another take of the same words: without it the clip kept for them would be used again.
        row.take += 1
        row.clip = ""


def whole_again(
    session: Session, episode: EpisodeRow, voice: str | None, who: str, now: datetime
) -> None:
    """Opens a version in which all is read anew, from its text or by another voice.

    The same sentences are handed to another `voice`, unless the dictionary tells some engine
    something else: then they are read from the text for the one that speaks.
    """
    is_recast = voice is not None and is_written(session, episode)
    home = session.get_one(StationRow, episode.station_id)
    if is_recast and not is_said_by_engines(session, home.slug):
        opening = Opening(who, Cause.VOICE, now, about=voice or "", voice=voice)
        reopen(session, episode, State.WRITTEN, opening)
        return
    opening = Opening(
        who,
        Cause.VOICE if is_recast else Cause.REGENERATED,
        now,
        about=(voice or "") if is_recast else "",
        voice=voice,
        another_take=not is_recast,
    )
    reopen(session, episode, State.RECEIVED, opening)


def refuse_expired(session: Session, episode: EpisodeRow, now: datetime) -> None:
    """Conflict for a warning that is over."""
    warning = session.get(UrgentRow, episode.id)
    if warning is not None and warning.expires_at <= now:
        raise Conflict(
            "this warning has expired",
            "Cảnh báo này đã hết hiệu lực, không phát nữa.",
            "state",
        )


def follow_text(
    session: Session,
    episode: EpisodeRow,
    row: SentenceRow,
    change: dict[str, Any],
    now: datetime,
    who: str,
) -> tuple[int | None, str | None]:
    """The text's new revision and title where a sentence is written otherwise.

    None for both where it is not.

    Conflict when a person reads a sentence that is to be said otherwise.
    """
    written = str(change.get("written", row.written))
    if written == row.written:
        refuse_human(session, episode, row)
        return None, None
    return mended(session, episode, row, written, now, who)
