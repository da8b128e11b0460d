"""What was broadcast in the end: what the operator said,
else what stood at an hour's address until it had been heard.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from service.newsroom.airtime.in_force import (
    TimeOnAir,
    for_horns,
    gravity,
    warnings_after,
)
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    UrgentRow,
)
from service.newsroom.stories.withdrawals import withdrawn_at
from service.newsroom.values import Aired, Airing, Draft, MasterKind, Rung, State


@dataclass(frozen=True, slots=True)
class Approved:
    """A version that was approved, with its file for loudspeakers,
    and when it was to be heard no more: a warning was over, or something was withdrawn.
    """

    rung: Rung
    episode: EpisodeRow
    rendering: RenderingRow
    master: MasterRow
    gone_at: datetime | None = None

    def was_heard_in(self, airing: Airing) -> bool:
        """Whether it stood there until it had been heard to its end.

        What is withdrawn later was heard all the same.
        """
        begun = max(airing.air_at, self.rendering.approved_at or airing.air_at)
        over = min(begun + timedelta(seconds=self.master.seconds), airing.ends_at)
        return self.gone_at is None or self.gone_at >= over

    def was_approved_by(self, moment: datetime) -> bool:
        """Whether somebody had approved it then."""
        approved_at = self.rendering.approved_at
        return approved_at is not None and approved_at <= moment


class AiredHistory:
    """What was ever approved for some airings of a station, and the warnings of their time."""

    def __init__(
        self, session: Session, station: int, airings: Sequence[Airing]
    ) -> None:
        """In a fixed number of questions, however many airings there are."""
        self._session = session
        numbers = [airing.id for airing in airings]
        self._bulletins = _approved_for(session, numbers)
        self._drafts = _drafts_for(session, numbers)
        begin = min((airing.air_at for airing in airings), default=None)
        self._warnings = _warnings_since(session, station, begin) if begin else []

    def aired(self, airing: Airing) -> Aired:
        """An airing's line of the log."""
        draft = self._drafts.get(airing.id)
        broadcast = self._broadcast(airing)
        if broadcast is None:
            return Aired(airing, Rung.BED, draft)
        rendering, master = broadcast.rendering, broadcast.master
        return Aired(
            airing,
            broadcast.rung,
            draft,
            episode_id=broadcast.episode.id,
            version=rendering.version,
            title=rendering.title,
            seconds=master.seconds,
            sha256=master.sha256,
            approved_by=rendering.approved_by,
            approved_at=rendering.approved_at,
        )

    def plan_of(self, airing: Airing) -> tuple[int, int] | None:
        """The episode and revision whose stories were heard; None for the bed."""
        broadcast = self._broadcast(airing)
        if broadcast is None:
            return None
        return broadcast.episode.id, broadcast.rendering.revision

    def _broadcast(self, airing: Airing) -> Approved | None:
        """None for the bed, the chime that stands where nothing was approved."""
        if airing.played_episode_id is not None:
            return self._played(airing, airing.played_episode_id)
        if airing.played_at is not None:
            # The operator says that it was broadcast: the bed, for nothing else stood there then.
            return None
        return self._warning(airing) or self._best(airing)

    def _played(self, airing: Airing, episode_id: int) -> Approved | None:
        """The version that the operator said was broadcast."""
        played = (episode_id, airing.played_version or 0)
        for each in self._bulletins.get(airing.id, ()):
            if (each.episode.id, each.rendering.version) == played:
                return each
        # No bulletin of this hour: a warning stood there instead.
        master = self._session.get(MasterRow, (*played, MasterKind.SPEAKER))
        if master is None:
            return None
        episode = self._session.get_one(EpisodeRow, episode_id)
        rendering = self._session.get_one(RenderingRow, played)
        return Approved(Rung.URGENT, episode, rendering, master)

    def _warning(self, airing: Airing) -> Approved | None:
        """The gravest that was in force while the airing was on the air."""
        span = TimeOnAir.of(airing)
        heard = (
            each
            for each in self._warnings
            if each.gone_at and span.meets(each.rendering.approved_at, each.gone_at)
        )
        return next(heard, None)

    def _best(self, airing: Airing) -> Approved | None:
        """Of the bulletins' newest versions that were approved by its end,
        the best that was not withdrawn before it had been heard.
        """
        newest: dict[int, Approved] = {}
        for each in self._bulletins.get(airing.id, ()):
            if each.was_approved_by(airing.ends_at):
                newest.setdefault(each.episode.id, each)
        heard = (each for each in newest.values() if each.was_heard_in(airing))
        return next(heard, None)


def _approved_for(
    session: Session, airings: Sequence[int]
) -> Mapping[int, Sequence[Approved]]:
    """The approved versions of all bulletins for these airings:
    by airing, the best rung's newest first.
    """
    rows = session.execute(
        select(BulletinRow, EpisodeRow, RenderingRow, MasterRow, *withdrawn_at())
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
        .join(MasterRow, for_horns())
        .where(
            BulletinRow.airing_id.in_(airings), RenderingRow.approved_at.is_not(None)
        )
    ).all()
    by_airing: dict[int, list[Approved]] = defaultdict(list)

    def enter(row: Row[*tuple[Any, ...]]) -> None:
        bulletin, episode, rendering, master, *ends = row
        rung, gone_at = Rung(bulletin.rung), min(filter(None, ends), default=None)
        approved = Approved(rung, episode, rendering, master, gone_at)
        by_airing[bulletin.airing_id].append(approved)

    readable(rows, enter, "a bulletin", lambda row: row[0].episode_id)
    for versions in by_airing.values():
        versions.sort(key=_best_and_newest_first)
    return by_airing


def _best_and_newest_first(version: Approved) -> tuple[int, int]:
    return version.rung.place, -version.rendering.version


def _warnings_since(
    session: Session, station: int, since: datetime
) -> Sequence[Approved]:
    """The approved versions of a station's warnings that end after a time:
    the gravest first, then the newest.
    """
    warnings = warnings_after(session, since)
    if not warnings:
        return []
    own_end, _ = withdrawn_at()
    rows = session.execute(
        select(EpisodeRow, RenderingRow, MasterRow, UrgentRow.expires_at, own_end)
        .join(UrgentRow, UrgentRow.episode_id == EpisodeRow.id)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
        .join(MasterRow, for_horns())
        .where(
            ArticleStationRow.station_id == station,
            EpisodeRow.id.in_(warnings),
            RenderingRow.approved_at.is_not(None),
        )
        .order_by(gravity(), RenderingRow.approved_at.desc())
    )
    return [
        Approved(
            Rung.URGENT,
            episode,
            rendering,
            master,
            min(expires_at, ended_at or expires_at),
        )
        for episode, rendering, master, expires_at, ended_at in rows
    ]


def _drafts_for(session: Session, airings: Sequence[int]) -> dict[int, Draft]:
    """By airing, how the bulletin stands that people approve."""
    ever_approved = (
        select(RenderingRow.episode_id)
        .where(
            RenderingRow.episode_id == EpisodeRow.id,
            RenderingRow.approved_at.is_not(None),
        )
        .exists()
    )
    rows = session.execute(
        select(
            BulletinRow.airing_id, EpisodeRow.state, EpisodeRow.version, ever_approved
        )
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .where(BulletinRow.airing_id.in_(airings), BulletinRow.rung == Rung.PLANNED)
    )
    return {
        airing: Draft(State(state), version, approved)
        for airing, state, version, approved in rows
    }
