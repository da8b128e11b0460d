"""Bulletins at the desk and in the API: notices that last, running orders, what fits."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil

import pytest
from lxml import html

from service.actions.bulletins import arrange, open_bulletin
from service.actions.corrections import correct
from service.actions.planning import plan_of
from service.bulletin import Words
from service.newsroom.errors import Conflict
from service.newsroom.values import Kind, NewArticle, Role, Slot, State
from service.web.desk.running_order import parts_of
from tests.house import PASSWORD


def test_a_notice_that_lasts_is_marked_so_by_form_and_api(desk, call, newsroom, client):
    send = desk(Role.EDITOR)
    made = send(
        "/desk/new",
        title="Giờ tiếp dân",
        format="text",
        priority="normal",
        body="Tiếp dân vào sáng thứ Hai.",
        stations="suoi-lanh",
        evergreen="on",
        send="1",
    )
    assert made.status_code == 200, re.findall("✗ [^<]+", made.text)
    assert newsroom.articles.get(1).evergreen
    assert 'name="evergreen" checked' in client.get("/desk/articles/1/edit").text
    send(
        "/desk/articles/1/edit",
        title="Giờ tiếp dân",
        format="text",
        priority="normal",
        body="Tiếp dân vào sáng thứ Ba.",
        stations="suoi-lanh",
        revision="1",
        send="1",
    )
    assert not newsroom.articles.get(1).evergreen
    made = call(
        "POST",
        "/articles",
        {"body": "Phòng cháy\nTắt bếp trước khi đi.", "evergreen": True},
    ).json
    assert (
        call("GET", made["article"].removeprefix("/api/v1")).json["evergreen"] is True
    )


SLOT = Slot("05:00", 300)


@pytest.fixture
def tomorrow(newsroom, clock):
    """A station's next day, whose 05:00 lasts five minutes; it is evening."""
    newsroom.stations.put(
        replace(
            newsroom.stations.get("suoi-lanh"),
            greeting="Đây là Đài Suối Lành.",
            slots=(SLOT,),
        )
    )
    evening = datetime.now(UTC).replace(
        hour=13, minute=0, second=0, microsecond=0
    ) + timedelta(days=1)
    clock.ahead = evening - datetime.now(UTC)
    return (evening + timedelta(days=1)).date().isoformat()


@pytest.fixture
def made(newsroom, tomorrow, publish, work_all):
    """A bulletin of two stories, or of such titles, that waits for approval; and those stories."""

    def made(*titles):
        stories = [
            publish(title).id for title in titles or ("Xã làm đường", "Tiêm phòng")
        ]
        number = open_bulletin(
            newsroom, newsroom.stations.get("suoi-lanh"), "05:00", tomorrow, "loa"
        )
        work_all()
        return number, stories

    return made


def page_of(client, number):
    """The page's form, as a browser would send it back, and its text."""
    text = client.get(f"/desk/bulletins/{number}").text
    return sent_back(text), text


def sent_back(text):
    found = {}
    for name, value in (
        html.fromstring(text).xpath("//form[@data-arrange]")[0].form_values()
    ):
        found.setdefault(name, []).append(value.removeprefix("\n"))
    return found


def order_in(text):
    return [int(number) for number in sent_back(text).get("story", [])]


def items(newsroom, number):
    return [item.episode_id for item in newsroom.bulletins.get(number).items]


def test_an_hour_without_a_bulletin_is_given_one_once(
    desk, newsroom, client, tomorrow, publish, work_all
):
    send = desk(Role.EDITOR)
    publish("Xã làm đường")
    page = client.get("/desk/bulletins").text
    assert "nhạc nền và báo giờ" in page
    assert "Chưa soạn" in page
    for _ in range(2):
        answer = send("/desk/bulletins", station="suoi-lanh", at="05:00", day=tomorrow)
        assert "Xã làm đường" in answer.text
    work_all()
    cards, _ = newsroom.episodes.cards()
    (card,) = [card for card in cards if card.kind is Kind.BULLETIN]
    page = client.get("/desk/bulletins").text
    assert f"/desk/bulletins/{card.id}" in page
    assert "1\xa0tin" in page


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"at": "06:00"}, "không có khung giờ"),
        ({"day": "mai"}, "2026-11-25"),
        ({"day": "2020-01-01"}, "Đã qua giờ phát"),
    ],
)
def test_an_hour_that_is_none_is_told(desk, client, tomorrow, form, told):
    send = desk(Role.EDITOR)
    answer = send(
        "/desk/bulletins",
        **({"station": "suoi-lanh", "at": "05:00", "day": tomorrow} | form),
    )
    assert told in answer.text


