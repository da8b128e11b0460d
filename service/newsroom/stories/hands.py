"""Warnings for many stations: two people let them on the air, or one who has just shown that it is
they who sit there.

A login that was left open, or a key that was copied, must not sound the horns of a whole province.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.newsroom.errors import AnotherMustApprove
from service.newsroom.store.log import log
from service.newsroom.store.tables import EpisodeRow, HandRow, UrgentRow
from service.newsroom.stories.renderings import newest_rendering
from service.newsroom.values import Event

# What one hand let out within that time counts together, live or over: many small warnings are
# a large one.
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
        if warning is None or not self.alone:
            return True
        if _is_second(warning, episode, hand):
            return True
        now = self.now()
        account = _locked_account(session, hand)
        warned = _recently_warned(account, now)
        warned |= dict.fromkeys(_stations_of(session, episode), now.isoformat())
        if len(warned) <= self.alone:
            account.warned = warned
            return True
        # Who proved to be there is both hands: this one is not put to their account.
        if not _is_first(warning, episode, hand):
            warning.first_by, warning.first_version = hand.who, episode.version
            detail = f"{len(warned)} đài" + (
                ", đã nhập lại mật khẩu" if hand.proved else ""
            )
            log(session, now, hand.who, Event.APPROVED_FIRST, detail, episode)
        return hand.proved


def _is_first(warning: UrgentRow, episode: EpisodeRow, hand: Hand) -> bool:
    """Whether they are noted as the first of two for the newest version."""
    return warning.first_by == hand.who and warning.first_version == episode.version


def _is_second(warning: UrgentRow, episode: EpisodeRow, hand: Hand) -> bool:
    """Whether somebody else is noted as the first of two for the newest version."""
    has_first = bool(warning.first_by) and warning.first_version == episode.version
    return has_first and warning.first_by != hand.who


def _locked_account(session: Session, hand: Hand) -> HandRow:
    """What a hand warned alone; its approvals take turns until commit.

    Or many at one moment would each see none of the others.
    """
    row = session.get(HandRow, hand.who, with_for_update=True)
    if row is None:
        row = HandRow(who=hand.who, warned={})
        session.add(row)
        session.flush()
    return row


def _recently_warned(account: HandRow, now: datetime) -> dict[str, str]:
    """What of an account still counts, whatever became of the warnings since."""
    since = now - TOGETHER
    return {
        station: at
        for station, at in account.warned.items()
        if datetime.fromisoformat(at) > since
    }


def _stations_of(session: Session, episode: EpisodeRow) -> list[str]:
    """The numbers of the stations that hear an episode's newest version, as accounts hold them."""
    return [str(number) for number in newest_rendering(session, episode).stations]


def another_must_approve() -> AnotherMustApprove:
    """What the first of two hears, once it is noted."""
    return AnotherMustApprove(
        "a warning for so many stations needs another approver, or your password again;"
        " your approval is noted as the first",
        "Cảnh báo cho nhiều đài cần người thứ hai cùng duyệt, hoặc anh chị nhập lại mật khẩu rồi"
        " duyệt. Máy đã ghi nhận anh chị là người duyệt thứ nhất.",
        "approve",
    )
