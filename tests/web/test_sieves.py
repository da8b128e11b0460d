"""The desk's list and the log are sifted: by kind, day, person and words of any month; the log is a
table too.
"""

import csv
import io
from datetime import timedelta

import pytest

from service.newsroom.values import Event, Role
from service.zone import VIETNAM
from tests.house import PASSWORD, Browser


@pytest.fixture
def people(app, newsroom):
    def come(name, role):
        newsroom.people.add(name, PASSWORD, role)
        return Browser(app, name)

    return come


def day_of(clock):
    return clock().astimezone(VIETNAM).date()


def test_the_list_is_sifted_by_kind_day_and_person(people, newsroom, clock, hand_in):
    month_ago = clock() - timedelta(days=40)
    clock.ahead = -timedelta(days=40)
    hand_in("Tin tháng trước", ("Con suối Nậm Rốm đầy nước.",))
    clock.ahead = timedelta(0)
    number = hand_in("Tin hôm nay", ("Trời nắng đẹp.",))
    sen = people("sen", Role.APPROVER)
    newsroom.episodes.regenerate(number, "sen")

    def titles(query):
        page = sen.get(f"/desk?{query}").text
        return [title for title in ("Tin tháng trước", "Tin hôm nay") if title in page]

    assert titles("") == ["Tin tháng trước", "Tin hôm nay"]
    assert titles("kind=story") == ["Tin tháng trước", "Tin hôm nay"]
    assert titles("kind=bulletin") == []
    assert titles(f"day={day_of(clock)}") == ["Tin hôm nay"]
    then = month_ago.astimezone(VIETNAM).date()
    assert titles(f"day={then}") == ["Tin tháng trước"]
    assert titles("person=sen") == ["Tin hôm nay"]
    assert titles("q=nam+rom") == ["Tin tháng trước"]
    assert titles("kind=x&day=x&page=x") == ["Tin tháng trước", "Tin hôm nay"]
    page = sen.get(f"/desk?kind=story&day={then}&person=test").text
    assert f'name="day" value="{then}"' in page, "what is done to all is done to these"
    assert "Tất cả 1 bài khớp" in page


def test_the_log_is_a_table_of_what_was_sifted(people, newsroom, clock, hand_in):
    clock.ahead = -timedelta(days=3)
    hand_in("=Tin cũ")
    clock.ahead = timedelta(0)
    hand_in("Tin mới")
    editor = people("lan", Role.EDITOR)
    today = day_of(clock)

    def table(query):
        answer = editor.get(f"/desk/log.csv?{query}")
        assert answer.mimetype == "text/csv"
        return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    head, *lines = table(f"event={Event.RECEIVED}")
    assert head[:4] == ["Lúc", "Ai", "Việc", "Chi tiết"]
    assert [line[3] for line in lines] == ["Tin mới", "'=Tin cũ"]
    before = today - timedelta(days=1)
    assert len(table(f"event={Event.RECEIVED}&from={today}&to={today}")) == 2
    assert [line[3] for line in table(f"event={Event.RECEIVED}&to={before}")][1:] == [
        "'=Tin cũ"
    ]
    assert "Đăng nhập" not in {line[2] for line in table("")}, "for administrators"
    page = editor.get(f"/desk/log?event={Event.RECEIVED}&to={before}").text
    assert "Tin mới" not in page
    assert f"to={before}" in page
