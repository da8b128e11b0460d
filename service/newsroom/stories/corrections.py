"""Đính chính: an error that was broadcast is put right by an episode of its own, and marked where it stands."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from service.newsroom.shows import paths_of
from service.newsroom.store.tables import CorrectionRow, EpisodeRow, PlanItemRow, RenderingRow
from service.newsroom.values import Correction

Wrong, WrongRendering = aliased(EpisodeRow), aliased(RenderingRow)
Right, RightRendering = aliased(EpisodeRow), aliased(RenderingRow)


def corrections_of(session: Session, episodes: Sequence[int]) -> dict[int, tuple[Correction, ...]]:
    """The corrections of these episodes, or of a story that these bulletins read, that are heard; oldest first."""
    heard = (Right.public_version.is_not(None), Right.withdrawn_why == "")
    carried = _carried(session, episodes)
    wrong = {*episodes, *(story for _, story in carried)}
    found: dict[int, tuple[Correction, ...]] = {}
    for row in session.execute(_rows().where(CorrectionRow.corrected_id.in_(wrong), *heard)):
        mark = _correction(*row)
        marked = [
            mark.corrected_id,
            *(bulletin for bulletin, story in carried if story == mark.corrected_id),
        ]
        for number in marked:
            if number in episodes:
                found[number] = (*found.get(number, ()), mark)
    return found


def _carried(session: Session, episodes: Sequence[int]) -> list[tuple[int, int]]:
    """Which of these episodes are bulletins that read which stories, in the newest version that was approved."""
    newest = (
        select(func.max(RenderingRow.version))
        .where(
            RenderingRow.episode_id == PlanItemRow.episode_id, RenderingRow.approved_at.is_not(None)
        )
        .correlate(PlanItemRow)
        .scalar_subquery()
    )
    approved = aliased(RenderingRow)
    rows = session.execute(
        select(PlanItemRow.episode_id, PlanItemRow.story_id)
        .join(
            approved,
            (approved.episode_id == PlanItemRow.episode_id)
            & (approved.revision == PlanItemRow.revision),
        )
        .where(PlanItemRow.episode_id.in_(episodes), approved.version == newest)
    )
    return [(bulletin, story) for bulletin, story in rows]


def all_corrections_of(session: Session, episode_id: int) -> list[Correction]:
    """The corrections of an episode as the desk sees them: also those not heard yet."""
    return [
        _correction(*row)
        for row in session.execute(_rows().where(CorrectionRow.corrected_id == episode_id))
    ]


def corrections_by(session: Session, episodes: Sequence[int]) -> list[Correction]:
    """What those of these episodes that are corrections put right."""
    return [
        _correction(*row)
        for row in session.execute(_rows().where(CorrectionRow.episode_id.in_(episodes)))
    ]


def carriers(session: Session, episode_id: int) -> list[EpisodeRow]:
    """The episodes in which an episode was heard: itself, and the bulletins that read it and are public."""
    bulletins = session.scalars(
        select(EpisodeRow)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == EpisodeRow.id)
            & (RenderingRow.version == EpisodeRow.public_version),
        )
        .join(
            PlanItemRow,
            (PlanItemRow.episode_id == EpisodeRow.id)
            & (PlanItemRow.revision == RenderingRow.revision),
        )
        .where(PlanItemRow.story_id == episode_id)
    )
    return [session.get_one(EpisodeRow, episode_id), *bulletins]


def paths_of_corrected(session: Session, episode: EpisodeRow) -> set[str]:
    """The shows of what this episode corrects: they carry its mark."""
    row = session.get(CorrectionRow, episode.id)
    if row is None:
        return set()
    return {
        path
        for carrier in carriers(session, row.corrected_id)
        for path in paths_of(session, carrier)
    }


def _rows() -> Select[CorrectionRow, EpisodeRow, RenderingRow, EpisodeRow, RenderingRow]:
    shown = func.coalesce(Right.public_version, Right.version)
    return (
        select(CorrectionRow, Right, RightRendering, Wrong, WrongRendering)
        .join(Right, Right.id == CorrectionRow.episode_id)
        .join(
            RightRendering,
            (RightRendering.episode_id == Right.id) & (RightRendering.version == shown),
        )
        .join(Wrong, Wrong.id == CorrectionRow.corrected_id)
        .join(
            WrongRendering,
            (WrongRendering.episode_id == Wrong.id)
            & (WrongRendering.version == Wrong.public_version),
        )
        .order_by(CorrectionRow.made_at, CorrectionRow.episode_id)
    )


def _correction(
    row: CorrectionRow,
    right: EpisodeRow,
    rendering: RenderingRow,
    wrong: EpisodeRow,
    corrected: RenderingRow,
) -> Correction:
    return Correction(
        episode_id=row.episode_id,
        slug=right.slug,
        title=rendering.title,
        corrected_id=row.corrected_id,
        corrected_slug=wrong.slug,
        corrected_title=corrected.title,
        wrong=row.wrong,
        right=row.right,
        made_by=row.made_by,
        made_at=row.made_at,
        published_at=right.first_published_at if not right.withdrawn_why else None,
    )
