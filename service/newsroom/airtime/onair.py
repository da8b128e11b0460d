"""On the air: what stands at a slot's address now, and what was broadcast in the end."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.newsroom.airtime.airings import LADDER, approved_version, items_of
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
from service.newsroom.stories.moves import WITHDRAWN
from service.newsroom.stories.renderings import master_value
from service.newsroom.values import (
    Aired,
    Airing,
    MasterKind,
    PlanItem,
    Priority,
    Rung,
    Serving,
    State,
)

WHY = {
    Rung.PLANNED: "Bản tin đã được duyệt.",
    Rung.AUTOMATIC: "Chưa có bản tin nào được người duyệt; máy tự soạn từ các tin đã duyệt.",
    Rung.EVERGREEN: "Chưa có bản tin nào được duyệt; phát các thông báo đã duyệt chưa từng phát.",
    Rung.PREVIOUS: "Chưa có bản tin nào được duyệt; phát lại các tin của bản tin trước.",
    Rung.BED: "Chưa có bản tin nào được duyệt; phát nhạc nền và báo giờ.",
}
Made = tuple[Rung, EpisodeRow, RenderingRow, MasterRow]


def made_for(session: Session, airings: Sequence[int]) -> dict[int, list[Made]]:
    """The approved versions of all bulletins for these airings: by airing, the best rung's newest first."""
    rows = session.execute(
        select(BulletinRow, EpisodeRow, RenderingRow, MasterRow)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
        .join(MasterRow, _for_horns())
        .where(BulletinRow.airing_id.in_(airings), RenderingRow.approved_at.is_not(None))
    ).all()
    found: dict[int, list[Made]] = {}

    def enter(row: Row[BulletinRow, EpisodeRow, RenderingRow, MasterRow]) -> None:
        bulletin, episode, rendering, master = row
        made = (Rung(bulletin.rung), episode, rendering, master)
        found.setdefault(bulletin.airing_id, []).append(made)

    readable(rows, enter, "a bulletin", lambda row: row[0].episode_id)
    for each in found.values():
        each.sort(key=lambda one: (LADDER.index(one[0]), -one[2].version))
    return found


def aired_as(session: Session, airing: Airing, made: Sequence[Made], draft: State | None) -> Aired:
    """What the operator said was broadcast, else the best that stood there when the airing was over."""
    known: Made | None
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


def _stood(made: Made, airing: Airing) -> bool:
    """Whether it was approved, and not withdrawn, before the airing was over."""
    _, episode, rendering, _ = made
    gone = episode.state == State.WITHDRAWN and episode.updated_at <= airing.ends_at
    return (
        not gone and rendering.approved_at is not None and rendering.approved_at <= airing.ends_at
    )


def best_now(session: Session, station_id: int, airing: Airing, now: datetime) -> Serving:
    """See Bulletins.serving."""
    warnings = session.execute(_warnings([station_id], now)).all()
    if warnings:
        items = tuple(
            PlanItem(
                n, each.id, spoken.version, spoken.title, each.slug, name, Priority.URGENT, master.seconds, False,
                spoken.version,
            )
            for n, (each, spoken, master, name) in enumerate(warnings, start=1)
        )  # fmt: skip
        return _serving(
            airing, Rung.URGENT, *warnings[0][:3], items, "Cảnh báo khẩn cấp đang có hiệu lực."
        )
    bulletins = session.execute(_bulletins([airing.id])).all()
    ranked = readable(
        bulletins,
        lambda found: (LADDER.index(Rung(found[0].rung)), found),
        "a bulletin",
        lambda found: found[0].episode_id,
    )
    if ranked:
        row, episode, rendering, master = min(ranked, key=lambda each: each[0])[1]
        items = items_of(session, episode.id, rendering.revision)
        return _serving(
            airing, Rung(row.rung), episode, rendering, master, items, WHY[Rung(row.rung)]
        )
    return Serving(airing, Rung.BED, _why_bed(session, airing))


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


def given_way(session: Session, station_id: int, airing_id: int, now: datetime) -> datetime | None:
    """When something that could be broadcast for an airing was last withdrawn, or a warning at its station expired.

    Then what stands at the slot's address is older than what stood there before.
    """
    bulletins = select(BulletinRow.episode_id).where(BulletinRow.airing_id == airing_id)
    stories = select(PlanItemRow.story_id).where(PlanItemRow.episode_id.in_(bulletins))
    warnings = (
        select(UrgentRow.episode_id)
        .join(EpisodeRow, EpisodeRow.id == UrgentRow.episode_id)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .where(ArticleStationRow.station_id == station_id)
    )
    withdrawn = session.scalar(
        select(func.max(RenderingRow.opened_at)).where(
            RenderingRow.cause == WITHDRAWN,
            or_(
                RenderingRow.episode_id.in_(bulletins),
                RenderingRow.episode_id.in_(stories),
                RenderingRow.episode_id.in_(warnings),
            ),
        )
    )
    expired = session.scalar(
        select(func.max(UrgentRow.expires_at)).where(
            UrgentRow.episode_id.in_(warnings), UrgentRow.expires_at <= now
        )
    )
    return max((time for time in (withdrawn, expired) if time is not None), default=None)


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
    episode: EpisodeRow,
    rendering: RenderingRow,
    master: MasterRow,
    items: tuple[PlanItem, ...],
    why: str,
) -> Serving:
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


def _why_bed(session: Session, airing: Airing) -> str:
    made = session.scalar(select(func.count()).where(BulletinRow.airing_id == airing.id))
    if not made:
        return "Bản tin cho buổi phát này chưa được soạn."
    return "Bản tin cho buổi phát này chưa được duyệt."
