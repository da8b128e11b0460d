"""The whole house, in both shapes, through its doors: an article in, an episode out, whatever
happens between.
"""

import json
import threading
import time
import urllib.request

import feedparser
import pytest

from audio.ffmpeg import decode
from audio.stitch import LEAD_OUT_MS
from audio.voice import RATE
from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.values import Lane
from tests.system.conftest import api, get, recorded, send, until
from tests.system.servers import Installation, wait_for
from workers.celery_app import nudge_through, open_broker

PAGE = """Thống kê truy cập

Chính trị

Suối Lành: Học tập nghị quyết đến 23điểm cầu

05/11/2026 08:15 1204 lượt xem

Sáng nay, Đảng ủy xã tổ chức học tập Chỉ thị 05-CT/TW, ngày 15/5/2016 và NQ Trung ương 4 khóa XI và XII tại 23điểm cầu.

Description: D:\\ẢNH\\hop.jpg

Quang cảnh buổi học tập

Sau buổi học có 5.875 bài thu hoạch, đạt 100% KH; bà con theo dõi qua loa của 12 thôn.

Xã phấn đấu về đích nông thôn mới vào năm 2027./.

Tin, ảnh: CTV

Tin khác

Ra quân dọn vệ sinh môi trường ở tất cả các thôn của xã trong tháng này
"""
SPOKEN = (
    "không năm xê tê trên tê vê kép",
    "ngày mười lăm tháng năm năm hai nghìn không trăm mười sáu",
    "khóa mười một và mười hai",
    "hai mươi ba điểm cầu",
    "năm nghìn tám trăm bảy mươi lăm bài",
    "một trăm phần trăm kế hoạch",
)
NOISE = (
    "Thống kê",
    "Description",
    "Quang cảnh",
    "lượt xem",
    "CTV",
    "Tin khác",
    "vệ sinh",
    "/",
)


def long(about):
    """An article of 61 sentences that nobody has spoken before."""
    return f"Tin về {about}\n" + "\n".join(
        f"Câu số {n} nói về việc {about} trong thôn." for n in range(60)
    )


def hand_in(at, **body):
    return api(at, "POST", "/articles", body)["episode"]


def test_a_pasted_page_becomes_an_episode(installation):
    episode = hand_in(installation, format="page", body=PAGE, external_id="page")
    waiting = until(installation, episode, "mastered")
    api(installation, "POST", f"{episode}/approve", {"version": waiting["version"]})
    found = until(installation, episode, "published")
    spoken = " ".join(line["spoken"] for line in found["sentences"])
    assert [text for text in SPOKEN if text not in spoken] == []
    assert [text for text in NOISE if text in spoken] == []
    with get(
        installation, urllib.request.urlparse(found["masters"]["app"]["url"]).path
    ) as answer:
        sound = answer.read()
    seconds = len(decode(sound)) / 2 / RATE
    assert found["sentences"][-1]["end_ms"] + LEAD_OUT_MS == pytest.approx(
        seconds * 1000, abs=30
    )
    assert found["masters"]["app"]["seconds"] == pytest.approx(seconds, abs=0.030)
    assert (
        hand_in(installation, format="page", body=PAGE, external_id="page") == episode
    )


def test_what_was_published_is_in_the_feed_the_page_and_the_operators_hands(
    installation,
):
    episode = hand_in(
        installation,
        body="Họp thôn\nTối nay họp thôn tại nhà văn hóa.",
        topic="Thông báo",
    )
    until(installation, episode, "mastered")
    api(installation, "POST", f"{episode}/approve", {"version": 1})
    found = until(installation, episode, "published")
    for path in (
        "/feeds/all.xml",
        "/feeds/stations/suoi-lanh.xml",
        "/feeds/topics/thong-bao.xml",
    ):
        with get(installation, path) as answer:
            feed, tag = feedparser.parse(answer.read()), answer.headers["ETag"]
        (entry,) = [entry for entry in feed.entries if entry.id == found["guid"]]
        with pytest.raises(urllib.error.HTTPError) as unchanged:
            get(installation, path, **{"If-None-Match": tag})
        assert unchanged.value.code == 304
        unchanged.value.close()
    sound = urllib.request.urlparse(entry.enclosures[0].href).path
    with get(installation, sound, Range="bytes=0-1") as answer:
        assert (answer.status, len(answer.read())) == (206, 2)
    for path in (
        "/",
        "/stations/suoi-lanh/speaker",
        urllib.request.urlparse(found["page"]).path,
    ):
        with get(installation, path) as answer:
            assert sound in answer.read().decode()


def test_one_edited_sentence_is_one_call(installation):
    episode = hand_in(installation, body=long("trồng chè"))
    first = until(installation, episode, "mastered")
    assert first["work"]["engine_calls"] == 61
    api(
        installation, "PATCH", f"{episode}/sentences/40", {"spoken": "câu này được sửa"}
    )
    edited = wait_for(
        lambda: (f := until(installation, episode, "mastered"))["version"] == 2 and f
    )
    assert edited["work"] == {"engine_calls": 1, "clips_reused": 60}


