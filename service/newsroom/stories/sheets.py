"""The proof sheet: all that the desk shows of one episode, in a fixed number of questions.

However many versions, sentences and stations there are, each table is asked once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import NotFound
from service.newsroom.store.joins import text_of_version
from service.newsroom.store.log import VersionKey, happening_value
from service.newsroom.store.tables import (
    ArticleRow,
    EpisodeRow,
    HappeningRow,
    PictureRow,
    RenderingRow,
    RevisionRow,
    StationRow,
)
from service.newsroom.stories.cards import card_value, is_doubtful
from service.newsroom.stories.corrections import corrections_around
from service.newsroom.stories.pictures import picture_value
from service.newsroom.stories.placements import stations_at
from service.newsroom.stories.recording_values import recordings_shown
from service.newsroom.stories.renderings import (
    Background,
    episode_with,
    rendering_value,
)
from service.newsroom.values import (
    Approval,
    Card,
    Cause,
    Episode,
    Happening,
    MasterKind,
    OmittedLine,
    Picture,
    ProofSheet,
    VersionCause,
)

MOST_LINES = 100  # of the log, the newest


def sheet_of(session: Session, episode_id: int) -> ProofSheet:
    """Everything about one episode; NotFound when there is none of that number."""
    episode, versions, texts = _with_versions(session, episode_id)
    background = Background(
        stations=stations_at(session, versions),
        text_doubts={number: text.doubts for number, text in texts.items()},
        first_heard=_first_heard(versions),
    )
    whole = episode_with(session, episode, versions, background)
    corrections, corrects = corrections_around(session, episode_id)
    text = texts[versions[0].revision]
    return ProofSheet(
        episode=whole,
        card=_card(session, episode, versions[0], whole),
        renderings=tuple(rendering_value(background, row) for row in versions),
        log=_log_lines(session, episode_id, versions),
        corrections=corrections,
        corrects=corrects,
        recordings=tuple(recordings_shown(session, episode_id)),
        left_out=text.left_out,
        picture=text.picture,
        picture_caption=text.caption,
        views=text.views,
        station_names={row.slug: row.name for row in background.stations.values()},
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """What the sheet tells of a revision: why somebody should look at it,
    what of it is not read, its picture.
    """

    doubts: Sequence[str]
    left_out: tuple[OmittedLine, ...]
    picture: Picture | None
    caption: str
    views: int | None


def _with_versions(
    session: Session, episode_id: int
) -> tuple[EpisodeRow, list[RenderingRow], dict[int, _Text]]:
    """The episode, all its versions, the newest first, and by revision what they were read from."""
    rows = session.execute(
        select(EpisodeRow, RenderingRow, RevisionRow, PictureRow, ArticleRow.views)
        .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
        .join(RevisionRow, text_of_version())
        .join(ArticleRow, ArticleRow.id == RevisionRow.article_id)
        .outerjoin(PictureRow, PictureRow.address == RevisionRow.picture)
        .where(EpisodeRow.id == episode_id)
        .order_by(RenderingRow.version.desc())
    ).all()
    if not rows:
        raise NotFound(f"no episode {episode_id}", "Không có bài này.", "episode")
    texts = {
        rendering.revision: _text(revision, picture, views)
        for _, rendering, revision, picture, views in rows
    }
    return rows[0][0], [row[1] for row in rows], texts


def _text(
    revision: RevisionRow, picture: PictureRow | None, views: int | None
) -> _Text:
    return _Text(
        revision.doubts,
        tuple(OmittedLine(**line) for line in revision.left_out),
        picture_value(picture) if picture is not None else None,
        revision.picture_caption,
        views,
    )


def _first_heard(versions: Sequence[RenderingRow]) -> dict[int, int]:
    """By revision, the first version that a person approved."""
    oldest_first = reversed(versions)
    first: dict[int, int] = {}
    for row in oldest_first:
        if row.approved_as == Approval.PERSON:
            first.setdefault(row.revision, row.version)
    return first


def _card(
    session: Session, episode: EpisodeRow, newest: RenderingRow, whole: Episode
) -> Card:
    """The episode as the list shows it, from what the sheet has asked for already."""
    home = session.get_one(StationRow, episode.station_id)
    doubts = sum(
        is_doubtful(sentence.changes, sentence.edited) for sentence in whole.sentences
    )
    lengths = (
        master.seconds for master in whole.masters if master.kind == MasterKind.APP
    )
    return card_value((episode, newest, home), doubts, next(lengths, None))


def _log_lines(
    session: Session, episode_id: int, versions: Sequence[RenderingRow]
) -> tuple[Happening, ...]:
    """What happened to the episode, the newest first, each with what opened its version."""
    lines = session.scalars(
        select(HappeningRow)
        .where(HappeningRow.episode_id == episode_id)
        .order_by(HappeningRow.n.desc())
        .limit(MOST_LINES)
    )
    causes: dict[VersionKey, VersionCause] = {
        (row.episode_id, row.version): VersionCause(Cause(row.cause), row.about)
        for row in versions
    }
    return tuple(happening_value(line, causes) for line in lines)
