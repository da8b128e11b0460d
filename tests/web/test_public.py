"""What everybody may see and hear: pages, feeds, sound, the operator's page, health."""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.newsroom import Newsroom
from service.newsroom.store.files import FilesError, Folder
from service.newsroom.values import Role, Slot, Station, Visitor
from service.podcast import feed_guid
from service.web.app import create_app
from service.web.site import Site, VoiceChoice
from service.web.words import NO_BREAK
from tests.conftest import WrittenAtOnce
from tests.web.press import SOUND, Clock, Press

ROOT = Path(__file__).parents[2]
ATTACK = "<script>alert('x')</script> & \"bạn\""
ESCAPED = "&lt;script&gt;"
WHOLE = SOUND + b"1"  # version 1 of what the press keeps


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def newsroom(tmp_path: Path, clock: Clock, migrated: bytes) -> Iterator[Newsroom]:
    (tmp_path / "loa.db").write_bytes(migrated)
    room = Newsroom.open(
        f"sqlite:///{tmp_path}/loa.db",
        Folder(tmp_path / "files"),
        ROOT / "migrations",
        now=clock,
    )
    room.stations.put(
        Station(
            "suoi-lanh",
            "Đài Suối Lành",
            description="Tin của xã.",
            slots=(Slot("05:00", 900),),
        )
    )
    room.stations.put(Station("na-luong", "Đài Na Lương"))
    yield room
    room.database.close()


@pytest.fixture
def press(newsroom: Newsroom) -> Press:
    return Press(newsroom)


@pytest.fixture
def checks() -> dict[str, Callable[[], None]]:
    """What /readyz asks; a test puts its own in."""
    return {"database": lambda: None}


@pytest.fixture
def site(checks: dict[str, Callable[[], None]]) -> Site:
    return Site(
        "https://loa.example",
        "Loa",
        ROOT / "templates",
        "bí mật",
        bed=ROOT / "audio/chimes/bed.mp3",
        owner_email="dai@loa.example",
        version="1",
        voices=(VoiceChoice("tone:vi", "Giọng thử"),),
        checks=checks,
    )


@pytest.fixture
def app(newsroom: Newsroom, site: Site) -> Flask:
    found = create_app(newsroom, site, WrittenAtOnce(newsroom))
    found.testing = True
    found.config["SESSION_COOKIE_SECURE"] = False  # the test client speaks plain HTTP
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sound(press: Press) -> str:
    return f"/media/{press.publish().id}/1/app-1.mp3"


# Pages.


def test_home_lists_the_news_of_today(client: FlaskClient, press: Press) -> None:
    press.publish("Họp thôn", topic="Nông nghiệp")
    page = client.get("/")
    assert page.status_code == 200
    for word in (
        "Nghe tin hôm nay",
        "Họp thôn",
        "Thứ~Ba, 24/11/2026",
        "Nông nghiệp",
        "Đài Na Lương",
    ):
        assert word.replace("~", NO_BREAK) in page.text
    assert (
        "<small>1~bài · 4~phút~16~giây · 0,1~MB</small>".replace("~", NO_BREAK)
        in page.text
    )
    assert re.search(r">\d\d:\d\d, 24/11/2026</time>", page.text)
    assert '<audio class="native" controls preload="none"' in page.text
    assert "https://loa.example/feeds/all.xml" in page.text


def test_home_without_news_says_so(client: FlaskClient) -> None:
    assert "Chưa có tin nào" in client.get("/").text


def test_home_falls_back_to_the_latest(
    client: FlaskClient, press: Press, clock: Clock
) -> None:
    press.publish("Tin hôm trước")
    clock.now += timedelta(days=2)
    page = client.get("/").text
    assert "Nghe tin mới nhất" in page
    assert "Tin hôm trước" in page
    assert f"Thứ{NO_BREAK}Năm, 26/11/2026" in page


def test_an_article_is_whole_without_javascript(
    client: FlaskClient, press: Press
) -> None:
    episode = press.publish(
        "Họp thôn",
        "Một câu.",
        "Hai câu.",
        lead="Tóm tắt.",
        byline="Lan Anh",
        topic="Nông nghiệp",
    )
    page = client.get(f"/articles/{episode.slug}").text
    body = page.partition("<body>")[2]
    assert body.count(">Họp thôn<") == 1
    for word in (
        "Tóm tắt.",
        "Một câu.",
        "Hai câu.",
        "Lan Anh",
        "Nông nghiệp",
        "Giọng thử",
        "giọng tạm",
        "chị Chi",
    ):
        assert word in body
    assert f'src="/media/{episode.id}/1/app-1.mp3"' in body
    assert 'preload="none"' in body
    assert f'src="/media/{episode.id}/1/transcript.vtt"' in body
    assert 'data-start="1000"' in body
    assert "download=1" in body
    assert '<meta property="og:title" content="Họp thôn">' in page
    assert f'content="https://loa.example/media/{episode.id}/1/app-1.mp3"' in page
    assert (
        'property="og:image" content="https://loa.example/previews/hop-thon-1.jpg?v=1"'
        in page
    )


