"""The database is killed and begun again in the middle of work: all of it is done, once."""

import threading
from dataclasses import replace

import pytest

from audio.voice import Voice
from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.errors import Unavailable
from service.newsroom.store.files import Folder
from service.newsroom.values import NewArticle, State, Station
from tests.conftest import ENCODED, QUICK
from tests.system.servers import HANGS_AFTER_S, empty_database, wait_for
from workers.lanes import Lanes
from workers.studio import Studio
from workers.voices import Voices

ARTICLES = 4


@pytest.fixture
def on_postgres(postgres, tmp_path):
    """A newsroom on the real clock."""
    found = Newsroom.open(
        empty_database(postgres), Folder(tmp_path / "files"), MIGRATIONS, hasher=QUICK
    )
    found.database.migrate()
    found.stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    yield found
    found.database.close()


class Interrupted:
    """Makes masters; in the middle of the first it waits for what happens then."""

    def __init__(self):
        self.begun, self.over = threading.Event(), threading.Event()

    def __call__(self, *arguments):
        masters = ENCODED(*arguments)
        self.begun.set()
        assert self.over.wait(HANGS_AFTER_S)
        return masters


def answers(newsroom):
    try:
        newsroom.database.ping()
    except Unavailable:
        return False
    return True


@pytest.mark.servers
def test_what_was_under_way_is_done_once_and_nobody_is_called_dead(
    on_postgres, postgres_server
):
    newsroom = on_postgres
    numbers = [
        newsroom.articles.receive(
            NewArticle(f"Tin {n}", ("Trời đẹp.",), f"{n}", ("suoi-lanh",)), "cms"
        ).episode_id
        for n in range(ARTICLES)
    ]
    interrupted = Interrupted()
    voices = Voices([Voice("tone", "")])
    lanes = Lanes(replace(Studio(newsroom, voices), make=interrupted), "worker", 2)
    lanes.start()
    assert interrupted.begun.wait(HANGS_AFTER_S)
    postgres_server.restart()
    wait_for(lambda: answers(newsroom))
    interrupted.over.set()
    wait_for(lambda: newsroom.jobs.unfinished() == 0)
    lanes.stop()
    voices.close()
    for number in numbers:
        episode = newsroom.episodes.get(number)
        assert (episode.state, episode.version) == (State.MASTERED, 1)
        assert len({master.path for master in episode.masters}) == 3
