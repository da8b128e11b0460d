"""Takings: which versions a station's operator took to broadcast, and what became of them since.

Not who took them.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from service.newsroom.errors import NotFound, Withdrawn
from service.newsroom.stations import station_row
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.tables import (
    AiringRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    TakingRow,
)
from service.newsroom.stories.corrections import corrections_of
from service.newsroom.stories.withdrawals import is_withdrawn
from service.newsroom.values import (
    Correction,
    Kind,
    MasterKind,
    Taking,
    TakingState,
    Took,
)

# So long a station is told of what became of a file it took.
TAKEN_WITHIN = timedelta(days=30)
# A week is put on a stick beforehand.
TAKEN_BEFORE = timedelta(days=8)
LOST = "Trong bản tin có tin đã gỡ."
# The kind made for horns, or what there is.
HORN_KINDS = (MasterKind.SPEAKER, MasterKind.APP)


class Takings:
    """The operators' side."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def newest(self, episode_id: int) -> tuple[int, str]:
        """The version on the air and the path of its sound for horns.

        NotFound, or Withdrawn with the reason.
        """
        with self._database.read() as session:
            episode = session.get(EpisodeRow, episode_id)
            if episode is None or episode.public_version is None:
                raise NotFound(
                    f"no episode {episode_id} on the air",
                    "Bài này chưa được phát.",
                    "episode",
                )
            if episode.withdrawn_why:
                title = session.get_one(
                    RenderingRow, (episode.id, episode.public_version)
                ).title
                raise Withdrawn(title, episode.withdrawn_why)
            rows = session.scalars(
                select(MasterRow).where(
                    MasterRow.episode_id == episode_id,
                    MasterRow.version == episode.public_version,
                    MasterRow.kind.in_(HORN_KINDS),
                )
            )
            best = min(rows, key=lambda row: HORN_KINDS.index(MasterKind(row.kind)))
            return best.version, f"{best.episode_id}/{best.version}/{best.name}"

    def take(self, station: str, episode_id: int, version: int) -> None:
        """Notes that the station's operator took this version, now.

        Anybody may ask for a file in a station's name: only the station's own stories and bulletins
        are noted, and only while somebody might still broadcast them. What else is asked for
        changes nothing.
        """
        self.take_all([Took(station, episode_id, version)])

    @transact
    def take_all(self, taken: Sequence[Took]) -> None:
        """The same of many, in one write."""
        now = self._now()
        with self._database.write() as session:
            for took, times in Counter(taken).items():
                if _may_be_taken(session, took.station, took.episode_id, now):
                    _note(session, took, times, now)

    def last_of(self, airings: Collection[int]) -> dict[int, Taking]:
        """By airing, the bulletin of it that its station took last; no entry where it took none."""
        with self._database.read() as session:
            rows = session.execute(
                select(BulletinRow.airing_id, TakingRow, EpisodeRow, RenderingRow.title)
                .join(BulletinRow, BulletinRow.episode_id == TakingRow.episode_id)
                .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
                .join(EpisodeRow, EpisodeRow.id == TakingRow.episode_id)
                .join(
                    RenderingRow,
                    (RenderingRow.episode_id == TakingRow.episode_id)
                    & (RenderingRow.version == TakingRow.version),
                )
                .where(
                    BulletinRow.airing_id.in_(airings),
                    TakingRow.station_id == AiringRow.station_id,
                )
                .order_by(TakingRow.last_at)
            )
            # In the order in which they were taken, so that the last one stays.
            return {
                airing: _taking(taking, episode, title)
                for airing, taking, episode, title in rows
            }

    def outdated(self, station: str, since: datetime) -> list[Taking]:
        """What was taken since then and should not be broadcast any more as it is,
        the last taken first.

        Of bulletins that a story in them was corrected, and while their hour is to come that one
        was withdrawn: their hour's card tells the rest.
        """
        with self._database.read() as session:
            place = station_row(session, station)
            query = _taken_since(place.id, since, self._now())
            # By version, so that of each episode the newest one that was taken stays.
            rows = session.execute(query.order_by(TakingRow.version)).all()
            latest = {row[1].id: row for row in rows}
            corrections = corrections_of(session, list(latest))
            outdated: list[Taking] = []
            for taking, episode, title, is_lost in latest.values():
                # Who took the correction as well broadcasts both.
                marks = [
                    mark
                    for mark in corrections.get(episode.id, ())
                    if mark.episode_id not in latest
                ]
                taken = _taking(taking, episode, title)
                outdated += _to_tell(taken, episode, marks, is_lost)
        return sorted(outdated, key=lambda taking: taking.taken_at, reverse=True)


