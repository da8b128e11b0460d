"""To whom an official document goes, and who signs it: below its head, and at its end."""

import re
from collections.abc import Sequence

from service.intake.lines import (
    is_capitals,
    is_item,
    is_label,
    is_name,
    is_sentence,
    last_mark,
    words,
)
from service.intake.page.bylines import alone

MOST_END_LINES = 14
MOST_SIGNATURE_LINES = 8
MOST_SIGNATURE_WORDS = 10
LONGEST_ADDRESSEE_WORDS = 14
ADDRESSED = re.compile(r"(?:đồng |trân trọng )?kính gửi\b.*")
TELEGRAPHED = re.compile(r".{3,140}\bđiện ?[:：].{0,100}")  # of a công điện
RECIPIENTS = re.compile(r"nơi (?:nhận|gửi) ?[:：]?.*")
ON_BEHALF = re.compile(
    r"(?:(?:t\.?m|k\.?t|t\.?l|tuq)[.:]?|[tk]/[mlt]\.?|q\.) ?[^.]{2,80}"
)
# “TM. Ban Quản lý thôn”, “T/M Hội đồng”: the mark tells it where only its head is in capitals.
ON_BEHALF_MARKED = re.compile(
    r"(?:(?:T\.?M|K\.?T|T\.?L|TUQ)[.:]|[TK]/[MLT]\b\.?) ?[^.\d]{2,80}"
)
OFFICE = re.compile(
    r"(?:phó |quyền |p\. ?|q\. ?)?(?:chủ tịch|chủ nhiệm|trưởng (?:ban|thôn|bản|phòng|trạm|công an|ấp|khóm|xóm|khu|"
    r"buôn|đài)|"
    r"trạm trưởng|thôn trưởng|trưởng nam|gia chủ|thay mặt gia đình|đồn trưởng|viện trưởng|"
    r"bí thư|giám đốc|thủ trưởng|chánh văn phòng|chỉ huy trưởng|hiệu trưởng|tổ trưởng|hội trưởng|chi hội trưởng|"
    r"đội trưởng|phụ trách|người phụ trách|cán bộ|kế toán|y tế thôn|"
    r"cộng tác viên|thư ký|trụ trì|thừa lệnh|người thông báo|người lập|ban tổ chức)[^.,;:]{0,60}"
)
COUNCIL = re.compile(
    r"(?:ủy ban|uỷ ban|hội đồng|ban chấp hành|ban thường vụ|đảng ủy)\b"
)
DATED = re.compile(
    r"[^\W\d_][^.:;\d]{1,40}, ?ngày "
    r"(?:[\d… ]{1,4}tháng [\d… ]{1,4}năm \d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})[.]?"
)
BARE_DAY = re.compile(
    r"ngày (?:[\d… ]{1,4}tháng [\d… ]{1,4}năm \d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4})[.]?"
)
SIGNED = re.compile(r"\(?(?:đã ký|ký tên|ký, đóng dấu|ký tên,? đóng dấu)\)?.{0,30}")


def after_addressees(lines: Sequence[str], at: int) -> int:
    """ "Kính gửi: Các thôn, bản" and the list below it are for the post, not for the ear."""
    if at >= len(lines):
        return at
    small = lines[at].lower()
    if not ADDRESSED.fullmatch(small) and not TELEGRAPHED.fullmatch(small):
        return at
    listed = last_mark(lines[at]) in {":", ";"}
    at += 1
    while at < len(lines) and _is_addressee(lines[at], listed=listed):
        listed = last_mark(lines[at]) in {";", ","}
        at += 1
    return at


def _is_addressee(line: str, *, listed: bool) -> bool:
    """Whether a line below "Kính gửi" names one more; a list is numbered where it is the text."""
    if is_item(line) and not line[0].isdigit():
        return True
    return listed and words(line) <= LONGEST_ADDRESSEE_WORDS and not line[0].isdigit()


