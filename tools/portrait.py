"""A portrait of what Loa answers: the same made-up newsroom,
asked everything, written into a folder.

For changes that must not change behaviour: draw one before, one after, and compare.

    python tools/portrait.py before; …change…; python tools/portrait.py after; diff -r before after

The newsroom's clock stands still but for the steps that are written here, its voice hums, and what
is random (guids, tokens, secrets) is replaced by its place in the order of appearance. Files of
sound are told by their digest.
"""

import hashlib
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from audio.booth import Patience
from audio.voice import Voice
from loa.assembly import BED, MIGRATIONS, SAMPLES, TEMPLATES
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.values import Lane, Role
from service.web.app import create_app
from service.web.site import Site, VoiceChoice
from workers.line import work
from workers.schedule import Schedule
from workers.studio import Studio
from workers.voices import Voices

# A Tuesday, noon in Vietnam.
BEGIN = datetime(2026, 11, 24, 5, tzinfo=UTC)
A_STEP = timedelta(minutes=7)
# More than there are: what is not there answers as well.
EPISODES = 12
PASSWORD = "cây đa bến nước 17"
STATION = {
    "name": "Đài Suối Lành",
    "place": "Xã Suối Lành",
    "greeting": "Đây là Đài truyền thanh xã Suối Lành.",
    "slots": [{"at": "05:00", "max_seconds": 600}, {"at": "17:00", "max_seconds": 600}],
}
PUBLIC = (
    "/",
    "/stations/suoi-lanh",
    "/stations/suoi-lanh/speaker",
    "/stations/suoi-lanh/slots/0500/latest.json",
    "/stations/suoi-lanh/slots/0500/latest.m3u",
    "/stations/suoi-lanh/slots/0500/latest.mp3",
    "/stations/suoi-lanh/slots/1700/latest.json",
    "/feeds/all.xml",
    "/feeds/stations/suoi-lanh.xml",
    "/search?q=tiêm",
    "/sitemap.xml",
    "/manifest.webmanifest",
    "/healthz",
)
DESK = (
    "/desk",
    "/desk/bulletins",
    "/desk/terms",
    "/desk/stations",
    "/desk/urgent",
    "/desk/misreadings",
    "/desk/downloads",
    "/desk/log",
)
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TOKEN = re.compile(r'(name="csrf_token" value=|content=)"[\w.\-]{60,}"')
ADDRESS = re.compile(rb"/(?:articles|media|feeds|embed)/[^\s\"'<>&\\)]+")


