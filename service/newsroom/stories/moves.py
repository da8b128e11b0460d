"""How an episode moves: a step forward, back into a new version, onto the air and off it; each move
is logged.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, NotFound
from service.newsroom.jobs import enqueue
from service.newsroom.shows import change, paths_of
from service.newsroom.store.announcing import announce_episode
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
from service.newsroom.stories.placements import (
    Placed,
    come_into_force,
    place,
    placement_of,
)
from service.newsroom.stories.renderings import (
    newest_rendering,
    sentences_of,
    version_with_sentences,
)
from service.newsroom.values import (
    LOUDSPEAKER,
    Approval,
    Cause,
    Event,
    HookEvent,
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

BY_VOICE = 0  # in the place of a recording: the machine reads the whole
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
    """One step forward to a state in which a machine has the next step, and that step's job (`due`:
    later).
    """
    episode.state, episode.updated_at = state, now
    enqueue(session, episode, NEXT_STEP[state], lane, now, due)


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


def reopen(
    session: Session,
    episode: EpisodeRow,
    begins_at: State,
    opening: Opening,
    lane: Lane = Lane.SLOW,
) -> None:
    """The only way back: a new version that begins at a state, and the job that carries it on.

    What the public has stays as it is until the new version is published: what was withdrawn stays
    withdrawn.
    """
    rendering = _next_version(session, episode, opening)
    if opening.placement is not None:
        place_version(session, episode, rendering, opening.placement)
    if begins_at is State.WRITTEN:
        source = opening.words_of or version_with_sentences(session, episode)
        _copy_sentences(session, episode, source)
    episode.state, episode.held, episode.held_detail = begins_at, None, ""
    reason = f"{opening.cause} {opening.about}".strip()
    log(session, opening.at, opening.who, Event.REOPENED, reason, episode)
    # A person read other words than these.
    if opening.revision is not None and not opening.same_words:
        lose_whole(session, episode, opening.at)
    enqueue(session, episode, NEXT_STEP[begins_at], lane, opening.at)


def reopen_sentences(session: Session, episode: EpisodeRow, opening: Opening) -> None:
    """A new version with the sentences of the old one, some of which the caller changes.

    Only those are spoken again, and somebody waits at the desk to hear them: they overtake whole
    articles.
    """
    reopen(session, episode, State.WRITTEN, opening, Lane.FAST)


def place_version(
    session: Session, episode: EpisodeRow, rendering: RenderingRow, placement: Placed
) -> None:
    """Notes where a version that is being opened is to be heard: in force at once while the public
    has nothing.
    """
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
            take_off(
                session, episode_row(session, number, lock=True), REPLACED, who, now
            )
    rendering = newest_rendering(session, episode)
    rendering.approved_by, rendering.approved_at = who, now
    rendering.approved_as = approval
    stations = placement_of(session, rendering).stations
    log(session, now, who, Event.APPROVED, ", ".join(stations), episode)
    goes_out = _goes_out(session, episode)
    advance(session, episode, State.APPROVED, Lane.FAST, now, goes_out)
    if goes_out is not None:
        announce_episode(
            session, HookEvent.BULLETIN_READY, episode, now, air_at=goes_out.isoformat()
        )


def _goes_out(session: Session, episode: EpisodeRow) -> datetime | None:
    """When a bulletin becomes public: at its hour. Operators have it before; None for everything
    else: at once.
    """
    return session.scalar(
        select(AiringRow.air_at)
        .join(BulletinRow, BulletinRow.airing_id == AiringRow.id)
        .where(BulletinRow.episode_id == episode.id)
    )


def take_off(
    session: Session, episode: EpisodeRow, why: str, who: str, now: datetime
) -> None:
    """Takes a locked episode off the air; one that is off already stays as it is."""
    if episode.state == State.WITHDRAWN:
        return
    _next_version(session, episode, Opening(who, Cause.WITHDRAWN, now))
    episode.state, episode.held, episode.withdrawn_why = State.WITHDRAWN, None, why
    if episode.public_version is not None:
        change(
            session,
            paths_of(session, episode) | paths_of_corrected(session, episode),
            now,
        )
        announce_episode(session, HookEvent.WITHDRAWN, episode, now, why=why)
    log(session, now, who, Event.WITHDRAWN, why, episode)


def lose(
    session: Session, episode: EpisodeRow, recordings: Sequence[int], now: datetime
) -> None:
    """Recordings that read another text than the episode has now: they are kept, and the desk tells
    of them.
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


def episode_row(session: Session, episode_id: int, *, lock: bool = False) -> EpisodeRow:
    """The row, or NotFound; `lock` keeps others from moving it until commit."""
    row = session.get(EpisodeRow, episode_id, with_for_update=lock or None)
    if row is None:
        raise NotFound(f"no episode {episode_id}", "Không có bài này.", "episode")
    return row


def sentence_row(episode: EpisodeRow, sentence: Sentence, take: int) -> SentenceRow:
    """A sentence of the episode's newest version, not spoken yet, but for what a bulletin takes
    from its stories.
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


def _next_version(
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


def _copy_sentences(session: Session, episode: EpisodeRow, source: int) -> None:
    """The new version begins with an old one's sentences."""
    for sentence in sentences_of(session, episode.id, source):
        session.add(sentence_row(episode, sentence, sentence.take))
    session.flush()


def whole_of(session: Session, episode: EpisodeRow) -> int | None:
    """The recording that reads the whole of the episode, or None."""
    return newest_rendering(session, episode).recording_id


def lose_whole(session: Session, episode: EpisodeRow, now: datetime) -> None:
    """Of an episode that is nothing but a recording, the text is only its transcript: it keeps its
    sound.
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
    """Conflict for a bulletin that is longer than its slot: somebody made the slot shorter
    meanwhile.
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
