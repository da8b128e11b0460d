"""The slots' shelf and the pages': what is sent when database, store or disk are away, and what is
made only once.
"""

import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from loa.assembly import BED
from service.newsroom.store.serials import Scope
from service.newsroom.values import NewArticle, NewWarning, Sentence, Station, Step
from service.web.operators.broadcasts import Broadcasts
from service.web.operators.pulse import Pulse
from service.web.operators.slots import about_json
from tests.system.fronted import fronted
from tests.system.servers import wait_for
from tests.web.conftest import approve, bulletin, drafted, slot  # noqa: F401 - fixtures
from tests.web.press import BOTH, Press

# ruff: noqa: F811
LATEST = "/stations/suoi-lanh/slots/0500/latest"
ADDRESSES = (f"{LATEST}.mp3", f"{LATEST}.json", f"{LATEST}.m3u")
AGENT = "AntennaPod/3.5.0"


def gone():
    """What a driver raises whose database is gone."""
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    return error


class Hand(Press):
    """The line's work done by hand, bulletins and sound for horns too: no voice speaks, nothing is
    encoded.
    """

    def work(self):
        while job := self.room.jobs.claim("hand", BOTH):
            steps = self.room.steps
            if job.step is Step.WRITE:
                steps.load_writing(job)
                steps.save_written(
                    job, [Sentence(1, "Một câu.", "Một câu.", 300, passage=0)]
                )
            elif job.step is Step.SPEAK:
                about = {"voice": "tone", "build": "1", "provisional": False}
                steps.save_spoken(
                    job, ["clip"], **about, engine_calls=1, clips_reused=0
                )
            elif job.step is Step.MASTER:
                steps.load_mastering(job)
                steps.save_mastered(
                    job, [self.master(job, kind) for kind in ("app", "speaker")]
                )
            else:
                steps.save_published(job)

    def master(self, job, kind):
        name = f"{kind}-{job.version}.mp3"
        data = f"{job.episode_id} {job.version} {kind}".encode() * 5_000
        about = (job.episode_id, job.version, kind, name, "audio/mpeg", data, 256.0)
        return self.keep(*about, ((0, 1000),))


@pytest.fixture
def work_all(newsroom):
    return Hand(newsroom).work


class Fault:
    """Keeps the database from answering: at once, or by hanging, until it is lifted."""

    def __init__(self, newsroom):
        self.hangs = False
        self.fails = False
        self.lifted = threading.Event()
        event.listen(newsroom.database.engine, "before_cursor_execute", self.meet)

    def meet(self, *_):
        if self.fails:
            raise gone()
        if self.hangs:
            self.lifted.wait(60)


@pytest.fixture
def fault(newsroom):
    found = Fault(newsroom)
    yield found
    found.fails = found.hangs = False
    found.lifted.set()


@pytest.fixture
def ask(newsroom, site, tmp_path):
    with fronted(newsroom, site, tmp_path / "shelf") as found:
        yield found


