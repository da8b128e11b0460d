"""Articles come in: once each, with every later edit a revision, and an episode for each."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.jobs import Nudge, enqueue
from service.newsroom.shows import change, paths_of
from service.newsroom.stations import station_row, topic_row
from service.newsroom.store.database import Database
from service.newsroom.store.tables import (
    ArticleRow,
    ArticleStationRow,
    CorrectionRow,
    EpisodeRow,
    RenderingRow,
    RevisionRow,
    StationRow,
    TopicRow,
)
from service.newsroom.stories.moves import episode_row, log, reopen
from service.newsroom.text import fold, slugify
from service.newsroom.values import (
    Article,
    ArticleDoubt,
    Kind,
    Lane,
    NewArticle,
    OmittedLine,
    Priority,
    Receipt,
    State,
    Step,
)

LONGEST_TOLD = 500  # characters of what was wrong, and of what is right


class Articles:
    """The newsroom's door for text."""

    def __init__(self, database: Database, now: Callable[[], datetime], nudge: Nudge) -> None:
        self._database = database
        self._now = now
        self._nudge = nudge

    def receive(self, article: NewArticle, who: str) -> Receipt:
        """Takes an article in, in one transaction: created, revised or found unchanged.

        Two submissions are one article when they share `external_id`, else `url`, else their text. NotFound
        when a station is unknown, Invalid when none is named.
        """
        nudge: tuple[int, Lane] | None
        with self._database.write() as session:
            stations = stations_of(session, article.stations)
            row = session.scalar(
                select(ArticleRow).where(ArticleRow.identity == _identity(article))
            )
            if row is None:
                receipt, nudge = open_article(
                    session, article, stations, who, self._now(), _identity(article)
                )
            else:
                receipt, nudge = self._revise(session, row, article, stations, who)
        if nudge:
            self._nudge(*nudge)
        return receipt

    def get(self, article_id: int) -> Article:
        """The newest revision; NotFound when there is none of that number."""
        with self._database.read() as session:
            row = session.get(ArticleRow, article_id)
            if row is None:
                raise NotFound(f"no article {article_id}", "Không có bài này.", "article")
            revision = session.get_one(RevisionRow, (row.id, row.revision))
            topic = session.get(TopicRow, revision.topic_id) if revision.topic_id else None
            slugs = session.scalars(
                select(StationRow.slug)
                .join(ArticleStationRow, ArticleStationRow.station_id == StationRow.id)
                .where(ArticleStationRow.article_id == row.id)
                .order_by(ArticleStationRow.position)
            ).all()
            episode = session.scalars(
                select(EpisodeRow.id).where(EpisodeRow.article_id == row.id)
            ).one()
            return Article(
                id=row.id,
                revision=row.revision,
                title=revision.title,
                lead=revision.lead,
                paragraphs=tuple(revision.paragraphs),
                byline=revision.byline,
                topic=topic.name if topic else "",
                url=row.url,
                external_id=row.external_id,
                priority=Priority(row.priority),
                published_at=revision.published_at,
                received_at=revision.received_at,
                stations=tuple(slugs),
                episode_id=episode,
                evergreen=row.evergreen,
                left_out=tuple(OmittedLine(**line) for line in revision.left_out),
                doubts=tuple(map(ArticleDoubt, revision.doubts)),
            )

    def edit(self, article_id: int, article: NewArticle, who: str) -> Receipt:
        """A new revision written on the desk; unchanged text changes nothing. Conflict for a bulletin."""
        with self._database.write() as session:
            row = session.get(ArticleRow, article_id)
            if row is None:
                raise NotFound(f"no article {article_id}", "Không có bài này.", "article")
            if (
                session.scalar(select(EpisodeRow.kind).where(EpisodeRow.article_id == row.id))
                == Kind.BULLETIN
            ):
                raise Conflict(
                    "a bulletin is planned, not written",
                    "Bản tin được sửa ở trang Bản tin.",
                    "article",
                )
            receipt, nudge = self._revise(
                session, row, article, stations_of(session, article.stations), who
            )
        if nudge:
            self._nudge(*nudge)
        return receipt

    def correct(
        self, episode_id: int, article: NewArticle, wrong: str, right: str, who: str
    ) -> Receipt:
        """A correction of what was heard: an episode of its own, `article` its text, which goes the usual way.

        The same once more changes nothing. Conflict when the public never had the episode: then it is simply edited.
        """
        wrong, right = _told(wrong, "wrong"), _told(right, "right")
        with self._database.write() as session:
            corrected = episode_row(session, episode_id, lock=True)
            if corrected.public_version is None:
                raise Conflict(
                    f"episode {episode_id} was never heard; edit it instead",
                    "Bài chưa phát lần nào nên không cần đính chính: hãy sửa thẳng trong bài.",
                    "episode",
                )
            identity = f"correction:{episode_id}:{article.digest}"
            row = session.scalar(select(ArticleRow).where(ArticleRow.identity == identity))
            if row is not None:
                known = session.scalars(
                    select(EpisodeRow.id).where(EpisodeRow.article_id == row.id)
                ).one()
                return Receipt(row.id, known, "unchanged")
            stations = stations_of(session, article.stations)
            now = self._now()
            receipt, nudge = open_article(
                session, article, stations, who, now, identity, Kind.CORRECTION
            )
            session.add(
                CorrectionRow(
                    episode_id=receipt.episode_id,
                    corrected_id=episode_id,
                    wrong=wrong,
                    right=right,
                    made_by=who,
                    made_at=now,
                )
            )
            log(session, now, who, "correction", f"{wrong} → {right}", corrected)
        self._nudge(*nudge)
        return receipt

    def _revise(
        self,
        session: Session,
        row: ArticleRow,
        article: NewArticle,
        stations: list[StationRow],
        who: str,
    ) -> tuple[Receipt, tuple[int, Lane] | None]:
        episode = session.scalars(
            select(EpisodeRow).where(EpisodeRow.article_id == row.id).with_for_update()
        ).one()
        known = session.get_one(RevisionRow, (row.id, row.revision))
        shows = paths_of(session, episode)
        _place(session, row, stations)
        row.priority = episode.priority = article.priority
        row.evergreen = article.evergreen
        episode.station_id = stations[0].id
        session.flush()
        if episode.public_version is not None and (moved := paths_of(session, episode)) != shows:
            change(session, shows | moved, self._now())
        if known.digest == article.digest:
            return Receipt(row.id, episode.id, "unchanged"), None
        now = self._now()
        row.revision += 1
        _add_revision(session, row, article, now, who)
        nudge = reopen(
            session,
            episode,
            State.RECEIVED,
            who,
            "revised",
            now,
            lane=lane_of(article.priority),
            title=article.title,
            revision=row.revision,
        )
        return Receipt(row.id, episode.id, "revised"), nudge


