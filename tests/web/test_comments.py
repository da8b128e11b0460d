"""Comments on sentences: who, when, about which words, done or not."""

import pytest

from service.newsroom.values import Event, Grant, Role, Station
from tests.house import PASSWORD, Browser
from tests.web.answers import problem

TEXT = "Bà con ra đồng từ sáng sớm. Trời nắng đẹp. Lúa tốt."


def number_of(answer):
    return int(answer.json["episode"].rpartition("/")[2])


@pytest.fixture
def send(call, work_all):
    """The article, or another text of it; the number of its episode."""

    def send(body):
        words = {"title": "Tin đồng", "body": body, "external_id": "tin-1"}
        sent = words | {"stations": ["suoi-lanh"]}
        answer = call("POST", "/articles", sent, role=Role.EDITOR)
        work_all()
        return number_of(answer)

    return send


@pytest.fixture
def number(send):
    return send(TEXT)


@pytest.fixture
def desk(app, newsroom):
    def come(name, role=Role.EDITOR):
        newsroom.people.add(name, PASSWORD, role)
        return Browser(app, name)

    return come


def say(browser, number, text, n=3, **more):
    page = f"/desk/episodes/{number}"
    return browser.send(f"{page}/sentences/{n}/comments", page, text=text, **more)


def test_a_comment_stands_at_its_sentence_until_somebody_is_done_with_it(
    desk, number, newsroom
):
    approver, editor = desk("lan", Role.APPROVER), desk("sen")
    page = say(approver, number, "Ngày nào?  Ghi rõ <b>giúp</b>.")
    assert "Ngày nào? Ghi rõ &lt;b&gt;giúp&lt;/b&gt;." in page.text
    page = editor.get(f"/desk/episodes/{number}").text
    assert "1 góp ý chưa xong" in page
    assert 'href="#cau-3"' in page
    (comment,) = newsroom.comments.of(number)
    assert (comment.by, comment.n, comment.version) == ("lan", 3, 1)
    path = f"/desk/episodes/{number}/comments/{comment.id}/solve"
    done = editor.send(path)
    assert "sen xử lý xong" in done.text
    assert "góp ý chưa xong" not in done.text
    first = newsroom.comments.of(number)[0].solved_at
    editor.send(path)
    assert newsroom.comments.of(number)[0].solved_at == first
    lines = newsroom.log.lines(events=(Event.COMMENTED, Event.COMMENT_SOLVED))
    told = [(line.who, line.what, line.episode_id) for line in lines]
    assert told == [
        ("sen", Event.COMMENT_SOLVED, number),
        ("lan", Event.COMMENTED, number),
    ]
    assert newsroom.episodes.get(number).version == 1, "nothing that is heard changed"


def test_it_follows_its_words_and_says_what_they_were(desk, number, newsroom, send):
    editor = desk("sen")
    written = {each.n: each.written for each in newsroom.episodes.get(number).sentences}
    last = max(written)
    say(editor, number, "Đẹp thế nào?", n=last - 1)
    say(editor, number, "Bao nhiêu tạ?", n=last)
    send("Bà con ra đồng từ sáng sớm. Trời mưa to. Trời nắng đẹp.")
    moved, gone = newsroom.comments.of(number)
    assert (moved.n, moved.written) == (last, "Trời nắng đẹp.")
    assert (gone.n, gone.written) == (last, "Lúa tốt.")
    assert "(về câu: “Lúa tốt.”)" in editor.get(f"/desk/episodes/{number}").text
    send("Trời mưa.")
    assert newsroom.comments.of(number)[1].n is None
    assert "Bao nhiêu tạ?" in editor.get(f"/desk/episodes/{number}").text


def test_what_does_not_fit_is_kept_for_who_typed_it(desk, number, newsroom):
    editor = desk("sen")
    other = say(editor, number, "Về câu khác", was="Câu đã đổi.")
    assert other.status_code == 422
    assert "Về câu khác</textarea>" in other.text
    assert say(editor, number, "Không có câu này", n=99).status_code == 422
    assert say(editor, number, " ").status_code == 422
    assert newsroom.comments.of(number) == []


def test_programs_comment_too(call, number):
    path = f"/episodes/{number}/sentences/3/comments"
    sent = call("POST", path, {"text": "Kiểm tra lại số liệu"}, role=Role.EDITOR)
    assert (sent.status_code, sent.json["by"]) == (201, "key editor")
    assert (sent.json["sentence"], sent.json["solved_at"]) == (3, None)
    operator = call("POST", path, {"text": "Tôi xem thôi"}, role=Role.OPERATOR)
    assert operator.status_code == 403
    problem(call("POST", path, {"text": ""}, role=Role.EDITOR), 422)
    problem(call("POST", path, {"text": "x", "was": "khác"}, role=Role.EDITOR), 409)
    solve = f"/episodes/{number}/comments/{sent.json['id']}/solve"
    assert call("POST", solve, role=Role.EDITOR).json["solved_by"] == "key editor"
    listed = call("GET", f"/episodes/{number}/comments", role=Role.OPERATOR).json
    assert [each["id"] for each in listed] == [sent.json["id"]]
    assert call("GET", "/episodes/999/comments").status_code == 404


def test_nobody_settles_another_commune_s_through_an_episode_of_their_own(
    app, call, number, newsroom, work_all
):
    newsroom.stations.put(Station("xa-ben", "Đài Xã Bến"))
    sent = {"title": "Tin bến", "body": TEXT, "stations": ["xa-ben"]}
    theirs = number_of(call("POST", "/articles", sent, role=Role.EDITOR))
    work_all()
    comment = newsroom.comments.add(theirs, 3, "Xem lại", "ben")
    newsroom.people.add("lan", PASSWORD, [Grant(Role.ADMIN, "suoi-lanh")])
    lan = Browser(app, "lan")
    for own in (number, theirs):
        path = f"/desk/episodes/{own}/comments/{comment.id}/solve"
        answer = lan.post(path, f"/desk/episodes/{number}")
        assert answer.status_code == (404 if own == number else 403)
    assert newsroom.comments.of(theirs)[0].solved_at is None
