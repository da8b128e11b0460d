# ruff: noqa: F811  (fixtures of other tests are named here as parameters)
"""What becomes of an hour when its stories do not stay: withdrawn, put right, planned elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.actions.bulletins import arrange
from service.actions.reading_again import read_again
from service.bulletin import Words
from service.newsroom.errors import Conflict
from service.newsroom.values import (
    NewArticle,
    NewWarning,
    Rung,
    Slot,
    State,
    Station,
)
from tests.workers.test_schedule import (  # noqa: F401 - fixtures
    bulletins,
    look,
    serving,
    slot,
    to,
)
from workers.schedule import Schedule

WHY = "sai số liệu"
NEXT = timedelta(minutes=1)


@pytest.fixture
def rules(newsroom, slot):
    """Gives the station's slot other rules."""

    def rules(*slots, **more):
        station = newsroom.stations.get("suoi-lanh")
        slots = slots or (replace(slot, **more),)
        newsroom.stations.put(replace(station, slots=slots))

    return rules


@pytest.fixture
def approve(newsroom):
    """Somebody lets the newest version of an episode on the air."""

    def approve(number):
        version = newsroom.episodes.get(number).version
        newsroom.episodes.approve(number, "chị Sen", version)

    return approve


@pytest.fixture
def put_right(newsroom, approve, work_all):
    """A story that was withdrawn is corrected and published again."""

    def put_right(story):
        newsroom.episodes.regenerate(story.id, "lan")
        work_all()
        approve(story.id)
        work_all()

    return put_right


def on_rung(newsroom, rung):
    (bulletin,) = [each for each in bulletins(newsroom) if each.rung is rung]
    return bulletin


def titles(serving):
    return [item.title for item in serving().items]


def test_a_withdrawn_sound_does_not_come_back_when_its_story_is_put_right(
    newsroom, slot, publish, look, serving, approve, put_right
):
    story, _ = publish("Xã làm đường"), publish("Tiêm phòng")
    look()
    (bulletin,) = bulletins(newsroom)
    approve(bulletin.episode_id)
    newsroom.episodes.withdraw(story.id, WHY, "chị Sen")
    look()
    put_right(story)
    assert serving().rung is Rung.BED
    look()
    assert serving().rung is Rung.BED
    # What takes its place has the story as it is now.
    approve(bulletin.episode_id)
    assert serving().version > 1
    assert {
        item.version for item in serving().items if item.episode_id == story.id
    } <= {3}


@pytest.mark.parametrize("arranged", [False, True])
def test_a_draft_that_lost_all_its_stories_is_drafted_again(
    newsroom, slot, publish, look, serving, approve, arranged
):
    story = publish("Xã làm đường")
    look()
    (bulletin,) = bulletins(newsroom)
    if arranged:
        words = Words("", "Xin chào bà con.", "")
        arrange(newsroom, bulletin, [story.id], words, "lan")
    newsroom.episodes.withdraw(story.id, WHY, "chị Sen")
    look()
    assert on_rung(newsroom, Rung.PLANNED).state is State.WITHDRAWN
    publish("Tiêm phòng")
    look()
    (waiting,) = newsroom.bulletins.waiting(newsroom.now() + timedelta(hours=12))
    assert [item.title for item in waiting.items] == ["Tiêm phòng"]
    approve(bulletin.episode_id)
    assert titles(serving) == ["Tiêm phòng"]


def test_a_draft_that_lost_all_its_stories_shortly_before_its_hour_takes_what_there_is(
    newsroom, slot, publish, look, clock
):
    story = publish("Xã làm đường")
    look()
    to(clock, 4, 10)
    newsroom.episodes.withdraw(story.id, WHY, "chị Sen")
    publish("Tiêm phòng")
    look()
    planned = on_rung(newsroom, Rung.PLANNED)
    assert [item.title for item in planned.items] == ["Tiêm phòng"]
    assert planned.state is State.MASTERED


def test_what_a_person_took_off_the_clock_does_not_bring_back(
    newsroom, slot, publish, look
):
    publish("Xã làm đường")
    look()
    (bulletin,) = bulletins(newsroom)
    newsroom.episodes.withdraw(bulletin.episode_id, "không phát tối nay", "chị Sen")
    publish("Tiêm phòng")
    look()
    assert on_rung(newsroom, Rung.PLANNED).state is State.WITHDRAWN


