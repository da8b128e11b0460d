"""Airings and bulletins as they leave the room: their rows as values."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from service.newsroom.errors import Held, NotFound
from service.newsroom.stations import station_numbers
from service.newsroom.store.inserting import insert
from service.newsroom.store.joins import newest_master, newest_version, text_of_version
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    PlanItemRow,
    PlanRow,
    RenderingRow,
    RevisionRow,
    StationRow,
)
from service.newsroom.stories.withdrawals import is_withdrawn, is_withdrawn_since
from service.newsroom.values import (
    Airing,
    Bulletin,
    MasterKind,
    PlanItem,
    Priority,
    Rung,
    Slot,
    SlotHour,
    State,
    UnusedStory,
)

Approved = aliased(RenderingRow)
PlanKey = tuple[int, int]  # a bulletin's episode, and the revision of its plan


def airings_of(station: int, since: datetime, until: datetime) -> Select[AiringRow]:
    """The query for the airings of a station (by its number) in `[since, until)`, in order."""
    return (
        select(AiringRow)
        .where(
            AiringRow.station_id == station,
            AiringRow.air_at >= since,
            AiringRow.air_at < until,
        )
        .order_by(AiringRow.air_at)
    )


def airing_value(row: AiringRow, station: str) -> Airing:
    """A row of `airing` as others see it."""
    return Airing(
        id=row.id,
        station=station,
        at=row.at,
        day=row.day,
        air_at=row.air_at,
        max_seconds=row.max_seconds,
        missed=row.missed,
        played_at=row.played_at,
        played_by=row.played_by,
        played_episode_id=row.played_episode_id,
        played_version=row.played_version,
    )


def airing_of(station_id: int, day: date, at: str) -> Select[AiringRow]:
    """The query for the row of a station's hour on a day."""
    return select(AiringRow).where(
        AiringRow.station_id == station_id, AiringRow.day == day, AiringRow.at == at
    )


def airing_row(
    session: Session, station_id: int, slot: Slot, day: date, air_at: datetime
) -> AiringRow:
    """The row of a slot's airing on a day, made when nobody asked before."""
    new = insert(session, AiringRow).values(
        station_id=station_id,
        at=slot.at,
        day=day,
        air_at=air_at,
        max_seconds=slot.max_seconds,
        missed=False,
        played_by="",
    )
    session.execute(new.on_conflict_do_nothing())
    return session.scalars(airing_of(station_id, day, slot.at)).one()


def airings_at(
    session: Session, asked: Sequence[tuple[str, SlotHour]]
) -> list[tuple[int, Airing]]:
    """The airings of hours, each with its station's number, in two questions."""
    numbers = station_numbers(session, {slug for slug, _ in asked})
    rows = session.scalars(
        select(AiringRow).where(
            AiringRow.station_id.in_(numbers.values()),
            AiringRow.day.in_({hour.day for _, hour in asked}),
        )
    )
    kept = {(row.station_id, row.day, row.at): row for row in rows}
    airings: list[tuple[int, Airing]] = []
    for slug, hour in asked:
        row = kept.get((numbers[slug], hour.day, hour.slot.at))
        airings.append((numbers[slug], _airing_at(row, slug, hour)))
    return airings


def _airing_at(row: AiringRow | None, slug: str, hour: SlotHour) -> Airing:
    if row is not None:
        return airing_value(row, slug)
    return Airing(0, slug, hour.slot.at, hour.day, hour.air_at, hour.slot.max_seconds)


def may_air() -> ColumnElement[bool]:
    """RenderingRow is the version of EpisodeRow's episode that may be broadcast:
    the newest that was approved, unless that is not to be heard any more.
    """
    newest = (
        select(func.max(Approved.version))
        .where(Approved.episode_id == EpisodeRow.id, Approved.approved_at.is_not(None))
        .correlate(EpisodeRow)
        .scalar_subquery()
    )
    is_newest = (RenderingRow.episode_id == EpisodeRow.id) & (
        RenderingRow.version == newest
    )
    return is_newest & ~is_withdrawn()


def version_to_air() -> ScalarSelect[int]:
    """That version's number; None when there is none."""
    return (
        select(RenderingRow.version)
        .where(may_air())
        .correlate(EpisodeRow)
        .scalar_subquery()
    )


def bulletin_row(session: Session, episode_id: int) -> BulletinRow:
    """The row, or NotFound when the episode is no bulletin."""
    row = session.get(BulletinRow, episode_id)
    if row is None:
        raise NotFound(f"no bulletin {episode_id}", "Không có bản tin này.", "bulletin")
    return row


def all_items_of(
    session: Session, plans: Collection[PlanKey]
) -> dict[PlanKey, tuple[PlanItem, ...]]:
    """By plan (episode, revision), its stories in order and how they stand by now; in one question.

    A plan without stories has no entry.
    """
    if not plans:
        return {}
    is_gone = is_withdrawn_since(PlanItemRow.story_id, PlanItemRow.story_version)
    rows = session.execute(
        select(PlanItemRow, EpisodeRow, RenderingRow.title, StationRow.name, is_gone)
        .join(EpisodeRow, EpisodeRow.id == PlanItemRow.story_id)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == PlanItemRow.story_id)
            & (RenderingRow.version == PlanItemRow.story_version),
        )
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .where(tuple_(PlanItemRow.episode_id, PlanItemRow.revision).in_(plans))
        .order_by(PlanItemRow.position)
    )
    items: dict[PlanKey, list[PlanItem]] = defaultdict(list)
    for row in rows:
        plan = row[0].episode_id, row[0].revision
        items[plan].append(_item(*row))
    return {plan: tuple(listed) for plan, listed in items.items()}


