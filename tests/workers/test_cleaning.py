"""What nobody needs is deleted, after a time of grace; what anybody needs stays, whatever
its age.
"""

import os
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from audio.booth import Line, record
from audio.voice import Voice
from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.store.cleaning import SHARDS, Cleaning
from service.newsroom.store.files import open_files
from service.newsroom.store.spent import MOST
from service.newsroom.store.tables import ReadLogRow, Table
from service.newsroom.values import Kind, MadePicture, PictureSize, Slot, State
from tests.system.servers import start_bucket
from workers import cleaning
from workers.schedule import Schedule

DAYS_60 = timedelta(days=60)
WORDS = "Bà con ra đồng từ sáng sớm. Trời nắng đẹp."


def clean(newsroom):
    found = [newsroom.cleaning.clean(shard) for shard in range(SHARDS)]
    return sum(each.files for each in found), sum(each.auditions for each in found)


@pytest.fixture
def say_alone(newsroom, studio):
    """Words on the shelf that no sentence names."""

    def say_alone(words):
        return record(
            [Line(words)],
            Voice("tone", ""),
            studio.voices.engine("tone"),
            newsroom.clips,
        ).keys[0]

    return say_alone


def test_what_a_current_or_public_rendering_needs_stays(
    newsroom, publish, work_all, clock
):
    public = publish(paragraphs=(WORDS,))
    newsroom.episodes.say_otherwise(public.id, 2, "bà con ta ra đồng", "chị Sen")
    work_all()  # the newest version waits for approval, the public has the one before
    before = set(newsroom.files.keys("clips/")) | set(newsroom.files.keys("masters/"))
    clock.ahead += timedelta(days=400)
    clean(newsroom)
    assert (
        set(newsroom.files.keys("clips/")) | set(newsroom.files.keys("masters/"))
        == before
    )
    assert list(newsroom.files.keys("passages/")) == []  # these only save time
    newsroom.episodes.approve(
        public.id, "chị Sen", newsroom.episodes.get(public.id).version
    )
    newsroom.episodes.say_otherwise(public.id, 3, "trời hôm nay nắng đẹp", "chị Sen")
    work_all()
    again = newsroom.episodes.get(public.id)
    assert (again.state, again.rendering.engine_calls, len(again.masters)) == (
        State.MASTERED,
        1,
        3,
    )


def test_the_sound_of_what_was_approved_stays_for_the_log(
    newsroom, publish, work_all, clock
):
    """Its hour broadcast it, and a newer version that nobody approved kept it out of the feed."""
    slot = Slot("05:00", 300, plan_minutes=24 * 60)
    station = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(replace(station, slots=(slot,)))
    publish(paragraphs=(WORDS,))
    Schedule(newsroom).look()
    work_all()
    cards, _ = newsroom.episodes.cards()
    number = next(card.id for card in cards if card.kind is Kind.BULLETIN)
    airing = newsroom.bulletins.get(number).airing
    newsroom.episodes.approve(number, "chị Sen", 1)
    for spoken in ("xin chào bà con", "kính chào bà con"):
        newsroom.episodes.say_otherwise(number, 1, spoken, "lan")
        work_all()
    clock.ahead += timedelta(days=60)
    clean(newsroom)
    (aired,) = newsroom.airlog.record("suoi-lanh", airing.air_at, airing.ends_at)
    assert (aired.episode_id, aired.version, len(aired.sha256)) == (number, 1, 64)
    kept = {key.split("/")[2] for key in newsroom.files.keys(f"masters/{number}/")}
    assert kept == {"1", "3"}  # what nobody approved, and was edited since, is gone


