"""The operator's page: one card for each hour, one button for its file, one tap for the log."""

import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from audio.ffmpeg import run
from service.actions.planning import draft
from service.newsroom.values import (
    LOUDSPEAKER,
    Contact,
    Role,
    Rung,
    Slot,
    Station,
    Visitor,
)
from tests.system.servers import need
from tests.web.press import seated

PAGE = "/stations/suoi-lanh/speaker"
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@pytest.fixture
def when(slot, clock):
    """The next 05:00 as addresses name it."""
    return f"{(clock() + timedelta(hours=7)).date() + timedelta(days=1):%Y%m%d}-0500"


@pytest.fixture
def operator(app, newsroom):
    """A browser in which somebody with the least rights is logged in."""
    app.config.update(WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False)
    person = newsroom.people.add("anh.Páo", "mật khẩu rất dài", Role.OPERATOR)
    return seated(app, lambda: newsroom.sessions.begin(person.id, Visitor()).token)


def cards(client):
    """The cards of the page, as text without marks."""
    page = client.get(PAGE).text.partition('id="hom-nay"')[0]
    return [
        " ".join(re.sub(r"<[^>]+>", " ", card).split())
        for card in page.split('class="card hour')[1:]
    ]


def test_a_card_says_how_its_hour_stands(
    client, newsroom, slot, bulletin, approve, when
):
    card = cards(client)[0]
    assert "05:00" in card
    assert "Chờ duyệt" in card
    assert "Tải MP3 cho loa" not in card
    assert "Xã làm đường" not in card  # what nobody approved is not told
    master = approve(bulletin)
    card = cards(client)[0]
    card = card.partition("Bảy ngày tới")[0]
    for word in (
        "Đã duyệt",
        "Tải MP3 cho loa",
        "Gói USB (.zip)",
        "In lời",
        "chị Sen",
        "trong khung 5 phút",
        "Xã làm",
    ):
        assert word in card
    assert master.sha256[:12] in card
    assert f"suoi-lanh-{when}-v1.mp3" in card
    assert f"({round(100 * master.seconds / 300)}%)" in card


def test_a_card_says_which_rung_and_why(
    client, newsroom, slot, bulletin, work_all, publish
):
    planned = newsroom.bulletins.get(bulletin)
    stock = newsroom.bulletins.stock("suoi-lanh", slot, planned.airing.air_at)
    plan = draft(newsroom.stations.get("suoi-lanh"), slot, planned.airing.day, stock)
    newsroom.bulletins.open(planned.airing.id, Rung.AUTOMATIC, plan, LOUDSPEAKER)
    work_all()
    card = cards(client)[0]
    assert "Dự phòng: bản tin máy tự soạn" in card
    assert "máy tự soạn từ các tin đã duyệt" in card


def test_the_file_has_a_name_of_its_own(client, bulletin, approve, when):
    master = approve(bulletin)
    heard = client.get(f"/stations/suoi-lanh/airings/{when}.mp3")
    taken = client.get(f"/stations/suoi-lanh/airings/{when}.mp3?download=1")
    assert (
        hashlib.sha256(taken.data).hexdigest()
        == hashlib.sha256(heard.data).hexdigest()
        == master.sha256
    )
    assert (
        taken.headers["Content-Disposition"]
        == f'attachment; filename="suoi-lanh-{when}-v1.mp3"'
    )
    for wrong in ("20261399-0500", "20261125", "abc", f"{when[:8]}-1700"):
        assert client.get(f"/stations/suoi-lanh/airings/{wrong}.mp3").status_code == 404


def test_who_took_a_file_that_was_replaced_is_told(
    client, newsroom, bulletin, approve, when, work_all
):
    approve(bulletin)
    warning = "đã được thay"
    assert client.get(f"/stations/suoi-lanh/airings/{when}.mp3?download=1").data
    assert warning not in cards(client)[0]
    newsroom.episodes.say_otherwise(bulletin, 1, "xin chào bà con", "lan")
    work_all()
    assert warning not in cards(client)[0]  # the new version waits for approval
    approve(bulletin)
    assert warning in cards(client)[0]
    latest = "/stations/suoi-lanh/slots/0500/latest.mp3"
    assert client.get(latest, headers={"User-Agent": "Googlebot/2.1"}).data
    assert warning in cards(client)[0]
    # A box takes the new one
    assert client.get(latest, headers={"User-Agent": "Wget/1.21"}).data
    assert warning not in cards(client)[0]


