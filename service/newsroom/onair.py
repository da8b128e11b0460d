"""On the air: what stands at a slot's address now, and what was broadcast in the end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from service.newsroom.airings import LADDER, approved_version, items_of
from service.newsroom.episodes import master_value
from service.newsroom.tables import (
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    PlanItemRow,
    RenderingRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.values import (
    Aired,
    Airing,
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
        .join(
            MasterRow,
            (MasterRow.episode_id == RenderingRow.episode_id)
            & (MasterRow.version == RenderingRow.version)
            & (MasterRow.kind == "speaker"),
        )
        .where(BulletinRow.airing_id.in_(airings), RenderingRow.approved_at.is_not(None))
    ).all()
    found: dict[int, list[Made]] = {}
    for bulletin, episode, rendering, master in rows:
        found.setdefault(bulletin.airing_id, []).append((Rung(bulletin.rung), episode, rendering, master))
    for each in found.values():
        each.sort(key=lambda one: (LADDER.index(one[0]), -one[2].version))
    return found


def aired_as(session: Session, airing: Airing, made: Sequence[Made], draft: State | None) -> Aired:
    """What the operator said was broadcast, else the best that stood there when the airing was over."""
    known: Made | None
    if airing.played_episode_id is not None:
        played = airing.played_episode_id, airing.played_version or 0
        known = next((each for each in made if (each[2].episode_id, each[2].version) == played), None)
        if known is None:  # a warning, which is no bulletin
            master = session.get(MasterRow, (*played, "speaker"))
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
    return not gone and rendering.approved_at is not None and rendering.approved_at <= airing.ends_at


def best_now(session: Session, station_id: int, airing: Airing, now: datetime) -> Serving:
    """See Bulletins.serving."""
    if (urgent := _urgent(session, station_id, airing, now)) is not None:
        return urgent
    rungs = select(BulletinRow).where(BulletinRow.airing_id == airing.id)
    for found in sorted(session.scalars(rungs), key=lambda row: LADDER.index(Rung(row.rung))):
        if (serving := _servable(session, found, airing)) is not None:
            return serving
    return Serving(airing, Rung.BED, _why_bed(session, airing))


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
            RenderingRow.cause == "withdrawn",
            or_(
                RenderingRow.episode_id.in_(bulletins),
                RenderingRow.episode_id.in_(stories),
                RenderingRow.episode_id.in_(warnings),
            ),
        )
    )
    expired = session.scalar(
        select(func.max(UrgentRow.expires_at)).where(UrgentRow.episode_id.in_(warnings), UrgentRow.expires_at <= now)
    )
    return max((time for time in (withdrawn, expired) if time is not None), default=None)


def _urgent(session: Session, station_id: int, airing: Airing, now: datetime) -> Serving | None:
    """The gravest, then newest warning in force at a station; `items` lists all that are, in this order."""
    found = session.execute(
        select(EpisodeRow, RenderingRow, MasterRow.seconds, StationRow.name)
        .join(UrgentRow, UrgentRow.episode_id == EpisodeRow.id)
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .join(RenderingRow, (RenderingRow.episode_id == EpisodeRow.id) & (RenderingRow.version == approved_version()))
        .join(
            MasterRow,
            (MasterRow.episode_id == EpisodeRow.id)
            & (MasterRow.version == RenderingRow.version)
            & (MasterRow.kind == "speaker"),
        )
        .where(
            ArticleStationRow.station_id == station_id,
            UrgentRow.expires_at > now,
            EpisodeRow.withdrawn_why == "",
        )
        .order_by(_gravity(), RenderingRow.approved_at.desc())
    ).all()
    if not found:
        return None
    items = tuple(
        PlanItem(
            n, each.id, spoken.version, spoken.title, each.slug, name, Priority.URGENT, seconds, False, spoken.version
        )
        for n, (each, spoken, seconds, name) in enumerate(found, start=1)
    )
    serving = _serving(session, airing, Rung.URGENT, *found[0][:2], why="Cảnh báo khẩn cấp đang có hiệu lực.")
    return replace(serving, items=items) if serving else None


def _gravity() -> ColumnElement[int]:
    """Grave warnings first; what was typed, or does not say how grave it is, counts as severe."""
    ranks = {"Extreme": 0, "Severe": 1, "Moderate": 2, "Minor": 3}
    return case(ranks, value=UrgentRow.severity, else_=1)


def _servable(session: Session, row: BulletinRow, airing: Airing) -> Serving | None:
    """The newest approved version of a bulletin, unless it or a story in it was withdrawn."""
    found = session.execute(
        select(EpisodeRow, RenderingRow)
        .join(RenderingRow, (RenderingRow.episode_id == EpisodeRow.id) & (RenderingRow.version == approved_version()))
        .where(EpisodeRow.id == row.episode_id, EpisodeRow.state != State.WITHDRAWN)
    ).first()
    if found is None:
        return None
    serving = _serving(session, airing, Rung(row.rung), *found, why=WHY[Rung(row.rung)])
    return None if serving is None or any(item.newest is None for item in serving.items) else serving


def _serving(
    session: Session, airing: Airing, rung: Rung, episode: EpisodeRow, rendering: RenderingRow, why: str
) -> Serving | None:
    master = session.get(MasterRow, (episode.id, rendering.version, "speaker"))
    if master is None:
        return None
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
        items=items_of(session, episode.id, rendering.revision),
    )


def _why_bed(session: Session, airing: Airing) -> str:
    made = session.scalar(select(func.count()).where(BulletinRow.airing_id == airing.id))
    if not made:
        return "Bản tin cho buổi phát này chưa được soạn."
    return "Bản tin cho buổi phát này chưa được duyệt."
