"""The house is seen: on the desk's page Máy móc, in the banner above the desk, and
by Prometheus.
"""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from service.front.timing import Timed
from service.newsroom.values import (
    Lane,
    Mark,
    Outcome,
    Process,
    ProcessKind,
    Role,
    Slot,
    Step,
    Tried,
    Trouble,
)
from service.web.app import create_app
from tests.house import Browser
from tests.web.test_questions import PASSWORD, asked_by


@pytest.fixture
def app(newsroom, site, tmp_path):
    checks = {"database": newsroom.database.ping, "files": newsroom.files.ping}
    return create_app(newsroom, replace(site, home=tmp_path, checks=checks))


@pytest.fixture
def log_in(newsroom, app):
    def log_in(role):
        newsroom.people.add("quan-tri", PASSWORD, role)
        browser = Browser(app)
        browser.login("quan-tri", PASSWORD)
        return browser

    return log_in


@pytest.fixture
def process(newsroom):
    return Process(
        ProcessKind.WORKER,
        "may-1",
        41,
        "2.7.1",
        newsroom.now(),
        doing="master 812",
        skew_s=9.0,
    )


def trouble_the_house(newsroom, hand_in):
    hand_in()
    job = newsroom.jobs.claim("máy 1", tuple(Lane))
    newsroom.jobs.wait_for_house(job, Trouble.STORE, "503 Slow Down")


def test_machines_tells_processes_backlog_and_the_next_hour(
    newsroom, log_in, process, hand_in, clock
):
    newsroom.house.beat(process)
    newsroom.watch.mark(Mark.BACKUP)
    hand_in()
    clock.ahead = timedelta(minutes=7)
    station = newsroom.stations.get("suoi-lanh")
    soon = newsroom.now() + timedelta(minutes=20)
    newsroom.bulletins.airing("suoi-lanh", Slot("05:00", 300), soon.date(), soon)
    page = log_in(Role.APPROVER).get("/desk/machines").text
    for words in ("may-1", "2.7.1", "master 812", "không trả lời", "1 việc đến hạn"):
        assert words in page, words
    assert "lâu nhất đã 7 phút" in page
    assert "1 buổi: nhạc nền và báo giờ" in page
    assert "Bản sao lưu gần nhất: 7 phút trước" in page
    assert "LoaOldestJob" in page
    assert "LoaWorkerGone" in page
    assert "LoaSlotOnBed" in page
    assert station.name


def test_a_quiet_house_is_well(log_in):
    assert "Mọi thứ đang chạy tốt" in log_in(Role.APPROVER).get("/desk/machines").text


def test_machines_are_for_who_lets_news_on_the_air(log_in):
    assert log_in(Role.EDITOR).get("/desk/machines").status_code == 403


def test_one_banner_on_every_page_tells_what_the_house_cannot_do(
    newsroom, log_in, hand_in
):
    trouble_the_house(newsroom, hand_in)
    browser = log_in(Role.EDITOR)
    for path in ("/desk", "/desk/bulletins", "/desk/log"):
        page = browser.get(path).text
        assert page.count("Kho tệp không đọc hoặc ghi được") == 1, path
        assert "1 việc đang chờ" in page


def test_machines_ask_few_questions_however_many_there_are(
    newsroom, log_in, process, hand_in
):
    browser = log_in(Role.APPROVER)
    newsroom.house.beat(process)
    hand_in()
    before = asked_by(newsroom, browser.get, "/desk/machines")
    assert before <= 24
    for number in range(20):
        newsroom.house.beat(replace(process, pid=100 + number))
        hand_in(f"Tin số {number}")
        at = newsroom.now() + timedelta(minutes=2 * number + 1)
        newsroom.bulletins.airing(
            "suoi-lanh", Slot(f"05:{number:02}", 300), at.date(), at
        )
    assert asked_by(newsroom, browser.get, "/desk/machines") == before


