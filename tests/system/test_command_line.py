"""The command line as people type it."""

import os
import re
import shutil
import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from audio.ffmpeg import decode
from audio.voice import RATE
from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.store.database import utc_now
from service.newsroom.store.files import FilesError, Folder
from service.newsroom.store.tables import JobRow
from service.newsroom.values import NewArticle
from tests.system.conftest import api, get, recorded, send, until
from tests.system.servers import Installation, wait_for


@pytest.fixture
def loa(tmp_path):
    with Installation(tmp_path) as found:
        yield found


@pytest.fixture
def settled(loa, read_home):
    """An installation in which the samples are read, its voice one that hums, its
    service started.
    """
    shutil.copytree(read_home, loa.folder / "var")
    loa.environment["LOA_VOICES"] = "tone"
    loa.start("serve")
    loa.ready()
    loa.add_key()
    return loa


def test_the_first_start_reads_the_samples_and_says_where_everything_is(
    settled, read_home
):
    told = (read_home / "serve.log").read_text()
    for path in ("/", "/feeds/all.xml", "/stations/suoi-lanh/speaker", "/desk"):
        assert re.search(rf"http://127\.0\.0\.1:\d+{path}\s", told), path
    assert re.search(r"admin +mật khẩu: \S{12,}", told)
    assert oct((read_home / "first-login.txt").stat().st_mode)[-3:] == "600"
    with get(settled, "/") as answer:
        assert answer.read().decode().count('class="item"') >= 6
    assert api(settled, "GET", "/episodes/8")["state"] == "mastered"
    another = settled.run("serve")
    assert another.returncode == 1
    assert "another `loa serve`" in another.stderr


def test_a_second_start_loses_nothing(settled):
    article = settled.folder / "bai.txt"
    article.write_text(
        "Tin dài\n" + " ".join(f"Câu số {n} của bài này." for n in range(120)),
        encoding="utf-8",
    )
    done = settled.run("import", str(article))
    assert done.returncode == 0
    # Not 9 shortly before a slot: the house has drafted a bulletin by then
    number = done.stdout.split("episode ")[1].split(":")[0]
    time.sleep(0.3)
    assert settled.processes["serve"].stop() == 0
    settled.start("serve", "again")
    settled.ready()
    assert until(settled, f"/episodes/{number}", "mastered")["version"] == 1
    with get(settled, "/") as answer:
        assert answer.read().decode().count('class="item"') == 7
    assert settled.processes["again"].stop() == 0


def test_a_backlog_does_not_keep_the_pages_waiting(settled):
    settled.processes["serve"].stop()
    home = settled.folder / "var"
    newsroom = Newsroom.open(
        f"sqlite:///{home}/loa.db", Folder(home / "files"), MIGRATIONS
    )
    newsroom.articles.receive(
        NewArticle("Tin chờ", ("Một câu.",), "d", ("suoi-lanh",)), "test"
    )
    with newsroom.database.write() as session:
        session.execute(
            update(JobRow).values(not_before=utc_now() + timedelta(minutes=10))
        )
    newsroom.database.close()
    settled.start("serve", "again")
    settled.ready()
    with get(settled, "/metrics") as answer:
        # One at least: the clock may have drafted an hour's bulletin meanwhile.
        assert re.search(r'loa_jobs\{state="ready"\} [1-9]', answer.read().decode())


def test_kill_9_of_the_whole_service_loses_nothing(loa):
    """Twice in its first start: while the samples are handed in, and while they are read."""
    loa.environment["LOA_VOICES"] = "tone"
    handing_in = loa.folder / "var" / "samples-begun"
    loa.start("serve")
    wait_for(handing_in.exists, every=0.005)
    loa.processes["serve"].kill()
    assert handing_in.exists()
    loa.start("serve", "again")
    wait_for(lambda: not handing_in.exists())
    time.sleep(1)
    loa.processes["again"].kill()
    loa.start("serve", "at last")
    loa.ready()
    loa.add_key()
    for number in range(1, 9):
        found = until(loa, f"/episodes/{number}", "mastered", "published")
        assert (found["version"], list(found["masters"])) == (
            1,
            ["app", "lite", "speaker"],
        )


def test_read_makes_an_mp3_with_no_server_and_no_database(loa):
    article = loa.folder / "bai.txt"
    article.write_text("Tin mưa\nMưa đã về với bà con 12 thôn.", encoding="utf-8")
    done = loa.run("read", str(article), "-o", "out/tin.mp3")
    assert done.returncode == 0, done.stderr
    sound = (loa.folder / "out" / "tin.mp3").read_bytes()
    told = float(re.search(r"([\d.]+) s", done.stdout)[1])
    assert len(decode(sound)) / 2 / RATE == pytest.approx(told, abs=0.1)
    assert not (loa.folder / "var").exists()
    piped = loa.run(
        "read", "-", "-o", "b.mp3", "--voice", "tone", input="Tin gió\nGió nhẹ."
    )
    assert piped.returncode == 0, piped.stderr
    assert (loa.folder / "b.mp3").stat().st_size > 1000


