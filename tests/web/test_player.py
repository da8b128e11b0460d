# ruff: noqa: F811
"""The player's pages beyond the news: choices, days, playlists, reports of misreadings, links and
the app.
"""

import json
import re
from datetime import timedelta
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from PIL import Image

from service.newsroom import Newsroom
from service.newsroom.values import EVERYWHERE, NewArticle, NewWarning, Role
from tests.web.press import Press
from tests.web.test_public import app, checks, client, clock, newsroom, press, site  # noqa: F401


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_reader_chooses_a_commune_and_the_light_file(
    client: FlaskClient, press: Press
) -> None:
    press.lite = True
    press.publish("Tin Suối Lành")
    press.publish("Tin Na Lương", stations=("na-luong",))
    both = client.get("/")
    assert "Bà con ở xã nào?" in both.text
    assert {"Cookie", "Save-Data"} <= set(both.vary)
    assert (
        "lite-1.opus" not in both.text.partition("<source")[2].partition("</audio>")[0]
    )
    assert client.post("/settings", data={"xa": "na-luong"}).status_code == 303
    mine = client.get("/").text
    assert "Tin Na Lương" in mine
    assert "Tin Suối Lành" not in mine
    asked = client.get("/", headers={"Save-Data": "on"})
    client.post("/settings", data={"nhe": "1"})
    for saving in (asked, client.get("/")):
        sound = saving.text.partition("<audio class")[2].partition("</audio>")[0]
        _, first, second = sound.split("<source")
        assert "lite-1.opus" in first
        assert "app-1.mp3" in second
        assert 'data-saver="true"' in saving.text
    client.post("/settings", data={"nhe": "0"})
    assert 'data-saver="false"' in client.get("/", headers={"Save-Data": "on"}).text


def test_the_archive_leads_from_month_to_day(
    client: FlaskClient, press: Press, clock
) -> None:
    press.publish("Tin đầu")
    clock.now += timedelta(days=8)
    press.publish("Tin sau", stations=("na-luong",))
    month = client.get("/archive", follow_redirects=True)
    assert month.request.path == "/archive/2026-12"
    assert '<a href="/archive/2026-12-02">' in month.text
    assert "<small>1 bài</small>" in month.text
    assert 'href="/archive/2026-11"' in month.text
    first = client.get("/archive/2026-11-24").text
    assert "Tin đầu" in first
    assert "Tin sau" not in first
    assert 'href="/archive/2026-12-02"' in first
    assert "Tin đầu" not in client.get("/archive/2026-11-24?dai=na-luong").text
    for wrong in (
        "/archive/2026-13",
        "/archive/2026-02-30",
        "/archive/2026-11-24?dai=khong",
        "/archive/0001-01-01",
        "/archive/9999-12",
    ):
        assert client.get(wrong).status_code == 404


def test_a_list_s_pages_are_asked_for_with_its_own_words_alone(
    client: FlaskClient, press: Press
) -> None:
    """What else an address says would be an instruction to whoever makes the link."""
    press.publish("Tin đầu", topic="Nông nghiệp")
    own = "q=tin&khi=7"
    strange = "&endpoint=x&_method=POST&_scheme=x&_external=1&_anchor=y&values=z"
    for path in ("/search", "/archive/2026-11-24", "/topics/nong-nghiep"):
        plain = client.get(f"{path}?{own}&trang=2")
        same = client.get(f"{path}?{own}{strange}&trang=2")
        assert same.status_code == plain.status_code
        assert html.fromstring(same.text).xpath("//a/@href") == html.fromstring(
            plain.text
        ).xpath("//a/@href")
    page = client.get(f"/search?{own}&trang=2").text
    assert 'href="/search?q=tin&amp;khi=7&amp;trang=1"' in page


def test_today_is_a_playlist(client: FlaskClient, press: Press) -> None:
    episode = press.publish("Họp thôn")
    for path in ("/today.m3u", "/stations/suoi-lanh/today.m3u"):
        answer = client.get(path)
        assert answer.mimetype == "audio/x-mpegurl"
        assert f"https://loa.example/media/{episode.id}/1/app-1.mp3" in answer.text
    assert "media" not in client.get("/stations/na-luong/today.m3u").text


