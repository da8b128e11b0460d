"""Đính chính: an error that was broadcast is put right by an episode of its own,
and marked where it stands.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from service.newsroom.shows import paths_of
from service.newsroom.store.joins import public_version
from service.newsroom.store.tables import (
    CorrectionRow,
    EpisodeRow,
    PlanItemRow,
    RenderingRow,
)
from service.newsroom.values import Correction

Wrong, WrongRendering = aliased(EpisodeRow), aliased(RenderingRow)
Right, RightRendering = aliased(EpisodeRow), aliased(RenderingRow)


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked on some episodes: the corrections `of` each,
    and what those `by` which they correct put right.
    """

    of: Mapping[int, tuple[Correction, ...]]
    by: Mapping[int, Correction]


def marks_on(
    session: Session, episodes: Collection[int], bulletins: Collection[int]
) -> Marks:
    """The marks of these episodes, in two questions.

    `bulletins` are those of them that read stories.

    A correction counts when it is heard; it marks the episode it corrects and the bulletins that
    read that; oldest first.
    """
    carried = _carried(session, bulletins) if bulletins else []
    wrong = {*episodes, *(story for _, story in carried)}
    rows = session.execute(
        _ROWS.where(
            or_(
                CorrectionRow.corrected_id.in_(wrong),
                CorrectionRow.episode_id.in_(episodes),
            )
        )
    ).all()
    of: dict[int, tuple[Correction, ...]] = {}
    by: dict[int, Correction] = {}
    for row in rows:
        mark, right = _correction(*row), row[1]
        if mark.episode_id in episodes:
            by[mark.episode_id] = mark
        if (
            mark.corrected_id not in wrong
            or right.public_version is None
            or right.withdrawn_why
        ):
            continue
        readers = [
            bulletin for bulletin, story in carried if story == mark.corrected_id
        ]
        for marked in (mark.corrected_id, *readers):
            if marked in episodes:
                of[marked] = (*of.get(marked, ()), mark)
    return Marks(of, by)


def corrections_of(
    session: Session, episodes: Collection[int]
) -> Mapping[int, tuple[Correction, ...]]:
    """The corrections of these episodes that are heard; see `marks_on`."""
    return marks_on(session, episodes, episodes).of


def _carried(session: Session, episodes: Collection[int]) -> list[tuple[int, int]]:
    """Which of these episodes are bulletins that read which stories,
    in the newest version that was approved.
    """
    newest = (
        select(func.max(RenderingRow.version))
        .where(
            RenderingRow.episode_id == PlanItemRow.episode_id,
            RenderingRow.approved_at.is_not(None),
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


def corrections_around(
    session: Session, episode_id: int
) -> tuple[tuple[Correction, ...], Correction | None]:
    """The corrections of an episode as the desk sees them, also those not heard yet.

    And what it puts right.
    """
    is_one_of_its_ends = or_(
        CorrectionRow.corrected_id == episode_id,
        CorrectionRow.episode_id == episode_id,
    )
    marks = [
        _correction(*row) for row in session.execute(_ROWS.where(is_one_of_its_ends))
    ]
    of = tuple(mark for mark in marks if mark.corrected_id == episode_id)
    by = next((mark for mark in marks if mark.episode_id == episode_id), None)
    return of, by


def carriers(session: Session, episode_id: int) -> list[EpisodeRow]:
    """The episodes in which an episode was heard: itself,
    and the bulletins that read it and are public.
    """
    numbers = (episode_id, *bulletins_with(session, episode_id))
    return [session.get_one(EpisodeRow, number) for number in numbers]


def bulletins_with(session: Session, story_id: int) -> list[int]:
    """The bulletins that read a story in the version that the public has, or had last."""
    bulletins = (
        select(EpisodeRow.id)
        .join(RenderingRow, public_version())
        .join(
            PlanItemRow,
            (PlanItemRow.episode_id == EpisodeRow.id)
            & (PlanItemRow.revision == RenderingRow.revision),
        )
        .where(PlanItemRow.story_id == story_id)
        .order_by(EpisodeRow.id)
    )
    return list(session.scalars(bulletins))


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


# Built once: aliases and joins take longer to put together than the question takes.
_SHOWN = func.coalesce(Right.public_version, Right.version)
_ROWS = (
    select(CorrectionRow, Right, RightRendering, Wrong, WrongRendering)
    .join(Right, Right.id == CorrectionRow.episode_id)
    .join(
        RightRendering,
        (RightRendering.episode_id == Right.id) & (RightRendering.version == _SHOWN),
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
