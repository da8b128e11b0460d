"""What stands behind a figure: units, parts of them, and what they are given for."""

import re
from functools import cache
from string import ascii_letters

from service.vietnamese import tables
from service.vietnamese.context import Context, Said, words
from service.vietnamese.numbers import cardinal, digits, figure
from service.vietnamese.syllable import spell
from service.vietnamese.tokens import FIGURE

LETTERS = frozenset(f"{ascii_letters}đĐ")
MONEY_FOLLOWS = words("tr Tr TR k K")  # 10k VND
BEFORE_A_FIGURE = words("tr Tr TR p m o")  # 2tr5, 3p20s, 1m63
MAGNITUDES = words("nghìn ngàn vạn triệu tỷ tỉ")
LOADED = words("xe tải trọng cầu hàng ô tô nặng")  # 5T after these are tonnes, else months
MONEY = words("đ đồng nghìn ngàn triệu tỷ k K tr Tr VNĐ VND USD $")
FEVER = words("35 36 37 38 39 40 41 42")
LONGEST_MINUTES = 4  # digits
MOST_RATES = 3  # a sum is given for: "/người/ngày/ca"
RUN = words("chạy ly cự đua marathon")  # 10K after these is a distance
NO_MONEY = words("vàng mã lô phòng căn xe số")  # 18K after these is gold or a code
CLOCK = words("lúc từ đến tới hồi trước sau vào - –")  # 7H after these is an hour
TALL = words("cao trẻ")  # 1m3 after these is a metre thirty
PARTED = ("tr", "m", "°", "o")  # 2tr5, 1m63, 38o5
CURRENCIES = words("$ € £ ¥ US USD EUR")
AGED = words("trẻ em cháu bé nam nữ bn")
PERSONS = words("ông bà anh chị cụ em cháu bé nhân")
ELECTRIC = words("dòng điện cầu dao aptomat ắc sạc nguồn tải")
PLANNED = words("KH TĐ QĐ NQ DT CK CP")  # a sum is held against these, not given to one each
BEDS = (" bệnh viện ", " bv ", " trung tâm y tế ", " ttyt ", " giường ")  # near these GB are beds
PER = words(
    "khẩu ngày tháng năm tuần giờ phút giây người hộ sào nhà lượt lần suất vụ ca buổi thửa con cây bao kỳ "
    "đêm bữa trẻ cháu em thôn xã chuyến vé phòng trạm lớp phần bó chục mũi đợt đội khóa lồng lô gói chiếc bộ sổ "
    "căn ngôi cặp hũ chai lọ hộp thùng túi cuốn quyển bài câu tiết khu ấp bản công mẫu đàn ao tàu khách điểm ngôi nhóm "
    "môn bàn mâm vé tấm cái xe chậu gốc khóm luống"
)
_PRICE = re.compile(
    rf"(?P<currency>US\$|USD|EUR|[$€£¥])\s?(?P<sum>{FIGURE})(?P<magnitude>\s(?:nghìn|ngàn|triệu|tỷ))?(?![\w%])"
)
_OF_THE_CLOCK = re.compile(r"\d[hg]\d{0,2}\s?[-–]\s?\d{1,2}$")
_PART = re.compile(r"\d{1,3}(?!\d|[.,]\d)")
_PER_FIGURE = re.compile(r"\s?/\s?(?=\d)")
_PER_ONE_OF = re.compile(r"\s?/\s?(?=0?1(?:\s?[^\W\d_]))")  # "25.000đ/01 suất"
_OF_A_YEAR = re.compile(r"/((?:19|20)\d\d)(?!\d)")
_PER_ONE = re.compile(r"\s?/\s?([A-ZĐ]{2,6})(?![\w&])")
_PER_WORD = re.compile(r"\s?/\s?([^\W\d_]{2,10})(?!\w)")


