"""All lines of a page with what each could be, before anything is decided."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from service.intake.limits import LONGEST_LINE_CHARS
from service.intake.lines import (
    Line,
    Mark,
    is_item,
    is_label,
    is_sentence,
    last_mark,
    words,
)
from service.intake.page.bylines import Byline, labelled
from service.intake.page.datelines import Dateline, dateline
from service.intake.page.furniture import Extent, Row, entry, furniture
from service.intake.story import Why

LONGEST_CAPTION_CHARS = 160
OPENING = frozenset((Extent.SECTION, Extent.ASK))
HEADING_TOO = frozenset((Why.WIDGET, Why.MENU, Why.COUNTER, Why.COMMENTS))
HEADINGS = frozenset(("kết quả", "giới thiệu", "liên hệ", "đánh giá", "tổng số"))
MARKED = frozenset((Mark.TITLE, Mark.LEAD, Mark.BODY))
FEWEST_OPENING_WORDS = 7  # "Các tin đã đưa:" opens no list of the article
MOST_LISTED_LINES = 30
FIELDS = re.compile(r"[|·•]")  # what parts who, when and where above an article
MOST_FIELD_WORDS = 8
BULLETS = "•●▪►+*-–"
MOST_ENTRY_WORDS = 6  # of a menu, with its bullet
FEWEST_ENTRIES = 2  # that are in every menu
FEWEST_DAYS = 2  # of a schedule: one may be the day of publication
DAY = re.compile(r"(?:ngày|thứ|chủ nhật|t[2-7]|cn)\b")
PHOTOGRAPHER = re.compile(
    r"(?!chùm ảnh|phóng sự ảnh|bộ ảnh|ảnh ?:)"
    r"(?:[^:]{1,240}[\s(\[/](?:ảnh|nguồn ảnh|hình)(?: minh họa| tư liệu)? ?[:：] ?[^:;!?]{2,40}|"
    r"[^:]{1,240}[(\[](?:ảnh|hình)(?: minh họa| minh hoạ| tư liệu| internet| cắt từ clip)?[)\]]\.?)"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A line, and what it could be besides a part of the article."""

    line: Line
    row: Row | None = None
    dateline: Dateline | None = None
    byline: Byline | None = None
    caption: bool = False
    frame: Why | None = None  # of an official document that the page shows
    listed: bool = False  # below "… như sau:", where the page's list lost its marks

    @property
    def text(self) -> str:
        """The line's letters."""
        return self.line.text

    @property
    def plain(self) -> bool:
        """Whether it may be read: neither furniture, dateline, byline nor caption."""
        return any(map(str.isalnum, self.text)) and not (
            self.row
            or self.dateline
            or self.byline
            or self.caption
            or self.frame
            or self.marked_away
        )

    @property
    def marked_away(self) -> bool:
        """Whether the page itself marks it as something beside the text."""
        return self.line.mark in {
            Mark.FURNITURE,
            Mark.CAPTION,
            Mark.AUTHOR,
            Mark.DATE,
            Mark.TOPIC,
        }

    @property
    def opens_section(self) -> bool:
        """Whether what is below belongs to the page, not to the article."""
        return self.row is not None and self.row.reach in OPENING

    @property
    def why(self) -> Why:
        """Why it is not read, when it is not."""
        if self.frame:
            return self.frame
        if self.caption or self.line.mark is Mark.CAPTION:
            return Why.CAPTION
        if self.row:
            return self.row.why
        if self.dateline or self.line.mark is Mark.DATE:
            return Why.DATELINE
        if self.byline or self.line.mark is Mark.AUTHOR:
            return Why.BYLINE
        return Why.TOPIC if self.line.mark is Mark.TOPIC else Why.OUTSIDE


def see(lines: Sequence[Line]) -> list[Seen]:
    """What each line could be; a short line below a picture's file name is its caption."""
    seen: list[Seen] = []
    in_text = False
    for line in lines:
        each = _see(line)
        in_text = in_text or is_sentence(line.text)
        if seen and _is_captioned(seen[-1], each, in_text=in_text):
            each = replace(each, caption=True)
        seen.append(each)
    for at in _listed(seen):
        seen[at] = replace(seen[at], listed=True)
    days = _days_of_schedule(seen)
    for at in days if len(days) >= FEWEST_DAYS else ():
        seen[at] = replace(seen[at], dateline=None)
    for at, row in _entries_with_bullets(seen):
        seen[at] = replace(seen[at], row=row)
    for at in range(1, len(seen) - 1):
        if _is_heading_within(seen[at - 1], seen[at], seen[at + 1]):
            seen[at] = replace(seen[at], row=None)
    return seen


