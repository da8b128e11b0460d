"""What was withdrawn: the one rule by which a sound is still to be heard.

A version is gone once its episode is withdrawn after it, and a bulletin's also once a story in it
is: for ever, also when that story is put right. What is opened and approved later is new.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from service.newsroom.errors import Conflict
from service.newsroom.store.tables import EpisodeRow, PlanItemRow, RenderingRow
from service.newsroom.values import Cause, State

# The version that a withdrawal opens.
Withdrawal = aliased(RenderingRow)
# An episode as it stands: the release before may take one off beside us, in its own way.
Standing = aliased(EpisodeRow)
# A story in the plan of RenderingRow's version.
Part = aliased(PlanItemRow)
Number = InstrumentedAttribute[int]


def is_withdrawn() -> ColumnElement[bool]:
    """RenderingRow's version is not to be heard any more."""
    return or_(_standing().exists(), _of_itself().exists(), _of_its_stories().exists())


def withdrawn_at() -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """When RenderingRow's version was withdrawn, and when the first of its stories was.

    None for what was not.
    """
    first = func.min(Withdrawal.opened_at)
    return (
        _of_itself().with_only_columns(first).scalar_subquery(),
        _of_its_stories().with_only_columns(first).scalar_subquery(),
    )


def is_withdrawn_since(episode: Number, version: Number) -> ColumnElement[bool]:
    """An episode was withdrawn after a version of it; both are columns."""
    return _after(episode, version).exists()


def is_gone(session: Session, episode: EpisodeRow, *, lock: bool = False) -> bool:
    """Whether the newest version of an episode reads a story that was withdrawn.

    `lock`: none of its stories is withdrawn until commit, without that being heard of here.
    """
    newest = (
        RenderingRow.episode_id == episode.id,
        RenderingRow.version == episode.version,
    )
    if lock:
        stories = select(Part.story_id).join(
            RenderingRow,
            (RenderingRow.episode_id == Part.episode_id)
            & (RenderingRow.revision == Part.revision),
        )
        session.scalars(
            select(EpisodeRow.id)
            .where(EpisodeRow.id.in_(stories.where(*newest)))
            .with_for_update(read=True)
        ).all()
    return bool(session.scalar(select(is_withdrawn()).where(*newest)))


def refuse_gone(session: Session, episode: EpisodeRow) -> None:
    """Conflict for a bulletin that reads a story which was withdrawn."""
    if is_gone(session, episode):
        raise Conflict(
            "a story in it was withdrawn; arrange it without that",
            "Trong bản tin có tin đã gỡ nên không duyệt được."
            " Hãy bỏ tin đó ra, hoặc chờ máy soạn lại.",
            "stories",
        )


def _standing() -> Select[int]:
    """RenderingRow's episode, while it is withdrawn."""
    return (
        select(Standing.id)
        .where(
            Standing.id == RenderingRow.episode_id, Standing.state == State.WITHDRAWN
        )
        .correlate_except(Standing)
    )


def _of_itself() -> Select[datetime]:
    """The withdrawals of RenderingRow's episode after its version."""
    return _after(RenderingRow.episode_id, RenderingRow.version)


def _of_its_stories() -> Select[datetime]:
    """The withdrawals of the stories in RenderingRow's version."""
    return _after(Part.story_id, Part.story_version).where(
        Part.episode_id == RenderingRow.episode_id,
        Part.revision == RenderingRow.revision,
    )


def _after(episode: Number, version: Number) -> Select[datetime]:
    """The withdrawals of an episode after a version of it."""
    return (
        select(Withdrawal.opened_at)
        .where(
            Withdrawal.episode_id == episode,
            Withdrawal.version > version,
            Withdrawal.cause == Cause.WITHDRAWN,
        )
        # All else is the version that is asked about.
        .correlate_except(Withdrawal, Part)
    )
