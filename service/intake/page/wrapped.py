"""Lines that were broken at a column, as PDF files and e-mails have them,
become paragraphs again.
"""

import re
from collections.abc import Sequence

from service.intake.lines import (
    END_MARKS,
    is_capitals,
    is_item,
    is_label,
    is_sentence,
    last_mark,
    words,
)
from service.intake.page.datelines import dateline

SHORTEST_BROKEN_CHARS = 45  # of a line that a margin ended
SHARE_OF_WIDTH = 0.8  # a line shorter than that was ended by its writer
SHEET = re.compile(
    r"(?:trang|page|tr\.) ?\d{1,3}(?: ?(?:/|của|of|trên) ?\d{1,3})?|[-–—] ?\d{1,3} ?[-–—]"
)
SHORTEST_TITLE_CHARS = 30  # of a title's first line
SURELY_BROKEN = 3  # lines that go on in small letters
LEAST_BROKEN = 1  # lines that go on in small letters, before one with a capital is thought to go on


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines, those that a margin broke put together again. No word is lost."""
    _, broken, width = _put_together(lines, 0, 0)
    # What the whole text shows of its margin holds for its first paragraph too.
    sure = broken >= SURELY_BROKEN
    return _put_together(lines, LEAST_BROKEN if sure else 0, width if sure else 0)[0]


def _put_together(
    lines: Sequence[str], broken: int, width: int
) -> tuple[list[str], int, int]:
    """The paragraphs, how many lines were broken, and how wide they were."""
    whole: list[str] = []
    sheets: list[str] = []  # numbers of pages: a paragraph goes on below one
    last, joined = "", 0
    # The width is learnt from the lines themselves: e-mails break at 72 columns, PDF files
    # anywhere.
    for line in lines:
        if is_sheet(line):
            sheets.append(line)
            continue
        if whole and _goes_on(last, line, width, broken):
            broken += 1
            joined += line[0].islower()
            width = max(width, len(last))
            whole[-1] = f"{whole[-1]} {line}"
        else:
            if (
                last
                and last_mark(last) in END_MARKS
                and len(last) < width * SHARE_OF_WIDTH
            ):
                broken = broken if len(line) >= width * SHARE_OF_WIDTH else 0
            whole += sheets
            sheets = []
            whole.append(line)
        last = line
    return whole + sheets, joined, width


def goes_on_title(line: str, below: str, *, together: bool) -> bool:
    """Whether the line below one of a title is the rest of it; `together` when an empty line,
    or an element of a page, parts both from the text.
    """
    if _is_ended(line) or _is_of_text(below):
        return False
    both = is_capitals(line) and is_capitals(below) and words(line) > 3
    wide = together and len(line) >= SHORTEST_BROKEN_CHARS
    # Who types without capitals does so in every line, and not only in the second.
    small = below[0].islower() and line[0].isupper()
    return (small and len(line) >= SHORTEST_TITLE_CHARS) or both or wide


def _is_ended(line: str) -> bool:
    return bool(last_mark(line)) and last_mark(line) in {*END_MARKS, ":", ";"}


def _is_of_text(line: str) -> bool:
    return is_sentence(line) or is_item(line) or is_label(line)


def is_sheet(line: str) -> bool:
    """ "Trang 2/5", "- 3 -": the number of a sheet of paper, which nobody wrote to be read."""
    return SHEET.fullmatch(line.lower()) is not None


def _is_within_brackets(last: str, line: str) -> bool:
    """Whether a bracket that a line leaves open is closed in the next one."""
    is_open = last.rfind("(") > last.rfind(")")
    closes = line.find(")")
    return is_open and closes >= 0 and "(" not in line[:closes]


def _goes_on(last: str, line: str, width: int, broken: int) -> bool:
    """Whether `line` is the rest of `last`."""
    if _is_ended(last) or len(last) < SHORTEST_BROKEN_CHARS or is_item(line):
        return False
    if dateline(line) is not None:  # below a title, as broad as the text
        return False
    # A sentence begins with a capital, so a small letter goes on whatever the width.
    if line[0].islower() or _is_within_brackets(last, line):
        return True
    full = broken >= LEAST_BROKEN and len(last) >= width * SHARE_OF_WIDTH
    return full and len(line) <= width * 1.3
