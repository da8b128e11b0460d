"""Episodes and their renderings as they leave the room: their rows as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    StationRow,
)
from service.newsroom.stories.placements import placement_at, stations_at
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


@dataclass(frozen=True, slots=True)
class Background:
    """What the rows of an episode's versions only refer to.

    `stations` by their numbers; by the number of a revision: what is doubted about its text, and
    the first version with that text that a person approved.
    """

    stations: Mapping[int, StationRow]
    text_doubts: Mapping[int, Sequence[str]]
    first_heard: Mapping[int, int]

    def placement(self, row: RenderingRow) -> Placement:
        """Where a version is heard."""
        return placement_at(self.stations, row)

    def doubts(self, row: RenderingRow) -> tuple[ArticleDoubt, ...]:
        """Why somebody should look at a version before it is heard.

        What is doubted about its text is settled once a person approved a version with that very
        text.
        """
        doubts: list[str] = []
        is_settled = self.first_heard.get(row.revision, row.version) < row.version
        if not is_settled:
            doubts += [*self.text_doubts.get(row.revision, ()), *row.doubts]
        if row.unplaced:
            doubts.append(ArticleDoubt.CORRECTION_LOST)
        return tuple(ArticleDoubt(doubt) for doubt in dict.fromkeys(doubts))


def background_of(
    session: Session, episode: EpisodeRow, rows: Sequence[RenderingRow]
) -> Background:
    """What these versions of an episode refer to, in three questions however many there are."""
    return Background(
        stations=stations_at(session, rows),
        text_doubts=_text_doubts(session, episode, rows),
        first_heard=_first_heard(session, episode),
    )


def _text_doubts(
    session: Session, episode: EpisodeRow, rows: Sequence[RenderingRow]
) -> dict[int, list[str]]:
    """What is doubted of the texts that these renderings were read from,
    by the number of the article's revision.
    """
    texts = session.execute(
        select(RevisionRow.number, RevisionRow.doubts).where(
            RevisionRow.article_id == episode.article_id,
            RevisionRow.number.in_({row.revision for row in rows}),
        )
    )
    return dict(texts.all())


def _first_heard(session: Session, episode: EpisodeRow) -> dict[int, int]:
    approvals = session.execute(
        select(RenderingRow.revision, func.min(RenderingRow.version))
        .where(
            RenderingRow.episode_id == episode.id,
            RenderingRow.approved_as == Approval.PERSON,
        )
        .group_by(RenderingRow.revision)
    )
    return dict(approvals.all())


def doubts_of(
    session: Session, episode: EpisodeRow, rendering: RenderingRow
) -> tuple[ArticleDoubt, ...]:
    """Why somebody should look at a version before it is heard; see `Background.doubts`."""
    return background_of(session, episode, [rendering]).doubts(rendering)


def newest_rendering(session: Session, episode: EpisodeRow) -> RenderingRow:
    """The row of the version at the desk."""
    return session.get_one(RenderingRow, (episode.id, episode.version))


def newest_sentence(session: Session, episode: EpisodeRow, n: int) -> SentenceRow:
    """The row of sentence `n` in the version at the desk,
    which must have it (`known_sentences`).
    """
    return session.get_one(SentenceRow, (episode.id, episode.version, n))


def episode_value(session: Session, row: EpisodeRow) -> Episode:
    """An episode as it stands: its newest rendering, whole."""
    versions = [newest_rendering(session, row)]
    if row.public_version is not None and row.public_version != row.version:
        versions.append(session.get_one(RenderingRow, (row.id, row.public_version)))
    return episode_with(session, row, versions, background_of(session, row, versions))


def episode_with(
    session: Session,
    row: EpisodeRow,
    versions: Sequence[RenderingRow],
    background: Background,
) -> Episode:
    """The same for who has asked already for its `versions` (the newest first) and what they refer
    to.
    """
    newest = versions[0]
    station = background.stations[newest.stations[0]]
    return Episode(
        id=row.id,
        memo=row.memo,
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
        rendering=rendering_value(background, newest),
        sentences=sentences_of(session, row.id, row.version),
        masters=masters_of(session, row.id, row.version),
        on_air=_on_air(row, versions, background),
    )


def _on_air(
    row: EpisodeRow, versions: Sequence[RenderingRow], background: Background
) -> Placement | None:
    """Where the public version is heard; None while there is none, or it was withdrawn."""
    if row.withdrawn_why:
        return None
    public = (each for each in versions if each.version == row.public_version)
    return next(map(background.placement, public), None)


def rendering_value(background: Background, row: RenderingRow) -> Rendering:
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
        placement=background.placement(row),
        doubts=background.doubts(row),
        unplaced=tuple(Unplaced(**unplaced) for unplaced in row.unplaced),
        approved_as=Approval(row.approved_as) if row.approved_as else None,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        published_at=row.published_at,
        returned_why=row.returned_why,
        returned_by=row.returned_by,
        returned_at=row.returned_at,
        recording=row.recording_id or 0,
        human=HumanVoice(row.human),
        announcers=tuple(row.announcers),
    )


def sentences_of(
    session: Session, episode_id: int, version: int
) -> tuple[Sentence, ...]:
    """The sentences of a rendering, in order."""
    rows = session.execute(
        select(SentenceRow, RecordingRow.announcer)
        .outerjoin(RecordingRow, RecordingRow.id == SentenceRow.recording_id)
        .where(SentenceRow.episode_id == episode_id, SentenceRow.version == version)
        .order_by(SentenceRow.n)
    )
    return tuple(_sentence(row, announcer or "") for row, announcer in rows)


def _sentence(row: SentenceRow, announcer: str) -> Sentence:
    return Sentence(
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
        announcer=announcer,
        clip=row.clip,
        chime=row.chime,
        story_id=row.story_id,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
    )


def masters_of(session: Session, episode_id: int, version: int) -> tuple[Master, ...]:
    """The finished files of a rendering that are heard."""
    rows = session.scalars(
        select(MasterRow)
        .where(
            MasterRow.episode_id == episode_id,
            MasterRow.version == version,
            # Chapters and transcripts are masters of no length.
            MasterRow.seconds > 0,
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
        select(func.max(SentenceRow.version)).where(
            SentenceRow.episode_id == episode.id
        )
    )
    if version is None:
        raise Conflict(
            "its sentences are not written yet",
            "Bài chưa được tách câu, hãy chờ một lát.",
            "state",
        )
    return version


def known_sentences(
    session: Session, episode: EpisodeRow, numbers: Sequence[int]
) -> list[int]:
    """The numbers, sorted.

    NotFound when there is no such sentence, Conflict while the text is read anew.
    """
    version = version_with_sentences(session, episode)
    if version != episode.version:
        raise Conflict(
            "the text is being read anew; try again in a moment",
            "Bài đang được đọc lại, hãy chờ một lát.",
            "state",
        )
    there = set(
        session.scalars(
            select(SentenceRow.n).where(
                SentenceRow.episode_id == episode.id,
                SentenceRow.version == version,
            )
        )
    )
    for n in numbers:
        if n not in there:
            raise NotFound(f"no sentence {n}", f"Không có câu {n}.", "sentences")
    return sorted(set(numbers))