def test_where_nothing_is_left_of_the_plan_the_machine_takes_what_there_is(
    newsroom, rules, publish, look, serving, clock
):
    rules(automatic=True)
    story = publish("Xã làm đường")
    look()
    planned = on_rung(newsroom, Rung.PLANNED)
    # An editor had a hand in it, and somebody took it off.
    arrange(newsroom, planned, [story.id], Words("", "Xin chào.", ""), "lan")
    newsroom.episodes.withdraw(planned.episode_id, "không phát", "chị Sen")
    newsroom.episodes.withdraw(story.id, WHY, "chị Sen")
    publish("Tiêm phòng")
    to(clock, 4, 46)
    look()
    assert (serving().rung, titles(serving)) == (Rung.AUTOMATIC, ["Tiêm phòng"])


@pytest.mark.parametrize("minute", [50, 2])
def test_a_rung_that_lost_a_story_is_made_without_it(
    newsroom, rules, publish, look, serving, clock, minute
):
    """Also when the public has it already."""
    rules(automatic=True)
    story, _ = publish("Xã làm đường"), publish("Tiêm phòng")
    to(clock, 4, 46)
    look()
    assert (serving().rung, len(titles(serving))) == (Rung.AUTOMATIC, 2)
    to(clock, 4 if minute == 50 else 5, minute)
    look()
    newsroom.episodes.withdraw(story.id, WHY, "chị Sen")
    assert serving().rung is Rung.BED
    look()
    assert (serving().rung, titles(serving)) == (Rung.AUTOMATIC, ["Tiêm phòng"])
    assert serving().approved_by == "tự động theo quy định của đài"


def test_a_rung_that_lost_all_lets_the_next_one_pass(
    newsroom, rules, publish, look, serving, clock
):
    rules(automatic=True)
    story = publish("Xã làm đường")
    to(clock, 4, 46)
    look()
    newsroom.episodes.withdraw(story.id, WHY, "chị Sen")
    look()
    look()
    assert (serving().rung, titles(serving)) == (Rung.BED, [])
    assert serving().episode_id  # music and the time, no bare file of the package


def test_a_rung_that_waits_for_a_person_keeps_none_below_it(
    newsroom, rules, publish, look, serving, clock, approve, work_all
):
    rules(automatic=True)
    publish("Xã làm đường")
    to(clock, 4, 46)
    look()
    number = serving().episode_id
    newsroom.episodes.withdraw(number, "đọc sai", "chị Sen")
    read_again(newsroom, number, "lan")
    work_all()
    look()
    assert (serving().rung, bool(serving().episode_id)) == (Rung.BED, True)
    approve(number)
    assert (serving().rung, serving().episode_id) == (Rung.AUTOMATIC, number)


def test_the_bulletin_before_is_said_again_without_what_it_lost(
    newsroom, rules, publish, look, serving, clock, approve
):
    rules(previous=True)
    story, _ = publish("Xã làm đường"), publish("Tiêm phòng")
    look()
    approve(on_rung(newsroom, Rung.PLANNED).episode_id)
    to(clock, 5, 1)
    look()
    newsroom.episodes.withdraw(story.id, WHY, "chị Sen")
    to(clock, 4, 46)
    look()
    assert (serving().rung, titles(serving)) == (Rung.PREVIOUS, ["Tiêm phòng"])


def test_a_story_from_elsewhere_leaves_a_plan_too(
    newsroom, slot, publish, look, approve, work_all
):
    """An editor took it in; no feed that the slot goes by has it."""
    publish("Xã làm đường")
    look()
    planned = on_rung(newsroom, Rung.PLANNED)
    newsroom.stations.put(Station("khac", "Đài Khác"))
    article = NewArticle("Tin xã bạn", ("Trời nắng đẹp.",), "k", ("khac",))
    far = newsroom.articles.receive(article, "test").episode_id
    work_all()
    approve(far)
    work_all()
    order = [far, planned.items[0].episode_id]
    arrange(newsroom, planned, order, Words("", "", ""), "lan")
    look()
    newsroom.episodes.withdraw(far, WHY, "chị Sen")
    look()
    planned = on_rung(newsroom, Rung.PLANNED)
    assert [item.title for item in planned.items] == ["Xã làm đường"]


