"""An official document (Decree 30/2020): letterhead, number and signature go;
its kind and subject are the title.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.intake.lines import is_capitals, is_item, is_sentence, last_mark, words
from service.intake.page.wrapped import is_sheet, unwrapped
from service.intake.papers.signature import after_addressees, end_of, names_office
from service.intake.story import Doubt, LeftOut, Story, Why
from service.intake.times import is_likely
from service.zone import VIETNAM

LOOKED_AT_LINES = 20
MOST_HEAD_LINES = 18
MOST_DAY_LINES = 3  # of a signature
MOST_OFFICES = 10  # lines of offices above the motto
LONGEST_HEAD_CHARS = (
    120  # an office with the one above it; what is longer says something
)
LONGEST_OFFICE_WORDS = 14
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


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands above a document's text: lines `starts` to `begins`, its title,
    and the lines `titled` that make it.
    """

    title: str
    starts: int
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


def _names_subject(line: str, titling: Titling) -> bool:
    is_subject = SUBJECT.fullmatch(line.lower()) is not None
    return not titling.subject and is_subject and not is_sentence(line)


def _goes_on_below_subject(line: str, titling: Titling) -> bool:
    """A subject of two lines: the second begins small, or both are in capitals."""
    if titling.above is not Part.SUBJECT or not _is_subject(line):
        return False
    both = is_capitals(line) and is_capitals(titling.subject)
    return line[0].islower() or both


def _stands_below_kind(line: str, titling: Titling) -> bool:
    return bool(titling.kind) and not titling.subject and _is_subject(line)


def _is_frame(line: str, titling: Titling) -> bool:
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
    HeadRule(Part.SUBJECT, "Về việc tiêm phòng cúm", "Tiêm phòng cúm", _names_subject),
    HeadRule(
        Part.SUBJECT,
        "cho trẻ em dưới 5 tuổi",
        "Tiêm ở trạm y tế",
        _goes_on_below_subject,
        Titling("THÔNG BÁO", "tiêm phòng cúm", Part.SUBJECT),
    ),
    HeadRule(
        Part.SUBJECT,
        "Tiêm phòng cúm cho trẻ",
        "Số: 12/TB-UBND",
        _stands_below_kind,
        Titling("KẾ HOẠCH"),
    ),
    HeadRule(Part.FRAME, "Số: 12/TB-UBND", "Xã tổ chức tiêm phòng cúm.", _is_frame),
)


def read(lines: Sequence[str]) -> Story | None:
    """The story in an official document; None when the lines are none."""
    head = _whole_head(lines)
    if head is None or any(map(is_sentence, lines[: head.starts])):
        return None
    end = end_of(lines, head.begins)
    text = [line for line in unwrapped(lines[head.begins : end]) if not is_sheet(line)]
    if not text:
        return None
    left = _framing(lines, head)
    left += [LeftOut(line, Why.FOOTER) for line in filter(is_sheet, lines)]
    lead, paragraphs = (text[0], text[1:]) if len(text) > 1 else ("", text)
    left += [LeftOut(line, Why.SIGNATURE, len(paragraphs)) for line in lines[end:]]
    # What is typed without a letterhead has its day above the signature.
    time = head.time or _first_day(lines[end : end + MOST_DAY_LINES])
    return Story(
        title=head.title,
        lead=lead,
        paragraphs=tuple(paragraphs),
        published_at=time,
        left_out=tuple(left),
        doubts=() if time else (Doubt.NO_DATE,),
    )


def _framing(lines: Sequence[str], head: Letterhead) -> list[LeftOut]:
    """The lines of the head that are not its title."""
    above = enumerate(lines[: head.begins])
    return [
        LeftOut(line, Why.LETTERHEAD, 0) for at, line in above if at not in head.titled
    ]


def _whole_head(lines: Sequence[str]) -> Letterhead | None:
    """The head that gives a document its title, with a motto or,
    as offices type it for the loudspeaker, without.
    """
    has_mottos = any(map(has_motto, lines[:LOOKED_AT_LINES]))
    head = head_of(lines) if has_mottos else _head_without_motto(lines)
    return head if head is not None and head.title else None


def read_alone(lines: Sequence[str]) -> Story | None:
    """The story in a document that stands alone; None for the page of a portal that shows one."""
    head = head_of(lines[:LOOKED_AT_LINES])
    return read(lines) if head is not None and head.starts == 0 else None


def has_motto(text: str) -> bool:
    """Whether a text has what stands at the head of every official document."""
    return MOTTO.search(text.lower()) is not None


