"""What an announcement asks to remember: on its page, in a calendar, at the desk, on paper."""

import pytest
from icalendar import Calendar
from lxml import html

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


def test_an_editor_mends_it_with_words_of_the_text(
    client, editor, announcement, newsroom
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
    assert "Đã lưu thẻ" in editor(f"{desk}/memo", desk, **mended).text
    page = client.get(f"/articles/{announcement.slug}").text
    assert rows(page) == {
        "Việc gì": "cắt điện thôn Nà Luông",
        "Khi nào": "từ 7h30 đến 11h30",
        "Điện thoại": "0912 345 678",
    }
    answer = editor(f"{desk}/memo", desk, **mended | {"where": "nhà ông Páo"})
    assert "“nhà ông Páo” không có trong bài" in answer.text
    editor(f"{desk}/memo", desk, again="1")
    page = client.get(f"/articles/{announcement.slug}").text
    assert rows(page)["Ở đâu"] == "toàn thôn Nà Luông"


def test_any_text_may_be_given_one(client, editor, publish):
    story = publish("Xã làm đường", TEXT)
    desk = f"/desk/episodes/{story.id}"
    editor(f"{desk}/memo", desk, when="ngày 02/12/2026")
    assert (
        rows(client.get(f"/articles/{story.slug}").text)["Khi nào"] == "ngày 02/12/2026"
    )


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