def test_a_warning_in_force_is_heard_first_and_one_that_is_over_is_not(
    client: FlaskClient, press: Press, newsroom: Newsroom, clock
) -> None:
    words = NewArticle("Lũ quét", ("Bà con lên chỗ cao ngay.",), "lũ", ("suoi-lanh",))
    warning = NewWarning(newsroom.now() + timedelta(days=2), approved_by="chị Chi")
    number = newsroom.urgent.receive(words, warning, "", "lan").episode_id
    press.work()
    clock.now += timedelta(days=1)  # no longer today's, and still in force
    press.publish("Họp thôn")
    told = re.findall(r'data-title="([^"]+)"', client.get("/").text)
    assert told == ["Lũ quét", "Họp thôn"]
    assert "Khẩn cấp, đến" in client.get("/").text
    assert re.findall(r",(.+)\n", client.get("/stations/suoi-lanh/today.m3u").text) == [
        "Lũ quét",
        "Họp thôn",
    ]
    assert "Lũ quét" not in client.get("/stations/na-luong").text
    page = f"/articles/{newsroom.episodes.get(number).slug}"
    assert "có hiệu lực đến" in client.get(page).text
    clock.now += timedelta(days=1, minutes=1)
    press.publish("Họp xã")
    queue = (
        client.get("/").text.partition('data-queue="today"')[2].partition("</ol>")[0]
    )
    assert re.findall(r'data-title="([^"]+)"', queue) == ["Họp xã"]
    assert "Cảnh báo đã hết hiệu lực" in client.get("/").text
    assert "giữ lại để tra cứu" in client.get(page).text


def test_a_misreading_reaches_the_desk_once(
    client: FlaskClient,
    app: Flask,
    press: Press,
    newsroom: Newsroom,
) -> None:
    episode = press.publish("Họp thôn", "UBND xã họp.", "Hai câu.")
    address = f"/articles/{episode.slug}/misreading"
    form = client.get(f"{address}?n=2&word=UBND")
    assert "no-store" in form.headers["Cache-Control"]
    assert 'value="UBND" checked' in form.text
    sent = {
        "csrf_token": token_of(form.text),
        "version": "1",
        "n": "2",
        "word": "UBND",
        "remark": "ủy ban",
    }
    secure = {"base_url": "http://localhost"}
    for _ in range(2):
        assert "Cảm ơn" in client.post(address, data=sent, **secure).text
    (found,), total = newsroom.misreadings.page(settled=False)
    assert (total, found.word, found.times, found.remarks, found.n) == (
        1,
        "UBND",
        2,
        ("ủy ban",),
        2,
    )
    for wrong, status in (
        ({"n": "99"}, 404),
        ({"word": "NASA"}, 422),
        ({"remark": "x" * 301}, 422),
    ):
        answer = client.post(address, data=sent | wrong)
        assert answer.status_code == status
        assert 'role="alert"' in answer.text
    assert newsroom.lookout.stirring(EVERYWHERE).misreadings == 1
    newsroom.people.add("bien-tap", "mật khẩu dài", Role.EDITOR)
    login = client.get("/desk/login").text
    client.post(
        "/desk/login",
        data={
            "csrf_token": token_of(login),
            "name": "bien-tap",
            "password": "mật khẩu dài",
        },
    )
    desk = client.get("/desk/misreadings").text
    assert f"/desk/episodes/{episode.id}#cau-2" in desk
    assert "ủy ban" in desk
    assert "Báo đọc sai (1)" in desk
    client.post(
        f"/desk/misreadings/{found.id}/settle", data={"csrf_token": token_of(desk)}
    )
    assert newsroom.lookout.stirring(EVERYWHERE).misreadings == 0
    assert "bien-tap đã xử lý" in client.get("/desk/misreadings?xong=1").text


def test_reports_from_one_address_are_limited(
    client: FlaskClient, press: Press
) -> None:
    episode = press.publish()
    address = f"/articles/{episode.slug}/misreading"
    sent = {"csrf_token": token_of(client.get(address).text), "version": "1", "n": "1"}
    peer = {"environ_overrides": {"REMOTE_ADDR": "198.51.100.7"}}
    codes = [client.post(address, data=sent, **peer).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]


