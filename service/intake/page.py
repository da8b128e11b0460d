"""A page copied whole from a portal: which of its lines are the article, and what each of them is."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from service.intake.letters import lines_of, tidy, unescape
from service.intake.limits import LONGEST_LINE_CHARS, LONGEST_TITLE_CHARS
from service.intake.story import LeftOut, Rejected, Story, Why
from service.zone import VIETNAM

LONGEST_TOPIC_CHARS = 40
LONGEST_CAPTION_CHARS = 160
SHORTEST_PARAGRAPH_CHARS = 60
LONGEST_DATELINE_CHARS = 100
DATE = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?!\d)")
CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])\s?[:hg]\s?([0-5]\d)(?!\d)")
CLOSED = re.compile(r"[.!?…;:/][”\"')»]*$")


@dataclass(frozen=True, slots=True)
class Parts:
    """What was found; `paragraphs` may be empty, and then there was no article."""

    title: str
    topic: str
    lead: str
    byline: str
    paragraphs: tuple[str, ...]
    published_at: datetime | None
    left_out: tuple[LeftOut, ...] = ()


def read_page(body: str) -> Story:
    """The story in a whole page as copied from a portal."""
    parts = split([tidy(line) for line in lines_of(unescape(body))])
    if not parts.paragraphs:
        raise no_article("no article was found on this page; paste its title and text instead")
    return Story(
        parts.title,
        parts.paragraphs,
        parts.lead,
        parts.byline,
        parts.topic,
        parts.published_at,
        left_out=parts.left_out,
    )


def no_article(message: str) -> Rejected:
    """Nothing that could be read was found."""
    return Rejected(
        "body",
        "no_article",
        message,
        "Không tìm thấy nội dung bài viết. Hãy dán tiêu đề và nội dung bài.",
    )


def split(lines: Sequence[str]) -> Parts:
    """Finds the article in the lines of a page.

    The dateline ("28/12/2021 15:32 12400 lượt xem") is the landmark: the title stands above it, the topic above
    the title, the article below. Without one, the first line that could be a title is.
    """
    lines, byline, left_out = without_noise(lines)
    marks = [i for i, line in enumerate(lines[:12]) if dateline(line)]
    if marks and marks[0] > 0:
        at = marks[0]
        title_at, body = at - 1, lines[at + 1 :]
        published_at = dateline(lines[at])
    else:
        title_at = next((i for i, line in enumerate(lines) if _could_be_title(line)), 0)
        body = lines[title_at + 1 :]
        published_at = dateline(lines[marks[0]]) if marks else None
        body = [line for line in body if not dateline(line)]
        if body and (named := _name_at_end(body)):
            byline, body = byline or named, body[:-1]
    topic = lines[title_at - 1] if title_at > 0 and _could_be_topic(lines[title_at - 1]) else ""
    if not any(len(line) >= SHORTEST_PARAGRAPH_CHARS for line in body):
        return Parts("", "", "", "", (), None)
    if named := _name_at_end(body):
        byline, body = byline or named, body[:-1]
    lead, paragraphs = (body[0], body[1:]) if len(body) > 1 else ("", body)
    return Parts(
        lines[title_at], topic, lead, byline, tuple(paragraphs), published_at, tuple(left_out)
    )


def without_noise(lines: Sequence[str]) -> tuple[list[str], str, list[LeftOut]]:
    """The lines that are no noise, the byline among them, and what was left out."""
    kept: list[str] = []
    left_out: list[LeftOut] = []
    byline, captioned = "", False
    rows = [line for line in (" ".join(line.split()) for line in lines) if line]
    for n, line in enumerate(rows):
        kind = _kind(line)
        if kind == "end" and any(len(known) >= SHORTEST_PARAGRAPH_CHARS for known in kept):
            left_out += [LeftOut(text, Why.OUTSIDE, len(kept)) for text in rows[n:]]
            break
        if kind:
            left_out.append(LeftOut(line, Why.OUTSIDE, len(kept)))
        if kind == "byline":
            byline = line.partition(":")[2].strip() or line.strip("()")
        elif kind == "caption":
            captioned = True
            continue
        elif kind == "" and not (
            captioned and len(line) <= LONGEST_CAPTION_CHARS and not CLOSED.search(line)
        ):
            kept.append(line)
        captioned = False
    return kept, byline, left_out


def dateline(line: str) -> datetime | None:
    """The time in a line that has little else: "Thứ ba, 28/12/2021 15:32 - 12400 lượt xem"."""
    if len(line) > LONGEST_DATELINE_CHARS or not (found := DATE.search(line)):
        return None
    rest = CLOCK.sub(" ", DATE.sub(" ", line)).lower()
    rest = re.sub(
        r"thứ (hai|ba|tư|năm|sáu|bảy)|chủ nhật|cập nhật|ngày|đăng|lúc|gmt|lượt xem|lượt đọc|xem|đọc|giờ|am|pm|bởi|"
        r"người|admin|post(ed)?|views?|tạo|xuất bản|viết",
        " ",
        rest,
    )
    if len(re.findall(r"[^\W\d_]{2,}", rest)) > 2:
        return None
    clock = CLOCK.search(DATE.sub(" ", line))
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    try:
        return datetime(int(found[3]), int(found[2]), int(found[1]), hour, minute, tzinfo=VIETNAM)
    except ValueError:
        return None


def _could_be_title(line: str) -> bool:
    return (
        len(line.split()) >= 4
        and len(line) <= LONGEST_TITLE_CHARS
        and not line.endswith((".", ";"))
    )


def _could_be_topic(line: str) -> bool:
    return (
        len(line) <= LONGEST_TOPIC_CHARS
        and not CLOSED.search(line)
        and not re.search(r"\d{3}", line)
    )


def _name_at_end(body: Sequence[str]) -> str:
    """The writer's name where it stands alone below the article: "Hoàng Thị Mai"."""
    line = body[-1].strip("() ")
    words = line.split()
    named = 2 <= len(words) <= 5 and all(word[0].isupper() and not word.isupper() for word in words)
    return line if len(body) > 1 and named and not CLOSED.search(line) else ""


def _kind(line: str) -> str:
    if len(line) > LONGEST_LINE_CHARS:
        return ""
    return next((kind for kind, pattern in _noise() if pattern.fullmatch(line)), "")


@cache
def _noise() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row[0], re.compile(row[1], re.IGNORECASE)) for row in noise_rows())


def noise_rows() -> list[list[str]]:
    """The table: kind, pattern, example."""
    text = (files("service.intake") / "noise.tsv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("# "))
    return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
