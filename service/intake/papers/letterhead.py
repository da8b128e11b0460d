"""An official document (Decree 30/2020): letterhead, number and signature go.

Its kind and subject are the title.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.intake.lines import is_capitals, is_item, is_sentence, words
from service.intake.page.wrapped import unwrapped
from service.intake.story import Doubt, LeftOut, Story, Why
from service.intake.times import is_likely
from service.zone import VIETNAM

LOOKED_AT_LINES = 20
MOST_HEAD_LINES = 14
MOST_END_LINES = 14
LONGEST_HEAD_CHARS = (
    120  # an office with the one above it; what is longer says something
)
MOTTO = re.compile(
    r"(?:cộng h(?:òa|oà) xã hội chủ nghĩa việt nam|độc lập ?[-–] ?tự do ?[-–] ?hạnh phúc|"
    r"đảng cộng sản việt nam)"
)
NUMBER = re.compile(
    r"(?:số|số hiệu) ?[:.]? ?[\w…./-]{0,30}(?:[/-][\w…./-]{0,30})?(?: .{0,90})?"
)
PLACE_AND_DAY = re.compile(
    r"[^.:;]{0,60}ngày ?(\d{1,2}|…+|\.+)? ?tháng ?(\d{1,2}|…+|\.+)? ?năm ?(\d{4})?"
)
DAY = re.compile(r"ngày ?(\d{1,2}) ?tháng ?(\d{1,2}) ?năm ?(20\d\d)")
KIND = re.compile(
    r"(?:thông báo|kế hoạch|quyết định|giấy mời|thư mời|tờ trình|báo cáo|chỉ thị|hướng dẫn|công điện|"
    r"nghị quyết|thư ngỏ|lời kêu gọi|công văn|quy chế|quy định|phương án|chương trình|lịch|thông cáo|kết luận)"
    r"(?: [^\W\d_]{1,12}){0,6}"
)
SUBJECT = re.compile(r"(?:v/v|về việc|về) ?:? ?(\S.*)")
BEGINS_TEXT = re.compile(r"(?:căn cứ|thực hiện|kính gửi|theo|nhằm|để|thi hành|xét)\b.*")
ADDRESSED = re.compile(r"kính gửi ?[:：].*")
RECIPIENTS = re.compile(r"nơi nhận ?[:：]?.*")
ON_BEHALF = re.compile(r"(?:tm|kt|tl|tuq|q)\. ?[^.]{2,80}")
OFFICE = re.compile(
    r"(?:phó |quyền )?(?:chủ tịch|trưởng (?:ban|thôn|bản|phòng|trạm|công an)|bí thư|giám đốc|thủ trưởng|"
    r"chánh văn phòng|chỉ huy trưởng|hiệu trưởng|tổ trưởng)[^.,;:]{0,60}"
)
SIGNED = re.compile(r"\(?(?:đã ký|ký tên|ký, đóng dấu|ký tên,? đóng dấu)\)?.{0,30}")
RULE = re.compile(r"[\W_]{2,}")


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands above the text, and where that begins."""

    title: str
    begins: int
    titled: tuple[int, ...]
    time: datetime | None


class Part(StrEnum):
    """What a line of the head is."""

    KIND = "kind"  # "THÔNG BÁO": the first half of the title
    SUBJECT = "subject"  # "Về việc …", or the line below the kind: its second half
    FRAME = "frame"  # offices, the motto, number, place and day


@dataclass(slots=True)
class Titling:
    """The two halves of the title, as far as they were read; "" for what was not."""

    kind: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class HeadRule:
    """How a line of the head is told from the text.

    `example` fits at the top, `counter` does not.
    """

    part: Part
    example: str
    counter: str
    fits: Callable[[str, Titling], bool]


def _names_kind(line: str, titling: Titling) -> bool:
    small = line.lower()
    is_kind = KIND.fullmatch(small) is not None and MOTTO.search(small) is None
    return not titling.kind and is_capitals(line) and is_kind


def _names_subject(line: str, titling: Titling) -> bool:
    is_subject = SUBJECT.fullmatch(line.lower()) is not None
    return not titling.subject and is_subject and not is_sentence(line)


def _stands_below_kind(line: str, titling: Titling) -> bool:
    return bool(titling.kind) and not titling.subject and _is_subject(line)


def _is_frame(line: str, titling: Titling) -> bool:
    small = line.lower()
    if MOTTO.search(small) or PLACE_AND_DAY.fullmatch(small) or RULE.fullmatch(line):
        return True
    is_number = NUMBER.fullmatch(small) is not None
    # Below the kind, a line in capitals is no office any more: it says of what.
    is_office = not titling.kind and is_capitals(line)
    return (is_number or is_office) and len(line) <= LONGEST_HEAD_CHARS


# The first that fits decides: "QUYẾT ĐỊNH" in capitals would pass for an office as well.
HEAD_RULES = (
    HeadRule(Part.KIND, "THÔNG BÁO", "Thông báo cho bà con", _names_kind),
    HeadRule(Part.SUBJECT, "Về việc tiêm phòng cúm", "Tiêm phòng cúm", _names_subject),
    HeadRule(
        Part.SUBJECT, "Tiêm phòng cúm cho trẻ", "Số: 12/TB-UBND", _stands_below_kind
    ),
    HeadRule(Part.FRAME, "Số: 12/TB-UBND", "Xã tổ chức tiêm phòng cúm.", _is_frame),
)


