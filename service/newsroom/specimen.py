"""A newsroom filled at once with an archive of published episodes,
for `loa bench` and tests: rows, no sound.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import insert

from service.newsroom import Newsroom
from service.newsroom.stations import station_row
from service.newsroom.store.again import transact
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

# The values of a row, by its columns.
Columns = dict[str, object]
FILES = (
    ("app", "app.mp3", "audio/mpeg", 960_000, 120.0),
    ("lite", "lite.opus", "audio/ogg; codecs=opus", 300_000, 120.0),
    ("transcript", "transcript.vtt", "text/vtt", 4_000, 0.0),
)


@transact
def fill(newsroom: Newsroom, station: str, count: int) -> None:
    """So many episodes of a station, an hour apart, the newest an hour old.

    The newsroom must be empty.
    """
    first = newsroom.now() - timedelta(hours=count + 1)
    # By table, in the order in which they refer to each other.
    rows: dict[type[Table], list[Columns]] = {}
    with newsroom.database.write() as session:
        place = station_row(session, station).id
        for n in range(1, count + 1):
            time = first + timedelta(hours=n)
            for table, columns in (
                *_article(n, place, time),
                *_episode(n, place, time),
            ):
                rows.setdefault(table, []).append(columns)
        for table, all_of_them in rows.items():
            session.execute(insert(table), all_of_them)


def _title(n: int) -> str:
    return f"Bài số {n} của kho lưu"


def _article(
    n: int, place: int, time: datetime
) -> Iterator[tuple[type[Table], Columns]]:
    """An article of one revision, at its station."""
    yield (
        ArticleRow,
        {
            "id": n,
            "identity": f"specimen:{n}",
            "external_id": "",
            "url": "",
            "priority": Priority.NORMAL,
            "revision": 1,
            "created_at": time,
        },
    )
    yield ArticleStationRow, {"article_id": n, "station_id": place, "position": 0}
    yield (
        RevisionRow,
        {
            "article_id": n,
            "number": 1,
            "digest": str(n),
            "title": _title(n),
            "lead": f"Tóm tắt bài {n}.",
            "paragraphs": ["Một câu."],
            "byline": "Lan Anh",
            "received_at": time,
            "received_from": "specimen",
            "folded": "",
        },
    )


def _episode(
    n: int, place: int, time: datetime
) -> Iterator[tuple[type[Table], Columns]]:
    """Its episode, published in one version, with the masters that nobody made."""
    yield (
        EpisodeRow,
        {
            "id": n,
            "kind": Kind.STORY,
            "guid": str(uuid4()),
            "slug": f"bai-{n}",
            "article_id": n,
            "station_id": place,
            "state": State.PUBLISHED,
            "version": 1,
            "public_version": 1,
            "priority": Priority.NORMAL,
            "created_at": time,
            "updated_at": time,
            "first_published_at": time,
        },
    )
    yield (
        RenderingRow,
        {
            "episode_id": n,
            "version": 1,
            "revision": 1,
            "title": _title(n),
            "cause": Cause.RECEIVED,
            "opened_by": "specimen",
            "stations": [place],
            "opened_at": time,
            "spoken_by": "tone:",
            "approved_by": "specimen",
            "approved_at": time,
            "published_at": time,
        },
    )
    for file in FILES:
        yield MasterRow, _master(n, file, time)


def _master(n: int, file: tuple[str, str, str, int, float], time: datetime) -> Columns:
    kind, name, mime, size, seconds = file
    return {
        "episode_id": n,
        "version": 1,
        "kind": kind,
        "name": name,
        "key": f"none/{n}/{name}",
        "mime": mime,
        "bytes": size,
        "sha256": f"{n:064x}",
        "seconds": seconds,
        "lufs": -16.0,
        "true_peak": -1.0,
        "created_at": time,
    }
