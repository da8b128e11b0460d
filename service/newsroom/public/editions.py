"""Editions: what the public gets.

Only published renderings, and the files that ever belonged to one.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select

from service.newsroom.errors import NotFound, Withdrawn
from service.newsroom.public.edition_rows import editions_of, file_at
from service.newsroom.public.questions import (
    Found,
    briefs_of,
    figure_of,
    rows_of,
    where_of,
)
from service.newsroom.store.database import Database
from service.newsroom.store.tables import (
    ArticleRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    UrgentRow,
)
from service.newsroom.stories.corrections import Marks, marks_on
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.stories.sources import address_of
from service.newsroom.values import Brief, Edition, Kind, Media, MediaStanding, Page
from service.zone import VIETNAM


class Editions:
    """The public's questions. Nothing here changes a row."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def latest(
        self,
        *,
        station: str = "",
        topic: str = "",
        words: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        kinds: Sequence[Kind] = (),
        limit: int = 30,
        offset: int = 0,
        counted: bool = True,
    ) -> Page:
        """Published editions, the newest article first, without their sentences.

        The page's `total` is asked for only when `counted`; else it is how many are on the page.

        `words` are searched without diacritics; `since` and `until` bound when they were first
        published; `kinds` other than () leaves out the rest.
        """
        where = where_of(station, topic, words)
        if since is not None:
            where.append(EpisodeRow.first_published_at >= since)
        if until is not None:
            where.append(EpisodeRow.first_published_at < until)
        if kinds:
            where.append(EpisodeRow.kind.in_(kinds))
        with self._database.read() as session:
            rows = session.execute(
                rows_of(where)
                .order_by(EpisodeRow.first_published_at.desc(), EpisodeRow.id.desc())
                .limit(limit)
                .offset(offset)
            ).all()
            if not counted:
                return Page(editions_of(session, rows), len(rows))
            count = figure_of(func.count(EpisodeRow.id), where, bool(topic or words))
            total = session.scalar(count) or 0
            return Page(editions_of(session, rows), total)

    def of_episodes(self, numbers: Collection[int]) -> dict[int, Edition]:
        """The published editions of these episodes, by number; what is not public is left out."""
        with self._database.read() as session:
            rows = session.execute(rows_of([EpisodeRow.id.in_(numbers)])).all()
            editions = editions_of(session, rows)
        return {edition.episode_id: edition for edition in editions}

    def briefs(
        self,
        station: str,
        since: datetime,
        until: datetime,
        kinds: Sequence[Kind],
        limit: int = 400,
    ) -> tuple[Brief, ...]:
        """What a station first published within these times,
        the newest first: no more than its lists show.
        """
        first = EpisodeRow.first_published_at
        where = [*where_of(station, "", ""), first >= since, first < until]
        where.append(EpisodeRow.kind.in_(kinds))
        with self._database.read() as session:
            rows = session.execute(
                briefs_of(where)
                .order_by(first.desc(), EpisodeRow.id.desc())
                .limit(limit)
            ).all()
            marks = (
                marks_on(session, [row.id for row in rows], ())
                if rows
                else Marks({}, {})
            )
            return tuple(
                Brief(
                    row.id, row.slug, row.title, row.seconds, marks.of.get(row.id, ())
                )
                for row in rows
            )

    def today(
        self,
        since: datetime,
        *,
        station: str = "",
        kinds: Sequence[Kind] = (),
        limit: int = 60,
    ) -> tuple[Edition, ...]:
        """What is to be heard now: warnings in force, whenever they came.

        Then what was first published since.

        Each part begins with the newest. A warning that is over is not heard as if it were news; of
        the rest only `kinds` are.
        """
        first = EpisodeRow.first_published_at
        where = where_of(station, "", "")
        newest_first = (first.desc(), EpisodeRow.id.desc())
        # Two questions: in one, an OR keeps the database from using any index.
        news = [*where, UrgentRow.episode_id.is_(None), first >= since]
        if kinds:
            news.append(EpisodeRow.kind.in_(kinds))
        with self._database.read() as session:
            warnings = select(UrgentRow.episode_id).where(
                UrgentRow.expires_at > self._now()
            )
            in_force = session.scalars(warnings).all()
            rows: list[Found] = []
            if in_force:
                warned = rows_of([*where, EpisodeRow.id.in_(in_force)])
                rows += session.execute(
                    warned.order_by(*newest_first).limit(limit)
                ).all()
            rows += session.execute(
                rows_of(news).order_by(*newest_first).limit(limit)
            ).all()
            return editions_of(session, rows[:limit])

    def days(
        self, since: datetime, until: datetime, *, station: str = ""
    ) -> dict[date, int]:
        """How many were first published on each day in Vietnam within these times.

        Days without any are left out.
        """
        where = where_of(station, "", "")
        where += [
            EpisodeRow.first_published_at >= since,
            EpisodeRow.first_published_at < until,
        ]
        with self._database.read() as session:
            times = session.scalars(figure_of(EpisodeRow.first_published_at, where))
            return dict(
                sorted(
                    Counter(
                        time.astimezone(VIETNAM).date() for time in times if time
                    ).items()
                )
            )

    def ends(self, *, station: str = "") -> tuple[datetime, datetime] | None:
        """When the first and the last that can still be heard were published.

        None before there is any.
        """
        first = EpisodeRow.first_published_at
        with self._database.read() as session:
            where = where_of(station, "", "")
            oldest = session.scalar(figure_of(first, where).order_by(first).limit(1))
            newest = session.scalar(
                figure_of(first, where).order_by(first.desc()).limit(1)
            )
            return (oldest, newest) if oldest and newest else None

    def around(
        self, since: datetime, until: datetime, *, station: str = ""
    ) -> tuple[datetime | None, datetime | None]:
        """When the last before these times was published, and the first after them.

        None where there is none.
        """
        first, where = EpisodeRow.first_published_at, where_of(station, "", "")
        with self._database.read() as session:
            earlier = figure_of(first, [*where, first < since]).order_by(first.desc())
            later = figure_of(first, [*where, first >= until]).order_by(first)
            before = session.scalar(earlier.limit(1))
            after = session.scalar(later.limit(1))
            return before, after

    def ever(self, *, station: str = "", topic: str = "") -> int:
        """How many were ever published here, those that were withdrawn since among them."""
        with self._database.read() as session:
            query = rows_of(where_of(station, topic, ""), gone=True).with_only_columns(
                func.count()
            )
            return session.scalar(query) or 0

    def archive(
        self, number: int, size: int, *, station: str = "", topic: str = ""
    ) -> tuple[Edition, ...]:
        """Page `number` of the archive, the newest first:
        page 1 holds the first `size` that were ever published.

        A page that is full stays what it is: what was withdrawn leaves it, and nothing moves up.
        """
        with self._database.read() as session:
            rows = session.execute(
                rows_of(where_of(station, topic, ""), gone=True)
                .order_by(EpisodeRow.first_published_at, EpisodeRow.id)
                .limit(size)
                .offset((number - 1) * size)
            ).all()
            return editions_of(
                session, [row for row in reversed(rows) if not row[0].withdrawn_why]
            )

    def get(self, slug: str) -> Edition:
        """One edition with its sentences and cues.

        NotFound when nothing of that name was ever published.
        """
        with self._database.read() as session:
            row = session.execute(rows_of([EpisodeRow.slug == slug], gone=True)).first()
            if row is None:
                raise NotFound(f"no article {slug!r}", "Không có bài này.", "article")
            if row[0].withdrawn_why:
                raise Withdrawn(row[1].title, row[0].withdrawn_why)
            editions = editions_of(session, [row])
            if not editions:
                raise AssertionError(
                    f"edition {slug!r} cannot be read; the log says why"
                )
            (edition,) = editions
            return replace(
                edition,
                sentences=sentences_of(session, row[0].id, row[0].public_version or 0),
                memo=row[0].memo,
            )

    def at_address(self, url: str) -> Edition | None:
        """The newest edition of the article that stands at an address elsewhere.

        None when the public has none.
        """
        articles = select(ArticleRow.id).where(ArticleRow.address == address_of(url))
        here = [*where_of("", "", ""), EpisodeRow.article_id.in_(articles)]
        with self._database.read() as session:
            newest = (
                rows_of(here).order_by(EpisodeRow.first_published_at.desc()).limit(1)
            )
            row = session.execute(newest).first()
        return self.get(row[0].slug) if row is not None else None

    def media(self, episode_id: int, version: int, name: str) -> Media:
        """The file at `/media/<episode>/<version>/<name>` and how it stands.

        NotFound when it was never made.

        `newest` is the path of the same kind of file in the public version: where a superseded one
        leads.
        """
        with self._database.read() as session:
            row = session.execute(file_at(episode_id, version, name)).first()
            if row is None:
                raise NotFound(f"no file {name!r}", "Không có tệp này.", "file")
            master, episode, rendering, has_open_copy = row
            # By its kind: the name tells the version, so that it is another one.
            newest = session.scalar(
                select(MasterRow.name).where(
                    MasterRow.episode_id == episode_id,
                    MasterRow.version == (episode.public_version or 0),
                    MasterRow.kind == master.kind,
                )
            )
            return Media(
                episode_id=episode_id,
                version=version,
                kind=master.kind,
                name=name,
                key=master.key,
                mime=master.mime,
                bytes=master.bytes,
                seconds=master.seconds,
                sha256=master.sha256,
                modified=master.created_at,
                standing=_standing(episode, rendering),
                newest=f"{episode_id}/{episode.public_version}/{newest}"
                if newest
                else "",
                title=rendering.title,
                withdrawn_why=episode.withdrawn_why,
                has_open_copy=has_open_copy,
            )


def _standing(episode: EpisodeRow, rendering: RenderingRow) -> MediaStanding:
    if rendering.published_at is None:
        return MediaStanding.UNPUBLISHED
    if episode.withdrawn_why:
        return MediaStanding.WITHDRAWN
    is_current = rendering.version == episode.public_version
    return MediaStanding.CURRENT if is_current else MediaStanding.SUPERSEDED
