"""Warnings in force: what goes before everything else at the addresses of a station's slots."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, select
from sqlalchemy.orm import Load, Session

from service.newsroom.airtime.airings import may_air
from service.newsroom.store.joins import version_of_master
from service.newsroom.store.tables import (
    ArticleStationRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.store.tables.stories import SEAL
from service.newsroom.stories.renderings import master_value
from service.newsroom.values import (
    Airing,
    MasterKind,
    PlanItem,
    Priority,
    Rung,
    Serving,
)
from service.newsroom.values.seals import Seal

# In the place of an airing, until it is known which one.
NO_AIRING = Airing(0, "", "", date.min, datetime.min.replace(tzinfo=UTC), 0)
# No slot's address is about one hour for longer: what ended earlier took nothing's place there.
LONGEST_AT_AN_ADDRESS = timedelta(days=9)
WarningRow = Row[EpisodeRow, RenderingRow, MasterRow, str, int, datetime]


@dataclass(frozen=True, slots=True)
class TimeOnAir:
    """The time within which a warning has to be in force to be heard."""

    since: datetime
    until: datetime | None = None

    @classmethod
    def of(cls, airing: Airing) -> "TimeOnAir":
        """The time within which an airing is broadcast."""
        return cls(airing.air_at, airing.ends_at)

    def meets(self, begins_at: datetime | None, ends_at: datetime) -> bool:
        """Whether something is in force in it that is so in `[begins_at, ends_at)`."""
        if begins_at is None or ends_at <= self.since:
            return False
        # What is in force at this moment was approved, by whosever clock.
        return self.until is None or begins_at <= self.until


def warnings_after(session: Session, now: datetime) -> list[int]:
    """The warnings that end after this time.

    Asked first, by itself: there are few. From a station's side a database walks through all its
    news.
    """
    return list(
        session.scalars(select(UrgentRow.episode_id).where(UrgentRow.expires_at > now))
    )


def warnings_end(
    session: Session, stations: Collection[int], now: datetime
) -> dict[int, datetime]:
    """By station, when the first of the warnings in force there ends.

    Those without any are not there.
    """
    ends: dict[int, datetime] = {}
    for station, _, expires_at in warnings_of(session, stations, now):
        ends[station] = min(expires_at, ends.get(station, expires_at))
    return ends


def warnings_of(
    session: Session, stations: Collection[int], since: datetime
) -> list[tuple[int, int, datetime]]:
    """Stations, the warnings for them that end after a time, and when those end."""
    ends = dict(
        session.execute(
            select(UrgentRow.episode_id, UrgentRow.expires_at).where(
                UrgentRow.expires_at > since
            )
        ).all()
    )
    if not ends:
        return []
    placed = session.execute(
        select(ArticleStationRow.station_id, EpisodeRow.id)
        .join(EpisodeRow, EpisodeRow.article_id == ArticleStationRow.article_id)
        .where(EpisodeRow.id.in_(ends))
    )
    return [
        (station, episode, ends[episode])
        for station, episode in placed
        if station in stations
    ]


def warnings_within(
    session: Session, asked: Sequence[tuple[int, TimeOnAir]]
) -> list[Serving | None]:
    """For each station (by its number) and time, in their order: the gravest warning that is in
    force there in it, with all of them as its items; None where there is none.
    """
    earliest = min((span.since for _, span in asked), default=None)
    warnings = warnings_after(session, earliest) if earliest is not None else []
    if not warnings:
        return [None for _ in asked]
    stations = {station for station, _ in asked}
    query = at_stations(stations, warnings).options(
        Load(RenderingRow).undefer_group(SEAL)
    )
    by_station: dict[int, list[WarningRow]] = defaultdict(list)
    for row in session.execute(query).all():
        by_station[row[4]].append(row)
    return [_heard_in(by_station[station], span) for station, span in asked]


def _heard_in(warnings: Sequence[WarningRow], span: TimeOnAir) -> Serving | None:
    in_force = [row for row in warnings if span.meets(row[1].approved_at, row[5])]
    return _warning_of(in_force) if in_force else None


def _warning_of(warnings: Sequence[WarningRow]) -> Serving:
    """The first of a station's warnings, with all of them as its items."""
    items = tuple(
        PlanItem(
            position=position,
            episode_id=episode.id,
            version=rendering.version,
            title=rendering.title,
            slug=episode.slug,
            station_name=station_name,
            priority=Priority.URGENT,
            seconds=master.seconds,
            repeat=False,
            newest=rendering.version,
        )
        for position, (episode, rendering, master, station_name, *_) in enumerate(
            warnings, start=1
        )
    )
    episode, rendering, master, *_ = warnings[0]
    return serving_of(
        NO_AIRING, Rung.URGENT, (episode, rendering, master), items, Rung.URGENT.why_vi
    )


def at_stations(
    stations: Collection[int], warnings: Collection[int]
) -> Select[EpisodeRow, RenderingRow, MasterRow, str, int, datetime]:
    """Those of these warnings that may be broadcast at these stations, each with its home's name,
    the station's number, and its end: the gravest first, then the newest.
    """
    return (
        select(
            EpisodeRow,
            RenderingRow,
            MasterRow,
            StationRow.name,
            ArticleStationRow.station_id,
            UrgentRow.expires_at,
        )
        .join(UrgentRow, UrgentRow.episode_id == EpisodeRow.id)
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .join(RenderingRow, may_air())
        .join(MasterRow, for_horns())
        .where(ArticleStationRow.station_id.in_(stations), EpisodeRow.id.in_(warnings))
        .order_by(gravity(), RenderingRow.approved_at.desc())
    )


def gravity() -> ColumnElement[int]:
    """Grave warnings first; what was typed, or does not say how grave it is, counts as severe."""
    ranks = {"Extreme": 0, "Severe": 1, "Moderate": 2, "Minor": 3}
    return case(ranks, value=UrgentRow.severity, else_=1)


def for_horns() -> ColumnElement[bool]:
    """The master for horns of RenderingRow's version."""
    return version_of_master() & (MasterRow.kind == MasterKind.SPEAKER)


def serving_of(
    airing: Airing,
    rung: Rung,
    rows: Sequence[Any],
    items: tuple[PlanItem, ...],
    why: str,
) -> Serving:
    """`rows` are the episode, its rendering and the master for horns."""
    episode, rendering, master = rows
    return Serving(
        airing=airing,
        rung=rung,
        why=why,
        episode_id=episode.id,
        version=rendering.version,
        title=rendering.title,
        slug=episode.slug,
        approved_by=rendering.approved_by,
        approved_at=rendering.approved_at,
        provisional=rendering.provisional,
        master=master_value(master),
        made_at=master.created_at,
        items=items,
        seal=Seal(rendering.signed, rendering.signature)
        if rendering.signature
        else None,
    )