def test_moves_are_shown_and_kept_only_when_saved(
    desk, newsroom, client, made, work_all
):
    desk(Role.EDITOR)
    number, _ = made("Xã làm đường", "Tiêm phòng", "Họp thôn")
    first, second, third = items(newsroom, number)
    form, page = page_of(client, number)
    assert "Có thay đổi" not in page
    moves = [
        ("down", first, [second, first, third]),
        ("up", third, [second, third, first]),
    ]
    for verb, story, expected in [*moves, ("drop", second, [third, first])]:
        page = client.post(
            f"/desk/bulletins/{number}", data=form | {"move": f"{verb}:{story}"}
        ).text
        assert order_in(page) == expected
        assert "Có thay đổi chưa lưu" in page
        form = sent_back(page)
    assert items(newsroom, number) == [first, second, third]
    client.post(f"/desk/bulletins/{number}", data=form | {"move": "save"})
    assert items(newsroom, number) == [third, first]
    work_all()
    bulletin = newsroom.bulletins.get(number)
    assert bulletin.version == 2
    assert [(left.episode_id, left.why) for left in bulletin.left_out] == [
        (second, "biên tập viên bỏ ra")
    ]
    form, page = page_of(client, number)
    assert "biên tập viên bỏ ra" in page
    page = client.post(
        f"/desk/bulletins/{number}", data=form | {"move": f"add:{second}"}
    ).text
    assert order_in(page) == [third, first, second]
    page = client.post(f"/desk/bulletins/{number}", data=form | {"move": "draft"}).text
    assert set(order_in(page)) == {first, second, third}


def told_seconds(page):
    length = html.fromstring(page).xpath("//section[@data-length]//b")[0].text
    minutes, seconds = length.split(":")
    return int(minutes) * 60 + int(seconds)


def test_the_running_time_follows_the_order_and_the_words(desk, newsroom, client, made):
    desk(Role.EDITOR)
    number, stories = made()
    form, page = page_of(client, number)
    whole = told_seconds(page)
    less = client.post(
        f"/desk/bulletins/{number}", data=form | {"move": f"drop:{stories[0]}"}
    ).text
    assert told_seconds(less) < whole - 5
    words = " ".join(["một câu chào rất dài"] * 30)
    more = client.post(
        f"/desk/bulletins/{number}", data=form | {"move": "count", "greeting": words}
    ).text
    assert told_seconds(more) > whole + 5


def test_an_editor_who_comes_second_is_told_and_loses_nothing(
    desk, newsroom, client, made
):
    desk(Role.EDITOR)
    number, stories = made()
    form, _ = page_of(client, number)
    other = newsroom.bulletins.get(number)
    arrange(
        newsroom, other, stories[:1], Words("", other.greeting, other.closing), "lan"
    )
    mine = form | {"move": "save", "greeting": "Chào bà con."}
    answer = client.post(f"/desk/bulletins/{number}", data=mine)
    assert answer.status_code == 409
    assert "người khác sửa" in answer.text
    assert items(newsroom, number) == stories[:1]
    again = sent_back(answer.text)
    assert again["story"] == form["story"]
    assert again["greeting"] == ["Chào bà con."]
    client.post(f"/desk/bulletins/{number}", data=again | {"move": "save"})
    assert newsroom.bulletins.get(number).greeting == "Chào bà con."


def test_what_would_not_fit_is_not_saved_and_told_by_how_much(
    desk, newsroom, client, made
):
    desk(Role.EDITOR)
    number, _ = made()
    form, _ = page_of(client, number)
    long = " ".join(["một câu chào rất dài"] * 400)
    answer = client.post(
        f"/desk/bulletins/{number}", data=form | {"move": "save", "greeting": long}
    )
    assert answer.status_code == 422
    assert re.search(r"dài hơn khung giờ khoảng \d+ giây", answer.text)
    assert "quá khung giờ" in answer.text
    assert newsroom.bulletins.get(number).version == 1


def test_a_bulletin_longer_than_its_slot_is_not_approved(desk, newsroom, client, made):
    send = desk(Role.APPROVER)
    number, _ = made()
    page = f"/desk/bulletins/{number}"
    bulletin = newsroom.bulletins.get(number)
    shorter = replace(SLOT, max_seconds=int(bulletin.seconds) - 5)
    newsroom.bulletins.airing(
        "suoi-lanh", shorter, bulletin.airing.day, bulletin.airing.air_at
    )
    answer = send(f"{page}/approve", page=page, version="1")
    assert (
        f"dài hơn khung giờ {ceil(bulletin.seconds - shorter.max_seconds)} giây"
        in answer.text
    )
    assert "quá khung giờ" in client.get(page).text
    assert newsroom.bulletins.get(number).state is State.MASTERED


