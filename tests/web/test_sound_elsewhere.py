"""LOA_MEDIA_URL: listeners are sent to a CDN for sound, and counted from its logs."""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from loa.assembly import BED, MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.values import Station
from service.web.app import create_app
from service.web.media.cdn_counts import CdnCounts
from service.web.media.cdn_logs import LogReader
from service.web.site import Site
from tests.web.press import Clock, Press

CDN = "https://media.example"
ROOT = Path(__file__).parents[2]
PHONE = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/120 Mobile"
ENOUGH = 1173  # bytes: a minute of the press's sound of 256 s in 5,001 bytes


class Elsewhere(Folder):
    """A folder that is on no machine of ours, as a bucket is not."""

    def local(self, key: str) -> Path | None:
        return None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def newsroom(tmp_path: Path, clock: Clock, migrated: bytes) -> Iterator[Newsroom]:
    (tmp_path / "loa.db").write_bytes(migrated)
    files = Elsewhere(tmp_path / "files")
    room = Newsroom.open(f"sqlite:///{tmp_path}/loa.db", files, MIGRATIONS, now=clock)
    room.stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    yield room
    room.database.close()


@pytest.fixture
def press(newsroom: Newsroom) -> Press:
    return Press(newsroom, lite=True)


@pytest.fixture
def site() -> Site:
    return Site(
        "https://loa.example",
        "Loa",
        ROOT / "templates",
        "bí mật",
        bed=BED,
        media_url=CDN,
    )


@pytest.fixture
def client(newsroom: Newsroom, site: Site) -> FlaskClient:
    return create_app(newsroom, site).test_client()


def test_sound_is_sent_from_there_once_it_lies_there(
    client: FlaskClient, press: Press, newsroom: Newsroom
) -> None:
    path = f"/media/{press.publish().id}/1/app-1.mp3"
    assert client.get(path).status_code == 200
    newsroom.open_copies.settle(wanted=True)
    for method in ("GET", "HEAD"):
        answer = client.open(path, method=method, headers={"Range": "bytes=5-9"})
        assert (answer.status_code, answer.location) == (302, CDN + path)
        assert answer.headers["Cache-Control"] == "public, max-age=20"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_is_no_sound_or_not_public_stays_here(
    client: FlaskClient, press: Press, newsroom: Newsroom
) -> None:
    episode = press.publish()
    draft = press.receive("Chưa duyệt")
    press.work()
    newsroom.open_copies.settle(wanted=True)
    assert client.get(f"/media/{episode.id}/1/transcript.vtt").status_code == 200
    assert client.get(f"/media/{draft}/1/app-1.mp3").status_code == 404


def test_a_cdn_that_asks_us_is_not_sent_back(
    client: FlaskClient, press: Press, newsroom: Newsroom
) -> None:
    episode = press.publish()
    path = f"/media/{episode.id}/1/app-1.mp3?here=1"
    newsroom.open_copies.settle(wanted=True)
    answer = client.get(path, headers={"User-Agent": PHONE})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert newsroom.downloads.daily(1)[0].total == 0  # its log tells
    press.again(episode.id)
    moved = client.get(path)
    assert (moved.status_code, moved.location) == (
        302,
        f"/media/{episode.id}/2/app-2.mp3",
    )
    newsroom.episodes.withdraw(episode.id, "sai", "chị Chi")
    assert client.get(path).status_code == 410


def test_before_a_folder_the_cdn_fetches_from_us(
    newsroom: Newsroom, press: Press, site: Site, tmp_path: Path
) -> None:
    path = f"/media/{press.publish().id}/1/app-1.mp3"
    here = replace(newsroom, files=Folder(tmp_path / "files"))
    client = create_app(here, site).test_client()
    assert client.get(path).location == CDN + path
    assert client.get(f"{path}?here=1").status_code == 200


