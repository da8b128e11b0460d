"""To whom an official document goes, and who signs it: below its head, and at its end."""

import re
from collections.abc import Sequence

from service.intake.lines import is_capitals, is_item, last_mark, words

MOST_END_LINES = 14
LONGEST_ADDRESSEE_WORDS = 14
ADDRESSED = re.compile(r"(?:đồng |trân trọng )?kính gửi\b.*")
TELEGRAPHED = re.compile(r".{3,140}\bđiện ?[:：].{0,100}")  # of a công điện
RECIPIENTS = re.compile(r"nơi (?:nhận|gửi) ?[:：]?.*")
ON_BEHALF = re.compile(r"(?:(?:tm|kt|tl|tuq)[.:]?|[tk]/[ml]\.?|t/l\.?|q\.) ?[^.]{2,80}")
OFFICE = re.compile(
    r"(?:phó |quyền |p\. ?|q\. ?)?(?:chủ tịch|chủ nhiệm|trưởng (?:ban|thôn|bản|phòng|trạm|công an|ấp|khóm|xóm|khu)|"
    r"bí thư|giám đốc|thủ trưởng|chánh văn phòng|chỉ huy trưởng|hiệu trưởng|tổ trưởng|hội trưởng|chi hội trưởng|"
    r"đội trưởng|trụ trì|thừa lệnh|người thông báo|người lập|ban tổ chức)[^.,;:]{0,60}"
)
COUNCIL = re.compile(
    r"(?:ủy ban|uỷ ban|hội đồng|ban chấp hành|ban thường vụ|đảng ủy)\b"
)
DATED = re.compile(
    r"[^\W\d_][^.:;\d]{1,40}, ?ngày [\d… ]{1,4}tháng [\d… ]{1,4}năm \d{4}[.]?"
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
    # Only near the end: “Chủ tịch UBND xã” in capitals may also head a paragraph.
    for at in range(begins + 1, len(lines)):
        line = lines[at]
        ends = signs(line) or is_dated(line)
        if to_whom(line) or is_on_behalf(line) or (at >= near and ends):
            return at
    return len(lines)


def is_dated(line: str) -> bool:
    """ "Hợp Thành, ngày 28 tháng 11 năm 2025": where and when it was signed."""
    return DATED.fullmatch(line.lower()) is not None


def is_on_behalf(line: str) -> bool:
    """ "TM. ỦY BAN NHÂN DÂN": no paragraph begins so."""
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
