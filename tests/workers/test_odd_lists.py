"""Lists as portals really write them: one odd entry is left out alone, what repeats itself is read
once, and what a list says of itself belongs to its own address.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from loa.assembly import MIGRATIONS
from service.actions import polling
from service.guard import Guard
from service.newsroom import Newsroom
from service.newsroom.values import ItemState, Lane, SourceEvent, Station
from tests.conftest import QUICK, Unsynced
from tests.workers.portal import Fixed, Portal
from tests.workers.test_sources import (
    SLUG,
    START,
    Hands,
    articles_of,
    assert_polite,
    events,
    poll_until,
    source_at,
)

HOUR = timedelta(hours=1)
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    ' xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{}</urlset>'
)
IMAGE = (
    "<image:image><image:loc>{url}/anh.jpg</image:loc>"
    "<image:title>anh</image:title></image:image>"
)
VIDEO = (
    "<video:video><video:title>phim</video:title>"
    "<video:publication_date>2001-01-01</video:publication_date></video:video>"
)
NEWS = (
    "<news:news><news:publication><news:name>Xã</news:name></news:publication>"
    "<news:title>Tin của xã</news:title></news:news>"
)


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def room(newsroom):
    newsroom.stations.put(Station(SLUG, "Đài Suối Lành", approval="trusted"))
    return newsroom


@pytest.fixture
def portal(clock):
    running = Portal(clock)
    yield running
    running.close()


def numbers_of(room):
    return sorted(article.title.split()[1] for article in articles_of(room))


def looked_at(room, clock, portal, kind="feed", path="/rss.xml", **more):
    """A source of a portal without news, after its first look."""
    source = room.sources.add(source_at(portal, kind, path, **more), "quản trị")
    poll_until(room, clock, START + HOUR)
    return source


def feed_of(*items):
    return Fixed(
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Xã</title>'
        f"{''.join(items)}</channel></rss>"
    )


def item_of(news, portal, guid="", link="", more=""):
    return (
        f"<item><title>{news.title}</title><link>{link or portal.url + news.path}</link>"
        f"<guid>{guid or news.guid}</guid>{more}</item>"
    )


def post_of(news, portal, **more):
    return {
        "id": news.number,
        "guid": {"rendered": news.guid},
        "link": f"{portal.url}{news.path}",
        "date_gmt": f"{news.published:%Y-%m-%dT%H:%M:%S}",
        "title": {"rendered": news.title},
        "content": {"rendered": "".join(f"<p>{text}</p>" for text in news.paragraphs)},
    } | more


def lie_at(portal, posts):
    portal.fixed["/wp-json/wp/v2/posts"] = Fixed(json.dumps(posts), "application/json")


@pytest.mark.parametrize("before", [True, False])
def test_pictures_and_films_of_a_site_map_are_not_its_pages(
    room, clock, portal, before
):
    looked_at(room, clock, portal, "sitemap", "/sitemap.xml")
    portal.publish(1)
    portal.publish(2)
    beside = (IMAGE + VIDEO + NEWS).format(url=portal.url)
    urls = [
        f"<loc>{portal.url}{news.path}</loc>"
        f"<lastmod>{news.published.isoformat()}</lastmod>"
        for news in portal.news
    ]
    pages = [beside + url if before else url + beside for url in urls]
    whole = "".join(f"<url>{page}</url>" for page in pages)
    portal.fixed["/sitemap.xml"] = Fixed(SITEMAP.format(whole))
    poll_until(room, clock, START + 5 * HOUR)
    assert numbers_of(room) == ["1", "2"]
    assert not any(path.endswith(".jpg") for _, path in portal.asked)


def test_a_site_map_without_a_namespace_and_with_addresses_that_are_none(
    room, clock, portal
):
    looked_at(room, clock, portal, "sitemap", "/sitemap.xml")
    news = portal.publish(1)
    places = (
        "http://[x",
        "https://xa℀.vn/1",
        "",
        "xa.vn/2",
        f"{portal.url}{news.path}",
    )
    urls = "".join(f"<url><loc>{place}</loc></url>" for place in places)
    portal.fixed["/sitemap.xml"] = Fixed(f"<urlset>{urls}</urlset>")
    poll_until(room, clock, START + 5 * HOUR)
    assert numbers_of(room) == ["1"]


def test_an_index_is_read_anew_whatever_its_newest_map_says_of_itself(
    room, clock, portal
):
    """A static index whose maps alone change, on a server that tells times and no ETags."""

    def write_map():
        urls = "".join(
            f"<url><loc>{portal.url}{n.path}</loc></url>" for n in portal.news
        )
        portal.fixed["/tin.xml"] = Fixed(SITEMAP.format(urls), changed=clock())

    portal.fixed["/sitemap.xml"] = Fixed(
        f"<sitemapindex><sitemap><loc>http://[x</loc></sitemap>"
        f"<sitemap><loc>{portal.url}/tin.xml</loc></sitemap></sitemapindex>",
        changed=START - timedelta(days=90),
    )
    write_map()
    looked_at(room, clock, portal, "sitemap", "/sitemap.xml")
    for number in (1, 2):
        portal.publish(number)
        write_map()
        poll_until(room, clock, clock() + 4 * HOUR)
    assert numbers_of(room) == ["1", "2"]


def test_a_list_that_moved_for_ever_is_not_asked_for_what_is_new_since_the_old_one(
    room, clock, portal
):
    portal.fixed["/rss.xml"] = replace(feed_of(), changed=START)
    looked_at(room, clock, portal)
    news = portal.publish(1)
    moved = replace(feed_of(item_of(news, portal)), changed=START - timedelta(days=9))
    portal.fixed = {"/moi.xml": moved}
    portal.moved["/rss.xml"] = (301, "/moi.xml")
    poll_until(room, clock, START + 5 * HOUR)
    assert numbers_of(room) == ["1"]


ODD = ("http://[x", "https://xa℀.vn/1", "http://xa.vn:99999/1", "http://", "\U0010ffff")
NO_TEXT = ("\ud800", "a\u0000b", "x" * 100 + "\udfff")


def test_odd_guids_and_links_of_a_feed_cost_no_other_news(room, clock, portal):
    source = looked_at(room, clock, portal)
    items = []
    for number, odd in enumerate(ODD):
        items += [
            item_of(portal.publish(10 + number), portal, guid=odd),
            item_of(portal.publish(20 + number), portal, link=odd),
            item_of(portal.publish(30 + number), portal),
        ]
    portal.fixed["/rss.xml"] = feed_of(*items)
    poll_until(room, clock, START + 6 * HOUR)
    expected = {f"{ten + number}" for ten in (10, 30) for number in range(len(ODD))}
    assert expected <= set(numbers_of(room))
    assert room.sources.get(source.id).trouble == ""


def test_odd_fields_of_posts_cost_no_news_at_all(room, clock, portal):
    source = looked_at(room, clock, portal, "wordpress", "")
    posts = []
    for number, odd in enumerate([*ODD, *NO_TEXT]):
        one, two, three = (portal.publish(ten + number) for ten in (10, 20, 30))
        titled = {"rendered": f"Thôn {one.number} {odd}"}
        posts += [
            post_of(one, portal, title=titled),
            post_of(two, portal, link=odd),
            post_of(three, portal, guid={"rendered": odd}),
        ]
    lie_at(portal, posts)
    poll_until(room, clock, START + 5 * HOUR)
    assert len(numbers_of(room)) == len(posts)
    assert room.sources.get(source.id).trouble == ""


def test_posts_whose_text_their_list_does_not_hold_are_fetched(room, clock, portal):
    source = looked_at(room, clock, portal, "wordpress", "")
    contents = ["", " \n", "<p>&nbsp;</p><!-- -->", None]
    posts = [
        post_of(portal.publish(number), portal, content={"rendered": content})
        for number, content in enumerate(contents)
    ]
    lie_at(portal, posts)
    poll_until(room, clock, START + 5 * HOUR)
    assert numbers_of(room) == ["0", "1", "2", "3"]
    assert room.sources.items.counts(source.id) == {ItemState.TAKEN: 4}


def test_a_post_that_waited_for_a_text_of_its_list_in_vain_is_fetched(
    room, clock, portal
):
    """As an earlier release left them."""
    source = looked_at(room, clock, portal, "wordpress", "")
    lie_at(portal, [post_of(portal.publish(1), portal, content={"rendered": ""})])
    portal.page_of = lambda news: "<p>404</p>"
    poll_until(room, clock, START + 5 * HOUR)
    with room.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE source_item SET state = 'waiting', document = '', due_at = listed_at"
        )
    portal.page_of = None
    poll_until(room, clock, START + 9 * HOUR)
    assert numbers_of(room) == ["1"]
    assert room.sources.items.counts(source.id) == {ItemState.TAKEN: 1}


def test_a_page_that_lists_pictures_and_titles_is_not_fetched_at_every_look(
    room, clock, portal
):
    def write(turned):
        rows = []
        for news in portal.news:
            links = [
                f'<a href="{news.path}"><img src="/{news.number}.jpg"></a>',
                f'<a href="{news.path}?utm_source=ds">{news.title}</a>',
            ]
            rows += links[::-1] if turned else links
        portal.fixed["/ds"] = Fixed(f"<div class=l>{''.join(rows)}</div>", "text/html")

    portal.publish(9, START - timedelta(days=9))
    write(turned=False)
    source = looked_at(
        room, clock, portal, "page", "/ds", selector="div.l a", minutes=60
    )
    portal.publish(1)
    portal.publish(2)
    for hour in range(2, 20):
        write(turned=hour % 2 == 0)
        poll_until(room, clock, START + hour * HOUR)
    assert numbers_of(room) == ["1", "2"]
    # When it came, and once more six hours later.
    assert sum(path.startswith("/tin/") for _, path in portal.asked) == 4
    begun = [line for line in room.sources.journal(source.id) if line.event == "begun"]
    assert begun[0].detail.startswith("1 tin")


def test_a_feed_that_repeats_an_item_is_not_fetched_at_every_look(room, clock, portal):
    looked_at(room, clock, portal, minutes=60)
    news = portal.publish(1)
    same = f"{portal.url}{news.path}?utm_source=rss"
    items = [
        item_of(news, portal),
        item_of(news, portal, more="<description>Tóm tắt khác.</description>"),
        item_of(news, portal, guid="khac", link=same),
    ]
    for hour in range(2, 7):
        items = [*items[1:], items[0]]
        portal.fixed["/rss.xml"] = feed_of(*items)
        poll_until(room, clock, START + hour * HOUR)
    assert numbers_of(room) == ["1"]
    assert sum(path.startswith("/tin/") for _, path in portal.asked) == 1


TIMES = {  # the hour of UTC that each tells
    "2025-11-12T18:30:00": 11,
    "2025-11-12 18:30:00": 11,
    "2025-11-12T18:30:00.1234567": 11,
    "Wed, 12 Nov 2025 18:30:00": 11,
    "2025-11-12T18:30:00Z": 18,
    "2025-11-12T18:30:00+07:00": 11,
    "Wed, 12 Nov 2025 18:30:00 GMT": 18,
    "Wed, 12 Nov 2025 18:30:00 +0000": 18,
    "Wed, 12 Nov 2025 18:30 +0700": 11,
}


@pytest.mark.parametrize("shape", ["rss", "atom"])
def test_a_time_of_a_feed_without_a_zone_is_vietnam_s(room, clock, portal, shape):
    looked_at(room, clock, portal)
    clock.time = datetime(2025, 11, 13, 1, tzinfo=UTC)  # the next morning
    news = [(portal.publish(number), time) for number, time in enumerate(TIMES)]
    if shape == "rss":
        items = [item_of(n, portal, more=f"<pubDate>{t}</pubDate>") for n, t in news]
        portal.fixed["/rss.xml"] = feed_of(*items)
    else:
        entries = [
            f"<entry><id>{n.number}</id><updated>{t}</updated><title>{n.title}</title>"
            f'<link href="{portal.url}{n.path}"/></entry>'
            for n, t in news
        ]
        portal.fixed["/rss.xml"] = Fixed(
            f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'
        )
    poll_until(room, clock, clock() + 4 * HOUR)
    times = {a.title.split()[1]: a.published_at for a in articles_of(room)}
    assert times == {
        f"{number}": datetime(2025, 11, 12, hour, 30, tzinfo=UTC)
        for number, hour in enumerate(TIMES.values())
    }


def forbidding(portal, other, hops):
    """A robots.txt that forbids all news, behind redirects."""
    paths = ["/robots.txt", *(f"/robots-{n}.txt" for n in range(1, hops))]
    ends = [*(portal.url + path for path in paths[1:]), f"{other.url}/luat.txt"]
    portal.moved |= {path: (301, end) for path, end in zip(paths, ends, strict=True)}
    other.fixed["/luat.txt"] = Fixed("User-agent: *\nDisallow: /tin/\n", "text/plain")


@pytest.mark.parametrize(("hops", "heeded"), [(5, True), (6, False)])
def test_a_robots_txt_is_followed_through_five_redirects(
    room, clock, portal, hops, heeded
):
    other = Portal(clock)
    forbidding(portal, other, hops)
    source = room.sources.add(source_at(portal), "quản trị")
    poll_until(room, clock, START + HOUR)
    portal.publish(1)
    poll_until(room, clock, START + 6 * HOUR)
    assert any(path.startswith("/tin/") for _, path in portal.asked) is not heeded
    assert (SourceEvent.FORBIDDEN in events(room, source)) is heeded
    # The list itself was asked for after the rules were known.
    first = next(at for at, path in portal.asked if path == "/rss.xml")
    assert all(at < first for at, path in portal.asked if "robots" in path)
    assert_polite(portal, other)
    other.close()


def test_a_robots_txt_that_leads_nowhere_is_looked_for_at_its_place_again(
    room, clock, portal
):
    portal.moved["/robots.txt"] = (302, "http://127.0.0.1:1/robots.txt")
    source = room.sources.add(source_at(portal), "quản trị")
    poll_until(room, clock, START + HOUR)
    assert room.sources.get(source.id).trouble
    assert not any(path == "/rss.xml" for _, path in portal.asked)
    portal.moved.clear()
    poll_until(room, clock, START + 13 * HOUR)
    assert room.sources.get(source.id).trouble == ""


def test_another_selector_is_tried_on_a_page_that_has_not_changed(room, clock, portal):
    news = portal.publish(1)
    page = f'<p class=a><a href="/x.html">Khác</a></p><p class=b><a href="{news.path}">T</a>'
    portal.fixed["/ds"] = Fixed(page, "text/html", changed=START - HOUR)
    described = source_at(portal, "page", "/ds", selector="p.a")
    source = room.sources.add(described, "quản trị")
    poll_until(room, clock, START + HOUR)
    room.sources.change(source.id, replace(described, selector="p.b"), "quản trị")
    poll_until(room, clock, START + 2 * HOUR)
    assert numbers_of(room) == ["1"]


@pytest.mark.parametrize(("kind", "path"), [("feed", "/rss.xml"), ("wordpress", "")])
def test_an_earlier_start_takes_in_what_was_too_old(room, clock, portal, kind, path):
    portal.publish(1, START - timedelta(days=3))
    portal.publish(2, START - timedelta(days=9))
    described = source_at(portal, kind, path)
    source = room.sources.add(described, "quản trị")
    poll_until(room, clock, START + HOUR)
    assert articles_of(room) == []
    earlier = replace(described, since=START - timedelta(days=5))
    room.sources.change(source.id, earlier, "quản trị")
    poll_until(room, clock, START + 2 * HOUR)
    assert numbers_of(room) == ["1"]


class Stumbling(Guard):
    """A guard that fails as nobody foresaw."""

    def allows(self, host, address):
        raise RuntimeError("nobody foresaw it")


def test_a_look_that_stumbles_is_told_and_keeps_no_item_from_being_fetched(
    tmp_path, clock, migrated, room, portal
):
    (tmp_path / "other.db").write_bytes(migrated)
    other = Newsroom.open(
        f"sqlite:///{tmp_path}/other.db",
        Unsynced(tmp_path / "files"),
        MIGRATIONS,
        now=clock,
        hasher=QUICK,
        guard=Stumbling(),
    )
    other.stations.put(Station(SLUG, "Đài Suối Lành"))
    source = other.sources.add(source_at(portal), "quản trị")
    job = other.jobs.claim("test", (Lane.SLOW,))
    with pytest.raises(RuntimeError):
        polling.poll(other, job)
    kept = other.sources.get(source.id)
    assert "nhật ký máy chủ" in kept.trouble
    assert kept.list_at > clock()
    other.database.close()


def test_what_is_stored_and_no_address_is_refused_alone(room, clock, portal):
    source = looked_at(room, clock, portal)
    portal.publish(1)
    portal.publish(2)
    portal.page_of = lambda news: "<p>404</p>"
    poll_until(room, clock, START + 5 * HOUR)
    with room.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE source_item SET document = 'http://[x' WHERE title LIKE 'Thôn 1 %'"
        )
    portal.page_of = None
    poll_until(room, clock, START + 30 * HOUR)
    assert numbers_of(room) == ["2"]
    assert room.sources.get(source.id).trouble == ""
