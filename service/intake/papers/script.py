"""What an editor types for the loudspeaker: above the news the programme and its day,
below it who wrote and who approved it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.intake.lines import is_capitals, is_item, is_label, is_sentence, words
from service.intake.page.bylines import labelled
from service.intake.page.datelines import dateline
from service.intake.papers.heads import KINDS, is_of_head
from service.intake.papers.signature import signed_from
from service.intake.story import LeftOut, Why
from service.intake.times import is_likely

MOST_HEAD_LINES = 6
MOST_FOOT_LINES = 4
MOST_FOOT_WORDS = 12
LONGEST_PROGRAMME_WORDS = 14
FEWEST_NEWS_LINES = 2
PROGRAMME = re.compile(
    r"(?:(?:chương trình|kịch bản|tin bài|bản tin|bài|tin|nội dung|chuyên mục|mục) )?"
    r"(?:phát thanh|truyền thanh|phát loa|tuyên truyền)\b(?: .{0,80})?"
)
APPROVED = re.compile(
    r"(?:người |ban |lãnh đạo )?(?:duyệt|kiểm duyệt|phê duyệt|đọc|phát thanh viên|kỹ thuật|thực hiện|"
    r"dự báo viên|soạn(?: tin| thảo)?|tin phát lúc|phát lúc|thời gian phát|giờ phát)(?: bài| tin)?"
    r" ?[:：] ?.{2,60}|(?:tin |bản tin )?phát lúc:? \d.{1,40}"
)


# What the studio does meanwhile: “(Nhạc hiệu)”, “[Tiếng trống]”, “Nhạc cắt”.
CUE = re.compile(
    r"[(\[](?:nhạc|âm nhạc|tiếng (?:nhạc|động|trống|kẻng|còi)|hiệu ứng|phát (?:nhạc|băng|ghi âm)|băng|chèn|xen)"
    r"\b[^()\[\]]{0,80}[)\]][.:]?|"
    r"nhạc (?:hiệu|cắt|nền|dạo|chào|xen|chuyển|kết|cuối|mở đầu)(?: [^.!?:]{1,30})?[.:]?"
)


# Who reads what follows; a reporter who asks (“PV:”) is part of the news.
KIND_OF_NEWS = re.compile(rf"(?:{KINDS}|dự báo|cảnh báo|tin|khuyến cáo)\b")
READER = re.compile(
    r"(?:ptv|phát thanh viên|mc|người dẫn(?: chương trình)?|giọng(?: đọc)?)(?: ?(?:nam|nữ|\d|[ab]))? ?[:：] (?=\S)"
)
FEWEST_READERS = 2


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
    cues = [line for line in lines if _is_cue(line)]
    lines, readers = _without_readers([line for line in lines if not _is_cue(line)])
    begins = _head_lines(lines)
    ends = len(lines) - _foot_lines(lines[begins:])
    signed = signed_from(lines[:ends], begins + FEWEST_NEWS_LINES)
    head, news = _headed(lines[:begins], lines[begins:signed])
    left = [LeftOut(line, Why.LETTERHEAD, 0) for line in head]
    left += [LeftOut(line, Why.CUE, 0) for line in (*cues, *readers)]
    left += [LeftOut(line, Why.SIGNATURE, len(news)) for line in lines[signed:ends]]
    left += [LeftOut(line, Why.BYLINE, len(news)) for line in lines[ends:]]
    return Script(news, _name_in(lines[ends:]), _time_in(head), tuple(left))


def _headed(
    head: Sequence[str], news: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """The head and the news; a whole programme has no headline but its own name."""
    name = next(filter(_names_programme, head), "")
    if not (name and news and is_sentence(news[0])):
        return head, news
    return [line for line in head if line != name], [name, *news]


def _without_readers(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines without the names of who reads them, where several are named, and those names."""
    matches = [READER.match(line.lower()) for line in lines]
    if sum(match is not None for match in matches) < FEWEST_READERS:
        return list(lines), []
    texts = [
        line[match.end() :] if match else line
        for line, match in zip(lines, matches, strict=True)
    ]
    return texts, [
        line[: match.end()].strip()
        for line, match in zip(lines, matches, strict=True)
        if match
    ]


def _is_cue(line: str) -> bool:
    return CUE.fullmatch(line.lower()) is not None


def _name_in(foot: Sequence[str]) -> str:
    names = (labelled(line) for line in foot)
    return next((name.name for name in names if name and name.name), "")


def _time_in(head: Sequence[str]) -> datetime | None:
    days = (dateline(line) for line in head)
    return next((day.time for day in days if day and is_likely(day.time)), None)


def _head_lines(lines: Sequence[str]) -> int:
    """How many lines name the programme and its day; none without a headline below them."""
    count = 0
    while count < min(MOST_HEAD_LINES, len(lines)) and _is_of_head(lines[count]):
        count += 1
    named = any(map(_names_programme, lines[:count])) or _names_office(lines, count)
    return count if named and len(lines) - count >= FEWEST_NEWS_LINES else 0


def _names_office(lines: Sequence[str], count: int) -> bool:
    """Whether an office stands above what it says: "ĐÀI KHÍ TƯỢNG …" above "DỰ BÁO THỜI TIẾT …"."""
    below = lines[count].lower() if 0 < count < len(lines) else ""
    return (
        is_capitals(" ".join(lines[: count + 1]))
        and KIND_OF_NEWS.match(below) is not None
    )


def _is_of_head(line: str) -> bool:
    return _names_programme(line) or is_of_head(line) or dateline(line) is not None


def _names_programme(line: str) -> bool:
    short = words(line) <= LONGEST_PROGRAMME_WORDS and not is_sentence(line)
    return short and PROGRAMME.fullmatch(line.lower()) is not None


def _foot_lines(lines: Sequence[str]) -> int:
    """How many lines at the end say who wrote it, or stand below that."""
    foot = count = 0
    most = min(MOST_FOOT_LINES, len(lines) - FEWEST_NEWS_LINES)
    while count < most and (
        _is_of_foot(lines[-1 - count]) or _is_loose(lines[-1 - count])
    ):
        count += 1
        foot = count if _is_of_foot(lines[-count]) else foot
    return foot


def _is_loose(line: str) -> bool:
    """Whether a line below the names may be anything but news: "Gửi bài về Trang tin xã"."""
    is_part = is_sentence(line) or is_item(line) or is_label(line)
    return not is_part and words(line) <= MOST_FOOT_WORDS


def _is_of_foot(line: str) -> bool:
    by = labelled(line)
    named = by is not None and bool(by.name)
    return named or (
        APPROVED.fullmatch(line.lower()) is not None and not is_sentence(line)
    )