def test_links_have_a_picture_a_code_and_facts(
    client: FlaskClient, press: Press
) -> None:
    episode = press.publish("Họp thôn", topic="Nông nghiệp")
    page = client.get(f"/articles/{episode.slug}").text
    facts = json.loads(page.partition('ld+json">')[2].partition("</script>")[0])
    assert (facts["@type"], facts["name"]) == ("PodcastEpisode", "Họp thôn")
    with Image.open(
        BytesIO(client.get(f"/previews/{episode.slug}.jpg").data)
    ) as picture:
        assert picture.size == (1200, 630)
    code = client.get(f"/qr/{episode.slug}.svg")
    assert code.mimetype == "image/svg+xml"
    assert "<path" in code.text
    assert "/sitemaps/1.xml" in client.get("/sitemap.xml").text
    assert f"/articles/{episode.slug}" in client.get("/sitemaps/1.xml").text
    assert client.get("/sitemaps/2.xml").status_code == 404
    assert (
        "https://loa.example/topics/nong-nghiep"
        in client.get("/sitemaps/lists.xml").text
    )
    assert "Sitemap: https://loa.example/sitemap.xml" in client.get("/robots.txt").text


def told(client: FlaskClient, path: str) -> dict[str, str]:
    """What a page tells messengers."""
    head = html.fromstring(client.get(path).text)
    return {
        str(tag.get("property") or tag.get("name")): str(tag.get("content"))
        for tag in head.iter("meta")
    }


def test_links_are_shown_with_title_words_and_picture(
    client: FlaskClient, press: Press
) -> None:
    episode = press.publish(
        "Họp thôn", "Tối nay họp.", "Mời bà con.", topic="Nông nghiệp"
    )
    for path, title, words in (
        ("/", "Loa · Nghe tin hôm nay", "Tin của xã, đọc thành tiếng mỗi ngày."),
        ("/stations/suoi-lanh", "Đài Suối Lành", "Tin của xã."),
        ("/topics/nong-nghiep", "Nông nghiệp", "Tin của xã, đọc thành tiếng."),
        (f"/articles/{episode.slug}", "Họp thôn", "Tối nay họp."),
    ):
        found = told(client, path)
        assert (found["og:title"], found["og:description"], found["description"]) == (
            title,
            words,
            words,
        ), path
        assert found["og:url"] == f"https://loa.example{path}"
        with Image.open(
            BytesIO(
                client.get(found["og:image"].removeprefix("https://loa.example")).data
            )
        ) as picture:
            assert (str(picture.width), str(picture.height)) == (
                found["og:image:width"],
                found["og:image:height"],
            )
    assert "og:title" not in told(client, "/search?q=hop")


def test_only_the_embedded_page_may_stand_in_frames(
    client: FlaskClient, press: Press
) -> None:
    episode = press.publish("Họp thôn")
    for path in (f"/embed/articles/{episode.slug}", "/embed/stations/suoi-lanh"):
        answer = client.get(path)
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert "app-1.mp3" in answer.text
        assert "<script" not in answer.text
    for path in ("/", f"/articles/{episode.slug}", "/settings"):
        assert (
            "frame-ancestors 'self'"
            in client.get(path).headers["Content-Security-Policy"]
        )
    assert (
        '&lt;iframe src="https://loa.example/embed/stations/suoi-lanh"'
        in client.get("/stations/suoi-lanh").text
    )


def test_the_app_names_its_parts(client: FlaskClient) -> None:
    manifest = client.get("/manifest.webmanifest")
    told = json.loads(manifest.data)
    assert told["display"] == "standalone"
    for icon in told["icons"][1:]:
        with Image.open(BytesIO(client.get(icon["src"]).data)) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
    worker = client.get("/sw.js")
    assert worker.headers["Cache-Control"] == "no-cache"
    shell = json.loads(worker.text.partition("const SHELL = ")[2].partition(";\n")[0])
    for path in shell:
        assert client.get(path, buffered=True).status_code == 200, path
    modules = [path for path in shell if path.startswith("/player/")]
    sizes = [
        len(client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True).data)
        for path in modules
    ]
    assert sum(sizes) <= 30_000
    assert (
        client.get("/player/0/main.js", buffered=True).headers["Cache-Control"]
        == "no-cache"
    )
