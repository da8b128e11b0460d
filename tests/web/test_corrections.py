"""Đính chính from the desk to the listener and the loudspeaker, and what operators took before."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from service.newsroom import Newsroom
from service.newsroom.values import ApprovalRule, Role, Station, Visitor
from tests.conftest import WrittenAtOnce
from tests.web.press import Clock, Press
from tests.web.test_feeds import FEED, channel, clock, newsroom, press, site  # noqa: F401
from tests.web.test_feeds import client as anybody  # noqa: F401

# ruff: noqa: F811
WRONG, RIGHT = "Họp ngày 25", "Họp ngày 26/11"


@pytest.fixture
def editor(newsroom: Newsroom, site) -> FlaskClient:
    from service.web.app import create_app

    app = create_app(newsroom, site, WrittenAtOnce(newsroom))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False)
    person = newsroom.people.add("lan", "mật khẩu rất dài", Role.EDITOR)
    found = app.test_client()
    with found.session_transaction() as session:
        session["_user_id"] = newsroom.sessions.begin(person.id, Visitor()).token
    return found


def correct(editor: FlaskClient, episode_id: int) -> int:
    answer = editor.post(
        f"/desk/episodes/{episode_id}/correct", data={"wrong": WRONG, "right": RIGHT}
    )
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


def test_a_correction_is_heard_and_marks_what_was_wrong(
    editor: FlaskClient, anybody: FlaskClient, press: Press, newsroom: Newsroom
) -> None:
    old = press.publish(
        "Họp thôn", topic="Nông nghiệp", stations=("suoi-lanh", "na-luong")
    )
    number = correct(editor, old.id)
    assert correct(editor, old.id) == number  # pressed twice
    press.work()
    new = newsroom.episodes.get(number)
    assert (new.kind, new.state, new.title) == (
        "correction",
        "mastered",
        "Đính chính: Họp thôn",
    )
    read = " ".join(sentence.written for sentence in new.sentences)
    for word in ("Họp thôn", f"{WRONG}.", f"{RIGHT}.", "24/11/2026", "xin lỗi"):
        assert word in read
    page = f"/articles/{old.slug}"
    assert "đính chính" not in anybody.get(page).text.lower()
    assert "chưa phát" in editor.get(f"/desk/episodes/{old.id}").text
    press.approve(number)
    shown = anybody.get(page).text
    for word in ("Đã đính chính", WRONG, RIGHT, f"/articles/{new.slug}"):
        assert word in shown
    assert page in anybody.get(f"/articles/{new.slug}").text
    for path in (
        FEED,
        "/feeds/stations/na-luong.xml",
        "/feeds/topics/nong-nghiep.xml",
        "/feeds/all.xml",
    ):
        items = {
            item.findtext("title"): item
            for item in channel(anybody, path).findall("item")
        }
        assert set(items) == {"Họp thôn", "Đính chính: Họp thôn"}
        content = str(
            items["Họp thôn"].findtext(
                "{http://purl.org/rss/1.0/modules/content/}encoded"
            )
        )
        assert WRONG in str(items["Họp thôn"].findtext("description"))
        assert f"https://loa.example/articles/{new.slug}" in content
        assert items["Họp thôn"].findtext("guid") == old.guid


def test_a_withdrawn_correction_marks_nothing(
    editor: FlaskClient, anybody: FlaskClient, press: Press, newsroom: Newsroom
) -> None:
    old = press.publish("Họp thôn")
    number = correct(editor, old.id)
    press.work()
    press.approve(number)
    before = anybody.get(FEED).headers["ETag"]
    newsroom.episodes.withdraw(number, "nhầm", "chị Chi")
    answer = anybody.get(FEED, headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert WRONG not in answer.text
    assert WRONG not in anybody.get(f"/articles/{old.slug}").text


def test_a_correction_waits_for_a_person_even_where_sources_are_trusted(
    editor: FlaskClient, press: Press, newsroom: Newsroom
) -> None:
    newsroom.stations.put(
        Station("suoi-lanh", "Đài Suối Lành", approval=ApprovalRule.TRUSTED)
    )
    number = press.receive("Họp thôn")
    press.work()
    assert newsroom.episodes.get(number).state == "published"
    other = correct(editor, number)
    press.work()
    assert newsroom.episodes.get(other).state == "mastered"


def test_what_cannot_be_corrected_says_why(editor: FlaskClient, press: Press) -> None:
    number = press.receive("Chưa phát")
    press.work()
    answer = editor.post(
        f"/desk/episodes/{number}/correct", data={"wrong": WRONG, "right": RIGHT}
    )
    assert answer.status_code == 422
    assert "chưa phát lần nào" in answer.text
    press.approve(number)
    answer = editor.post(
        f"/desk/episodes/{number}/correct", data={"wrong": WRONG, "right": " "}
    )
    assert answer.status_code == 422
    assert "Cần ghi rõ" in answer.text
    assert f"{WRONG}</textarea>" in answer.text


def test_programs_correct_too(
    anybody: FlaskClient, press: Press, newsroom: Newsroom
) -> None:
    old = press.publish("Họp thôn")
    key = {"Authorization": f"Bearer {newsroom.people.add_key('portal', Role.EDITOR)}"}
    answer = anybody.post(
        f"/api/v1/episodes/{old.id}/corrections",
        json={"wrong": WRONG, "right": RIGHT},
        headers=key,
    )
    assert answer.status_code == 202
    episode = str((answer.json or {})["episode"])
    found = anybody.get(episode, headers=key).json or {}
    assert (found["kind"], found["corrects"]["corrected"]) == (
        "correction",
        f"/api/v1/episodes/{old.id}",
    )
    (mark,) = (anybody.get(f"/api/v1/episodes/{old.id}", headers=key).json or {})[
        "corrections"
    ]
    assert (mark["episode"], mark["wrong"], mark["right"], mark["published_at"]) == (
        episode,
        WRONG,
        RIGHT,
        None,
    )


# The operator.


def test_operators_hear_of_what_became_of_their_files(
    editor: FlaskClient,
    anybody: FlaskClient,
    press: Press,
    newsroom: Newsroom,
    clock: Clock,
) -> None:
    old, wrong, gone = (
        press.publish(title) for title in ("Bài cũ", "Bài sai", "Bài gỡ")
    )
    for episode in (old, wrong, gone):
        answer = anybody.get(f"/stations/suoi-lanh/speaker/{episode.id}.mp3")
        assert (
            answer.headers["Location"] == f"/media/{episode.id}/1/app-1.mp3?download=1"
        )
    notice = "Bản đã tải trước đây"
    assert notice not in anybody.get("/stations/suoi-lanh/speaker").text
    press.again(old.id)
    number = correct(editor, wrong.id)
    press.work()
    press.approve(number)
    newsroom.episodes.withdraw(gone.id, "Sai số liệu", "chị Chi")
    told = anybody.get("/stations/suoi-lanh/speaker").text.partition(
        "Đã duyệt hôm nay"
    )[0]
    for word in (
        notice,
        "Bài cũ",
        "bản 2",
        "Bài sai",
        WRONG,
        RIGHT,
        f"speaker/{number}.mp3",
        "Bài gỡ",
        "Sai số liệu",
    ):
        assert word in told
    assert notice not in anybody.get("/stations/na-luong/speaker").text
    assert anybody.get(f"/stations/suoi-lanh/speaker/{gone.id}.mp3").status_code == 410
    anybody.get(f"/stations/suoi-lanh/speaker/{old.id}.mp3")
    anybody.get(f"/stations/suoi-lanh/speaker/{number}.mp3")
    told = anybody.get("/stations/suoi-lanh/speaker").text.partition(
        "Đã duyệt hôm nay"
    )[0]
    assert "Bài gỡ" in told
    assert "Bài cũ" not in told
    assert "Bài sai" not in told
    clock.now += timedelta(days=31)
    assert notice not in anybody.get("/stations/suoi-lanh/speaker").text


def test_only_people_take_files(
    anybody: FlaskClient, press: Press, newsroom: Newsroom
) -> None:
    episode = press.publish("Bài cũ")
    address = f"/stations/suoi-lanh/speaker/{episode.id}.mp3"
    assert anybody.head(address).status_code == 302
    anybody.get(
        address, headers={"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}
    )
    press.again(episode.id)
    assert "Bản đã tải trước đây" not in anybody.get("/stations/suoi-lanh/speaker").text
    assert anybody.get("/stations/khong-co/speaker/1.mp3").status_code == 404
    assert anybody.get("/stations/suoi-lanh/speaker/99.mp3").status_code == 404


# The server's contract.


def test_text_beside_the_sound_is_zipped_and_typed(
    anybody: FlaskClient, press: Press
) -> None:
    episode = press.publish()
    for name, kind in (
        ("transcript.html", "text/html; charset=utf-8"),
        ("transcript.vtt", "text/vtt; charset=utf-8"),
        ("chapters.json", "application/json+chapters"),
        ("lite-1.opus", "audio/ogg; codecs=opus"),
        ("app-1.mp3", "audio/mpeg"),
    ):
        path = f"/media/{episode.id}/1/{name}"
        for takes in ({}, {"Accept-Encoding": "gzip"}):
            got, head = (
                anybody.get(path, headers=takes),
                anybody.head(path, headers=takes),
            )
            assert got.headers["Content-Type"] == kind
            assert got.headers["Access-Control-Allow-Origin"] == "*"
            assert {k: v for k, v in got.headers if k != "Date"} == {
                k: v for k, v in head.headers if k != "Date"
            }, name
            assert head.data == b""
            zipped = got.headers.get("Content-Encoding") == "gzip"
            assert zipped == (
                bool(takes) and name in ("transcript.html", "chapters.json")
            ), name
            known = anybody.get(
                path, headers=takes | {"If-None-Match": got.headers["ETag"]}
            )
            assert known.status_code == 304
        part = anybody.get(path, headers={"Range": "bytes=0-1"})
        assert (part.status_code, len(part.data)) == (206, 2)
