"""Sources are polled: nothing lost, nothing doubled, nothing revised without need, no portal asked
too often.
"""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from loa.assembly import MIGRATIONS
from service.actions import polling
from service.actions.listings import listed, listing_in
from service.guard import Guard
from service.intake.look import look
from service.newsroom import Newsroom
from service.newsroom.values import (
    ArticleDoubt,
    ItemState,
    Lane,
    NewSource,
    SourceEvent,
    SourceState,
    Station,
    Step,
)
from tests.conftest import QUICK, Unsynced
from tests.system.servers import empty_database
from tests.workers.portal import Portal, page

START = datetime(2025, 11, 1, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERY = timedelta(hours=2)
SLUG = "suoi-lanh"


class Hands:
    """A clock that stands until somebody turns it."""

    def __init__(self):
        self.time = START

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def room(newsroom):
    """The newsroom, its station one that trusts."""
    newsroom.stations.put(Station(SLUG, "Đài Suối Lành", approval="trusted"))
    return newsroom


@pytest.fixture
def portal(clock):
    found = Portal(clock)
    yield found
    found.close()


def source_at(portal, kind="feed", path="/rss.xml", **more):
    settings = {"minutes": 180, "stations": (SLUG,)} | more
    return NewSource(name=f"Cổng {kind}", kind=kind, url=portal.url + path, **settings)


def poll_until(room, clock, end):
    """Does every look that is due, as workers would, and turns the clock to the next one until
    `end`.
    """
    while True:
        job = room.jobs.claim("test", (Lane.SLOW,))
        while job is not None:
            if job.step is Step.POLL:
                polling.poll(room, job)
            else:
                room.steps.drop(job)  # reading aloud is another test's
            job = room.jobs.claim("test", (Lane.SLOW,))
        with room.database.engine.connect() as connection:
            text = "SELECT min(not_before) FROM job WHERE step = 'poll' AND state = 'ready'"
            due = connection.exec_driver_sql(text).scalar()
        due_at = datetime.fromisoformat(due).replace(tzinfo=UTC) if due else end
        if due_at >= end:
            clock.time = end
            return
        clock.time = max(due_at, clock.time)


def articles_of(room):
    """All articles, each as it was last sent."""
    cards, _ = room.episodes.cards(limit=1000)
    ids = [room.episodes.get(card.id).article_id for card in cards]
    return [room.articles.get(number) for number in ids]


def events(room, source):
    return [line.event for line in room.sources.journal(source.id, 500)]


def assert_polite(*portals):
    """However many portals a host has: never two requests within a minute."""
    times = sorted(time for portal in portals for time, _ in portal.asked)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= MINUTE


def trouble_of(day):
    """What is the matter with the portal on a day, for six hours; the other hours it is well."""
    return (
        {"fails": 500},
        {"fails": 503},
        {"cut": True},
        {"shuffled": True},
        {"clock_off": timedelta(hours=1)},
        {"clock_off": timedelta(hours=-1)},
        {"tail": "?utm_source=rss&fbclid=x"},
        {"slow_s": 0.02},
        {"fails": 404},
        {},
    )[day % 10]


def edit(news, chance):
    """One of the things that are done to news at a portal; only the first two are heard."""
    kind = chance.randrange(6)
    if kind == 0:
        news.paragraphs = [
            *news.paragraphs,
            "Buổi lao động kết thúc lúc mười một giờ trưa.",
        ]
        news.heard_edits += news.read
    elif kind == 1:
        news.title, news.summary = f"{news.title} đợt hai", "Tóm tắt đã sửa."
        news.heard_edits += news.read
    elif kind == 2:
        news.byline = "Quàng Văn Bốn"
    elif kind == 3:
        news.topic, news.summary = "Môi trường", "Tóm tắt viết lại."
    elif kind == 4:
        news.paragraphs = [f"  {text.replace(' ', '  ')} " for text in news.paragraphs]
    else:
        news.summary = "Lượt xem: 154"


def test_a_month_of_polling_loses_nothing_and_doubles_nothing(room, clock, portal):
    """Two portals of one host, read as RSS and as WordPress, for thirty days."""
    chance = random.Random(17)
    other = Portal(clock)
    portal.publish(1, START - timedelta(days=3))
    other.publish(2, START - timedelta(days=3))
    feed = room.sources.add(source_at(portal), "quản trị")
    posts = room.sources.add(
        source_at(other, "wordpress", "/", minutes=360), "quản trị"
    )
    expected, number, edits = [], 10, []
    for day in range(30):
        for hour in range(0, 24, 6):
            well = {
                "fails": 0,
                "cut": False,
                "shuffled": False,
                "tail": "",
                "slow_s": 0.0,
            }
            states = (
                well
                | {"clock_off": timedelta(0)}
                | (trouble_of(day) if hour == 6 else {})
            )
            for name, value in states.items():
                setattr(portal, name, value)
                setattr(other, name, value)
            while edits and edits[0][0] <= clock():
                news = edits.pop(0)[1]
                if not news.gone:
                    edit(news, chance)
            # Until five days before the end: an edit that no list tells is seen within four days.
            publisher = {6: portal, 12: other}.get(hour)
            if day < 25 and publisher is not None:
                number += 1
                news = publisher.publish(number)
                expected.append((publisher, news))
                edits.append(
                    (clock() + timedelta(hours=chance.choice((6, 12, 18))), news)
                )
            if day == 12 and hour == 0:
                portal.moved["/rss.xml"] = (301, f"{portal.url}/tin-moi.xml")
            poll_until(room, clock, START + timedelta(days=day, hours=hour + 6))
        if day == 14:
            # After it was taken: what is here stays
            next(news for at, news in expected[::-1] if at is portal).gone = True
    articles = articles_of(room)
    assert len(articles) == len(expected)  # none lost, none doubled
    by_number = {article.title.split()[1]: article for article in articles}
    for _, news in expected:
        article = by_number[str(news.number)]
        assert article.title == news.title
        read = (
            [article.lead, *article.paragraphs] if article.lead else article.paragraphs
        )
        assert list(read) == [" ".join(text.split()) for text in news.paragraphs]
        assert article.revision == 1 + news.heard_edits
    assert_polite(portal, other)
    assert SourceEvent.VANISHED in events(room, feed)
    assert SourceEvent.MOVED in events(room, feed)
    assert SourceEvent.RECOVERED in events(room, posts)
    assert room.sources.get(feed.id).settings.url.endswith("/tin-moi.xml")
    other.close()


@pytest.mark.parametrize(
    ("kind", "path", "selector"),
    [
        ("feed", "/rss.xml", ""),
        ("wordpress", "", ""),
        ("page", "/danh-sach", ".ds h3 a"),
        ("sitemap", "/sitemap.xml", ""),
    ],
)
def test_each_kind_brings_what_is_new_and_nothing_old(
    room, clock, portal, kind, path, selector
):
    portal.publish(1, START - timedelta(days=2))
    source = room.sources.add(
        source_at(portal, kind, path, selector=selector), "quản trị"
    )
    poll_until(room, clock, START + timedelta(hours=1))
    portal.publish(2)
    poll_until(room, clock, START + timedelta(hours=8))
    (article,) = articles_of(room)
    assert article.title == "Thôn 2 ra quân dọn vệ sinh đường làng"
    assert article.url.startswith(f"{portal.url}/tin/2.html")
    assert events(room, source) == [
        SourceEvent.TAKEN,
        SourceEvent.BEGUN,
        SourceEvent.ADDED,
    ]


def test_topics_are_mapped_and_news_of_an_untrusted_source_is_doubted(
    room, clock, portal
):
    trusted = source_at(portal, topics={"Tin trong xã": "Thời sự"}, trusted=True)
    room.sources.add(trusted, "quản trị")
    room.sources.add(source_at(portal, "wordpress", "", topic="Tin huyện"), "quản trị")
    poll_until(room, clock, START + timedelta(hours=1))
    portal.publish(1)
    poll_until(room, clock, START + timedelta(hours=4))
    articles = {article.topic: article for article in articles_of(room)}
    assert ArticleDoubt.SOURCE not in articles["Thời sự"].doubts
    assert ArticleDoubt.SOURCE in articles["Tin huyện"].doubts


def test_what_robots_txt_forbids_is_not_asked_for(room, clock, portal):
    portal.robots = "User-agent: *\nDisallow: /tin/\n"
    source = room.sources.add(source_at(portal), "quản trị")
    poll_until(room, clock, START + timedelta(hours=1))
    portal.publish(1)
    poll_until(room, clock, START + timedelta(hours=6))
    assert not any(path.startswith("/tin/") for _, path in portal.asked)
    assert events(room, source)[0] is SourceEvent.FORBIDDEN


def test_one_page_that_cannot_be_read_keeps_no_other(room, clock, portal):
    source = room.sources.add(source_at(portal), "quản trị")
    poll_until(room, clock, START + timedelta(hours=1))
    portal.page_of = lambda news: "<p>404</p>" if news.number == 1 else page(news)
    for number in (1, 2, 3):
        portal.publish(number)
    poll_until(room, clock, START + timedelta(hours=4))
    assert len(articles_of(room)) == 2
    refused = [
        line
        for line in room.sources.journal(source.id)
        if line.event is SourceEvent.REFUSED
    ]
    assert refused[0].detail.startswith(("Không tìm thấy nội dung", "Trang"))
    portal.page_of = None  # the portal mends it: it is taken when it is looked at again
    poll_until(room, clock, START + timedelta(days=2))
    assert len(articles_of(room)) == 3


def test_a_list_that_is_gone_is_asked_no_more(room, clock, portal):
    portal.moved["/rss.xml"] = (410, "")
    source = room.sources.add(source_at(portal), "quản trị")
    poll_until(room, clock, START + timedelta(days=2))
    assert room.sources.get(source.id).state is SourceState.GONE
    assert len(portal.asked) == 2  # robots.txt and the list
    portal.moved.clear()
    room.sources.resume(source.id, "quản trị")
    poll_until(room, clock, START + timedelta(days=2, hours=1))
    assert room.sources.get(source.id).looked_at is not None


def test_a_portal_in_trouble_is_asked_less_and_less(room, clock, portal):
    portal.fails = 500
    room.sources.add(source_at(portal, minutes=5), "quản trị")
    poll_until(room, clock, START + timedelta(days=1))
    assert len(portal.asked) < 12  # every five minutes would be 288
    lists_that_lead_to_each_other = {
        "/rss.xml": (301, "/tin-moi.xml"),
        "/tin-moi.xml": (301, "/rss.xml"),
    }
    portal.moved, portal.fails, portal.asked = lists_that_lead_to_each_other, 0, []
    poll_until(room, clock, START + timedelta(days=3))
    assert len(portal.asked) < 30


def test_an_address_of_the_lan_that_nobody_opened_is_told(
    tmp_path, clock, migrated, portal
):
    (tmp_path / "loa.db").write_bytes(migrated)
    files = Unsynced(tmp_path / "files")
    room = Newsroom.open(
        f"sqlite:///{tmp_path}/loa.db", files, MIGRATIONS, now=clock, hasher=QUICK
    )
    room.stations.put(Station(SLUG, "Đài Suối Lành"))
    source = room.sources.add(source_at(portal), "quản trị")
    poll_until(room, clock, START + timedelta(hours=1))
    assert portal.asked == []
    assert "không an toàn" in room.sources.get(source.id).trouble
    room.database.close()


def test_a_look_that_is_cut_off_is_taken_again(room, clock, portal):
    """The worker dies after the list was noted and before its texts were read."""
    room.sources.add(source_at(portal, "wordpress", ""), "quản trị")
    poll_until(room, clock, START + timedelta(hours=1))
    portal.publish(1)
    clock.time = START + timedelta(hours=5)
    job = room.jobs.claim("dies", (Lane.SLOW,))
    source = room.sources.items.load(job)
    assert source is not None
    answer = look(f"{portal.url}/wp-json/wp/v2/posts", room.guard)
    entries = listing_in(answer, source.settings).entries
    room.sources.items.note_list(source, listed(entries))
    room.jobs.release_all("dies")
    poll_until(room, clock, START + timedelta(hours=6))
    assert len(articles_of(room)) == 1
    assert room.sources.items.counts(source.id)[ItemState.TAKEN] == 1


def test_items_that_no_list_holds_any_more_are_forgotten_and_their_articles_stay(
    room, clock, portal
):
    portal.listed = 1
    source = room.sources.add(source_at(portal, minutes=24 * 60), "quản trị")
    poll_until(room, clock, START + timedelta(hours=1))
    for number in (1, 2):
        portal.publish(number)
        poll_until(room, clock, clock() + timedelta(days=2))
    assert sum(room.sources.items.counts(source.id).values()) == 2
    clock.time += timedelta(days=100)
    # Its pages are looked at again, once or twice as the chance in the waits has it
    poll_until(room, clock, clock() + timedelta(days=5))
    portal.publish(3)
    poll_until(room, clock, clock() + timedelta(days=2))
    assert sum(room.sources.items.counts(source.id).values()) == 1
    portal.listed = 20
    poll_until(room, clock, clock() + timedelta(days=2))
    assert len(articles_of(room)) == 3
    assert {article.revision for article in articles_of(room)} == {1}


@pytest.mark.servers
def test_on_postgresql_news_is_taken_once(postgres, tmp_path, clock, portal):
    room = Newsroom.open(
        empty_database(postgres),
        Unsynced(tmp_path / "files"),
        MIGRATIONS,
        now=clock,
        hasher=QUICK,
        guard=Guard.parse("127.0.0.1"),
    )
    room.database.migrate()
    room.stations.put(Station(SLUG, "Đài Suối Lành", approval="trusted"))
    source = room.sources.add(source_at(portal), "quản trị")
    portal.publish(1, START + MINUTE)
    for _ in range(12):
        job = room.jobs.claim("test", (Lane.SLOW,))
        while job is not None:
            if job.step is Step.POLL:
                polling.poll(room, job)
                break
            room.steps.drop(job)
            job = room.jobs.claim("test", (Lane.SLOW,))
        clock.time += timedelta(minutes=40)
    assert len(articles_of(room)) == 1
    assert events(room, source).count(SourceEvent.TAKEN) == 1
    room.sources.remove(source.id, "quản trị")
    room.database.close()