def test_pictures_and_recordings_that_no_row_names_go(newsroom, publish, clock):
    made = MadePicture("00" + "0" * 62, 8, 6, dict.fromkeys(PictureSize, b"picture"))
    sent = [replace(made, digest=f"{n:02x}" + "1" * 62) for n in range(3)]
    newsroom.pictures.keep("https://xa.vn/a.jpg", made)
    for picture in sent:
        newsroom.pictures.keep(f"https://loa/{picture.digest}", picture, "key cms")
    publish(picture=f"https://loa/{sent[0].digest}")
    left = ("recordings/00/" + "0" * 64, "recordings/beds/b.mp3")
    for key in left:
        newsroom.files.put(key, b"of a worker that died")
    clock.ahead += timedelta(days=20)
    newsroom.pictures.keep(f"https://loa/{sent[1].digest}", sent[1], "key cms")
    for shard in range(3):
        newsroom.cleaning.clean(shard)
    assert len(list(newsroom.files.keys("pictures/"))) == 4 * 3
    clock.ahead += timedelta(days=11)
    for shard in range(3):
        newsroom.cleaning.clean(shard)
    named = {f"pictures/{p.digest[:2]}/{p.digest}" for p in sent[:2]}
    kept = {key.rpartition("/")[0] for key in newsroom.files.keys("pictures/")}
    assert kept == named
    assert not set(left) & set(newsroom.files.keys("recordings/"))


class Meanwhile:
    """A store or database whose user is overtaken: something happens right before it changes what
    it looked at.
    """

    def __init__(self, behind, look, change, then):
        self.behind, self.look, self.change, self.then = behind, look, change, then
        self.has_looked = False

    def __getattr__(self, name):
        self.has_looked = self.has_looked or name == self.look
        if self.has_looked and name == self.change:
            self.has_looked = False
            self.then()
        return getattr(self.behind, name)


@pytest.fixture
def sent(newsroom):
    """The second of two pictures that somebody sent, and how it is sent again."""
    made = [
        MadePicture("00" + n * 62, 8, 6, dict.fromkeys(PictureSize, b"picture"))
        for n in "01"
    ]

    def send(picture):
        newsroom.pictures.keep(f"https://loa/{picture.digest}", picture, "key cms")

    for picture in made:
        send(picture)
    return made[1], send


def pictures_kept(newsroom):
    keys = newsroom.files.keys("pictures/")
    return {key.rpartition("/")[0].rpartition("/")[2] for key in keys}


def test_a_picture_that_is_sent_again_while_files_are_deleted_stays(
    newsroom, sent, clock
):
    second, send = sent
    clock.ahead += timedelta(days=31)
    files = Meanwhile(newsroom.files, "entries", "delete", lambda: send(second))
    Cleaning(newsroom.database, files, clock).clean(0)
    assert pictures_kept(newsroom) == {second.digest}
    assert len(list(newsroom.files.keys("pictures/"))) == len(PictureSize)


def test_a_picture_that_is_sent_again_before_its_row_is_deleted_stays(
    newsroom, sent, clock
):
    second, send = sent
    clock.ahead += timedelta(days=31)
    database = Meanwhile(newsroom.database, "read", "write", lambda: send(second))
    Cleaning(database, newsroom.files, clock).clean(0)
    assert pictures_kept(newsroom) == {second.digest}


def test_clips_of_former_versions_go_and_what_was_published_stays(
    newsroom, publish, work_all, clock
):
    public = publish(paragraphs=(WORDS,))
    for take in range(2):
        newsroom.episodes.say_otherwise(
            public.id, 2, f"bà con ta ra đồng lần {take}", "chị Sen"
        )
        work_all()
    newsroom.episodes.approve(
        public.id, "chị Sen", newsroom.episodes.get(public.id).version
    )
    work_all()
    clips = len(list(newsroom.files.keys("clips/")))
    assert clean(newsroom) == (0, 0)  # all of it is new
    clock.ahead += timedelta(days=31)
    clean(newsroom)
    # Two former ways to say the sentence
    assert len(list(newsroom.files.keys("clips/"))) == clips - 2
    kept = {key.split("/")[2] for key in newsroom.files.keys(f"masters/{public.id}/")}
    assert kept == {"1", "3"}  # the second version was a draft that nobody approved
    assert (
        newsroom.editions.media(
            public.id, 1, public.masters[0].path.rpartition("/")[2]
        ).standing
        == "superseded"
    )