def _listed(seen: Sequence[Seen]) -> Iterator[int]:
    """Lines between one that says that something follows and the next sentence, or the author."""
    for at, each in enumerate(seen):
        opens = each.text.endswith(":") and words(each.text) >= FEWEST_OPENING_WORDS
        if not (opens and each.plain):
            continue
        end = at + 1
        while end < len(seen) and _may_be_listed(seen[end]):
            end += 1
        below = seen[end] if end < len(seen) else None
        if below and (below.byline or (below.plain and is_sentence(below.text))):
            yield from range(at + 1, min(end, at + 1 + MOST_LISTED_LINES))


def _entries_with_bullets(seen: Sequence[Seen]) -> Iterator[tuple[int, Row]]:
    """A menu whose entries have bullets, all of it where some of them are in every menu:
    "• Trang chủ", "• Tin tức", "• Du khách".
    """
    run: list[int] = []
    for at in range(len(seen) + 1):
        if at < len(seen) and _may_be_entry(seen[at].text):
            run.append(at)
            continue
        usual = [row for i in run if (row := entry(seen[i].text))]
        if len(usual) >= FEWEST_ENTRIES:
            yield from ((i, usual[0]) for i in run)
        run = []


def _may_be_entry(text: str) -> bool:
    marked = text[:1] in BULLETS and text[1:2] == " "
    return marked and words(text) <= MOST_ENTRY_WORDS and not last_mark(text)


def _may_be_listed(each: Seen) -> bool:
    told = is_sentence(each.text) or each.text.endswith(":")
    return each.plain and not told and not each.line.aside and each.line.linked <= 0.6


def _is_heading_within(above: Seen, each: Seen, below: Seen) -> bool:
    """Whether what polls have stands between paragraphs: "Kết quả" heads one of them there."""
    if each.row is None or each.row.reach is not Extent.LINE:
        return False
    is_heading = each.line.heading > 1 and each.line.inside
    if is_heading and each.row.why in HEADING_TOO:
        return True
    between = is_sentence(above.text) and is_sentence(below.text)
    both = above.plain and below.plain
    return both and between and each.text.lower() in HEADINGS


def _days_of_schedule(seen: Sequence[Seen]) -> list[int]:
    """Days that head what will be on them: "Ngày 02/12/2025", and below it "Thời gian: …"."""
    return [
        at
        for at, each in enumerate(seen[:-1])
        if each.dateline
        and not (each.dateline.hour or each.dateline.published)
        and DAY.match(each.text.lower())
        and (is_label(seen[at + 1].text) or is_item(seen[at + 1].text))
    ]


def _see(line: Line) -> Seen:
    # What the page itself marks as its text is not second-guessed.
    if line.mark in MARKED and is_sentence(line.text):
        return Seen(line, row=_of_program(line.text))
    if line.heading == 1 or line.mark is Mark.TITLE:
        row = furniture(line.text)
        return Seen(line, row=None if row and row.why is Why.CAPTION else row)
    time = dateline(line.text) or _dated_among_fields(line.text)
    if time:
        return Seen(line, dateline=time)
    by = labelled(line.text)
    if by:
        return Seen(line, byline=by)
    signed = len(line.text) <= LONGEST_LINE_CHARS and PHOTOGRAPHER.fullmatch(
        line.text.lower()
    )
    return Seen(
        line,
        row=furniture(line.text),
        caption=line.mark is Mark.CAPTION or bool(signed),
    )


def _dated_among_fields(text: str) -> Dateline | None:
    """The date in "Đăng bởi CDC xã | 25 Tháng Năm, 2026 | Sức khỏe | 0 Bình luận": parts of a few
    words, one of them a date.
    """
    fields = [field.strip() for field in FIELDS.split(text)]
    short = len(text) <= LONGEST_LINE_CHARS and len(fields) > 1
    if not short or any(words(field) > MOST_FIELD_WORDS for field in fields):
        return None
    return next(filter(None, map(dateline, fields)), None)


def _of_program(text: str) -> Row | None:
    """What a page's programs write into its text: "You need to enable JavaScript …"."""
    row = furniture(text)
    return row if row is not None and row.why is Why.WIDGET else None


def _is_captioned(above: Seen, each: Seen, *, in_text: bool) -> bool:
    # "Ảnh" above the text is an entry of a menu.
    if above.text.isalpha() and not in_text:
        return False
    # A picture's file name is only copied from pages whose picture could not be shown.
    named = above.row is not None and above.row.reach is Extent.NEXT
    short = len(each.text) <= LONGEST_CAPTION_CHARS and not last_mark(each.text)
    return named and short and each.plain