def measured(c: Context, said: str, end: int, rule: str) -> Said:
    """Adds the unit that stands right after a figure, and "/ngày" or "/kg" after that."""
    position = c.tokens[end - 1].end
    unit = unit_pattern().match(c.text, position)
    if unit is None or not _is_unit(c, end, unit):
        return _without_unit(c, said, end, rule)
    written = unit.group(1)
    unit_said = _in_context(c, end, unit) or tables.units()[written]
    said, position = f"{said} {unit_said}", unit.end()
    if written == "T" and (year := _OF_A_YEAR.match(c.text, position)):  # 9T/2025
        said, position = f"{said} năm {cardinal(int(year[1]), c.options.zero_tens)}", year.end()
    if part := _PART.match(c.text, position) if written.lower() in PARTED else None:
        said, position = f"{said} {_part(written, part[0], c.options.zero_tens)}", part.end()
    if written in MONEY_FOLLOWS and (
        money := unit_pattern().match(c.text, position)
    ):  # 10k VND, 5tr đồng
        said, position = f"{said} {tables.units()[money.group(1)]}", money.end()
    said, position = per(c, said, written, position)
    return Said(said, c.at(position, end), "unit")


def price(c: Context, i: int) -> Said | None:
    """ "$1.25", "USD 500", "US$ 2 tỷ": what is paid in stands before the sum, and is said after it."""
    found = _PRICE.match(c.text, c.tokens[i].start)
    previous = c.neighbour(i, -1)
    if (
        not found
        or (previous and previous.kind == "number")
        or unit_pattern().match(c.text, found.end())
    ):
        return None
    said = figure(found["sum"], c.options.zero_tens, "phẩy") + (found["magnitude"] or "")
    return Said(f"{said} {tables.units()[found['currency']]}", c.at(found.end(), i), "unit")


def _is_unit(c: Context, end: int, unit: re.Match[str]) -> bool:
    """Whether a capital is a unit here: 16A (a house is 125A), 7H (a class is 7H), 500K (5K is a slogan)."""
    written = unit.group(1)
    before, text = set(c.before(end - 1, 3).split()), c.tokens[end - 1].text
    if written == "o":  # a fever of 38o5
        return text in FEVER and c.text[unit.end() : unit.end() + 1].isdigit()
    if written in "NE":  # 16.5N
        return not text.isdigit()
    if written == "p":  # a picture of 1080p
        return len(text) < LONGEST_MINUTES
    if written == "A":
        return bool(ELECTRIC & before)
    if written == "H":
        return c.before(end - 1) in CLOCK
    return written != "K" or (len(text) > 1 and not NO_MONEY & before)


def _in_context(c: Context, end: int, unit: re.Match[str]) -> str:
    """What a unit is where it is not what its row says: tonnes and years of age, heights, distances; else ""."""
    written = unit.group(1)
    if unit[0] in ("t", "T") and _is_age(c, end, unit.end()):
        return "tuổi"
    if written in "tT":
        return _of_t(c, end, written)
    if written == "tr" and c.text.startswith(".", unit.end()) and " sách " in c.near(end - 1):
        return "trang"
    if (
        unit[0] in ("m2", "m3")
        and len(c.tokens[end - 1].text) == 1
        and TALL & set(c.before(end - 1, 3).split())
    ):
        return f"mét {digits(written[1])}"
    if written == "GB" and any(word in c.near(end - 1) for word in BEDS):
        return "giường bệnh"
    if written == "K" and RUN & set(c.before(end - 1, 6).split()):
        return "ki lô mét"
    start = c.tokens[end - 1].end
    return (
        "giờ" if unit[0] == "g" and _OF_THE_CLOCK.search(c.text, max(0, start - 12), start) else ""
    )


def _of_t(c: Context, end: int, written: str) -> str:
    """The T of "xe 5T", "trẻ 5T", "(78t)" and "kỳ hạn 6T"."""
    near = set(c.before(end - 1, 3).split())
    left, right = c.beside(end - 1, -1), c.beside(end, 1)
    if left and right and left.text == "(" and right.text in "),":
        return "tuổi"
    return "tấn" if LOADED & near else "tuổi" if AGED & near else tables.units()[written]


def _is_age(c: Context, end: int, position: int) -> bool:
    """Whether "67t" is an age, as in "Bà Hà Thị Mỷ, 67t, ở thôn 3": it stands alone, after a person."""
    return c.text.startswith((",", ")", " -"), position) and bool(
        PERSONS & set(c.before(end - 1, 6).split())
    )