def test_a_person_reads_a_sentence_in_both_shapes(installation):
    episode = hand_in(installation, body="Họp thôn\nTối nay họp.")
    until(installation, episode, "mastered")
    told = send(installation, f"{episode}/sentences/2/recording", recorded())
    wait_for(lambda: api(installation, "GET", told["href"])["state"] == "ready")
    found = until(installation, episode, "mastered")
    assert [line["voice"].partition(":")[0] for line in found["sentences"]][1:] == [
        "human"
    ]
    assert found["masters"]["app"]["seconds"] > 2.0


@pytest.mark.servers
def test_one_listener_of_two_web_processes_is_one_download(many, postgres):
    episode = hand_in(many, body=long("đi nghe đài"))
    until(many, episode, "mastered")
    api(many, "POST", f"{episode}/approve", {"version": 1})
    app = until(many, episode, "published")["masters"]["app"]
    other = Installation(many.folder)
    other.environment = many.environment | {"LOA_PORT": str(other.port)}
    path = urllib.request.urlparse(app["url"]).path
    half = app["bytes"] // 2
    other.start("web", "web-2")
    try:
        other.ready()
        for at, span in (
            (many, f"0-{half}"),
            (other, f"{half}-"),
            (many, "0-"),
            (other, "0-"),
        ):
            with get(
                at, path, Range=f"bytes={span}", **{"User-Agent": "AntennaPod/3.5.0"}
            ) as answer:
                assert answer.status == 206
                answer.read()
    finally:
        other.processes["web-2"].kill()
    number = int(episode.rpartition("/")[2])
    newsroom = Newsroom.open(postgres, Folder(many.folder / "unused"), MIGRATIONS)

    def counted():
        return sum(day.total for day in newsroom.downloads.daily(2, number))

    wait_for(counted)
    time.sleep(0.5)  # the last answer's count, were there one
    assert counted() == 1
    newsroom.database.close()


@pytest.mark.servers
def test_killed_workers_lose_and_double_nothing(many):
    episodes = [hand_in(many, body=long(f"làm đường lần {n}")) for n in range(6)]
    for kill in range(8):
        name = f"worker-{kill % 2 + 1}"
        time.sleep(0.25 + 0.17 * kill)
        many.processes[name].kill()
        many.start("worker", name)
    for episode in episodes:
        found = until(many, episode, "mastered")
        assert (found["version"], list(found["masters"]), len(found["sentences"])) == (
            1,
            ["app", "lite", "speaker"],
            61,
        )
    with get(many, "/metrics") as answer:
        metrics = answer.read().decode()
    assert "failed" not in metrics


@pytest.mark.servers
def test_a_purged_broker_costs_a_sweep_and_no_more(many, redis):
    from redis import Redis

    stop = threading.Event()

    def purge():
        with Redis.from_url(redis) as broker:
            while not stop.wait(0.02):
                broker.flushall()

    thief = threading.Thread(target=purge)
    thief.start()
    episode = hand_in(many, body=long("nuôi cá"))
    time.sleep(3)
    stop.set()
    thief.join()
    assert until(many, episode, "mastered")["version"] == 1


@pytest.mark.servers
def test_doubled_messages_find_nothing_to_claim(many, redis):
    with open_broker(redis) as broker:
        nudge = nudge_through(broker)
        episode = hand_in(many, body=long("đắp đập"))
        for job in range(1, 200):
            nudge(job, Lane.FAST if job % 2 else Lane.SLOW)
        found = until(many, episode, "mastered")
        for job in range(1, 200):
            nudge(job, Lane.SLOW)
    time.sleep(2)
    again = api(many, "GET", episode)
    assert again == found
    assert again["work"]["engine_calls"] == 61


@pytest.mark.servers
def test_a_broker_that_is_away_is_told_by_readyz_and_loses_nothing(many):
    other = many.environment | {"LOA_BROKER_URL": "redis://127.0.0.1:1/0"}
    kept, many.environment = many.environment, other
    try:
        done = many.run("import", "-", "--station", "suoi-lanh")
        assert "cannot be read" in done.stderr
        article = many.folder / "bai.txt"
        article.write_text("Tin mới\nBroker đi vắng mà tin vẫn đến.", encoding="utf-8")
        done = many.run("import", str(article))
        assert done.returncode == 0, done.stderr
    finally:
        many.environment = kept
    number = done.stdout.split("episode ")[1].split(":")[0]
    assert until(many, f"/episodes/{number}", "mastered")["state"] == "mastered"


def test_the_api_describes_itself(embedded):
    with get(embedded, "/api/v1/openapi.json") as answer:
        assert "/api/v1/articles" in json.load(answer)["paths"]
