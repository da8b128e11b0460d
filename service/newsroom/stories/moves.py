"""How an episode moves: a step forward, back into a new version, onto the air and off it; each move is logged."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, NotFound
from service.newsroom.jobs import enqueue
from service.newsroom.shows import change, paths_of
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
    UrgentRow,
)
from service.newsroom.stories.corrections import paths_of_corrected
from service.newsroom.stories.placements import Placed, come_into_force, place, stations_named
from service.newsroom.stories.renderings import sentences_of, version_with_sentences
from service.newsroom.values import (
    LOUDSPEAKER,
    Approval,
    Cause,
    Event,
    House,
    JobState,
    Kind,
    Lane,
    MasterKind,
    Sentence,
    Standing,
    State,
    Step,
)

REPLACED = "Đã có cảnh báo mới thay thế."
NEXT_STEP = {
    State.RECEIVED: Step.WRITE,
    State.WRITTEN: Step.SPEAK,
    State.SPOKEN: Step.MASTER,
    State.APPROVED: Step.PUBLISH,
}


def advance(
    session: Session,
    episode: EpisodeRow,
    state: State,
    lane: Lane,
    now: datetime,
    due: datetime | None = None,
) -> None:
    """One step forward to a state in which a machine has the next step, and that step's job (`due`: later)."""
    episode.state, episode.updated_at = state, now
    enqueue(session, episode, NEXT_STEP[state], lane, now, due)


def reopen(
    session: Session,
    episode: EpisodeRow,
    state: State,
    who: str,
    cause: Cause,
    now: datetime,
    *,
    about: str = "",
    lane: Lane = Lane.SLOW,
    voice: str | None = None,
    title: str = "",
    revision: int | None = None,
    another_take: bool = False,
    recording: int | None = None,
    placement: Placed | None = None,
) -> None:
    """The only way back: a new version that begins at `state`, and the job that carries it on.

    `about` is what the cause is about, such as the number of a sentence.

    `recording` other than None sets who reads the whole: a person's recording, or 0 for the voice. One that was there
    stays, unless there is another text (`revision`) now.

    `placement` other than None is the new version's; what the public never had is placed so at once.

    What the public has stays as it is until the new version is published: what was withdrawn stays withdrawn.
    """
    rendering = _next_version(session, episode, who, cause, now, about)
    if voice is not None:
        rendering.voice = voice
    rendering.title = title or rendering.title
    rendering.revision = revision or rendering.revision
    rendering.take += another_take
    if recording is not None:
        rendering.recording_id = recording or None
    if placement is not None:
        place_version(session, episode, rendering, placement)
    if state is State.WRITTEN:
        _copy_sentences(session, episode)
    episode.state, episode.held, episode.held_detail = state, None, ""
    log(session, now, who, Event.REOPENED, f"{cause} {about}".strip(), episode)
    # A person read other words than these.
    if revision is not None:
        lose_whole(session, episode, now)
    enqueue(session, episode, NEXT_STEP[state], lane, now)


def place_version(
    session: Session, episode: EpisodeRow, rendering: RenderingRow, placement: Placed
) -> None:
    """Notes where a version that is being opened is to be heard: in force at once while the public has nothing."""
    place(rendering, placement)
    if episode.public_version is None:
        come_into_force(session, episode, rendering)


def first_version(
    session: Session,
    episode: EpisodeRow,
    title: str,
    cause: Cause,
    who: str,
    placement: Placed,
    now: datetime,
) -> RenderingRow:
    """The version that an episode begins with."""
    rendering = RenderingRow(
        episode_id=episode.id,
        version=1,
        revision=1,
        title=title,
        cause=cause,
        opened_by=who,
        opened_at=now,
        by_house=isinstance(who, House),
    )
    place(rendering, placement)
    session.add(rendering)
    session.flush()
    return rendering


def let_air(
    session: Session, episode: EpisodeRow, who: str, approval: Approval, now: datetime
) -> None:
    """Approves the newest version, for the stations it is placed at, in the name of `who`.

    A warning ends those that it replaces.
    """
    if (warning := session.get(UrgentRow, episode.id)) is not None:
        for number in warning.replaces:
            take_off(session, episode_row(session, number, lock=True), REPLACED, who, now)
    rendering = session.get_one(RenderingRow, (episode.id, episode.version))
    rendering.approved_by, rendering.approved_at = who, now
    rendering.approved_as = approval
    log(session, now, who, Event.APPROVED, ", ".join(stations_named(session, rendering)), episode)
    advance(session, episode, State.APPROVED, Lane.FAST, now, _goes_out(session, episode))


