"""Scores of a match: two figures side by side where a contest is told of."""

import re

from service.vietnamese.context import Context
from service.vietnamese.measures import unit_pattern

CONTEST = re.compile(  # a score follows; not in names (Tân Hòa, Quyết Thắng), nor where the word is half of another
    r"\b[Tt][ỷỉ] số\b"
    r"|(?<!danh )\bthắng\b(?! cảnh)"
    r"|\bthua\b(?! lỗ)"
    r"|(?<!hướng )(?<!chỉ )(?<!trích )(?<!viện )(?<!ống )\bdẫn\b(?! (?:đến|tới|nước|chứng|chương|dắt|điện|dụ|nguồn|độ))"
    r"|(?<!điều )(?<!cộng )(?<!hài )(?<!ôn )(?<!dung )(?<!bão )\b(?:hòa|hoà)\b"
    r"(?! (?:giải|bình|nhập|lưới|mạng|hợp|thuận|tan|vốn))"
    r"|(?<![^\W\d_] )\b(?:Thắng|Thua|Dẫn|Hòa|Hoà)(?= \d)"
)
MATCH = re.compile(
    r"\b(?:(?<!mặt )trận|hiệp(?= (?:một|hai|phụ|chính|[12]))|chung kết|bán kết|tứ kết|vòng bảng)\b",
    re.IGNORECASE,
)  # one perhaps follows
_GOALS = re.compile(r"\d\s?[-:]\s?\d(?!\w|[.,]\d| [^\W\d_])")
MOST_DIGITS = 3  # of a score: nothing but years and crowds has more
REACH = 120  # characters


def is_score(c: Context, i: int) -> bool:
    """Whether the mark at token `i` stands between the figures of a score: 3-1, 2:1."""
    left, right = c.neighbour(i, -1), c.neighbour(i, 1)
    if any(side and len(side.text) > MOST_DIGITS for side in (left, right)):
        return False
    if right and unit_pattern().match(c.text, right.end):
        return False
    between = c.since(CONTEST, i)
    if between is None:
        between = c.since(MATCH, i) if _GOALS.match(c.text, c.tokens[i - 1].start) else None
    return between is not None and _is_near(between)


def is_score_of_a_set(c: Context, i: int) -> bool:
    """Whether the ratio at token `i` is a score: "thắng 3-0 (25/20, 25/18)", never a count as in "thắng 5/6 trận"."""
    between = c.since(CONTEST, i)
    return between is not None and _is_near(between) and not c.after(i)[:1].isalpha()


def _is_near(between: str) -> bool:
    return len(between) < REACH and ". " not in between