def test_one_tap_is_kept_in_the_log(
    client, operator, newsroom, bulletin, approve, when, clock
):
    approve(bulletin)
    played = f"/stations/suoi-lanh/airings/{when}/played"
    assert operator.post(played).status_code == 409  # its hour has not come
    clock.ahead += timedelta(hours=9, minutes=5)
    assert "Đăng nhập" in cards(client)[0]
    # To the login, or without a form of ours
    assert client.post(played).status_code in (
        303,
        400,
    )
    assert operator.post(played).status_code == 303
    assert operator.post(played).status_code == 303
    card = cards(operator)[0]
    assert "Đã phát, ghi lúc 05:05" in card
    assert "anh.Páo" in card
    assert "anh.Páo" not in cards(client)[0]  # names of people are for who is logged in
    airing = newsroom.bulletins.get(bulletin).airing
    assert (airing.played_by, airing.played_episode_id, airing.played_version) == (
        "anh.Páo",
        bulletin,
        1,
    )


def test_each_slot_has_a_card_for_its_next_hour(client, newsroom, slot, clock):
    newsroom.stations.put(
        replace(newsroom.stations.get("suoi-lanh"), slots=(slot, Slot("17:00", 900)))
    )

    def hours_shown():
        shown = (
            re.search(r"(\d\d:\d\d) \D+(\d\d/\d\d)", card) for card in cards(client)
        )
        return [f"{found[1]} {found[2]}" for found in shown]

    today = clock() + timedelta(hours=7)
    tomorrow, after = (f"{today + timedelta(days=days):%d/%m}" for days in (1, 2))
    assert hours_shown() == [f"05:00 {tomorrow}", f"17:00 {tomorrow}"]  # it is 20:00
    clock.ahead += timedelta(hours=12)
    assert hours_shown() == [f"17:00 {tomorrow}", f"05:00 {after}"]
    clock.ahead += timedelta(hours=9)  # on the air
    assert hours_shown() == [f"17:00 {tomorrow}", f"05:00 {after}"]


def test_the_log_is_searched_by_day(client, operator, bulletin, approve, when, clock):
    approve(bulletin)
    clock.ahead += timedelta(days=3)
    day = f"{when[:4]}-{when[4:6]}-{when[6:8]}"
    found = client.get(f"{PAGE}?ngay={day}").text.partition("<h3>Ngày")[2]
    assert f"/airings/{when}.mp3" in found.partition("Ba mươi ngày qua")[0]
    assert "không có buổi phát nào" in client.get(f"{PAGE}?ngay=2020-01-01").text
    assert "không phải là một ngày" in client.get(f"{PAGE}?ngay=hôm+qua").text


def test_days_at_the_calendar_s_ends_are_no_airings(client, newsroom, slot):
    for when in ("00010101", "99991231", "20260230", "١٢٣٤٥٦٧٨"):
        for rest in ("-0430.mp3", "-0430", "-0430.zip", ".zip", "-0500.mp3"):
            path = f"/stations/suoi-lanh/airings/{when}{rest}"
            assert client.get(path).status_code == 404, path
        assert client.get(f"{PAGE}?ngay={when}").status_code == 200


def test_the_words_are_printed_as_they_were_approved(
    client, bulletin, approve, when, newsroom, publish
):
    address = f"/stations/suoi-lanh/airings/{when}"
    assert client.get(address).status_code == 404
    approve(bulletin)
    page = client.get(address).text
    for word in (
        "Đây là Đài Suối Lành.",
        "Xã làm đường",
        "Bà con ra đồng từ sáng sớm. Trời nắng đẹp.",
        "chị Sen",
    ):
        assert word in page


# The package.


@pytest.fixture
def package(client, bulletin, approve, when):
    """The ZIP of the hour, and its digest as the newsroom knows it."""
    assert client.get(f"/stations/suoi-lanh/airings/{when}.zip").status_code == 404
    master = approve(bulletin)
    answer = client.get(f"/stations/suoi-lanh/airings/{when}.zip")
    assert answer.status_code == 200
    assert answer.content_length == len(answer.data)
    assert (
        answer.headers["Content-Disposition"]
        == f'attachment; filename="suoi-lanh-{when}.zip"'
    )
    return answer.data, master