def _goes_out(session: Session, episode: EpisodeRow) -> datetime | None:
    """When a bulletin becomes public: at its hour. Operators have it before; None for everything else: at once."""
    return session.scalar(
        select(AiringRow.air_at)
        .join(BulletinRow, BulletinRow.airing_id == AiringRow.id)
        .where(BulletinRow.episode_id == episode.id)
    )


def take_off(session: Session, episode: EpisodeRow, why: str, who: str, now: datetime) -> None:
    """Takes a locked episode off the air; one that is off already stays as it is."""
    if episode.state == State.WITHDRAWN:
        return
    _next_version(session, episode, who, Cause.WITHDRAWN, now)
    episode.state, episode.held, episode.withdrawn_why = State.WITHDRAWN, None, why
    if episode.public_version is not None:
        change(session, paths_of(session, episode) | paths_of_corrected(session, episode), now)
    log(session, now, who, Event.WITHDRAWN, why, episode)


def lose(session: Session, episode: EpisodeRow, recordings: Sequence[int], now: datetime) -> None:
    """Recordings that read another text than the episode has now: they are kept, and the desk tells of them."""
    for row in session.scalars(select(RecordingRow).where(RecordingRow.id.in_(recordings))):
        row.state = Standing.LOST
        log(session, now, LOUDSPEAKER, Event.RECORDING_LOST, row.written or row.name, episode)


def episode_row(session: Session, episode_id: int, *, lock: bool = False) -> EpisodeRow:
    """The row, or NotFound; `lock` keeps others from moving it until commit."""
    row = session.get(EpisodeRow, episode_id, with_for_update=lock or None)
    if row is None:
        raise NotFound(f"no episode {episode_id}", "Không có bài này.", "episode")
    return row


def sentence_row(episode: EpisodeRow, sentence: Sentence, take: int) -> SentenceRow:
    """A sentence of the episode's newest version, not spoken yet, but for what a bulletin takes from its stories."""
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


def _next_version(
    session: Session, episode: EpisodeRow, who: str, cause: Cause, now: datetime, about: str = ""
) -> RenderingRow:
    """Opens the next version of an episode; jobs of older ones find that out when they save."""
    old = session.get_one(RenderingRow, (episode.id, episode.version))
    episode.version += 1
    # Two edits within one tick of the clock must not share a time: lists are ordered and stamped by it.
    episode.updated_at = max(now, episode.updated_at + timedelta(microseconds=1))
    for job in session.scalars(
        select(JobRow).where(JobRow.episode_id == episode.id, JobRow.state == JobState.READY)
    ):
        job.state, job.finished_at = JobState.DROPPED, now
    rendering = RenderingRow(
        episode_id=episode.id,
        version=episode.version,
        revision=old.revision,
        title=old.title,
        cause=cause,
        about=about,
        opened_by=who,
        opened_at=now,
        by_house=isinstance(who, House),
        stations=old.stations,
        priority=old.priority,
        evergreen=old.evergreen,
        doubts=old.doubts,
        unplaced=old.unplaced if old.approved_at is None else [],
        voice=old.voice,
        take=old.take,
        recording_id=old.recording_id,
    )
    session.add(rendering)
    session.flush()
    return rendering


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
    rendering = session.get_one(RenderingRow, (episode.id, episode.version))
    revision = session.scalar(
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
    return revision == rendering.revision


def _copy_sentences(session: Session, episode: EpisodeRow) -> None:
    """The new version begins with the old one's sentences."""
    source = version_with_sentences(session, episode)
    for sentence in sentences_of(session, episode.id, source):
        session.add(sentence_row(episode, sentence, sentence.take))
    session.flush()


def whole_of(session: Session, episode: EpisodeRow) -> int | None:
    """The recording that reads the whole of the episode, or None."""
    return session.get_one(RenderingRow, (episode.id, episode.version)).recording_id


def lose_whole(session: Session, episode: EpisodeRow, now: datetime) -> None:
    """Of an episode that is nothing but a recording, the text is only its transcript: it keeps its sound."""
    whole = whole_of(session, episode)
    if whole is not None and episode.kind != Kind.RECORDING:
        lose(session, episode, [whole], now)
        session.get_one(RenderingRow, (episode.id, episode.version)).recording_id = None
        session.execute(
            update(SentenceRow)
            .where(SentenceRow.episode_id == episode.id, SentenceRow.version == episode.version)
            .where(SentenceRow.recording_id == whole)
            .values(recording_id=None)
        )


def refuse_too_long(session: Session, episode: EpisodeRow) -> None:
    """Conflict for a bulletin that is longer than its slot: somebody made the slot shorter meanwhile."""
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
