"""What pages cost the processor, and how that grows: from 100 episodes to 10,000, from 10 stations
to 1,000. Made anew for each request, without the shelf that spares most of them.
"""

import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from bench.common import Bench
from bench.figures import Figure, Goal
from service.newsroom import Newsroom
from service.newsroom.specimen import fill
from service.newsroom.store.files import Folder
from service.newsroom.values import Role, Slot, Station
from service.web.app import create_app
from service.web.site import Site

ROUNDS = 7
PASSWORD = "chỉ để đo thời gian"  # noqa: S105 - of a newsroom that ends with the bench
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HOUR = Slot("05:00", 900)
# What is asked of each page: milliseconds of the processor, where anything is.
PAGES: Mapping[str, tuple[str, float | None]] = {
    "home": ("/", 10.0),
    "station": ("/stations/thu", None),
    "article": ("/articles/bai-50", None),
    "search": ("/search?q=kho", None),
    "operator's page": ("/stations/thu/speaker", 15.0),
    "slot's JSON": ("/stations/thu/slots/0500/latest.json", None),
    "desk list": ("/desk", 15.0),
    "desk, bulletins": ("/desk/bulletins", 30.0),
    "desk, stations": ("/desk/stations", 30.0),
    "desk, a station": ("/desk/stations/thu", 30.0),
    "desk, new article": ("/desk/new", 30.0),
    "desk, a warning": ("/desk/urgent", 30.0),
    "desk, people": ("/desk/people", 30.0),
}
MOST_GROWTH = 1.3


@dataclass(frozen=True, slots=True)
class Archive:
    """How large an installation is."""

    name: str
    episodes: int
    stations: int


SMALL = Archive("small", 100, 10)
LARGE = Archive("10,000 episodes", 10_000, 10)
WIDE = Archive("1,000 stations", 100, 1_000)


def pages(at: Bench) -> list[Figure]:
    """Every page with a small archive, with many episodes and with many stations, in turns."""
    return measured(at, (SMALL, LARGE, WIDE), ROUNDS)


def measured(at: Bench, archives: tuple[Archive, ...], rounds: int) -> list[Figure]:
    """Milliseconds of each page in each archive, and by how much it grows from the first."""
    with ExitStack() as stack:
        clients = {
            archive: stack.enter_context(visited(at, archive)) for archive in archives
        }
        figures: list[Figure] = []
        for page, (path, most_ms) in PAGES.items():
            took = _in_turns(clients, path, rounds)
            figures += figures_of_page(page, took, most_ms)
    return figures


def _in_turns(
    clients: Mapping[Archive, FlaskClient], path: str, rounds: int
) -> dict[Archive, list[float]]:
    """What the machine does meanwhile touches all archives alike. The first round warms up."""
    took: dict[Archive, list[float]] = {archive: [] for archive in clients}
    for number in range(rounds + 1):
        for archive, client in clients.items():
            milliseconds = _page_ms(client, path)
            if number:
                took[archive].append(milliseconds)
    return took


def figures_of_page(
    page: str, took: Mapping[Archive, list[float]], most_ms: float | None
) -> Iterator[Figure]:
    """What a page took in each archive, and by how much it grows from the first, pair by pair."""
    first, *others = took
    goal = Goal(most_ms) if most_ms else None
    for archive, milliseconds in took.items():
        yield Figure(f"{page}, {archive.name}, ms", tuple(milliseconds), goal)
    for other in others:
        pairs = zip(took[other], took[first], strict=True)
        growth = tuple(large / small for large, small in pairs)
        yield Figure(f"{page}, {other.name} / {first.name}", growth, Goal(MOST_GROWTH))


def _page_ms(client: FlaskClient, path: str) -> float:
    began = time.process_time()
    answer = client.get(path)
    took = 1000 * (time.process_time() - began)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return took


@contextmanager
def visited(at: Bench, archive: Archive) -> Iterator[FlaskClient]:
    """Somebody at the desk of an installation of that size."""
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        newsroom = _filled(Path(folder), at.migrations, archive)
        site = Site("http://loa.example", "Loa", at.templates, "bench", bed=at.bed)
        client = create_app(newsroom, site).test_client()
        newsroom.people.add("bench", PASSWORD, Role.ADMIN)
        _log_in(client)
        yield client
        newsroom.database.close()


def _filled(folder: Path, migrations: Path, archive: Archive) -> Newsroom:
    address = f"sqlite:///{folder.as_posix()}/loa.db"
    newsroom = Newsroom.open(address, Folder(folder / "files"), migrations)
    newsroom.database.migrate()
    newsroom.stations.put(Station("thu", "Đài thử", slots=(HOUR,)))
    for number in range(1, archive.stations):
        name = f"Đài xã số {number}"
        newsroom.stations.put(Station(f"xa-{number}", name, slots=(HOUR,)))
    fill(newsroom, "thu", archive.episodes)
    return newsroom


def _log_in(client: FlaskClient) -> None:
    token = TOKEN.search(client.get("/desk/login").text)
    if token is None:
        raise RuntimeError("the login has no form")
    form = {"name": "bench", "password": PASSWORD, "csrf_token": token[1]}
    if client.post("/desk/login", data=form).status_code != 303:
        raise RuntimeError("nobody can log in")
