"""What becomes of a version that somebody heard: it goes on the air, or back to who wrote it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.log import log
from service.newsroom.store.tables import EpisodeRow, RenderingRow, StationRow
from service.newsroom.stories.renderings import newest_rendering
from service.newsroom.values import ApprovalRule, Cause, Event, State

LONGEST_REMARK = 500  # characters
# Who opened a version for these wrote nothing: the same words are read again.
READ_AGAIN = (Cause.REGENERATED, Cause.VOICE)
HEARD = (State.MASTERED, State.RETURNED)


def refuse_older(episode: EpisodeRow, heard: int) -> None:
    """Conflict when the version that was heard is not the newest by now."""
    if heard != episode.version:
        raise Conflict(
            f"version {heard} was replaced by version {episode.version}",
            "Bài đã có phiên bản mới hơn bản vừa nghe. Hãy nghe lại rồi duyệt.",
            "version",
        )


def refuse_own_work(session: Session, episode: EpisodeRow, who: str) -> None:
    """Conflict for who wrote any of it since it was approved last,
    where a station wants another to approve.
    """
    rendering = newest_rendering(session, episode)
    if who in _authors(session, episode) and wants_another(session, rendering.stations):
        raise Conflict(
            f"{who} wrote some of it; at its stations somebody else approves",
            "Anh chị đã viết hoặc sửa bài này; đài quy định người khác phải nghe và duyệt.",
            "approve",
        )


def wants_another(session: Session, stations: list[int]) -> bool:
    """Whether one of these stations (by number) wants another person than the author to approve."""
    strict = select(StationRow.id).where(
        StationRow.id.in_(stations), StationRow.approval == ApprovalRule.ANOTHER
    )
    return session.scalar(strict.limit(1)) is not None


def send_back(
    session: Session, episode: EpisodeRow, remark: str, who: str, now: datetime
) -> None:
    """Marks the newest version of a locked episode as sent back.

    The next version begins without that.

    Invalid (`remark`) for none, or one that is too long. Conflict when it is not heard yet, or
    approved.
    """
    remark = " ".join(remark.split())
    if not 1 <= len(remark) <= LONGEST_REMARK:
        raise Invalid(
            f"say in 1 to {LONGEST_REMARK} characters what should be otherwise",
            f"Cần ghi rõ vì sao trả lại, tối đa {LONGEST_REMARK} ký tự.",
            "remark",
        )
    if episode.state not in HEARD:
        raise Conflict(
            f"an episode is sent back when it waits for approval, this one is {episode.state}",
            "Chỉ trả lại được bài đang chờ duyệt.",
            "state",
        )
    rendering = newest_rendering(session, episode)
    rendering.returned_why = remark
    rendering.returned_by = who
    rendering.returned_at = now
    episode.state, episode.updated_at = State.RETURNED, now
    log(session, now, who, Event.RETURNED, remark, episode)


def _authors(session: Session, episode: EpisodeRow) -> set[str]:
    """Who opened versions with other words or another placement since one was approved."""
    approved = select(func.max(RenderingRow.version)).where(
        RenderingRow.episode_id == episode.id, RenderingRow.approved_at.is_not(None)
    )
    authors = select(RenderingRow.opened_by).where(
        RenderingRow.episode_id == episode.id,
        RenderingRow.version > func.coalesce(approved.scalar_subquery(), 0),
        RenderingRow.by_house.is_(False),
        RenderingRow.cause.not_in(READ_AGAIN),
    )
    return set(session.scalars(authors))
