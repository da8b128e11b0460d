"""On the air: what stands at a slot's address now, and what was broadcast in the end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Load, Session, aliased

from service.newsroom.airtime.airings import all_items_of, approved_rendering
from service.newsroom.airtime.in_force import (
    NO_AIRING,
    at_stations,
    ever_warned,
    for_horns,
    serving_of,
    warnings_after,
    warnings_now,
)
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    PlanItemRow,
    RenderingRow,
)
from service.newsroom.store.tables.stories import SEAL
from service.newsroom.values import (
    Aired,
    Airing,
    Cause,
    Draft,
    MasterKind,
    Rung,
    Serving,
    State,
)

NOT_DRAFTED = "Bản tin cho buổi phát này chưa được soạn."
NOT_APPROVED = "Bản tin cho buổi phát này chưa được duyệt."


class Approved(NamedTuple):
    """A version that may be broadcast, with its file for loudspeakers."""

    rung: Rung
    episode: EpisodeRow
    rendering: RenderingRow
    master: MasterRow


def made_for(session: Session, airings: Sequence[int]) -> dict[int, list[Approved]]:
    """The approved versions of all bulletins for these airings:
    by airing, the best rung's newest first.
    """
    rows = session.execute(
        select(BulletinRow, EpisodeRow, RenderingRow, MasterRow)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
        .join(MasterRow, for_horns())
        .where(
            BulletinRow.airing_id.in_(airings), RenderingRow.approved_at.is_not(None)
        )
    ).all()
    found: dict[int, list[Approved]] = {}

    def enter(row: Row[BulletinRow, EpisodeRow, RenderingRow, MasterRow]) -> None:
        bulletin, episode, rendering, master = row
        made = Approved(Rung(bulletin.rung), episode, rendering, master)
        found.setdefault(bulletin.airing_id, []).append(made)

    readable(rows, enter, "a bulletin", lambda row: row[0].episode_id)
    for each in found.values():
        each.sort(key=lambda one: (one.rung.place, -one.rendering.version))
    return found


def drafts_for(session: Session, airings: Sequence[int]) -> dict[int, Draft]:
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


def aired_as(
    session: Session, airing: Airing, made: Sequence[Approved], draft: Draft | None
) -> Aired:
    """What the operator said was broadcast,
    else the best that stood there when the airing was over.
    """
    broadcast = _broadcast(session, airing, made)
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


def _broadcast(
    session: Session, airing: Airing, made: Sequence[Approved]
) -> Approved | None:
    """None for the bed, the chime that stands where nothing was approved."""
    if airing.played_episode_id is not None:
        return _played(session, airing, airing.played_episode_id, made)
    if airing.played_at is not None:
        # The operator says that it was broadcast: the bed, for nothing else stood there then.
        return None
    return next((each for each in made if _stood(each, airing)), None)


def _played(
    session: Session, airing: Airing, episode_id: int, made: Sequence[Approved]
) -> Approved | None:
    """The version that the operator said was broadcast."""
    played = (episode_id, airing.played_version or 0)
    for each in made:
        if (each.episode.id, each.rendering.version) == played:
            return each
    # No bulletin of this hour: a warning stood there instead.
    master = session.get(MasterRow, (*played, MasterKind.SPEAKER))
    if master is None:
        return None
    episode = session.get_one(EpisodeRow, episode_id)
    return Approved(Rung.URGENT, episode, session.get_one(RenderingRow, played), master)


def _stood(made: Approved, airing: Airing) -> bool:
    """Whether it was approved, and not withdrawn, before the airing was over."""
    episode, rendering = made.episode, made.rendering
    gone = episode.state == State.WITHDRAWN and episode.updated_at <= airing.ends_at
    return (
        not gone
        and rendering.approved_at is not None
        and rendering.approved_at <= airing.ends_at
    )


def servings(
    session: Session, asked: Sequence[tuple[int, Airing]], now: datetime
) -> list[Serving]:
    """What stands at the addresses of airings, each with its station's number, in their order.

    See Bulletins.serving. The number of questions does not depend on how many are asked about.
    """
    ids = [airing.id for _, airing in asked]
    stations = {station for station, _ in asked}
    heard = _heard_for(session, ids)
    changes = _given_way(session, asked, heard, now)
    warnings = warnings_now(session, stations, now)
    approved = _approved_bulletins(session, ids)
    listed: list[Serving] = []
    for station, airing in asked:
        best = warnings.get(station) or approved.get(airing.id)
        if best is None:
            why = NOT_APPROVED if heard[airing.id] else NOT_DRAFTED
            serving = Serving(airing, Rung.BED, why)
        else:
            serving = replace(best, airing=airing)
        listed.append(replace(serving, since=changes.get((station, airing.id))))
    return listed


def _approved_bulletins(session: Session, airings: Sequence[int]) -> dict[int, Serving]:
    """By airing, the best rung that was approved and still stands."""
    best: dict[int, Approved] = {}

    def weigh(row: Row[BulletinRow, EpisodeRow, RenderingRow, MasterRow]) -> None:
        bulletin, episode, rendering, master = row
        rung = Rung(bulletin.rung)
        rival = best.get(bulletin.airing_id)
        if rival is None or rung.place < rival.rung.place:
            best[bulletin.airing_id] = Approved(rung, episode, rendering, master)

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


def silent(session: Session, airings: Collection[int], now: datetime) -> set[int]:
    """Those of the airings for which `best_now` gives the bed."""
    stations = dict(
        session.execute(
            select(AiringRow.id, AiringRow.station_id).where(AiringRow.id.in_(airings))
        ).all()
    )
    warned = at_stations(set(stations.values()), warnings_after(session, now))
    covered = set(
        session.scalars(
            warned.with_only_columns(ArticleStationRow.station_id).order_by(None)
        )
    )
    spoken = set(
        session.scalars(_bulletins(airings).with_only_columns(BulletinRow.airing_id))
    )
    return {
        airing
        for airing, station in stations.items()
        if airing not in spoken and station not in covered
    }


def _heard_for(session: Session, airings: Sequence[int]) -> dict[int, set[int]]:
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
    asked: Sequence[tuple[int, Airing]],
    heard: Mapping[int, set[int]],
    now: datetime,
) -> dict[tuple[int, int], datetime]:
    """By station and airing, when something that could be broadcast was last withdrawn,
    or a warning expired.

    Then what stands at the slot's address is older than what stood there before.
    """
    ends: dict[int, dict[int, datetime]] = {}
    for station, episode, expires_at in ever_warned(
        session, {station for station, _ in asked}
    ):
        ends.setdefault(station, {})[episode] = expires_at
    withdrawn = _last_withdrawn(session, set().union(*ends.values(), *heard.values()))
    changes: dict[tuple[int, int], datetime] = {}
    for station, airing in asked:
        warned = ends.get(station, {})
        moments = [expires_at for expires_at in warned.values() if expires_at <= now]
        moments += [
            withdrawn[each]
            for each in {*warned, *heard[airing.id]}
            if each in withdrawn
        ]
        if moments:
            changes[station, airing.id] = max(moments)
    return changes


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
    """The query for the newest approved versions of bulletins,
    unless they or a story in them were withdrawn.
    """
    story = aliased(EpisodeRow)
    gone = (
        select(PlanItemRow.story_id)
        .join(story, story.id == PlanItemRow.story_id)
        .where(
            PlanItemRow.episode_id == EpisodeRow.id,
            PlanItemRow.revision == RenderingRow.revision,
            or_(story.withdrawn_why != "", story.public_version.is_(None)),
        )
        .correlate(EpisodeRow, RenderingRow)
    )
    return (
        select(BulletinRow, EpisodeRow, RenderingRow, MasterRow)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(RenderingRow, approved_rendering())
        .join(MasterRow, for_horns())
        .where(
            BulletinRow.airing_id.in_(airings),
            EpisodeRow.state != State.WITHDRAWN,
            ~gone.exists(),
        )
    )