def test_an_editor_who_saves_while_the_clock_plans_keeps_the_order(
    newsroom, slot, publish, look, clock
):
    first, second = publish("Xã làm đường"), publish("Tiêm phòng")
    look()
    (bulletin,) = bulletins(newsroom)
    publish("Mưa lớn")
    order = [first.id, second.id]
    saved = []

    class Meddling:
        """The clock's newsroom; an editor saves while the clock looks for stories."""

        def __init__(self, room):
            self.room = room

        def __getattr__(self, name):
            return getattr(self.room, name)

        def stock(self, *args, **more):
            if not saved:
                saved.append(True)
                arrange(newsroom, bulletin, order, Words("", "Xin chào.", ""), "lan")
            return self.room.stock(*args, **more)

    class House:
        """The newsroom as the clock has it."""

        bulletins = Meddling(newsroom.bulletins)

        def __getattr__(self, name):
            return getattr(newsroom, name)

    clock.ahead += NEXT
    Schedule(House()).look()
    assert saved
    after = newsroom.bulletins.get(bulletin.episode_id)
    assert ([item.episode_id for item in after.items], after.greeting) == (
        order,
        "Xin chào.",
    )
    look()
    after = newsroom.bulletins.get(bulletin.episode_id)
    assert [item.episode_id for item in after.items] == order


def test_below_a_warning_the_ladder_is_gone_down_and_told_of(
    newsroom, rules, publish, look, serving, clock, work_all
):
    rules(automatic=True)
    publish("Xã làm đường")
    to(clock, 4, 40)
    article = NewArticle("Lũ quét", ("Lên chỗ cao ngay.",), "w", ("suoi-lanh",))
    warning = NewWarning(newsroom.now() + timedelta(minutes=19), approved_by="chị Chi")
    newsroom.urgent.receive(article, warning, "tone", "chị Chi")
    work_all()
    to(clock, 4, 46)
    look()
    assert serving().rung is Rung.URGENT
    (notice,) = newsroom.notices.unseen()
    assert notice.rung is Rung.AUTOMATIC
    to(clock, 5)
    assert (serving().rung, titles(serving)) == (Rung.AUTOMATIC, ["Xã làm đường"])


def test_a_draft_follows_what_becomes_of_the_hours_before_it(
    newsroom, rules, publish, look, clock
):
    morning = Slot("05:00", 300, plan_minutes=24 * 60, repeats=0)
    rules(morning, replace(morning, at="17:00"))
    story = publish("Xã làm đường")
    look()
    (five,) = bulletins(newsroom)
    assert five.airing.at == "05:00"
    other = publish("Tiêm phòng")
    look()
    assert [item.episode_id for item in on_hour(newsroom, "05:00").items] == [
        other.id,
        story.id,
    ]
    # An editor takes one out: nothing is published by that.
    arrange(newsroom, on_hour(newsroom, "05:00"), [other.id], Words("", "", ""), "lan")
    look()
    assert [item.episode_id for item in on_hour(newsroom, "17:00").items] == [story.id]
    # Nobody approves the morning's: what it would have said is unheard.
    to(clock, 5, 6)
    look()
    look()
    assert {item.episode_id for item in on_hour(newsroom, "17:00").items} == {
        story.id,
        other.id,
    }


def on_hour(newsroom, at):
    (bulletin,) = [
        each
        for each in bulletins(newsroom)
        if each.airing.at == at and each.rung is Rung.PLANNED
    ]
    return bulletin


def test_what_reads_a_withdrawn_story_is_not_approved(
    newsroom, slot, publish, look, approve
):
    story, _ = publish("Xã làm đường"), publish("Tiêm phòng")
    look()
    (bulletin,) = bulletins(newsroom)
    newsroom.episodes.withdraw(story.id, WHY, "chị Sen")
    with pytest.raises(Conflict) as refused:
        approve(bulletin.episode_id)
    assert refused.value.field == "stories"
    assert "tin đã gỡ" in refused.value.message_vi


def test_the_desk_is_told_when_what_was_approved_lost_a_story(
    newsroom, slot, publish, look, approve
):
    story, _ = publish("Xã làm đường"), publish("Tiêm phòng")
    look()
    (bulletin,) = bulletins(newsroom)
    approve(bulletin.episode_id)
    soon = newsroom.now() + timedelta(hours=12)
    assert newsroom.bulletins.waiting(soon) == []
    newsroom.episodes.withdraw(story.id, WHY, "chị Sen")
    look()
    assert [each.version for each in newsroom.bulletins.waiting(soon)] == [2]
