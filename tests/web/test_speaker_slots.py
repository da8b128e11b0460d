"""A slot's addresses as player boxes use them: always something, never the unapproved, never
yesterday's.
"""

import hashlib
import json
import wave
from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest
from mutagen.mp3 import MP3

from audio.chime import Chime
from audio.chimes import pcm
from audio.ffmpeg import decode
from audio.loudness import Meter
from audio.voice import RATE
from loa.assembly import BED
from service.newsroom.stories.sent_files import Sent
from service.newsroom.values import NewArticle, NewWarning, Role, Slot

LATEST = "/stations/suoi-lanh/slots/0500/latest"


def test_a_slot_answers_with_music_until_its_bulletin_is_approved(
    client, bulletin, approve
):
    early = client.get(f"{LATEST}.mp3")
    assert (
        early.status_code,
        early.headers["X-Loa-Rung"],
        early.headers["X-Loa-Version"],
    ) == (
        200,
        "bed",
        "0",
    )
    assert early.data == BED.read_bytes()
    master = approve(bulletin)
    found = client.get(f"{LATEST}.mp3")
    assert (found.headers["X-Loa-Rung"], found.headers["X-Loa-Version"]) == (
        "planned",
        "1",
    )
    assert hashlib.sha256(found.data).hexdigest() == master.sha256
    assert found.headers["ETag"] == f'"{master.sha256}"'
    assert found.headers["Cache-Control"] == "no-cache"
    assert found.content_type == "audio/mpeg"
    assert found.last_modified > early.last_modified
    assert found.headers["Content-Disposition"].endswith('-0500-v1.mp3"')
    # Listeners get it at its hour
    assert client.get(f"/media/{master.path}").status_code == 404


def test_a_box_takes_what_it_has_not_and_goes_on_where_it_stopped(
    client, bulletin, approve
):
    approve(bulletin)
    whole = client.get(f"{LATEST}.mp3")
    tag = whole.headers["ETag"]
    head = client.head(f"{LATEST}.mp3")
    assert (head.status_code, head.content_length, head.data) == (
        200,
        len(whole.data),
        b"",
    )
    assert (
        client.get(f"{LATEST}.mp3", headers={"If-None-Match": tag}).status_code == 304
    )
    since = {"If-Modified-Since": whole.headers["Last-Modified"]}
    assert client.get(f"{LATEST}.mp3", headers=since).status_code == 304
    part = client.get(f"{LATEST}.mp3", headers={"Range": "bytes=100-", "If-Range": tag})
    assert (part.status_code, part.data) == (206, whole.data[100:])
    other = client.get(
        f"{LATEST}.mp3", headers={"Range": "bytes=100-", "If-Range": '"other"'}
    )
    assert (other.status_code, other.data) == (200, whole.data)
    assert (
        client.get(f"{LATEST}.mp3", headers={"Range": "bytes=999999999-"}).status_code
        == 416
    )


def test_whoever_compares_times_alone_never_keeps_an_old_file(
    client, newsroom, bulletin, approve, clock
):
    """wget -N asks with the time of what it has: it must not be told that yesterday's is still
    good.
    """

    def changed_since(time):
        answer = client.get(f"{LATEST}.mp3", headers={"If-Modified-Since": time})
        return answer.status_code == 200 and answer

    approve(bulletin)
    first = client.get(f"{LATEST}.mp3")
    clock.ahead += timedelta(minutes=1)
    newsroom.episodes.withdraw(bulletin, "sai số liệu", "chị Sen")
    second = changed_since(first.headers["Last-Modified"])
    assert second.headers["X-Loa-Rung"] == "bed"
    clock.ahead += timedelta(hours=10)  # 06:01: the address is about tomorrow's
    third = changed_since(second.headers["Last-Modified"])
    assert third.headers["X-Loa-Rung"] == "bed"
    assert third.headers["X-Loa-Date"] > second.headers["X-Loa-Date"]
    assert not changed_since(third.headers["Last-Modified"])


