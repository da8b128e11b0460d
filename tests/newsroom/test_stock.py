"""The stock: which stories may go into a slot's bulletin, and when they were heard."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.actions.planning import draft as drafted
from service.newsroom.values import Rung, Station
from tests.newsroom.conftest import SLOT


@pytest.fixture
def titles(newsroom, airing):
    """The titles in stock for the airing, by the slot's rules."""

    def titles(*, evergreen=False, **rules):
        slot = replace(SLOT, **rules)
        offers = newsroom.bulletins.stock(
            "suoi-lanh", slot, airing.air_at, evergreen=evergreen
        )
        return [offer.title for offer in offers]

    return titles


def test_the_newest_story_is_first(titles, press):
    press.publish("Một")
    press.publish("Hai")
    assert titles() == ["Hai", "Một"]


def test_what_nobody_approved_is_not_in_stock(titles, press):
    press.receive("Chưa duyệt")
    press.work()
    assert titles() == []


def test_stories_of_another_station_only_where_it_is_a_source(titles, newsroom, press):
    newsroom.stations.put(Station("ban-mo", "Đài Bản Mồ"))
    press.publish("Tin bản", stations=("ban-mo",))
    assert titles() == []
    assert titles(sources=("ban-mo",)) == ["Tin bản"]


def test_other_topics_stay_out(titles, press):
    press.publish("Lúa", topic="Nông nghiệp")
    press.publish("Tiêm", topic="Y tế")
    assert titles(topics=("y-te",)) == ["Tiêm"]


def test_what_is_older_than_the_slot_allows_stays_out(titles, press, clock):
    clock.ahead = -timedelta(days=5)
    press.publish("Cũ")
    clock.ahead = timedelta(0)
    assert titles(max_age_days=3) == []
    assert titles(max_age_days=7) == ["Cũ"]


def test_notices_that_are_never_old_are_a_stock_of_their_own(titles, press):
    press.publish("Giờ tiếp dân", evergreen=True)
    press.publish("Tin")
    assert titles() == ["Tin"]
    assert titles(evergreen=True) == ["Giờ tiếp dân"]


def test_what_was_withdrawn_leaves_the_stock(titles, newsroom, press):
    story = press.publish("Sai")
    newsroom.episodes.withdraw(story.id, "sai", "chị Sen")
    assert titles() == []


def test_a_story_tells_when_it_was_planned_for_an_hour_before(
    newsroom, publish, draft, airing
):
    publish("Tin")
    draft()
    later = airing.air_at + timedelta(days=1)
    (offer,) = newsroom.bulletins.stock("suoi-lanh", SLOT, later)
    assert offer.last_aired == airing.day


@pytest.fixture
def plan(newsroom, airing):
    """A plan for the airing that reads these stories alone."""

    def plan(*titles):
        station = newsroom.stations.get("suoi-lanh")
        stock = newsroom.bulletins.stock("suoi-lanh", SLOT, airing.air_at)
        offers = [offer for offer in stock if offer.title in titles]
        return drafted(station, SLOT, airing.day, offers)

    return plan


@pytest.fixture
def heard(newsroom, airing, clock):
    """Which stories count as heard a day after the airing, once its hour is over."""

    def heard():
        clock.ahead += airing.ends_at - clock()
        later = airing.air_at + timedelta(days=1)
        offers = newsroom.bulletins.stock("suoi-lanh", SLOT, later)
        return {offer.title for offer in offers if offer.last_aired}

    return heard


def test_a_story_that_was_taken_out_before_the_hour_was_not_heard(
    newsroom, publish, airing, plan, approve, heard, work_all
):
    publish("Bỏ ra")
    publish("Ở lại")
    before, after = plan("Bỏ ra", "Ở lại"), plan("Ở lại")
    number = newsroom.bulletins.open(airing.id, Rung.PLANNED, before, "lan")
    work_all()
    approve(number)
    newsroom.bulletins.revise(number, after, "lan")
    work_all()
    approve(number)
    assert heard() == {"Ở lại"}


def test_what_a_better_rung_took_the_place_of_was_not_heard(
    newsroom, publish, airing, plan, approve, heard, work_all
):
    for rung, title in ((Rung.AUTOMATIC, "Máy soạn"), (Rung.PLANNED, "Người soạn")):
        publish(title)
        number = newsroom.bulletins.open(airing.id, rung, plan(title), "lan")
        work_all()
        approve(number)
    assert heard() == {"Người soạn"}


@pytest.mark.parametrize("seconds", [1, 3000])
def test_stock_and_log_agree_on_what_was_withdrawn_in_its_hour(
    newsroom, publish, airing, plan, approve, heard, work_all, clock, seconds
):
    """What had been heard to its end was broadcast; what was cut short was not."""
    wrong = publish("Sai số liệu")
    publish("Tin khác")
    both = plan("Sai số liệu", "Tin khác")
    number = newsroom.bulletins.open(airing.id, Rung.PLANNED, both, "lan")
    work_all()
    approve(number)
    clock.ahead += airing.air_at - clock() + timedelta(seconds=seconds)
    newsroom.episodes.withdraw(wrong.id, "sai", "chị Sen")
    was_whole = seconds > 1
    assert heard() == ({"Tin khác"} if was_whole else set())
    (aired,) = newsroom.airlog.record("suoi-lanh", airing.air_at, airing.ends_at)
    assert aired.rung is (Rung.PLANNED if was_whole else Rung.BED)
