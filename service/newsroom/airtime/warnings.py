"""Warnings: read ahead of everything, on every slot of their stations while they are in force,
and then no more.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.newsroom.airtime.notices import note_contradiction, note_warning
from service.newsroom.airtime.warning_values import slugs, standing, urgents
from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.joins import episodes_within
from service.newsroom.store.log import log
from service.newsroom.store.tables import (
    ArticleRow,
    EpisodeRow,
    RevisionRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.stories.hands import Hand, Hands
from service.newsroom.stories.hearings import refuse_own_work, wants_another
from service.newsroom.stories.mending import Text
from service.newsroom.stories.moves import episode_row, let_air, take_off
from service.newsroom.stories.opening import open_article, stations_of
from service.newsroom.stories.revisions import text_of
from service.newsroom.stories.version_rows import only_the_house_since
from service.newsroom.values import (
    EVERYWHERE,
    Approval,
    Event,
    Fallback,
    NewArticle,
    News,
    NewWarning,
    Priority,
    Reach,
    Receipt,
    State,
    Urgent,
)

MOST_TIMES = 10
LONGEST_FORCE = timedelta(days=7)
CANCELLED = "Cơ quan phát cảnh báo đã hủy cảnh báo này."
SHOWN = 100  # warnings in a list, the newest


class Urgents:
    """The newsroom's door for warnings."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], alone: int
    ) -> None:
        """`alone` is how many stations one may warn alone; 0: any number."""
        self._database = database
        self._now = now
        self._hands = Hands(alone, now)

    @transact
    def receive(
        self, article: NewArticle, warning: NewWarning, voice: str, who: str
    ) -> Receipt:
        """Takes a warning in, to be read at once in `voice`.

        The same once more is one ("unchanged").

        Whoever may approve can do so with the second copy too. Invalid names what breaks a rule.
        Conflict, with a notice to the people on duty, when an alert of this name is here that says
        something else.
        """
        now = self._now()
        _check(warning, now)
        with self._database.write() as session:
            stations = stations_of(session, article.stations)
            original = _original(session, article, warning, now)
            if original is None:
                return self._open(session, article, stations, warning, voice, who)
            if _says_the_same(session, original, article):
                self._approve(session, original, warning)
                episode = session.get_one(EpisodeRow, original.episode_id)
                return Receipt(episode.article_id or 0, episode.id, News.UNCHANGED)
            note_contradiction(
                session, original.episode_id, article.title, stations, who, now
            )
        # Raised after the commit, so that the notice stays.
        raise Conflict(
            f"episode {original.episode_id} came under the same name and says something else,"
            " or is for other stations; compare them, end the false one and send this again",
            "Đã có cảnh báo khác mang cùng mã này, nội dung hoặc đài nhận không giống."
            " Hãy so hai bản, kết thúc bản sai rồi gửi lại.",
            "cap",
        )

    def _open(
        self,
        session: Session,
        article: NewArticle,
        stations: list[StationRow],
        warning: NewWarning,
        voice: str,
        who: str,
    ) -> Receipt:
        now = self._now()
        if warning.approved_by:
            _refuse_own_word(session, stations)
        urgent = replace(article, priority=Priority.URGENT)
        receipt = open_article(
            session,
            urgent,
            stations,
            who,
            now,
            _identity(article, warning),
            voice=voice,
        )
        row = UrgentRow(
            episode_id=receipt.episode_id,
            expires_at=warning.expires_at,
            times=warning.times,
            approved_by=warning.approved_by,
            first_by="",
            first_version=0,
            cap_id=warning.cap_id,
            severity=warning.severity,
            replaces=_meant(session, warning.references, now),
        )
        session.add(row)
        session.flush()
        if warning.approved_by and not self._is_enough(session, row, warning):
            row.approved_by = ""
        if not row.approved_by:
            note_warning(session, receipt.episode_id, article.title, stations, now)
        return receipt

    def _is_enough(self, session: Session, row: UrgentRow, sent: NewWarning) -> bool:
        """Whether the sender's approval beforehand lets it on the air: see Hands."""
        episode = session.get_one(EpisodeRow, row.episode_id)
        hand = Hand(sent.approved_by, sent.proved)
        return self._hands.are_enough(session, episode, hand)

    def get(self, episode_id: int) -> Urgent:
        """A warning; NotFound when the episode is none."""
        with self._database.read() as session:
            query = standing().where(UrgentRow.episode_id == episode_id)
            warnings = urgents(session, query, self._now())
            if not warnings:
                raise _unknown(episode_id)
            return warnings[0]

    def all(self, *, live: bool = False, among: Reach = EVERYWHERE) -> list[Urgent]:
        """Warnings for these stations, the newest first; `live`: neither expired nor ended."""
        now = self._now()
        newest = (
            standing()
            .where(episodes_within(among))
            .order_by(UrgentRow.episode_id.desc())
        )
        query = newest.limit(SHOWN)
        if live:
            query = query.where(is_live(now))
        with self._database.read() as session:
            return urgents(session, query, now)

    def next_end(self, now: datetime) -> datetime | None:
        """When the next of the warnings in force ends; None when there is none."""
        with self._database.read() as session:
            return session.scalar(
                select(func.min(UrgentRow.expires_at)).where(UrgentRow.expires_at > now)
            )

    @transact
    def end(self, episode_id: int, why: str, who: str) -> None:
        """Ends a warning before it expires: its slots go back to their bulletins."""
        if not why.strip():
            raise Invalid(
                "say why it ends", "Cần ghi lý do kết thúc cảnh báo.", "reason"
            )
        with self._database.write() as session:
            row = session.get(UrgentRow, episode_id)
            if row is None:
                raise _unknown(episode_id)
            if row.expires_at <= self._now():
                raise Conflict(
                    "it has expired already", "Cảnh báo này đã hết hiệu lực.", "state"
                )
            episode = episode_row(session, episode_id, lock=True)
            take_off(session, episode, why.strip(), who, self._now())

    def meant(self, references: Sequence[str]) -> list[Urgent]:
        """The warnings that a CAP alert refers to, and those that replaced them."""
        with self._database.read() as session:
            numbers = _meant(session, references, None)
            query = standing().where(UrgentRow.episode_id.in_(numbers))
            return urgents(session, query, self._now())

    @transact
    def cancel(self, references: Sequence[str], who: str) -> list[int]:
        """Ends the warnings that a CAP Cancel names, and those that replaced them.

        NotFound when there are none.

        The same Cancel once more finds them ended, and changes nothing.
        """
        with self._database.write() as session:
            cancelled = _meant(session, references, None)
            if not cancelled:
                raise NotFound(
                    f"none of {', '.join(references)[:200]} is known here",
                    "Không có cảnh báo nào như bản tin hủy nêu.",
                    "references",
                )
            for number in cancelled:
                episode = episode_row(session, number, lock=True)
                take_off(session, episode, CANCELLED, who, self._now())
        return cancelled

    def _approve(self, session: Session, row: UrgentRow, copy: NewWarning) -> None:
        """A warning that waits is approved by its second copy: at once, or as soon as it is read.

        Conflict when it is not what the copy says any more: whoever approves must hear that.
        """
        if not copy.approved_by or row.approved_by:
            return
        now = self._now()
        episode = episode_row(session, row.episode_id, lock=True)
        refuse_own_work(session, episode, copy.approved_by)
        if not stands_as_handed_in(session, row, now) or copy.times != row.times:
            raise Conflict(
                "it was changed since it was handed in first; listen to it and approve it at the desk",
                "Cảnh báo này đã được sửa sau khi nhận. Hãy nghe lại rồi duyệt ở bàn biên tập.",
                "approve",
            )
        if not self._is_enough(session, row, copy):
            return
        row.approved_by, row.expires_at = copy.approved_by, copy.expires_at
        row.severity = copy.severity
        row.replaces = _meant(session, copy.references, now)
        log(session, now, copy.approved_by, Event.APPROVED_BEFOREHAND, "", episode)
        if episode.state == State.MASTERED:
            let_air(session, episode, copy.approved_by, Approval.BEFOREHAND, now)