def test_a_warning_goes_as_it_came(
    client, newsroom, bulletin, approve, work_all, clock
):
    """A box that compares times takes it at once, and takes the bulletin again once the warning is
    over.
    """
    approve(bulletin)
    before = client.get(f"{LATEST}.mp3")
    clock.ahead += timedelta(minutes=1)
    article = NewArticle("Lũ quét", ("Bà con sơ tán ngay.",), "lũ", ("suoi-lanh",))
    warning = NewWarning(
        expires_at=clock() + timedelta(hours=1), times=2, approved_by="chị Sen"
    )
    newsroom.urgent.receive(article, warning, "tone", "chị Sen")
    work_all()
    since = {"If-Modified-Since": before.headers["Last-Modified"]}
    during = client.get(f"{LATEST}.mp3", headers=since)
    assert (during.status_code, during.headers["X-Loa-Rung"]) == (200, "urgent")
    assert "-khan-cap-" in during.headers["Content-Disposition"]
    clock.ahead += timedelta(hours=1)
    since = {"If-Modified-Since": during.headers["Last-Modified"]}
    after = client.get(f"{LATEST}.mp3", headers=since)
    assert (after.status_code, after.headers["X-Loa-Rung"], after.data) == (
        200,
        "planned",
        before.data,
    )


def test_the_json_says_what_it_is_and_why(client, newsroom, bulletin, approve):
    early = client.get(f"{LATEST}.json").json
    assert (early["rung"], early["version"], early["items"], early["approved_by"]) == (
        "bed",
        0,
        [],
        "",
    )
    assert "chưa được duyệt" in early["why"]
    master = approve(bulletin)
    answer = client.get(f"{LATEST}.json")
    found = answer.json
    assert found["rung"] == "planned"
    assert (found["sha256"], found["bytes"]) == (master.sha256, master.bytes)
    assert found["seconds"] == pytest.approx(master.seconds, abs=0.001)
    assert found["approved_by"] == "người duyệt"  # no person's name for strangers
    key = newsroom.people.add_key("máy phát", Role.OPERATOR)
    insider = client.get(f"{LATEST}.json", headers={"Authorization": f"Bearer {key}"})
    assert insider.json["approved_by"] == "chị Sen"
    assert (found["slot"], found["station"], found["provisional"]) == (
        "05:00",
        "suoi-lanh",
        False,
    )
    assert found["starts_at"] == f"{found['date']}T05:00:00+07:00"
    assert found["url"] == f"https://loa.example{LATEST}.mp3"
    (item,) = found["items"]
    assert (item["title"], item["station"], item["repeat"]) == (
        "Xã làm đường",
        "Đài Suối Lành",
        False,
    )
    same = client.get(
        f"{LATEST}.json", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert same.status_code == 304


def test_the_playlist_names_the_file_and_its_length(client, bulletin, approve):
    master = approve(bulletin)
    answer = client.get(f"{LATEST}.m3u")
    assert answer.mimetype == "audio/x-mpegurl"
    first, about, address = answer.text.split("\n")[:3]
    assert first == "#EXTM3U"
    assert about.startswith(f"#EXTINF:{round(master.seconds)},Đài Suối Lành")
    assert address == f"https://loa.example{LATEST}.mp3"


@pytest.mark.parametrize("kind", ["mp3", "json", "m3u"])
@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("suoi-lanh/slots/1700", "17:00"),
        ("suoi-lanh/slots/25h0", "0500"),
        ("khong/slots/0500", ""),
    ],
)
def test_what_the_station_has_not_is_told_to_programs(client, slot, path, word, kind):
    answer = client.get(f"/stations/{path}/latest.{kind}")
    assert (answer.status_code, answer.content_type) == (
        404,
        "application/problem+json",
    )
    assert (
        word
        in json.loads(answer.data)["detail"] + json.loads(answer.data)["message_vi"]
    )