@dataclass
class StandingClock:
    """A time that stands still until it is turned on."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        """The time as it stands."""
        return self.now

    def step(self) -> None:
        """On by some minutes."""
        self.now += A_STEP


class Sitter:
    """The newsroom whose portrait is drawn; everything is done through its API."""

    def __init__(self, home: Path) -> None:
        self.clock = StandingClock()
        self.newsroom = Newsroom.open(
            f"sqlite:///{home}/loa.db",
            Folder(home / "files"),
            MIGRATIONS,
            now=self.clock,
            hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        )
        self.newsroom.database.migrate()
        voices = Voices([Voice("tone", "")])
        self.studio = Studio(
            self.newsroom, voices, patience=Patience(sleep=lambda seconds: None)
        )
        self.app = create_app(
            self.newsroom,
            Site(
                "http://localhost",
                "Loa",
                TEMPLATES,
                "không bí mật",
                bed=BED,
                voices=(VoiceChoice("tone", "Tiếng ngân"),),
                preferred=("tone",),
                urgent_voice="tone",
            ),
        )
        self.client = self.app.test_client()
        self.keys = {
            role: self.newsroom.people.add_key(role.value, role) for role in Role
        }

    def call(
        self, method: str, path: str, body: object = None, role: Role = Role.ADMIN
    ) -> Any:
        """What the API answers; ends the drawing when it refuses."""
        answer = self.client.open(
            f"/api/v1{path}",
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {self.keys[role]}"},
        )
        if answer.status_code >= 400:
            sys.exit(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json

    def work(self) -> None:
        """The line does what there is to do."""
        while job := self.newsroom.jobs.claim("portrait", tuple(Lane)):
            work(job, self.studio)

    def approve(self, number: int) -> None:
        """Approves the newest version of an episode, and lets it be published."""
        episode = self.newsroom.episodes.get(number)
        self.call("POST", f"/episodes/{number}/approve", {"version": episode.version})
        self.work()

    def live(self) -> None:
        """Some days of a commune: news, an edit, a correction,
        a bulletin, a withdrawal, a warning.
        """
        self.call("PUT", "/stations/suoi-lanh", STATION)
        self.call("PUT", "/stations/ban-mo", {"name": "Đài Bản Mồ"})
        for sample in sorted((SAMPLES / "articles").iterdir())[:4]:
            self.clock.step()
            self.call(
                "POST",
                "/articles",
                {
                    "body": sample.read_text(encoding="utf-8"),
                    "external_id": sample.stem,
                    "stations": ["suoi-lanh", "ban-mo"],
                },
                Role.EDITOR,
            )
        self.work()
        for number in range(1, 4):
            self.clock.step()
            self.approve(number)
        self.clock.step()
        self.call(
            "PATCH",
            "/episodes/1/sentences/2",
            {"spoken": "Một câu đọc khác."},
            Role.EDITOR,
        )
        self.work()
        self.approve(1)
        self.clock.step()
        self.call("POST", "/episodes/2/corrections", {"wrong": "2 km", "right": "3 km"})
        self.work()
        self.clock.step()
        self.call("POST", "/episodes/3/withdraw", {"reason": "Đăng nhầm."})
        # The evening before, the clock drafts the next morning's bulletin; somebody approves it.
        self.clock.now = BEGIN + timedelta(hours=12)
        Schedule(self.newsroom).look()
        self.work()
        for bulletin in self.call("GET", "/bulletins?station=suoi-lanh&day=2026-11-25"):
            self.approve(bulletin["id"])
        self.clock.now = BEGIN + timedelta(hours=17, minutes=1)
        Schedule(self.newsroom).look()
        self.call(
            "POST",
            "/urgent",
            {
                "title": "Cảnh báo lũ quét",
                "body": "Bà con ven suối lên chỗ cao ngay.",
                "stations": ["ban-mo"],
                "minutes": 180,
                "approve": True,
            },
        )
        self.work()


def draw(folder: Path) -> None:
    """Lives, asks, and writes one file an answer."""
    with tempfile.TemporaryDirectory(prefix="loa-portrait-") as home:
        sitter = Sitter(Path(home))
        sitter.live()
        names = Renamer()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        count = 0
        for path, ask in questions(sitter):
            answer = ask(path)
            text = names.plain(described(answer))
            (folder / file_name(path)).write_text(text, encoding="utf-8")
            count += 1
        sitter.newsroom.database.close()
    print(f"{count} answers in {folder}")


Ask = Callable[[str], TestResponse]


def questions(sitter: Sitter) -> Iterator[tuple[str, Ask]]:
    """Each address with who asks for it: the public, the API with a key, the desk with a login."""
    public: Ask = sitter.client.get
    linked: set[str] = set()
    for path in PUBLIC:
        yield path, public
        data = sitter.client.get(path).data
        linked.update(match.decode() for match in ADDRESS.findall(data))
    for path in sorted(linked):
        yield path, public

    key = {"Authorization": f"Bearer {sitter.keys[Role.ADMIN]}"}

    def by_key(path: str) -> TestResponse:
        return sitter.client.get(path, headers=key)

    for number in range(1, EPISODES + 1):
        yield f"/api/v1/episodes/{number}", by_key
    for path in (
        "/api/v1/openapi.json",
        "/api/v1/stations",
        "/api/v1/voices",
        "/api/v1/urgent",
        "/api/v1/bulletins?station=suoi-lanh&day=2026-11-25",
        "/api/v1/stations/suoi-lanh/slots/0500/airings?since=2026-11-24&days=3",
    ):
        yield path, by_key

    desk = logged_in(sitter)
    for path in DESK:
        yield path, desk.get
    for number in (1, 2, 3):
        yield f"/desk/episodes/{number}", desk.get


def logged_in(sitter: Sitter) -> FlaskClient:
    """A browser at the desk."""
    sitter.newsroom.people.add("quan-tri", PASSWORD, Role.ADMIN)
    browser = sitter.app.test_client()
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', browser.get("/desk/login").text
    )
    form = {
        "name": "quan-tri",
        "password": PASSWORD,
        "csrf_token": token[1] if token else "",
    }
    browser.post("/desk/login", data=form)
    return browser


def described(answer: TestResponse) -> str:
    """Status, the headers that outsiders rely on, and the body (of sound: its digest)."""
    headers = [
        f"{name}: {answer.headers[name]}"
        for name in (
            "Content-Type",
            "Cache-Control",
            "ETag",
            "Location",
            "Last-Modified",
        )
        if name in answer.headers
    ]
    data: bytes = answer.data
    try:
        body = data.decode()
    except UnicodeDecodeError:
        body = f"{len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}"
    if (answer.mimetype or "").endswith("json"):
        body = json.dumps(
            json.loads(body), ensure_ascii=False, indent=1, sort_keys=True
        )
    return "\n".join([str(answer.status_code), *headers, "", body])


class Renamer:
    """Puts what is random into the order of its appearance."""

    def __init__(self) -> None:
        self._guids: dict[str, str] = {}

    def plain(self, text: str) -> str:
        """The text, the same in every drawing."""
        text = GUID.sub(lambda match: self._guid(match[0]), text)
        return TOKEN.sub(r'\1"token"', text)

    def _guid(self, guid: str) -> str:
        return self._guids.setdefault(guid, f"guid-{len(self._guids) + 1}")


def file_name(path: str) -> str:
    """A name for the answer's file."""
    return re.sub(r"[^\w.\-]+", "_", path).strip("_")[:150] or "home"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    draw(Path(sys.argv[1]))