def rung(answer):
    return answer[1]["X-Loa-Rung"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_shelf_says_what_the_application_says(ask, client, approve, bulletin, path):
    approve(bulletin)
    assert rung(ask(path)) == "planned"
    for headers in (
        {},
        {"Accept-Encoding": "gzip"},
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:10 GMT"},
        {"If-Match": '"other"'},
        {"Range": "bytes=100-199"},
        {"Range": "bytes=-7"},
        {"Range": "bytes=999999999-"},
        {"Range": "bytes=0-1,5-6"},
    ):
        for method in ("GET", "HEAD"):
            ours = ask(path, method, **headers)
            theirs = client.open(path, method=method, headers=headers)
            assert ours[0] == theirs.status_code, (method, headers)
            told, said = lower(ours[1]), lower(theirs.headers)
            if told.get("content-encoding") == said.get("content-encoding"):
                assert ours[2] == theirs.data
                assert told.get("etag") == said.get("etag")
            for name in ALIKE & said.keys() if ours[0] < 400 else ():
                assert told.get(name) == said[name], (name, method, headers)


ALIKE = {
    "content-type",
    "content-disposition",
    "content-range",
    "last-modified",
    "cache-control",
    "x-loa-rung",
    "x-loa-version",
    "x-loa-date",
    "x-content-type-options",
    "referrer-policy",
    "content-security-policy",
    "access-control-allow-origin",
    "access-control-expose-headers",
}


def kept(ask, newsroom, path):
    """The page, once it comes from the shelf: a feed that is asked for first is given its guid,
    which is a change.
    """
    counted = Counted(newsroom)

    def shelved():
        before = counted.count
        page = ask(path)
        return page if counted.count == before else None

    return wait_for(shelved)


def lower(headers):
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize("how", ["fails", "hangs"])
def test_a_database_that_is_away_silences_no_slot(
    ask, approve, bulletin, fault, clock, newsroom, how
):
    approve(bulletin)
    before = {path: ask(path) for path in ADDRESSES}
    clock.ahead += timedelta(minutes=1)
    feed = kept(ask, newsroom, "/feeds/all.xml")
    setattr(fault, how, True)
    for path in ADDRESSES:
        now = ask(path)
        assert (now[0], now[2]) == (200, before[path][2])
        assert now[1]["ETag"] == before[path][1]["ETag"]
        assert ask(path, If_None_Match=now[1]["ETag"])[0] == 304
    assert (
        ask(f"{LATEST}.mp3", Range="bytes=10-19")[2]
        == before[f"{LATEST}.mp3"][2][10:20]
    )
    # What was shown a moment ago is shown still, and a station nobody ever saw has its bed.
    assert ask("/feeds/all.xml")[2] == feed[2]
    if how == "fails":
        other = ask("/search?q=lua")
        assert (other[0], other[1]["Retry-After"].isdigit()) == (503, True)
        wait_for(
            lambda: (
                ask("/stations/khong-co/slots/0500/latest.mp3")[2] == BED.read_bytes()
            )
        )


def test_what_is_withdrawn_or_replaced_leaves_the_slot_at_once(
    ask, newsroom, approve, bulletin
):
    approve(bulletin)
    first = ask(f"{LATEST}.mp3")
    assert rung(first) == "planned"
    newsroom.episodes.withdraw(bulletin, "Sai ngày.", "chị Sen")
    gone = ask(f"{LATEST}.mp3")
    assert (gone[0], rung(gone), gone[2]) == (200, "bed", BED.read_bytes())


def test_a_warning_interrupts_and_gives_way_when_it_is_over_even_with_no_database(
    ask,
    newsroom,
    approve,
    bulletin,
    clock,
    work_all,
    fault,
):
    approve(bulletin)
    usual = ask(f"{LATEST}.mp3")
    article = NewArticle("Lũ quét", ("Bà con lên chỗ cao.",), "lũ", ("suoi-lanh",))
    until = newsroom.now() + timedelta(hours=1)
    newsroom.urgent.receive(
        article, NewWarning(until, approved_by="chị Sen"), "tone", "chị Sen"
    )
    work_all()
    assert rung(ask(f"{LATEST}.mp3")) == "urgent"
    fault.fails = True
    wait_for(lambda: rung(ask(f"{LATEST}.mp3")) == "urgent")
    clock.ahead += timedelta(hours=1)
    assert ask(f"{LATEST}.mp3")[2] == usual[2]
    # Its hour is over, and nobody can say what comes
    clock.ahead += timedelta(hours=23)
    stale = ask(f"{LATEST}.mp3")
    assert (stale[0], rung(stale), stale[2]) == (200, "bed", BED.read_bytes())


@pytest.fixture
def noted(newsroom):
    """What an act does: whether it changes what stands at a slot, and whether the slots' number
    tells of it.
    """
    broadcasts = Broadcasts(newsroom, BED, lambda _sound: True)

    def stand():
        stations = newsroom.stations.all()
        return [
            (
                each.serving,
                about_json(each, "", insider=False).text,
                each.body.modified,
                until,
            )
            for each, until in broadcasts.at_once(stations, newsroom.now())
        ]

    def noted(act):
        before, number = stand(), newsroom.database.serials()[Scope.SLOTS]
        act()
        return stand() != before, newsroom.database.serials()[Scope.SLOTS] != number

    return noted


def test_the_slots_number_rises_with_all_that_may_stand_there(
    newsroom, approve, bulletin, publish, clock, work_all, noted
):
    """... so that nothing which left a slot is sent; and with no news on its way, or every request
    would ask the database while work is done.
    """
    story = newsroom.bulletins.get(bulletin).items[0].episode_id
    warning = newsroom.urgent.receive(
        NewArticle("Lũ quét", ("Bà con lên chỗ cao.",), "lũ", ("suoi-lanh",)),
        NewWarning(newsroom.now() + timedelta(hours=1)),
        "tone",
        "chị Sen",
    ).episode_id
    work_all()

    def again(number):
        newsroom.episodes.regenerate(number, "chị Sen")
        work_all()
        approve(number)

    def rename():
        station = newsroom.stations.get("suoi-lanh")
        newsroom.stations.put(replace(station, name="Đài Suối Lạnh"))

    assert noted(lambda: publish("Tin đang làm")) == (False, False)
    acts = {
        "a bulletin is approved": lambda: approve(bulletin),
        "it is read again": lambda: again(bulletin),
        "a story of it is": lambda: again(story),
        "a warning is approved": lambda: approve(warning),
        "the warning is ended": lambda: newsroom.urgent.end(
            warning, "Hết lũ.", "chị Sen"
        ),
        "a story is withdrawn": lambda: newsroom.episodes.withdraw(
            story, "Sai.", "chị Sen"
        ),
        "the bulletin is withdrawn": lambda: newsroom.episodes.withdraw(
            bulletin, "Sai.", "chị Sen"
        ),
        "the station is renamed": rename,
    }
    assert {name: noted(act) for name, act in acts.items()} == dict.fromkeys(
        acts, (True, True)
    )


def test_what_a_release_without_that_number_takes_off_leaves_the_slot(
    ask, newsroom, approve, bulletin
):
    approve(bulletin)
    assert rung(ask(f"{LATEST}.mp3")) == "planned"
    with newsroom.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE episode SET state = 'withdrawn', withdrawn_why = 'Sai.' WHERE id = ?",
            (bulletin,),
        )
        connection.exec_driver_sql(
            "UPDATE serial SET value = value + 1 WHERE name = 'public'"
        )
    wait_for(lambda: rung(ask(f"{LATEST}.mp3")) == "bed")