def read(lines: Sequence[str]) -> Story | None:
    """The story in an official document; None when the lines are none."""
    head = _head(lines)
    if head is None:
        return None
    end = _end(lines, head.begins)
    text = unwrapped(lines[head.begins : end])
    if not text or not head.title:
        return None
    left = [
        LeftOut(line, Why.LETTERHEAD, 0)
        for at, line in enumerate(lines[: head.begins])
        if at not in head.titled
    ]
    lead, paragraphs = (text[0], text[1:]) if len(text) > 1 else ("", text)
    left += [LeftOut(line, Why.SIGNATURE, len(paragraphs)) for line in lines[end:]]
    return Story(
        title=head.title,
        lead=lead,
        paragraphs=tuple(paragraphs),
        published_at=head.time,
        left_out=tuple(left),
        doubts=() if head.time else (Doubt.NO_DATE,),
    )


def _head(lines: Sequence[str]) -> _Head | None:
    """The head, read down from the motto.

    None when there is no motto, so that it is no document.
    """
    top = lines[:LOOKED_AT_LINES]
    motto = next(
        (at for at, line in enumerate(top) if MOTTO.search(line.lower())), None
    )
    if motto is None:
        return None
    titling = Titling()
    titled = _subject_above(lines[:motto], titling)
    begins = motto
    for line in lines[motto : motto + MOST_HEAD_LINES]:
        rule = next((rule for rule in HEAD_RULES if rule.fits(line, titling)), None)
        if rule is None:
            break
        if rule.part is not Part.FRAME:
            titled.append(begins)
        _note(titling, rule.part, line)
        begins += 1
    title = _title(titling.kind, titling.subject, lines, titled)
    # The day may stand in the first line that is read: the look for it goes one line further.
    time = next(
        filter(None, (_day(line.lower()) for line in lines[motto : begins + 1])), None
    )
    return _Head(title, _after_addressees(lines, begins), tuple(titled), time)


def _subject_above(lines: Sequence[str], titling: Titling) -> list[int]:
    """Notes "V/v …", which stands on the left of a letter: above the motto when it is pasted.

    Its place, if any.
    """
    for at, line in enumerate(lines):
        if _names_subject(line, titling):
            _note(titling, Part.SUBJECT, line)
            return [at]
    return []


def _note(titling: Titling, part: Part, line: str) -> None:
    """Keeps a half of the title; "Về việc" itself is put back by `_title`, as it is said."""
    if part is Part.KIND:
        titling.kind = line
    elif part is Part.SUBJECT:
        named = SUBJECT.fullmatch(line.lower())
        titling.subject = line[named.start(1) :] if named else line


def _after_addressees(lines: Sequence[str], at: int) -> int:
    """ "Kính gửi: Các thôn, bản" and the list below it are for the post, not for the ear."""
    if at >= len(lines) or not ADDRESSED.fullmatch(lines[at].lower()):
        return at
    at += 1
    while at < len(lines) and is_item(lines[at]) and not lines[at][0].isdigit():
        at += 1
    return at


def _is_subject(line: str) -> bool:
    """A line below "KẾ HOẠCH" that says of what."""
    small = line.lower()
    odd = (
        NUMBER.fullmatch(small)
        or PLACE_AND_DAY.fullmatch(small)
        or RULE.fullmatch(line)
    )
    return (
        not odd
        and not is_sentence(line)
        and not BEGINS_TEXT.fullmatch(small)
        and words(line) >= 2
    )


def _title(kind: str, subject: str, lines: Sequence[str], titled: Sequence[int]) -> str:
    about = any(SUBJECT.fullmatch(lines[at].lower()) for at in titled)
    if not kind:
        return f"Về việc {subject}" if subject else ""
    if subject.isupper():
        return f"{kind} {'VỀ ' if about else ''}{subject}"
    spoken = kind.capitalize() if kind.isupper() else kind
    if not subject:
        return spoken
    if about:
        plain = all(
            not lines[at].lower().startswith(("về việc", "v/v")) for at in titled
        )
        return f"{spoken} {'về' if plain else 'về việc'} {subject}"
    return f"{spoken} {subject[:1].lower()}{subject[1:]}"


def _day(small: str) -> datetime | None:
    match = DAY.search(small) if PLACE_AND_DAY.search(small) else None
    if match is None or len(small) > 160:
        return None
    try:
        time = datetime(int(match[3]), int(match[2]), int(match[1]), tzinfo=VIETNAM)
    except ValueError:
        return None
    return time if is_likely(time) else None


def _end(lines: Sequence[str], begins: int) -> int:
    """Where the text ends: at the recipients or the signature,
    whichever comes first near the end.
    """
    # Only near the end: “Chủ tịch UBND xã” in capitals may also head a paragraph.
    for at in range(max(begins + 1, len(lines) - MOST_END_LINES), len(lines)):
        small = lines[at].lower()
        signs = ON_BEHALF.fullmatch(small) and is_capitals(lines[at])
        office = is_capitals(lines[at]) and OFFICE.fullmatch(small)
        if RECIPIENTS.fullmatch(small) or signs or office or SIGNED.fullmatch(small):
            return at
    return len(lines)
