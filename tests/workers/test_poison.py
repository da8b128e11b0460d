"""One bad row among eleven good ones: eleven get through, and the bad one is told."""

import json
import logging
import os
import smtplib
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import feedparser
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import text

from service.apart import each_by_itself, keep_looking
from service.newsroom.values import Lane, Rung, Slot, Station
from service.podcast import rss
from service.smtp import Post
from tests.podcast.test_podcast import CHANNEL, ITEM
from workers import cleaning, notices, websub
from workers import clock as hands
from workers.schedule import Schedule

PUBLIC = "https://loa.example"
GOOD = range(11)


class MailServer(Controller):
    """A plain mail server without SMTPUTF8, which hangs up on whom it does not like."""

    def __init__(self):
        self.mails, self.hates = [], ""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        super().__init__(self, hostname="127.0.0.1", port=port)

    def factory(self):
        return SMTP(self, enable_SMTPUTF8=False)

    async def handle_RCPT(self, server, _session, envelope, address, _options):
        if self.hates and self.hates in address:
            server.transport.close()
            return "421 go away"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def told(self):
        return sorted(each["To"] for each in self.mails)

    @property
    def post(self):
        return Post.of(f"smtp://127.0.0.1:{self.port}", "loa@xa.vn")


@pytest.fixture
def mail():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def hook():
    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.told.append(json.loads(body)["station"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.told = []
    server.url = f"http://127.0.0.1:{server.server_port}/hook/bi-mat"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def stations(newsroom):
    """Twelve stations, each with a notice; the first is the one that goes bad."""

    def stations(duty):
        slot = Slot("05:00", 300)
        for n in (99, *GOOD):
            slug = f"xa-{n:02}"
            newsroom.stations.put(
                Station(slug, f"Xã {n}", duty=(duty(n),), slots=(slot,))
            )
            airing = newsroom.bulletins.airing(
                slug, slot, date(2026, 11, 25), newsroom.now()
            )
            newsroom.notices.note(airing, Rung.BED)

    return stations


def sql(newsroom, statement, **values):
    with newsroom.database.write() as session:
        session.execute(text(statement), values)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("untold", json.dumps(["cán.bộ@xa99.example"])),
        ("untold", json.dumps(["sen@xa99.example\r\nBcc: a@b.example"])),
        ("untold", json.dumps([""])),
        ("untold", json.dumps(["http://user:mat-khau@127.0.0.1/bi-mat"])),
        ("untold", json.dumps(["https://[::1"])),
        ("untold", json.dumps(["http://" + "a" * 300 + ".example/bi-mat"])),
        ("untold", json.dumps([7])),
        ("title", "Chưa duyệt\r\nBcc: a@b.example\r\n\udcff"),
        ("rung", "một nấc mà bản này không biết"),
    ],
)
def test_a_notice_that_cannot_be_told(newsroom, mail, stations, caplog, column, value):
    stations(lambda n: f"sen@xa{n:02}.example")
    broken = value.encode("utf-8", "replace").decode()
    sql(newsroom, f"UPDATE notice SET {column} = :v WHERE station = 'xa-99'", v=broken)
    notices.tell(newsroom, mail.post, PUBLIC)
    good = {f"sen@xa{n:02}.example" for n in GOOD}
    assert good <= set(mail.told)
    assert len(mail.told) <= 12
    assert not any("b.example" in str(each) for each in mail.mails if "Bcc" in each)
    assert column == "title" or "WARNING" in caplog.text or "ERROR" in caplog.text
    assert "bi-mat" not in caplog.text
    assert "mat-khau" not in caplog.text


def test_a_letter_on_which_the_server_hangs_up(newsroom, mail, stations, caplog):
    stations(lambda n: f"sen@xa{n:02}.example")
    mail.hates = "xa99"
    assert notices.tell(newsroom, mail.post, PUBLIC) == 11
    assert mail.told == [f"sen@xa{n:02}.example" for n in GOOD]
    assert "sen@xa99.example was not told" in caplog.text
    (left,) = [each for each in newsroom.notices.unseen() if each.untold]
    assert (left.station, left.tries) == ("xa-99", 1)


def test_what_failed_before_waits_for_what_was_never_tried(newsroom, stations):
    stations(lambda n: f"sen@xa{n:02}.example")
    first = newsroom.notices.take()
    assert first[0].station == "xa-99"
    newsroom.notices.again(first[0])
    for notice in first:
        newsroom.notices.at_once(notice)
    assert newsroom.notices.take()[-1].station == "xa-99"


