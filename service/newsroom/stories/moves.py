"""How an episode moves: a step forward, back into a new version, onto the air and off it.

Each move is logged.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import NotFound
from service.newsroom.jobs.turns import enqueue
from service.newsroom.shows import change, paths_of
from service.newsroom.store.announcing import announce_episode
from service.newsroom.store.log import log
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    RenderingRow,
    UrgentRow,
)
from service.newsroom.stories.corrections import bulletins_with, paths_of_corrected
from service.newsroom.stories.placements import (
    Placed,
    come_into_force,
    place,
    placement_of,
)
from service.newsroom.stories.renderings import newest_rendering, version_with_sentences
from service.newsroom.stories.seals import seal
from service.newsroom.stories.version_rows import (
    Opening,
    copy_sentences,
    lose_whole,
    next_version,
)
from service.newsroom.values import (
    LOUDSPEAKER,
    Approval,
    Cause,
    Event,
    HookEvent,
    House,
    Lane,
    State,
    Step,
)

REPLACED = "Đã có cảnh báo mới thay thế."
CARRIED = "Trong bản tin có tin đã gỡ: {why}"
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
    """One step forward to a state in which a machine has the next step,
    and that step's job (`due`: later).
    """
    episode.state, episode.updated_at = state, now
    enqueue(session, episode, NEXT_STEP[state], lane, now, due)


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
    rendering = next_version(session, episode, opening)
    if opening.placement is not None:
        place_version(session, episode, rendering, opening.placement)
    if begins_at is State.WRITTEN:
        source = opening.words_of or version_with_sentences(session, episode)
        copy_sentences(session, episode, source)
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
    """Notes where a version that is being opened is to be heard:
    in force at once while the public has nothing.
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
    seal(session, episode, rendering)
    stations = placement_of(session, rendering).stations
    log(session, now, who, Event.APPROVED, ", ".join(stations), episode)
    goes_out = _goes_out(session, episode)
    advance(session, episode, State.APPROVED, Lane.FAST, now, goes_out)
    if goes_out is not None:
        announce_episode(
            session, HookEvent.BULLETIN_READY, episode, now, air_at=goes_out.isoformat()
        )


def _goes_out(session: Session, episode: EpisodeRow) -> datetime | None:
    """When a bulletin becomes public: at its hour.

    Operators have it before; None for everything else: at once.
    """
    return session.scalar(
        select(AiringRow.air_at)
        .join(BulletinRow, BulletinRow.airing_id == AiringRow.id)
        .where(BulletinRow.episode_id == episode.id)
    )


def take_off(
    session: Session, episode: EpisodeRow, why: str, who: str, now: datetime
) -> None:
    """Takes a locked episode off the air; one that is off already stays as it is.

    The bulletins that the public has with it go along: the house takes them off.
    """
    if episode.state == State.WITHDRAWN:
        return
    next_version(session, episode, Opening(who, Cause.WITHDRAWN, now))
    episode.state, episode.held, episode.withdrawn_why = State.WITHDRAWN, None, why
    if episode.public_version is not None:
        change(
            session,
            paths_of(session, episode) | paths_of_corrected(session, episode),
            now,
        )
        announce_episode(session, HookEvent.WITHDRAWN, episode, now, why=why)
    log(session, now, who, Event.WITHDRAWN, why, episode)
    for number in bulletins_with(session, episode.id):
        bulletin = episode_row(session, number, lock=True)
        if not bulletin.withdrawn_why:
            take_off(session, bulletin, CARRIED.format(why=why), LOUDSPEAKER, now)


def episode_row(session: Session, episode_id: int, *, lock: bool = False) -> EpisodeRow:
    """The row, or NotFound; `lock` keeps others from moving it until commit."""
    row = session.get(EpisodeRow, episode_id, with_for_update=lock or None)
    if row is None:
        raise NotFound(f"no episode {episode_id}", "Không có bài này.", "episode")
    return row
