"""Feeds as apps see them: all that is known of a show and its episodes, archives, and what has not
changed.
"""

import json
import subprocess
from base64 import b64decode, b64encode
from calendar import timegm
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import update

from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.store.tables import EpisodeRow, RenderingRow
from service.newsroom.values import Edition, Kind, NewArticle, Page, Slot, Station
from service.web.app import create_app
from service.web.listeners import feeds
from service.web.site import Site
from tests.conftest import WrittenAtOnce
from tests.system.servers import REQUIRED, need
from tests.web.press import LITE, Clock, Press

ROOT = Path(__file__).parents[2]
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "fh": "http://purl.org/syndication/history/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
FEED = "/feeds/stations/suoi-lanh.xml"


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
    slots = (Slot("05:00", 900, "135"), Slot("17:00", 900, "5"))
    room.stations.put(
        Station(
            "suoi-lanh", "Đài Suối Lành", place="Mường Khương, Lào Cai", slots=slots
        )
    )
    room.stations.put(Station("na-luong", "Đài Na Lương"))
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
        bed=ROOT / "audio/chimes/bed.mp3",
        owner_email="dai@loa.example",
        version="1",
    )


@pytest.fixture
def client(newsroom: Newsroom, site: Site) -> FlaskClient:
    return client_of(newsroom, site)


def client_of(newsroom: Newsroom, site: Site) -> FlaskClient:
    app = create_app(newsroom, site, WrittenAtOnce(newsroom))
    app.testing = True
    return app.test_client()


def channel(client: FlaskClient, path: str = FEED) -> etree._Element:
    answer = client.get(path)
    assert answer.status_code == 200, path
    found = etree.fromstring(answer.data).find("channel")
    assert found is not None
    return found


def said(element: etree._Element, path: str) -> str | None:
    return element.findtext(path, namespaces=NAMES)


def links(element: etree._Element) -> dict[str, str]:
    return {
        str(link.get("rel")): str(link.get("href"))
        for link in element.findall("atom:link", NAMES)
    }


def attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def titles(element: etree._Element) -> list[str]:
    return [str(item.findtext("title")) for item in element.findall("item")]


# What a feed says.


