"""A newsroom with one station, the line beside it with a voice that hums, and the web over it."""

import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from jinja2 import BytecodeCache
from sqlalchemy import event

from audio.booth import Patience
from audio.clips import Memory
from audio.master import make
from audio.voice import Voice
from loa.assembly import BED, MIGRATIONS, TEMPLATES
from service.apart import TOLD
from service.guard import Guard
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.values import Lane, NewArticle, Station
from service.web.app import create_app
from service.web.media.notebook import Notebook
from service.web.site import Site, VoiceChoice
from tests.compiled import NAME as COMPILED_ONCE
from tests.system.servers import restarted, start_postgres, wait_for
from workers.line import work
from workers.studio import Studio
from workers.voices import Voices

# Passwords that are quick to check, and to guess
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SENTENCES = " ".join(
    f"Câu số {n} của bài này nói về việc làm đường." for n in range(1, 12)
)


def pytest_collection_modifyitems(items):
    """What takes longest begins first, so that no process waits for it alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


class Unsynced(Folder):
    """Files in a folder, handed over to a disk that nobody waits for: its power does not fail."""

    def put(self, key, data, *, durable=False):
        super().put(key, data, durable=False)

    def put_file(self, key, path):
        self.put(key, path.read_bytes())


def nobody_waits_for_the_disk(database):
    """The same of a database: each commit of the house waits for it."""

    def unsynced(connection, _record):
        connection.execute("PRAGMA synchronous = OFF")

    event.listen(database.engine, "connect", unsynced)


class Encoded:
    """Makes masters as the house does, and keeps what was encoded for the tests that come after.

    A passage's key tells all that goes into it: the same words are the same bytes.
    """

    def __init__(self):
        self.passages = Memory()

    def __call__(self, recipes, script, clips, kept, tags, folder, _name, heard=None):
        # Without the name: no test goes on with the setting of another's episode of that number.
        shelf = Beside(kept, self.passages)
        return make(recipes, script, clips, shelf, tags, folder, heard=heard)


class Beside:
    """A shelf, and another on which everything lies that lay on the shelf of some test."""

    at_once = 1

    def __init__(self, shelf, older):
        self.shelf, self.older = shelf, older

    def get(self, key):
        data = self.shelf.get(key)
        if data is None and (data := self.older.get(key)) is not None:
            self.shelf.put(key, data)
        return data

    def put(self, key, data):
        self.shelf.put(key, data)
        self.older.put(key, data)


ENCODED = Encoded()


class CompiledTemplates(BytecodeCache):
    """Templates compiled once a process: each test makes an application anew."""

    def __init__(self):
        self.code = {}

    def load_bytecode(self, bucket):
        if code := self.code.get(bucket.key, {}).get(bucket.checksum):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket):
        self.code[bucket.key] = {bucket.checksum: bucket.bytecode_to_string()}


COMPILED = CompiledTemplates()


class WrittenAtOnce(Notebook):
    """A notebook that no test has to wait for."""

    def note(self, what):
        super().note(what)
        self.flush()


class Clock:
    """Time that can be turned on."""

    def __init__(self):
        self.ahead = timedelta(0)

    def __call__(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture(autouse=True)
def nothing_said_yet():
    """What a test says of a bad row is said, whatever the tests before it said."""
    TOLD.forget()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """The bytes of an empty database, made once: migrations are slow."""
    path = tmp_path_factory.mktemp("migrated")
    found = Newsroom.open(
        f"sqlite:///{path}/loa.db", Folder(path / "files"), MIGRATIONS
    )
    found.database.migrate()
    found.database.close()
    return (path / "loa.db").read_bytes()


class Postgres:
    """PostgreSQL at `url`."""

    def __init__(self, folder):
        self.server, self.url = start_postgres(folder)

    def restart(self):
        """As after a power cut."""
        self.server = restarted(self.server)
        wait_for(self._is_up)

    def _is_up(self):
        """Begun again while it ends at once: the old one has its folder until it is wholly gone.

        A port that listens says little: it may be the old one's for a moment more.
        """
        import psycopg

        if self.server.process.poll() is not None:
            self.server = restarted(self.server)
            return False
        with suppress(psycopg.OperationalError), psycopg.connect(self.url):
            return self.server.process.poll() is None
        return False


@pytest.fixture(scope="session")
def postgres_server():
    """Not below pytest's folder: whoever starts another pytest closes that to all other users
    again.
    """
    with tempfile.TemporaryDirectory(
        prefix="loa-postgres-", ignore_cleanup_errors=True
    ) as folder:
        found = Postgres(Path(folder))
        yield found
        found.server.kill()


@pytest.fixture(scope="session")
def postgres(postgres_server):
    """Its address."""
    return postgres_server.url


@pytest.fixture
def newsroom(tmp_path, clock, migrated):
    (tmp_path / "loa.db").write_bytes(migrated)
    found = Newsroom.open(
        f"sqlite:///{tmp_path}/loa.db?plugin={COMPILED_ONCE}",
        Unsynced(tmp_path / "files"),
        MIGRATIONS,
        now=clock,
        hasher=QUICK,
        guard=Guard.parse("127.0.0.1"),  # where the tests' own servers are
    )
    nobody_waits_for_the_disk(found.database)
    found.stations.put(Station("suoi-lanh", "Đài Suối Lành", approval="required"))
    yield found
    found.database.close()


@pytest.fixture
def studio(newsroom):
    voices = Voices([Voice("tone", "")])
    patience = Patience(sleep=lambda seconds: None)
    yield Studio(newsroom, voices, patience=patience, make=ENCODED)
    voices.close()


@pytest.fixture
def hand_in(newsroom):
    def hand_in(title="Xã làm đường", paragraphs=(SENTENCES,), **more):
        article = NewArticle(
            title, paragraphs, f"{title}{paragraphs}", ("suoi-lanh",), **more
        )
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


@pytest.fixture
def publish(newsroom, hand_in, work_all):
    def publish(
        title="Xã làm đường",
        paragraphs=("Bà con ra đồng từ sáng sớm. Trời nắng đẹp.",),
        **more,
    ):
        episode_id = hand_in(title, paragraphs, **more)
        work_all()
        newsroom.episodes.approve(
            episode_id, "chị Sen", newsroom.episodes.get(episode_id).version
        )
        work_all()
        return newsroom.episodes.get(episode_id)

    return publish


@pytest.fixture
def site():
    voices = (VoiceChoice("tone", "Tiếng ngân"), VoiceChoice("espeak:vi", "Giọng máy"))
    return Site(
        "https://loa.example",
        "Loa",
        TEMPLATES,
        "bí mật",
        bed=BED,
        version="1",
        voices=voices,
        preferred=("tone",),
        urgent_voice="tone",
    )


@pytest.fixture
def app(newsroom, site):
    found = create_app(newsroom, site, WrittenAtOnce(newsroom))
    found.testing = True
    found.jinja_env.bytecode_cache = COMPILED
    return found


@pytest.fixture
def client(app):
    return app.test_client()