def is_live(now: datetime) -> ColumnElement[bool]:
    """UrgentRow with its EpisodeRow is neither expired nor ended."""
    return (UrgentRow.expires_at > now) & (EpisodeRow.state != State.WITHDRAWN)


def stands_as_handed_in(session: Session, warning: UrgentRow, now: datetime) -> bool:
    """Whether a warning that is live is still the one that was handed in:
    nobody changed it, or ended it.

    The one rule by which words that were approved beforehand go on the air.
    """
    episode = session.get_one(EpisodeRow, warning.episode_id)
    return _is_live(session, warning, now) and only_the_house_since(session, episode, 1)


def _refuse_own_word(session: Session, stations: Sequence[StationRow]) -> None:
    """Invalid for an approval beforehand by its sender where a station wants another person to
    approve.
    """
    if wants_another(session, [row.id for row in stations]):
        raise Invalid(
            "at these stations another than its sender approves a warning",
            "Đài quy định người khác phải nghe và duyệt; người gửi không tự duyệt trước được.",
            "approve",
        )


def _unknown(episode_id: int) -> NotFound:
    return NotFound(f"no warning {episode_id}", "Không có cảnh báo này.", "urgent")


def _check(warning: NewWarning, now: datetime) -> None:
    if warning.expires_at <= now:
        raise Invalid(
            "it has expired already", "Giờ hết hiệu lực đã qua.", "expires_at"
        )
    if warning.expires_at > now + LONGEST_FORCE:
        raise Invalid(
            f"a warning is in force for at most {LONGEST_FORCE.days} days",
            f"Cảnh báo có hiệu lực tối đa {LONGEST_FORCE.days} ngày.",
            "expires_at",
        )
    if not 1 <= warning.times <= MOST_TIMES:
        raise Invalid(
            f"it is read 1 to {MOST_TIMES} times",
            f"Số lần đọc từ 1 đến {MOST_TIMES}.",
            "times",
        )


