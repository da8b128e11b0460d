"""A station's month: what was broadcast, when, and who says so; as PDF to sign, and as CSV for a spreadsheet."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from importlib.resources import files
from xml.sax.saxutils import escape

from flask import Blueprint, Flask, Response
from flask.typing import ResponseReturnValue
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import Aired, Role, Station
from service.web.auth import require
from service.web.site import Site
from service.web.words import clock, day, duration, rung_name, when
from service.web.words.spreadsheets import harmless
from service.zone import begin_of

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
BOM = "\ufeff"  # or Excel shows Vietnamese as noise
PLAIN, BOLD = "Be Vietnam Pro", "Be Vietnam Pro Bold"
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
WIDTHS_MM = (27, 13, 56, 28, 18, 27, 25, 25, 27, 27)
CELL = ParagraphStyle("cell", fontName=PLAIN, fontSize=7.5, leading=10)
HEAD = ParagraphStyle("head", parent=CELL, fontName=BOLD)
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
        seconds = sum(line.seconds for line in self.lines if line.airing.played_at is not None)
        return (
            f"{len(self.lines)} buổi theo lịch; {ready} buổi có bản tin được duyệt; "
            f"{played} buổi đã ghi “Đã phát”, tổng cộng {round(seconds / 60)} phút."
        )


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /stations/<slug>/reports/<month>.pdf and .csv, for who is logged in: they name people."""
    pages = Blueprint("report", __name__)

    @require(Role.OPERATOR)
    def paper(slug: str, month: str) -> ResponseReturnValue:
        log = _month(newsroom, slug, month)
        witness = newsroom.log.standing().witness
        name = f"{slug}-{month}.pdf"
        return _file(pdf(log, newsroom.now(), witness), "application/pdf", name)

    @require(Role.OPERATOR)
    def sheet(slug: str, month: str) -> ResponseReturnValue:
        log = _month(newsroom, slug, month)
        return _file(spreadsheet(log).encode(), "text/csv; charset=utf-8", f"{slug}-{month}.csv")

    pages.add_url_rule("/stations/<slug>/reports/<month>.pdf", "paper", paper)
    pages.add_url_rule("/stations/<slug>/reports/<month>.csv", "sheet", sheet)
    app.register_blueprint(pages)


def spreadsheet(month: Month) -> str:
    """CSV (RFC 4180) that Excel opens with its letters right, and in which no cell is a formula."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow([*COLUMNS, DIGEST])
    for line in month.lines:
        rows.writerow([harmless(cell) for cell in (*_cells(line), line.sha256)])
    return BOM + out.getvalue()


def pdf(month: Month, now: datetime, witness: str = "") -> bytes:
    """A4, lying; its letters in the file; the table's head on every page, and room for two signatures.

    `witness` tells how the log stands, at the foot: what is signed and stamped cannot be changed afterwards.
    """
    _fonts()
    out = io.BytesIO()
    paper = _paper(out, month)
    text = ParagraphStyle("text", parent=CELL, fontSize=10, leading=14)
    name = ParagraphStyle("name", parent=text, fontName=BOLD)
    title = ParagraphStyle("title", parent=text, fontName=BOLD, fontSize=16, leading=24)
    story: list[Flowable] = [
        Paragraph(escape(month.station.name), name),
        Paragraph(escape(month.title), title),
        Paragraph(escape(month.summary), text),
        Spacer(0, 4 * mm),
        _table(month),
        KeepTogether([Spacer(0, 8 * mm), _signatures(now, text)]),
    ]
    foot = partial(_foot, _foot_of(month, witness))
    paper.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _paper(out: io.BytesIO, month: Month) -> SimpleDocTemplate:
    return SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        leftMargin=12 * mm,
        rightMargin=12 * mm,
        topMargin=12 * mm,
        bottomMargin=16 * mm,
        title=f"{month.title}: {month.station.name}",
        author=month.station.name,
        lang="vi",
        initialFontName=PLAIN,
    )


def _table(month: Month) -> Table:
    """A row for each broadcast."""
    rows = [[Paragraph(escape(column), HEAD) for column in COLUMNS]]
    rows += [[Paragraph(escape(cell), CELL) for cell in _cells(line)] for line in month.lines]
    table = Table(rows, colWidths=[width * mm for width in WIDTHS_MM], repeatRows=1)
    table.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.4, colors.black),
            ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("FONTNAME", (0, 0), (-1, -1), PLAIN),
        ]
    )
    return table


def _cells(line: Aired) -> tuple[str, ...]:
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


def _signatures(now: datetime, style: ParagraphStyle) -> Table:
    middle = ParagraphStyle("middle", parent=style, alignment=1)
    lines = (
        "Người phụ trách loa<br/>(ký, ghi rõ họ tên)",
        "Xác nhận của UBND xã<br/>(ký, đóng dấu)",
    )
    drawn_up = Paragraph(f"Lập lúc {clock(now)}, {day(now)}", middle)
    cells = [[Paragraph("", middle), drawn_up], [Paragraph(line, middle) for line in lines]]
    return Table(cells, colWidths=[130 * mm] * 2, style=[("FONTNAME", (0, 0), (-1, -1), PLAIN)])


def _foot_of(month: Month, witness: str) -> str:
    logged = f" · Nhật ký phần mềm: {witness}" if witness else ""
    return f"{month.station.name} · {month.title}{logged}"


def _foot(text: str, canvas: Canvas, _paper: BaseDocTemplate) -> None:
    canvas.setFont(PLAIN, 8)
    canvas.drawString(12 * mm, 8 * mm, text)
    canvas.drawRightString(landscape(A4)[0] - 12 * mm, 8 * mm, f"Trang {canvas.getPageNumber()}")


@cache
def _fonts() -> None:
    """The house's letters, known to reportlab from now on."""
    for name, file in ((PLAIN, "BeVietnamPro-Regular.ttf"), (BOLD, "BeVietnamPro-Bold.ttf")):
        data = (files("service.podcast") / "fonts" / file).read_bytes()
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))


def _month(newsroom: Newsroom, slug: str, month: str) -> Month:
    station = newsroom.stations.get(slug)
    named = MONTH.fullmatch(month)
    if named is None:
        raise NotFound(
            f"{month!r} is no month; write 2026-11", "Không có báo cáo của tháng này.", "month"
        )
    first = date(int(named[1]), int(named[2]), 1)
    following = (first + timedelta(days=31)).replace(day=1)
    until = min(begin_of(following), newsroom.now())
    return Month(station, first, tuple(newsroom.bulletins.record(slug, begin_of(first), until)))


def _file(data: bytes, kind: str, name: str) -> Response:
    answer = Response(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