def test_pages_may_play_sound_from_there_and_keep_it(
    client: FlaskClient, press: Press
) -> None:
    episode = press.publish("Làm đường")
    slug = newsroom_slug(client)
    for path in ("/", f"/articles/{slug}", f"/embed/articles/{slug}"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert f"media-src 'self' {CDN}" in policy, path
        assert f"connect-src 'self' {CDN}" in policy, path
    assert episode.id


def newsroom_slug(client: FlaskClient) -> str:
    page = client.get("/").text
    return page.partition('href="/articles/')[2].partition('"')[0]


# How each format tells of the same: bytes 0 to 1,172 of app-1.mp3 of episode 7 to a telephone.
AGENT = "Mozilla/5.0 (Linux; Android 10)"
LINES = {
    "nginx": (
        '203.0.113.7 - - [24/Nov/2026:12:30:00 +0700] "GET /media/7/1/app-1.mp3 HTTP/1.1"'
        f' 206 1173 "-" "{AGENT}" "bytes 0-1172/5001"'
    ),
    "combined": (
        '203.0.113.7 - - [24/Nov/2026:05:30:00 +0000] "GET /media/7/1/app-1.mp3?x=1 HTTP/2.0"'
        f' 206 1173 "https://a.example/" "{AGENT}"'
    ),
    "s3": (
        "79a59df900b949e55d96 loa [24/Nov/2026:05:30:00 +0000] 203.0.113.7 - 3E57427F3EXAMPLE"
        ' REST.GET.OBJECT media/7/1/app-1.mp3 "GET /loa/media/7/1/app-1.mp3 HTTP/1.1" 206 -'
        f' 1173 5001 41 28 "-" "{AGENT}" -'
    ),
    "cloudfront": (
        "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host)"
        " cs-uri-stem sc-status cs(Referer) cs(User-Agent) sc-range-start sc-range-end\n"
        "2026-11-24\t05:30:00\tSGN50\t1173\t203.0.113.7\tGET\td1.example\t/media/7/1/app-1.mp3"
        "\t206\t-\tMozilla/5.0%20(Linux;%20Android%2010)\t0\t1172"
    ),
}


@pytest.mark.parametrize("kind", LINES)
def test_each_format_tells_who_took_what(kind: str) -> None:
    reader = LogReader()
    taken = [each for each in reader.read(iter(LINES[kind].splitlines())) if each]
    assert reader.strange == 0
    (one,) = taken
    assert one.at.isoformat() in (
        "2026-11-24T12:30:00+07:00",
        "2026-11-24T05:30:00+00:00",
    )
    assert (one.address, one.agent) == ("203.0.113.7", AGENT)
    assert (one.episode_id, one.version, one.name) == (7, 1, "app-1.mp3")
    assert (one.start, one.size) == (
        0 if kind in ("nginx", "cloudfront") else None,
        1173,
    )


@pytest.mark.parametrize(
    ("change", "strange"),
    [
        ((" 206 ", " 304 "), 0),
        ((" 206 ", " 404 "), 0),
        (("GET", "HEAD"), 0),
        (("/media/7/1/app-1.mp3", "/feeds/all.xml"), 0),
        (("24/Nov/2026", "99/Nov/2026"), 0),
        (("203.0.113.7 - - [", "203.0.113.7 ["), 1),
    ],
)
def test_what_brought_no_sound_tells_nothing(
    change: tuple[str, str], strange: int
) -> None:
    reader = LogReader()
    line = LINES["nginx"].replace(*change)
    assert [each for each in reader.read(iter([line])) if each] == []
    assert reader.strange == strange


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "media.log"


def line(
    episode: int,
    span: str,
    *,
    agent: str = PHONE,
    address: str = "203.0.113.7",
    day: int = 24,
) -> str:
    start, _, end = span.partition("-")
    size = int(end) - int(start) + 1
    return (
        f'{address} - - [{day}/Nov/2026:12:30:00 +0700] "GET /media/{episode}/1/app-1.mp3 HTTP/1.1"'
        f' 206 {size} "-" "{agent}" "bytes {span}/5001"\n'
    )


def test_a_log_counts_as_we_count_ourselves(
    newsroom: Newsroom, press: Press, log: Path
) -> None:
    number = press.publish().id
    lines = [
        line(number, "0-599"),
        line(number, f"600-{ENOUGH - 1}"),  # the minute is full
        line(number, "0-5000"),  # the same listener
        line(number, "0-5000", address="203.0.113.8"),
        line(number, "0-5000", agent="Googlebot/2.1"),
        line(number, "0-99", address="203.0.113.9"),  # no minute
        line(number + 50, "0-5000"),  # no sound of ours
    ]
    log.write_text("".join(lines))
    counted = CdnCounts(newsroom).read(log)
    assert (counted.lines, counted.listened, counted.downloads) == (7, 5, 2)
    assert [day.total for day in newsroom.downloads.daily(1)] == [2]


def test_a_line_counts_once_however_often_its_log_is_read_grows_and_is_renamed(
    newsroom: Newsroom, press: Press, log: Path, clock: Clock
) -> None:
    number = press.publish().id
    log.write_text(line(number, "0-5000"))
    assert CdnCounts(newsroom).read(log).downloads == 1
    with log.open("a") as file:
        file.write(line(number, "0-5000", address="203.0.113.8"))
        file.write(line(number, "0-5000", address="203.0.113.9")[:-20])  # being written
    assert CdnCounts(newsroom).read(log).downloads == 1
    clock.now += timedelta(days=1)  # what told listeners apart is gone
    packed = log.with_name("media.log.1.gz")
    finished = log.read_text() + line(number, "0-5000", address="203.0.113.9")[-20:]
    packed.write_bytes(gzip.compress(finished.encode()))
    assert CdnCounts(newsroom).read(packed).downloads == 1
    assert CdnCounts(newsroom).read(packed).lines == 0
    assert [day.total for day in newsroom.downloads.daily(2)] == [3, 0]


def test_each_day_of_a_log_counts_for_itself(
    newsroom: Newsroom, press: Press, log: Path
) -> None:
    number = press.publish().id
    log.write_text("".join(line(number, "0-5000", day=day) for day in (22, 23, 24)))
    CdnCounts(newsroom).read(log)
    assert [day.total for day in newsroom.downloads.daily(3)] == [1, 1, 1]


def test_columns_are_known_when_a_log_is_read_on(
    newsroom: Newsroom, press: Press, log: Path
) -> None:
    number = press.publish().id
    whole = LINES["cloudfront"].replace("/media/7/", f"/media/{number}/")
    head, _, entry = whole.rpartition("\n")
    log.write_text(f"{head}\n{entry}\n")
    assert CdnCounts(newsroom).read(log).downloads == 1
    with log.open("a") as file:
        file.write(entry.replace("203.0.113.7", "203.0.113.8") + "\n")
    again = CdnCounts(newsroom).read(log)
    assert (again.downloads, again.strange) == (1, 0)


def cloudfront(episode: int, *addresses: str) -> str:
    """A whole log, as each server of CloudFront's writes many of: all begin alike."""
    whole = LINES["cloudfront"].replace("/media/7/", f"/media/{episode}/")
    head, _, entry = whole.rpartition("\n")
    entries = [entry.replace("203.0.113.7", address) for address in addresses]
    return "\n".join([head, *entries, ""])


@pytest.mark.parametrize("begin", ["", "\n", "\r\n\r\n"])
def test_logs_that_begin_alike_are_each_read(
    newsroom: Newsroom, press: Press, tmp_path: Path, begin: str
) -> None:
    number = press.publish().id
    logs = [tmp_path / f"E1.2026-11-24-05.{name}.gz" for name in "abc"]
    for last, log in enumerate(logs, start=7):
        text = begin + cloudfront(number, f"203.0.113.{last}")
        log.write_bytes(gzip.compress(text.encode()))
    for expected in (1, 0):
        counts = [CdnCounts(newsroom).read(log).downloads for log in logs]
        assert counts == [expected] * 3
    assert [day.total for day in newsroom.downloads.daily(1)] == [3]


def test_a_log_whose_head_alone_is_written_is_read_when_it_has_lines(
    newsroom: Newsroom, press: Press, log: Path
) -> None:
    whole = cloudfront(press.publish().id, "203.0.113.7", "203.0.113.8")
    head = whole[: whole.index("2026")]
    for written in (head, head + "2026-11-24\t05:3"):
        log.write_text(written)
        assert CdnCounts(newsroom).read(log).lines == 0
    log.write_text(whole)
    assert CdnCounts(newsroom).read(log).downloads == 2
    assert CdnCounts(newsroom).read(log).lines == 0


def test_a_listener_of_an_earlier_day_counts_once_in_all_its_logs(
    newsroom: Newsroom, press: Press, tmp_path: Path, clock: Clock
) -> None:
    number = press.publish().id
    clock.now += timedelta(days=1)
    log = tmp_path / "media.log"
    begins = iter(range(10))

    def read(*days: int) -> int:
        """Of one more file, as each server of a CDN's and each hour has its own."""
        robot = line(number, f"0-{next(begins)}", agent="Googlebot/2.1")
        log.write_text(robot + "".join(line(number, "0-5000", day=day) for day in days))
        return CdnCounts(newsroom).read(log).downloads

    assert [read(24), read(24)] == [1, 0]
    assert [read(23, 24, 25), read(23), read(24, 25)] == [2, 0, 0]
    clock.now += timedelta(days=1)  # logs of a day come until the end of the next
    assert [read(24, 25), read(26)] == [0, 1]
    assert [day.total for day in newsroom.downloads.daily(4)] == [1, 1, 1, 1]


def test_all_logs_of_a_command_count_together_however_old(
    newsroom: Newsroom, press: Press, tmp_path: Path, clock: Clock
) -> None:
    number = press.publish().id
    clock.now += timedelta(days=30)
    logs = [tmp_path / f"{name}.log" for name in "abc"]
    for size, log in enumerate(logs):
        robot = line(number, f"0-{size}", agent="Googlebot/2.1")
        log.write_text(robot + line(number, "0-5000", day=20 + size % 2))
    counts = CdnCounts(newsroom)
    assert [counts.read(log).downloads for log in logs] == [1, 1, 0]


@pytest.mark.parametrize(
    ("days", "is_kept"), [(0, True), (1, True), (2, True), (3, False)]
)
def test_who_listened_is_forgotten_once_a_day_s_logs_must_be_in(
    newsroom: Newsroom,
    press: Press,
    log: Path,
    clock: Clock,
    days: int,
    is_kept: bool,
    tmp_path: Path,
) -> None:
    log.write_text(line(press.publish().id, "0-5000"))
    CdnCounts(newsroom).read(log)
    clock.now += timedelta(days=days)
    newsroom.downloads.forget()
    with closing(sqlite3.connect(tmp_path / "loa.db")) as rows:
        for table in ("listener", "salt"):
            (count,) = rows.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert bool(count) is is_kept, table


def test_parts_of_two_days_do_not_follow_one_another(
    newsroom: Newsroom, press: Press, log: Path
) -> None:
    number = press.publish().id
    untold = [
        line(number, "0-1000", day=day).replace(' "bytes 0-1000/5001"', "")
        for day in (22, 23)
        for _ in range(8)  # more than there are bytes
    ]
    log.write_text("".join(untold))
    CdnCounts(newsroom).read(log)
    assert [day.total for day in newsroom.downloads.daily(3)] == [1, 1, 0]