def figures(client):
    lines = client.get("/metrics").text.splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_prometheus_sees_what_waits_who_lives_and_what_will_be_heard(
    newsroom, app, process, hand_in, clock
):
    newsroom.house.beat(process)
    newsroom.watch.mark(Mark.CLOCK)
    hand_in()
    clock.ahead = timedelta(minutes=5)
    soon = newsroom.now() + timedelta(minutes=40)
    newsroom.bulletins.airing("suoi-lanh", Slot("05:00", 300), soon.date(), soon)
    seen = figures(app.test_client())
    assert 300 <= float(seen['loa_job_oldest_due_seconds{lane="slow"}']) < 400
    labels = '{kind="worker",host="may-1",pid="41",version="2.7.1"}'
    assert 300 <= float(seen[f"loa_process_heartbeat_age_seconds{labels}"]) < 400
    assert float(seen[f"loa_process_clock_skew_seconds{labels}"]) == 9
    assert 300 <= float(seen["loa_clock_look_age_seconds"]) < 400
    assert seen['loa_slots_next_hour{rung="bed"}'] == "1"
    assert seen['loa_slots_soon{rung="bed"}'] == "0"
    assert float(seen["loa_disk_free_bytes"]) > 0
    assert float(seen['loa_part_latency_seconds{part="files"}']) >= 0
    assert "loa_wal_bytes" in seen


def test_steps_are_a_histogram_of_their_tries(newsroom, app):
    newsroom.watch.count([Tried(Step.MASTER, Outcome.DONE, 3, 4, 8.0)])
    newsroom.watch.count(
        [
            Tried(Step.MASTER, Outcome.DONE, 3, 1, 2.5),
            Tried(Step.MASTER, Outcome.RETRIED, 8, 1, 400.0),
            Tried(Step.MASTER, Outcome.LEASE_LOST, 0, 2, 0.0),
        ]
    )
    seen = figures(app.test_client())
    assert seen['loa_step_tries_total{step="master",outcome="done"}'] == "5"
    assert seen['loa_step_tries_total{step="master",outcome="lease_lost"}'] == "2"
    assert seen['loa_step_seconds_bucket{step="master",le="1"}'] == "0"
    assert seen['loa_step_seconds_bucket{step="master",le="3"}'] == "5"
    assert seen['loa_step_seconds_bucket{step="master",le="+Inf"}'] == "6"
    assert seen['loa_step_seconds_sum{step="master"}'] == "410.5"


def test_slots_addresses_are_timed_and_their_errors_counted(newsroom, site):
    ticks = iter([10.0, 10.02, 20.0, 23.0])

    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": scope["status"]})

    async def send(message):
        pass

    door = Timed(answer, site.latest, lambda: next(ticks))
    for path, status in (
        ("/latest.mp3", 200),
        ("/latest.json", 503),
        ("/feed.xml", 200),
    ):
        asyncio.run(
            door(
                {"path": f"/stations/x/slots/0500{path}", "status": status}, None, send
            )
        )
    seen = figures(create_app(newsroom, site).test_client())
    assert seen['loa_latest_answers_total{status="2xx"}'] == "1"
    assert seen['loa_latest_answers_total{status="5xx"}'] == "1"
    assert seen['loa_latest_seconds_bucket{le="0.01"}'] == "0"
    assert seen['loa_latest_seconds_bucket{le="0.025"}'] == "1"
    assert seen["loa_latest_seconds_count"] == "2"


def test_every_family_is_told_once_and_every_sample_has_its_family(
    app, newsroom, process
):
    newsroom.house.beat(replace(process, host='may "1"\\n'))
    text = app.test_client().get("/metrics").text
    names = re.findall(r"^# TYPE (\S+)", text, re.M)
    assert len(names) == len(set(names))
    for line in text.splitlines():
        name = re.match(r"#|[a-z_]+", line).group()
        known = (
            name == "#"
            or re.sub(r"_(bucket|sum|count)$", "", name) in names
            or name in names
        )
        assert known, line
