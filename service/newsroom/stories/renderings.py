"""Episodes and their renderings as they leave the room: their rows as values."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Held, NotFound
from service.newsroom.store.tables import (
    EpisodeRow,
    MasterRow,
    RecordingRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
)
from service.newsroom.stories.placements import home_of, placement_of
from service.newsroom.text import without_folders
from service.newsroom.values import (
    Approval,
    ArticleDoubt,
    Cause,
    Change,
    Episode,
    HumanVoice,
    Kind,
    Master,
    Placement,
    Priority,
    Rendering,
    Sentence,
    State,
    Unplaced,
)


def episode_value(session: Session, row: EpisodeRow) -> Episode:
    """An episode as it stands: its newest rendering, whole."""
    rendering = session.get_one(RenderingRow, (row.id, row.version))
    station = home_of(session, rendering)
    return Episode(
        id=row.id,
        kind=Kind(row.kind),
        guid=row.guid,
        slug=row.slug,
        state=State(row.state),
        version=row.version,
        public_version=row.public_version,
        article_id=row.article_id,
        station=station.slug,
        station_name=station.name,
        priority=Priority(row.priority),
        created_at=row.created_at,
        held=Held(row.held) if row.held else None,
        held_detail=without_folders(row.held_detail),
        withdrawn_why=row.withdrawn_why,
        rendering=rendering_value(session, row, rendering),
        sentences=sentences_of(session, row.id, row.version),
        masters=masters_of(session, row.id, row.version),
        on_air=_on_air(session, row),
    )


def _on_air(session: Session, row: EpisodeRow) -> Placement | None:
    if row.public_version is None or row.withdrawn_why:
        return None
    return placement_of(session, session.get_one(RenderingRow, (row.id, row.public_version)))


def doubts_of(
    session: Session, episode: EpisodeRow, rendering: RenderingRow
) -> tuple[ArticleDoubt, ...]:
    """Why somebody should look at a version before it is heard.

    What is doubted about its text is settled once a person approved a version with that very text.
    """
    settled = session.scalar(
        select(RenderingRow.version)
        .where(
            RenderingRow.episode_id == episode.id,
            RenderingRow.revision == rendering.revision,
            RenderingRow.version < rendering.version,
            RenderingRow.approved_as == Approval.PERSON,
        )
        .limit(1)
    )
    doubts: list[str] = []
    if settled is None:
        revision = session.get_one(RevisionRow, (episode.article_id, rendering.revision))
        doubts += revision.doubts + rendering.doubts
    if rendering.unplaced:
        doubts.append(ArticleDoubt.CORRECTION_LOST)
    return tuple(ArticleDoubt(doubt) for doubt in dict.fromkeys(doubts))


def rendering_value(session: Session, episode: EpisodeRow, row: RenderingRow) -> Rendering:
    """A row of `rendering` as others see it."""
    return Rendering(
        version=row.version,
        revision=row.revision,
        title=row.title,
        cause=Cause(row.cause),
        about=row.about,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        voice=row.voice,
        spoken_by=row.spoken_by,
        build=row.build,
        provisional=row.provisional,
        engine_calls=row.engine_calls,
        clips_reused=row.clips_reused,
        done=row.done,
        total=row.total,
        placement=placement_of(session, row),
        doubts=doubts_of(session, episode, row),
        unplaced=tuple(Unplaced(**each) for each in row.unplaced),
        approved_as=Approval(row.approved_as) if row.approved_as else None,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        published_at=row.published_at,
        recording=row.recording_id or 0,
        human=HumanVoice(row.human),
        announcers=tuple(row.announcers),
    )


def sentences_of(session: Session, episode_id: int, version: int) -> tuple[Sentence, ...]:
    """The sentences of a rendering, in order."""
    rows = session.execute(
        select(SentenceRow, RecordingRow.announcer)
        .outerjoin(RecordingRow, RecordingRow.id == SentenceRow.recording_id)
        .where(SentenceRow.episode_id == episode_id, SentenceRow.version == version)
        .order_by(SentenceRow.n)
    )
    return tuple(
        Sentence(
            n=row.n,
            written=row.written,
            spoken=row.spoken,
            pause_ms=row.pause_ms,
            passage=row.passage,
            role=row.role,
            changes=tuple(Change(**change) for change in row.changes),
            edited=row.edited,
            take=row.take,
            recording=row.recording_id or 0,
            announcer=announcer or "",
            clip=row.clip,
            chime=row.chime,
            story_id=row.story_id,
            start_ms=row.start_ms,
            end_ms=row.end_ms,
        )
        for row, announcer in rows
    )


def masters_of(session: Session, episode_id: int, version: int) -> tuple[Master, ...]:
    """The finished files of a rendering that are heard."""
    rows = session.scalars(
        select(MasterRow)
        .where(
            MasterRow.episode_id == episode_id, MasterRow.version == version, MasterRow.seconds > 0
        )
        .order_by(MasterRow.kind)
    )
    return tuple(master_value(row) for row in rows)


def master_value(row: MasterRow) -> Master:
    """A row of `master` as others see it."""
    return Master(
        kind=row.kind,
        key=row.key,
        path=f"{row.episode_id}/{row.version}/{row.name}",
        mime=row.mime,
        bytes=row.bytes,
        sha256=row.sha256,
        seconds=row.seconds,
        lufs=row.lufs,
        true_peak=row.true_peak,
        label=row.label,
        target_lufs=row.target_lufs,
        band_lu=row.band_lu,
    )


def version_with_sentences(session: Session, episode: EpisodeRow) -> int:
    """The newest version that was ever written; Conflict when none was."""
    version = session.scalar(
        select(func.max(SentenceRow.version)).where(SentenceRow.episode_id == episode.id)
    )
    if version is None:
        raise Conflict(
            "its sentences are not written yet", "Bài chưa được tách câu, hãy chờ một lát.", "state"
        )
    return version


def known_sentences(session: Session, episode: EpisodeRow, numbers: Sequence[int]) -> list[int]:
    """The numbers, sorted; NotFound when there is no such sentence, Conflict while the text is read anew."""
    version = version_with_sentences(session, episode)
    if version != episode.version:
        raise Conflict(
            "the text is being read anew; try again in a moment",
            "Bài đang được đọc lại, hãy chờ một lát.",
            "state",
        )
    known = set(
        session.scalars(
            select(SentenceRow.n).where(
                SentenceRow.episode_id == episode.id, SentenceRow.version == version
            )
        )
    )
    for n in numbers:
        if n not in known:
            raise NotFound(f"no sentence {n}", f"Không có câu {n}.", "sentences")
    return sorted(set(numbers))