def test_what_people_wrote_is_never_markup(client: FlaskClient, press: Press) -> None:
    episode = press.publish(
        f"Tin {ATTACK}",
        f"Câu {ATTACK}",
        lead=f"Dẫn {ATTACK}",
        byline=ATTACK,
        topic=f"T {ATTACK}",
    )
    for path in (
        "/",
        f"/articles/{episode.slug}",
        "/stations/suoi-lanh",
        "/stations/suoi-lanh/speaker",
    ):
        page = client.get(path).text
        assert ESCAPED in page, path
        assert "<script>alert" not in page, path
    assert "<script>alert" not in client.get("/search", query_string={"q": ATTACK}).text


def test_no_page_holds_inline_script_or_style(
    client: FlaskClient, press: Press
) -> None:
    episode = press.publish()
    for path in (
        "/",
        f"/articles/{episode.slug}",
        "/stations/suoi-lanh",
        "/stations/suoi-lanh/speaker",
        "/khong-co",
    ):
        answer = client.get(path)
        for inline in ("<script>", "<style", " style=", "onclick=", "http://"):
            assert inline not in answer.text, (path, inline)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_station_and_a_topic_list_only_their_own(
    client: FlaskClient, press: Press
) -> None:
    press.publish("Tin một", topic="Nông nghiệp")
    press.publish("Tin hai", stations=("na-luong",), topic="Y tế")
    for path, shown, hidden in (
        ("/stations/suoi-lanh", "Tin một", "Tin hai"),
        ("/stations/na-luong", "Tin hai", "Tin một"),
        ("/topics/y-te", "Tin hai", "Tin một"),
    ):
        page = client.get(path).text
        assert shown in page
        assert hidden not in page
        assert f"/feeds{path}.xml" in page
    assert client.get("/stations/khong-co").status_code == 404
    assert client.get("/topics/khong-co").status_code == 404


def test_search_needs_no_diacritics(client: FlaskClient, press: Press) -> None:
    press.publish("Họp thôn")
    press.publish("Tiêm chủng")
    page = client.get("/search?q=hop+thon").text
    assert "Họp thôn" in page
    assert "Tiêm chủng" not in page
    assert "Không có bài nào" in client.get("/search?q=gigachat").text
    assert client.get("/search").status_code == 200
    assert client.get("/search?q=x&trang=99999999999999999999").status_code == 200


def test_lists_go_page_by_page(client: FlaskClient, press: Press) -> None:
    for number in range(21):
        press.publish(f"Bài số {number:02}")
    first, second = (
        client.get("/stations/suoi-lanh?trang=1").text,
        client.get("/stations/suoi-lanh?trang=2").text,
    )
    assert "Bài số 20" in first
    assert "Bài số 00" not in first
    assert "/stations/suoi-lanh?trang=2" in first
    assert "Bài số 00" in second
    assert "Bài số 20" not in second


@pytest.mark.parametrize("path", ["/", "/stations/suoi-lanh"])
def test_a_page_seen_before_is_not_sent_again(
    client: FlaskClient, press: Press, path: str
) -> None:
    press.publish()
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    press.publish("Tin mới hơn")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_only_what_depends_on_who_asks_says_so(
    client: FlaskClient, press: Press, sound: str
) -> None:
    """A cache that many share keeps one answer for all of what does not read a cookie."""
    slug = press.publish("Họp thôn").slug
    for path in (
        sound,
        "/feeds/all.xml",
        "/feeds/stations/suoi-lanh.xml",
        f"/embed/articles/{slug}",
        f"/qr/{slug}.svg",
        f"/previews/{slug}.jpg",
        "/covers/stations/suoi-lanh.jpg",
        "/sitemap.xml",
        "/manifest.webmanifest",
        "/static/loa.css",
        "/api/v1/openapi.json",
    ):
        with client.get(path) as answer:
            assert answer.status_code == 200, path
            assert "cookie" not in answer.vary, path
            assert "Set-Cookie" not in answer.headers, path
    for path in (
        "/",
        f"/articles/{slug}",
        "/settings",
        "/stations/suoi-lanh/speaker",
        "/desk",
        "/desk/login",
    ):
        assert "cookie" in client.get(path).vary, path


