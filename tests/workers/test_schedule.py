"""The way of a bulletin: drafted before its hour, read, approved, at its slot's address; and what
happens otherwise.
"""

import wave
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from audio.chime import Chime
from audio.chimes import pcm
from audio.voice import RATE
from service.bulletin import span
from service.newsroom.stories.sent_files import Sent
from service.newsroom.values import Kind, Rung, Slot, State
from workers.schedule import Schedule

SLOT = Slot("05:00", 300, plan_minutes=600)


@pytest.fixture
def slot(newsroom, clock):
    """The 05:00 of a station whose clock shows 20:00."""
    station = replace(
        newsroom.stations.get("suoi-lanh"),
        greeting="Đây là Đài Suối Lành.",
        slots=(SLOT,),
    )
    newsroom.stations.put(station)
    evening = datetime.now(UTC).replace(
        hour=13, minute=0, second=0, microsecond=0
    ) + timedelta(days=1)
    clock.ahead = evening - datetime.now(UTC)
    return SLOT


@pytest.fixture
def look(newsroom, work_all, clock):
    schedule = Schedule(newsroom)

    def look(later=timedelta(minutes=1)):
        clock.ahead += later
        schedule.look()
        return work_all()

    return look


@pytest.fixture
def serving(newsroom, clock):
    def serving(slot=SLOT):
        hour = span(slot.at, slot.weekdays, slot.max_seconds, clock())
        return newsroom.bulletins.serving("suoi-lanh", slot, hour.day, hour.air_at)

    return serving


def bulletins(newsroom):
    cards, _ = newsroom.episodes.cards()
    return [
        newsroom.bulletins.get(card.id) for card in cards if card.kind is Kind.BULLETIN
    ]


def to(clock, hour, minute=0):
    """Turns the clock to that time in Vietnam, the next time it comes."""
    now = clock()
    then = now.replace(hour=(hour - 7) % 24, minute=minute, second=0, microsecond=0)
    clock.ahead += (then if then > now else then + timedelta(days=1)) - now


def test_a_bulletin_is_drafted_from_what_is_published_and_stands_at_its_address_once_approved(
    newsroom, slot, publish, look, serving
):
    stories = [publish(f"Tin thứ {n}") for n in range(3)]
    look()
    (bulletin,) = bulletins(newsroom)
    assert bulletin.state is State.MASTERED
    assert bulletin.measured
    assert bulletin.seconds <= slot.max_seconds
    assert {item.episode_id for item in bulletin.items} == {
        story.id for story in stories
    }
    assert serving().rung is Rung.BED
    newsroom.episodes.approve(bulletin.episode_id, "chị Sen", bulletin.version)
    look()
    found = serving()
    assert found.rung is Rung.PLANNED
    assert found.approved_by == "chị Sen"
    # Listeners get it at its hour
    assert newsroom.episodes.get(bulletin.episode_id).state is State.APPROVED


def test_a_bulletin_says_its_own_words_and_takes_its_stories_as_they_were_approved(
    newsroom, slot, publish, look
):
    story = publish("Xã làm đường")
    look()
    (bulletin,) = bulletins(newsroom)
    episode = newsroom.episodes.get(bulletin.episode_id)
    taken = {line.clip for line in episode.sentences if line.story_id == story.id}
    assert taken == {line.clip for line in story.sentences}
    assert episode.rendering.engine_calls <= 8
    assert "Đây là Đài Suối Lành." in [line.written for line in episode.sentences]
    assert [line.chime for line in episode.sentences if line.chime] == [
        "opening",
        "between",
    ]
    app = next(master for master in episode.masters if master.kind == "app")
    assert episode.sentences[-1].end_ms < app.seconds * 1000 - 4000  # the closing chime


def test_without_approval_the_ladder_ends_in_music_and_the_time(
    newsroom, slot, publish, look, serving, clock
):
    publish("Xã làm đường")
    look()
    to(clock, 4, 46)
    look()
    found = serving()
    assert (found.rung, found.approved_by) == (
        Rung.BED,
        "tự động theo quy định của đài",
    )
    assert found.master.seconds > 64
    (late,) = [each for each in bulletins(newsroom) if each.rung is Rung.PLANNED]
    newsroom.episodes.approve(
        late.episode_id, "chị Sen", newsroom.episodes.get(late.episode_id).version
    )
    assert serving().rung is Rung.PLANNED


