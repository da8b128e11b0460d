"""Memos of announcements, as far as editors changed what was found by itself.

Only what stands in the text may stand on a memo.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import Invalid
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.tables import EpisodeRow
from service.newsroom.stories.moves import episode_row
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.values import Event

FIELDS = {
    "what": "Việc gì",
    "who": "Ai",
    "when": "Khi nào",
    "where": "Ở đâu",
    "phones": "Điện thoại",
}
BETWEEN_PHONES = ","


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
    def mend(self, episode_id: int, fields: Mapping[str, str], who: str) -> None:
        """Sets the fields of FIELDS; Invalid names one that does not stand in the text."""
        with self._database.write() as session:
            episode = episode_row(session, episode_id)
            lines = sentences_of(session, episode_id, episode.version)
            text = _plain(" ".join(line.written for line in lines))
            kept = {name: _plain(fields.get(name, "")) for name in FIELDS}
            for name, value in kept.items():
                _check_stands(name, value, text)
            episode.memo = kept
            self._note(session, episode, kept, who)

    @transact
    def forget(self, episode_id: int, who: str) -> None:
        """What is found by itself stands again; what nobody changed stays as it is."""
        with self._database.write() as session:
            episode = episode_row(session, episode_id)
            if episode.memo is not None:
                episode.memo = None
                self._note(session, episode, {}, who)

    def _note(
        self, session: Session, episode: EpisodeRow, fields: Mapping[str, str], who: str
    ) -> None:
        detail = "; ".join(f"{FIELDS[name]}: {value}" for name, value in fields.items())
        log(session, self._now(), who, Event.MEMO, detail or "như máy tìm", episode)


def _check_stands(name: str, value: str, text: str) -> None:
    parts = value.split(BETWEEN_PHONES) if name == "phones" else [value]
    for part in parts:
        if part.strip() not in text:
            raise Invalid(
                f"{name}: {part.strip()!r} does not stand in the text",
                f"{FIELDS[name]}: “{part.strip()}” không có trong bài. Chỉ chép đúng chữ của bài.",
                name,
            )


def _plain(text: str) -> str:
    return " ".join(text.split())
