"""A newsroom with one station, and the line beside it, with a voice that hums."""

from datetime import UTC, datetime, timedelta

import pytest

from audio.booth import Patience
from audio.voice import Voice
from loa import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.files import Folder
from service.newsroom.values import Lane, NewArticle, Station
from workers.line import Studio, work
from workers.voices import Voices

SENTENCES = " ".join(f"Câu số {n} của bài này nói về việc làm đường." for n in range(1, 40))


class Clock:
    """Time that can be turned on."""

    def __init__(self):
        self.ahead = timedelta(0)

    def __call__(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def newsroom(tmp_path, clock):
    found = Newsroom.open(f"sqlite:///{tmp_path}/loa.db", Folder(tmp_path / "files"), MIGRATIONS, now=clock)
    found.database.migrate()
    found.stations.put(Station("suoi-lanh", "Đài Suối Lành", approval="required"))
    yield found
    found.database.close()


@pytest.fixture
def studio(newsroom):
    voices = Voices([Voice("tone", "")])
    yield Studio(newsroom, voices, patience=Patience(sleep=lambda seconds: None))
    voices.close()


@pytest.fixture
def hand_in(newsroom):
    def hand_in(title="Xã làm đường", paragraphs=(SENTENCES,), **more):
        article = NewArticle(title, paragraphs, f"{title}{paragraphs}", ("suoi-lanh",), **more)
        return newsroom.articles.receive(article, "test").episode_id

    return hand_in


@pytest.fixture
def work_all(studio):
    def work_all(at=studio, most=100):
        done = []
        while len(done) < most and (job := at.newsroom.jobs.claim("test", tuple(Lane))):
            work(job, at)
            done.append(job.step)
        return done

    return work_all
