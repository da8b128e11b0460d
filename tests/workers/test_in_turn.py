"""Two voices of a station take turns, story by story, and announcements are read twice."""

from dataclasses import replace
from itertools import pairwise

import pytest

from service.actions.planning import draft, in_turn, plan_of, words_of
from service.bulletin import span
from service.bulletin.wording import REMINDER
from service.newsroom.errors import Invalid
from service.newsroom.stories.announcements import is_announcement
from service.newsroom.values import LOUDSPEAKER, Priority, Rung, Slot

SLOT = Slot("05:00", 900)
ANNOUNCEMENT = "Thông báo lịch cắt điện"


@pytest.fixture
def station(newsroom):
    """A station whose two voices take turns."""
    found = replace(
        newsroom.stations.get("suoi-lanh"),
        voice="tone:nam",
        second_voice="tone:nu",
        announcements_twice=True,
        slots=(SLOT,),
    )
    newsroom.stations.put(found)
    return found


@pytest.fixture
def compose(newsroom, station, work_all, clock):
    """The planned bulletin of the station's next hour: its plan, and the episode as it is read."""

    def compose():
        hour = span(SLOT.at, SLOT.weekdays, SLOT.max_seconds, clock())
        airing = newsroom.bulletins.airing("suoi-lanh", SLOT, hour.day, hour.air_at)
        stock = newsroom.bulletins.stock("suoi-lanh", SLOT, hour.air_at)
        station = newsroom.stations.get("suoi-lanh")
        plan = draft(station, SLOT, hour.day, stock)
        number = newsroom.bulletins.open(airing.id, Rung.PLANNED, plan, LOUDSPEAKER)
        work_all()
        return plan, newsroom.episodes.get(number)

    return compose


@pytest.fixture
def read_by(newsroom, publish):
    """Publishes a story; who read it, as the public is told."""

    def read_by(title):
        return newsroom.editions.get(publish(title).slug).voice

    return read_by


def test_stories_are_read_in_turn_and_none_by_two(station, read_by):
    read = [read_by(f"Tin thứ {number}") for number in range(4)]
    assert read == ["tone:nam", "tone:nu"] * 2


def test_who_chose_a_voice_keeps_it(newsroom, station, publish, read_by, work_all):
    one = publish("Một")
    newsroom.episodes.regenerate(one.id, "lan", voice="tone:nu")
    work_all()
    version = newsroom.episodes.get(one.id).version
    newsroom.episodes.approve(one.id, "chị Sen", version)
    work_all()
    assert newsroom.editions.get(one.slug).voice == "tone:nu"
    assert read_by("Hai") == "tone:nam"


def test_a_bulletin_has_them_in_turn(station, publish, compose):
    for number in range(5):
        publish(f"Tin thứ {number}")
    plan, bulletin = compose()
    voices = [offer.voice for offer in plan.stories]
    assert len(voices) == 5
    assert all(one != other for one, other in pairwise(voices))
    assert bulletin.rendering.engine_calls <= 4  # its own words alone


def test_turns_never_pass_what_stands_higher(station, publish, compose):
    publish("Ưu tiên", priority=Priority.PRIORITY)
    publish("Một")
    publish("Hai")
    plan, _ = compose()
    head, *rest = plan.stories
    # The second voice first, for the first reads what comes before: newer stories move behind it.
    assert head.title == "Ưu tiên"
    a, b, c = (replace(rest[0], episode_id=n, voice=v) for n, v in enumerate("NNM"))
    assert in_turn([head, a, b, c], lambda story: story.priority) == [head, a, c, b]
    assert in_turn([a, b], lambda story: story.priority) == [a, b]
    assert in_turn([], lambda story: story.priority) == []


def test_an_announcement_is_read_twice_with_the_same_clips(station, publish, compose):
    publish("Tin thường")
    publish(ANNOUNCEMENT, ("Cắt điện từ 8 giờ. Bà con chuẩn bị.",))
    plan, bulletin = compose()
    (once,) = [story for story in plan.stories if story.title == ANNOUNCEMENT]
    assert [story.twice for story in plan.stories].count(True) == 1
    own = [line for line in bulletin.sentences if line.story_id == once.episode_id]
    body = ["Cắt điện từ 8 giờ.", "Bà con chuẩn bị."]
    read = [ANNOUNCEMENT, *body, REMINDER, ANNOUNCEMENT, *body]
    assert [line.written for line in own][-len(read) :] == read
    for text in body:
        clips = [line.clip for line in own if line.written == text]
        assert len(clips) == 2
        assert len(set(clips)) == 1
    headings = [line for line in own if line.role == "heading"]
    assert len(headings) == 1  # one chapter


def test_the_fit_knows_that_it_is_read_twice(station, publish, compose, newsroom):
    publish(ANNOUNCEMENT, ("Cắt điện từ 8 giờ. Bà con chuẩn bị.",))
    plan, bulletin = compose()
    words = words_of(station, SLOT, newsroom.now().date())
    single = [replace(story, twice=False) for story in plan.stories]
    saved = plan.seconds - plan_of(station, SLOT, words, single).seconds
    assert saved > plan.stories[0].seconds
    (speaker,) = [one for one in bulletin.masters if one.kind == "speaker"]
    assert speaker.seconds <= plan.seconds


def test_a_station_that_reads_once_reads_once(newsroom, station, publish, compose):
    newsroom.stations.put(replace(station, announcements_twice=False))
    publish(ANNOUNCEMENT)
    plan, bulletin = compose()
    assert not plan.stories[0].twice
    assert REMINDER not in [line.written for line in bulletin.sentences]


@pytest.mark.parametrize(
    ("title", "topic", "evergreen", "expected"),
    [
        ("THÔNG BÁO: cắt nước", "", False, True),
        ("Giấy mời họp thôn", "", False, True),
        ("Mời bà con đi tiêm", "", False, True),
        ("Mới đây, xã làm đường", "", False, False),
        ("Lịch tiếp dân", "Thông báo", False, True),
        ("Lịch tiếp dân", "", True, True),
        ("Xã thông báo kết quả", "Chính quyền", False, False),
    ],
)
def test_what_is_an_announcement(title, topic, evergreen, expected):
    assert is_announcement(title, topic, evergreen) is expected


def test_one_voice_twice_is_refused(newsroom, station):
    with pytest.raises(Invalid) as refused:
        newsroom.stations.put(replace(station, second_voice="tone:nam"))
    assert refused.value.field == "second_voice"