def _without_unit(c: Context, said: str, end: int, rule: str) -> Said:
    """A bare figure: a letter may touch it (30a), or what it is counted by (45/tháng)."""
    position = c.tokens[end - 1].end
    letter = c.tokens[end] if end < len(c.tokens) else None
    glued = (
        letter and letter.text in LETTERS and letter.start == position
    )  # 30a; "01ổ dịch" is one of them
    if letter and glued and not (letter.text in "xX" and between_figures(c, end)):
        return Said(f"{said} {spell(letter.text)}", end + 1, rule)
    counted = _PER_WORD.match(c.text, position)
    if counted and (counted[1] in PER or counted[1] in tables.units()):
        said, position = per(c, said, "", position)
        return Said(said, c.at(position, end), "unit")
    return Said(said, end, rule)


def _part(unit: str, text: str, zero_tens: str) -> str:
    """What follows a unit as its part: 2tr5 is 2.500.000, 1m63 is a metre sixty-three."""
    if unit.lower() == "tr":
        return f"{cardinal(int(text.ljust(3, '0')), zero_tens)} nghìn"
    return digits(text) if text[0] == "0" else cardinal(int(text), zero_tens)


def per(c: Context, said: str, unit: str, position: int) -> tuple[str, int]:
    """Adds "/kg" or "/người/năm": "một ki lô gam", "một người một năm"; "trên" before figures."""
    for _ in range(MOST_RATES):
        if rate := rate_pattern().match(c.text, position):
            said += f" một {tables.units().get(rate[1], rate[1])}"
        elif (rate := _PER_ONE.match(c.text, position)) and (one := _counted_by(rate[1])):
            said, unit = f"{said} một {one}", ""  # 936.000đ/HS/tháng
        else:
            break
        position = rate.end()
    if unit in MONEY and (found := _PER_ONE_OF.match(c.text, position)):
        position = found.end()
    elif unit and (found := _PER_FIGURE.match(c.text, position)):  # 200mm/24h
        said, position = f"{said} trên", found.end()
    return said, position


def _counted_by(abbreviation: str) -> str:
    """What a sum is given for each of, as HS in "đ/HS"; "" where nobody knows, or where it is held against a plan."""
    readings = tables.abbreviations().get(abbreviation)
    if not readings or abbreviation in PLANNED:
        return ""
    usual = next((reading for reading in readings if not reading.needs), readings[0])
    return usual.spoken


def between_figures(c: Context, i: int) -> bool:
    """Whether a figure, or one with its unit, stands on either side."""
    right = c.neighbour(i, 1)
    near = [token.kind for token in c.tokens[max(0, i - 6) : i]]  # a figure, perhaps a unit, spaces
    return bool(right and right.kind == "number" and "number" in near)


@cache
def unit_pattern() -> re.Pattern[str]:
    """A unit right after a figure, with at most one space between."""
    forms = sorted(tables.units(), key=len, reverse=True)
    ends = {
        form: r"(?:(?![^\W\d_])|(?=x\d))" if form in BEFORE_A_FIGURE else r"(?![^\W_])"
        for form in forms
    }
    ends["đ"] = ends["Đ"] = r"(?![^\W_]|/[vcVC](?!\w))"  # "25 đ/v" and "3 Đ/C" are people
    written = "|".join(
        re.escape(form) + (ends[form] if form[-1].isalnum() else "") for form in forms
    )
    initials = re.escape("".join({form[0] for form in forms}))
    return re.compile(rf"\s?(?=[{initials}])({written})")


@cache
def rate_pattern() -> re.Pattern[str]:
    """What a price or speed is given for: /kg, /ngày."""
    forms = "|".join(
        re.escape(form)
        for form in sorted(tables.units(), key=len, reverse=True)
        if form[-1].isalnum()
    )
    return re.compile(
        rf"\s?/\s?((?:{forms})(?!\w)|[a-zà-ỹđ]{{2,10}}(?: [a-zà-ỹđ]{{2,10}}(?=/))?(?!\w))"
    )
