"""Where a recording is heard: in a sentence, a whole episode, one of its own, or as a chime.

And the way back.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid, Refusal
from service.newsroom.store.log import log
from service.newsroom.store.tables import EpisodeRow, RecordingRow, SentenceRow
from service.newsroom.stories.chimes import chimes_in_use
from service.newsroom.stories.moves import episode_row, reopen, reopen_sentences
from service.newsroom.stories.opening import open_article, stations_of
from service.newsroom.stories.renderings import known_sentences, newest_sentence
from service.newsroom.stories.version_rows import BY_VOICE, Opening, whole_of
from service.newsroom.values import (
    Cause,
    Event,
    Kind,
    NewArticle,
    Receipt,
    Standing,
    State,
    Use,
)


def put_to_use(session: Session, row: RecordingRow, who: str, now: datetime) -> None:
    """A recording that is good takes its place; Invalid or Conflict when that is another by now."""
    row.state = Standing.READY
    match Use(row.use):
        case Use.SENTENCE:
            _read_sentence(session, row, who, now)
        case Use.EPISODE:
            _read_whole(session, row, who, now)
        case Use.ALONE:
            row.episode_id = _open_episode(session, row, who, now).episode_id
        case Use.CHIME:
            _replace_chime(session, row, who, now)


def _read_sentence(
    session: Session, row: RecordingRow, who: str, now: datetime
) -> None:
    episode = episode_row(session, row.episode_id or 0, lock=True)
    known_sentences(session, episode, [row.sentence])
    sentence = newest_sentence(session, episode, row.sentence)
    if sentence.written != row.written:
        raise Invalid("its sentence was rewritten", Refusal.TEXT_CHANGED.why, "n")
    if sentence.recording_id not in (None, row.id):
        put_aside(session, sentence.recording_id or 0)
    opening = Opening(who, Cause.RECORDING, now, about=str(row.sentence))
    reopen_sentences(session, episode, opening)
    # The version is another one now, and so is the row of its sentence.
    newest_sentence(session, episode, row.sentence).recording_id = row.id
    log(session, now, who, Event.RECORDED, f"{row.sentence}: {row.announcer}", episode)


def _read_whole(session: Session, row: RecordingRow, who: str, now: datetime) -> None:
    episode = episode_row(session, row.episode_id or 0, lock=True)
    before = whole_of(session, episode)
    if before is not None and before != row.id:
        put_aside(session, before)
    log(session, now, who, Event.RECORDED, row.announcer, episode)
    opening = Opening(who, Cause.RECORDING, now, recording=row.id)
    reopen(session, episode, State.RECEIVED, opening)


def _open_episode(
    session: Session, row: RecordingRow, who: str, now: datetime
) -> Receipt:
    stations = tuple(row.about["stations"])
    article = NewArticle(
        row.about["title"],
        tuple(row.about["paragraphs"]),
        row.digest,
        stations,
        topic=row.about["topic"],
    )
    return open_article(
        session,
        article,
        stations_of(session, stations),
        who,
        now,
        f"recording:{row.id}",
        Kind.RECORDING,
        recording=row.id,
    )


def _replace_chime(
    session: Session, row: RecordingRow, who: str, now: datetime
) -> None:
    for other in session.scalars(chimes_in_use(row.station_id or 0, row.chime)):
        other.state = Standing.ASIDE if other.id != row.id else Standing.READY
    log(session, now, who, Event.CHIME, row.chime, None)


def whole_by_voice(
    session: Session, episode: EpisodeRow, who: str, now: datetime
) -> None:
    """The machine reads the whole again.

    Conflict where no person did, or nothing else is to be read.
    """
    whole = whole_of(session, episode)
    # An episode that is nothing but a recording has no words for a voice.
    if whole is None or episode.kind == Kind.RECORDING:
        raise Conflict(
            "no recording of the whole is in use",
            "Bài này không dùng bản thu cả bài.",
            "state",
        )
    put_aside(session, whole)
    opening = Opening(who, Cause.VOICE_AGAIN, now, recording=BY_VOICE)
    reopen(session, episode, State.RECEIVED, opening)


def sentence_by_voice(
    session: Session, episode: EpisodeRow, n: int, who: str, now: datetime
) -> None:
    """The machine reads sentence `n` again; Conflict where one recording is of the whole."""
    known_sentences(session, episode, [n])
    sentence = own_sentence(newest_sentence(session, episode, n))
    if sentence.recording_id is None:
        return
    if sentence.recording_id == whole_of(session, episode):
        raise Conflict(
            "a person reads the whole, not this sentence alone",
            "Cả bài là một bản thu. Hãy dùng lại giọng máy cho cả bài.",
            "n",
        )
    put_aside(session, sentence.recording_id)
    reopen_sentences(
        session, episode, Opening(who, Cause.VOICE_AGAIN, now, about=str(n))
    )
    newest_sentence(session, episode, n).recording_id = None


def own_sentence(row: SentenceRow) -> SentenceRow:
    """A sentence of the episode's own; Conflict for one that a bulletin took from a story."""
    if row.story_id:
        raise Conflict(
            "this sentence is a story's; its voice is changed there",
            "Câu này lấy từ một bài đã duyệt. Hãy thay giọng ở bài đó.",
            "n",
        )
    return row


def put_aside(session: Session, recording_id: int) -> None:
    """A recording that is not heard any more; its bytes stay."""
    session.execute(
        update(RecordingRow)
        .where(RecordingRow.id == recording_id)
        .values(state=Standing.ASIDE)
    )
