"""Stations as a spreadsheet: out, in again after a look, row by row."""

import csv
import html
import io
import random
import re
from dataclasses import replace

import pytest

from service.newsroom.errors import Invalid, Unavailable
from service.newsroom.values import ApprovalRule, Role, Slot, Station
from service.web.app import create_app
from service.web.desk.station_sheet import rows_of as rows_of_sheet
from service.web.desk.station_sheet import spreadsheet, station_in
from service.web.desk.station_sheets import AT_ONCE
from tests.house import PASSWORD, Browser

PATH = "/desk/stations/sheet.csv"
HEAD = "Mã,Tên đài,Địa bàn,Giờ phát,Giọng,Duyệt,Lời chào,Người trực"


@pytest.fixture
def furnished(newsroom):
    newsroom.stations.put(
        Station(
            "xa-an",
            "Đài xã An",
            "Xã An",
            slots=(Slot("05:00", 900, "12345", lunar=True), Slot("17:00", 270)),
            reading={"mung": True},
            approval=ApprovalRule.ANOTHER,
        )
    )


@pytest.fixture
def admin(desk, furnished):
    return desk(Role.ADMIN)


def looked_at(send, sheet):
    """The page that says what the sheet would do."""
    return send(PATH, file=(io.BytesIO(sheet.encode()), "dai.csv"))


def saved(send, page):
    """Presses its button."""
    text = re.search(r'<textarea name="sheet" hidden>(.*?)</textarea>', page, re.DOTALL)
    return send(PATH, sheet=html.unescape(text[1]), save="1").text


def rows_of(client):
    return list(csv.reader(io.StringIO(client.get(PATH).text.removeprefix("\ufeff"))))


def test_what_goes_out_comes_in_and_changes_nothing(admin, client, newsroom):
    sheet = client.get(PATH).text
    assert sheet.startswith("\ufeff" + HEAD)
    assert ["xa-an", "Đài xã An", "Xã An", "05:00/15; 17:00/4.5"] in [
        row[:4] for row in rows_of(client)
    ]
    before = newsroom.stations.all()
    page = looked_at(admin, sheet).text
    assert "thêm hoặc sửa 0 đài" in page
    assert 'name="save"' not in page
    admin(PATH, sheet=sheet, save="1")
    assert newsroom.stations.all() == before


# Shortest and longest, and all lengths that a form may give between.
LENGTHS = range(120, 3601)


def test_every_station_that_goes_out_comes_in_as_it_was():
    """Whatever a form or the API may have set, through every column."""
    rng = random.Random(19)
    lengths = iter(rng.sample(LENGTHS, len(LENGTHS)))
    stations = []
    for number in range(len(LENGTHS) // 24):
        slots = tuple(
            Slot(f"{hour:02}:{number % 60:02}", next(lengths)) for hour in range(24)
        )
        words = rng.choice(
            ("Xã An", " hai  dấu cách ", "a;b,c\td", "\"'=+-@", "x\r\ny")
        )
        stations.append(
            Station(
                f"xa-{number}",
                f"Đài {number}",
                place=words,
                greeting=words,
                approval=rng.choice(list(ApprovalRule)),
                duty=("a@xa.vn", "https://xa.vn/bao;x,y")[: number % 3],
                slots=slots,
            )
        )
    there = {station.slug: station for station in stations}
    for row in rows_of_sheet(spreadsheet(stations, with_duty=True)):
        assert station_in(row, there) == there[row.cells["Mã"]]


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("05:00/3:20", 200),
        ("5:00 / 3:20", 200),
        ("05:00/4,5", 270),
        ("05:00/2.05", 123),
    ],
)
def test_lengths_are_minutes_or_minutes_and_seconds(admin, newsroom, cell, seconds):
    page = looked_at(admin, f"Mã;Giờ phát\nxa-an;{cell}\n").text
    saved(admin, page)
    (slot,) = newsroom.stations.get("xa-an").slots
    assert (slot.at, slot.max_seconds) == ("05:00", seconds)


def test_a_new_station_is_like_another(admin, newsroom):
    sheet = "Mã;Tên đài;Như đài;Giờ phát\nxa-ba;Đài xã Ba;xa-an;\nxa-tu;Đài xã Tư;xa-ba;06:30/20\n"
    page = looked_at(admin, sheet).text
    assert "thêm hoặc sửa 2 đài" in page
    assert {each.slug for each in newsroom.stations.all()} & {"xa-ba", "xa-tu"} == set()
    assert "Đã lưu 2 đài" in saved(admin, page)
    an, ba, tu = map(newsroom.stations.get, ("xa-an", "xa-ba", "xa-tu"))
    assert ba.slots == an.slots
    assert (ba.approval, ba.reading) == (an.approval, an.reading)
    assert [(slot.at, slot.max_seconds) for slot in tu.slots] == [("06:30", 1200)]