def test_static_files_are_kept_for_a_year(client: FlaskClient) -> None:
    assert re.search(r'"/static/loa\.css\?v=\w+"', client.get("/").text)
    for name in (
        "loa.css",
        "player/main.js",
        "loa.svg",
        "fonts/be-vietnam-pro-400.woff2",
    ):
        with client.get(f"/static/{name}?v=1") as answer:
            assert answer.status_code == 200
            assert "max-age=31536000" in answer.headers["Cache-Control"]
            assert len(answer.data) <= 20_000


def test_text_is_zipped_and_sound_is_not(
    client: FlaskClient, press: Press, sound: str
) -> None:
    zip_it = {"Accept-Encoding": "gzip"}
    for path in ("/", "/feeds/all.xml", "/static/loa.css"):
        plain, zipped = (
            client.get(path, buffered=True),
            client.get(path, headers=zip_it, buffered=True),
        )
        assert zipped.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in zipped.headers["Vary"]
        assert gzip.decompress(zipped.data) == plain.data
        assert zipped.headers["ETag"] != plain.headers["ETag"]
        for answer in (plain, zipped):
            tag = {"If-None-Match": answer.headers["ETag"]}
            assert (
                client.get(path, headers=zip_it | tag, buffered=True).status_code == 304
            ), path
    answer = client.get(sound, headers=zip_it)
    assert "Content-Encoding" not in answer.headers
    assert answer.data == WHOLE


# Errors.


def test_errors_are_pages_in_vietnamese(client: FlaskClient) -> None:
    for answer, status, text in (
        (client.get("/khong-co"), 404, "Không tìm thấy trang"),
        (client.get("/articles/khong-co"), 404, "Không có bài này"),
        (client.post("/"), 405, "Không làm được như vậy"),
    ):
        assert answer.status_code == status
        assert answer.mimetype == "text/html"
        assert text in answer.text
    assert "GET" in client.post("/").headers["Allow"]


def test_programs_get_problems(client: FlaskClient) -> None:
    answer = client.get("/api/v1/khong-co")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_a_bug_gets_a_page(newsroom: Newsroom, site: Site) -> None:
    app = create_app(newsroom, site, WrittenAtOnce(newsroom))
    app.logger.disabled = True

    @app.get("/bug")
    def bug() -> str:
        raise RuntimeError("a secret")

    answer = app.test_client().get("/bug")
    assert answer.status_code == 500
    assert "Máy chủ gặp lỗi" in answer.text
    assert "a secret" not in answer.text
    app.logger.disabled = False


