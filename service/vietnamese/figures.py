"""Figures with what belongs to them: ranges, units, rates, shares, scores."""

import re
from functools import cache

from service.vietnamese import tables
from service.vietnamese.context import Context, Said, words
from service.vietnamese.dates import BEFORE_DAY, COUNTED, day, day_with_dash_or_dot, is_day, is_of_an_event
from service.vietnamese.numbers import cardinal, digits, figure, month, ordinal
from service.vietnamese.syllable import spell

DASHES = frozenset("-–—")
CALLED = words("gọi hotline nóng thoại đài đt sđt")  # numbers after these are phones, short ones too
NUMBERED = words("khoản máy cccd cmnd mst stk cước mã mật")  # after these, long ones are read digit by digit
EMERGENCY = words("111 112 113 114 115")
SHORTEST_CALLED, SHORTEST_NUMBERED, SHORTEST_IN_A_NAME = 3, 5, 4  # digits
LONGEST_SERIES = 3  # letters
LONGEST_COUNTED = 6  # digits: as many without a point after letters are a series, "CT 123456"
TODAY = words("nay qua mai")
COUNTING = words("tổng trong một")  # ... số
NAMED = words(
    "nghị_quyết nghị_định quyết_định chỉ_thị thông_tư kế_hoạch công_văn thông_báo báo_cáo hướng_dẫn kết_luận "
    "tờ_trình đề_án công_điện quy_định chương_trình thư_mời"
)
LONGEST_MARKED = 8  # characters: "khoản 1.256" is a thousand, "tài khoản 8888.6868.1234" is not
DOCUMENTS = words("quyết nghị định tư thị hoạch văn báo dẫn luật lệnh số thư trình chỉ quy kết luận án")
MONEY_FOLLOWS = words("tr k")  # 10k VND
BEFORE_A_FIGURE = words("tr p m")  # 2tr5, 3p20s, 1m63
RATES = words(
    "km/h m/s cm/s mm/h m3/s m³/s mg/l mg/L g/l g/L mg/ml mg/kg km/giờ m3/h lít/s m/phút µg/m3 µg/m³ "
    "μg/m3 μg/m³ mg/m3 con/ml"
)
NEAR = 60  # characters
SECTIONS = words("mục điểm khoản phần bản")
DECIMAL_POINT = words("điểm triệu tỷ nghìn độ phần lần")
MAGNITUDES = words("nghìn ngàn vạn triệu tỷ tỉ")
LOADED = words("xe tải trọng cầu hàng ô tô nặng")  # 5T after these are tonnes, else months
PERSONS = words("ông bà anh chị cụ em cháu bé")
AGED = words("trẻ em cháu bé nam nữ bn")
ELECTRIC = words("dòng điện cầu dao aptomat ắc sạc nguồn tải")
HOUSES = words("hạng tổ ngõ ngách hẻm kiệt số nhà binh")  # a/b after these is an address, or a disabled soldier's class
SHARED = words("số diện dân tổng lượng sản chiều quãng thời")  # what a fraction is taken of
LONGEST_MONTH = 2  # digits
LARGEST_PART = 10  # fractions go up to tenths
_DAYS = re.compile(r"[0-3]?\d,[0-3]?\d")
_DAY_OF_A_LIST = re.compile(r"(?:\s?(?:,|và)\s?[0-3]?\d)+/[01]?\d(?!\d)")
_PART = re.compile(r"\d{1,3}(?![\d.,])")
_PER_FIGURE = re.compile(r"\s?/\s?(?=\d)")
_YEAR_FOLLOWS = re.compile(r" (?:19|20)\d\d(?![\d.,])")
_OF_A_YEAR = re.compile(r"/((?:19|20)\d\d)(?!\d)")
_MARKS_GIVEN = re.compile(r"\b[Đđ]iểm\b")
_PER_ONE = re.compile(r"\s?/\s?([A-ZĐ]{2,6})(?![\w&])")
ONES = words("HS HSSV SV GV HV ĐV DN HTX BN THT CLB TDP KDC NVH")  # what a sum is given to, one each
_PER_WORD = re.compile(r"\s?/\s?([^\W\d_]{2,10})(?!\w)")


def integer(text: str) -> int | None:
    """The value of up to four digits, or None."""
    return int(text) if text.isdigit() and len(text) <= 4 else None


