"""Memos of announcements, as far as editors changed what was found by itself.

Only what stands whole in the text may stand on a memo. What somebody may be listening to, to approve
it, gets another memo as a version of its own: the approval names what was seen.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import Forbidden, Invalid
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.tables import EpisodeRow
from service.newsroom.stories.hearings import HEARD
from service.newsroom.stories.moves import episode_row, reopen
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.stories.version_rows import Opening
from service.newsroom.values import Cause, Episode, Event, Sentence, State

FIELDS = {
    "what": "Việc gì",
    "who": "Ai",
    "when": "Khi nào",
    "where": "Ở đâu",
    "phones": "Điện thoại",
}
BETWEEN_PHONES = ","
# What holds the figures of a time or a date together; those of a telephone number, spaces too.
JOINTS = r"[.,:/\-]"
PHONE_JOINTS = r"[ .,:/\-]"
PHONE = "phone"  # the reading's own rule


class Memos:
    """What editors made of them."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def mended(self, episodes: Sequence[int]) -> dict[int, dict[str, str]]:
        """By episode, the fields that an editor set; "" is one that was taken off."""
        is_mended = EpisodeRow.id.in_(episodes) & EpisodeRow.memo.is_not(None)
        query = select(EpisodeRow.id, EpisodeRow.memo).where(is_mended)
        with self._database.read() as session:
            return {number: memo or {} for number, memo in session.execute(query)}

    @transact
    def mend(
        self, episode_id: int, fields: Mapping[str, str], who: str, *, approves: bool
    ) -> None:
        """Sets the fields of FIELDS; Invalid names one that does not stand in the text.

        `approves`: who asks may approve at all of its stations. Forbidden for anybody else once it
        was approved.
        """
        with self._database.write() as session:
            episode = _row_to_mend(session, episode_id, approves)
            lines = sentences_of(session, episode_id, episode.version)
            kept = {name: _plain(fields.get(name, "")) for name in FIELDS}
            for name, value in kept.items():
                _check_stands(name, value, lines)
            if kept != episode.memo:
                self._put(session, episode, kept, who)

    @transact
    def forget(self, episode_id: int, who: str, *, approves: bool) -> None:
        """What is found by itself stands again; what nobody changed stays as it is."""
        with self._database.write() as session:
            episode = _row_to_mend(session, episode_id, approves)
            if episode.memo is not None:
                self._put(session, episode, None, who)

    def _put(
        self,
        session: Session,
        episode: EpisodeRow,
        memo: dict[str, str] | None,
        who: str,
    ) -> None:
        """Another memo; of what waits for an approval, in a version of its own."""
        now = self._now()
        if episode.state in HEARD:
            reopen(session, episode, State.WRITTEN, Opening(who, Cause.MEMO, now))
        episode.memo = memo
        told = (f"{FIELDS[name]}: {value}" for name, value in (memo or {}).items())
        log(session, now, who, Event.MEMO, "; ".join(told) or "như máy tìm", episode)


def is_approvers(episode: Episode | EpisodeRow) -> bool:
    """Whether approvers alone change its memo: listeners have it, or will without another look."""
    return episode.public_version is not None or episode.state == State.APPROVED


def _row_to_mend(session: Session, episode_id: int, approves: bool) -> EpisodeRow:
    episode = episode_row(session, episode_id, lock=True)
    if is_approvers(episode) and not approves:
        raise Forbidden(
            "it is approved: an approver of all its stations changes its memo",
            "Bài đã được duyệt: chỉ người duyệt của mọi đài của bài mới sửa được thẻ ghi nhớ.",
            "memo",
        )
    return episode


def stands_in(value: str, lines: Sequence[Sentence]) -> bool:
    """Whether a text has these words whole: no word, time or date is cut at either end."""
    return _stands(value, lines, JOINTS)


def phone_stands_in(number: str, lines: Sequence[Sentence]) -> bool:
    """Whether a text has this number whole, as the reading finds it or with no figure beside it."""
    changes = (change for line in lines for change in line.changes)
    if any(each.rule == PHONE and each.written == number for each in changes):
        return True
    return _stands(number, lines, PHONE_JOINTS)


def _stands(value: str, lines: Sequence[Sentence], joints: str) -> bool:
    if not value:
        return True
    before = after = ""
    if value[0].isalnum():
        before = r"(?<!\w)" + (rf"(?<!\d{joints})" if value[0].isdigit() else "")
    if value[-1].isalnum():
        after = r"(?!\w)" + (rf"(?!{joints}\d)" if value[-1].isdigit() else "")
    text = _plain(" ".join(line.written for line in lines))
    return re.search(f"{before}{re.escape(value)}{after}", text) is not None


def _check_stands(name: str, value: str, lines: Sequence[Sentence]) -> None:
    is_phones = name == "phones"
    stands = phone_stands_in if is_phones else stands_in
    for part in value.split(BETWEEN_PHONES) if is_phones else [value]:
        if not stands(part.strip(), lines):
            raise Invalid(
                f"{name}: {part.strip()!r} does not stand in the text",
                f"{FIELDS[name]}: “{part.strip()}” không có trong bài. Chỉ chép đúng chữ của bài.",
                name,
            )


def _plain(text: str) -> str:
    return " ".join(text.split())