def test_say_gives_a_line_for_a_line(loa):
    done = loa.run("say", input="Đạt 95,2%.\n\n  ./.\nHọp lúc 7h30\n")
    assert (
        done.stdout
        == "Đạt chín mươi lăm phẩy hai phần trăm.\n\n\nHọp lúc bảy giờ ba mươi\n"
    )
    odd = loa.run("say", input="một\r\nhai\x00\u2028ba\u0085bốn\n \t\n\ufffd\ncòn 5 kg")
    assert odd.stdout == "một\nhai ba bốn\n\n\ncòn năm ki lô gam\n"
    assert loa.run("say", "UBND", "xã").stdout == "ủy ban nhân dân xã\n"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.txt", b"", "no text"),
        ("b.txt", b"\x00\x01" * 99, "text file"),
        ("c.txt", b"Tin\n\xff", "UTF-8"),
        ("d", None, "read"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(loa, name, content, word):
    if content is not None:
        (loa.folder / name).write_bytes(content)
    done = loa.run("read", name, "-o", "x.mp3")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert re.search(rf"(body|file): .*{word}", done.stderr)
    assert not (loa.folder / "x.mp3").exists()


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("LOA_PROT", "1", "LOA_PROT is no setting"),
        ("LOA_PORT", "eighty", "LOA_PORT is a whole number"),
        ("LOA_VOICES", "nobody:vi", "no engine 'nobody'"),
        ("LOA_VOICES", "espeak:mars", "not among"),
        ("LOA_SECRET_KEY_FILE", "/nowhere", "LOA_SECRET_KEY_FILE"),
        ("LOA_HOME", os.devnull, f"{os.devnull}: "),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(loa, setting, value, word):
    loa.environment[setting] = value
    done = loa.run("serve")
    assert done.returncode == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_what_is_wrong(loa):
    loa.run("user", "add", "sen", "--password", "mật khẩu dài")  # a line of the log
    well = loa.run("doctor")
    assert well.returncode == 0
    witness = re.search(r"write this down elsewhere: (\d+:[0-9a-f]{16})", well.stdout)[
        1
    ]
    other = witness.partition(":")[0] + ":0123456789abcdef"
    assert "[!!] log: line" in loa.run("doctor", "--witness", other).stdout
    loa.environment |= {"LOA_VOICES": "gtts:vi", "LOA_GTTS_URL": "http://127.0.0.1:9"}
    done = loa.run("doctor")
    assert done.returncode == 1
    assert "[!!] voice gtts:vi" in done.stdout


def test_people_keys_settings_voices(loa):
    assert (
        "sen: editor"
        in loa.run("user", "add", "sen", "--password", "mật khẩu dài").stdout
    )
    assert (
        "already" in loa.run("user", "add", "sen", "--password", "mật khẩu dài").stderr
    )
    assert "10 characters" in loa.run("user", "add", "hoa", "--password", "ngắn").stderr
    assert (
        loa.run("user", "password", "sen", "--password", "mật khẩu khác").returncode
        == 0
    )
    assert (
        loa.run("key", "add", "portal", "--role", "editor")
        .stdout.strip()
        .startswith("loa_")
    )
    where = ("--stations", "group:mien-nui,suoi-lanh")
    assert (
        "no station or group"
        in loa.run("user", "grant", "sen", "editor", *where).stderr
    )
    assert "sen: approver @ all" in loa.run("user", "grant", "sen", "approver").stdout
    assert "approver @ all" in loa.run("user", "list").stdout
    scoped = loa.run("key", "add", "app", "--role", "editor", "--scopes", "articles")
    assert scoped.stdout.startswith("loa_")
    assert (
        "no scope"
        in loa.run("key", "add", "b", "--role", "editor", "--scopes", "x").stderr
    )
    assert "no role" in loa.run("key", "add", "portal", "--role", "king").stderr
    assert "pipeline: from the article" in loa.run("bench", "nothing").stderr
    assert "LOA_DATABASE_URL" in loa.run("settings").stdout
    assert "espeak:vi" in loa.run("voices").stdout


def test_a_backup_is_an_installation(settled):
    read, chime = [
        send(settled, path, recorded())["href"]
        for path in (
            "/episodes/8/sentences/1/recording",
            "/stations/suoi-lanh/chimes/opening",
        )
    ]
    wait_for(
        lambda: (
            {api(settled, "GET", href)["state"] for href in (read, chime)} == {"ready"}
        )
    )
    assert settled.run("backup", "kept.tar.gz").returncode == 0
    var = settled.folder / "var"
    for path in (settled.folder / "kept.tar.gz", var, *var.glob("loa.db*")):
        assert not path.stat().st_mode & 0o077, path
    settled.processes["serve"].stop()
    settled.environment["LOA_HOME"] = str(settled.folder / "other")
    assert settled.run("restore", "kept.tar.gz").returncode == 0
    assert "already" in settled.run("restore", "kept.tar.gz").stderr
    settled.start("serve", "other")
    settled.ready()
    with get(settled, "/feeds/all.xml") as answer:
        sound = re.search(r'enclosure url="([^"]+)"', answer.read().decode())[1]
    with get(settled, sound.removeprefix(settled.url)) as answer:
        assert len(answer.read()) == int(answer.headers["Content-Length"])
    chimes = api(settled, "GET", "/stations/suoi-lanh/chimes")
    assert [each["name"] for each in chimes if each["own"]] == ["opening"]
    with get(
        settled,
        "/api/v1/stations/suoi-lanh/chimes/opening",
        Authorization=f"Bearer {settled.key}",
    ) as answer:
        assert answer.read()[:4] == b"RIFF"
    api(settled, "POST", "/episodes/8/regenerate", {})
    again = until(settled, "/episodes/8", "mastered")
    assert [line["voice"] for line in again["sentences"][:2]] == [
        "human:chị Sen",
        "tone",
    ]


def test_a_full_disk_is_told_and_leaves_no_half_file(tmp_path):
    """A store that cannot write: a file stands where its folder should be."""
    store = Folder(tmp_path / "files")
    (tmp_path / "files" / "masters").write_text("in the way")
    with pytest.raises(FilesError):
        store.put("masters/1/app.mp3", b"x" * 1000)
    assert os.listdir(tmp_path / "files") == ["masters"]
