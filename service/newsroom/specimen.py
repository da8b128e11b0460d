"""A newsroom filled at once with an archive of published episodes, for `loa bench` and tests: rows, no sound."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import insert

from service.newsroom import Newsroom
from service.newsroom.stations import station_row
from service.newsroom.store.tables import (
    ArticleRow,
    ArticleStationRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    RevisionRow,
    Table,
)
from service.newsroom.values import Cause, Kind, Priority, State

FILES = (
    ("app", "app.mp3", "audio/mpeg", 960_000, 120.0),
    ("lite", "lite.opus", "audio/ogg; codecs=opus", 300_000, 120.0),
    ("transcript", "transcript.vtt", "text/vtt", 4_000, 0.0),
)


def fill(newsroom: Newsroom, station: str, count: int) -> None:
    """So many episodes of a station, an hour apart, the newest an hour old; the newsroom must be empty."""
    first = newsroom.now() - timedelta(hours=count + 1)
    rows: dict[
        type[Table], list[dict[str, object]]
    ] = {}  # in the order in which they refer to each other

    def add(table: type[Table], **values: object) -> None:
        rows.setdefault(table, []).append(values)

    with newsroom.database.write() as session:
        place = station_row(session, station).id
        for n in range(1, count + 1):
            time = first + timedelta(hours=n)
            title = f"Bài số {n} của kho lưu"
            version = {"episode_id": n, "version": 1}
            add(
                ArticleRow,
                id=n,
                identity=f"specimen:{n}",
                external_id="",
                url="",
                priority=Priority.NORMAL,
                revision=1,
                created_at=time,
            )
            add(ArticleStationRow, article_id=n, station_id=place, position=0)
            add(
                RevisionRow,
                article_id=n,
                number=1,
                digest=str(n),
                title=title,
                lead=f"Tóm tắt bài {n}.",
                paragraphs=["Một câu."],
                byline="Lan Anh",
                received_at=time,
                received_from="specimen",
                folded="",
            )
            add(
                EpisodeRow,
                id=n,
                kind=Kind.STORY,
                guid=str(uuid4()),
                slug=f"bai-{n}",
                article_id=n,
                station_id=place,
                state=State.PUBLISHED,
                version=1,
                public_version=1,
                priority=Priority.NORMAL,
                created_at=time,
                updated_at=time,
                first_published_at=time,
            )
            add(
                RenderingRow,
                **version,
                revision=1,
                title=title,
                cause=Cause.RECEIVED,
                opened_by="specimen",
                opened_at=time,
                spoken_by="tone:",
                approved_by="specimen",
                approved_at=time,
                published_at=time,
            )
            for kind, name, mime, size, seconds in FILES:
                add(
                    MasterRow,
                    **version,
                    kind=kind,
                    name=name,
                    key=f"none/{n}/{name}",
                    mime=mime,
                    bytes=size,
                    sha256=f"{n:064x}",
                    seconds=seconds,
                    lufs=-16.0,
                    true_peak=-1.0,
                    created_at=time,
                )
        for table, all_of_them in rows.items():
            session.execute(insert(table), all_of_them)
