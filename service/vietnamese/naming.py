"""What makes a figure a name: a telephone, an account, a document's number, a series.

Else it counts.
"""

import re
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.numbers import GROUPED, cardinal
from service.vietnamese.rules import Sign, first_verdict
from service.vietnamese.tables import cues, mentions
from service.vietnamese.tables.cue import Cue
from service.vietnamese.unit_forms import unit_pattern

FINE_GOLD = "9999"
SHORTEST_CALLED, SHORTEST_NUMBERED, SHORTEST_IN_A_NAME = 3, 5, 4  # digits
LONGEST_SERIES = 3  # letters
LONGEST_COUNTED = (
    6  # digits: as many without a point after letters are a series, "CT 123456"
)
LONGEST_MARKED = (
    8  # characters: "khoản 1.256" is a thousand, "tài khoản 8888.6868.1234" is not
)
_PARTS = re.compile(r"\d{1,2}(?:[.:-]\d{1,2}){2,4}(?![\d:/]|[.,]\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Figure(NamedTuple):
    """Digits without a mark, and what stands around them."""

    c: Context
    i: int
    text: str
    before: str
    after: str

    @property
    def is_counted(self) -> bool:
        """Whether what follows is what there are so many of: "gọi 250 đoàn viên", "113 hộ"."""
        nouns = cues(Cue.COUNTED, Cue.COUNTED_PEOPLE, Cue.EACH)
        if self.after in nouns or self.after in tables.magnitudes():
            return True
        return unit_pattern().match(self.c.text, self.c.tokens[self.i].end) is not None

    @property
    def has_an_end(self) -> bool:
        """Whether a mark, or a word that says what to call for,
        follows: "gọi 114.", "gọi 115 để".
        """
        return not self.after[:1].isalpha() or self.after in cues(
            Cue.AFTER_A_NUMBER_TO_CALL
        )


def is_digit_wise(c: Context, i: int) -> bool:
    """Numbers that name rather than count: phones, accounts, the 02 of a document, J02 and PC07."""
    text = c.tokens[i].text
    # Most figures: what names and is as short as this begins with a nought.
    if not text.isdigit() or (len(text) < SHORTEST_CALLED and text[0] != "0"):
        return False
    return first_verdict(NAMING, Figure(c, i, text, c.before(i), c.after(i)))


def _is_called(case: Figure) -> bool:
    """After "gọi", where nothing is counted; after "đường dây nóng" unless something plainly is."""
    around = f" {case.c.before(case.c.first_of_list(case.i), 3)} "
    if mentions(around, Cue.NUMBER_TO_CALL):
        return not case.is_counted
    weak = mentions(around, Cue.PERHAPS_A_NUMBER_TO_CALL)
    return weak and case.has_an_end and " kêu gọi " not in around


def _is_numbered(case: Figure) -> bool:
    if len(case.text) < SHORTEST_NUMBERED and not _in_groups(case.c, case.i):
        return False
    around = f" {case.c.before(case.c.first_of_list(case.i), 3)} "
    return mentions(around, Cue.NUMBER_THAT_NAMES)


def _is_an_emergency(case: Figure) -> bool:
    if case.text not in cues(Cue.EMERGENCY) or case.is_counted:
        return False
    return mentions(
        case.c.near(case.i), Cue.NUMBER_TO_CALL, Cue.PERHAPS_A_NUMBER_TO_CALL
    )


def _is_a_long_number(case: Figure) -> bool:
    if len(case.text) < SHORTEST_NUMBERED or case.before != "số":
        return False
    return case.c.before(case.i, 2).split()[0] not in cues(Cue.COUNTING)


NAMING: tuple[Sign[Figure], ...] = (
    Sign(
        "a year",
        False,
        lambda case: case.before == "năm" and _YEAR.fullmatch(case.text) is not None,
        "gọi nhập ngũ năm 2024",
        "gọi nhập ngũ năm hai nghìn không trăm hai mươi tư",
    ),
    Sign(
        "a document's number",
        True,
        lambda case: (
            case.text[0] == "0"
            and _after_a_document(case.c, case.i)
            and case.after not in tables.magnitudes()
            and not _counts_after_a_document(case)
        ),
        "Đề án 06 của xã",
        "Đề án không sáu của xã",
    ),
    Sign(
        "in a name",
        True,
        lambda case: (
            _in_a_name(case.c, case.i)
            and (
                case.text[0] == "0"
                or (
                    len(case.text) >= SHORTEST_IN_A_NAME
                    and not case.text.endswith("00")
                )
            )
        ),
        "xe máy XL-01",
        "xe máy ích lờ không một",
    ),
    Sign(
        "after a series",
        True,
        lambda case: (
            len(case.text) >= SHORTEST_NUMBERED and _after_a_code(case.c, case.i)
        ),
        "giấy BK 123456",
        "giấy bê ca một hai ba bốn năm sáu",
    ),
    Sign(
        "too short to name",
        False,
        lambda case: len(case.text) < SHORTEST_CALLED,
        "gọi 25 người",
        "gọi hai mươi lăm người",
    ),
    Sign(
        "sent to",
        True,
        lambda case: case.before == "gửi" and case.has_an_end,
        "soạn tin gửi 1414",
        "soạn tin gửi một bốn một bốn",
    ),
    Sign(
        "fine gold",
        True,
        lambda case: case.text == FINE_GOLD and " vàng " in case.c.near(case.i),
        "vàng 9999",
        "vàng chín chín chín chín",
    ),
    Sign(
        "a long number",
        True,
        _is_a_long_number,
        "thẻ số 123456",
        "thẻ số một hai ba bốn năm sáu",
    ),
    Sign(
        "an emergency",
        True,
        _is_an_emergency,
        "gọi cứu hỏa theo số 114",
        "gọi cứu hỏa theo số một một bốn",
    ),
    Sign(
        "to call",
        True,
        _is_called,
        "tổng đài 1022 tiếp nhận",
        "tổng đài một không hai hai tiếp nhận",
    ),
    Sign(
        "after a phone",
        True,
        lambda case: (
            case.c.tokens[case.c.first_of_list(case.i)].kind == "phone"
            and not case.is_counted
        ),
        "gọi 0219.3866.456, 114",
        "gọi không hai một chín, ba tám sáu sáu, bốn năm sáu, một một bốn",
    ),
    Sign(
        "of an account",
        True,
        _is_numbered,
        "Số TK: 1500201234567",
        "Số tài khoản, một năm không không hai không một hai ba bốn năm sáu bảy",
    ),
)


def _in_groups(c: Context, i: int) -> bool:
    """Whether only a space parts a figure from the next: "tài khoản 1020 1000 2345"."""
    for step in (-1, 1):
        following = c.neighbour(i, step)
        apart = c.beside(i, step) is None
        if (
            apart
            and following
            and following.kind == "number"
            and following.text.isdigit()
        ):
            return True
    return False


def of_a_mixture(c: Context, i: int) -> Said | None:
    """NPK 5:10:3, NPK-S 5.10.3-8: the parts of a fertiliser, one after another; else None."""
    parts = _PARTS.match(c.text, c.tokens[i].start)
    if parts is None or cues(Cue.RATIO).isdisjoint(c.before(i, 3).split()):
        return None
    said = (cardinal(int(part)) for part in re.findall(r"\d+", parts[0]))
    return Said(" ".join(said), c.at(parts.end(), i), "ratio")


def names_in_groups(c: Context, i: int) -> bool:
    """Figures in groups after "gọi" or "tài khoản".

    Those after "khoản" and "mã số" only when they are many.
    """
    text, around = c.tokens[i].text, f" {c.before(i, 3)} "
    if mentions(around, Cue.NUMBER_TO_CALL, Cue.PERHAPS_A_NUMBER_TO_CALL):
        # "gọi 1.150 công dân nhập ngũ"
        return not GROUPED.fullmatch(text) or len(text) > LONGEST_MARKED
    return len(text) > LONGEST_MARKED and mentions(around, Cue.NUMBER_THAT_NAMES)


def _after_a_document(c: Context, i: int) -> bool:
    """The 06 of "Đề án 06" and "số 06"; "trong số 06 hộ" counts."""
    *earlier, last = c.before(i, 2).split() or [""]
    first = earlier[0] if earlier else ""
    if last == "số":
        return first not in cues(Cue.COUNTING)
    previous = c.neighbour(i, -1)
    # "HD 05".
    short = previous is not None and (
        previous.text in tables.documents() or previous.text in cues(Cue.STANDARD)
    )
    return short or bool({last, f"{first} {last}"} & tables.document_names())


def _counts_after_a_document(case: Figure) -> bool:
    """ "báo cáo 09 tháng": so many months; "Chỉ thị 05 tháng 3" has the day it was made."""
    if case.before == "số" or case.after not in cues(Cue.COUNTED_AFTER_A_DOCUMENT):
        return False
    return not case.c.after(case.i, 2).split()[-1].isdigit()


def _in_a_name(c: Context, i: int) -> bool:
    """J02, PC07, NK7328, XL-01: digits that touch capitals."""
    previous = c.beside(i, -1)
    if previous and previous.text in "-." and c.tokens[i].text[0] == "0":
        previous = c.beside(i - 1, -1)
    return bool(previous and previous.kind == "word" and previous.text.isupper())


def _after_a_code(c: Context, i: int) -> bool:
    """ "số BK 123456": what stands before is a series."""
    previous = c.neighbour(i, -1)
    if not previous:
        return False
    series = previous.text.isupper() and len(previous.text) <= LONGEST_SERIES
    is_an_abbreviation = (
        previous.text in tables.abbreviations()
        and len(c.tokens[i].text) < LONGEST_COUNTED
    )
    return series and previous.text.isalpha() and not is_an_abbreviation