def test_a_file_that_is_lost_silences_nobody(client, newsroom, bulletin, approve):
    newsroom.files.delete(approve(bulletin).key)
    answer = client.get(f"{LATEST}.mp3")
    assert (answer.status_code, answer.headers["X-Loa-Rung"]) == (200, "bed")
    assert answer.data == BED.read_bytes()
    assert "Không đọc được" in client.get(f"{LATEST}.json").json["why"]


def test_the_bed_is_a_file_for_horns(client, slot):
    data = BED.read_bytes()
    about = MP3(BED).info
    assert (about.sample_rate, about.channels, about.bitrate) == (24_000, 1, 48_000)
    sound = decode(data)
    meter = Meter(peaks=True)
    meter.add(sound)
    meter.finish()
    assert meter.lufs == pytest.approx(-13.0, abs=1.0)
    assert meter.true_peak <= -1.0
    assert client.get(f"{LATEST}.json").json["seconds"] == pytest.approx(
        len(sound) / 2 / 24_000, abs=0.2
    )


def test_a_stations_own_bed_is_heard_where_there_is_nothing_else(
    client, newsroom, slot, work_all, clock, tmp_path
):
    sound = pcm(Chime.BED)[: 30 * 2 * RATE]
    with wave.open(str(tmp_path / "nen.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(sound)
    house = client.get(f"{LATEST}.mp3")
    clock.ahead += timedelta(minutes=1)
    newsroom.recordings.for_chime(
        Sent(tmp_path / "nen.wav", "nen.wav", "", "quản trị"), "suoi-lanh", "bed"
    )
    work_all()
    own = client.get(f"{LATEST}.mp3")
    assert (own.headers["X-Loa-Rung"], own.data[:3]) == ("bed", b"ID3")
    assert (
        client.get(f"{LATEST}.json").json["sha256"]
        == hashlib.sha256(own.data).hexdigest()
    )
    assert len(decode(own.data)) / 2 / RATE == pytest.approx(30, abs=2)
    assert own.last_modified > house.last_modified
    clock.ahead += timedelta(minutes=1)
    newsroom.recordings.house_chime("suoi-lanh", "bed", "quản trị")
    again = client.get(f"{LATEST}.mp3")
    assert again.data == BED.read_bytes()
    assert again.last_modified > own.last_modified


def test_the_schedule_is_a_calendar(client, newsroom, slot):
    newsroom.stations.put(
        replace(
            newsroom.stations.get("suoi-lanh"),
            slots=(slot, Slot("17:00", 900, weekdays="135")),
        )
    )
    answer = client.get("/stations/suoi-lanh/schedule.ics")
    assert answer.mimetype == "text/calendar"
    found = icalendar.Calendar.from_ical(answer.data)
    (zone,) = found.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Ho_Chi_Minh"
    morning, evening = found.walk("VEVENT")
    assert morning["RRULE"]["BYDAY"] == ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    assert evening["RRULE"]["BYDAY"] == ["MO", "WE", "FR"]
    assert evening["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert (evening.decoded("DTSTART").hour, evening.decoded("DURATION")) == (
        17,
        timedelta(seconds=900),
    )
    again = client.get(
        "/stations/suoi-lanh/schedule.ics",
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["latest.mp3", "latest.json", "latest.m3u"])
def test_a_program_on_another_site_may_ask_and_learn_which_it_is(client, slot, name):
    path = f"{LATEST.rpartition('/')[0]}/{name}"
    before = client.options(path)
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert "Range" in before.headers["Access-Control-Allow-Headers"]
    answer = client.get(path)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    for header in (
        "ETag",
        "Content-Range",
        "X-Loa-Date",
        "X-Loa-Rung",
        "X-Loa-Version",
    ):
        assert header in exposed


def test_the_calendar_names_its_letters(client, slot):
    answer = client.get("/stations/suoi-lanh/schedule.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Đài Suối Lành" in answer.data.decode()