def test_where_a_setting_says_so_clips_of_what_was_published_long_ago_go_and_can_be_spoken_again(
    newsroom, publish, hand_in, work_all, clock, tmp_path
):
    tight = Newsroom.open(
        newsroom.database.url.render_as_string(),
        newsroom.files,
        MIGRATIONS,
        now=clock,
        published_clips_kept=DAYS_60,
    )
    old = publish("Tin cũ", (WORDS,))
    publish("Thông báo để dành", ("Bà con giữ gìn vệ sinh.",), evergreen=True)
    touched = publish("Tin đang sửa", ("Thôn họp tối mai.",))
    newsroom.episodes.say_otherwise(touched.id, 2, "tối mai thôn họp", "lan")
    hand_in("Tin chưa duyệt", ("Xã làm cầu mới.",))
    work_all()
    clock.ahead += timedelta(days=50)
    publish("Tin mới", ("Nước sông đang lên.", WORDS))
    clock.ahead += timedelta(days=9)
    needed = set(newsroom.files.keys("clips/"))
    clean(tight)
    assert set(newsroom.files.keys("clips/")) == needed  # 59 days
    clock.ahead += timedelta(days=2)
    clean(newsroom)
    assert set(newsroom.files.keys("clips/")) == needed  # without the setting for ever
    masters = set(newsroom.files.keys("masters/"))
    clean(tight)
    gone = needed - set(newsroom.files.keys("clips/"))
    of_old = {line.clip for line in old.sentences}
    # The rest is said again
    assert {key.rpartition("/")[2].partition(".")[0] for key in gone} == {
        old.sentences[0].clip
    }
    assert len(of_old) == 3
    assert set(newsroom.files.keys("masters/")) == masters
    newsroom.episodes.say_otherwise(old.id, 2, "bà con ta ra đồng", "lan")
    work_all()
    again = newsroom.episodes.get(old.id)
    assert (again.state, again.rendering.engine_calls, len(again.masters)) == (
        State.MASTERED,
        2,
        3,
    )
    tight.database.close()


def test_unnamed_clips_dropped_masters_and_interrupted_writes_go_after_their_grace(
    newsroom, publish, say_alone, clock
):
    public = publish(paragraphs=(WORDS,))
    for key in list(newsroom.files.keys("passages/")):
        newsroom.files.delete(key)
    clip = say_alone("một câu không ai cần")
    newsroom.files.put(
        f"masters/{public.id}/1/99-1/app.mp3", b"of an attempt that was dropped"
    )
    newsroom.files.put(f"masters/{public.id}/1/99-1/.new-x", b"torn")
    newsroom.files.put(f"clips/{clip[:2]}/.new-x", b"torn")
    for age, gone in (
        (timedelta(hours=20), 0),
        (timedelta(days=1), 2),
        (timedelta(days=1), 1),
        (timedelta(days=29), 1),
    ):
        clock.ahead += age
        files, _ = clean(newsroom)
        assert files == gone, age
    assert newsroom.clips.get(clip) is None
    assert newsroom.editions.get(public.slug).sentences


def test_an_audition_goes_after_a_week_and_its_clip_when_nobody_else_needs_it(
    newsroom, publish, work_all, clock
):
    publish(paragraphs=(WORDS,))
    asked = newsroom.auditions.ask("một từ mới", "")
    work_all()
    clip = newsroom.auditions.get(asked).clip
    clock.ahead += timedelta(days=6)
    assert clean(newsroom)[1] == 0
    clock.ahead += timedelta(days=2)
    assert clean(newsroom)[1] == 1
    assert newsroom.clips.get(clip) is not None
    clock.ahead += timedelta(days=30)
    clean(newsroom)
    assert newsroom.clips.get(clip) is None


def test_the_store_is_told_of_and_what_is_overdue(newsroom, publish, say_alone, clock):
    publish(paragraphs=(WORDS,))
    say_alone("một câu không ai cần")
    clips, _, masters, *_ = newsroom.cleaning.survey()
    assert (clips.folder, clips.spare_bytes, clips.overdue) == ("clips", 0, 0)
    assert masters.bytes > 10_000
    clock.ahead += timedelta(days=31)
    assert newsroom.cleaning.survey()[0].spare_bytes > 10_000
    assert newsroom.cleaning.survey()[0].overdue == 0
    clock.ahead += timedelta(days=15)
    assert newsroom.cleaning.survey()[0].overdue == 1


TELEMETRY = ("job", "article_shingle", "read_log")


