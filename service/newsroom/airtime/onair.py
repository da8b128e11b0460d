"""On the air: what stands at a slot's address now, and what was broadcast in the end."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.newsroom.airtime.airings import all_items_of, approved_version
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    PlanItemRow,
    RenderingRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.stories.renderings import master_value
from service.newsroom.values import (
    Aired,
    Airing,
    Cause,
    Draft,
    MasterKind,
    PlanItem,
    Priority,
    Rung,
    Serving,
    State,
)

NOT_DRAFTED = "Bản tin cho buổi phát này chưa được soạn."
NOT_APPROVED = "Bản tin cho buổi phát này chưa được duyệt."
Approved = tuple[Rung, EpisodeRow, RenderingRow, MasterRow]
# In the place of an airing, until it is known which one.
NO_AIRING = Airing(0, "", "", date.min, datetime.min.replace(tzinfo=UTC), 0)


def made_for(session: Session, airings: Sequence[int]) -> dict[int, list[Approved]]:
    """The approved versions of all bulletins for these airings: by airing, the best rung's newest first."""
    rows = session.execute(
        select(BulletinRow, EpisodeRow, RenderingRow, MasterRow)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
        .join(MasterRow, _for_horns())
        .where(BulletinRow.airing_id.in_(airings), RenderingRow.approved_at.is_not(None))
    ).all()
    found: dict[int, list[Approved]] = {}

    def enter(row: Row[BulletinRow, EpisodeRow, RenderingRow, MasterRow]) -> None:
        bulletin, episode, rendering, master = row
        made = (Rung(bulletin.rung), episode, rendering, master)
        found.setdefault(bulletin.airing_id, []).append(made)

    readable(rows, enter, "a bulletin", lambda row: row[0].episode_id)
    for each in found.values():
        each.sort(key=lambda one: (one[0].place, -one[2].version))
    return found


def drafts_for(session: Session, airings: Sequence[int]) -> dict[int, Draft]:
    """By airing, how the bulletin stands that people approve."""
    ever_approved = (
        select(RenderingRow.episode_id)
        .where(RenderingRow.episode_id == EpisodeRow.id, RenderingRow.approved_at.is_not(None))
        .exists()
    )
    rows = session.execute(
        select(BulletinRow.airing_id, EpisodeRow.state, EpisodeRow.version, ever_approved)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .where(BulletinRow.airing_id.in_(airings), BulletinRow.rung == Rung.PLANNED)
    )
    return {
        airing: Draft(State(state), version, approved) for airing, state, version, approved in rows
    }


def aired_as(
    session: Session, airing: Airing, made: Sequence[Approved], draft: Draft | None
) -> Aired:
    """What the operator said was broadcast, else the best that stood there when the airing was over."""
    known: Approved | None
    if airing.played_episode_id is not None:
        played = airing.played_episode_id, airing.played_version or 0
        known = next(
            (each for each in made if (each[2].episode_id, each[2].version) == played), None
        )
        if known is None:  # a warning, which is no bulletin
            master = session.get(MasterRow, (*played, MasterKind.SPEAKER))
            rows = session.get_one(EpisodeRow, played[0]), session.get_one(RenderingRow, played)
            known = (Rung.URGENT, *rows, master) if master is not None else None
    elif airing.played_at is not None:
        known = None
    else:
        known = next((each for each in made if _stood(each, airing)), None)
    if known is None:
        return Aired(airing, Rung.BED, draft)
    rung, episode, rendering, master = known
    return Aired(
        airing,
        rung,
        draft,
        episode.id,
        rendering.version,
        rendering.title,
        master.seconds,
        master.sha256,
        rendering.approved_by,
        rendering.approved_at,
    )


def _stood(made: Approved, airing: Airing) -> bool:
    """Whether it was approved, and not withdrawn, before the airing was over."""
    _, episode, rendering, _ = made
    gone = episode.state == State.WITHDRAWN and episode.updated_at <= airing.ends_at
    return (
        not gone and rendering.approved_at is not None and rendering.approved_at <= airing.ends_at
    )


def servings(
    session: Session, station_id: int, airings: Sequence[Airing], now: datetime
) -> list[Serving]:
    """What stands at the addresses of one station's airings, in their order.

    See Bulletins.serving. The number of questions does not depend on how many are asked about.
    """
    ids = [airing.id for airing in airings]
    heard = _heard_for(session, ids)
    changes = _given_way(session, station_id, heard, now)
    warning = _warning_now(session, station_id, now)
    if warning is not None:
        return [replace(warning, airing=airing, since=changes.get(airing.id)) for airing in airings]
    approved = _approved_bulletins(session, ids)
    listed: list[Serving] = []
    for airing in airings:
        best = approved.get(airing.id)
        if best is None:
            why = NOT_APPROVED if heard[airing.id] else NOT_DRAFTED
            serving = Serving(airing, Rung.BED, why)
        else:
            serving = replace(best, airing=airing)
        listed.append(replace(serving, since=changes.get(airing.id)))
    return listed


def _warning_now(session: Session, station_id: int, now: datetime) -> Serving | None:
    """The gravest warning in force at a station, with all of them as its items; None when there is none."""
    warnings = session.execute(_warnings([station_id], now)).all()
    if not warnings:
        return None
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
        for position, (episode, rendering, master, station_name) in enumerate(warnings, start=1)
    )
    episode, rendering, master, _ = warnings[0]
    return _serving(NO_AIRING, Rung.URGENT, (episode, rendering, master), items, Rung.URGENT.why_vi)