def _identity(article: NewArticle, warning: NewWarning) -> str:
    if warning.cap_id:
        alert = (
            f"{warning.cap_id}\n{article.digest}\n{' '.join(sorted(article.stations))}"
        )
        return f"cap:{hashlib.sha256(alert.encode()).hexdigest()}"
    # The same words may be needed again in the next flood.
    return f"urgent:{uuid4()}"


def _original(
    session: Session, article: NewArticle, warning: NewWarning, now: datetime
) -> UrgentRow | None:
    """The warning that this one is a copy of: the same alert,
    or the same words that are live at the same stations.
    """
    if warning.cap_id:
        return _alert_of_that_name(session, article, warning.cap_id, now)
    rows = session.execute(
        select(UrgentRow, EpisodeRow.article_id)
        .join(EpisodeRow, EpisodeRow.id == UrgentRow.episode_id)
        .join(ArticleRow, ArticleRow.id == EpisodeRow.article_id)
        .join(
            RevisionRow,
            (RevisionRow.article_id == ArticleRow.id) & (RevisionRow.number == 1),
        )
        .where(
            UrgentRow.cap_id == "",
            UrgentRow.expires_at > now,
            EpisodeRow.state != State.WITHDRAWN,
            RevisionRow.digest == article.digest,
        )
    )
    places = set(article.stations)
    return next((row for row, number in rows if slugs(session, number) == places), None)


def _alert_of_that_name(
    session: Session, article: NewArticle, cap_id: str, now: datetime
) -> UrgentRow | None:
    """The alert of that identifier with this content,
    else one that is live and says something else.
    """
    rows = session.scalars(
        select(UrgentRow)
        .where(UrgentRow.cap_id == cap_id)
        .order_by(UrgentRow.episode_id.desc())
    ).all()
    same = next((row for row in rows if _says_the_same(session, row, article)), None)
    return same or next((row for row in rows if _is_live(session, row, now)), None)


def _is_live(session: Session, row: UrgentRow, now: datetime) -> bool:
    ended = session.get_one(EpisodeRow, row.episode_id).withdrawn_why
    return row.expires_at > now and not ended


def _says_the_same(session: Session, row: UrgentRow, article: NewArticle) -> bool:
    """Whether a warning was handed in with these words for these stations."""
    episode = session.get_one(EpisodeRow, row.episode_id)
    first = session.get_one(RevisionRow, (episode.article_id, 1))
    if text_of(first) != Text(article.title, article.lead, article.paragraphs):
        return False
    return slugs(session, episode.article_id) == set(article.stations)


def _meant(
    session: Session, references: Sequence[str], live_at: datetime | None
) -> list[int]:
    """Episodes of the alerts referred to, and of those that replaced them.

    With `live_at` only what is live then.
    """
    if not references:
        return []
    query = (
        select(UrgentRow).where(UrgentRow.cap_id != "").order_by(UrgentRow.episode_id)
    )
    if live_at is not None:
        query = query.where(UrgentRow.expires_at > live_at)
    names = set(references)
    episodes: list[int] = []
    # The oldest first: an alert is always younger than those it replaces.
    for row in session.scalars(query):
        if row.cap_id in names or set(row.replaces) & set(episodes):
            episodes.append(row.episode_id)
    return episodes


def fallback_of(session: Session, episode: EpisodeRow, station: StationRow) -> Fallback:
    """What to do when the voice does not answer: the station's rule."""
    # A warning in another voice is better than none in its own.
    if session.get(UrgentRow, episode.id) is not None:
        return Fallback.PROVISIONAL
    return Fallback(station.fallback)