def rows(newsroom):
    """How many rows each table has."""
    with newsroom.database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Table.metadata.sorted_tables
        }


def test_rows_that_told_how_work_went_go_and_all_that_is_evidence_stays(
    newsroom, publish, hand_in, work_all, clock
):
    old = publish("Tin cũ")
    newsroom.read_logs.reached("a digest", 100)
    before = rows(newsroom)
    clock.ahead += timedelta(days=29)
    newsroom.cleaning.clean(0)
    assert rows(newsroom) == before
    clock.ahead += timedelta(days=2)
    hand_in("Tin mới")
    whole = rows(newsroom)
    newsroom.cleaning.clean(0)
    left = rows(newsroom)
    assert left["job"] == whole["job"] - before["job"]
    assert left["article_shingle"] == 32
    assert {n for n in left if left[n] != whole[n]} == {"job", "article_shingle"}
    assert newsroom.read_logs.position("a digest") == 100, "read again this year"
    # What was done long ago can be done anew.
    newsroom.episodes.say_otherwise(old.id, 2, "trời hôm nay nắng đẹp", "lan")
    work_all()
    assert newsroom.episodes.get(old.id).state is State.MASTERED
    clock.ahead += timedelta(days=400)
    newsroom.cleaning.clean(0)
    assert [rows(newsroom)[table] for table in TELEMETRY] == [0, 0, 0]


def test_a_year_s_rows_go_in_slices(newsroom, clock):
    """The first look after an update is not one long transaction."""
    with newsroom.database.write() as session:
        session.execute(
            insert(ReadLogRow),
            [
                {"digest": f"{n}", "position": 1, "read_at": clock()}
                for n in range(MOST + 1)
            ],
        )
    clock.ahead += timedelta(days=401)
    newsroom.cleaning.clean(0)
    assert rows(newsroom)["read_log"] == 1
    newsroom.cleaning.clean(0)
    assert rows(newsroom)["read_log"] == 0


def test_folders_that_killed_processes_left_are_deleted(tmp_path):
    for name, days in (("loa-old", 3), ("loa-new", 0), ("other-old", 3)):
        (tmp_path / name / "written").mkdir(parents=True)
        os.utime(tmp_path / name, (time.time() - days * 86_400,) * 2)
    assert cleaning.sweep_scratch(tmp_path) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"loa-new", "other-old"}


def test_the_clock_goes_through_the_whole_store_in_a_day(newsroom, clock):
    seen = set()
    for _ in range(24 * 60 // 5):
        seen.add(cleaning.shard_at(newsroom))
        clock.ahead += cleaning.EVERY
    assert seen == set(range(SHARDS))


def test_beside_the_clock_it_cleans(newsroom, say_alone, clock):
    clip = say_alone("một câu không ai cần")
    clock.ahead += timedelta(days=40)
    while cleaning.shard_at(newsroom) != int(clip[:2], 16):
        clock.ahead += cleaning.EVERY
    stop = threading.Event()
    thread = threading.Thread(target=cleaning.run, args=(newsroom, stop, 0.01))
    thread.start()
    for _ in range(500):
        if newsroom.clips.get(clip) is None:
            break
        stop.wait(0.01)
    stop.set()
    thread.join()
    assert newsroom.clips.get(clip) is None


def test_a_bucket_is_cleaned_alike(tmp_path, newsroom, clock):
    server, endpoint = start_bucket(tmp_path)
    try:
        files = open_files(f"s3://loa/test?endpoint={endpoint}", "a", "b")
        found = Newsroom.open(
            newsroom.database.url.render_as_string(), files, MIGRATIONS, now=clock
        )
        for number in range(3):
            found.clips.put(f"{number}" * 64, b"\0\1" * 100)
        clock.ahead += timedelta(days=29)
        assert [found.cleaning.clean(shard).files for shard in (0x00, 0x11, 0x22)] == [
            0,
            0,
            0,
        ]
        clock.ahead += timedelta(days=2)
        assert found.cleaning.survey()[0].files == 3
        assert [found.cleaning.clean(shard).files for shard in (0x00, 0x11, 0x22)] == [
            1,
            1,
            1,
        ]
        assert found.cleaning.survey()[0].files == 0
        found.database.close()
    finally:
        server.kill()