def test_a_package_holds_what_its_checksums_say(package, when, tmp_path):
    data, master = package
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names == [
        f"01-suoi-lanh-{when}-v1.mp3",
        "PHAT.M3U",
        "THU-TU.TXT",
        "THU-TU.HTM",
        "SHA256SUMS",
        "KIEM-TRA.BAT",
    ]
    assert hashlib.sha256(archive.read(names[0])).hexdigest() == master.sha256
    archive.extractall(tmp_path)
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": OK") == len(names) - 2
    check = archive.read("KIEM-TRA.BAT")
    assert check.isascii()
    assert check.count(b"\n") == check.count(b"\r\n")
    for name in names[:-2]:
        digest = hashlib.sha256(archive.read(name)).hexdigest()
        assert f'call :XEM "{name}" {digest}\r\n' in check.decode()
    playlist = archive.read("PHAT.M3U")
    assert playlist.isascii()
    assert playlist.count(b"\n") == playlist.count(b"\r\n") == 3
    assert playlist.decode().split("\r\n")[2] == names[0]
    order = archive.read("THU-TU.TXT").decode("utf-8-sig")
    for word in (
        "Đài Suối Lành",
        names[0],
        master.sha256,
        "chị Sen",
        "1. Xã làm đường",
    ):
        assert word in order
        assert word.removeprefix("1. ") in archive.read("THU-TU.HTM").decode()


UNPACK_IN_JAVA = """
import java.nio.file.*; import java.util.zip.*;
class Unpack { public static void main(String[] a) throws Exception {
  ZipInputStream in = new ZipInputStream(System.in); ZipEntry e;
  while ((e = in.getNextEntry()) != null) Files.copy(in, Path.of(e.getName()));
} }
"""


