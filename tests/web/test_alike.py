"""Bulletins that are approved together say the same: who heard one of them heard them all."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from service.actions.bulletins import open_bulletin
from service.newsroom.values import Grant, Role, Slot, Station, Term
from tests.house import PASSWORD, Browser
from tests.web.test_questions import asked_by

PAGE = "/desk/bulk/bulletins"
TICKED = re.compile(r'name="episodes" value="([^"]+)" checked')
NOT_TICKED = re.compile(r'name="episodes" value="([^"]+)">')


@pytest.fixture
def people(app, newsroom):
    app.config["WTF_CSRF_ENABLED"] = False

    def come(name, role):
        newsroom.people.add(name, PASSWORD, (Grant(role),))
        return Browser(app, name)

    return come


@pytest.fixture
def draft(newsroom, publish, clock, hand_in, work_all):
    """Drafts bulletins of 05:00 that read one story, whose editor mended a sentence of it."""
    number = hand_in("Xã mở chợ", ("Bà con đi chợ sớm.",))
    work_all()
    newsroom.episodes.say_otherwise(number, 2, "Bà con đi chợ từ sớm.", "sen")
    work_all()
    newsroom.episodes.approve(number, "chị Sen", 2)
    work_all()
    slot = Slot("05:00", 300, plan_minutes=600, sources=("suoi-lanh",))
    day = f"{(clock() + timedelta(days=2)).date()}"

    def draft(*slugs):
        numbers = {}
        for slug in slugs:
            own = replace(slot, greeting=f"Đây là {slug}.")
            station = Station(slug, f"Đài {slug}", slots=(own,))
            newsroom.stations.put(station)
            numbers[slug] = open_bulletin(newsroom, station, "05:00", day, "máy")
        work_all()
        return numbers

    return draft


def arrange(editor, number, name, words):
    """Saves the running order with other words of its own, as the desk's form sends it."""
    page = editor.get(f"/desk/bulletins/{number}").text
    form = {
        each: re.search(rf'name="{each}"[^>]*>\s*([^<]*)<', page)[1]
        for each in ("greeting", "closing")
    }
    stories = re.findall(r'name="story" value="(\d+)"', page)
    saved = editor.post(
        f"/desk/bulletins/{number}",
        **form | {name: words, "move": "save", "story": stories, "version": "1"},
    )
    assert saved.status_code == 303


def say(editor, number, n, spoken):
    saved = editor.post(f"/desk/episodes/{number}/sentences/{n}", spoken=spoken)
    assert saved.status_code == 303


def stations_of(newsroom, boxes):
    """The stations of each group of bulletins."""
    return sorted(
        sorted(
            newsroom.episodes.get(int(box.partition(".")[0])).station
            for box in group.split()
        )
        for group in boxes
    )


def looked_at(approver, newsroom):
    """The groups that are ticked beforehand, and those that are not."""
    page = approver.get(PAGE).text
    ticked = stations_of(newsroom, TICKED.findall(page))
    return ticked, stations_of(newsroom, NOT_TICKED.findall(page)), page


def test_many_groups_cost_no_more_questions_than_one(people, newsroom, draft, work_all):
    first = draft("xa-an")
    approver = people("duyet", Role.APPROVER)
    few = asked_by(newsroom, approver.get, PAGE)
    others = draft("xa-binh", "xa-cau")
    newsroom.episodes.say_otherwise(first["xa-an"], 1, "Lời mới.", "viet")
    newsroom.episodes.say_otherwise(others["xa-cau"], 1, "Lời khác.", "viet")
    work_all()
    assert asked_by(newsroom, approver.get, PAGE) == few
    assert len(TICKED.findall(approver.get(PAGE).text)) == 1


def test_another_greeting_or_closing_than_the_station_s_is_heard_by_itself(
    people, newsroom, draft, work_all
):
    numbers = draft("xa-an", "xa-binh", "xa-chao", "xa-ket")
    editor = people("viet", Role.EDITOR)
    arrange(editor, numbers["xa-chao"], "greeting", "Lời chào tự gõ.")
    arrange(editor, numbers["xa-ket"], "closing", "Lời kết tự gõ.")
    work_all()
    ticked, alone, page = looked_at(people("duyet", Role.APPROVER), newsroom)
    assert ticked == [["xa-an", "xa-binh"]], "each greets as its own rule has it"
    assert alone == [["xa-chao"], ["xa-ket"]]
    assert page.count("Có lời do người sửa") == 2
    sounds = {int(number) for number in re.findall(r'src="/media/(\d+)/', page)}
    assert {numbers["xa-chao"], numbers["xa-ket"]} < sounds


def test_a_sentence_said_otherwise_in_one_bulletin_is_heard_by_itself(
    people, newsroom, draft, work_all
):
    newsroom.stations.put(Station("xa-tu", "Đài xa-tu"))
    newsroom.terms.put(Term("xa-tu", "xã Từ bịa", "xa-tu"), "tu")
    numbers = draft("xa-an", "xa-cau", "xa-loi", "xa-tu")
    editor = people("viet", Role.EDITOR)
    say(editor, numbers["xa-loi"], 1, "Lời chào nói khác.")
    sentences = newsroom.episodes.get(numbers["xa-cau"]).sentences
    of_story = next(each for each in sentences if each.written == "Bà con đi chợ sớm.")
    assert of_story.edited, "the story's own editor was heard with the story"
    say(editor, numbers["xa-cau"], of_story.n, "Bà con ở nhà.")
    work_all()
    ticked, alone, _ = looked_at(people("duyet", Role.APPROVER), newsroom)
    assert ticked == [["xa-an"], ["xa-tu"]], "the dictionary's own say is no greeting"
    assert alone == [["xa-cau"], ["xa-loi"]]


def test_another_take_or_a_rule_that_changed_since_is_no_likeness(
    people, newsroom, draft, work_all
):
    numbers = draft("xa-an", "xa-binh", "xa-giong", "xa-quy")
    newsroom.episodes.regenerate(numbers["xa-giong"], "viet")
    station = newsroom.stations.get("xa-quy")
    slot = replace(station.slots[0], closing="Hết.")
    newsroom.stations.put(replace(station, slots=(slot,)))
    work_all()
    ticked, alone, _ = looked_at(people("duyet", Role.APPROVER), newsroom)
    assert ticked == [["xa-an", "xa-binh"], ["xa-giong"]]
    assert alone == [["xa-quy"]]
