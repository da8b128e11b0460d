"""Many episodes in a few clicks: told what it costs first, each moved or refused by itself."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from service.actions.bulletins import open_bulletin
from service.newsroom.values import Grant, NewArticle, Role, Slot, State, Station
from tests.house import PASSWORD, Browser


@pytest.fixture
def waiting(newsroom, hand_in, work_all):
    """Five articles that wait for approval; their numbers, the newest first."""
    newsroom.stations.put(Station("xa-ben", "Đài Xã Bến"))
    numbers = [hand_in(f"Tin thứ {n}", ("Trời nắng đẹp.",)) for n in range(5)]
    work_all()
    return numbers[::-1]


@pytest.fixture
def people(app, newsroom):
    app.config["WTF_CSRF_ENABLED"] = False

    def come(name, *grants):
        newsroom.people.add(name, PASSWORD, grants)
        return Browser(app, name)

    return come


def pressed(browser, page, **more):
    """Presses the button of the page that tells the cost: what it lists is sent."""
    episodes = re.findall(r'name="episodes" value="([\d.]+)"', page.text)
    move = re.search(r'name="move" value="(\w+)"', page.text)[1]
    return browser.post("/desk/bulk/do", move=move, episodes=episodes, **more)


def states(newsroom, numbers):
    return [newsroom.episodes.get(number).state for number in numbers]


def test_all_that_match_are_approved_in_four_clicks(people, newsroom, waiting):
    approver = people("duyet", Grant(Role.APPROVER))
    listed = approver.get("/desk?tab=cho-duyet")
    assert "Tất cả 5 bài khớp" in listed.text
    page = approver.post(
        "/desk/bulk", move="approve", all="1", tab="cho-duyet", station="", q="thu"
    )
    assert "Duyệt 5 bài" in page.text
    assert "không" in page.text, "no voice is called"
    newsroom.episodes.say_otherwise(waiting[0], 2, "Lời mới.", "sen")
    done = pressed(approver, page)
    assert "xong 4 bài, 1 bài chưa được" in done.text
    assert "phiên bản mới hơn" in done.text
    assert states(newsroom, waiting) == [State.WRITTEN, *[State.APPROVED] * 4]


def test_all_that_match_a_typed_station_are_those_of_the_list(people, waiting):
    form = {"move": "return", "all": "1", "station": "Suối Lành"}
    page = people("duyet", Grant(Role.APPROVER)).post("/desk/bulk", **form)
    assert page.status_code == 200
    assert all(f'value="{number}.1"' in page.text for number in waiting)


def test_what_is_ticked_is_read_in_another_voice_and_the_cost_is_told_before(
    people, newsroom, waiting, work_all
):
    editor = people("viet", Grant(Role.EDITOR))
    ticked = [f"{number}.1" for number in waiting[:2]]
    page = editor.post("/desk/bulk", move="voice", episodes=ticked)
    calls = re.search(r"Lượt gọi giọng đọc</dt><dd>(\d+)", page.text)[1]
    assert int(calls) == sum(
        len(newsroom.episodes.get(n).sentences) for n in waiting[:2]
    )
    done = pressed(editor, page, voice="tone")
    assert done.text.count("data-working") >= 2, "the page looks how far they have come"
    work_all()
    assert [newsroom.episodes.get(n).version for n in waiting] == [2, 2, 1, 1, 1]
    wrong = pressed(editor, page, voice="nobody:vi")
    assert wrong.status_code == 422


def test_remarks_reasons_and_topics_go_with_them(people, newsroom, waiting):
    approver = people("duyet", Grant(Role.APPROVER))
    first, second, third = (f"{number}.1" for number in waiting[:3])
    back = approver.post("/desk/bulk", move="return", episodes=[first])
    assert pressed(approver, back).status_code == 422, "without a remark"
    assert pressed(approver, back, why="Thiếu ngày").status_code == 200
    gone = approver.post("/desk/bulk", move="withdraw", episodes=[second])
    pressed(approver, gone, why="Trùng tin")
    named = approver.post("/desk/bulk", move="topic", episodes=[third])
    pressed(approver, named, topic="Nông nghiệp")
    assert states(newsroom, waiting[:3]) == [
        State.RETURNED,
        State.WITHDRAWN,
        State.MASTERED,
    ]
    assert newsroom.episodes.get(waiting[0]).rendering.returned_why == "Thiếu ngày"
    article = newsroom.episodes.get(waiting[2]).article_id
    assert newsroom.articles.get(article).topic == "Nông nghiệp"


def test_nobody_moves_what_is_beyond_their_stations_or_role(people, newsroom, waiting):
    other = people("ben", Grant(Role.APPROVER, "xa-ben"))
    ticked = [f"{number}.1" for number in waiting]
    assert (
        "Chưa chọn bài nào"
        in other.send("/desk/bulk", move="approve", episodes=ticked).text
    )
    done = other.post("/desk/bulk/do", move="approve", episodes=ticked)
    assert "xong 0 bài" in done.text
    assert "Tin thứ" not in done.text
    editor = people("viet", Grant(Role.EDITOR))
    editor.post("/desk/bulk/do", move="approve", episodes=ticked)
    assert set(states(newsroom, waiting)) == {State.MASTERED}
    assert 'value="approve"' not in editor.get("/desk").text


@pytest.fixture
def province(newsroom, publish, clock, work_all):
    """Three stations whose bulletins of 05:00 read the same story, one whose reads another."""
    slot = Slot("05:00", 300, plan_minutes=600, sources=("suoi-lanh",))
    here = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(replace(here, slots=(replace(slot, sources=()),)))
    for slug in ("xa-an", "xa-binh"):
        station = Station(slug, f"Đài {slug}", slots=(slot,), approval="another")
        newsroom.stations.put(station)
    newsroom.stations.put(
        Station("xa-rieng", "Đài xa-rieng", slots=(replace(slot, sources=()),))
    )
    publish("Xã làm đường")
    own = NewArticle("Tin riêng", ("Trời nắng đẹp.",), "riêng", ("xa-rieng",))
    number = newsroom.articles.receive(own, "sen").episode_id
    work_all()
    newsroom.episodes.approve(number, "chị Sen", 1)
    work_all()
    day = f"{(clock() + timedelta(days=2)).date()}"
    numbers = [
        open_bulletin(newsroom, newsroom.stations.get(slug), "05:00", day, "máy")
        for slug in ("suoi-lanh", "xa-an", "xa-binh", "xa-rieng")
    ]
    work_all()
    return numbers


def test_bulletins_that_say_the_same_are_heard_once_and_approved_in_two_clicks(
    people, newsroom, province, work_all
):
    approver = people("duyet", Grant(Role.APPROVER))
    page = approver.get("/desk/bulk/bulletins").text
    assert "4 bản tin chờ duyệt" in page
    assert page.count("<audio") == 2
    groups = re.findall(r'name="episodes" value="([^"]+)" checked', page)
    assert sorted(len(group.split()) for group in groups) == [1, 3]
    # Somebody changes one of them meanwhile: that one is not what was heard.
    newsroom.episodes.say_otherwise(province[1], 1, "Lời mới.", "sen")
    done = approver.post("/desk/bulk/do", move="approve", episodes=groups)
    assert "xong 3 bài, 1 bài chưa được" in done.text
    work_all()
    assert states(newsroom, province)[1] == State.MASTERED
    left = approver.get("/desk/bulk/bulletins").text
    assert "1 bản tin chờ duyệt" in left


def test_a_group_holds_the_caller_s_stations_and_each_station_s_rule(
    people, newsroom, province
):
    newsroom.episodes.say_otherwise(province[2], 1, "Lời của tôi.", "duyet")
    approver = people(
        "duyet", *(Grant(Role.APPROVER, at) for at in ("xa-an", "xa-binh"))
    )
    page = approver.get("/desk/bulk/bulletins").text
    assert "Đài xa-rieng" not in page
    assert "1 bản tin chờ duyệt" in page, "what is read anew does not wait yet"
    ticked = " ".join(f"{number}.1" for number in province)
    done = approver.post("/desk/bulk/do", move="approve", episodes=ticked)
    assert "xong 1 bài, 3 bài chưa được" in done.text
    editor = people("viet", Grant(Role.EDITOR))
    assert editor.get("/desk/bulk/bulletins").status_code == 403


def undone(browser, page):
    """Presses the button that takes it back."""
    form = dict(
        re.findall(r'name="(move|voice|topic|before[.\d]+)" value="([^"]*)"', page.text)
    )
    episodes = re.findall(r'name="episodes" value="([\d.]+)"', page.text)
    return browser.post("/desk/bulk/undo", episodes=episodes, **form)


def test_what_was_done_to_many_is_taken_back_where_nobody_went_on(
    people, newsroom, waiting, work_all
):
    approver = people("duyet", Grant(Role.APPROVER))
    first, second = waiting[:2]
    ticked = [f"{first}.1", f"{second}.1"]

    def do(move, **more):
        page = approver.post("/desk/bulk", move=move, episodes=ticked)
        return pressed(approver, page, **more)

    def topics():
        articles = [newsroom.episodes.get(n).article_id for n in (first, second)]
        return [newsroom.articles.get(article).topic for article in articles]

    sent_back = do("return", why="Thiếu ngày")
    assert states(newsroom, [first, second]) == [State.RETURNED] * 2
    newsroom.episodes.approve(second, "lan", 1)
    assert "xong 1 bài, 1 bài chưa được" in undone(approver, sent_back).text
    assert newsroom.episodes.get(first).state == State.MASTERED
    assert newsroom.episodes.get(first).rendering.returned_why == ""
    renamed = do("topic", topic="Nông nghiệp")
    assert topics() == ["Nông nghiệp"] * 2
    assert "xong 2 bài" in undone(approver, renamed).text
    assert topics() == ["", ""]
    assert "xong 0 bài" in undone(approver, renamed).text, "once is enough"
    approved = do("approve")
    assert "Hoàn tác" not in approved.text
    refused = approver.post("/desk/bulk/undo", move="approve", episodes=ticked)
    assert refused.status_code == 422


def test_the_voice_before_reads_again(people, newsroom, waiting, work_all):
    editor = people("viet", Grant(Role.EDITOR))
    ticked = f"{waiting[0]}.1"
    page = editor.post("/desk/bulk", move="voice", episodes=ticked)
    done = pressed(editor, page, voice="tone")
    assert newsroom.episodes.get(waiting[0]).rendering.voice == "tone"
    assert "Máy đọc lại bằng giọng cũ" in done.text
    assert "xong 1 bài" in undone(editor, done).text
    episode = newsroom.episodes.get(waiting[0])
    assert (episode.version, episode.rendering.voice) == (3, "")
    assert "xong 0 bài" in undone(editor, done).text, "somebody went on with it"