def open_article(
    session: Session,
    article: NewArticle,
    stations: list[StationRow],
    who: str,
    now: datetime,
    identity: str,
    kind: Kind = Kind.STORY,
    *,
    recording: int | None = None,
    voice: str = "",
) -> tuple[Receipt, tuple[int, Lane]]:
    """A new article with its episode, and the job that begins it; `recording` when a person reads the whole.

    `voice` is the one asked for, "" for the station's.
    """
    row = ArticleRow(
        identity=identity,
        external_id=article.external_id,
        url=article.url,
        priority=article.priority,
        revision=1,
        evergreen=article.evergreen,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _place(session, row, stations)
    _add_revision(session, row, article, now, who)
    episode = EpisodeRow(
        kind=kind,
        guid=str(uuid4()),
        slug=f"{slugify(article.title) or 'bai'}-{row.id}",
        article_id=row.id,
        station_id=stations[0].id,
        state=State.RECEIVED,
        version=1,
        priority=article.priority,
        created_at=now,
        updated_at=now,
    )
    session.add(episode)
    session.flush()
    session.add(
        RenderingRow(
            episode_id=episode.id,
            version=1,
            revision=1,
            title=article.title,
            cause="received",
            opened_by=who,
            opened_at=now,
            recording_id=recording,
            voice=voice,
        )
    )
    log(session, now, who, "received", article.title, episode)
    job = enqueue(session, episode, Step.WRITE, lane_of(article.priority), now)
    return Receipt(row.id, episode.id, "created"), job


def _told(text: str, field: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Invalid(f"say what is {field}", "Cần ghi rõ chỗ sai và nội dung đúng.", field)
    if len(text) > LONGEST_TOLD:
        raise Invalid(
            f"at most {LONGEST_TOLD} characters", f"Mỗi ô dài tối đa {LONGEST_TOLD} ký tự.", field
        )
    return text


def lane_of(priority: Priority) -> Lane:
    """Urgent news overtakes."""
    return Lane.FAST if priority is Priority.URGENT else Lane.SLOW


def _identity(article: NewArticle) -> str:
    if article.external_id:
        return f"id:{article.external_id}"
    if article.url:
        return f"url:{article.url}"
    return f"text:{article.digest}"


def stations_of(session: Session, slugs: tuple[str, ...]) -> list[StationRow]:
    """The stations an article is for; Invalid when there are none, or one is unknown."""
    if not slugs:
        raise Invalid("name at least one station", "Chọn ít nhất một đài.", "stations")
    try:
        return [station_row(session, slug) for slug in dict.fromkeys(slugs)]
    except NotFound as error:
        raise Invalid(str(error), error.message_vi, "stations") from error


def _place(session: Session, row: ArticleRow, stations: list[StationRow]) -> None:
    session.execute(delete(ArticleStationRow).where(ArticleStationRow.article_id == row.id))
    for position, station in enumerate(stations):
        session.add(ArticleStationRow(article_id=row.id, station_id=station.id, position=position))
    session.flush()


def _add_revision(
    session: Session, row: ArticleRow, article: NewArticle, now: datetime, who: str
) -> None:
    topic = topic_row(session, article.topic) if article.topic else None
    session.add(
        RevisionRow(
            article_id=row.id,
            number=row.revision,
            digest=article.digest,
            title=article.title,
            lead=article.lead,
            paragraphs=list(article.paragraphs),
            byline=article.byline,
            topic_id=topic.id if topic else None,
            published_at=article.published_at,
            received_at=now,
            received_from=who,
            folded=fold(" ".join([article.title, article.lead, *article.paragraphs])),
            left_out=[asdict(line) for line in article.left_out],
            doubts=[doubt.value for doubt in article.doubts],
        )
    )
    session.flush()
