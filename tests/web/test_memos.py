"""What an announcement asks to remember: on its page, in a calendar, at the desk, on paper."""

import pytest
from icalendar import Calendar
from lxml import html

from service.newsroom.errors import Conflict
from service.newsroom.values import Event, Role, State

TITLE = "Thông báo lịch cắt điện"
TEXT = (
    "Điện lực cắt điện thôn Nà Luông từ 7h30 đến 11h30 ngày 02/12/2026.",
    "Địa điểm: toàn thôn Nà Luông.",
    "Mọi việc xin gọi 0912 345 678.",
)


@pytest.fixture
def announcement(publish):
    return publish(TITLE, TEXT)


def rows(page):
    return {
        row.findtext("dt"): row.find("dd").text_content().strip()
        for row in html.fromstring(page).xpath(
            "//section[contains(@class, 'memo')]//dl/div"
        )
    }


def test_the_page_shows_it_above_the_text(client, announcement):
    page = client.get(f"/articles/{announcement.slug}").text
    assert rows(page) == {
        "Việc gì": "lịch cắt điện",
        "Khi nào": "từ 7h30 đến 11h30 ngày 02/12/2026",
        "Ở đâu": "toàn thôn Nà Luông",
        "Điện thoại": "0912 345 678",
    }
    assert 'href="tel:0912345678"' in page
    assert page.index("Cần nhớ") < page.index('class="text"')


def test_what_is_no_announcement_has_none(client, publish):
    story = publish("Xã làm đường", TEXT)
    page = client.get(f"/articles/{story.slug}").text
    assert "Cần nhớ" not in page
    assert client.get(f"/articles/{story.slug}/event.ics").status_code == 404


def test_the_day_goes_into_a_calendar(client, announcement):
    answer = client.get(f"/articles/{announcement.slug}/event.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["DTSTART"].dt.isoformat() == "2026-12-02T00:30:00+00:00"
    assert (event["SUMMARY"], event["LOCATION"]) == (
        "lịch cắt điện",
        "toàn thôn Nà Luông",
    )
    assert client.get("/articles/khong/event.ics").status_code == 404


@pytest.fixture
def approver(desk):
    return desk(Role.APPROVER)


def test_an_approver_mends_it_with_words_of_the_text(
    client, approver, announcement, newsroom
):
    desk = f"/desk/episodes/{announcement.id}"
    assert 'value="toàn thôn Nà Luông"' in client.get(desk).text
    mended = {
        "what": "cắt điện thôn Nà Luông",
        "who": "",
        "when": "từ 7h30 đến 11h30",
        "where": "",
        "phones": "0912 345 678",
    }
    assert "Đã lưu thẻ" in approver(f"{desk}/memo", desk, **mended).text
    page = client.get(f"/articles/{announcement.slug}").text
    assert rows(page) == {
        "Việc gì": "cắt điện thôn Nà Luông",
        "Khi nào": "từ 7h30 đến 11h30",
        "Điện thoại": "0912 345 678",
    }
    answer = approver(f"{desk}/memo", desk, **mended | {"where": "nhà ông Páo"})
    assert "“nhà ông Páo” không có trong bài" in answer.text
    approver(f"{desk}/memo", desk, again="1")
    page = client.get(f"/articles/{announcement.slug}").text
    assert rows(page)["Ở đâu"] == "toàn thôn Nà Luông"


def test_any_text_may_be_given_one(client, approver, publish):
    story = publish("Xã làm đường", TEXT)
    desk = f"/desk/episodes/{story.id}"
    approver(f"{desk}/memo", desk, when="ngày 02/12/2026")
    assert (
        rows(client.get(f"/articles/{story.slug}").text)["Khi nào"] == "ngày 02/12/2026"
    )


@pytest.mark.parametrize("change", [{"phones": ""}, {"again": "1"}])
def test_what_the_public_has_is_changed_by_approvers_alone(
    client, editor, announcement, change
):
    desk, address = (
        f"/desk/episodes/{announcement.id}",
        f"/articles/{announcement.slug}",
    )
    before = client.get(address).text
    assert "Lưu thẻ" not in client.get(desk).text
    assert "chỉ người duyệt" in editor(f"{desk}/memo", desk, **change).text
    assert rows(client.get(address).text) == rows(before)


def test_an_editor_mends_it_before_the_approval(client, editor, hand_in, work_all):
    desk = f"/desk/episodes/{hand_in(TITLE, TEXT)}"
    work_all()
    assert "Đã lưu thẻ" in editor(f"{desk}/memo", desk, when="ngày 02/12/2026").text
    assert 'value="ngày 02/12/2026"' in client.get(desk).text


@pytest.mark.parametrize("change", [{"when": "ngày 02/12/2026"}, {"again": "1"}])
def test_an_approval_is_for_the_memo_that_was_seen(
    editor, newsroom, hand_in, work_all, change
):
    number = hand_in(TITLE, TEXT)
    desk = f"/desk/episodes/{number}"
    work_all()
    editor(f"{desk}/memo", desk, where="thôn Nà Luông")
    work_all()
    seen = newsroom.episodes.get(number)
    assert seen.state is State.MASTERED
    editor(f"{desk}/memo", desk, **change)
    with pytest.raises(Conflict):
        newsroom.episodes.approve(number, "chị Sen", seen.version)
    work_all()
    newsroom.episodes.approve(number, "chị Sen", seen.version + 1)
    opened = newsroom.log.lines(events=(Event.REOPENED,), episode_id=number)
    assert [(line.who, line.detail) for line in opened] == [("sen", "memo")] * 2


def test_the_same_memo_again_is_no_version(editor, newsroom, hand_in, work_all):
    number = hand_in(TITLE, TEXT)
    desk = f"/desk/episodes/{number}"
    work_all()
    for _ in range(2):
        editor(f"{desk}/memo", desk, where="thôn Nà Luông")
        work_all()
    assert newsroom.episodes.get(number).version == 2


NUMBERS = (
    "Mọi việc xin gọi 02293 811 115 hoặc 0912.345.678.",
    "Họp từ 17h30 đến 21h ngày 12/12/2026.",
    "Trạm y tế: 1900 1234.",
)


# A field, what is typed there, whether it stands whole in NUMBERS.
TYPED = (
    ("phones", "02293 811 115", True),
    ("phones", "115", False),
    ("phones", "811 115", False),
    ("phones", "02293 811", False),
    ("phones", "0912.345.678", True),
    ("phones", "0912", False),
    ("phones", "345.678", False),
    ("phones", "02293 811 115, 678", False),
    ("phones", "1900 1234", True),
    ("phones", "1900", False),
    ("when", "17h30", True),
    ("when", "7h30", False),
    ("when", "17h3", False),
    ("when", "12/2026", False),
    ("when", "2/12/2026", False),
    ("when", "ngày 12/12/2026", True),
    ("where", "Trạm y tế", True),
    ("where", "ạm y tế", False),
)


def test_no_number_or_word_is_cut(approver, publish):
    desk = f"/desk/episodes/{publish('Thông báo họp', NUMBERS).id}"
    for field, value, stands in TYPED:
        answer = approver(f"{desk}/memo", desk, **{field: value})
        assert ("Đã lưu thẻ" in answer.text) is stands, value


def test_it_stands_on_the_operators_print(
    client, newsroom, announcement, drafted, approve
):
    approve(drafted())
    day = client.get("/stations/suoi-lanh/speaker").text
    link = next(
        str(a.get("href"))
        for a in html.fromstring(day).iter("a")
        if "In lời" in a.text_content()
    )
    assert rows(client.get(link).text)["Khi nào"].startswith("từ 7h30")