def test_a_webhook_that_cannot_be_called(newsroom, hook, stations, caplog):
    stations(lambda n: f"{hook.url}/{n}")
    for bad in (
        "https://169.254.169.254/bi-mat",
        "http://10.0.0.1/bi-mat",
        "https://[::1/bi-mat",
    ):
        sql(
            newsroom,
            "UPDATE notice SET untold = :v WHERE station = 'xa-99'",
            v=json.dumps([bad]),
        )
        sql(newsroom, "UPDATE notice SET try_after = made_at")
        notices.tell(newsroom, None, PUBLIC)
        assert sorted(set(hook.told)) == [f"xa-{n:02}" for n in GOOD]
    assert "bi-mat" not in caplog.text
    assert len(hook.told) == 11


def test_a_feed_of_which_the_hub_cannot_be_told(newsroom, publish, caplog):
    publish("Tin mới")
    before = {show.path for show in newsroom.shows.untold()}
    assert websub.tell(newsroom, "https://[::1", PUBLIC) == 0
    assert caplog.text.count("was not told of") == len(before)
    assert websub.tell(newsroom, "https://169.254.169.254/", PUBLIC) == 0


def bad_slot(newsroom, **columns):
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    sql(
        newsroom,
        f"UPDATE slot SET {sets} WHERE station_id = (SELECT id FROM station WHERE slug = 'xa-99')",
        **columns,
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"rules": json.dumps({"max_age_days": "ba"})},
        {"rules": json.dumps({"tuoi_tin": 3})},
        {"rules": json.dumps({"plan_minutes": None, "automatic": "có"})},
        {"weekdays": "T2"},
        {"at": "25:99"},
    ],
)
def test_a_slot_whose_rules_cannot_be_read(newsroom, clock, stations, caplog, columns):
    """The other eleven go down their ladder; its own bed is noted too, unless its very hour is
    unknown.
    """
    stations(lambda n: f"sen@xa{n:02}.example")
    evening = datetime.now(UTC).replace(hour=21, minute=50, second=0) + timedelta(
        days=1
    )
    clock.ahead = evening - datetime.now(UTC)  # ten minutes before 05:00 in Vietnam
    bad_slot(newsroom, **columns)
    Schedule(newsroom).look()
    cards, _ = newsroom.episodes.cards(limit=100)
    served = {card.station for card in cards}
    assert {f"xa-{n:02}" for n in GOOD} <= served
    assert ("xa-99" in served) is ("rules" in columns)
    assert "slot" in caplog.text
    assert len(newsroom.stations.all()) == 13


def test_a_station_that_cannot_be_read(newsroom, clock, stations, client, caplog):
    stations(lambda n: f"sen@xa{n:02}.example")
    sql(newsroom, "UPDATE station SET duty = '7' WHERE slug = 'xa-99'")
    assert len(newsroom.stations.all()) == 12
    assert "reading a station: xa-99 is left out" in caplog.text
    for path in ("/", "/feeds/all.xml", "/sitemap.xml", "/stations/xa-01"):
        assert client.get(path).status_code in (200, 308), path


@pytest.mark.parametrize(
    "reading", [{"zero_tens": "không"}, {"kiểu mới": True}, {"mung": "có thể"}]
)
def test_a_station_s_reading_that_nobody_knows(
    newsroom, hand_in, work_all, caplog, reading
):
    sql(newsroom, "UPDATE station SET reading = :v", v=json.dumps(reading))
    episode_id = hand_in("Xã làm đường")
    work_all()
    assert newsroom.episodes.get(episode_id).held is None
    assert "station suoi-lanh: reading" in caplog.text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE episode SET kind = 'kiểu mới' WHERE id = :id",
        "UPDATE episode SET first_published_at = NULL WHERE id = :id",
        "DELETE FROM master WHERE episode_id = :id",
    ],
)
def test_an_edition_that_cannot_be_shown(newsroom, publish, client, caplog, statement):
    episodes = [publish(f"Bài số {n}") for n in range(3)]
    sql(newsroom, statement, id=episodes[1].id)
    for path in ("/feeds/all.xml", "/feeds/stations/suoi-lanh.xml"):
        feed = feedparser.parse(client.get(path).data)
        assert {"Bài số 0", "Bài số 2"} <= {entry.title for entry in feed.entries}
    for path in ("/", "/stations/suoi-lanh", "/search?q=bài", "/sitemap.xml"):
        answer = client.get(path)
        assert answer.status_code in (200, 308), path


def test_an_item_that_a_feed_cannot_write(caplog):
    items = [replace(ITEM, guid=f"bai-{n}", title=f"Bài {n}") for n in range(12)]
    items[0] = replace(items[0], seconds=float("nan"))
    items[5] = replace(items[5], sound="https://loa.example/\x00.mp3")
    feed = feedparser.parse(rss(CHANNEL, items, ITEM.published_at))
    assert len(feed.entries) == 10
    assert "bai-0 is left out" in caplog.text
    assert "bai-5 is left out" in caplog.text