def number(c: Context, i: int) -> Said:
    """A figure with what belongs to it: a range, a unit, a rate."""
    token, before = c.tokens[i], c.before(i)
    text, zero_tens = token.text, c.options.zero_tens
    short = integer(text)
    if text == "00" and before == "giờ" and c.after(i) != "phút":
        return Said("", i + 1, "time")
    if before in ("thứ", "hạng") and short is not None:
        return Said(ordinal(short, zero_tens), i + 1, "ordinal")
    if short is not None and 1 <= short <= 12 and (end := _month_range(c, i)):
        return Said(f"{'' if before == 'tháng' else 'tháng '}{month(short)} đến", end, "date")
    if before == "tháng" and short is not None and 1 <= short <= 12:
        year = " năm" if _YEAR_FOLLOWS.match(c.text, token.end) else ""
        return Said(f"{month(short)}{year}", i + 1, "date")
    if _is_digit_wise(c, i):
        return Said(digits(text), i + 1, "digits")
    if "." in text and _names_in_groups(c, i):  # a phone without its area: 3.866.456
        return Said(", ".join(map(digits, text.split("."))), i + 1, "phone")
    told = before in BEFORE_DAY or before in TODAY or _after_the_hour(c, i) or is_of_an_event(c, i)
    if told and (a_day := day_with_dash_or_dot(c, i)):
        return a_day
    if before == "ngày" and _DAYS.fullmatch(text) and _DAY_OF_A_LIST.match(c.text, token.end):  # ngày 6,7,8/11
        return Said(", ".join(cardinal(int(day), zero_tens) for day in text.split(",")), i + 1, "date")
    point = "phẩy" if _is_decimal(c, i) else "chấm"
    return measured(c, figure(text, zero_tens, point), i + 1, "number")


def _is_digit_wise(c: Context, i: int) -> bool:
    """Numbers that name rather than count: phones, accounts, the 02 of a document, J02 and PC07."""
    text = c.tokens[i].text
    if not text.isdigit():
        return False
    if text[0] == "0" and _after_a_document(c, i) and c.after(i) not in MAGNITUDES:
        return True
    if _in_a_name(c, i) and (text[0] == "0" or (len(text) >= SHORTEST_IN_A_NAME and not text.endswith("00"))):
        return True
    if _after_a_code(c, i) and len(text) >= SHORTEST_NUMBERED:
        return True
    if len(text) < SHORTEST_CALLED:
        return False
    if text in EMERGENCY and any(f" {word} " in c.near(i) for word in CALLED):
        return True
    first = c.first_of_list(i)
    near = set(c.before(first, 3).split())
    grouped = any(near.kind == "number" and near.text.isdigit() for near in c.tokens[max(0, i - 2) : i + 3 : 4])
    return (
        bool(CALLED & near)
        or c.tokens[first].kind == "phone"
        or ((len(text) >= SHORTEST_NUMBERED or grouped) and bool(NUMBERED & near))
    )


def _names_in_groups(c: Context, i: int) -> bool:
    """Figures in groups after "gọi" or "tài khoản"; those after "khoản" and "mã số" only when they are many."""
    text = c.tokens[i].text
    if CALLED & set(c.before(i, 2).split()):
        return True
    return len(text) > LONGEST_MARKED and bool(NUMBERED & set(c.before(i, 2).split()))


def _is_decimal(c: Context, i: int) -> bool:
    """8.5 điểm and 3.5 km are decimals as a foreigner writes them; 4.0 and 2.1.6 are versions."""
    text = c.tokens[i].text
    if not re.fullmatch(r"\d+\.\d{1,2}", text):
        return False
    marks = c.since(_MARKS_GIVEN, i)  # "Điểm trung bình: Toán 6,35; Văn 7.25"
    if marks is not None and len(marks) < NEAR and len(text.partition(".")[2]) == 2 and c.before(i) not in SECTIONS:
        return True
    return c.after(i) in DECIMAL_POINT or unit_pattern().match(c.text, c.tokens[i].end) is not None


def _after_a_document(c: Context, i: int) -> bool:
    """The 06 of "Đề án 06" and "số 06"; "trong số 06 hộ" counts."""
    *earlier, last = c.before(i, 2).split() or [""]
    first = earlier[0] if earlier else ""
    if last == "số":
        return first not in COUNTING
    previous = c.neighbour(i, -1)
    short = previous is not None and previous.text in tables.documents()  # "HD 05"
    return short or last in ("luật", "lệnh") or f"{first}_{last}" in NAMED


def _in_a_name(c: Context, i: int) -> bool:
    """J02, PC07, NK7328, XL-01: digits that touch capitals."""
    previous = c.beside(i, -1)
    if previous and previous.text == "-" and c.tokens[i].text[0] == "0":
        previous = c.beside(i - 1, -1)
    return bool(previous and previous.kind == "word" and previous.text.isupper())


def _after_a_code(c: Context, i: int) -> bool:
    """ "số BK 123456": what stands before is a series."""
    previous = c.neighbour(i, -1)
    if not previous or c.capitals:
        return False
    series = previous.text.isupper() and len(previous.text) <= LONGEST_SERIES
    known = previous.text in tables.abbreviations() and len(c.tokens[i].text) < LONGEST_COUNTED
    return series and previous.text.isalpha() and not known