def end_of(lines: Sequence[str], begins: int) -> int:
    """Where the text ends: at the recipients or the signature,
    whichever comes first near the end.
    """
    near = len(lines) - MOST_END_LINES
    last = signed_from(lines, begins + 1)
    # Only near the end: “Chủ tịch UBND xã” in capitals may also head a paragraph.
    for at in range(begins + 1, last):
        line = lines[at]
        ends = signs(line) or is_dated(line)
        if to_whom(line) or is_on_behalf(line) or (at >= near and ends):
            return at
    return last


def signed_from(lines: Sequence[str], first: int) -> int:
    """Where the last lines begin to sign: place and day, office, name, in any letters.

    The number of lines where nobody signs; nothing above line `first` is looked at.
    """
    signed = at = len(lines)
    while at > max(first, len(lines) - MOST_SIGNATURE_LINES) and _may_sign(
        lines[at - 1]
    ):
        at -= 1
        signed = at if _begins_signature(lines, at) else signed
    return signed


def signed_within(lines: Sequence[str]) -> int | None:
    """Where a document is signed that a page shows without its motto: below a sentence, at
    "Nơi nhận:", "TM. …", "(Đã ký)", or at an office above a name. None where nobody signs.
    """
    first = next((at for at, line in enumerate(lines) if is_sentence(line)), len(lines))
    for at in range(first + 1, len(lines)):
        if to_whom(lines[at]) or _surely_signs(lines, at):
            while at - 1 > first and (signs(lines[at - 1]) or is_dated(lines[at - 1])):
                at -= 1
            return at
    return None


def _surely_signs(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if is_on_behalf(line) or SIGNED.fullmatch(line.lower()):
        return True
    return signs(line) and at + 1 < len(lines) and is_name(lines[at + 1])


def _may_sign(line: str) -> bool:
    part = is_sentence(line) or is_item(line) or is_label(line)
    short = not part and words(line) <= MOST_SIGNATURE_WORDS
    return short or signs(line) or is_dated(line) or _signs_in_one(line)


def _begins_signature(lines: Sequence[str], at: int) -> bool:
    """Whether a line can only sign what stands above it; "Trưởng thôn" does above a name alone."""
    line, below = lines[at], lines[at + 1 :]
    if signs(line) or is_dated(line) or _signs_in_one(line):
        return True
    if BARE_DAY.fullmatch(line.lower()):
        return any(map(signs, below))
    in_office = OFFICE.fullmatch(line.lower()) is not None
    return in_office and bool(below) and all(map(_stands_below_office, below))


def _stands_below_office(line: str) -> bool:
    return signs(line) or names_office(line) or alone(line) is not None


def _signs_in_one(line: str) -> bool:
    """ "Trưởng thôn: Bùi Xuân Định"."""
    office, parted, name = line.partition(":")
    in_office = OFFICE.fullmatch(office.strip().lower()) is not None
    return bool(parted) and in_office and alone(name.strip()) is not None


def is_dated(line: str) -> bool:
    """ "Hợp Thành, ngày 28 tháng 11 năm 2025": where and when it was signed."""
    return DATED.fullmatch(line.lower()) is not None


def is_on_behalf(line: str) -> bool:
    """ "TM. ỦY BAN NHÂN DÂN": no paragraph begins so."""
    if ON_BEHALF_MARKED.fullmatch(line):
        return True
    return is_capitals(line) and ON_BEHALF.fullmatch(line.lower()) is not None


def names_office(line: str) -> bool:
    """Whether a line is an office or who holds it: "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ TÂN TRÀO"."""
    small = line.lower()
    return (
        not last_mark(line)
        and (OFFICE.fullmatch(small) or COUNCIL.match(small)) is not None
    )


def signs(line: str) -> bool:
    """ "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "(Đã ký)": who answers for a document."""
    small = line.lower()
    is_office = is_capitals(line) and OFFICE.fullmatch(small) is not None
    return is_office or is_on_behalf(line) or SIGNED.fullmatch(small) is not None


def to_whom(line: str) -> bool:
    """ "Nơi nhận:": below it stands who is sent a document."""
    return RECIPIENTS.fullmatch(line.lower()) is not None