def _taking(row: TakingRow, episode: EpisodeRow, title: str) -> Taking:
    return Taking(
        episode.id, row.version, title, episode.slug, row.last_at, TakingState.CURRENT
    )


def _note(session: Session, took: Took, times: int, now: datetime) -> None:
    row = insert(session, TakingRow).values(
        station_id=station_row(session, took.station).id,
        episode_id=took.episode_id,
        version=took.version,
        first_at=now,
        last_at=now,
        times=times,
    )
    keys = [TakingRow.station_id, TakingRow.episode_id, TakingRow.version]
    again = {"last_at": now, "times": TakingRow.times + times}
    session.execute(row.on_conflict_do_update(index_elements=keys, set_=again))


def _may_be_taken(
    session: Session, station: str, episode_id: int, now: datetime
) -> bool:
    """Whether a file is the station's own, and of a day on which it may be broadcast."""
    row = session.execute(
        select(EpisodeRow.first_published_at, AiringRow.air_at)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .outerjoin(BulletinRow, BulletinRow.episode_id == EpisodeRow.id)
        .outerjoin(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .where(
            EpisodeRow.id == episode_id,
            ArticleStationRow.station_id == station_row(session, station).id,
        )
    ).first()
    if row is None:
        return False
    published_at, air_at = row
    # A warning may be on the air before its feed has it.
    day = air_at or published_at or now
    return bool(now - TAKEN_WITHIN <= day <= now + TAKEN_BEFORE)


def _to_tell(
    taking: Taking, episode: EpisodeRow, marks: Sequence[Correction], is_lost: bool
) -> list[Taking]:
    """What became of one taking: nothing, or one entry for each thing to do.

    `is_lost`: a bulletin that is still to be broadcast is not to be heard any more.
    """
    corrected = [
        replace(taking, state=TakingState.CORRECTED, correction=mark) for mark in marks
    ]
    is_bulletin = episode.kind == Kind.BULLETIN
    if is_lost or (episode.withdrawn_why and not is_bulletin):
        why = episode.withdrawn_why or LOST
        return [replace(taking, state=TakingState.WITHDRAWN, why=why)]
    if episode.withdrawn_why:
        return []
    if episode.public_version == taking.version or is_bulletin:
        return corrected
    return [
        *corrected,
        replace(taking, state=TakingState.REPLACED, newest=episode.public_version),
    ]


def _taken_since(
    station_id: int, since: datetime, now: datetime
) -> Select[TakingRow, EpisodeRow, str, bool]:
    """What a station took since then, with the title of the version that it took,
    and whether that is a bulletin for an hour to come which is not to be heard any more.
    """
    is_lost = and_(
        AiringRow.air_at.is_not(None), AiringRow.air_at > now, is_withdrawn()
    )
    return (
        select(TakingRow, EpisodeRow, RenderingRow.title, is_lost)
        .join(EpisodeRow, EpisodeRow.id == TakingRow.episode_id)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == TakingRow.episode_id)
            & (RenderingRow.version == TakingRow.version),
        )
        .outerjoin(BulletinRow, BulletinRow.episode_id == EpisodeRow.id)
        .outerjoin(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .where(TakingRow.station_id == station_id, TakingRow.last_at >= since)
    )
