"""A bulletin's own words and hours: the right day, however the clock stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.bulletin import hours, span, words_for
from service.bulletin.wording import lunar_date
from service.vietnamese import say


def test_the_greeting_names_weekday_and_date():
    words = words_for(date(2026, 11, 25), "05:00", "Đây là Đài Suối Lành.")
    assert (
        words.greeting
        == "Đây là Đài Suối Lành. Mời bà con nghe bản tin 5 giờ, thứ Tư, ngày 25/11/2026."
    )
    assert "chủ Nhật" in words_for(date(2026, 11, 29), "17:30", "").greeting
    assert "mười bảy giờ ba mươi phút" in say(
        words_for(date(2026, 11, 29), "17:30", "").greeting
    )


@pytest.mark.parametrize(
    ("day", "told"),
    [  # Tết of these years, the leap sixth month of 2025, rằm tháng Giêng, ông Công ông Táo
        (date(2026, 2, 17), "ngày mùng 1 tháng Giêng năm Bính Ngọ âm lịch"),
        (date(2025, 1, 29), "ngày mùng 1 tháng Giêng năm Ất Tỵ âm lịch"),
        (date(2025, 7, 25), "ngày mùng 1 tháng 6 nhuận năm Ất Tỵ âm lịch"),
        (date(2026, 3, 3), "rằm tháng Giêng năm Bính Ngọ âm lịch"),
        (date(2026, 2, 10), "ngày 23 tháng Chạp năm Ất Tỵ âm lịch"),
        # China's Tết was a day later
        (
            date(2007, 2, 17),
            "ngày mùng 1 tháng Giêng năm Đinh Hợi âm lịch",
        ),
    ],
)
def test_lunar_dates_are_vietnams(day, told):
    assert lunar_date(day) == told


def test_hours_fall_on_their_weekdays_in_vietnam():
    found = list(
        hours(
            "05:00",
            "15",
            datetime(2026, 11, 22, 22, tzinfo=UTC),
            datetime(2026, 12, 1, tzinfo=UTC),
        )
    )
    assert [hour.day for hour in found] == [
        date(2026, 11, 23),
        date(2026, 11, 27),
        date(2026, 11, 30),
    ]
    assert found[0].air_at == datetime(2026, 11, 22, 22, tzinfo=UTC)


def test_an_address_is_about_the_hour_that_is_on_or_just_over_and_then_the_next():
    five = datetime(2026, 11, 24, 22, tzinfo=UTC)  # 05:00 on the 25th
    after = five + timedelta(minutes=15)
    assert span("05:00", "1234567", 900, five - timedelta(hours=9)).day == date(
        2026, 11, 25
    )
    assert span("05:00", "1234567", 900, after + timedelta(minutes=29)).day == date(
        2026, 11, 25
    )
    assert span("05:00", "1234567", 900, after + timedelta(minutes=31)).day == date(
        2026, 11, 26
    )
    assert span("05:00", "2", 900, after).day == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("greeting", "begin"),
    [
        ("Xin chào", "Xin chào. Mời"),
        ("Xin chào.", "Xin chào. Mời"),
        ("Xin chào!", "Xin chào! Mời"),
        ("Xin chào… ", "Xin chào… Mời"),
        ("Kênh FM 98", "Kênh FM 98. Mời"),
        ("", "Mời"),
    ],
)
def test_a_greeting_ends_before_the_news_begins(greeting, begin):
    assert words_for(date(2026, 11, 24), "05:00", greeting).greeting.startswith(begin)
