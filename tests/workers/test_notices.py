"""The people on duty hear of what needs them: from a real mail server and a real webhook, once
each, whatever fails.
"""

import json
import socket
import ssl
import threading
from datetime import date, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from service.newsroom.values import Rung, Slot, Station
from service.settings import SettingsError
from service.smtp import Post
from tests.audio.edge_stand_in import certify
from workers import notices
from workers.schedule import Schedule

PUBLIC = "https://loa.example"
FROM = "Loa <loa@xa.example>"


class MailServer(Controller):
    """A mail server on this machine: `mails` it took, `refused` recipients, and whether it speaks
    TLS.
    """

    def __init__(self, context=None, *, starttls=False):
        self.mails, self.logins, self.refused = [], [], set()
        self.context, self.starttls = context, starttls
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        super().__init__(
            self,
            hostname="localhost",
            port=port,
            ssl_context=None if starttls else context,
        )

    def factory(self):
        return SMTP(
            self,
            enable_SMTPUTF8=True,
            tls_context=self.context if self.starttls else None,
            auth_required=self.starttls,
            auth_require_tls=self.starttls,
            authenticator=self.authenticate,
        )

    def authenticate(self, _server, _session, _envelope, _mechanism, data):
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=self.logins[-1] == ("sen", "mat:khau"))

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def server(tmp_path):
    """Starts mail servers; `trust` is who trusts their certificate."""
    certify(tmp_path / "mail.pem", "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "mail.pem")
    running = []

    def start(*, tls=False, starttls=False):
        found = MailServer(context if tls or starttls else None, starttls=starttls)
        found.start()
        found.trust = ssl.create_default_context(cafile=tmp_path / "mail.pem")
        running.append(found)
        return found

    yield start
    for each in running:
        each.stop()


@pytest.fixture
def hook():
    """A webhook on this machine: what it was told, and what it answers."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.told.append(json.loads(body))
            found.hold.wait(10)
            self.send_response(found.status)
            self.send_header("Location", found.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    found = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    found.told, found.status, found.hold = [], 204, threading.Event()
    found.hold.set()
    found.url = f"http://127.0.0.1:{found.server_port}/hook/bi-mat"
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield found
    found.hold.set()
    found.shutdown()
    found.server_close()


@pytest.fixture
def note(newsroom):
    """A notice about a slot, for these addresses."""

    def note(*duty, at="05:00"):
        slot = Slot(at, 300)
        newsroom.stations.put(
            Station("suoi-lanh", "Đài Suối Lành", duty=duty, slots=(slot,))
        )
        airing = newsroom.bulletins.airing(
            "suoi-lanh", slot, date(2026, 11, 25), newsroom.now()
        )
        newsroom.notices.note(airing, Rung.BED)
        return airing

    return note


def post(server, scheme="smtp", login=""):
    return Post.of(f"{scheme}://{login}localhost:{server.port}", FROM)


def test_mail_and_webhook_are_told_once_each(newsroom, note, server, hook):
    mail = server()
    note("sen@xa.example", hook.url, "nam@xa.example")
    note("sen@xa.example", hook.url, "nam@xa.example")
    assert notices.tell(newsroom, post(mail), PUBLIC) == 3
    assert notices.tell(newsroom, post(mail), PUBLIC) == 0
    assert [each["To"] for each in mail.mails] == ["sen@xa.example", "nam@xa.example"]
    letter = mail.mails[0]
    assert (
        letter["Subject"]
        == "Đài Suối Lành: bản tin 05:00 ngày 25/11/2026 chưa được duyệt"
    )
    assert letter["From"] == FROM
    assert "phát nhạc nền và báo giờ" in letter.get_content()
    assert f"{PUBLIC}/desk" in letter.get_content()
    assert len({each["Message-ID"] for each in mail.mails}) == 2
    (told,) = hook.told
    assert (told["station"], told["at"], told["day"], told["rung"]) == (
        "suoi-lanh",
        "05:00",
        "2026-11-25",
        "bed",
    )
    assert told["link"] == f"{PUBLIC}/desk"


def test_a_slot_that_goes_down_the_ladder_is_told_of_once(
    newsroom, clock, work_all, hook
):
    # In twenty minutes, in Vietnam
    at = (newsroom.now() + timedelta(hours=7, minutes=20)).strftime("%H:%M")
    slot = Slot(at, 300, ready_minutes=15)
    newsroom.stations.put(
        Station("suoi-lanh", "Đài Suối Lành", duty=(hook.url,), slots=(slot,))
    )
    schedule = Schedule(newsroom)
    for minutes in (0, 6, 1, 1):
        clock.ahead += timedelta(minutes=minutes)
        schedule.look()
        work_all()
        notices.tell(newsroom, None, PUBLIC)
    (told,) = hook.told
    assert (told["at"], told["rung"]) == (at, "bed")
    assert "phát nhạc nền và báo giờ" in told["message"]
    (notice,) = newsroom.notices.unseen()
    newsroom.notices.seen(notice.id, "chị Sen")
    assert newsroom.notices.unseen() == []


@pytest.mark.parametrize(("scheme", "way"), [("smtps", "tls"), ("smtp", "starttls")])
def test_a_password_goes_over_tls_to_a_server_that_is_trusted(
    newsroom, note, server, scheme, way
):
    mail = server(**{way: True})
    there = post(mail, scheme, "sen:mat%3Akhau@")
    note("nam@xa.example")
    # Its certificate is nobody's we know
    assert notices.tell(newsroom, there, PUBLIC) == 0
    assert (mail.mails, mail.logins) == ([], [])
    newsroom.notices.again(newsroom.notices.unseen()[0])
    note("nam@xa.example", at="17:00")
    assert notices.tell(newsroom, there, PUBLIC, mail.trust) == 1
    assert mail.logins == [("sen", "mat:khau")]


def test_a_password_never_goes_in_the_clear(newsroom, note, server):
    mail = server()
    note("nam@xa.example")
    assert notices.tell(newsroom, post(mail, login="sen:mat-khau@"), PUBLIC) == 0
    assert (mail.mails, mail.logins) == ([], [])


def test_what_a_server_refuses_is_tried_again_and_the_rest_is_not_doubled(
    newsroom, note, server, hook, clock
):
    mail = server()
    mail.refused.add("sen@xa.example")
    hook.status = 500
    note("sen@xa.example", "nam@xa.example", hook.url)
    assert notices.tell(newsroom, post(mail), PUBLIC) == 1
    assert newsroom.notices.unseen()[0].untold == ("sen@xa.example", hook.url)
    assert notices.tell(newsroom, post(mail), PUBLIC) == 0
    mail.refused.clear()
    hook.status = 200
    clock.ahead += timedelta(seconds=31)
    assert notices.tell(newsroom, post(mail), PUBLIC) == 2
    assert [each["To"] for each in mail.mails] == ["nam@xa.example", "sen@xa.example"]
    assert len(hook.told) == 2


def test_waits_grow_and_after_half_a_day_nobody_is_told(newsroom, note, clock):
    note("sen@xa.example")
    waits = []
    for _ in range(9):
        notices.tell(newsroom, None, PUBLIC)
        (notice,) = newsroom.notices.unseen()
        waits.append(newsroom.notices.again(notice) - clock())
        clock.ahead += timedelta(hours=1)
    assert waits[0] > timedelta(seconds=45)
    assert max(waits) <= timedelta(minutes=30)
    clock.ahead += timedelta(hours=4)
    assert newsroom.notices.take() == []


def test_servers_that_are_away_cost_the_others_nothing(newsroom, note, hook):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        note("sen@xa.example", f"http://127.0.0.1:{port}/x", hook.url)
        assert (
            notices.tell(newsroom, Post.of(f"smtp://127.0.0.1:{port}", FROM), PUBLIC)
            == 1
        )
    assert len(hook.told) == 1
    assert newsroom.notices.unseen()[0].untold == (
        "sen@xa.example",
        f"http://127.0.0.1:{port}/x",
    )


def test_a_webhook_s_redirect_is_not_followed(newsroom, note, hook):
    hook.status = 307
    note(hook.url)
    assert notices.tell(newsroom, None, PUBLIC) == 0
    assert len(hook.told) == 1


def test_while_one_sweep_tells_another_does_not(newsroom, note, hook):
    note(hook.url)
    hook.hold.clear()
    first = threading.Thread(target=notices.tell, args=(newsroom, None, PUBLIC))
    first.start()
    while not hook.told:
        threading.Event().wait(0.01)
    assert notices.tell(newsroom, None, PUBLIC) == 0
    hook.hold.set()
    first.join()
    assert len(hook.told) == 1


def test_a_server_that_trickles_is_cut_off(newsroom, note):
    """Each byte is in time, and the whole never ends."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as trickle:

        def serve():
            line, _ = trickle.accept()
            with line:
                line.sendall(b"220 hello\r\n")
                while not stop.wait(0.05):
                    try:
                        line.sendall(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        note("sen@xa.example")
        there = Post.of(f"smtp://127.0.0.1:{trickle.getsockname()[1]}", FROM)
        assert notices.tell(newsroom, there, PUBLIC, deadline_s=0.5) == 0
        stop.set()
        thread.join()
    assert newsroom.notices.unseen()[0].untold == ("sen@xa.example",)


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example", FROM),
        ("smtp://", FROM),
        ("smtp://mail:abc", FROM),
        ("smtp://sen:m%E1%BA%ADt@mail.example", FROM),
        ("smtp://mail.example", ""),
    ],
)
def test_a_server_that_cannot_be_meant_is_told_at_start(url, sender):
    with pytest.raises(SettingsError):
        Post.of(url, sender)


def test_the_port_follows_the_scheme():
    assert (
        Post.of("smtp://mail.example", FROM).port,
        Post.of("smtps://mail.example", FROM).port,
    ) == (587, 465)
    assert Post.of("", FROM) is None
