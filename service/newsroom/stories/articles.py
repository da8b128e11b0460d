"""Articles come in: once each, with every later edit a revision, and an episode for each."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    ArticleRow,
    CorrectionRow,
    EpisodeRow,
    UrgentRow,
)
from service.newsroom.stories.differences import (
    Difference,
    difference_to,
    note_metadata,
)
from service.newsroom.stories.doubting import (
    doubted_if_shrunk,
    length,
    public_length,
    still_doubted,
)
from service.newsroom.stories.likeness import like
from service.newsroom.stories.moves import episode_row, reopen
from service.newsroom.stories.opening import (
    add_text,
    article_row,
    checked_part,
    lane_of,
    open_article,
    receipt_of,
    stations_of,
)
from service.newsroom.stories.renderings import newest_rendering
from service.newsroom.stories.revisions import article_value
from service.newsroom.stories.sources import (
    as_sent,
    identity_of,
    laid_over,
    named_query,
)
from service.newsroom.stories.turns import voice_in_turn
from service.newsroom.stories.version_rows import Opening
from service.newsroom.values import (
    EVERYWHERE,
    Article,
    Cause,
    Event,
    Kind,
    Likeness,
    NewArticle,
    News,
    Reach,
    Receipt,
    Source,
    SourceKind,
)


class Articles:
    """The newsroom's door for text."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def receive(
        self, article: NewArticle, who: str, source: Source | None = None
    ) -> Receipt:
        """Takes an article in, in one transaction: created, revised or found unchanged.

        Two submissions of one `source` (without it: of that person) are one article when they share
        `external_id`, else `url`, else their text. What people here changed since stays: only what
        the source itself changed is taken over. NotFound when a station is unknown, Invalid when
        none is named.
        """
        identity = identity_of(source or Source(SourceKind.PERSON, who), article)
        with self._database.write() as session:
            stations = stations_of(session, article.stations)
            # Locked: a source may send two texts of one article at once, and each is a revision.
            of_identity = select(ArticleRow).where(ArticleRow.identity == identity)
            row = session.scalar(of_identity.with_for_update())
            if row is None:
                receipt = open_article(
                    session,
                    article,
                    stations,
                    who,
                    self._now(),
                    identity,
                    voice=voice_in_turn(session, stations[0]),
                )
                _note_sent(session.get_one(ArticleRow, receipt.article_id), article)
                return receipt
            standing = article_value(session, row)
            laid = laid_over(row.sent, standing, article)
            # Kept as it was sent, not as it was laid: the next copy is compared with this one.
            _note_sent(row, article)
            before = max(length(standing), public_length(session, standing.episode_id))
            sent_anew = doubted_if_shrunk(laid.article, before)
            # Portals change addresses of pictures for no reason; who sends an article anew has one.
            polled = source is not None and source.kind is SourceKind.FEED
            return self._revise(
                session, row, sent_anew, who, laid.lost, pictured=not polled
            )

    def get(self, article_id: int) -> Article:
        """The newest revision; NotFound when there is none of that number."""
        with self._database.read() as session:
            return article_value(session, article_row(session, article_id))

    def like(self, article_id: int, among: Reach = EVERYWHERE) -> list[Likeness]:
        """Articles of these days that say nearly the same: another portal's copy, often."""
        with self._database.read() as session:
            return like(session, article_id, self._now(), among)

    def named(
        self, external_id: str, source: str = "", among: Reach = EVERYWHERE
    ) -> list[Article]:
        """Articles that their senders call so, the newest first.

        Of one `source`, by its name, when it is given.

        A polled source may be named as people call it.
        """
        with self._database.read() as session:
            rows = session.scalars(named_query(session, external_id, source)).all()
            articles = readable(
                rows, lambda row: article_value(session, row), "an article"
            )
        return [article for article in articles if among.touches(article.stations)]

    @transact
    def edit(
        self, article_id: int, article: NewArticle, who: str, seen: str = ""
    ) -> Receipt:
        """A new revision written on the desk; unchanged text changes nothing.

        `seen` is the mark of the article as it was looked at: Conflict when it is another by now,
        where one is given. Conflict for a bulletin, which is planned, and for
        a warning, which is only ended or replaced.
        """
        with self._database.write() as session:
            row = article_row(session, article_id, lock=True)
            if seen and article_value(session, row).mark != seen:
                raise _another()
            kind = session.scalar(
                select(EpisodeRow.kind).where(EpisodeRow.article_id == row.id)
            )
            if kind == Kind.BULLETIN:
                raise Conflict(
                    "a bulletin is planned, not written",
                    "Bản tin được sửa ở trang Bản tin.",
                    "article",
                )
            return self._revise(session, row, still_doubted(session, row, article), who)

    @transact
    def correct(
        self, episode_id: int, article: NewArticle, wrong: str, right: str, who: str
    ) -> Receipt:
        """A correction of what was heard: an episode of its own,
        `article` its text, which goes the usual way.

        The same once more changes nothing. Conflict when the public never had the episode: then it
        is simply edited.
        """
        wrong, right = checked_part(wrong, "wrong"), checked_part(right, "right")
        now = self._now()
        with self._database.write() as session:
            corrected = episode_row(session, episode_id, lock=True)
            if corrected.public_version is None:
                raise Conflict(
                    f"episode {episode_id} was never heard; edit it instead",
                    "Bài chưa phát lần nào nên không cần đính chính: hãy sửa thẳng trong bài.",
                    "episode",
                )
            identity = f"correction:{episode_id}:{article.digest}"
            same = receipt_of(session, identity)
            if same is not None:
                return same
            stations = stations_of(session, article.stations)
            receipt = open_article(
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
            log(session, now, who, Event.CORRECTION, f"{wrong} → {right}", corrected)
        return receipt

    def _revise(
        self,
        session: Session,
        row: ArticleRow,
        article: NewArticle,
        who: str,
        lost: Sequence[str] = (),
        *,
        pictured: bool = True,
    ) -> Receipt:
        """What changed becomes a version of its own, words and placement alike.

        The rest is only noted.

        `lost` are sentences mended here that the article has no place for: the version is doubted
        for them.
        """
        now = self._now()
        episode = _episode_to_change(session, row)
        stations = stations_of(session, article.stations)
        difference = difference_to(
            session, row, episode, article, stations, pictured=pictured
        )
        if not difference.revises:
            note_metadata(session, row, episode, article, who, now)
        if not difference.opens:
            return Receipt(row.id, episode.id, News.UNCHANGED)
        same_as = (
            add_text(session, row, article, who, now) if difference.revises else None
        )
        opening = _opening(row, article, difference, same_as, who, now)
        reopen(
            session, episode, difference.begins_at, opening, lane_of(article.priority)
        )
        if difference.moved:
            log(session, now, who, Event.PLACED, difference.moved, episode)
        _note_lost(session, episode, lost, who, now)
        news = News.REVISED if difference.revises else News.PLACED
        return Receipt(row.id, episode.id, news, same_as)


def _another() -> Conflict:
    return Conflict(
        "somebody changed it meanwhile",
        "Bài vừa được người khác sửa. Hãy mở lại bài trong cửa sổ khác để so, rồi sửa trên bản mới.",
        "revision",
    )


def _note_sent(row: ArticleRow, article: NewArticle) -> None:
    """What the source said last, and how often its portal says that it was read."""
    row.sent = as_sent(article)
    if article.views is not None:
        row.views = article.views


def _opening(
    row: ArticleRow,
    article: NewArticle,
    difference: Difference,
    same_as: int | None,
    who: str,
    now: datetime,
) -> Opening:
    """The version that a difference makes.

    `same_as` is the one that was approved with the very same text.
    """
    if not difference.revises:
        return Opening(who, Cause.PLACED, now, placement=difference.placement)
    is_like = same_as is not None and difference.words
    return Opening(
        who,
        Cause.REVISED if difference.words else Cause.PICTURED,
        now,
        about=str(same_as) if is_like else "",
        title=article.title,
        revision=row.revision,
        placement=difference.placement,
        same_words=not difference.words,
    )


def _note_lost(
    session: Session, episode: EpisodeRow, lost: Sequence[str], who: str, now: datetime
) -> None:
    rendering = newest_rendering(session, episode)
    rendering.unplaced = [*rendering.unplaced, *({"written": text} for text in lost)]
    for text in lost:
        log(session, now, who, Event.CORRECTION_LOST, text, episode)


def _episode_to_change(session: Session, row: ArticleRow) -> EpisodeRow:
    """The article's episode, locked; Conflict when it is a warning."""
    episode = session.scalars(
        select(EpisodeRow)
        .where(EpisodeRow.article_id == row.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if session.get(UrgentRow, episode.id) is not None:
        raise Conflict(
            "a warning is not edited: end it, or send a new one, which is approved like any other",
            "Cảnh báo không sửa bằng cách này. Hãy kết thúc cảnh báo, hoặc gửi cảnh báo mới để duyệt.",
            "article",
        )
    return episode
