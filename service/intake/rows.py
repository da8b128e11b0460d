"""The lines of a text as somebody typed or copied it: two columns side by side, tables,
and the marks that programs of notes put around words.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from service.intake.letters import lines_of, tidy
from service.intake.lines import is_name, last_mark
from service.intake.papers.heads import has_motto, is_of_head
from service.intake.papers.signature import signs, to_whom

FEWEST_ROWS = 2  # of a table: one line with a tab is a line with a tab
FEWEST_CELLS = 2
MOST_CHARS = 400  # of two columns side by side
PIPE = re.compile(r"\|")
GAP = re.compile(r"\t+| {3,}")  # between two columns
TABS = re.compile(r"\t+")
BULLET = re.compile(r"\A[\t ]{0,20}([•●▪◦·])\t+")  # of a list, as browsers copy it
FILE = re.compile(r"[\w)]\.(?:pdf|docx?|xlsx?|pptx?|zip|rar)\b")
HEADING = re.compile(r"#{1,6} +(?=\S)")
BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_]{1,500})(?<=\S)\1")
PIPED = re.compile(r"\|(?:[^|]{0,500}\|){2,30}")
RULED = re.compile(r"[|:\- ]{3,300}")
# “1.”, “a)”, “Thời gian:”: what a cell begins that goes on in the next one.
BEGUN = re.compile(r"(?:\d{1,3}[.)]|[a-zđ][.)]|[IVX]{1,4}[.)]|[-–+•*]|.{0,300}[:：])")
COUNTED = re.compile(r"(?:stt|tt|số tt|số thứ tự|no\.?|#); (?=\S)")
COUNT = re.compile(r"\d{1,3}[.)]?; (?=\S)")


def rows_of(text: str) -> list[str]:
    """The lines of a text, tidy, none empty.

    Rows of a table become sentences, their cells parted by pauses as those of HTML are; the two
    columns above and below an official document become lines of their own.
    """
    raw = [BULLET.sub(r"\1 ", line, count=1) for line in lines_of(text)]
    is_document = any(map(has_motto, raw))
    rows: list[str] = []
    for tabbed, run in groupby(raw, _is_tabbed):
        lines = list(run)
        # A letterhead's columns are no table, though tabs part them too.
        if is_document and any(map(_is_framed, lines)):
            rows += [cell for line in lines for cell in _columns(line)]
        elif tabbed and len(lines) >= FEWEST_ROWS and not lists_files(lines):
            rows += [said(_cells(line, TABS)) for line in lines]
        else:
            rows += map(_plain, lines)
    return list(filter(None, rows))


def _is_tabbed(line: str) -> bool:
    return len(_cells(line, TABS)) > 1


def lists_files(rows: Iterable[str]) -> bool:
    """Whether a table lists what can be downloaded: that is no part of any text."""
    return any(FILE.search(row.lower()) for row in rows)


def said(cells: Sequence[str]) -> str:
    """A row of a table as a sentence: the full stop makes the voice pause between two rows."""
    pieces: list[str] = []
    for cell in filter(None, cells):
        if pieces:
            pieces.append(" " if BEGUN.fullmatch(pieces[-1]) else "; ")
        pieces.append(cell)
    text = "".join(pieces)
    return text if not text or last_mark(text) else f"{text}."


def without_counts(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines without the numbers of a table's rows, which nobody says, and those numbers.

    Only below a head that calls them so: "STT; Họ tên; Thôn".
    """
    kept: list[str] = []
    counts: list[str] = []
    counted = False
    for line in lines:
        form = COUNT if counted else COUNTED
        count = form.match(line.lower())
        counted = count is not None
        if count:
            counts.append(line[: count.end()].rstrip("; "))
            line = line[count.end() :]
        kept.append(line)
    return kept, counts


def _plain(line: str) -> str:
    """A line without the marks of Markdown, which some type and many programs copy."""
    text = tidy(line)
    if PIPED.fullmatch(text):
        return "" if RULED.fullmatch(text) else said(_cells(text, PIPE))
    return BOLD.sub(r"\2", HEADING.sub("", text, count=1))


def _cells(line: str, gap: re.Pattern[str]) -> list[str]:
    return [cell for cell in map(tidy, gap.split(line)) if cell]


def lines_of_row(cells: Sequence[str]) -> list[str]:
    """A row of an office's table: one sentence, or the columns of a letterhead by themselves."""
    cells = [cell for cell in map(tidy, cells) if cell]
    are_lines = len(cells) < FEWEST_CELLS or _are_framed(cells)
    return cells if are_lines else [said(cells)]


def _columns(line: str) -> list[str]:
    return _cells(line, GAP) if _is_framed(line) else [_plain(line)]


def _is_framed(line: str) -> bool:
    """Whether a line is two columns of a letterhead or of a signature."""
    return _are_framed(_cells(line, GAP))


def _are_framed(cells: Sequence[str]) -> bool:
    if len(cells) < FEWEST_CELLS or sum(map(len, cells)) > MOST_CHARS:
        return False
    last = cells[-1]
    return any(is_of_head(cell) or signs(cell) or to_whom(cell) for cell in cells) or (
        is_name(last) and last_mark(cells[0]) in {".", ";"}
    )
