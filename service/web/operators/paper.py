"""A station's month as a PDF to sign and stamp, set with reportlab."""

import io
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from xml.sax.saxutils import escape

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

from service.web.operators.report import COLUMNS, Month, cells
from service.web.words import clock, day

PLAIN, BOLD = "Be Vietnam Pro", "Be Vietnam Pro Bold"
WIDTHS_MM = (27, 13, 56, 28, 18, 27, 25, 25, 27, 27)
CELL = ParagraphStyle("cell", fontName=PLAIN, fontSize=7.5, leading=10)
HEAD = ParagraphStyle("head", parent=CELL, fontName=BOLD)


def pdf(month: Month, now: datetime, witness: str = "") -> bytes:
    """A4, lying.

    Its letters in the file; the table's head on every page, and room for two signatures.

    `witness` tells how the log stands, at the foot: what is signed and stamped cannot be changed
    afterwards.
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
    rows += [
        [Paragraph(escape(cell), CELL) for cell in cells(line)] for line in month.lines
    ]
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


def _signatures(now: datetime, style: ParagraphStyle) -> Table:
    middle = ParagraphStyle("middle", parent=style, alignment=1)
    lines = (
        "Người phụ trách loa<br/>(ký, ghi rõ họ tên)",
        "Xác nhận của UBND xã<br/>(ký, đóng dấu)",
    )
    drawn_up = Paragraph(f"Lập lúc {clock(now)}, {day(now)}", middle)
    cells = [
        [Paragraph("", middle), drawn_up],
        [Paragraph(line, middle) for line in lines],
    ]
    return Table(
        cells, colWidths=[130 * mm] * 2, style=[("FONTNAME", (0, 0), (-1, -1), PLAIN)]
    )


def _foot_of(month: Month, witness: str) -> str:
    logged = f" · Nhật ký phần mềm: {witness}" if witness else ""
    return f"{month.station.name} · {month.title}{logged}"


def _foot(text: str, canvas: Canvas, _paper: BaseDocTemplate) -> None:
    canvas.setFont(PLAIN, 8)
    canvas.drawString(12 * mm, 8 * mm, text)
    canvas.drawRightString(
        landscape(A4)[0] - 12 * mm, 8 * mm, f"Trang {canvas.getPageNumber()}"
    )


@cache
def _fonts() -> None:
    """The house's letters, known to reportlab from now on."""
    for name, file in (
        (PLAIN, "BeVietnamPro-Regular.ttf"),
        (BOLD, "BeVietnamPro-Bold.ttf"),
    ):
        data = (files("service.podcast") / "fonts" / file).read_bytes()
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))
