"""What comes out at once comes out in seconds of its own: apps order what shares one as
they like.
"""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from audio.voice import Voice
from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.store.tables import EpisodeRow
from service.newsroom.values import Lane, NewArticle, Station
from tests.conftest import QUICK
from tests.system.servers import empty_database
from workers.line import work
from workers.studio import Studio
from workers.voices import Voices

AT_ONCE = 6
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def address(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/loa.db"
    return empty_database(request.getfixturevalue("postgres"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def newsrooms(request, tmp_path):
    """One installation as so many workers have it, each with connections of its own; its clock
    stands still.
    """
    url = address(request, tmp_path)
    rooms = [
        Newsroom.open(
            url, Folder(tmp_path / "files"), MIGRATIONS, now=lambda: NOW, hasher=QUICK
        )
        for _ in range(AT_ONCE)
    ]
    rooms[0].database.migrate()
    rooms[0].stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    yield rooms
    for room in rooms:
        room.database.close()


def test_stories_that_come_out_at_once_have_seconds_of_their_own(newsrooms):
    first = newsrooms[0]
    voices = Voices([Voice("tone", "")])
    studios = [Studio(room, voices) for room in newsrooms]
    for n in range(AT_ONCE):
        first.articles.receive(
            NewArticle(f"Tin {n}", ("Trời đẹp.",), f"{n}", ("suoi-lanh",)), "cms"
        )
    while job := first.jobs.claim("test", tuple(Lane)):
        work(job, studios[0])
    for n in range(AT_ONCE):
        first.episodes.approve(n + 1, "chị Sen", 1)
    jobs = [room.jobs.claim("test", tuple(Lane)) for room in newsrooms]
    assert all(jobs)
    together = threading.Barrier(AT_ONCE)

    def publish(job, studio):
        together.wait()
        work(job, studio)

    workers = [
        threading.Thread(target=publish, args=pair)
        for pair in zip(jobs, studios, strict=True)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    voices.close()
    with first.database.read() as session:
        moments = session.scalars(select(EpisodeRow.first_published_at)).all()
    seconds = sorted((moment - NOW).total_seconds() for moment in moments)
    assert seconds == list(range(AT_ONCE))
