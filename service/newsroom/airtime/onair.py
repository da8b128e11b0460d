"""On the air: what stands at a slot's address now, or is to be broadcast at an hour."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Load, Session

from service.newsroom.airtime.airings import all_items_of, may_air
from service.newsroom.airtime.in_force import (
    LONGEST_AT_AN_ADDRESS,
    NO_AIRING,
    TimeOnAir,
    at_stations,
    for_horns,
    serving_of,
    warnings_after,
    warnings_of,
    warnings_within,
)
from service.newsroom.store.joins import newest_version
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    PlanItemRow,
    RenderingRow,
)
from service.newsroom.store.tables.stories import SEAL
from service.newsroom.stories.withdrawals import is_withdrawn
from service.newsroom.values import Airing, Cause, Rung, Serving

NOT_DRAFTED = "Bản tin cho buổi phát này chưa được soạn."
NOT_APPROVED = "Bản tin cho buổi phát này chưa được duyệt."


class Best(NamedTuple):
    """The best rung of an airing that may be broadcast, with its file for loudspeakers."""

    rung: Rung
    episode: EpisodeRow
    rendering: RenderingRow
    master: MasterRow


@dataclass(frozen=True, slots=True)
class Asked:
    """An airing that is asked about, its station's number,
    and the time within which a warning is heard instead.
    """

    station: int
    airing: Airing
    warned: TimeOnAir


def servings(session: Session, asked: Sequence[Asked], now: datetime) -> list[Serving]:
    """What stands at the addresses of airings, or is broadcast in them, in their order.

    The number of questions does not depend on how many are asked about.
    """
    numbers = [each.airing.id for each in asked]
    planned = _planned_for(session, numbers)
    changes = _given_way(session, asked, planned, now)
    warnings = warnings_within(session, [(each.station, each.warned) for each in asked])
    approved = _approved_bulletins(session, numbers)
    listed: list[Serving] = []
    for each, warning in zip(asked, warnings, strict=True):
        airing = each.airing
        best = warning or approved.get(airing.id)
        if best is None:
            why = NOT_APPROVED if planned[airing.id] else NOT_DRAFTED
            best = Serving(airing, Rung.BED, why)
        since = changes.get((each.station, airing.id))
        listed.append(replace(best, airing=airing, since=since))
    return listed


def _approved_bulletins(session: Session, airings: Sequence[int]) -> dict[int, Serving]:
    """By airing, the best rung that was approved and still stands."""
    best: dict[int, Best] = {}

    def weigh(row: Row[BulletinRow, EpisodeRow, RenderingRow, MasterRow]) -> None:
        bulletin, episode, rendering, master = row
        rung = Rung(bulletin.rung)
        rival = best.get(bulletin.airing_id)
        if rival is None or rung.place < rival.rung.place:
            best[bulletin.airing_id] = Best(rung, episode, rendering, master)

    rows = session.execute(
        _bulletins(airings).options(Load(RenderingRow).undefer_group(SEAL))
    ).all()
    readable(rows, weigh, "a bulletin", lambda row: row[0].episode_id)
    plans = {
        airing: (each.episode.id, each.rendering.revision)
        for airing, each in best.items()
    }
    items = all_items_of(session, list(plans.values()))
    return {
        airing: serving_of(
            NO_AIRING, rung, rows, items.get(plans[airing], ()), rung.why_vi
        )
        for airing, (rung, *rows) in best.items()
    }


def rungs_of(
    session: Session, airings: Mapping[int, int], now: datetime
) -> dict[int, Rung]:
    """What stands at the address of each airing (by number, with its station's number) now."""
    spoken = session.execute(
        _bulletins(airings).with_only_columns(BulletinRow.airing_id, BulletinRow.rung)
    )
    best: dict[int, Rung] = {}
    for airing, name in spoken:
        rung = Rung(name)
        if airing not in best or rung.place < best[airing].place:
            best[airing] = rung
    warned = at_stations(set(airings.values()), warnings_after(session, now))
    covered = set(
        session.scalars(
            warned.with_only_columns(ArticleStationRow.station_id).order_by(None)
        )
    )
    return {
        airing: Rung.URGENT if station in covered else best.get(airing, Rung.BED)
        for airing, station in airings.items()
    }


def without_bulletin(session: Session, airings: Collection[int]) -> set[int]:
    """Those of the airings for which no bulletin may be broadcast."""
    spoken = session.scalars(
        _bulletins(airings).with_only_columns(BulletinRow.airing_id)
    )
    return set(airings).difference(spoken)


def spoilt(session: Session, airings: Collection[int]) -> set[int]:
    """Those of the airings for which a bulletin was made that reads a withdrawn story."""
    bulletins = (
        select(BulletinRow.airing_id)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(RenderingRow, newest_version())
        .where(BulletinRow.airing_id.in_(airings), is_withdrawn())
    )
    return set(session.scalars(bulletins))


def _planned_for(session: Session, airings: Sequence[int]) -> dict[int, set[int]]:
    """By airing, the bulletins that were made for it,
    and the stories that any revision of them reads.
    """
    rows = session.execute(
        select(BulletinRow.airing_id, BulletinRow.episode_id, PlanItemRow.story_id)
        .outerjoin(PlanItemRow, PlanItemRow.episode_id == BulletinRow.episode_id)
        .where(BulletinRow.airing_id.in_(airings))
    )
    heard: dict[int, set[int]] = {airing: set() for airing in airings}
    for airing, bulletin, story in rows:
        heard[airing].add(bulletin)
        if story is not None:
            heard[airing].add(story)
    return heard


def _given_way(
    session: Session,
    asked: Sequence[Asked],
    planned: Mapping[int, set[int]],
    now: datetime,
) -> dict[tuple[int, int], datetime]:
    """By station and airing, when something that could be broadcast was last withdrawn,
    or a warning expired.

    Then what stands at the slot's address is older than what stood there before.
    """
    warnings = _warnings_before(session, asked)
    episodes = set().union(*warnings.values(), *planned.values())
    withdrawn = _last_withdrawn(session, episodes)
    changes: dict[tuple[int, int], datetime] = {}
    for each in asked:
        station, airing = each.station, each.airing.id
        warned = warnings.get(station, {})
        moments = [expires_at for expires_at in warned.values() if expires_at <= now]
        moments += [
            withdrawn[number]
            for number in {*warned, *planned[airing]}
            if number in withdrawn
        ]
        if moments:
            changes[station, airing] = max(moments)
    return changes


def _warnings_before(
    session: Session, asked: Sequence[Asked]
) -> dict[int, dict[int, datetime]]:
    """By station, the warnings that may have stood at the addresses that are asked about,
    and when each ends.
    """
    if not asked:
        return {}
    earliest = min(each.airing.air_at for each in asked) - LONGEST_AT_AN_ADDRESS
    stations = {each.station for each in asked}
    ends: dict[int, dict[int, datetime]] = {}
    for station, episode, expires_at in warnings_of(session, stations, earliest):
        ends.setdefault(station, {})[episode] = expires_at
    return ends


def _last_withdrawn(session: Session, episodes: Collection[int]) -> dict[int, datetime]:
    """By episode, when it was last withdrawn; those that never were are not there."""
    rows = session.execute(
        select(RenderingRow.episode_id, func.max(RenderingRow.opened_at))
        .where(
            RenderingRow.cause == Cause.WITHDRAWN, RenderingRow.episode_id.in_(episodes)
        )
        .group_by(RenderingRow.episode_id)
    ).all()
    return dict(rows)


def _bulletins(
    airings: Collection[int],
) -> Select[BulletinRow, EpisodeRow, RenderingRow, MasterRow]:
    """The query for the versions of bulletins for these airings that may be broadcast."""
    return (
        select(BulletinRow, EpisodeRow, RenderingRow, MasterRow)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(RenderingRow, may_air())
        .join(MasterRow, for_horns())
        .where(BulletinRow.airing_id.in_(airings))
    )
