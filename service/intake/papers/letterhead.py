"""An official document (Decree 30/2020): letterhead, number and signature go; its kind and subject are the title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.intake.lines import is_capitals, is_item, is_sentence, words
from service.intake.page.wrapped import unwrapped
from service.intake.story import Doubt, LeftOut, Story, Why
from service.intake.times import is_likely
from service.zone import VIETNAM

LOOKED_AT_LINES = 20
MOST_HEAD_LINES = 14
MOST_END_LINES = 14
MOTTO = re.compile(
    r"(?:cộng h(?:òa|oà) xã hội chủ nghĩa việt nam|độc lập ?[-–] ?tự do ?[-–] ?hạnh phúc|"
    r"đảng cộng sản việt nam)"
)
NUMBER = re.compile(r"(?:số|số hiệu) ?[:.]? ?[\w…./-]{0,30}(?:[/-][\w…./-]{0,30})?(?: .{0,90})?")
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
    motto = next(
        (at for at, line in enumerate(lines[:LOOKED_AT_LINES]) if MOTTO.search(line.lower())),
        None,
    )
    if motto is None:
        return None
    kind, subject = "", ""
    titled: list[int] = []
    time: datetime | None = None
    at = motto
    while at < min(len(lines), motto + MOST_HEAD_LINES):
        line, small = lines[at], lines[at].lower()
        time = time or _day(small)
        if not kind and is_capitals(line) and KIND.fullmatch(small) and not MOTTO.search(small):
            kind = line
            titled.append(at)
        elif (match := SUBJECT.fullmatch(small)) and not subject and not is_sentence(line):
            subject = line[match.start(1) :]
            titled.append(at)
        elif kind and not subject and _is_subject(line):
            subject = line
            titled.append(at)
        elif not _is_letterhead(line, small, kind):
            break
        at += 1
    at = _after_addressees(lines, at)
    return _Head(_title(kind, subject, lines, titled), at, tuple(titled), time)


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
    odd = NUMBER.fullmatch(small) or PLACE_AND_DAY.fullmatch(small) or RULE.fullmatch(line)
    return (
        not odd and not is_sentence(line) and not BEGINS_TEXT.fullmatch(small) and words(line) >= 2
    )


def _is_letterhead(line: str, small: str, kind: str) -> bool:
    plain = MOTTO.search(small) or PLACE_AND_DAY.fullmatch(small) or RULE.fullmatch(line)
    number = NUMBER.fullmatch(small) and len(line) <= 120
    office = not kind and is_capitals(line) and len(line) <= 120
    return bool(plain or number or office)


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
        plain = all(not lines[at].lower().startswith(("về việc", "v/v")) for at in titled)
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
    """Where the text ends: at the recipients or the signature, whichever comes first near the end."""
    for at in range(max(begins + 1, len(lines) - MOST_END_LINES), len(lines)):
        small = lines[at].lower()
        signs = ON_BEHALF.fullmatch(small) and is_capitals(lines[at])
        office = is_capitals(lines[at]) and OFFICE.fullmatch(small)
        if RECIPIENTS.fullmatch(small) or signs or office or SIGNED.fullmatch(small):
            return at
    return len(lines)
