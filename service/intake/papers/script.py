"""What an editor types for the loudspeaker: above the news the programme and its day,
below it who wrote and who approved it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.intake.lines import is_sentence, words
from service.intake.page.bylines import labelled
from service.intake.page.datelines import dateline
from service.intake.papers.letterhead import is_of_head
from service.intake.story import LeftOut, Why
from service.intake.times import is_likely

MOST_HEAD_LINES = 6
MOST_FOOT_LINES = 4
LONGEST_PROGRAMME_WORDS = 14
FEWEST_NEWS_LINES = 2
PROGRAMME = re.compile(
    r"(?:(?:chương trình|kịch bản|tin bài|bản tin|bài|tin|nội dung|chuyên mục|mục) )?"
    r"(?:phát thanh|truyền thanh|phát loa|tuyên truyền)\b(?: .{0,80})?"
)
APPROVED = re.compile(
    r"(?:người |ban |lãnh đạo )?(?:duyệt|kiểm duyệt|phê duyệt|đọc|phát thanh viên|kỹ thuật|thực hiện)(?: bài| tin)?"
    r" ?[:：] ?.{2,60}"
)


@dataclass(frozen=True, slots=True)
class Script:
    """The news alone, with what stood around it; `time` of the programme,
    None where it is not told.
    """

    lines: Sequence[str]
    byline: str = ""
    time: datetime | None = None
    left_out: tuple[LeftOut, ...] = ()


def read(lines: Sequence[str]) -> Script:
    """The news between the head and the foot of a script; all of a text that is none."""
    begins = _head_lines(lines)
    ends = len(lines) - _foot_lines(lines[begins:])
    news = lines[begins:ends]
    days = (dateline(line) for line in lines[:begins])
    names = (labelled(line) for line in lines[ends:])
    left = [LeftOut(line, Why.LETTERHEAD, 0) for line in lines[:begins]]
    left += [LeftOut(line, Why.BYLINE, len(news)) for line in lines[ends:]]
    return Script(
        news,
        next((name.name for name in names if name and name.name), ""),
        next((day.time for day in days if day and is_likely(day.time)), None),
        tuple(left),
    )


def _head_lines(lines: Sequence[str]) -> int:
    """How many lines name the programme and its day; none without a headline below them."""
    count = 0
    while count < min(MOST_HEAD_LINES, len(lines)) and _is_of_head(lines[count]):
        count += 1
    named = any(map(_names_programme, lines[:count]))
    below = lines[count:]
    has_headline = len(below) >= FEWEST_NEWS_LINES and not is_sentence(below[0])
    return count if named and has_headline else 0


def _is_of_head(line: str) -> bool:
    return _names_programme(line) or is_of_head(line) or dateline(line) is not None


def _names_programme(line: str) -> bool:
    short = words(line) <= LONGEST_PROGRAMME_WORDS and not is_sentence(line)
    return short and PROGRAMME.fullmatch(line.lower()) is not None


def _foot_lines(lines: Sequence[str]) -> int:
    """How many lines at the end say who wrote it."""
    count = 0
    most = min(MOST_FOOT_LINES, len(lines) - FEWEST_NEWS_LINES)
    while count < most and _is_of_foot(lines[-1 - count]):
        count += 1
    return count


def _is_of_foot(line: str) -> bool:
    by = labelled(line)
    named = by is not None and bool(by.name)
    return named or (
        APPROVED.fullmatch(line.lower()) is not None and not is_sentence(line)
    )