def test_a_channel_says_all_that_directories_ask_for(
    client: FlaskClient, press: Press
) -> None:
    press.publish()
    found = channel(client)
    assert links(found) == {"self": f"https://loa.example{FEED}"}
    link = found.find("atom:link", NAMES)
    assert link is not None
    assert link.get("type") == "application/rss+xml"
    for name, text in (
        ("language", "vi"),
        ("copyright", "© Đài Suối Lành"),
        ("itunes:author", "Đài Suối Lành"),
        ("itunes:type", "episodic"),
        ("itunes:explicit", "false"),
        ("itunes:owner/itunes:email", "dai@loa.example"),
        ("podcast:locked", "yes"),
        ("podcast:medium", "podcast"),
        ("podcast:location", "Mường Khương, Lào Cai"),
        ("podcast:person", "Đài Suối Lành"),
        ("podcast:updateFrequency", "3 ngày một tuần"),
        ("podcast:txt", "true"),
    ):
        assert said(found, name) == text, name
    for name, attribute, value in (
        ("itunes:category", "text", "News"),
        ("itunes:category/itunes:category", "text", "Daily News"),
        ("itunes:image", "href", "https://loa.example/covers/stations/suoi-lanh.jpg"),
        ("podcast:locked", "owner", "dai@loa.example"),
        ("podcast:updateFrequency", "rrule", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("podcast:location", "country", "VN"),
        ("podcast:txt", "purpose", "ai-content"),
    ):
        element = found.find(name, NAMES)
        assert element is not None, name
        assert element.get(attribute) == value, name
    assert found.find("itunes:new-feed-url", NAMES) is None


def test_a_station_without_slots_is_daily(client: FlaskClient) -> None:
    element = channel(client, "/feeds/stations/na-luong.xml").find(
        "podcast:updateFrequency", NAMES
    )
    assert element is not None
    assert (element.text, element.get("rrule")) == ("Hằng ngày", "FREQ=DAILY")


def test_an_item_says_all_that_is_known(client: FlaskClient, press: Press) -> None:
    episode = press.publish("Họp thôn", lead="Tóm tắt.", byline="Lan Anh")
    item = channel(client).find("item")
    assert item is not None
    media = f"https://loa.example/media/{episode.id}/1"
    transcripts = {
        one.get("type"): one.get("url")
        for one in item.findall("podcast:transcript", NAMES)
    }
    assert transcripts == {
        "text/vtt": f"{media}/transcript.vtt",
        "text/html": f"{media}/transcript.html",
    }
    chapters = item.find("podcast:chapters", NAMES)
    assert chapters is not None
    assert attributes(chapters) == {
        "url": f"{media}/chapters.json",
        "type": "application/json+chapters",
    }
    lite = item.find("podcast:alternateEnclosure", NAMES)
    assert lite is not None
    assert attributes(lite) == {
        "type": "audio/ogg; codecs=opus",
        "length": str(len(LITE)),
        "bitrate": str(round(len(LITE) * 8 / 256)),
        "title": "Bản nhẹ",
    }
    source, integrity = (
        lite.find("podcast:source", NAMES),
        lite.find("podcast:integrity", NAMES),
    )
    assert source is not None
    assert integrity is not None
    bytes_there = client.get(
        str(source.get("uri")).removeprefix("https://loa.example")
    ).data
    assert integrity.get("type") == "sri"
    kind, _, digest = str(integrity.get("value")).partition("-")
    assert (kind, b64decode(digest)) == ("sha256", sha256(bytes_there).digest())
    person = item.find("podcast:person", NAMES)
    assert person is not None
    assert (person.text, person.get("role")) == ("Lan Anh", "author")
    assert said(item, "podcast:txt") == "true"
    assert said(item, "itunes:duration") == "256"
    assert item.find("podcast:episode", NAMES) is None


def test_what_is_named_can_be_had(client: FlaskClient, press: Press) -> None:
    press.publish("Họp thôn")
    text = client.get(FEED).text
    named = [attributes(element) for element in etree.fromstring(text.encode()).iter()]
    addresses = {
        one[name] for one in named for name in ("url", "uri", "href") if name in one
    }
    assert len(addresses) > 7
    for address in addresses:
        if address.startswith("https://loa.example"):
            assert (
                client.get(address.removeprefix("https://loa.example")).status_code
                == 200
            ), address


def addresses(client: FlaskClient) -> set[str]:
    """All that the one item of the feed names: its page, sounds, transcripts, chapters."""
    item = channel(client).find("item")
    assert item is not None
    named = {str(item.findtext("link"))}
    for element in item.iter(
        "enclosure",
        *(
            f"{{{NAMES['podcast']}}}{name}"
            for name in ("source", "transcript", "chapters")
        ),
    ):
        named.add(str(element.get("uri") or element.get("url")))
    return {one.removeprefix("https://loa.example") for one in named}


def test_nothing_that_was_in_a_feed_is_ever_not_found(
    client: FlaskClient, press: Press
) -> None:
    episode = press.publish("Lịch tiêm phòng Đợt 2")
    before = addresses(client)
    assert {one.rpartition(".")[2] for one in before if one.startswith("/media/")} == {
        *("mp3", "opus", "vtt", "html", "json"),
    }
    assert all(one.isascii() for one in before)
    press.again(episode.id)
    after = addresses(client)
    assert before & after == {f"/articles/{episode.slug}"}
    for one in before:
        answer = client.get(one, follow_redirects=True)
        assert answer.status_code == 200, one
        assert answer.request.path in after
        assert answer.request.path.rpartition(".")[2] == one.rpartition(".")[2]
    press.room.episodes.withdraw(episode.id, "Sai số liệu", "chị Chi")
    for one in before | after:
        for answer in (
            client.get(one),
            client.head(one),
            client.get(one, headers={"Range": "bytes=0-1"}),
        ):
            assert answer.status_code == 410, one
        assert "Sai số liệu" in client.get(one).text, one


def test_bulletins_are_counted_by_year_and_recordings_are_human(
    client: FlaskClient, press: Press, newsroom: Newsroom, clock: Clock
) -> None:
    def publish_as(kind: Kind, title: str, human: str = "") -> None:
        number = press.receive(title)
        press.work()
        with newsroom.database.write() as session:
            session.execute(
                update(EpisodeRow).where(EpisodeRow.id == number).values(kind=kind)
            )
            session.execute(
                update(RenderingRow)
                .where(RenderingRow.episode_id == number)
                .values(human=human)
            )
        press.approve(number)

    publish_as(Kind.BULLETIN, "Bản tin một")
    publish_as(Kind.RECORDING, "Tiếng người", human="all")
    publish_as(Kind.BULLETIN, "Bản tin hai")
    clock.now += timedelta(days=60)  # from November into the next year
    publish_as(Kind.BULLETIN, "Bản tin năm mới")
    found = {
        item.findtext("title"): (
            said(item, "podcast:season"),
            said(item, "itunes:episode"),
            said(item, "podcast:txt"),
        )
        for item in channel(client).findall("item")
    }
    assert found == {
        "Bản tin một": ("2026", "1", "true"),
        "Bản tin hai": ("2026", "2", "true"),
        "Bản tin năm mới": ("2027", "1", "true"),
        "Tiếng người": (None, None, "false"),
    }


def test_what_comes_out_as_the_year_turns_is_counted_in_the_year_it_is_said_to(
    client: FlaskClient, press: Press, newsroom: Newsroom, clock: Clock
) -> None:
    """Bulletins in the last second of a year: those after the first are said to be of the next."""
    numbers = []
    for title in ("Bản tin cuối", "Bản tin đầu", "Bản tin sau"):
        number = press.receive(title)
        press.work()
        with newsroom.database.write() as session:
            session.get_one(EpisodeRow, number).kind = Kind.BULLETIN
        numbers.append(number)
    clock.now = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    for number in numbers:
        press.approve(number)
    counted = [
        (said(item, "podcast:season"), said(item, "itunes:episode"))
        for item in channel(client).findall("item")
    ]
    assert counted == [("2027", "2"), ("2027", "1"), ("2026", "1")]


# Moving.


def test_the_guid_of_a_show_outlives_its_address(
    newsroom: Newsroom, site: Site
) -> None:
    before = said(channel(client_of(newsroom, site)), "podcast:guid")
    elsewhere = client_of(newsroom, replace(site, public_url="https://dai.example"))
    assert said(channel(elsewhere), "podcast:guid") == before
    assert said(channel(elsewhere, "/feeds/all.xml"), "podcast:guid") != before


def test_a_feed_that_moves_says_where(newsroom: Newsroom, site: Site) -> None:
    client = client_of(newsroom, site)
    tag = client.get(FEED).headers["ETag"]
    moving = client_of(newsroom, replace(site, moved_to="https://dai.example"))
    assert moving.get(FEED, headers={"If-None-Match": tag}).status_code == 200
    found = channel(moving)
    assert (
        said(found, "itunes:new-feed-url")
        == "https://dai.example/feeds/stations/suoi-lanh.xml"
    )
    assert said(found, "podcast:locked") == "no"
    assert links(found)["self"] == f"https://loa.example{FEED}"


def test_a_hub_is_named_in_the_feed_and_beside_it(
    newsroom: Newsroom, site: Site
) -> None:
    client = client_of(newsroom, replace(site, hub="https://hub.example/"))
    assert links(channel(client))["hub"] == "https://hub.example/"
    said_so = client.get(FEED).headers["Link"]
    assert (
        said_so
        == f'<https://hub.example/>; rel="hub", <https://loa.example{FEED}>; rel="self"'
    )
    assert "Link" not in client_of(newsroom, site).get(FEED).headers


# The archive.


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents of three items."""
    monkeypatch.setattr(feeds, "MOST_ITEMS", 3)


def test_an_archive_is_walked_from_the_newest_to_the_first(
    client: FlaskClient, press: Press, short: None
) -> None:
    for number in range(1, 9):
        press.publish(f"Bài {number}")
    base = "https://loa.example/feeds/stations/suoi-lanh"
    newest = channel(client)
    assert titles(newest) == ["Bài 8", "Bài 7", "Bài 6"]
    assert links(newest) == {
        "self": f"{base}.xml",
        "first": f"{base}.xml",
        "next": f"{base}/2.xml",
        "prev-archive": f"{base}/2.xml",
        "last": f"{base}/1.xml",
    }
    seen, address = titles(newest), f"{base}.xml"
    while address := links(
        channel(client, address.removeprefix("https://loa.example"))
    ).get("next", ""):
        seen += titles(channel(client, address.removeprefix("https://loa.example")))
    assert list(dict.fromkeys(seen)) == [f"Bài {number}" for number in range(8, 0, -1)]
    second = channel(client, "/feeds/stations/suoi-lanh/2.xml")
    assert second.find("fh:archive", NAMES) is not None
    assert newest.find("fh:archive", NAMES) is None
    assert links(second) == {
        "self": f"{base}/2.xml",
        "first": f"{base}.xml",
        "current": f"{base}.xml",
        "last": f"{base}/1.xml",
        "previous": f"{base}.xml",
        "next": f"{base}/1.xml",
        "prev-archive": f"{base}/1.xml",
    }
    first = links(channel(client, "/feeds/stations/suoi-lanh/1.xml"))
    assert first["next-archive"] == first["previous"] == f"{base}/2.xml"
    assert "next" not in first
    for path in (
        "/feeds/stations/suoi-lanh/3.xml",
        "/feeds/stations/suoi-lanh/0.xml",
        "/feeds/all/9.xml",
    ):
        assert client.get(path).status_code == 404


def test_a_full_page_keeps_its_items(
    client: FlaskClient, press: Press, short: None
) -> None:
    numbers = [press.publish(f"Bài {number}").id for number in range(1, 5)]
    assert titles(channel(client, "/feeds/all/1.xml")) == ["Bài 3", "Bài 2", "Bài 1"]
    press.room.episodes.withdraw(numbers[1], "Sai", "chị Chi")
    for number in range(5, 8):
        press.publish(f"Bài {number}")
    assert titles(channel(client, "/feeds/all/1.xml")) == ["Bài 3", "Bài 1"]
    assert titles(channel(client, "/feeds/all/2.xml")) == ["Bài 6", "Bài 5", "Bài 4"]


def test_a_short_feed_has_no_archive(client: FlaskClient, press: Press) -> None:
    press.publish()
    assert set(links(channel(client))) == {"self"}
    assert client.get("/feeds/stations/suoi-lanh/1.xml").status_code == 404


# What changed, and what did not.


def test_a_withdrawal_changes_last_modified(
    client: FlaskClient, press: Press, clock: Clock
) -> None:
    episode = press.publish("Tin sai")
    clock.now += timedelta(seconds=2)
    first = client.get(FEED).headers["Last-Modified"]
    clock.now += timedelta(minutes=5)
    press.room.episodes.withdraw(episode.id, "Sai số liệu", "chị Sen")
    clock.now += timedelta(seconds=2)
    answer = client.get(FEED, headers={"If-Modified-Since": first})
    assert answer.status_code == 200
    assert feedparser.parse(answer.data).entries == []
    known = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert client.get(FEED, headers=known).status_code == 304


def test_two_changes_in_one_second_are_both_told(
    client: FlaskClient, press: Press, clock: Clock
) -> None:
    press.publish("Một")
    early = client.get(FEED)
    # A time could not tell this from what comes within the second
    assert "Last-Modified" not in early.headers
    press.publish("Hai")
    clock.now += timedelta(seconds=2)
    late = client.get(FEED, headers={"If-None-Match": early.headers["ETag"]})
    assert titles(etree.fromstring(late.data).find("channel")) == ["Hai", "Một"]  # type: ignore[arg-type]
    assert "Last-Modified" in late.headers


def test_a_feed_changes_only_with_its_own_news(
    client: FlaskClient, press: Press, newsroom: Newsroom
) -> None:
    paths = (
        FEED,
        "/feeds/stations/na-luong.xml",
        "/feeds/topics/y-te.xml",
        "/feeds/topics/nong-nghiep.xml",
    )
    press.publish("Một", stations=("na-luong",), topic="Y tế")
    number = press.publish("Hai", topic="Nông nghiệp").id
    press.publish("Ba", topic="Y tế", stations=("na-luong",))

    def tags() -> dict[str, str]:
        return {
            path: client.get(path).headers["ETag"]
            for path in (*paths, "/feeds/all.xml")
        }

    def changed(before: dict[str, str]) -> set[str]:
        return {path for path, tag in tags().items() if tag != before[path]}

    before = tags()
    assert changed(before) == set()
    press.again(number)
    assert changed(before) == {FEED, "/feeds/topics/nong-nghiep.xml", "/feeds/all.xml"}
    before = tags()
    moved = NewArticle("Hai", ("Một câu.",), "d-moi", ("na-luong",), topic="Y tế")
    newsroom.articles.edit(newsroom.episodes.get(number).article_id or 0, moved, "lan")
    press.work()
    # Where it is heard changes with the version that is approved
    assert changed(before) == set()
    press.approve(number)
    assert changed(before) == set(before)
    assert titles(channel(client)) == []
    before = tags()
    newsroom.stations.put(Station("na-luong", "Đài mới"))
    assert changed(before) == set(before)


def test_withdrawn_sound_stays_withdrawn_until_the_new_version_is_heard(
    client: FlaskClient, press: Press
) -> None:
    episode = press.publish("Tin sai")
    press.room.episodes.withdraw(episode.id, "Sai số liệu", "chị Chi")
    press.room.episodes.regenerate(episode.id, "lan")
    press.work()
    sound = f"/media/{episode.id}/1/app-1.mp3"
    assert client.get(sound).status_code == 410
    assert client.get(f"/articles/{episode.slug}").status_code == 410
    assert titles(channel(client)) == []
    press.approve(episode.id)
    assert titles(channel(client)) == ["Tin sai"]
    assert client.get(sound).headers["Location"] == f"/media/{episode.id}/3/app-3.mp3"
    item = channel(client).find("item")
    assert item is not None
    assert item.findtext("guid") == episode.guid


# What parsers that are not ours make of all that, held against the database.


@pytest.fixture
def full(
    newsroom: Newsroom, site: Site, press: Press, short: None, clock: Clock
) -> tuple[bytes, Page]:
    """A feed that says all it can, of a show that moves, has a hub and an archive; and what the
    newsroom has of it.
    """
    press.publish("Bài của kho lưu")
    press.publish("Lịch tiêm phòng", lead="Tiêm cho đàn trâu, bò.", byline="Lan Anh")
    for title, kind, human, announcers in (
        ("Bản tin 5 giờ", Kind.BULLETIN, "", []),
        (
            "Lời chúc của chủ tịch xã",
            Kind.RECORDING,
            "all",
            ["Vàng A Páo", "Lò Thị Mai"],
        ),
    ):
        number = press.receive(title)
        press.work()
        with newsroom.database.write() as session:
            session.execute(
                update(EpisodeRow).where(EpisodeRow.id == number).values(kind=kind)
            )
            spoken = update(RenderingRow).where(RenderingRow.episode_id == number)
            session.execute(spoken.values(human=human, announcers=announcers))
        press.approve(number)
    clock.now += timedelta(seconds=2)
    moving = replace(site, moved_to="https://dai.example", hub="https://hub.example/")
    return client_of(newsroom, moving).get(FEED).data, newsroom.editions.latest(
        station="suoi-lanh", limit=3
    )


def media(edition: Edition, kind: str) -> str:
    return f"https://loa.example/media/{edition.master(kind).path}"


def people(edition: Edition) -> list[tuple[str, str]]:
    """Who wrote it and who reads it."""
    wrote = [(edition.byline, "author")] if edition.byline else []
    return wrote + [(name, "narrator") for name in edition.announcers]


@pytest.mark.client
def test_partytime_reads_back_what_the_newsroom_has(
    full: tuple[bytes, Page], newsroom: Newsroom
) -> None:
    feed, page = full
    node, packages = need("node", "nodejs"), ROOT / ".node"
    if not (packages / "node_modules/podcast-partytime").exists():
        (pytest.fail if REQUIRED else pytest.skip)(
            "needs npm's podcast-partytime: sh tests/install-servers.sh"
        )
    done = subprocess.run(
        [node, ROOT / "tests/web/partytime.mjs", packages],
        input=feed,
        capture_output=True,
        timeout=60,
        check=True,
    )
    found = json.loads(done.stdout)
    show, station = (
        newsroom.shows.get("stations/suoi-lanh"),
        newsroom.stations.get("suoi-lanh"),
    )
    assert show is not None
    assert (found["guid"], found["medium"]) == (show.guid, "podcast")
    # Not while it moves
    assert (found["locked"], found["podcastOwner"]) == (
        False,
        "dai@loa.example",
    )
    assert found["podcastLocation"] == {"name": station.place}
    assert [(one["name"], one["role"]) for one in found["podcastPeople"]] == [
        (station.name, "Producer")
    ]
    assert found["pubsub"] == {
        "self": f"https://loa.example{FEED}",
        "hub": "https://hub.example/",
        "next": "https://loa.example/feeds/stations/suoi-lanh/1.xml",
    }
    assert found["itunesNewFeedUrl"] == f"https://dai.example{FEED}"
    assert (found["title"], found["link"]) == (
        station.name,
        "https://loa.example/stations/suoi-lanh",
    )
    assert (found["language"], found["itunesType"], found["itunesCategory"]) == (
        "vi",
        "episodic",
        ["News > Daily News"],
    )
    assert found["lastBuildDate"][:19] == f"{show.changed_at:%Y-%m-%dT%H:%M:%S}"
    assert len(found["items"]) == len(page.editions) == 3
    for item, edition in zip(found["items"], page.editions, strict=True):
        app, lite = edition.master("app"), edition.master("lite")
        assert (item["guid"], item["title"]) == (edition.guid, edition.title)
        assert item["link"] == f"https://loa.example/articles/{edition.slug}"
        assert item["pubDate"][:19] == f"{edition.first_published_at:%Y-%m-%dT%H:%M:%S}"
        assert item["enclosure"] == {
            "url": media(edition, "app"),
            "length": app.bytes,
            "type": app.mime,
        }
        assert item["duration"] == round(app.seconds)
        assert [
            (one["url"], one["type"], one["language"])
            for one in item["podcastTranscripts"]
        ] == [
            (media(edition, "transcript"), "text/vtt", "vi"),
            (media(edition, "transcript-page"), "text/html", "vi"),
        ]
        assert item["podcastChapters"] == {
            "url": media(edition, "chapters"),
            "type": "application/json+chapters",
        }
        (other,) = item["alternativeEnclosures"]
        assert (other["type"], other["length"], other["title"]) == (
            lite.mime,
            lite.bytes,
            "Bản nhẹ",
        )
        assert other["bitrate"] == round(lite.bytes * 8 / lite.seconds)
        assert [one["uri"] for one in other["source"]] == [media(edition, "lite")]
        digest = b64encode(bytes.fromhex(lite.sha256)).decode()
        assert other["integrity"] == {"type": "sri", "value": f"sha256-{digest}"}
        assert [
            (one["name"], one["role"].lower()) for one in item.get("podcastPeople", ())
        ] == people(edition)
        numbered = (
            item.get("podcastSeason", {}).get("number"),
            item.get("podcastEpisode", {}).get("number"),
        )
        assert numbered == (
            (2026, edition.ordinal) if edition.kind is Kind.BULLETIN else (None, None)
        )
        assert (item.get("itunesSeason"), item.get("itunesEpisode")) == numbered


def test_what_partytime_leaves_out_stands_there_too(full: tuple[bytes, Page]) -> None:
    """It knows no updateFrequency, reads a txt of "true" as no text, and drops a location's country
    and most links.
    """
    feed, page = full
    found = etree.fromstring(feed).find("channel")
    assert found is not None
    often, txt, place = (
        found.find(f"podcast:{name}", NAMES)
        for name in ("updateFrequency", "txt", "location")
    )
    assert often is not None
    assert (often.text, often.get("rrule")) == (
        "3 ngày một tuần",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    )
    assert txt is not None
    assert (txt.text, txt.get("purpose")) == ("true", "ai-content")
    assert place is not None
    assert (place.get("country"), place.get("rel")) == ("VN", "subject")
    base = "https://loa.example/feeds/stations/suoi-lanh"
    assert links(found) == {
        "self": f"{base}.xml",
        "hub": "https://hub.example/",
        "first": f"{base}.xml",
        "last": f"{base}/1.xml",
        "next": f"{base}/1.xml",
        "prev-archive": f"{base}/1.xml",
    }
    by_machine = [
        said(item, "podcast:txt[@purpose='ai-content']")
        for item in found.findall("item")
    ]
    assert by_machine == [
        "false" if edition.human == "all" else "true" for edition in page.editions
    ]
    assert sorted(by_machine) == ["false", "true", "true"]  # type: ignore[type-var]


def test_feedparser_reads_back_what_the_newsroom_has(
    full: tuple[bytes, Page], newsroom: Newsroom
) -> None:
    feed, page = full
    found = feedparser.parse(feed)
    assert not found.bozo
    show, station = (
        newsroom.shows.get("stations/suoi-lanh"),
        newsroom.stations.get("suoi-lanh"),
    )
    assert show is not None
    assert found.feed.podcast_guid == show.guid
    assert (found.feed.podcast_locked, found.feed.podcast_medium) == (
        {"owner": "dai@loa.example"},
        "podcast",
    )
    assert (found.feed.title, found.feed.author) == (station.name, station.name)
    assert found.feed.podcast_updatefrequency == {"rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR"}
    assert found.feed.podcast_txt == {"purpose": "ai-content"}
    assert {link.rel: link.href for link in found.feed.links}["prev-archive"].endswith(
        "/1.xml"
    )
    assert found.feed["itunes_new-feed-url"] == f"https://dai.example{FEED}"
    for entry, edition in zip(found.entries, page.editions, strict=True):
        app, lite = edition.master("app"), edition.master("lite")
        assert (entry.id, entry.title, entry.guidislink) == (
            edition.guid,
            edition.title,
            False,
        )
        assert [(one.href, int(one.length), one.type) for one in entry.enclosures] == [
            (media(edition, "app"), app.bytes, app.mime)
        ]
        assert int(entry.itunes_duration) == round(app.seconds)
        assert entry.podcast_chapters["url"] == media(edition, "chapters")
        assert entry.podcast_source["uri"] == media(edition, "lite")
        assert int(entry.podcast_alternateenclosure["length"]) == lite.bytes
        # It keeps the last of several
        assert entry.podcast_transcript["url"] == media(edition, "transcript-page")
        assert edition.disclosure in entry.content[0].value
        if edition.kind is Kind.BULLETIN:
            assert (entry.itunes_season, entry.itunes_episode) == (
                "2026",
                str(edition.ordinal),
            )


def test_stories_approved_at_once_keep_their_order_for_ever(
    newsroom: Newsroom, press: Press, client: FlaskClient, clock: Clock
) -> None:
    numbers = [press.receive(f"Tin số {n}") for n in range(7)]
    press.work()
    for number in numbers:
        newsroom.episodes.approve(
            number, "chị Chi", newsroom.episodes.get(number).version
        )
    began = clock.now
    press.work()
    assert clock.now - began < timedelta(seconds=1)
    items = feedparser.parse(client.get(FEED).data).entries
    times = [item.published_parsed for item in items]
    assert len(set(times)) == 7
    assert times == sorted(times, reverse=True)
    press.again(numbers[3])
    after = feedparser.parse(client.get(FEED).data).entries
    assert [(one.id, one.published) for one in after] == [
        (one.id, one.published) for one in items
    ]
    clock.now += timedelta(minutes=1)
    press.publish("Tin sau")
    (newest, *_) = feedparser.parse(client.get(FEED).data).entries
    told = datetime.fromtimestamp(timegm(newest.published_parsed), UTC)
    # And nobody stays ahead of the time
    assert timedelta() <= clock.now - told < timedelta(seconds=2)


def test_a_clock_that_once_ran_ahead_is_not_followed(
    newsroom: Newsroom, press: Press, clock: Clock
) -> None:
    first = press.publish("Tin của ngày mai")
    ahead = clock.now + timedelta(days=1)
    with newsroom.database.write() as session:
        session.execute(
            update(EpisodeRow)
            .where(EpisodeRow.id == first.id)
            .values(first_published_at=ahead)
        )
    press.publish("Tin hôm nay")
    newest, other = newsroom.editions.latest().editions
    assert (newest.title, other.title) == ("Tin của ngày mai", "Tin hôm nay")
    assert other.first_published_at <= clock.now