class Slow:
    """A store whose bytes do not come."""

    def __init__(self, files):
        self._files = files
        self.hangs = False
        self.lifted = threading.Event()

    def __getattr__(self, name):
        return getattr(self._files, name)

    def stream(self, key, start, length):
        if self.hangs:
            self.lifted.wait(60)
        return self._files.stream(key, start, length)

    def local(self, key):
        return None


def test_a_store_that_hangs_keeps_nobody_waiting(
    newsroom, site, tmp_path, approve, bulletin
):
    slow = Slow(newsroom.files)
    room = replace(newsroom, files=slow)
    slow.hangs = True
    master = approve(bulletin)
    with fronted(room, site, tmp_path / "shelf") as ask:
        # Waited for a moment, not for the store
        assert rung(ask(f"{LATEST}.mp3")) == "bed"
        slow.hangs = False
        slow.lifted.set()
        wait_for(lambda: rung(ask(f"{LATEST}.mp3")) == "planned")
        slow.hangs = True
        slow.lifted.clear()
        assert ask(f"{LATEST}.mp3")[1]["ETag"] == f'"{master.sha256}"'
        slow.lifted.set()


def test_other_bytes_than_the_record_says_are_never_broadcast(
    newsroom,
    site,
    tmp_path,
    approve,
    bulletin,
):
    master = approve(bulletin)
    path = newsroom.files.local(master.key)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with fronted(newsroom, site, tmp_path / "shelf") as ask:
        assert rung(ask(f"{LATEST}.mp3")) == "bed"
        path.write_bytes(whole)
        wait_for(lambda: rung(ask(f"{LATEST}.mp3")) == "planned")
        # What lies on the shelf outlives its master, and this process.
        path.unlink()
        assert ask(f"{LATEST}.mp3")[2] == whole


def test_a_web_that_starts_without_a_database_broadcasts_what_lay_here(
    newsroom,
    site,
    tmp_path,
    approve,
    bulletin,
    fault,
):
    master = approve(bulletin)
    with fronted(newsroom, site, tmp_path / "shelf") as ask:
        before = ask(f"{LATEST}.mp3")
        assert before[1]["ETag"] == f'"{master.sha256}"'
    fault.fails = True
    with fronted(newsroom, site, tmp_path / "shelf") as ask:
        assert [ask(path)[0] for path in ADDRESSES] == [200] * 3
        assert ask(f"{LATEST}.mp3")[2] == before[2]
        assert json.loads(ask(f"{LATEST}.json")[2])["rung"] == "planned"
    (kept,) = (tmp_path / "shelf" / "sounds").glob("*.mp3")
    kept.write_bytes(b"x" * kept.stat().st_size)
    with fronted(newsroom, site, tmp_path / "shelf") as ask:
        assert ask(f"{LATEST}.mp3")[2] == BED.read_bytes()


