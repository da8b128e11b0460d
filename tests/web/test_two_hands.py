"""Warnings for many stations: two approve them, or one who gives the password again."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from service.newsroom import ALONE
from service.newsroom.airtime.warnings import Urgents
from service.newsroom.stories.episodes import Episodes
from service.newsroom.values import Event, Role, Station
from service.newsroom.values.grants import Group
from service.settings import Settings
from tests.house import PASSWORD, Browser

MANY = ("xa-an", "xa-binh", "xa-chau")
FOURTH = "xa-dong"
WORDS = {
    "title": "Lũ quét",
    "body": "Bà con lên chỗ cao ngay.",
    "minutes": 60,
    "times": 1,
}


@pytest.fixture
def newsroom(newsroom):
    """Where one may warn two stations alone."""
    for slug in (*MANY, FOURTH):
        newsroom.stations.put(Station(slug, f"Đài {slug}"))
    given = (newsroom.database, newsroom.now, 2)
    return replace(newsroom, episodes=Episodes(*given), urgent=Urgents(*given))


@pytest.fixture
def waiting(call, work_all):
    """The number of a warning for so many stations that is read and waits for approval."""

    def warn(stations=MANY, **more):
        sent = WORDS | {"stations": list(stations)} | more
        answer = call("POST", "/urgent", sent, role=Role.EDITOR)
        work_all()
        return int(answer.json["urgent"][0]["episode"].rpartition("/")[2])

    return warn


@pytest.fixture
def approver(app, newsroom, clock):
    """Approvers who logged in some time ago: what they do shows nothing of who sits there now."""

    def come(*names):
        browsers = []
        for name in names:
            newsroom.people.add(name, PASSWORD, Role.APPROVER)
            browsers.append(Browser(app, name))
        clock.ahead += timedelta(minutes=11)
        return browsers

    return come


def approve(browser, number, version=1):
    page = f"/desk/episodes/{number}"
    return browser.send(f"{page}/approve", page, version=version)


def is_in_force(newsroom, work_all, number):
    work_all()
    return newsroom.urgent.get(number).in_force


def test_the_second_of_two_lets_it_on_the_air(approver, waiting, newsroom, work_all):
    number = waiting()
    lan, sen = approver("lan", "sen")
    page = approve(lan, number)
    assert "chờ người thứ hai" in page.text
    assert "đã duyệt, chờ người thứ hai" in sen.get("/desk/urgent").text
    approve(lan, number)
    assert not is_in_force(newsroom, work_all, number), "one person twice is one"
    approve(sen, number)
    assert is_in_force(newsroom, work_all, number)
    (first,) = newsroom.log.lines(events=(Event.APPROVED_FIRST,))
    assert (first.who, first.detail, first.version) == ("lan", "3 đài", 1)
    (second,) = newsroom.log.lines(events=(Event.APPROVED,))
    assert second.who == "sen"


def test_one_who_gives_the_password_again_is_enough(
    approver, waiting, newsroom, work_all
):
    number = waiting()
    (lan,) = approver("lan")
    page = approve(lan, number).text
    address = f"/desk/again?next=/desk/episodes/{number}"
    assert address in page
    wrong = lan.post("/desk/again", address, password="sai", next="/desk")
    assert wrong.status_code == 422
    approve(lan, number)
    assert not is_in_force(newsroom, work_all, number)
    lan.post("/desk/again", address, password=PASSWORD, next="/desk")
    approve(lan, number)
    assert is_in_force(newsroom, work_all, number)


def test_as_many_as_one_may_warn_alone_need_no_second(
    approver, waiting, newsroom, work_all
):
    number = waiting(MANY[:2])
    (lan,) = approver("lan")
    approve(lan, number)
    assert is_in_force(newsroom, work_all, number)


def test_what_was_approved_first_is_one_version(approver, waiting, newsroom, work_all):
    number = waiting()
    lan, sen = approver("lan", "sen")
    approve(lan, number)
    newsroom.episodes.say_otherwise(number, 1, "Bà con xuống ruộng ngay.", "ai đó")
    work_all()
    approve(sen, number, version=2)
    assert not is_in_force(newsroom, work_all, number)
    assert newsroom.urgent.get(number).first_by == "sen"
    approve(lan, number, version=2)
    assert is_in_force(newsroom, work_all, number)


def test_many_small_warnings_by_one_hand_are_a_large_one(
    approver, waiting, newsroom, work_all, clock
):
    one, two = waiting(MANY[:2]), waiting(MANY[2:], title="Lũ quét nữa")
    lan, sen = approver("lan", "sen")
    approve(lan, one)
    approve(lan, two)
    assert is_in_force(newsroom, work_all, one)
    assert not is_in_force(newsroom, work_all, two)
    approve(sen, two)
    assert is_in_force(newsroom, work_all, two)


def let_out(approve_each, numbers, newsroom):
    """Those of the warnings that are on the air, or will be once read, after these approvals."""
    for number in numbers:
        approve_each(number)
    return [number for number in numbers if newsroom.urgent.get(number).approved_by]


def end(newsroom, number, clock):
    newsroom.urgent.end(number, "nhầm", "ai đó")


def let_expire(newsroom, number, clock):
    clock.ahead += timedelta(minutes=21)


@pytest.mark.parametrize("be_over", [end, let_expire])
def test_what_one_hand_let_out_counts_when_it_is_over(
    be_over, approver, waiting, newsroom, clock
):
    """A decoy that has another noted as the first of two, and is gone, leaves no way for it."""
    decoy, other = waiting(MANY[:2], minutes=20), waiting(MANY[2:], title="Lũ nữa")
    lan, sen = approver("lan", "sen")
    by_lan = partial(approve, lan)
    assert let_out(by_lan, [decoy, other], newsroom) == [decoy]
    be_over(newsroom, decoy, clock)
    assert let_out(by_lan, [other], newsroom) == [], "the first of two is still one"
    assert let_out(partial(approve, sen), [other], newsroom) == [other]


def test_what_two_let_out_is_put_to_nobody_s_account(
    approver, waiting, newsroom, clock
):
    large, small = waiting(), waiting((FOURTH,), title="Lũ ở xã Đông")
    lan, sen = approver("lan", "sen")
    assert let_out(partial(approve, lan), [large], newsroom) == []
    assert let_out(partial(approve, sen), [large, small], newsroom)[1:] == [small]
    other = waiting(("xa-an",), title="Lũ ở xã An")
    assert let_out(partial(approve, sen), [other], newsroom) == [other]


def test_what_was_noted_first_counts_once_one_hand_lets_it_out(
    approver, waiting, newsroom, clock
):
    first = waiting(MANY[:2], minutes=600)
    noted = waiting(MANY[2:], title="Lũ nữa", minutes=600)
    third = waiting(("xa-an", FOURTH), title="Lũ lần ba", minutes=600)
    (lan,) = approver("lan")
    by_lan = partial(approve, lan)
    assert let_out(by_lan, [first, noted], newsroom) == [first]
    clock.ahead += timedelta(minutes=50)
    lan.login("lan")
    clock.ahead += timedelta(minutes=11)
    assert let_out(by_lan, [noted, third], newsroom) == [noted]


def test_a_program_that_cancels_what_it_sends_counts_all_of_it(
    call, newsroom, work_all
):
    """Beforehand as well: nothing of it need be read, and sending it again changes nothing."""
    newsroom.groups.put(Group("huyen", "Huyện", stations=MANY[:2]))

    def send(place):
        sent = WORDS | {"stations": [place], "title": f"Lũ ở {place}", "approve": True}
        answer = call("POST", "/urgent", sent, role=Role.APPROVER)
        return newsroom.urgent.get(
            int(answer.json["urgent"][0]["episode"].rpartition("/")[2])
        )

    decoy = send("group:huyen")
    assert decoy.approved_by
    newsroom.urgent.end(decoy.episode_id, "nhầm", "ai đó")
    assert not send("xa-chau").approved_by
    assert not send("xa-chau").approved_by, "the same key twice is one"
    assert send("group:huyen").approved_by, "the same stations again are no more"


def test_a_program_s_approval_beforehand_is_the_first_of_two(
    approver, call, newsroom, work_all
):
    sent = WORDS | {"stations": list(MANY), "approve": True}
    answer = call("POST", "/urgent", sent, role=Role.APPROVER).json["urgent"][0]
    assert (answer["approved_by"], answer["waits"]) == ("", True)
    assert answer["first_approved_by"] == "key approver"
    number = int(answer["episode"].rpartition("/")[2])
    call("POST", "/urgent", sent, role=Role.APPROVER)
    assert not is_in_force(newsroom, work_all, number)
    refused = call(
        "POST", f"/episodes/{number}/approve", {"version": 1}, role=Role.APPROVER
    )
    assert refused.status_code == 409
    assert "another approver" in refused.text
    many = call(
        "POST", "/episodes/approve", {"episodes": [{"id": number, "version": 1}]}
    )
    assert many.json["episodes"][0]["approved"], "another key is another"
    assert is_in_force(newsroom, work_all, number)


def test_a_second_sender_of_the_same_words_is_the_second_hand(call, newsroom, work_all):
    sent = WORDS | {"stations": list(MANY), "approve": True}
    call("POST", "/urgent", sent, role=Role.APPROVER)
    answer = call("POST", "/urgent", sent, role=Role.ADMIN).json["urgent"][0]
    number = int(answer["episode"].rpartition("/")[2])
    assert is_in_force(newsroom, work_all, number)


def test_at_the_form_too_and_many_at_once(approver, newsroom, work_all):
    lan, sen = approver("lan", "sen")
    form = WORDS | {"stations": "all", "approve": "1"}
    page = lan.send("/desk/urgent", "/desk/urgent", **form)
    assert "cần người thứ hai cùng duyệt" in page.text
    work_all()
    (warning,) = newsroom.urgent.all()
    ticked = f"{warning.episode_id}.1"
    for browser, done in ((lan, "xong 0 bài, 1 bài chưa được"), (sen, "xong 1 bài")):
        answer = browser.post("/desk/bulk/do", "/desk", move="approve", episodes=ticked)
        assert done in answer.text
    assert is_in_force(newsroom, work_all, warning.episode_id)


def test_a_house_that_says_nothing_has_the_rule_for_many():
    assert Settings().warning_alone == ALONE == 20