def _month_range(c: Context, i: int) -> int:
    """Past the dash of 02-03/2000, where a month with its year follows; 0 where none does."""
    following = c.tokens[i + 1 : i + 3]
    ranged = len(following) == 2 and following[0].text in DASHES and following[1].kind == "month"
    return i + 2 if ranged else 0


def measured(c: Context, said: str, end: int, rule: str) -> Said:
    """Adds the unit that stands right after a figure, and "/ngày" or "/kg" after that."""
    position = c.tokens[end - 1].end
    unit = unit_pattern().match(c.text, position)
    if unit is None or (unit[0] == "A" and not ELECTRIC & set(c.before(end - 1, 3).split())):  # 16A; a house is 125A
        return _without_unit(c, said, end, rule)
    written = unit.group(1)
    unit_said = _of_t(c, end, written) if written in "tT" else tables.units()[written]
    if unit[0] == "t" and _is_age(c, end, unit.end()):
        unit_said = "tuổi"
    said, position = f"{said} {unit_said}", unit.end()
    if written == "T" and (year := _OF_A_YEAR.match(c.text, position)):  # 9T/2025
        said, position = f"{said} năm {cardinal(int(year[1]), c.options.zero_tens)}", year.end()
    if part := _PART.match(c.text, position) if written in ("tr", "m") else None:
        said, position = f"{said} {_part(written, part[0], c.options.zero_tens)}", part.end()
    if written in MONEY_FOLLOWS and (money := unit_pattern().match(c.text, position)):  # 10k VND, 5tr đồng
        said, position = f"{said} {tables.units()[money.group(1)]}", money.end()
    said, position = per(c, said, written, position)
    return Said(said, c.at(position, end), "unit")


def _of_t(c: Context, end: int, written: str) -> str:
    """The T of "xe 5T", "trẻ 5T", "(78t)" and "kỳ hạn 6T"."""
    near = set(c.before(end - 1, 3).split())
    left, right = c.beside(end - 1, -1), c.beside(end, 1)
    if left and right and left.text == "(" and right.text in "),":
        return "tuổi"
    return "tấn" if LOADED & near else "tuổi" if AGED & near else tables.units()[written]


def _is_age(c: Context, end: int, position: int) -> bool:
    """Whether "67t" is an age, as in "Bà Hà Thị Mỷ, 67t, ở thôn 3": it stands alone, after a person."""
    return c.text.startswith((",", ")", " -"), position) and bool(PERSONS & set(c.before(end - 1, 6).split()))


def _without_unit(c: Context, said: str, end: int, rule: str) -> Said:
    """A bare figure: a letter may touch it (30a), or what it is counted by (45/tháng)."""
    position = c.tokens[end - 1].end
    letter = c.tokens[end] if end < len(c.tokens) else None
    glued = letter and letter.kind == "word" and len(letter.text) == 1 and letter.start == position
    if letter and glued and not (letter.text in "xX" and between_figures(c, end)):
        return Said(f"{said} {spell(letter.text)}", end + 1, rule)
    counted = _PER_WORD.match(c.text, position)
    if counted and (counted[1] in PER or counted[1] in tables.units()):
        said, position = per(c, said, "", position)
        return Said(said, c.at(position, end), "unit")
    return Said(said, end, rule)


def _part(unit: str, text: str, zero_tens: str) -> str:
    """What follows a unit as its part: 2tr5 is 2.500.000, 1m63 is a metre sixty-three."""
    if unit == "tr":
        return f"{cardinal(int(text.ljust(3, '0')), zero_tens)} nghìn"
    return digits(text) if text[0] == "0" else cardinal(int(text), zero_tens)


def per(c: Context, said: str, unit: str, position: int) -> tuple[str, int]:
    """Adds "/kg" or "/người/năm": "một ki lô gam", "một người một năm"; "trên" in /h after km and before figures."""
    while found := rate_pattern().match(c.text, position):
        name = found.group(1)
        said += f" {'trên' if f'{unit}/{name}' in RATES else 'một'} {tables.units().get(name, name)}"
        position = found.end()
    if (found := _PER_ONE.match(c.text, position)) and found[1] in ONES:  # 936.000đ/HS/tháng
        return per(c, f"{said} một {tables.abbreviations()[found[1]][-1].spoken}", "", found.end())
    if unit and (found := _PER_FIGURE.match(c.text, position)):  # 200mm/24h
        said, position = f"{said} trên", found.end()
    return said, position