def test_what_was_withdrawn_says_why(client: FlaskClient, press: Press) -> None:
    episode = press.publish("Họp thôn")
    press.room.episodes.withdraw(episode.id, "số liệu sai", "chị Chi")
    for path in (f"/articles/{episode.slug}", f"/media/{episode.id}/1/app-1.mp3"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "Họp thôn" in answer.text
        assert "số liệu sai" in answer.text
    assert "Họp thôn" not in client.get("/").text


# Feeds.


def test_a_feed_is_what_podcast_apps_want(client: FlaskClient, press: Press) -> None:
    first = press.publish("Họp thôn", lead="Tóm tắt.", topic="Nông nghiệp")
    press.publish("Tiêm chủng", stations=("na-luong",))
    answer = client.get("/feeds/stations/suoi-lanh.xml")
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    assert feed.feed.title == "Đài Suối Lành"
    address = "https://loa.example/feeds/stations/suoi-lanh.xml"
    assert feed_guid(address) in answer.text
    (item,) = feed.entries
    assert (item.title, item.id, item.summary) == ("Họp thôn", first.guid, "Tóm tắt.")
    assert item.link == f"https://loa.example/articles/{first.slug}"
    (enclosure,) = item.enclosures
    assert enclosure.href == f"https://loa.example/media/{first.id}/1/app-1.mp3"
    assert (enclosure.type, int(enclosure.length)) == ("audio/mpeg", len(WHOLE))
    assert f"https://loa.example/media/{first.id}/1/transcript.vtt" in answer.text
    assert len(feedparser.parse(client.get("/feeds/all.xml").data).entries) == 2
    assert (
        len(feedparser.parse(client.get("/feeds/topics/nong-nghiep.xml").data).entries)
        == 1
    )


def test_a_feed_leads_to_its_page(client: FlaskClient) -> None:
    feed = feedparser.parse(client.get("/feeds/stations/suoi-lanh.xml").data)
    assert feed.feed.link == "https://loa.example/stations/suoi-lanh"


def test_an_empty_feed_is_a_feed(client: FlaskClient) -> None:
    answer = client.get("/feeds/all.xml")
    assert answer.status_code == 200
    assert not feedparser.parse(answer.data).bozo
    for path in (
        "/feeds/stations/khong-co.xml",
        "/feeds/khong-co/x.xml",
        "/covers/khong-co/x.jpg",
    ):
        assert client.get(path).status_code == 404


def test_a_feed_seen_before_is_not_built_again(
    client: FlaskClient, press: Press, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish()
    clock.now += timedelta(seconds=2)
    first = client.get("/feeds/all.xml")
    assert first.headers["ETag"].startswith('"')
    with monkeypatch.context() as patch:
        patch.setattr("service.web.listeners.feeds.rss", None)
        assert client.get("/feeds/all.xml").data == first.data
        assert (
            client.get(
                "/feeds/all.xml", headers={"If-None-Match": first.headers["ETag"]}
            ).status_code
            == 304
        )
        since = {"If-Modified-Since": first.headers["Last-Modified"]}
        assert client.get("/feeds/all.xml", headers=since).status_code == 304
        head = client.head("/feeds/all.xml")
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(first.data))
    press.publish("Tin hai")
    again = client.get(
        "/feeds/all.xml", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert len(feedparser.parse(again.data).entries) == 2


def test_every_process_gives_a_feed_the_same_tag(
    newsroom: Newsroom, site: Site, press: Press
) -> None:
    press.publish()
    sites = [
        replace(site, checks={"part": lambda: None}, secret_key=key) for key in "ab"
    ]
    tags = {
        create_app(newsroom, one).test_client().get("/feeds/all.xml").headers["ETag"]
        for one in sites
    }
    assert len(tags) == 1


def test_covers_are_pictures(client: FlaskClient) -> None:
    for path in ("/covers/all/loa.jpg", "/covers/stations/suoi-lanh.jpg"):
        answer = client.get(path)
        assert answer.mimetype == "image/jpeg"
        assert answer.data.startswith(b"\xff\xd8")
        assert (
            client.get(
                path, headers={"If-None-Match": answer.headers["ETag"]}
            ).status_code
            == 304
        )


# Sound.


def test_sound_is_whole_and_tagged(client: FlaskClient, sound: str) -> None:
    answer = client.get(sound)
    assert (answer.status_code, answer.data, answer.mimetype) == (
        200,
        WHOLE,
        "audio/mpeg",
    )
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" in answer.headers["Cache-Control"]
    head = client.head(sound)
    assert (head.status_code, head.data) == (200, b"")
    for name in (
        "Content-Length",
        "Content-Type",
        "ETag",
        "Last-Modified",
        "Accept-Ranges",
        "Cache-Control",
    ):
        assert head.headers[name] == answer.headers[name]
    for name, value in (
        ("If-None-Match", answer.headers["ETag"]),
        ("If-Modified-Since", answer.headers["Last-Modified"]),
    ):
        unchanged = client.get(sound, headers={name: value})
        assert (unchanged.status_code, unchanged.data) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("0-99", 0, 100),
        ("4000-", 4000, 5001),
        ("-1", 5000, 5001),
        ("5000-9999", 5000, 5001),
        ("0-0", 0, 1),
    ],
)
def test_a_range_is_a_part(
    client: FlaskClient, sound: str, asked: str, start: int, end: int
) -> None:
    answer = client.get(sound, headers={"Range": f"bytes={asked}"})
    assert answer.status_code == 206
    assert answer.data == WHOLE[start:end]
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/5001"
    assert answer.headers["Content-Length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=5001-", "bytes=9000-9999"])
def test_a_range_beyond_the_end_is_refused(
    client: FlaskClient, sound: str, asked: str
) -> None:
    answer = client.get(sound, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */5001"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=x", "apples=0-1"])
def test_other_ranges_give_the_whole(
    client: FlaskClient, sound: str, asked: str
) -> None:
    answer = client.get(sound, headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, WHOLE)


