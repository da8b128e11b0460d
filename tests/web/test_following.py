# ruff: noqa: F811
"""How people come to a show and stay with it: apps, codes, sheets; search and choices."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from PIL import Image

from service.newsroom.values import Station
from tests.web.test_public import app, checks, client, clock, newsroom, press, site  # noqa: F401

FEED = "loa.example/feeds/stations/suoi-lanh.xml"


def links(client, path):
    page = html.fromstring(client.get(path).text)
    return {
        " ".join(link.text_content().split()): str(link.get("href"))
        for link in page.xpath("//section[contains(@class, 'subscribe')]//a")
    }


def test_every_app_is_one_tap(client):
    found = links(client, "/stations/suoi-lanh")
    antenna = urlsplit(found["AntennaPod"])
    assert parse_qs(antenna.query) == {
        "url": [f"https://{FEED}"],
        "title": ["Đài Suối Lành"],
    }
    assert antenna.netloc == "antennapod.org"
    assert found["Apple Podcasts"] == f"podcast://{FEED}"
    assert found["Pocket Casts"] == f"pktc://subscribe/{FEED}"
    assert found["Ứng dụng khác"] == f"pcast://{FEED}"
    assert found["In tờ dán có mã QR"] == "/stations/suoi-lanh/sheet"
    for path in ("/", "/stations/suoi-lanh", "/stations/suoi-lanh?trang=1"):
        assert client.get(links(client, path)["RSS"]).status_code == 200


def test_codes_lead_to_pages(client, press):
    press.publish("Họp thôn", topic="Nông nghiệp")
    drawings = set()
    for show in (
        "all",
        "stations/suoi-lanh",
        "stations/na-luong",
        "topics/nong-nghiep",
    ):
        code = client.get(f"/qr/shows/{show}.svg")
        assert code.mimetype == "image/svg+xml"
        drawings.add(code.data)
    assert len(drawings) == 4
    assert client.get("/qr/shows/stations/khong.svg").status_code == 404
    assert client.get("/stations/khong/sheet").status_code == 404
    assert (
        "loa.example/stations/suoi-lanh" in client.get("/stations/suoi-lanh/sheet").text
    )


@pytest.mark.parametrize("path", ["/favicon.ico", "/apple-touch-icon.png"])
def test_icons_are_where_apps_look(client, path):
    answer = client.get(path)
    with Image.open(BytesIO(answer.data)) as picture:
        assert picture.size == {"/favicon.ico": (48, 48)}.get(path, (180, 180))
    assert "max-age" in answer.headers["Cache-Control"]


def test_search_shows_where_the_words_are_and_is_bounded_by_days(client, press, clock):
    press.publish("Lịch tiêm", "Xã tiêm <b>vắc xin</b> cho trâu.")
    page = client.get("/search?q=vacxin").text
    assert "<mark>vắc</mark>" in page or "<mark>vắc xin</mark>" in page
    assert "<b>vắc xin</b>" not in page
    assert "Lịch tiêm" in client.get("/search?q=vacxin&khi=1").text
    clock.now += timedelta(days=8)
    for period, found in (("", True), ("1", False), ("7", False), ("30", True)):
        page = client.get(f"/search?q=vacxin&khi={period}").text
        assert ("Lịch tiêm" in page) is found, period
    assert "Lịch tiêm" in client.get("/search?q=vacxin&khi=x").text


def test_of_many_communes_the_own_one_is_typed(client, newsroom):
    assert "<datalist" not in client.get("/").text  # of few it is chosen
    for number in range(20):
        newsroom.stations.put(Station(f"muong-{number}", f"Đài Mường {number} Lát"))
    assert "<datalist" in client.get("/").text
    for typed, station in (
        ("Đài Na Lương", "na-luong"),
        ("na luong", "na-luong"),
        ("dai muong 1 lat", "muong-1"),  # also within that of 10 to 19
        ("suoi-lanh", "suoi-lanh"),
    ):
        answer = client.post("/settings", data={"xa": typed})
        assert answer.headers["Location"] == "/", typed
        assert f"xa={station};" in answer.headers["Set-Cookie"]
    for typed in ("muong lat", "không có"):
        answer = client.post("/settings", data={"xa": typed})
        assert answer.headers["Location"].startswith("/stations?tim=")
    client.post("/settings", data={"xa": ""})
    assert "Bà con ở xã nào?" in client.get("/").text


def test_the_size_of_the_text_is_a_choice(client):
    client.post("/settings", data={"co": "rat-to"})
    assert 'data-size="rat-to"' in client.get("/").text
    client.post("/settings", data={"co": '"><b>'})
    assert "data-size" not in client.get("/").text
    client.set_cookie("co", "la")
    assert "data-size" not in client.get("/").text


def test_lists_and_articles_name_one_time(client, press, clock):
    written = clock.now - timedelta(days=6)
    episode = press.publish("Họp thôn", published_at=written)
    (listed,) = html.fromstring(client.get("/").text).xpath("//main//time")
    page = html.fromstring(client.get(f"/articles/{episode.slug}").text)
    assert page.xpath("//article/header//time")[0].text == listed.text
    assert "Bài viết lúc" in page.xpath("//article/footer")[0].text_content()


def test_no_playlist_stands_under_the_big_button(client, press):
    press.publish()
    page = html.fromstring(client.get("/").text)
    (playlist,) = page.xpath("//a[contains(@href, '.m3u')]")
    assert playlist.xpath("ancestor::details")