def test_nobody_who_listens_waits_for_a_write(
    ask, newsroom, approve, bulletin, publish, tmp_path
):
    approve(bulletin)
    sound = f"/media/{newsroom.episodes.get(publish().id).masters[0].path}"
    with closing(sqlite3.connect(tmp_path / "loa.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        # Each of them would wait for the lock, and be told of it as an error in the end.
        for number in range(20):
            assert ask(sound, User_Agent=f"{AGENT} ({number})")[0] == 200
            assert ask(f"{LATEST}.mp3", User_Agent=AGENT)[0] == 200
        assert other.execute("SELECT count(*) FROM taking").fetchone() == (0,)
        other.execute("ROLLBACK")
    wait_for(lambda: newsroom.downloads.daily(1)[0].total == 20)

    def times():
        with newsroom.database.read() as session:
            rows = session.connection().exec_driver_sql("SELECT sum(times) FROM taking")
            return rows.scalar() == 20

    wait_for(times)


class Counted:
    """Counts the statements of pages, the pulse's own aside."""

    def __init__(self, newsroom):
        self.count = 0
        event.listen(newsroom.database.engine, "before_cursor_execute", self.note)

    def note(self, _connection, _cursor, statement, *_more):
        self.count += (
            "FROM serial" not in statement
            and threading.current_thread().name[:4] == "web-"
        )


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/feeds/all.xml",
        "/stations/suoi-lanh",
        "/stations/suoi-lanh/speaker",
        "/archive/2026-11",
    ],
)
def test_a_page_is_made_once_for_each_state(ask, newsroom, publish, clock, path):
    publish("Tin thứ nhất")
    # A feed tells its time once that second is over
    clock.ahead += timedelta(minutes=1)
    first = kept(ask, newsroom, path)
    counted = Counted(newsroom)
    pages = [ask(path) for _ in range(20)]
    zipped = ask(path, Accept_Encoding="gzip")
    assert zipped[1]["Content-Encoding"] == "gzip"
    assert {page[2] for page in pages} == {first[2]}
    assert ask(path, If_None_Match=zipped[1]["ETag"])[0] == 304
    assert ask(path, If_None_Match=first[1]["ETag"])[0] == 304
    assert (ask(path, "HEAD")[0], counted.count) == (200, 0)
    publish("Tin thứ hai")
    second = ask(path)
    assert counted.count
    assert second[2] != first[2]


def test_a_page_of_a_login_is_nobody_elses(ask, publish):
    publish()
    page = ask("/stations/suoi-lanh/speaker")
    own = ask("/stations/suoi-lanh/speaker", Cookie="session=x")
    assert page[0] == own[0] == 200
    chosen = ask("/", Cookie="nhe=1")
    assert chosen[1]["ETag"] != ask("/")[1]["ETag"]


def test_a_page_changes_when_its_time_comes(ask, publish, clock):
    publish()
    before = ask("/")
    clock.ahead += timedelta(days=1)
    assert ask("/")[2] != before[2]


def test_many_who_ask_at_once_wait_for_one_making(ask, newsroom, publish):
    publish()
    counted = Counted(newsroom)
    ask("/")
    once, counted.count = counted.count, 0
    publish("Tin khác")
    threads = [threading.Thread(target=ask, args=("/",)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted.count <= 2 * once + 4


def test_what_is_written_counts_as_unseen_until_a_look_after_it_is_over(newsroom):
    pulse, behind = Pulse(newsroom), []

    def meet(_connection, _cursor, statement, *_more):
        if "FROM serial" in statement:
            behind.append(pulse.behind)

    pulse.start()
    wait_for(lambda: pulse.serials is not None)
    event.listen(newsroom.database.engine, "before_cursor_execute", meet)
    newsroom.stations.put(Station("xa-moi", "Đài Xã Mới"))
    assert pulse.behind or any(behind)
    wait_for(lambda: not pulse.behind)
    # Who asks while a look is under way is not told what was so before it.
    assert any(behind)
    pulse.stop()