def test_a_range_of_another_file_gives_the_whole(
    client: FlaskClient, sound: str
) -> None:
    whole = client.get(sound)
    for condition, status in (
        (whole.headers["ETag"], 206),
        ('"other"', 200),
        (whole.headers["Last-Modified"], 206),
        ("Mon, 01 Jan 2024 00:00:00 GMT", 200),
    ):
        answer = client.get(
            sound, headers={"Range": "bytes=0-9", "If-Range": condition}
        )
        assert answer.status_code == status, condition


def test_players_on_other_sites_may_read_it(
    client: FlaskClient, press: Press, sound: str
) -> None:
    asking = {"Origin": "https://xa.example", "Access-Control-Request-Method": "GET"}
    for path in (sound, sound.replace("app-1.mp3", "transcript.vtt"), "/feeds/all.xml"):
        leave = client.options(
            path, headers=asking | {"Access-Control-Request-Headers": "range"}
        )
        assert leave.status_code == 200
        assert leave.headers["Access-Control-Allow-Origin"] == "*"
        assert "Range" in leave.headers["Access-Control-Allow-Headers"].split(", ")
        assert "Access-Control-Allow-Credentials" not in leave.headers
    for headers, status in (
        ({}, 200),
        ({"Range": "bytes=0-1"}, 206),
        ({"Range": "bytes=9999-"}, 416),
    ):
        answer = client.get(sound, headers=headers)
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert {"Content-Range", "ETag"} <= set(
            answer.headers["Access-Control-Expose-Headers"].split(", ")
        )
    press.room.episodes.withdraw(int(sound.split("/")[2]), "số liệu sai", "chị Chi")
    for path, status in ((sound, 410), ("/media/99/1/khong-co.mp3", 404)):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (
            status,
            "*",
        )


def test_a_part_is_of_the_plain_bytes(client: FlaskClient, press: Press) -> None:
    press.lite = True
    chapters = f"/media/{press.publish().id}/1/chapters.json"
    zip_it = {"Accept-Encoding": "gzip"}
    whole, zipped = client.get(chapters), client.get(chapters, headers=zip_it)
    assert zipped.headers["Content-Encoding"] == "gzip"
    for tag, status in ((whole.headers["ETag"], 206), (zipped.headers["ETag"], 200)):
        part = client.get(
            chapters, headers=zip_it | {"Range": "bytes=5-9", "If-Range": tag}
        )
        assert part.status_code == status, tag
        assert part.data == (whole.data[5:10] if status == 206 else zipped.data)


def test_what_has_not_changed_keeps_the_tag_it_was_sent_with(
    client: FlaskClient, press: Press
) -> None:
    press.lite = True
    media = f"/media/{press.publish().id}/1/"
    # Too small to be compressed, and compressed
    for name in (
        "transcript.vtt",
        "chapters.json",
    ):
        for takes in ({}, {"Accept-Encoding": "gzip"}):
            tag = client.get(media + name, headers=takes).headers["ETag"]
            known = client.get(media + name, headers=takes | {"If-None-Match": tag})
            assert (known.status_code, known.headers["ETag"]) == (304, tag), name


def test_a_download_has_a_plain_name(client: FlaskClient, press: Press) -> None:
    episode = press.publish("Họp “thôn”\r\nX: y")
    answer = client.get(f"/media/{episode.id}/1/app-1.mp3?download=1")
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="hop-thon-x-y-1.mp3"'
    )
    assert (
        "Content-Disposition"
        not in client.get(f"/media/{episode.id}/1/app-1.mp3").headers
    )


def test_an_old_address_leads_to_the_newest(
    client: FlaskClient, press: Press, sound: str
) -> None:
    number = int(sound.split("/")[2])
    press.again(number)
    answer = client.get(f"{sound}?download=1")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/media/{number}/2/app-2.mp3?download=1"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(sound, follow_redirects=True).data == SOUND + b"2"
    part = client.get(sound, headers={"Range": "bytes=5000-"}, follow_redirects=True)
    assert (part.status_code, part.data) == (206, b"2")


def test_what_nobody_approved_is_not_heard(client: FlaskClient, press: Press) -> None:
    number = press.receive("Chưa duyệt")
    press.work()
    assert client.get(f"/media/{number}/1/app-1.mp3").status_code == 404
    assert "Chưa duyệt" not in client.get("/").text
    assert client.get(f"/media/{number}/1/khong-co.mp3").status_code == 404