def _approved_bulletins(session: Session, airings: Sequence[int]) -> dict[int, Serving]:
    """By airing, the best rung that was approved and still stands."""
    best: dict[int, Approved] = {}

    def weigh(row: Row[BulletinRow, EpisodeRow, RenderingRow, MasterRow]) -> None:
        bulletin, episode, rendering, master = row
        rung = Rung(bulletin.rung)
        rival = best.get(bulletin.airing_id)
        if rival is None or rung.place < rival[0].place:
            best[bulletin.airing_id] = (rung, episode, rendering, master)

    rows = session.execute(_bulletins(airings)).all()
    readable(rows, weigh, "a bulletin", lambda row: row[0].episode_id)
    plans = {airing: (each[1].id, each[2].revision) for airing, each in best.items()}
    items = all_items_of(session, list(plans.values()))
    return {
        airing: _serving(NO_AIRING, rung, rows, items.get(plans[airing], ()), rung.why_vi)
        for airing, (rung, *rows) in best.items()
    }


def silent(session: Session, airings: Collection[int], now: datetime) -> set[int]:
    """Those of the airings for which `best_now` gives the bed."""
    stations = dict(
        session.execute(
            select(AiringRow.id, AiringRow.station_id).where(AiringRow.id.in_(airings))
        ).all()
    )
    warned = (
        _warnings(set(stations.values()), now)
        .with_only_columns(ArticleStationRow.station_id)
        .order_by(None)
    )
    covered = set(session.scalars(warned))
    spoken = set(session.scalars(_bulletins(airings).with_only_columns(BulletinRow.airing_id)))
    return {
        airing
        for airing, station in stations.items()
        if airing not in spoken and station not in covered
    }


def _heard_for(session: Session, airings: Sequence[int]) -> dict[int, set[int]]:
    """By airing, the bulletins that were made for it, and the stories that any revision of them reads."""
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
    session: Session, station_id: int, heard: Mapping[int, set[int]], now: datetime
) -> dict[int, datetime]:
    """By airing, when something that could be broadcast for it was last withdrawn, or a warning expired.

    Then what stands at the slot's address is older than what stood there before.
    """
    at_station = (
        select(UrgentRow.episode_id)
        .join(EpisodeRow, EpisodeRow.id == UrgentRow.episode_id)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .where(ArticleStationRow.station_id == station_id)
    )
    warnings = dict(
        session.execute(
            select(UrgentRow.episode_id, UrgentRow.expires_at).where(
                UrgentRow.episode_id.in_(at_station)
            )
        ).all()
    )
    withdrawn = _last_withdrawn(session, set(warnings).union(*heard.values()))
    ended = [expires_at for expires_at in warnings.values() if expires_at <= now]
    ended += [withdrawn[warning] for warning in warnings if warning in withdrawn]
    changes: dict[int, datetime] = {}
    for airing, episodes in heard.items():
        moments = ended + [withdrawn[each] for each in episodes if each in withdrawn]
        if moments:
            changes[airing] = max(moments)
    return changes


def _last_withdrawn(session: Session, episodes: Collection[int]) -> dict[int, datetime]:
    """By episode, when it was last withdrawn; those that never were are not there."""
    rows = session.execute(
        select(RenderingRow.episode_id, func.max(RenderingRow.opened_at))
        .where(RenderingRow.cause == Cause.WITHDRAWN, RenderingRow.episode_id.in_(episodes))
        .group_by(RenderingRow.episode_id)
    ).all()
    return dict(rows)


def _warnings(
    stations: Collection[int], now: datetime
) -> Select[EpisodeRow, RenderingRow, MasterRow, str]:
    """The query for warnings in force at these stations: the gravest first, then the newest."""
    return (
        select(EpisodeRow, RenderingRow, MasterRow, StationRow.name)
        .join(UrgentRow, UrgentRow.episode_id == EpisodeRow.id)
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == EpisodeRow.id)
            & (RenderingRow.version == approved_version()),
        )
        .join(MasterRow, _for_horns())
        .where(
            ArticleStationRow.station_id.in_(stations),
            UrgentRow.expires_at > now,
            EpisodeRow.withdrawn_why == "",
        )
        .order_by(_gravity(), RenderingRow.approved_at.desc())
    )


def _gravity() -> ColumnElement[int]:
    """Grave warnings first; what was typed, or does not say how grave it is, counts as severe."""
    ranks = {"Extreme": 0, "Severe": 1, "Moderate": 2, "Minor": 3}
    return case(ranks, value=UrgentRow.severity, else_=1)


def _bulletins(
    airings: Collection[int],
) -> Select[BulletinRow, EpisodeRow, RenderingRow, MasterRow]:
    """The query for the newest approved versions of bulletins, unless they or a story in them were withdrawn."""
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
        .join(
            RenderingRow,
            (RenderingRow.episode_id == EpisodeRow.id)
            & (RenderingRow.version == approved_version()),
        )
        .join(MasterRow, _for_horns())
        .where(
            BulletinRow.airing_id.in_(airings), EpisodeRow.state != State.WITHDRAWN, ~gone.exists()
        )
    )


def _for_horns() -> ColumnElement[bool]:
    """The master for horns of RenderingRow's version."""
    return (
        (MasterRow.episode_id == RenderingRow.episode_id)
        & (MasterRow.version == RenderingRow.version)
        & (MasterRow.kind == MasterKind.SPEAKER)
    )


def _serving(
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
    )