@pytest.mark.client
@pytest.mark.parametrize(
    ("command", "package_name"),
    [
        (["bsdtar", "-xf", "-"], "libarchive-tools"),
        (["busybox", "unzip", "-"], "busybox"),
        (["java", "Unpack.java"], "default-jdk-headless"),
    ],
)
def test_a_package_is_unpacked_as_it_comes(package, tmp_path, command, package_name):
    """Android's file managers and set-top boxes read a ZIP from its beginning: they need whole
    headers there.
    """
    need(command[0], package_name)
    (tmp_path / "Unpack.java").write_text(UNPACK_IN_JAVA)
    done = subprocess.run(
        command, cwd=tmp_path, input=package[0], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    whole = zipfile.ZipFile(io.BytesIO(package[0]))
    for name in whole.namelist():
        assert (tmp_path / name).read_bytes() == whole.read(name)
    checked = ["sha256sum", "-c", "--strict", "SHA256SUMS"]
    assert (
        subprocess.run(
            checked, cwd=tmp_path, capture_output=True, check=False
        ).returncode
        == 0
    )


def test_a_package_keeps_to_the_rules_of_fat32(package, tmp_path):
    for entry in zipfile.ZipFile(io.BytesIO(package[0])).infolist():
        name = entry.filename
        assert name.isascii()
        assert len(name) <= 255
        assert not re.search(r'[\x00-\x1f"*/:<>?\\|]|[ .]$', name)
        assert not RESERVED.match(name)
        assert entry.file_size < 2**32
        assert entry.date_time >= (1980, 1, 1, 0, 0, 0)
    if not (shutil.which("mkfs.vfat") and shutil.which("mcopy")):
        need("mcopy", "mtools dosfstools")
    zipfile.ZipFile(io.BytesIO(package[0])).extractall(tmp_path / "out")
    stick = tmp_path / "stick.img"
    subprocess.run(
        ["mkfs.vfat", "-F", "32", "-C", str(stick), "40000"],
        check=True,
        capture_output=True,
    )
    files = sorted(map(str, (tmp_path / "out").iterdir()))
    subprocess.run(
        ["mcopy", "-i", str(stick), *files, "::"], check=True, capture_output=True
    )
    listed = subprocess.run(
        ["mdir", "-b", "-i", str(stick)], check=True, capture_output=True, text=True
    ).stdout.split()
    assert sorted(listed) == sorted(f"::/{path.rpartition('/')[2]}" for path in files)


def test_a_package_of_a_day_sorts_in_the_order_of_playing(
    client, newsroom, bulletin, approve, when, clock, work_all
):
    approve(bulletin)
    link = f"/stations/suoi-lanh/airings/{when[:8]}.zip"
    assert link not in client.get("/stations/suoi-lanh/speaker").text
    evening, station = Slot("17:00", 300), newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(replace(station, slots=(*station.slots, evening)))
    morning = newsroom.bulletins.get(bulletin).airing
    airing = newsroom.bulletins.airing(
        "suoi-lanh", evening, morning.day, morning.air_at + timedelta(hours=12)
    )
    stock = newsroom.bulletins.stock(
        "suoi-lanh", replace(evening, repeats=1), airing.air_at
    )
    plan = draft(station, replace(evening, repeats=1), airing.day, stock)
    number = newsroom.bulletins.open(airing.id, Rung.PLANNED, plan, "loa")
    work_all()
    approve(number)
    assert link in client.get("/stations/suoi-lanh/speaker").text
    answer = client.get(link)
    sounds = [
        name
        for name in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
        if name.endswith(".mp3")
    ]
    assert (
        sounds
        == sorted(sounds)
        == [f"01-suoi-lanh-{when}-v1.mp3", f"02-suoi-lanh-{when[:8]}-1700-v1.mp3"]
    )


def test_only_a_station_s_own_news_of_these_days_is_noted_as_taken(
    client, newsroom, publish
):
    """Anybody may ask for any file in any station's name."""
    newsroom.stations.put(Station("xa-ben", "Đài xã bên", approval="trusted"))
    own, old = publish("Tin của mình"), publish("Tin cũ")
    with newsroom.database.write() as session:
        session.connection().exec_driver_sql(
            "UPDATE episode SET first_published_at = '2001-01-01 00:00:00' WHERE id = ?",
            (old.id,),
        )

    def taken():
        with newsroom.database.read() as session:
            query = "SELECT slug, episode_id FROM taking JOIN station ON station.id = station_id"
            return [tuple(row) for row in session.connection().exec_driver_sql(query)]

    for slug in ("xa-ben", "suoi-lanh"):
        for episode in (own, old):
            answer = client.get(f"/stations/{slug}/speaker/{episode.id}.mp3")
            assert answer.status_code == 302
    assert taken() == [("suoi-lanh", own.id)]


def test_an_operator_sees_whom_to_ring_and_the_public_does_not(
    client, operator, newsroom, bulletin
):
    contact = Contact("Nguyễn Thị Sen", "Phó chủ tịch", "0912 345 678")
    newsroom.people.add("sen", "mật khẩu rất dài", Role.APPROVER, contact=contact)
    told = operator.get(PAGE).text
    assert "Nguyễn Thị Sen" in told
    assert 'href="tel:0912345678"' in told
    public = client.get(PAGE).text
    assert "0912" not in public
    assert "để xem tên và số điện thoại" in public


def test_the_loudspeaker_is_tried_with_ten_seconds(client, newsroom, bulletin):
    assert "Phát thử" in client.get(PAGE).text
    sound = client.get("/stations/suoi-lanh/speaker/test.mp3")
    assert sound.mimetype == "audio/mpeg"
    frames = [sound.data[n : n + 144] for n in range(0, len(sound.data), 144)]
    assert len(frames) == 417
    assert {frame[:2] for frame in frames} == {frames[0][:2]}
    pcm = run(["-i", "pipe:0", "-f", "s16le", "pipe:1"], [sound.data])
    assert len(pcm) == pytest.approx(2 * 24_000 * 10, rel=0.02)
    assert client.get("/stations/khong-co/speaker/test.mp3").status_code == 404


def test_what_is_printed_is_what_is_read(client, publish, drafted, approve, when):
    publish("Xã họp", ("UBND xã họp ngày 25/11.",))
    approve(drafted())
    printed = client.get(f"/stations/suoi-lanh/airings/{when}").text
    assert "ủy ban nhân dân xã họp ngày hai mươi lăm tháng mười một" in printed.lower()
    assert "25/11." not in printed