def ratio(c: Context, i: int) -> Said:
    """a/b: a date, a fraction, a share or a count, by what stands around it."""
    over, under = c.tokens[i].parts["over"], c.tokens[i].parts["under"]
    zero_tens = c.options.zero_tens
    before = c.before(i)
    a, b = integer(over), integer(under)
    if a is not None and b is not None and a < b <= LARGEST_PART and (mixed := _mixed(c, i)):
        return mixed
    if a is not None and b is not None and len(under) <= LONGEST_MONTH and _is_date(c, i, a, b):
        return Said(day(c, i, a, b), i + 1, "date")
    if a is not None and b == a + 1 and len(over) == len(under) == 4:
        return Said(f"{figure(over, zero_tens)} {figure(under, zero_tens)}", i + 1, "number")
    below = "tư" if b == 4 else figure(under, zero_tens)
    if before == "thứ" and a is not None:
        said = f"{ordinal(a)} trên {figure(under, zero_tens)}"
    elif a is not None and b is not None and _is_fraction(c, i, a, b):
        said = f"{figure(over, zero_tens)} phần {below}"
    else:
        said = f"{figure(over, zero_tens)} trên {figure(under, zero_tens)}"
    return measured(c, said, i + 1, "ratio")


def _is_date(c: Context, i: int, a: int, b: int) -> bool:
    """A day by what stands around it, or 05/3 by the way it is written."""
    if is_day(c, i, a, b):
        return True
    written = _after_the_hour(c, i) or (c.tokens[i].text[0] == "0" and c.after(i) not in COUNTED)
    return written and 1 <= a <= 31 and 1 <= b <= 12


def _mixed(c: Context, i: int) -> Said | None:
    """The part of "5 1/2"."""
    whole = c.tokens[i - 2] if i > 1 else None
    if not (whole and whole.kind == "number" and c.tokens[i - 1].kind == "space"):
        return None
    over, under = c.tokens[i].parts["over"], c.tokens[i].parts["under"]
    below = "tư" if under == "4" else figure(under, c.options.zero_tens)
    return measured(c, f"và {figure(over, c.options.zero_tens)} phần {below}", i + 1, "ratio")


def _is_fraction(c: Context, i: int, a: int, b: int) -> bool:
    """ "1/5 số hộ" is a fifth; "3/5 thôn" and "7/9 huy chương" are counts, "ngõ 3/5" an address."""
    before, following = c.before(i), c.after(i)
    if before == "vòng" and a == 1:  # 1/16
        return True
    if not a < b <= LARGEST_PART or "lệ" in before or before in HOUSES or following in WHOLE_COUNTED:
        return False
    part = b <= 5 or following in SHARED or before in ("gần", "hơn", "khoảng", "chiếm", "quá")
    return part or not following[:1].isalpha() or unit_pattern().match(c.text, c.tokens[i].end) is not None


def _after_the_hour(c: Context, i: int) -> bool:
    """7h/15/9."""
    return i > 1 and c.tokens[i - 1].text == "/" and c.tokens[i - 2].kind == "time"


def between_figures(c: Context, i: int) -> bool:
    """Whether a figure, or one with its unit, stands on either side."""
    right = c.neighbour(i, 1)
    near = [token.kind for token in c.tokens[max(0, i - 6) : i]]  # a figure, perhaps a unit, spaces
    return bool(right and right.kind == "number" and "number" in near)


# What a share counts whole, as "3/5 thôn"; of an amount it is a fraction, as "1/5 số hộ".
WHOLE_COUNTED = COUNTED - words("số diện dân tổng lượng")
PER = words(
    "khẩu ngày tháng năm tuần giờ phút giây người hộ sào nhà lượt lần suất vụ ca buổi thửa con cây bao kỳ "
    "đêm bữa trẻ cháu em thôn xã chuyến vé phòng trạm"
)


@cache
def unit_pattern() -> re.Pattern[str]:
    """A unit right after a figure, with at most one space between."""
    forms = sorted(tables.units(), key=len, reverse=True)
    ends = {form: r"(?:(?![^\W\d_])|(?=x\d))" if form in BEFORE_A_FIGURE else r"(?![^\W_])" for form in forms}
    ends["đ"] = r"(?![^\W_]|/[vc](?!\w))"  # "25 đ/v" and "3 đ/c" are people
    written = "|".join(re.escape(form) + (ends[form] if form[-1].isalnum() else "") for form in forms)
    initials = re.escape("".join({form[0] for form in forms}))
    return re.compile(rf"\s?(?=[{initials}])({written})")


@cache
def rate_pattern() -> re.Pattern[str]:
    """What a price or speed is given for: /kg, /ngày."""
    forms = "|".join(re.escape(form) for form in sorted(tables.units(), key=len, reverse=True) if form[-1].isalnum())
    return re.compile(rf"\s?/\s?((?:{forms})(?!\w)|[a-zà-ỹđ]{{2,10}}(?: [a-zà-ỹđ]{{2,10}}(?=/))?(?!\w))")
