"""A newsroom with its web, at a real address, in this process: what browsers visit. Its line works
when asked to, with a voice that hums, and its clock can be turned on.
"""

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

from werkzeug.serving import WSGIRequestHandler, make_server

from audio.booth import Patience
from audio.voice import Voice
from loa.assembly import BED, MIGRATIONS, TEMPLATES
from service.actions.planning import draft
from service.bulletin import span
from service.newsroom import Newsroom
from service.newsroom.values import (
    Lane,
    NewArticle,
    NewWarning,
    Role,
    Rung,
    Slot,
    Station,
)
from service.web.app import create_app
from service.web.site import Site, VoiceChoice
from tests.conftest import (
    ENCODED,
    QUICK,
    Unsynced,
    WrittenAtOnce,
    nobody_waits_for_the_disk,
)
from tests.system.servers import free_port
from workers.line import work
from workers.studio import Studio
from workers.voices import Voices

PASSWORD = "mật khẩu rất dài"
PARAGRAPHS = (
    "Sáng nay bà con các thôn ra đồng từ sớm. Trời nắng đẹp, đường liên thôn đã khô ráo.",
    "Ủy ban nhân dân xã mời bà con đến nhà văn hóa lúc bảy giờ tối. Mỗi hộ cử một người đi họp.",
)


class Quiet(WSGIRequestHandler):
    """Says nothing of each request: what failed is told by the application."""

    def log_request(self, *_args):
        pass


def whole(answer):
    """An answer's bytes at once, its files closed.

    Werkzeug's server forgets to close what it was sending when a browser goes away in the middle.
    """
    with closing(answer):
        return [b"".join(answer)]


class House:
    """`url` is where it stands; `newsroom` is what it keeps; `ahead` is how far its clock was
    turned on.
    """

    def __init__(
        self, folder, migrated, host="127.0.0.1", *, database="", make=ENCODED
    ):
        """`migrated` are the bytes of an empty SQLite, unless another empty `database` is named."""
        self.ahead = timedelta(0)
        (folder / "loa.db").write_bytes(migrated)
        self.newsroom = Newsroom.open(
            database or f"sqlite:///{folder}/loa.db",
            Unsynced(folder / "files"),
            MIGRATIONS,
            now=lambda: datetime.now(UTC) + self.ahead,
            hasher=QUICK,
        )
        if database:
            self.newsroom.database.migrate()
        else:
            nobody_waits_for_the_disk(self.newsroom.database)
        self.voices = Voices([Voice("tone", "")])
        patience = Patience(sleep=lambda seconds: None)
        self.studio = Studio(self.newsroom, self.voices, patience=patience, make=make)
        port = free_port()
        self.url = f"http://{host}:{port}"
        site = Site(
            self.url,
            "Loa",
            TEMPLATES,
            "bí mật",
            bed=BED,
            voices=(VoiceChoice("tone", "Tiếng ngân"),),
            preferred=("tone",),
            urgent_voice="tone",
        )
        self.other = {}  # what stands at a path in place of what we serve, as another release would
        self.app = create_app(self.newsroom, site, WrittenAtOnce(self.newsroom))
        self.server = make_server(
            "127.0.0.1",
            port,
            self._released(self.app),
            threaded=True,
            request_handler=Quiet,
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _released(self, app):
        def serve(environ, start_response):
            if environ["PATH_INFO"] not in self.other:
                return whole(app(environ, start_response))
            kind, text = self.other[environ["PATH_INFO"]]
            start_response(
                "200 OK", [("Content-Type", kind), ("Cache-Control", "no-cache")]
            )
            return [text.encode()]

        return serve

    def furnish(self):
        """A commune with its hours, a person of each role, and today's news, one of it a
        month old.
        """
        self.newsroom.stations.put(
            Station(
                "suoi-lanh",
                "Đài Suối Lành",
                greeting="Đây là Đài Suối Lành.",
                slots=(Slot("05:00", 900),),
            )
        )
        self.newsroom.stations.put(Station("ban-mo", "Đài Bản Mồ"))
        for role in Role:
            self.newsroom.people.add(role.value, PASSWORD, role)
        self.ahead = -timedelta(days=31)
        self.publish("Họp giao ban tháng trước")
        self.ahead = timedelta(0)
        for title in (
            "Bản tin xã về vụ đông",
            "Lịch cấp nước thôn Nà Luông",
            "Khám sức khỏe cho người cao tuổi",
        ):
            self.publish(title, topic="Nông nghiệp")
        return self

    def hand_in(self, title, paragraphs=PARAGRAPHS, **more):
        """An article, received and read by the line; the number of its episode."""
        article = NewArticle(
            title, paragraphs, f"{title}{paragraphs}", ("suoi-lanh",), **more
        )
        number = self.newsroom.articles.receive(article, "test").episode_id
        self.work()
        return number

    def publish(self, title, paragraphs=PARAGRAPHS, **more):
        """The same, approved and on the air: the episode."""
        number = self.hand_in(title, paragraphs, **more)
        self.newsroom.episodes.approve(
            number, "chị Sen", self.newsroom.episodes.get(number).version
        )
        self.work()
        return self.newsroom.episodes.get(number)

    def bulletin(self):
        """The next hour's bulletin, approved, and its hour come: the episode."""
        station, now = self.newsroom.stations.get("suoi-lanh"), self.newsroom.now()
        slot = station.slots[0]
        hour = span(slot.at, slot.weekdays, slot.max_seconds, now)
        airing = self.newsroom.bulletins.airing(
            station.slug, slot, hour.day, hour.air_at
        )
        plan = draft(
            station,
            slot,
            hour.day,
            self.newsroom.bulletins.stock(station.slug, slot, hour.air_at),
        )
        number = self.newsroom.bulletins.open(airing.id, Rung.PLANNED, plan, "chị Sen")
        self.work()
        self.newsroom.episodes.approve(
            number, "chị Sen", self.newsroom.episodes.get(number).version
        )
        self.ahead += hour.air_at - now + timedelta(seconds=1)
        self.work()
        return self.newsroom.episodes.get(number)

    def warn(self, title="Lũ quét trên suối Lành"):
        """A warning in force: the episode."""
        article = NewArticle(
            title, ("Bà con lên chỗ cao ngay.",), title, ("suoi-lanh",)
        )
        warning = NewWarning(
            self.newsroom.now() + timedelta(hours=3), approved_by="chị Sen"
        )
        number = self.newsroom.urgent.receive(
            article, warning, "tone", "chị Sen"
        ).episode_id
        self.work()
        return self.newsroom.episodes.get(number)

    def work(self):
        """The line does what there is to do."""
        while job := self.newsroom.jobs.claim("test", tuple(Lane)):
            work(job, self.studio)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.voices.close()
        self.newsroom.database.close()