def test_who_approves_approves_what_was_heard(desk, newsroom, client, made, work_all):
    send = desk(Role.APPROVER)
    number, stories = made()
    page = f"/desk/bulletins/{number}"
    other = newsroom.bulletins.get(number)
    arrange(
        newsroom, other, stories[:1], Words("", other.greeting, other.closing), "lan"
    )
    work_all()
    assert "phiên bản mới hơn" in send(f"{page}/approve", page=page, version="1").text
    assert "Đã duyệt" in send(f"{page}/approve", page=page, version="2").text
    assert newsroom.bulletins.get(number).approved_by == "approver"
    assert "duyệt: approver" in client.get("/desk/bulletins").text


def test_an_editor_does_not_approve_and_an_operator_only_looks(desk, client, made):
    send = desk(Role.OPERATOR)
    number, _ = made()
    assert client.get(f"/desk/bulletins/{number}").status_code == 200
    for path in (
        f"/desk/bulletins/{number}",
        f"/desk/bulletins/{number}/approve",
        "/desk/bulletins",
    ):
        assert send(path, move="save").status_code == 403


def test_stories_that_changed_or_went_are_marked_and_brought_up_to_date(
    desk, newsroom, client, made, work_all
):
    desk(Role.EDITOR)
    number, (first, second, third) = made("Xã làm đường", "Tiêm phòng", "Họp thôn")
    newsroom.episodes.say_otherwise(first, 2, "một câu khác", "lan")
    work_all()
    newsroom.episodes.approve(first, "chị Sen", newsroom.episodes.get(first).version)
    work_all()
    newsroom.episodes.withdraw(second, "sai số liệu", "chị Sen")
    form, page = page_of(client, number)
    assert "có bản mới hơn (bản 2)" in page
    assert "Tin đã gỡ" in page
    client.post(f"/desk/bulletins/{number}", data=form | {"move": "save"})
    found = {
        item.episode_id: item.version for item in newsroom.bulletins.get(number).items
    }
    assert found == {first: 2, third: 1}


def test_stories_are_searched_without_diacritics_also_older_ones(
    desk, newsroom, client, made, tomorrow, clock, publish
):
    desk(Role.EDITOR)
    clock.ahead -= timedelta(days=5)
    old = publish("Phòng cháy mùa khô").id
    clock.ahead += timedelta(days=5)
    number, _ = made()
    form, page = page_of(client, number)
    assert "Phòng cháy mùa khô" not in page
    page = client.post(
        f"/desk/bulletins/{number}", data=form | {"move": "find", "q": "phong chay"}
    ).text
    assert f'value="add:{old}"' in page
    page = client.post(
        f"/desk/bulletins/{number}", data=form | {"move": "find", "q": "khong co"}
    ).text
    assert "Không có tin nào khác" in page


def test_parts_of_a_bulletin_are_heard_alone_and_its_proof_sheet_leads_back(
    desk, newsroom, client, made
):
    desk(Role.EDITOR)
    number, _ = made()
    sentences = newsroom.episodes.get(number).sentences
    parts = parts_of(sentences)
    assert [part.name for part in parts] == [
        "greeting",
        *map(str, items(newsroom, number)),
        "closing",
    ]
    assert all(part.start_ms < part.end_ms for part in parts)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(parts))
    _, page = page_of(client, number)
    assert page.count("data-play") == 4
    sheet = client.get(f"/desk/episodes/{number}").text
    assert f"/desk/bulletins/{number}" in sheet
    assert "Sửa bài viết" not in sheet
    article = newsroom.episodes.get(number).article_id
    assert f"/desk/episodes/{number}" in page
    with pytest.raises(Conflict):
        newsroom.articles.edit(
            article, NewArticle("a", ("b",), "c", ("suoi-lanh",)), "lan"
        )


def test_the_desk_tells_of_a_bulletin_that_waits(desk, newsroom, client, made, clock):
    send = desk(Role.APPROVER)
    number, _ = made()
    assert "đang chờ người duyệt" not in client.get("/desk").text
    clock.ahead += timedelta(hours=6)  # longer than anybody stays who does nothing
    send("/desk/login", page="/desk/login", name=Role.APPROVER, password=PASSWORD)
    assert f'/desk/bulletins/{number}"' in client.get("/desk").text
    newsroom.episodes.approve(number, "chị Sen", newsroom.episodes.get(number).version)
    assert "đang chờ người duyệt" not in client.get("/desk").text


