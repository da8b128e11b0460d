"""The row of a next version: what it takes over from the one before, and what it loses."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict
from service.newsroom.store.log import log
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    JobRow,
    MasterRow,
    RecordingRow,
    RenderingRow,
    SentenceRow,
)
from service.newsroom.stories.placements import Placed
from service.newsroom.stories.renderings import newest_rendering, sentences_of
from service.newsroom.values import (
    LOUDSPEAKER,
    Cause,
    Event,
    House,
    JobState,
    Kind,
    MasterKind,
    Sentence,
    Standing,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """Who opens a version, why and when, and what of it is another than in the version before.

    `about` is what the cause is about, such as the number of a sentence. What is None stays as it
    was:

    - `title`, and `revision`: the text it is read from. Another text loses a recording of the whole; a revision
      with the `same_words` does not.
    - `voice`: who speaks, by name; "" for the station's.
    - `recording`: the person's recording that reads the whole, or BY_VOICE.
    - `placement`: where it is heard; what the public never had is placed so at once.

    `another_take`: every sentence is spoken anew, also where the words are the same. `words_of`:
    the earlier version whose sentences it begins with, instead of the newest written one's.
    """

    who: str
    cause: Cause
    at: datetime
    about: str = ""
    title: str | None = None
    revision: int | None = None
    voice: str | None = None
    recording: int | None = None
    placement: Placed | None = None
    another_take: bool = False
    same_words: bool = False
    words_of: int | None = None


def next_version(
    session: Session, episode: EpisodeRow, opening: Opening
) -> RenderingRow:
    """Opens the next version of an episode; jobs of older ones find that out when they save."""
    old = newest_rendering(session, episode)
    episode.version += 1
    # Two edits within one tick of the clock must not share a time: lists are ordered and stamped by
    # it.
    episode.updated_at = max(opening.at, episode.updated_at + timedelta(microseconds=1))
    _drop_jobs(session, episode, opening.at)
    rendering = _like(old, opening)
    session.add(rendering)
    session.flush()
    return rendering


def _drop_jobs(session: Session, episode: EpisodeRow, now: datetime) -> None:
    """Jobs for older versions that nobody began are not begun any more."""
    waiting = select(JobRow).where(
        JobRow.episode_id == episode.id, JobRow.state == JobState.READY
    )
    for job in session.scalars(waiting):
        job.state, job.finished_at = JobState.DROPPED, now


def _like(old: RenderingRow, opening: Opening) -> RenderingRow:
    """The version after `old`: the same but for what the opening changes; nobody has heard it."""
    return RenderingRow(
        episode_id=old.episode_id,
        version=old.version + 1,
        revision=opening.revision or old.revision,
        title=opening.title or old.title,
        cause=opening.cause,
        about=opening.about,
        opened_by=opening.who,
        opened_at=opening.at,
        by_house=isinstance(opening.who, House),
        stations=old.stations,
        priority=old.priority,
        evergreen=old.evergreen,
        doubts=old.doubts,
        # Whoever approved the old version has seen what found no place in it.
        unplaced=old.unplaced if old.approved_at is None else [],
        voice=old.voice if opening.voice is None else opening.voice,
        take=old.take + opening.another_take,
        recording_id=_reader(old, opening),
    )


def _reader(old: RenderingRow, opening: Opening) -> int | None:
    """The recording that reads the whole of the version after `old`; None for the voice."""
    if opening.recording is None:
        return old.recording_id
    return opening.recording or None


def only_the_house_since(session: Session, episode: EpisodeRow, version: int) -> bool:
    """Whether no person and no program opened a version after that one: all of it is as it was."""
    others = session.scalar(
        select(func.count()).where(
            RenderingRow.episode_id == episode.id,
            RenderingRow.version > version,
            RenderingRow.by_house.is_(False),
        )
    )
    return not others


def is_written(session: Session, episode: EpisodeRow) -> bool:
    """Whether there are sentences of the revision that the episode is to be read from."""
    written_revision = session.scalar(
        select(RenderingRow.revision)
        .join(
            SentenceRow,
            (SentenceRow.episode_id == RenderingRow.episode_id)
            & (SentenceRow.version == RenderingRow.version),
        )
        .where(RenderingRow.episode_id == episode.id)
        .order_by(RenderingRow.version.desc())
        .limit(1)
    )
    return written_revision == newest_rendering(session, episode).revision


def copy_sentences(session: Session, episode: EpisodeRow, source: int) -> None:
    """The new version begins with an old one's sentences."""
    for sentence in sentences_of(session, episode.id, source):
        session.add(sentence_row(episode, sentence, sentence.take))
    session.flush()


def whole_of(session: Session, episode: EpisodeRow) -> int | None:
    """The recording that reads the whole of the episode, or None."""
    return newest_rendering(session, episode).recording_id


def lose_whole(session: Session, episode: EpisodeRow, now: datetime) -> None:
    """Of an episode that is nothing but a recording,
    the text is only its transcript: it keeps its sound.
    """
    rendering = newest_rendering(session, episode)
    whole = rendering.recording_id
    if whole is None or episode.kind == Kind.RECORDING:
        return
    lose(session, episode, [whole], now)
    rendering.recording_id = None
    session.execute(
        update(SentenceRow)
        .where(
            SentenceRow.episode_id == episode.id,
            SentenceRow.version == episode.version,
            SentenceRow.recording_id == whole,
        )
        .values(recording_id=None)
    )


def refuse_too_long(session: Session, episode: EpisodeRow) -> None:
    """Conflict for a bulletin that is longer than its slot:
    somebody made the slot shorter meanwhile.
    """
    excess = session.scalar(
        select(MasterRow.seconds - AiringRow.max_seconds)
        .join(BulletinRow, BulletinRow.episode_id == MasterRow.episode_id)
        .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .where(
            MasterRow.episode_id == episode.id,
            MasterRow.version == episode.version,
            MasterRow.kind == MasterKind.SPEAKER,
        )
    )
    if excess is not None and excess > 0:
        raise Conflict(
            f"it is {excess:.1f} s longer than its slot",
            f"Bản tin dài hơn khung giờ {math.ceil(excess)} giây nên chưa duyệt được. Hãy bỏ bớt tin.",
            "seconds",
        )


def lose(
    session: Session, episode: EpisodeRow, recordings: Sequence[int], now: datetime
) -> None:
    """Recordings that read another text than the episode has now:
    they are kept, and the desk tells of them.
    """
    for row in session.scalars(
        select(RecordingRow).where(RecordingRow.id.in_(recordings))
    ):
        row.state = Standing.LOST
        log(
            session,
            now,
            LOUDSPEAKER,
            Event.RECORDING_LOST,
            row.written or row.name,
            episode,
        )


def sentence_row(episode: EpisodeRow, sentence: Sentence, take: int) -> SentenceRow:
    """A sentence of the episode's newest version, not spoken yet,
    but for what a bulletin takes from its stories.
    """
    return SentenceRow(
        episode_id=episode.id,
        version=episode.version,
        n=sentence.n,
        written=sentence.written,
        spoken=sentence.spoken,
        pause_ms=sentence.pause_ms,
        passage=sentence.passage,
        role=sentence.role,
        changes=[asdict(change) for change in sentence.changes],
        edited=sentence.edited,
        take=take,
        recording_id=sentence.recording or None,
        clip=sentence.clip if sentence.story_id else "",
        chime=sentence.chime,
        story_id=sentence.story_id,
    )


BY_VOICE = 0  # in the place of a recording: the machine reads the whole
