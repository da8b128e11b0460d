"""The head of an official document (Decree 30/2020), line by line: what each is, and the title in them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from service.intake.lines import is_capitals, is_item, is_sentence, last_mark, words
from service.intake.papers.signature import names_office

LONGEST_HEAD_CHARS = (
    120  # an office with the one above it; what is longer says something
)
DASH = r" ?[-–—.,*•] ?"
MOTTO = re.compile(
    r"(?:cộng h(?:òa|oà) xã hội chủ nghĩa việt nam|"
    rf"độc lập{DASH}tự do{DASH}hạnh phúc|đảng cộng sản việt nam)"
)
NUMBER = re.compile(
    r"(?:số|số hiệu) ?[:.]? ?[\w…./-]{0,30}(?:[/-][\w…./-]{0,30})?(?: .{0,90})?"
)
PLACE_AND_DAY = re.compile(
    r"[^.:;]{0,60}ngày ?(\d{1,2}|…+|\.+)? ?tháng ?(\d{1,2}|…+|\.+)? ?năm ?(\d{4})?"
)
DAY = re.compile(r"ngày ?(\d{1,2}) ?tháng ?(\d{1,2}) ?năm ?(20\d\d)")
KINDS = (
    r"(?:thông báo|kế hoạch|quyết định|giấy mời|thư mời|tờ trình|báo cáo|chỉ thị|hướng dẫn|công điện|"
    r"nghị quyết|thư ngỏ|lời kêu gọi|công văn|quy chế|quy định|phương án|chương trình|lịch|thông cáo|kết luận|"
    r"thư kêu gọi|thư cảm ơn|thư chúc mừng|bản tin|tin buồn|cáo phó|lệnh|danh sách|nội quy|thể lệ)"
)
KIND = re.compile(rf"{KINDS}(?: [^\W\d_]{{1,12}}){{0,6}} ?[:：]?")
BARE_KIND = re.compile(
    rf"(?:{KINDS})(?: (?:khẩn|chung|số \d{{1,3}}|\(?lần (?:thứ )?\w{{1,4}}\)?))? ?[:：]?"
)
WHOLE_TITLE = re.compile(rf"{KINDS} [^\W\d_].{{8,250}}")
SUBJECT = re.compile(r"\(? ?(?:v/v|về việc|về) ?:? ?(\S.*)")
ABOUT_MATTER = re.compile(r"\(? ?(?:về việc|v/v)")
BEGINS_TEXT = re.compile(
    r"(?:căn cứ|thực hiện|kính gửi|kính thưa|kính mời|theo|nhằm|để|thi hành|xét|hiện nay|"
    r"thưa|thời gian|địa điểm)\b.*"
)
TERM = re.compile(r"(?:khóa|khoá|nhiệm kỳ|kỳ họp)\b[^.]{1,60}")  # of a council
RULE = re.compile(r"[\W_]{1,80}")
UNITS = re.compile(
    r"(?:đài|sở|cục|chi cục|viện|bệnh viện|xí nghiệp|nhà máy|"
    r"ủy ban|uỷ ban|ubnd|hđnd|đảng ủy|đảng uỷ|đảng bộ|chi bộ|ban|bch|hội|trường|trạm|công an|xã|phường|"
    r"thị trấn|huyện|tỉnh|thành phố|đoàn|mttq|ubmttq|mặt trận|phòng|trung tâm|htx|hợp tác xã|thôn|bản|ấp|khóm|xóm|"
    r"khu|khu phố|tổ|tổ dân phố|buôn|làng|điện lực|công ty|ngân hàng|bưu điện|chi nhánh|chi hội|văn phòng|hạt)\b.*"
)


class Part(StrEnum):
    """What a line of the head is."""

    KIND = "kind"  # "THÔNG BÁO": the first half of the title
    SUBJECT = "subject"  # "Về việc …", or the line below the kind: its second half
    FRAME = "frame"  # offices, the motto, number, place and day


@dataclass(slots=True)
class Titling:
    """The two halves of the title, as far as they were read ("" for what was not),
    and what the line above was.
    """

    kind: str = ""
    subject: str = ""
    above: Part = Part.FRAME


@dataclass(frozen=True, slots=True)
class HeadRule:
    """How a line of the head is told from the text. `example` fits at the top,
    `counter` does not.
    """

    part: Part
    example: str
    counter: str
    fits: Callable[[str, Titling], bool]
    titling: Titling = field(default_factory=Titling)  # what was read above them


def _names_kind(line: str, titling: Titling) -> bool:
    small = line.lower()
    is_kind = KIND.fullmatch(small) is not None and MOTTO.search(small) is None
    return not titling.kind and is_capitals(line) and is_kind


def names_all(line: str, titling: Titling) -> bool:
    """ "Thông báo về việc cấp căn cước": kind and subject in one line, in small letters."""
    whole = not is_capitals(line) and WHOLE_TITLE.fullmatch(line.lower()) is not None
    is_part = is_sentence(line) or last_mark(line) in {":", ";"}
    return not (titling.kind or titling.subject) and whole and not is_part


def names_subject(line: str, titling: Titling) -> bool:
    """ "Về việc tiêm phòng cúm", "V/v …"."""
    is_subject = SUBJECT.fullmatch(line.lower()) is not None
    return not titling.subject and is_subject and not is_sentence(line)


def goes_on_below_subject(line: str, titling: Titling) -> bool:
    """A subject of two lines: the second begins small, or both are in capitals."""
    if titling.above is not Part.SUBJECT or not _is_subject(line):
        return False
    both = is_capitals(line) and is_capitals(titling.subject)
    return line[0].islower() or both


def _stands_below_kind(line: str, titling: Titling) -> bool:
    return bool(titling.kind) and not titling.subject and _is_subject(line)


def is_frame(line: str, titling: Titling) -> bool:
    """Whether a line is an office, the motto, a number, place and day: no half of the title."""
    small = line.lower()
    if MOTTO.search(small) or PLACE_AND_DAY.fullmatch(small) or RULE.fullmatch(line):
        return True
    is_number = NUMBER.fullmatch(small) is not None
    # Below the kind, a line in capitals is no office any more: it says of what.
    is_office = not titling.kind and (is_capitals(line) or _is_unit(line))
    # Who decides stands below of what: “CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ TÂN TRÀO”.
    decides = bool(titling.subject) and is_capitals(line) and names_office(line)
    is_office = is_office or decides or TERM.fullmatch(small) is not None
    return (is_number or is_office) and len(line) <= LONGEST_HEAD_CHARS


def _is_unit(line: str) -> bool:
    """ "Xã Vân Hòa": an office that is not in capitals;
    no sentence begins so and stays so short.
    """
    whole = not last_mark(line) and not is_item(line) and words(line) <= 8
    return whole and line[0].isupper() and UNITS.fullmatch(line.lower()) is not None


# The first that fits decides: "QUYẾT ĐỊNH" in capitals would pass for an office as well.
HEAD_RULES = (
    HeadRule(Part.KIND, "THÔNG BÁO", "Thông báo cho bà con", _names_kind),
    HeadRule(Part.SUBJECT, "Kế hoạch tiêm phòng cúm", "Kế hoạch:", names_all),
    HeadRule(Part.SUBJECT, "Về việc tiêm phòng cúm", "Tiêm phòng cúm", names_subject),
    HeadRule(
        Part.SUBJECT,
        "cho trẻ em dưới 5 tuổi",
        "Tiêm ở trạm y tế",
        goes_on_below_subject,
        Titling("THÔNG BÁO", "tiêm phòng cúm", Part.SUBJECT),
    ),
    HeadRule(
        Part.SUBJECT,
        "Tiêm phòng cúm cho trẻ",
        "Số: 12/TB-UBND",
        _stands_below_kind,
        Titling("KẾ HOẠCH"),
    ),
    HeadRule(Part.FRAME, "Số: 12/TB-UBND", "Xã tổ chức tiêm phòng cúm.", is_frame),
)


def note_title(titling: Titling, part: Part, line: str) -> None:
    """Keeps a half of the title; "Về việc" itself is put back by `titled_as`, as it is said."""
    titling.above = part
    if part is Part.KIND:
        titling.kind = line.rstrip(" :：")
    elif part is Part.SUBJECT:
        named = None if titling.subject else SUBJECT.fullmatch(line.lower())
        piece = line[named.start(1) :] if named else line
        if line.startswith("("):
            piece = piece.removesuffix(")")
        titling.subject = f"{titling.subject} {piece}".strip()


def _is_subject(line: str) -> bool:
    """A line below "KẾ HOẠCH" that says of what."""
    small = line.lower()
    odd = (
        NUMBER.fullmatch(small)
        or PLACE_AND_DAY.fullmatch(small)
        or RULE.fullmatch(line)
        or MOTTO.search(small)
        or is_item(line)
        or last_mark(line) in {":", ";", "!"}
    )
    return (
        not odd
        and not is_sentence(line)
        and not BEGINS_TEXT.fullmatch(small)
        and words(line) >= 2
    )


def titled_as(titling: Titling, lines: Sequence[str], titled: Sequence[int]) -> str:
    """The title, as it is said, of halves that were read in the lines `titled`."""
    kind, subject = titling.kind, titling.subject
    heads = [lines[at].lower() for at in titled]
    about = any(map(SUBJECT.fullmatch, heads))
    if not kind and WHOLE_TITLE.fullmatch(subject.lower()):
        return subject
    if not kind:
        return f"Về việc {subject}" if subject else ""
    if subject.lower().startswith(kind.lower()):
        return subject  # “THÔNG BÁO / Thông báo cắt nước”
    if subject.isupper():
        return f"{kind} {'VỀ ' if about else ''}{subject}"
    spoken = kind.capitalize()
    if about:
        named = any(ABOUT_MATTER.match(head) for head in heads)
        return f"{spoken} {'về việc' if named else 'về'} {subject}"
    return f"{spoken} {subject[:1].lower()}{subject[1:]}".strip()


def has_motto(text: str) -> bool:
    """Whether a text has what stands at the head of every official document."""
    return MOTTO.search(text.lower()) is not None


def is_of_head(text: str) -> bool:
    """Whether a text could be one column of a letterhead: an office, a number, the motto, a day."""
    small = text.lower()
    day = PLACE_AND_DAY.fullmatch(small) is not None and "ngày" in small
    number = is_numbered(text)
    is_office = is_capitals(text) and UNITS.fullmatch(small) is not None
    return day or number or has_motto(text) or is_office


def is_numbered(line: str) -> bool:
    """ "Số: 12/TB-UBND"."""
    small = line.lower()
    return NUMBER.fullmatch(small) is not None and "/" in small