def is_of_head(text: str) -> bool:
    """Whether a text could be one column of a letterhead: an office, a number, the motto, a day."""
    small = text.lower()
    day = PLACE_AND_DAY.fullmatch(small) is not None and "ngày" in small
    number = NUMBER.fullmatch(small) is not None and "/" in small
    is_office = is_capitals(text) and UNITS.fullmatch(small) is not None
    return day or number or has_motto(text) or is_office


def head_of(lines: Sequence[str]) -> Letterhead | None:
    """The head, read up and down from the motto; None when there is no motto,
    so that it is no document.
    """
    motto = next((at for at, line in enumerate(lines) if has_motto(line)), None)
    if motto is None:
        return None
    starts = _first_office(lines, motto)
    titling = Titling()
    titled = _subject_above(lines, starts, motto, titling)
    titling.above = Part.FRAME
    begins = _read_head(lines, motto, titling, titled)
    # The day may stand in the first line that is read: the look for it goes one line further.
    time = _first_day(lines[starts : begins + 1])
    return Letterhead(
        _title(titling, lines, titled),
        starts,
        after_addressees(lines, begins),
        tuple(titled),
        time,
    )


def _head_without_motto(lines: Sequence[str]) -> Letterhead | None:
    """ "THÔNG BÁO", and below it of what: a notice as offices type it for the loudspeaker."""
    titling = Titling()
    titled: list[int] = []
    bare = next(
        (at for at, line in enumerate(lines[:6]) if BARE_KIND.fullmatch(line.lower())),
        None,
    )
    if bare is None or not is_capitals(lines[bare]):
        return None
    if not all(_is_frame(line, titling) for line in lines[:bare]):
        return None
    begins = _read_head(lines, bare, titling, titled)
    # “THÔNG BÁO” alone is a title as good as any, and the text below it begins as it is.
    if not titling.subject or begins >= len(lines):
        return None
    return Letterhead(
        _title(titling, lines, titled),
        0,
        after_addressees(lines, begins),
        tuple(titled),
        _first_day(lines[:begins]),
    )


def _read_head(
    lines: Sequence[str], at: int, titling: Titling, titled: list[int]
) -> int:
    """Reads the head downwards from line `at`, noting what makes the title;
    where the text begins.
    """
    for line in lines[at : at + MOST_HEAD_LINES]:
        rule = next((rule for rule in HEAD_RULES if rule.fits(line, titling)), None)
        if rule is None:
            break
        if rule.part is not Part.FRAME:
            titled.append(at)
        _note(titling, rule.part, line)
        at += 1
    return at


def _first_office(lines: Sequence[str], motto: int) -> int:
    """Where the head begins: offices stand above the motto when two columns were pasted one below
    the other.
    """
    at = motto
    while at > 0 and motto - at < MOST_OFFICES and _may_stand_above(lines[at - 1]):
        at -= 1
    return at


def _may_stand_above(line: str) -> bool:
    if is_sentence(line) or words(line) > LONGEST_OFFICE_WORDS:
        return False
    about = SUBJECT.fullmatch(line.lower()) is not None or line[0].islower()
    return about or _is_frame(line, Titling())


def _subject_above(
    lines: Sequence[str], starts: int, motto: int, titling: Titling
) -> list[int]:
    """Notes "V/v …", which stands on the left of a letter: above the motto when it is pasted.
    Its places.
    """
    titled = []
    for at, line in enumerate(lines[starts:motto], starts):
        named = _names_subject(line, titling)
        if named or _goes_on_below_subject(line, titling):
            _note(titling, Part.SUBJECT, line)
            titled.append(at)
        else:
            titling.above = Part.FRAME
    return titled


def _note(titling: Titling, part: Part, line: str) -> None:
    """Keeps a half of the title; "Về việc" itself is put back by `_title`, as it is said."""
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


def _title(titling: Titling, lines: Sequence[str], titled: Sequence[int]) -> str:
    kind, subject = titling.kind, titling.subject
    heads = [lines[at].lower() for at in titled]
    about = any(map(SUBJECT.fullmatch, heads))
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


def _first_day(lines: Sequence[str]) -> datetime | None:
    days = (_day(line.lower()) for line in lines)
    return next(filter(None, days), None)


def _day(small: str) -> datetime | None:
    match = DAY.search(small) if PLACE_AND_DAY.search(small) else None
    if match is None or len(small) > 160:
        return None
    try:
        time = datetime(int(match[3]), int(match[2]), int(match[1]), tzinfo=VIETNAM)
    except ValueError:
        return None
    return time if is_likely(time) else None
