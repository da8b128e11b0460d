"""The month of a station on paper and in a spreadsheet."""

import csv
import io
import subprocess
from dataclasses import replace
from datetime import datetime

import pytest
from pypdf import PdfReader

from service.newsroom.values import SlotHour, State, Station
from service.web.operators.paper import pdf
from service.web.operators.report import Month, spreadsheet
from service.web.words import NO_BREAK
from tests.system.servers import need
from tests.web.test_speaker import operator  # noqa: F401

# ruff: noqa: F811


@pytest.fixture
def played(newsroom, slot, bulletin, approve, clock):
    """The bulletin's airing, broadcast; its month as addresses name it."""
    approve(bulletin)
    airing = newsroom.bulletins.get(bulletin).airing
    clock.ahead += airing.air_at - clock()
    clock.ahead += 2 * (airing.ends_at - airing.air_at)
    hour = SlotHour(slot, airing.day, airing.air_at)
    newsroom.airlog.played("suoi-lanh", hour, "anh Páo")
    return f"{airing.day:%Y-%m}"


def test_a_month_is_for_who_is_logged_in(client, operator, played, newsroom):
    for kind in ("pdf", "csv"):
        address = f"/stations/suoi-lanh/reports/{played}.{kind}"
        assert client.get(address).status_code == 303
        assert operator.get(address).status_code == 200
        assert operator.get(address.replace(played, "2026-13")).status_code == 404
    paper = operator.get(f"/stations/suoi-lanh/reports/{played}.pdf").data
    text = PdfReader(io.BytesIO(paper)).pages[0].extract_text()
    assert newsroom.log.standing().witness in text, (
        "what is signed tells how the log stood"
    )
    assert f"reports/{played}.pdf" in operator.get("/stations/suoi-lanh/speaker").text
    assert f"reports/{played}.pdf" not in client.get("/stations/suoi-lanh/speaker").text


def test_the_spreadsheet_says_what_was_broadcast(operator, played, newsroom, bulletin):
    data = operator.get(f"/stations/suoi-lanh/reports/{played}.csv").data
    assert data.startswith(b"\xef\xbb\xbf")
    assert NO_BREAK.encode() not in data, "cells are searched for as they are typed"
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert (row["Giờ"], row["Tình trạng"], row["Người phát"]) == (
        "05:00",
        "Đã phát",
        "anh Páo",
    )
    assert row["Bản tin"].startswith("Bản tin 5 giờ")
    assert row["Loại"] == "bản tin đã duyệt"
    assert row["Đã phát lúc"].startswith("05:10")
    assert len(row["SHA-256"]) == 64


@pytest.mark.parametrize("cell", ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(newsroom, played, cell, clock):
    (line,) = newsroom.airlog.record(
        "suoi-lanh", datetime(2020, 1, 1).astimezone(), clock()
    )
    month = Month(
        Station("a", "A"), line.airing.day.replace(day=1), (replace(line, title=cell),)
    )
    (row,) = csv.DictReader(
        io.StringIO(spreadsheet(month).removeprefix("\ufeff"), newline="")
    )
    assert row["Bản tin"] == f"'{cell}"


def test_the_paper_holds_its_letters_and_as_many_pages_as_it_needs(
    newsroom, played, clock, tmp_path
):
    (line,) = newsroom.airlog.record(
        "suoi-lanh", datetime(2020, 1, 1).astimezone(), clock()
    )
    silent = replace(
        line,
        airing=replace(line.airing, played_at=None, played_by=""),
        episode_id=0,
        draft=State.HELD,
    )
    lines = tuple(
        [replace(line, title="Tin <b> & tiếng Việt: ặ, Ế, ự, Đ")] * 61 + [silent]
    )
    path = tmp_path / "month.pdf"
    path.write_bytes(
        pdf(
            Month(
                newsroom.stations.get("suoi-lanh"),
                line.airing.day.replace(day=1),
                lines,
            ),
            clock(),
        )
    )
    text = subprocess.run(
        [need("pdftotext", "poppler-utils"), "-layout", path, "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for word in (
        "Đài Suối Lành",
        "Nhật ký phát thanh tháng",
        "62 buổi theo lịch",
        "ặ, Ế, ự, Đ",
        "Xác nhận của UBND xã",
    ):
        assert word in text
    # The head stands on every page
    assert text.count("Người duyệt") == text.count("Trang ") > 2
    assert "Không có bản tin" in text
    fonts = subprocess.run(
        ["pdffonts", path], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert fonts
    for font in fonts:
        assert "BeVietnamPro" in font.replace(" ", "")
        # Embedded, a subset, its letters can be searched
        assert "yes yes yes" in " ".join(font.split())
