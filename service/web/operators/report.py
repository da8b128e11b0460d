"""A station's month: what was broadcast, when, and who says so.

As CSV for a spreadsheet, and on paper.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Flask, Response
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import Aired, Role, Station
from service.web.auth import require
from service.web.site import Site
from service.web.words import day, duration, rung_name, when
from service.web.words.spreadsheets import harmless
from service.zone import begin_of

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
BOM = "\ufeff"  # or Excel shows Vietnamese as noise
COLUMNS = (
    "Ngày",
    "Giờ",
    "Bản tin",
    "Loại",
    "Thời lượng",
    "Người duyệt",
    "Duyệt lúc",
    "Đã phát lúc",
    "Người phát",
    "Tình trạng",
)
DIGEST = "SHA-256"  # in the CSV alone: too long for paper


@dataclass(frozen=True, slots=True)
class Month:
    """A station's log of a month, up to now."""

    station: Station
    first: date
    lines: tuple[Aired, ...]

    @property
    def title(self) -> str:
        """ "Nhật ký phát thanh tháng 11/2026"."""
        return f"Nhật ký phát thanh tháng {self.first:%m/%Y}"

    @property
    def summary(self) -> str:
        """The month in one sentence."""
        played = sum(line.airing.played_at is not None for line in self.lines)
        ready = sum(bool(line.episode_id) for line in self.lines)
        seconds = sum(
            line.seconds for line in self.lines if line.airing.played_at is not None
        )
        return (
            f"{len(self.lines)} buổi theo lịch; {ready} buổi có bản tin được duyệt; "
            f"{played} buổi đã ghi “Đã phát”, tổng cộng {round(seconds / 60)} phút."
        )


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /stations/<slug>/reports/<month>.pdf and .csv,
    for who is logged in: they name people.
    """
    pages = Blueprint("report", __name__)

    @require(Role.OPERATOR)
    def paper(slug: str, month: str) -> ResponseReturnValue:
        # Loads what sets type, which is slow and which nothing else needs.
        from service.web.operators.paper import pdf

        log = _month(newsroom, slug, month)
        witness = newsroom.log.standing().witness
        name = f"{slug}-{month}.pdf"
        return _file(pdf(log, newsroom.now(), witness), "application/pdf", name)

    @require(Role.OPERATOR)
    def sheet(slug: str, month: str) -> ResponseReturnValue:
        log = _month(newsroom, slug, month)
        return _file(
            spreadsheet(log).encode(), "text/csv; charset=utf-8", f"{slug}-{month}.csv"
        )

    pages.add_url_rule("/stations/<slug>/reports/<month>.pdf", "paper", paper)
    pages.add_url_rule("/stations/<slug>/reports/<month>.csv", "sheet", sheet)
    app.register_blueprint(pages)


def spreadsheet(month: Month) -> str:
    """CSV (RFC 4180) that Excel opens with its letters right, and in which no cell is a formula."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow([*COLUMNS, DIGEST])
    for line in month.lines:
        rows.writerow([harmless(cell) for cell in (*cells(line), line.sha256)])
    return BOM + out.getvalue()


def cells(line: Aired) -> tuple[str, ...]:
    """A broadcast as people read it, under COLUMNS."""
    airing = line.airing
    return (
        day(airing.air_at),
        airing.at,
        line.title,
        rung_name(line.rung) if line.episode_id or airing.played_at else "",
        duration(line.seconds) if line.episode_id else "",
        line.approved_by,
        when(line.approved_at) if line.approved_at else "",
        when(airing.played_at) if airing.played_at else "",
        airing.played_by,
        _standing(line),
    )


def _standing(line: Aired) -> str:
    if line.airing.played_at is not None:
        return "Đã phát"
    if line.airing.missed:
        return "Bỏ lỡ: máy tắt"
    return "Chưa ghi nhận" if line.episode_id else "Không có bản tin"


def _month(newsroom: Newsroom, slug: str, month: str) -> Month:
    station = newsroom.stations.get(slug)
    named = MONTH.fullmatch(month)
    if named is None:
        raise NotFound(
            f"{month!r} is no month; write 2026-11",
            "Không có báo cáo của tháng này.",
            "month",
        )
    first = date(int(named[1]), int(named[2]), 1)
    following = (first + timedelta(days=31)).replace(day=1)
    until = min(begin_of(following), newsroom.now())
    return Month(
        station, first, tuple(newsroom.airlog.record(slug, begin_of(first), until))
    )


def _file(data: bytes, kind: str, name: str) -> Response:
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