def test_an_episode_that_the_desk_cannot_show(newsroom, publish, caplog):
    episodes = [publish(f"Bài số {n}") for n in range(3)]
    sql(
        newsroom,
        "UPDATE episode SET held = 'lý do mới' WHERE id = :id",
        id=episodes[1].id,
    )
    cards, total = newsroom.episodes.cards()
    assert ([card.title for card in cards], total) == (["Bài số 2", "Bài số 0"], 3)
    assert f"reading an episode: {episodes[1].id} is left out" in caplog.text


def test_a_job_whose_message_cannot_be_sent(newsroom, hand_in, clock, caplog):
    for n in range(12):
        hand_in(f"Bài số {n}")
    clock.ahead += timedelta(minutes=1)
    bad = newsroom.jobs.waiting()[0][0]
    sent = []

    def nudge(job_id, lane: Lane):
        if job_id == bad:
            raise OSError("no such queue")
        sent.append(job_id)

    assert hands.sweep(newsroom, nudge) == 12
    assert len(sent) == 11
    assert "no such queue" in caplog.text


def test_a_task_of_the_clock_that_fails_keeps_no_other(
    newsroom, hand_in, clock, caplog
):
    """The jobs cannot be looked through; the schedule is looked after all the same."""
    newsroom.stations.put(Station("suoi-lanh", "Đài", slots=(Slot("05:00", 300),)))
    evening = datetime.now(UTC).replace(hour=21, minute=50, second=0) + timedelta(
        days=1
    )
    clock.ahead = evening - datetime.now(UTC)
    hand_in("Bài")
    jobs = BrokenJobs()
    stop = threading.Event()
    clockwork = threading.Thread(
        target=hands.run,
        args=(replace(newsroom, jobs=jobs), print, stop, "", 0.02),
        daemon=True,
    )
    clockwork.start()
    for _ in range(1_000):
        if newsroom.notices.unseen():
            break
        stop.wait(0.02)
    stop.set()
    clockwork.join(10)
    assert newsroom.notices.unseen()
    assert "the sweep is left out" in caplog.text


def test_what_hangs_in_the_clock_keeps_no_hour(newsroom, clock):
    """The schedule is looked after before what may wait for a broker, a store or a disk."""
    newsroom.stations.put(Station("suoi-lanh", "Đài", slots=(Slot("05:00", 300),)))
    evening = datetime.now(UTC).replace(hour=21, minute=50, second=0)
    clock.ahead = evening + timedelta(days=1) - datetime.now(UTC)
    jobs = HangingJobs()
    clockwork = threading.Thread(
        target=hands.run, args=(replace(newsroom, jobs=jobs), print, jobs.lifted)
    )
    clockwork.start()
    assert jobs.asked.wait(60)
    assert newsroom.notices.unseen()
    jobs.lifted.set()
    clockwork.join()


class HangingJobs:
    def __init__(self):
        self.asked, self.lifted = threading.Event(), threading.Event()

    def waiting(self, *_):
        self.asked.set()
        self.lifted.wait(60)
        return []


class BrokenJobs:
    def waiting(self, *_):
        raise LookupError("a table that is broken")


def test_folders_that_cannot_be_swept_keep_no_other(tmp_path, caplog):
    old = time.time() - 3 * 86_400
    for n in range(3):
        (tmp_path / f"loa-{n}").mkdir()
        os.utime(tmp_path / f"loa-{n}", (old, old))
    (tmp_path / "loa-broken").symlink_to(tmp_path / "nowhere")
    assert cleaning.sweep_scratch(tmp_path) == 3


def test_a_row_whose_very_name_cannot_be_told_is_told_of(caplog):
    log = logging.getLogger("loa.test")

    def name(row):
        raise ValueError(row)

    done = each_by_itself(
        [1, 0, 2], lambda row: 1 / row, log=log, doing="dividing", name=name
    )
    assert done == [1.0, 0.5]
    assert "dividing: a int is left out: ZeroDivisionError" in caplog.text


def test_a_fault_of_the_house_is_no_row_s_fault():
    def away():
        raise OSError("the database is away")

    with pytest.raises(OSError, match="away"):
        each_by_itself(
            [0],
            lambda row: 1 / row,
            log=logging.getLogger("loa.test"),
            doing="x",
            house=away,
        )


def test_a_look_that_stumbles_is_taken_again(caplog):
    stop, looks = threading.Event(), []

    def look():
        looks.append(1)
        if len(looks) == 3:
            stop.set()
        raise smtplib.SMTPException("gone")

    keep_looking(look, stop, 0.001, log=logging.getLogger("loa.test"), doing="a look")
    assert len(looks) == 3
    assert caplog.text.count("a look stumbled") == 3
