"""Episodes on the desk: looked at, corrected, read again, approved, withdrawn."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import func, select

from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.joins import episodes_within, newest_version
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import EpisodeRow, RenderingRow
from service.newsroom.stories.awaiting import awaiting
from service.newsroom.stories.cards import (
    CardFilter,
    cards_of,
    cards_query,
    total_query,
)
from service.newsroom.stories.corrections import corrections_around
from service.newsroom.stories.hands import Hand, Hands, another_must_approve
from service.newsroom.stories.hearings import (
    HEARD,
    refuse_older,
    refuse_own_work,
    send_back,
)
from service.newsroom.stories.moves import (
    episode_row,
    let_air,
    reopen_sentences,
    take_off,
)
from service.newsroom.stories.renderings import (
    background_of,
    episode_value,
    known_sentences,
    newest_sentence,
    rendering_value,
)
from service.newsroom.stories.rereading import (
    follow_text,
    refuse_expired,
    refuse_person,
    sentences_again,
    whole_again,
)
from service.newsroom.stories.sentences import (
    checked_spoken,
    put,
    refuse_another,
    refuse_mended,
    said_again,
)
from service.newsroom.stories.sheets import sheet_of
from service.newsroom.stories.version_rows import Opening, refuse_too_long
from service.newsroom.stories.withdrawals import refuse_gone
from service.newsroom.values import (
    EVERYWHERE,
    NOT_SEEN,
    Approval,
    Awaiting,
    Card,
    Cause,
    Change,
    Correction,
    Episode,
    Event,
    Kind,
    ProofSheet,
    Reach,
    Rendering,
    Returned,
    Sentence,
    SentenceSeen,
    State,
)

LARGEST_NUMBER = 2**31 - 1  # that a row can have
MOST_RETURNED = 20  # that the desk's list shows to who wrote them


class Episodes:
    """What editors and approvers do with episodes.

    Every move is one transaction and a line in the log.
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime], alone: int
    ) -> None:
        """`alone` is how many stations one may warn alone; 0: any number."""
        self._database = database
        self._now = now
        self._hands = Hands(alone, now)

    def get(self, episode_id: int) -> Episode:
        """The episode with its current rendering, sentences and masters.

        NotFound when there is none.
        """
        with self._database.read() as session:
            return episode_value(session, episode_row(session, episode_id))

    def sheet(self, episode_id: int) -> ProofSheet:
        """All that the desk shows of an episode; NotFound when there is none."""
        with self._database.read() as session:
            return sheet_of(session, episode_id)

    def cards(
        self,
        *,
        among: Reach = EVERYWHERE,
        limit: int = 50,
        offset: int = 0,
        **wanted: Unpack[CardFilter],
    ) -> tuple[list[Card], int]:
        """The desk's list, newest first, and how many are as they are wanted.

        `among`: only what is heard at one of these stations.
        """
        query = cards_query(wanted).where(episodes_within(among))
        with self._database.read() as session:
            total = session.scalar(total_query(wanted, among)) or 0
            page = query.order_by(EpisodeRow.id.desc()).limit(limit).offset(offset)
            return cards_of(session, page), total

    def returned_to(self, who: str) -> list[Returned]:
        """What was sent back to whoever opened its newest version, the newest first."""
        query = (
            select(EpisodeRow.id, RenderingRow.title, RenderingRow.returned_why)
            .join(RenderingRow, newest_version())
            .where(EpisodeRow.state == State.RETURNED, RenderingRow.opened_by == who)
            .order_by(EpisodeRow.id.desc())
            .limit(MOST_RETURNED)
        )
        with self._database.read() as session:
            return [Returned(*row) for row in session.execute(query)]

    def counts(self, among: Reach = EVERYWHERE) -> dict[State, int]:
        """How many episodes of these stations stand in each state."""
        query = select(EpisodeRow.state, func.count()).where(episodes_within(among))
        with self._database.read() as session:
            rows = session.execute(query.group_by(EpisodeRow.state)).all()
        return dict(
            readable(
                rows,
                lambda row: (State(row[0]), row[1]),
                "episodes of a state",
                lambda row: row[0],
            )
        )

    def awaiting_voice(self, among: Reach = EVERYWHERE) -> list[Awaiting]:
        """Episodes that are held because their voice did not answer,
        or that another voice reads meanwhile.
        """
        with self._database.read() as session:
            return awaiting(session, among)

    def renderings(self, episode_id: int) -> list[Rendering]:
        """All versions of an episode, newest first: who opened, approved and published each."""
        with self._database.read() as session:
            episode = episode_row(session, episode_id)
            rows = (
                select(RenderingRow)
                .where(RenderingRow.episode_id == episode_id)
                .order_by(RenderingRow.version.desc())
            )
            versions = session.scalars(rows).all()
            background = background_of(session, episode, versions)
            return [rendering_value(background, row) for row in versions]

    def corrections(
        self, episode_id: int
    ) -> tuple[tuple[Correction, ...], Correction | None]:
        """The corrections of an episode, oldest first, also those that nobody heard yet.

        And what it puts right.
        """
        with self._database.read() as session:
            return corrections_around(session, episode_id)

    def say_otherwise(
        self,
        episode_id: int,
        n: int,
        spoken: str,
        who: str,
        changes: Sequence[Change] = (),
        seen: SentenceSeen = NOT_SEEN,
    ) -> None:
        """An editor gives sentence `n` another spoken form; only that sentence is spoken again.

        `changes` tell what that form makes of the written one, where the editor chose among
        readings; of a form that was typed nothing is known. Conflict when the sentence is not as it
        was `seen`.
        """
        change = {
            "spoken": checked_spoken(spoken, "spoken"),
            "changes": [asdict(part) for part in changes],
            "edited": True,
        }
        detail = f"{n}: {change['spoken']}"
        self._change_sentence(episode_id, n, who, change, detail, seen)

    def write_otherwise(
        self,
        episode_id: int,
        n: int,
        read: Sentence,
        who: str,
        seen: SentenceSeen = NOT_SEEN,
    ) -> None:
        """An editor rewrote sentence `n`; `read` is its new text, already read aloud on paper.

        Conflict when the sentence is not as it was `seen`.
        """
        checked_spoken(read.spoken, "written")
        change = {
            "written": read.written,
            "spoken": read.spoken,
            "changes": [asdict(part) for part in read.changes],
            "edited": False,
        }
        detail = f"{n}: {read.written}"
        self._change_sentence(episode_id, n, who, change, detail, seen)

    @transact
    def read_anew(
        self, episode_id: int, readings: Sequence[Sentence], who: str, term: str
    ) -> None:
        """Sentences that are read otherwise by now,
        for the sake of a term (by their `n`), in one version.

        Conflict when somebody changed one of them since they were read so.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            known_sentences(session, episode, [reading.n for reading in readings])
            reopen_sentences(
                session, episode, Opening(who, Cause.TERM, self._now(), about=term)
            )
            for reading in readings:
                row = newest_sentence(session, episode, reading.n)
                refuse_mended(row, reading.written)
                row.spoken = reading.spoken
                row.changes = [asdict(change) for change in reading.changes]

    @transact
    def regenerate(
        self,
        episode_id: int,
        who: str,
        *,
        voice: str | None = None,
        sentences: Sequence[int] = (),
    ) -> None:
        """Reads again: the sentences named, or the whole.

        `voice` other than None changes who speaks.

        A whole regeneration without a new voice goes back to the text, so that today's dictionary
        is used, and takes every sentence anew; fixes that editors made to sentences stay. What a
        person reads whole has nothing to be read again: Conflict, but for what is held or
        withdrawn, which is made again from the recording.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            now = self._now()
            refuse_person(session, episode)
            if sentences:
                sentences_again(session, episode, sentences, voice, who, now)
            else:
                whole_again(session, episode, voice, who, now)

    @transact
    def approve(
        self, episode_id: int, who: str, version: int, *, proved: bool = False
    ) -> None:
        """Lets the version that was listened to on the air, for the stations that it is placed at.

        `proved`: they gave their password in the last minutes. AnotherMustApprove for the first of
        two who approve a warning for many stations: it is noted, and not on the air.

        Conflict when it is not the newest one by now, or not finished; when a warning has expired;
        when a bulletin is longer than its slot, which somebody made shorter meanwhile, or reads a
        story that was withdrawn; when `who` wrote some of it and a station wants another person to
        approve.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            refuse_older(episode, version)
            # Two approvers may press the button at once: the second one changes nothing.
            if episode.state in (State.APPROVED, State.PUBLISHED):
                return
            if episode.state not in HEARD:
                raise Conflict(
                    f"an episode is approved when it is mastered, this one is {episode.state}",
                    "Bài chưa đọc xong nên chưa duyệt được.",
                    "state",
                )
            refuse_own_work(session, episode, who)
            refuse_too_long(session, episode)
            refuse_gone(session, episode)
            refuse_expired(session, episode, self._now())
            if self._hands.are_enough(session, episode, Hand(who, proved)):
                let_air(session, episode, who, Approval.PERSON, self._now())
                return
        # Raised after the commit, so that the first of two stays noted.
        raise another_must_approve()

    @transact
    def send_back(self, episode_id: int, who: str, version: int, remark: str) -> None:
        """Sends the version that was listened to back to who wrote it.

        Whatever opens the next one ends that.

        Invalid (`remark`) when it does not say why; Conflict when the version is not the newest, or
        not heard.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            refuse_older(episode, version)
            send_back(session, episode, remark, who, self._now())

    def waiting(
        self, among: Reach = EVERYWHERE, before: int = LARGEST_NUMBER
    ) -> int | None:
        """The next episode that waits for approval, the newest first, below a number.

        Else the newest of all.
        """
        newest = (
            select(EpisodeRow.id)
            .where(
                EpisodeRow.state == State.MASTERED,
                EpisodeRow.kind != Kind.BULLETIN,
                episodes_within(among),
            )
            .order_by(EpisodeRow.id.desc())
            .limit(1)
        )
        with self._database.read() as session:
            below = session.scalar(newest.where(EpisodeRow.id < before))
            return below if below is not None else session.scalar(newest)

    @transact
    def withdraw(self, episode_id: int, why: str, who: str) -> None:
        """Takes an episode off the air; its addresses answer 410 with the reason.

        Regenerating brings it back.
        """
        if not why.strip():
            raise Invalid("say why it is withdrawn", "Cần ghi lý do gỡ bài.", "reason")
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            take_off(session, episode, why.strip(), who, self._now())

    @transact
    def _change_sentence(
        self,
        episode_id: int,
        n: int,
        who: str,
        change: dict[str, Any],
        detail: str,
        seen: SentenceSeen,
    ) -> None:
        """`change` holds the columns of a sentence's row that are others now."""
        now = self._now()
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            known_sentences(session, episode, [n])
            row = newest_sentence(session, episode, n)
            if all(getattr(row, column) == value for column, value in change.items()):
                return
            refuse_another(row, seen)
            revision, title = follow_text(session, episode, row, change, now, who)
            numbers = said_again(session, episode, row)
            opening = Opening(
                who, Cause.SENTENCE, now, about=str(n), title=title, revision=revision
            )
            reopen_sentences(session, episode, opening)
            for number in numbers:
                put(
                    session,
                    episode,
                    newest_sentence(session, episode, number),
                    change,
                    now,
                )
            log(session, now, who, Event.EDITED, detail, episode)