@pytest.mark.parametrize(("bed_s", "heard_s"), [(100, 200), (250, 0)])
def test_a_stations_own_bed_fits_its_slot(
    newsroom, slot, look, serving, clock, work_all, tmp_path, bed_s, heard_s
):
    """As often as there is room for, and rather not at all than a file that is longer than its
    slot.
    """
    with wave.open(str(tmp_path / "nen.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((pcm(Chime.BED) * 5)[: bed_s * RATE * 2])
    newsroom.recordings.for_chime(
        Sent(tmp_path / "nen.wav", "nen.wav", "", "quản trị"), "suoi-lanh", "bed"
    )
    work_all()
    to(clock, 4, 46)
    look()
    found = serving()
    assert (found.rung, found.approved_by) == (
        Rung.BED,
        "tự động theo quy định của đài",
    )
    spoken = newsroom.episodes.get(found.episode_id).sentences[-1].end_ms / 1000
    assert found.master.seconds - spoken == pytest.approx(heard_s, abs=10)
    assert found.master.seconds <= slot.max_seconds


def test_a_station_may_allow_a_bulletin_that_nobody_heard(
    newsroom, slot, publish, look, serving, clock
):
    newsroom.stations.put(
        replace(
            newsroom.stations.get("suoi-lanh"), slots=(replace(slot, automatic=True),)
        )
    )
    publish("Xã làm đường")
    look()
    to(clock, 4, 46)
    look()
    assert serving().rung is Rung.AUTOMATIC
    assert [item.title for item in serving().items] == ["Xã làm đường"]


def test_a_story_that_is_withdrawn_takes_its_bulletin_off_the_address(
    newsroom, slot, publish, look, serving
):
    story, other = publish("Xã làm đường"), publish("Tiêm phòng")
    look()
    (bulletin,) = bulletins(newsroom)
    newsroom.episodes.approve(
        bulletin.episode_id,
        "chị Sen",
        newsroom.episodes.get(bulletin.episode_id).version,
    )
    assert serving().rung is Rung.PLANNED
    newsroom.episodes.withdraw(story.id, "sai số liệu", "chị Sen")
    assert serving().rung is Rung.BED
    look()
    (bulletin,) = bulletins(newsroom)
    assert [item.episode_id for item in bulletin.items] == [other.id]
    assert bulletin.state is State.MASTERED


def test_a_withdrawn_bulletin_does_not_come_back_unheard(
    newsroom, slot, publish, look, serving
):
    publish("Xã làm đường")
    look()
    (bulletin,) = bulletins(newsroom)
    newsroom.episodes.approve(
        bulletin.episode_id,
        "chị Sen",
        newsroom.episodes.get(bulletin.episode_id).version,
    )
    newsroom.episodes.withdraw(bulletin.episode_id, "đọc sai tên xã", "chị Sen")
    newsroom.episodes.regenerate(bulletin.episode_id, "chị Sen")
    assert serving().rung is Rung.BED
    look()
    assert serving().rung is Rung.BED
    newsroom.episodes.approve(
        bulletin.episode_id,
        "chị Sen",
        newsroom.episodes.get(bulletin.episode_id).version,
    )
    assert serving().version == 3


def test_a_bulletin_that_came_out_too_long_loses_stories(
    newsroom, slot, hand_in, publish, look, clock
):
    newsroom.stations.put(
        replace(
            newsroom.stations.get("suoi-lanh"),
            slots=(replace(slot, max_seconds=120, chimes=True),),
        )
    )
    for n in range(6):
        publish(f"Tin số {n}")
    look()
    (bulletin,) = bulletins(newsroom)
    assert bulletin.measured
    assert bulletin.seconds <= 120


def test_what_was_not_attended_is_missed_and_never_doubled(
    newsroom, slot, publish, look, clock
):
    publish("Xã làm đường")
    look()
    look()
    assert len(bulletins(newsroom)) == 1
    to(clock, 6)
    look()
    assert [each.state for each in bulletins(newsroom)][-1] is State.WITHDRAWN
