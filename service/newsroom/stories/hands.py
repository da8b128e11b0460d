"""Warnings for many stations: two people let them on the air, or one who has just shown that it is
they who sit there.

A login that was left open, or a key that was copied, must not sound the horns of a whole province.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.newsroom.errors import AnotherMustApprove
from service.newsroom.store.log import log
from service.newsroom.store.tables import EpisodeRow, RenderingRow, UrgentRow
from service.newsroom.stories.renderings import newest_rendering
from service.newsroom.values import Event, State

# Warnings by the same hand within that time count together: many small ones are a large one.
TOGETHER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who approves; `proved` when they gave their password in the last minutes."""

    who: str
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Hands:
    """The rule: how many stations one may warn alone (0: any number), and by which clock."""

    alone: int
    now: Callable[[], datetime]

    def are_enough(self, session: Session, episode: EpisodeRow, hand: Hand) -> bool:
        """Whether an approval of an episode's newest version lets it on the air.

        Of all but warnings it does. The first of two does not: it is noted, with the version it was
        given for, and logged.
        """
        warning = session.get(UrgentRow, episode.id)
        if warning is None:
            return True
        version = episode.version
        reached = self._reached(session, episode, hand)
        if not self.alone or len(reached) <= self.alone:
            return True
        is_second = warning.first_version == version and warning.first_by not in (
            "",
            hand.who,
        )
        if is_second:
            return True
        # Who proved to be there is both hands: what they approve next is counted anew.
        if warning.first_by != hand.who or warning.first_version != version:
            warning.first_by, warning.first_version = hand.who, version
            detail = f"{len(reached)} đài" + (
                ", đã nhập lại mật khẩu" if hand.proved else ""
            )
            log(session, self.now(), hand.who, Event.APPROVED_FIRST, detail, episode)
        return hand.proved

    def _reached(self, session: Session, episode: EpisodeRow, hand: Hand) -> set[int]:
        """The stations that would hear of this hand alone:
        by this warning, and by others of the last hour that live.
        """
        now = self.now()
        since = now - TOGETHER
        others = session.scalars(
            select(RenderingRow)
            .join(EpisodeRow, EpisodeRow.id == RenderingRow.episode_id)
            .join(UrgentRow, UrgentRow.episode_id == EpisodeRow.id)
            .where(
                UrgentRow.episode_id != episode.id,
                UrgentRow.expires_at > now,
                UrgentRow.first_by == "",
                EpisodeRow.state != State.WITHDRAWN,
                or_(RenderingRow.opened_at > since, RenderingRow.approved_at > since),
                or_(
                    RenderingRow.approved_by == hand.who,
                    UrgentRow.approved_by == hand.who,
                ),
            )
        )
        reached = set(newest_rendering(session, episode).stations)
        for rendering in others:
            reached |= set(rendering.stations)
        return reached


def another_must_approve() -> AnotherMustApprove:
    """What the first of two hears, once it is noted."""
    return AnotherMustApprove(
        "a warning for so many stations needs another approver, or your password again;"
        " your approval is noted as the first",
        "Cảnh báo cho nhiều đài cần người thứ hai cùng duyệt, hoặc anh chị nhập lại mật khẩu rồi"
        " duyệt. Máy đã ghi nhận anh chị là người duyệt thứ nhất.",
        "approve",
    )
