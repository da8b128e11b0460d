"""A warning's way: ahead of everything, after the tone, on every slot of its stations until it
ends.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.bulletin import span
from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.values import (
    Lane,
    NewArticle,
    NewWarning,
    Rung,
    Slot,
    State,
    Station,
    Step,
)

SLOTS = (Slot("05:00", 300), Slot("17:00", 300))
VOICE = "tone"


@pytest.fixture(autouse=True)
def stations(newsroom):
    for slug, name in (("suoi-lanh", "Đài Suối Lành"), ("ban-lau", "Đài Bản Lầu")):
        newsroom.stations.put(Station(slug, name, approval="required", slots=SLOTS))


@pytest.fixture
def warn(newsroom):
    def warn(
        title="Lũ quét", *, stations=("suoi-lanh",), minutes=60, who="chị Sen", **more
    ):
        article = NewArticle(
            title,
            ("Nước suối đang lên.", "Bà con lên chỗ cao."),
            f"digest {title}",
            stations,
        )
        warning = NewWarning(newsroom.now() + timedelta(minutes=minutes), **more)
        return newsroom.urgent.receive(article, warning, VOICE, who)

    return warn


@pytest.fixture
def serving(newsroom, clock):
    def serving(station="suoi-lanh", slot=SLOTS[0]):
        hour = span(slot.at, slot.weekdays, slot.max_seconds, clock())
        return newsroom.bulletins.serving(station, slot, hour.day, hour.air_at)

    return serving


def test_a_warning_approved_beforehand_is_on_every_slot_of_its_stations_as_soon_as_it_is_read(
    newsroom, warn, work_all, serving
):
    newsroom.stations.put(Station("khac", "Đài khác", slots=SLOTS))
    number = warn(stations=("suoi-lanh", "ban-lau"), approved_by="anh Nam").episode_id
    work_all()
    for station in ("suoi-lanh", "ban-lau"):
        for slot in SLOTS:
            found = serving(station, slot)
            assert (found.rung, found.episode_id, found.approved_by) == (
                Rung.URGENT,
                number,
                "anh Nam",
            )
            assert found.master.kind == "speaker"
    assert serving("khac").rung is Rung.BED
    assert newsroom.episodes.get(number).state is State.PUBLISHED
    assert newsroom.notices.unseen() == []


def test_it_is_read_so_many_times_after_the_tone_each_time_and_spoken_once(
    newsroom, warn, work_all
):
    newsroom.stations.put(
        replace(
            newsroom.stations.get("suoi-lanh"), disclosure_spoken="Bản tin do máy đọc."
        )
    )
    number = warn(times=3, approved_by="anh Nam").episode_id
    work_all()
    episode = newsroom.episodes.get(number)
    once = ["Lũ quét", "Nước suối đang lên.", "Bà con lên chỗ cao."]
    assert [line.written for line in episode.sentences] == [
        *(once * 3),
        "Bản tin do máy đọc.",
    ]
    assert [line.chime for line in episode.sentences] == [*(["alert", "", ""] * 3), ""]
    assert episode.rendering.engine_calls == 4
    assert episode.rendering.voice == VOICE
    tones = [line.start_ms for line in episode.sentences if line.chime]
    assert tones[0] > 2_000  # the tone comes first
    gap = episode.sentences[3].start_ms - episode.sentences[2].end_ms
    assert gap > 2_000  # and again before each repetition


def test_it_overtakes_whatever_waits(newsroom, warn, hand_in):
    for n in range(5):
        hand_in(f"Tin {n}")
    number = warn(approved_by="anh Nam").episode_id
    for lanes in ((Lane.FAST,), (Lane.SLOW, Lane.FAST)):
        job = newsroom.jobs.claim("test", lanes)
        assert (job.step, job.episode_id) == (Step.WRITE, number)
        newsroom.jobs.release(job)
    assert newsroom.jobs.claim("test", (Lane.FAST,)).episode_id == number


def test_without_approval_it_waits_and_people_on_duty_are_told_once(
    newsroom, warn, work_all, serving
):
    newsroom.stations.put(
        replace(
            newsroom.stations.get("suoi-lanh"),
            approval="trusted",
            duty=("sen@xa.example",),
        )
    )
    newsroom.stations.put(
        replace(
            newsroom.stations.get("ban-lau"), duty=("sen@xa.example", "nam@xa.example")
        )
    )
    number = warn(stations=("suoi-lanh", "ban-lau")).episode_id
    work_all()
    assert newsroom.episodes.get(number).state is State.MASTERED
    assert serving().rung is Rung.BED
    (notice,) = newsroom.notices.unseen()
    assert (notice.episode_id, notice.untold) == (
        number,
        ("sen@xa.example", "nam@xa.example"),
    )
    assert newsroom.urgent.get(number).waits
    newsroom.episodes.approve(number, "anh Nam", newsroom.episodes.get(number).version)
    assert serving().rung is Rung.URGENT
    assert not newsroom.urgent.get(number).waits


def test_it_expires_by_itself_and_is_never_approved_after(
    newsroom, warn, work_all, serving, clock
):
    aired, late = (
        warn("Bão", approved_by="anh Nam", minutes=30).episode_id,
        warn("Lốc", approved_by="anh Nam").episode_id,
    )
    work_all(most=4)
    clock.ahead += timedelta(minutes=90)
    work_all()
    assert serving().rung is Rung.BED
    assert newsroom.urgent.get(aired).expired
    assert newsroom.episodes.get(late).state is State.MASTERED
    with pytest.raises(Conflict):
        newsroom.episodes.approve(late, "anh Nam", newsroom.episodes.get(late).version)
    assert newsroom.urgent.all(live=True) == []


def test_it_is_ended_early_and_does_not_come_back_unheard(
    newsroom, warn, work_all, serving
):
    number = warn(approved_by="anh Nam").episode_id
    work_all()
    with pytest.raises(Invalid):
        newsroom.urgent.end(number, " ", "anh Nam")
    newsroom.urgent.end(number, "Nước đã rút.", "anh Nam")
    assert serving().rung is Rung.BED
    assert newsroom.urgent.get(number).ended_why == "Nước đã rút."
    newsroom.episodes.regenerate(number, "anh Nam")
    work_all()
    assert serving().rung is Rung.BED


def test_what_was_changed_after_it_was_approved_beforehand_must_be_heard(
    newsroom, warn, work_all, serving
):
    number = warn(approved_by="anh Nam").episode_id
    work_all(most=1)
    newsroom.episodes.say_otherwise(number, 1, "lũ lớn", "chị Sen")
    work_all()
    assert newsroom.episodes.get(number).state is State.MASTERED
    assert serving().rung is Rung.BED


def test_of_several_the_gravest_is_heard_and_all_are_listed(
    newsroom, warn, work_all, serving
):
    grave = warn("Bão", approved_by="anh Nam", severity="Extreme").episode_id
    old = warn("Lốc", approved_by="anh Nam").episode_id
    new = warn("Mưa đá", approved_by="anh Nam").episode_id
    work_all()
    assert [item.episode_id for item in serving().items] == [grave, new, old]
    assert serving().episode_id == grave
    newsroom.urgent.end(grave, "Bão đã tan.", "anh Nam")
    assert serving().episode_id == new


def test_the_same_warning_twice_is_one_and_its_second_copy_may_approve_it(
    newsroom, warn, work_all, serving
):
    first = warn()
    work_all()
    again = warn(approved_by="anh Nam")
    assert (again.news, again.episode_id) == ("unchanged", first.episode_id)
    assert serving().approved_by == "anh Nam"
    assert warn(stations=("ban-lau",)).episode_id != first.episode_id
    newsroom.urgent.end(first.episode_id, "Nước đã rút.", "anh Nam")
    assert warn().episode_id != first.episode_id


def test_an_update_takes_the_place_of_what_it_names_once_it_is_approved(
    newsroom, warn, work_all, serving
):
    old = warn("Bão cấp 8", approved_by="anh Nam", cap_id="a,1,t").episode_id
    assert warn("Bão cấp 8", cap_id="a,1,t").episode_id == old
    work_all()
    new = warn("Bão cấp 10", cap_id="a,2,t", references=("a,1,t",)).episode_id
    work_all()
    assert serving().episode_id == old
    newsroom.episodes.approve(new, "anh Nam", newsroom.episodes.get(new).version)
    assert [item.episode_id for item in serving().items] == [new]
    assert newsroom.episodes.get(old).state is State.WITHDRAWN


def test_a_cancel_ends_what_it_names_and_what_replaced_that(
    newsroom, warn, work_all, serving
):
    old = warn("Bão cấp 8", approved_by="anh Nam", cap_id="a,1,t").episode_id
    new = warn(
        "Bão cấp 10", approved_by="anh Nam", cap_id="a,2,t", references=("a,1,t",)
    ).episode_id
    work_all()
    assert newsroom.urgent.cancel(["a,1,t"], "anh Nam") == [old, new]
    assert serving().rung is Rung.BED
    assert newsroom.urgent.cancel(["a,1,t"], "anh Nam") == [old, new]
    with pytest.raises(NotFound):
        newsroom.urgent.cancel(["b,1,t"], "anh Nam")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"minutes": -1}, "expires_at"),
        ({"minutes": 8 * 24 * 60}, "expires_at"),
        ({"times": 0}, "times"),
    ],
)
def test_rules_are_told_by_field_and_leave_nothing_behind(newsroom, warn, more, field):
    with pytest.raises(Invalid) as refused:
        warn(**more)
    assert refused.value.field == field
    assert newsroom.urgent.all() == []
    assert newsroom.episodes.cards()[1] == 0