@pytest.mark.parametrize(("tempo", "pauses"), [(1.0, 1.3), (0.8, 1.8)])
def test_a_running_time_is_never_told_too_short(
    newsroom, made, tomorrow, tempo, pauses
):
    ruled = replace(
        newsroom.stations.get("suoi-lanh"), speaker_tempo=tempo, speaker_pauses=pauses
    )
    newsroom.stations.put(ruled)
    number, stories = made()
    bulletin = newsroom.bulletins.get(number)
    offers = newsroom.bulletins.offers("suoi-lanh", bulletin.airing.air_at, stories)
    told = plan_of(
        ruled, SLOT, Words("", bulletin.greeting, bulletin.closing), offers
    ).seconds
    assert bulletin.measured
    assert bulletin.seconds <= told <= bulletin.seconds + 1.5


def test_programs_make_arrange_and_approve_a_bulletin(
    call, newsroom, tomorrow, publish, work_all
):
    first, second = publish("Xã làm đường").id, publish("Tiêm phòng").id
    made = call(
        "POST",
        "/bulletins",
        {"station": "suoi-lanh", "at": "05:00", "day": tomorrow},
        Role.EDITOR,
    )
    assert made.status_code == 202
    number = made.json["id"]
    assert {story["episode"] for story in made.json["stories"]} == {first, second}
    put = call(
        "PUT",
        f"/bulletins/{number}/plan",
        {"stories": [second], "version": 1, "closing": "Hẹn gặp lại."},
    )
    assert (put.status_code, put.json["version"], put.json["closing"]) == (
        202,
        2,
        "Hẹn gặp lại.",
    )
    late = call("PUT", f"/bulletins/{number}/plan", {"stories": [first], "version": 1})
    assert (late.status_code, late.json["errors"][0]["field"]) == (409, "version")
    gone = call("PUT", f"/bulletins/{number}/plan", {"stories": [first, 9999]})
    assert (gone.status_code, gone.json["errors"][0]["field"]) == (422, "stories")
    wrong = call(
        "POST", "/bulletins", {"station": "suoi-lanh", "at": "06:00", "day": tomorrow}
    )
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "at")
    work_all()
    assert (
        call("POST", f"/episodes/{number}/approve", {"version": 2}).json["state"]
        == "approved"
    )
    (listed,) = call(
        "GET", f"/bulletins?station=suoi-lanh&day={tomorrow}", role=Role.OPERATOR
    ).json
    assert (listed["id"], listed["approved_version"], listed["measured"]) == (
        number,
        2,
        True,
    )
    days = call(
        "GET", f"/stations/suoi-lanh/slots/0500/airings?since={tomorrow}&days=2"
    ).json
    assert [(day["rung"], day["bulletin"]) for day in days] == [
        ("planned", number),
        ("bed", None),
    ]
    assert call("GET", "/stations/suoi-lanh/slots/0600/airings").status_code == 404
    assert {
        story["episode"]
        for story in call("POST", f"/bulletins/{number}/draft").json["stories"]
    } == {first, second}


def test_a_correction_of_a_story_marks_the_bulletin_that_read_it(
    newsroom, client, made, clock, work_all
):
    number, (story, _) = made()
    newsroom.episodes.approve(number, "chị Sen", newsroom.episodes.get(number).version)
    newsroom.takings.take("suoi-lanh", number, 1)
    clock.ahead += timedelta(hours=10)
    work_all()
    slug = newsroom.episodes.get(number).slug
    assert "Đã đính chính" not in client.get(f"/articles/{slug}").text
    made_right = correct(
        newsroom, story, "hai con đường", "ba con đường", "lan"
    ).episode_id
    work_all()
    newsroom.episodes.approve(
        made_right, "chị Sen", newsroom.episodes.get(made_right).version
    )
    work_all()
    assert "ba con đường" in client.get(f"/articles/{slug}").text
    (taking,) = newsroom.takings.outdated("suoi-lanh", clock() - timedelta(days=2))
    assert (taking.episode_id, taking.state) == (number, "corrected")
    assert client.get("/feeds/stations/suoi-lanh.xml").text.count("Đã đính chính") >= 2


def test_todays_news_does_not_play_a_bulletin_beside_its_stories(
    newsroom, client, made, clock, work_all
):
    number, stories = made()
    newsroom.episodes.approve(number, "chị Sen", newsroom.episodes.get(number).version)
    clock.ahead += timedelta(hours=10)
    work_all()
    assert newsroom.episodes.get(number).state is State.PUBLISHED
    home = client.get("/").text
    assert newsroom.episodes.get(number).slug not in home
    assert all(newsroom.episodes.get(story).slug in home for story in stories)