def test_an_hour_that_stays_keeps_its_rules(admin, newsroom):
    page = looked_at(admin, "Mã,Giờ phát\nxa-an,05:00/10; 11:30/5\n").text
    saved(admin, page)
    first, second = newsroom.stations.get("xa-an").slots
    assert first == Slot("05:00", 600, "12345", lunar=True)
    assert second == Slot("11:30", 300)
    assert newsroom.stations.get("xa-an").place == "Xã An", "a column that is not there"


class Failing:
    """Stations of which the second lot cannot be kept, until they can."""

    def __init__(self, stations):
        self._stations, self.lots, self.fails = stations, 0, True

    def __getattr__(self, name):
        return getattr(self._stations, name)

    def put_all(self, stations, by):
        self.lots += 1
        if self.fails and self.lots == 2:
            raise Unavailable.database()
        self._stations.put_all(stations, by)


def test_what_was_kept_before_a_fault_is_told(newsroom, site, furnished):
    stations = Failing(newsroom.stations)
    app = create_app(replace(newsroom, stations=stations), site)
    newsroom.people.add("sen", PASSWORD, Role.ADMIN)
    send = Browser(app, "sen").send
    rows = "".join(f"xa-{n};Đài {n};xa-an\n" for n in range(AT_ONCE + 1))
    page = looked_at(send, f"Mã;Tên đài;Như đài\n{rows}").text
    answer = saved(send, page)
    assert f"Đã lưu {AT_ONCE} đài;" in answer
    assert "thêm hoặc sửa 1 đài" in answer
    stations.fails = False
    assert "Đã lưu 1 đài" in saved(send, answer)
    assert len(newsroom.stations.all()) == AT_ONCE + 3


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("xa-mot,,,,,,,", "Tên"),
        ("Xã Một,Đài Một,,,,,,", "Mã"),
        ("xa-mot,Đài Một,,5 giờ sáng,,,,", "05:00/15"),
        ("xa-mot,Đài Một,,25:00/10,,,,", "giờ"),
        ("xa-mot,Đài Một,,,khong:co,,,", "giọng"),
        ("xa-mot,Đài Một,,,,ai cũng được,,", "Duyệt"),
        ("xa-mot,Đài Một,,,,,,ở nhà", "thư điện tử"),
        ("xa-mot,Đài Một,,,,,,http://169.254.169.254/", "Người trực"),
    ],
)
def test_a_row_that_is_wrong_fails_for_itself_alone(admin, newsroom, row, word):
    page = looked_at(admin, f"{HEAD}\nxa-an,Tên mới,,05:00/15,,,,\n{row}\n").text
    assert "1 dòng có lỗi" in page
    assert word.lower() in page.lower()
    assert "Đã lưu 1 đài" in saved(admin, page)
    assert newsroom.stations.get("xa-an").name == "Tên mới"
    assert newsroom.stations.get("xa-an").approval is ApprovalRule.ANOTHER
    assert "xa-mot" not in {each.slug for each in newsroom.stations.all()}


def test_an_hour_that_takes_news_of_no_station_is_refused_before_it_is_kept(newsroom):
    lost = Station("xa-lac", "Đài lạc", slots=(Slot("05:00", 300, sources=("khong",)),))
    with pytest.raises(Invalid, match="khong"):
        newsroom.stations.checked(lost)


def test_a_province_s_sheet_changes_every_feed_once(admin, newsroom):
    newsroom.shows.name("all", "1")
    rows = "".join(f"xa-{n};Đài {n};xa-an\n" for n in range(60))
    again = "xa-0;Tên sau;\n"
    page = looked_at(admin, f"Mã;Tên đài;Như đài\n{rows}{again}").text
    before = newsroom.shows.serials()["all"]
    assert "Đã lưu 61 đài" in saved(admin, page)
    assert newsroom.shows.serials()["all"] == before + 1
    assert len(newsroom.stations.all()) == 62
    assert newsroom.stations.get("xa-0").name == "Tên sau"


@pytest.mark.parametrize(
    ("sheet", "word"),
    [
        ("", "Mã"),
        ("Tên đài\nA\n", "Mã"),
        ("Mã,Màu\nxa-an,đỏ\n", "Dòng đầu"),
        (f"Mã,Tên đài\nxa-an,{'a' * 200_000}\n", "bảng tính"),
    ],
)
def test_a_sheet_that_is_none_is_refused(admin, sheet, word):
    page = looked_at(admin, sheet)
    assert page.status_code == 422
    assert word in page.text


def test_no_cell_is_a_formula(admin, client, newsroom):
    newsroom.stations.put(Station("xa-cong", "=HYPERLINK(1)"))
    (row,) = [row for row in rows_of(client) if row[0] == "xa-cong"]
    assert row[1] == "'=HYPERLINK(1)"


def test_only_who_is_an_administrator_everywhere_sends_one(desk, furnished):
    send = desk(Role.EDITOR)
    assert looked_at(send, "Mã,Tên đài\nxa-an,Khác\n").status_code == 403
