"""Many episodes in a few clicks: told what it costs first, each moved or refused by itself."""

import re

import pytest

from service.newsroom.values import Grant, Role, State, Station
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
