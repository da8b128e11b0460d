"""What the line lets go on the air by itself, and what it tells whoever decides on the rest."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.newsroom.airtime.warnings import stands_as_handed_in
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    BulletinRow,
    EpisodeRow,
    RenderingRow,
    SentenceRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.stories.placements import trusted
from service.newsroom.stories.renderings import doubts_of
from service.newsroom.stories.version_rows import only_the_house_since
from service.newsroom.stories.withdrawals import is_gone
from service.newsroom.values import (
    BY_TERM,
    LOUDSPEAKER,
    Approval,
    Cause,
    Event,
    House,
    Kind,
    Rung,
    Sentence,
)

MOST_SENTENCES_HEARD = 500  # of a station's own, the last: some weeks of bulletins


def approves_itself(
    session: Session, episode: EpisodeRow, rendering: RenderingRow, now: datetime
) -> tuple[str, Approval] | None:
    """In whose name, and how, a mastered version goes on the air at once.

    None: a person must hear it first.

    What somebody took off the air comes back by a person alone, and so does what reads a story that
    was withdrawn.
    """
    if _was_taken_off(session, episode) or is_gone(session, episode):
        return None
    if (warning := session.get(UrgentRow, episode.id)) is not None:
        beforehand = warning.approved_by and stands_as_handed_in(session, warning, now)
        return (warning.approved_by, Approval.BEFOREHAND) if beforehand else None
    if unattended(session, episode):
        made_by_rule = only_the_house_since(
            session, episode, _last_approved(session, episode)
        )
        return (House.RULE, Approval.RULE) if made_by_rule else None
    if episode.kind == Kind.CORRECTION:  # a person owns up to an error
        return None
    if trusted(session, rendering) and not doubts_of(session, episode, rendering):
        return House.TRUST, Approval.TRUST
    return None


def unattended(session: Session, episode: EpisodeRow) -> bool:
    """Whether it is a bulletin that nobody hears before it is on the air."""
    bulletin = session.get(BulletinRow, episode.id)
    return bulletin is not None and Rung(bulletin.rung).is_unattended


def _was_taken_off(session: Session, episode: EpisodeRow) -> bool:
    """Whether somebody withdrew it, and not the house, and the public has had nothing since."""
    if not episode.withdrawn_why:
        return False
    by_house = session.scalar(
        select(RenderingRow.by_house)
        .where(
            RenderingRow.episode_id == episode.id,
            RenderingRow.cause == Cause.WITHDRAWN,
        )
        .order_by(RenderingRow.version.desc())
        .limit(1)
    )
    return not by_house


def words_heard(session: Session, station: StationRow) -> dict[str, str]:
    """Sentences of a station's own that a person heard and approved in a bulletin,
    where somebody had a say in them.

    The spoken form by the written one, as approved last. An unattended bulletin says them so, and
    all else as the tables have it: an entry of the dictionary that nobody heard yet has no say in
    what nobody hears.
    """
    rows = session.scalars(
        select(SentenceRow)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == SentenceRow.episode_id)
            & (RenderingRow.version == SentenceRow.version),
        )
        .join(EpisodeRow, EpisodeRow.id == SentenceRow.episode_id)
        .where(
            EpisodeRow.kind == Kind.BULLETIN,
            EpisodeRow.station_id == station.id,
            RenderingRow.approved_as == Approval.PERSON,
            SentenceRow.story_id.is_(None),
        )
        .order_by(RenderingRow.approved_at.desc(), SentenceRow.n)
        .limit(MOST_SENTENCES_HEARD)
    )
    heard: dict[str, str] = {}

    def hear(row: SentenceRow) -> None:
        if row.edited or any(part["rule"] == BY_TERM for part in row.changes):
            heard.setdefault(row.written, row.spoken)

    readable(
        rows, hear, "a sentence", lambda row: f"{row.n} of episode {row.episode_id}"
    )
    return heard


def _last_approved(session: Session, episode: EpisodeRow) -> int:
    """The newest version that was approved; 0 when none was."""
    version = session.scalar(
        select(func.max(RenderingRow.version)).where(
            RenderingRow.episode_id == episode.id, RenderingRow.approved_at.is_not(None)
        )
    )
    return version or 0


def tell_unplaced(
    session: Session,
    episode: EpisodeRow,
    rendering: RenderingRow,
    sentences: Sequence[Sentence],
    now: datetime,
) -> None:
    """Spoken forms that editors gave to sentences which are gone now are told,
    never just dropped.
    """
    still_there = {sentence.written for sentence in sentences}
    gone = [
        {"written": row.written, "spoken": row.spoken}
        for row in _edited_before(session, episode)
        if row.written not in still_there
    ]
    rendering.unplaced = [
        *rendering.unplaced,
        *(e for e in gone if e not in rendering.unplaced),
    ]
    for edit in gone:
        detail = f"{edit['written']} → {edit['spoken']}"
        log(session, now, LOUDSPEAKER, Event.CORRECTION_LOST, detail, episode)


def _edited_before(session: Session, episode: EpisodeRow) -> Sequence[SentenceRow]:
    """Sentences of the last version that was written to which an editor gave a spoken form,
    but for a story's.
    """
    before = select(func.max(SentenceRow.version)).where(
        SentenceRow.episode_id == episode.id, SentenceRow.version < episode.version
    )
    return session.scalars(
        select(SentenceRow).where(
            SentenceRow.episode_id == episode.id,
            SentenceRow.version == before.scalar_subquery(),
            SentenceRow.edited.is_(True),
            SentenceRow.story_id.is_(None),
        )
    ).all()