def _item(
    row: PlanItemRow, story: EpisodeRow, title: str, station_name: str, is_gone: bool
) -> PlanItem:
    return PlanItem(
        position=row.position,
        episode_id=row.story_id,
        version=row.story_version,
        title=title,
        slug=story.slug,
        station_name=station_name,
        priority=Priority(story.priority),
        seconds=row.seconds,
        repeat=row.repeat,
        newest=None if story.withdrawn_why else story.public_version,
        is_gone=is_gone,
    )


def bulletin_value(session: Session, row: BulletinRow) -> Bulletin:
    """A bulletin as the desk sees it."""
    return bulletins_where(session, BulletinRow.episode_id == row.episode_id)[0]


def bulletins_where(session: Session, *where: ColumnElement[bool]) -> list[Bulletin]:
    """Bulletins that meet these conditions (on the bulletin,
    its episode or its airing) as the desk sees them.

    By their airing's time, the best rung first; in three questions, however many there are.
    """
    query = _newest_versions().where(*where).order_by(AiringRow.air_at, AiringRow.id)
    rows = session.execute(query).all()
    items = all_items_of(
        session, [(row.PlanRow.episode_id, row.PlanRow.revision) for row in rows]
    )
    approvals = _newest_approvals(session, [row.EpisodeRow.id for row in rows])

    def value(row: Any) -> Bulletin:
        plan = row.PlanRow.episode_id, row.PlanRow.revision
        return _bulletin(row, items.get(plan, ()), approvals.get(row.EpisodeRow.id))

    bulletins = readable(rows, value, "a bulletin", lambda row: row.EpisodeRow.id)
    return sorted(bulletins, key=_by_hour_and_rung)


def _by_hour_and_rung(bulletin: Bulletin) -> tuple[datetime, int, int]:
    return bulletin.airing.air_at, bulletin.airing.id, bulletin.rung.place


def _newest_versions() -> Select[
    str, EpisodeRow, AiringRow, str, RenderingRow, PlanRow, str, bool, float
]:
    """Bulletins with the version at the desk, its plan, who made that, and how long it came out."""
    return (
        select(
            BulletinRow.rung,
            EpisodeRow,
            AiringRow,
            StationRow.slug,
            RenderingRow,
            PlanRow,
            RevisionRow.received_from,
            _made_by_house(),
            MasterRow.seconds,
        )
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .join(StationRow, StationRow.id == AiringRow.station_id)
        .join(RenderingRow, newest_version())
        .join(
            PlanRow,
            (PlanRow.episode_id == EpisodeRow.id)
            & (PlanRow.revision == RenderingRow.revision),
        )
        .join(RevisionRow, text_of_version())
        .outerjoin(MasterRow, newest_master(MasterKind.SPEAKER))
    )


def _made_by_house() -> ScalarSelect[bool]:
    """Whether no person and no program made the plan: who opened the version that began with it."""
    began = aliased(RenderingRow)
    return (
        select(began.by_house)
        .where(
            began.episode_id == RenderingRow.episode_id,
            began.revision == RenderingRow.revision,
        )
        .order_by(began.version)
        .limit(1)
        .correlate(RenderingRow)
        .scalar_subquery()
    )


def _bulletin(
    row: Any, items: tuple[PlanItem, ...], approved: RenderingRow | None
) -> Bulletin:
    """`row` as `bulletins_where` asks for it; `approved` is the newest version that was."""
    (
        rung,
        episode,
        airing,
        station,
        rendering,
        plan,
        planned_by,
        by_house,
        measured_s,
    ) = row
    return Bulletin(
        episode_id=episode.id,
        airing=airing_value(airing, station),
        rung=Rung(rung),
        title=rendering.title,
        slug=episode.slug,
        state=State(episode.state),
        version=episode.version,
        revision=rendering.revision,
        greeting=plan.greeting,
        closing=plan.closing,
        headlines=plan.headlines,
        chimes=plan.chimes,
        seconds=measured_s or plan.seconds,
        measured=measured_s is not None,
        items=items,
        left_out=tuple(UnusedStory(**left) for left in plan.left_out),
        planned_by=planned_by,
        by_house=by_house,
        put_away=episode.state == State.WITHDRAWN and rendering.by_house,
        approved_version=approved.version if approved else None,
        approved_by=approved.approved_by if approved else "",
        approved_at=approved.approved_at if approved else None,
        held=Held(episode.held) if episode.held else None,
    )


def _newest_approvals(
    session: Session, episodes: Sequence[int]
) -> dict[int, RenderingRow]:
    """By episode, the newest of its versions that was approved."""
    rows = session.scalars(
        select(RenderingRow)
        .where(
            RenderingRow.episode_id.in_(episodes), RenderingRow.approved_at.is_not(None)
        )
        .order_by(RenderingRow.version)
    )
    return {row.episode_id: row for row in rows}