def test_the_desk_hears_drafts(client: FlaskClient, press: Press) -> None:
    number = press.receive("Chưa duyệt")
    press.work()
    person = press.room.people.add("lan", "mật khẩu rất dài", Role.EDITOR)
    with client.session_transaction() as session:
        session["_user_id"] = press.room.sessions.begin(person.id, Visitor()).token
    answer = client.get(f"/media/{number}/1/app-1.mp3")
    assert answer.status_code == 200
    assert "private" in answer.headers["Cache-Control"]


def test_lost_bytes_are_a_trouble_that_is_told(
    client: FlaskClient, press: Press, sound: str
) -> None:
    press.room.files.delete(f"masters{sound.removeprefix('/media')}")
    client.application.logger.disabled = True
    answer = client.get(sound)
    client.application.logger.disabled = False
    assert answer.status_code == 503
    assert "Tạm thời" in answer.text


# The operator.


def test_the_operator_finds_what_is_approved_today(
    client: FlaskClient, press: Press, clock: Clock
) -> None:
    press.publish("Tin hôm qua")
    clock.now += timedelta(days=1)
    episode = press.publish("Tin hôm nay")
    press.publish("Tin đài khác", stations=("na-luong",))
    page = client.get("/stations/suoi-lanh/speaker").text
    today, _, week = page.partition("Bảy ngày trước")
    assert "Tin hôm nay" in today
    assert "Tin hôm qua" not in today
    assert "Tin hôm qua" in week
    assert "Tin đài khác" not in page
    digest = episode.masters[0].sha256
    for word in (
        "Tải riêng bài này",
        "chị Chi",
        digest[:12],
        f"{digest}",
        "05:00",
        f"15{NO_BREAK}phút",
        f"/media/{episode.id}/1/app-1.mp3",
    ):
        assert word in today


def test_the_operator_is_told_when_nothing_is_approved(
    client: FlaskClient, press: Press
) -> None:
    press.receive("Chưa duyệt")
    press.work()
    page = client.get("/stations/suoi-lanh/speaker").text
    assert "chưa có bài nào được duyệt" in page
    assert "Chưa duyệt" not in page


# Health.


def test_health_names_what_is_wrong(
    client: FlaskClient, press: Press, checks: dict[str, Callable[[], None]]
) -> None:
    def full() -> None:
        raise FilesError("disk full")

    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    checks["files"] = full
    answer = client.get("/readyz")
    assert answer.status_code == 503
    checked = (answer.json or {})["checks"]
    assert checked["database"] == "ok"
    assert "disk full" in checked["files"]
    press.publish()
    press.room.engines.leave("gtts", 60, 5, 10)
    press.room.engines.failed("gtts", "unreachable", "no route", 4, None)
    metrics = client.get("/metrics").text
    assert 'loa_episodes{state="published"} 1' in metrics
    assert 'loa_engine_away{engine="gtts"} 1' in metrics
    assert 'loa_engine_calls_total{engine="gtts"} 1' in metrics
    assert 'loa_jobs{state="done"} 4' in metrics


def test_a_player_is_asked_for_by_the_address_where_its_article_stood(client, publish):
    there = "https://xa.example/tin/lam-duong.html"
    assert client.get("/embed", query_string={"url": there}).status_code == 204
    episode = publish("Xã làm đường", url=f"{there}?utm_source=fb")
    for url in (
        there,
        there.replace("https", "http"),
        f"{there}/",
        f"{there}?fbclid=1",
    ):
        page = client.get("/embed", query_string={"url": url})
        assert "Xã làm đường" in page.text
        assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    told = client.get("/oembed", query_string={"url": there, "maxwidth": "320"}).json
    assert (told["type"], told["version"], told["width"]) == ("rich", "1.0", 320)
    assert f"/embed/articles/{episode.slug}" in told["html"]
    for odd in ("9" * 5_000, "0" * 5_000, "-1", "1e9", "²", "٣٢٠", "", "0"):
        asked = {"url": there, "maxwidth": odd, "maxheight": odd}
        answer = client.get("/oembed", query_string=asked)
        assert answer.json["width"] == client.get(f"/oembed?url={there}").json["width"]
    ours = f"https://loa.example/articles/{episode.slug}"
    assert (
        client.get("/oembed", query_string={"url": ours}).json["title"]
        == "Xã làm đường"
    )
    assert (
        client.get("/oembed", query_string={"url": there, "format": "xml"}).status_code
        == 501
    )
    for nothing in (
        "",
        "javascript:alert(1)",
        "https://xa.example/khac",
        "http://[",
        "x" * 5000,
    ):
        assert client.get("/embed", query_string={"url": nothing}).status_code == 204
        assert client.get("/oembed", query_string={"url": nothing}).status_code == 404
