"""The kinds of spans that text is cut into, and how each is written: patterns made of named parts.

Tried in this order at every place; the first that fits is taken. Quantifiers are bounded or
possessive, so that the time is linear in the length of any text. Named groups are handed on as the
parts of a token. `{abbreviations}` and the like stand for the written forms of a table.
"""

LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơưạ-ỹ"


def either(*ways: str) -> str:
    """One of several ways to write the same."""
    return f"(?:{'|'.join(ways)})"


# --- Figures -----------------------------------------------------------------------------------

_YEARS_IN_A_ROW = r"(?:19|20)\d\d,(?:19|20)\d\d(?!\d)"  # 2024,2025
_EMERGENCY_NUMBERS = r"11[1-5],11[1-5](?!\d)"  # 113,114
_DAYS_IN_A_ROW = r"(?<=\d-)\d{1,2},\d{1,2}-\d"  # 5-7,9-11

_FOREIGN = r"\d{1,3}(?:,\d{3})++\.\d{1,2}(?![\d.,])"  # 2,345.67
_GROUPED = r"\d{1,3}(?:\.\d{3})++(?!\d)(?:,\d++)?"  # 1.256 and 1.256,5
_MILLIONS_BY_COMMA = r"(?!11\d,11\d,11\d)\d{1,3}(?:,\d{3}){2,}+(?!\d)"  # 1,256,000
_GROUPED_BY_SPACE = (
    r"\d{1,3}(?:\ \d{3})++(?!\d|\.\d)"  # 1 256 000; but "thôn 3 500.000"
)
_DECIMAL = (  # 1,5
    rf"(?<!\d,)(?!{_YEARS_IN_A_ROW}|{_EMERGENCY_NUMBERS}|{_DAYS_IN_A_ROW})\d++,\d++(?!,\d)"
)
_PLAIN = r"\d++(?:\.\d++){0,9}+"  # 25, 4.0, 2.1.6
FIGURE = "|".join(
    (_FOREIGN, _GROUPED, _MILLIONS_BY_COMMA, _GROUPED_BY_SPACE, _DECIMAL, _PLAIN)
)

# --- Addresses ---------------------------------------------------------------------------------

EMAIL = r"(?<![\w.])\w[\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"

_ADDRESS_WITH_ITS_SCHEME = r"(?:https?://|www\.)[^\s,;<>“”\"]{1,200}(?:\w|(?<!\.)/)"
_HOST = r"(?<![\w.])[A-Za-z0-9-]{2,63}(?:\.[a-z0-9-]{2,63}){0,4}"
_COMMON_END = r"\.(?:vn|com|org|net|(?:me|ly|io|app|info|page|gle)(?=/))"
_PATH = r"(?:/(?:[\w./-]{0,200}(?:\w|(?<!\.)/))?)?(?!\w)"
URL = f"{_ADDRESS_WITH_ITS_SCHEME}|{_HOST}{_COMMON_END}{_PATH}"

# --- Plates of vehicles and boats, serial numbers ------------------------------------------------

_DASH = either("[- ]", r"\s[-–]\s")
_PROVINCE = r"(?<!\w)\d{2}-?"
_SERIES = r"[A-ZĐ]{1,2}\d?"  # A, AB, X1
PLATE = "|".join(
    (
        r"(?<!\w)[A-ZĐ]{1,2}[A-Za-zđ]?[- ]?\d{4,5}[- ]?TS(?!\w)",  # a fishing boat: QNg 90123 TS
        r"(?<!\w)[A-Z]{2}(?:[- ]\d{5}|-\d{2}-\d{2})(?![\w-]|\.\d)",  # of the army: TM-12-34
        rf"{_PROVINCE}[a-zđ]\d?[-.]\d{{3}}\.\d{{2}}(?!\d)",  # 36b-012.34
        rf"{_PROVINCE}[A-ZĐ]\d?[- ](?:\d{{3}}\.?[xX]{{2}}|[xX]{{3}}\.?\d{{2}})(?!\w)",  # 36B-012.xx
        r"(?<!\w)\d{2}-[A-ZĐ]\d \d{4}(?![\d.])",  # 29-X1 4567
        rf"{_PROVINCE}{_SERIES}{_DASH}\d{{3}}\.\d{{2}}(?!\d)",  # 36B – 012.34
        rf"{_PROVINCE}{_SERIES}(?:[- ]\d{{5}}|\.\d{{3}}\.\d{{2}}|-\d{{4}})(?!\d)",
    )
)
SERIAL = "|".join(
    (
        # 000.00.01.H25-251103-0045
        r"(?<![\w.])\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}(?:-\d{2,8}){1,3}+(?!\w)",
        r"(?<!\w)[A-ZĐ]{1,4}\d{1,4}(?:[.-]\d{2,8}){2,5}+(?!\w)",  # H25.12-251103-0045
    )
)

# --- Documents -----------------------------------------------------------------------------------

CODE_PART = r"[A-ZĐƯ]{2,15}[a-z]?[A-ZĐƯ]{0,3}\d{0,2}"
_CODE_NO = r"(?<![\w/])(?P<code_no>\d{1,5}[a-z]?)"
_CODE_YEAR = r"(?:\s?/\s?(?P<code_year>(?:19|20)\d\d))?"
_BEFORE_THE_LETTERS = either(
    r"[-–/]",
    r"\s?/\s?(?=[A-ZĐ]\w{1,3}\s?[-–/.])",  # 12 / KH-UBND
    r"\ [-–]\ (?=[A-ZĐ][A-ZĐa-z]{1,2}/[A-ZĐ])",  # 36 – NQ/TW
)
_BETWEEN_THE_LETTERS = either(
    r"[-–/&]",
    r"\.(?=UBND|HĐND)",
    r"(?<=QĐ|KH|BC|TB|CV|HD|NQ)\ -\ (?=UBND|HĐND)",
)
_CODE_BODY = (
    rf"(?P<code_body>{CODE_PART}(?:{_BETWEEN_THE_LETTERS}{CODE_PART}){{0,5}}+)(?!\w)"
)
CODE = _CODE_NO + _CODE_YEAR + _BEFORE_THE_LETTERS + _CODE_BODY

# 15/2020 after "Nghị định"
DOCUMENT = (
    r"(?=\d{1,4}\s?/\s?(?:19|20)\d\d(?![\w/-]))(?:{documents})"
    r"(?P<doc_no>\d{1,4})\s?/\s?(?P<doc_year>\d{4})"
)

# --- Roads and places ----------------------------------------------------------------------------

ROAD = r"(?<!\w)(?P<road>{roads})[. ]{0,2}(?P<road_no>\d{1,3})(?P<road_letter>[A-Z])?(?!\w|[.,]\d)"
_METRES = r"\s?\+\s?(?P<metres>\d{1,3})(?:\s?m(?!\w))?"  # Km 12+300
_TENTHS = r"[.,](?P<tenths>\d)(?!\d)"
CHAINAGE = rf"(?<!\w)(?:K[Mm]|km)\s?(?P<km>\d{{1,4}})(?:{_METRES}|{_TENTHS})?(?!\d)"
_MINUTES_OF_ARC = r"(?P<min>\d{1,2}(?:[.,]\d{1,4})?)\s?['’′]"
_SECONDS_OF_ARC = r"(?:\s?(?P<arc>\d{1,2}(?:[.,]\d{1,4})?)\s?(?:[\"”″]|''))?"
COORDINATE = (
    rf"(?<!\d)(?P<deg>\d{{1,3}})\s?[°ºo]\s?{_MINUTES_OF_ARC}{_SECONDS_OF_ARC}"
    r"(?:\s?(?P<side>[NSEWBĐT])(?!\w))?"
)

# --- Days and months -----------------------------------------------------------------------------

WEEKDAYS = "|".join(
    (
        r"(?<!\w)T[2-7]\s?[-–]\s?(?:T?[2-7]|CN)(?![\w/])",  # T2-T6
        r"(?<!\w)T[2-7](?=\s?(?:,|và)\s?(?:T[2-7]|CN)(?!\w))",  # T7, CN
        r"(?:(?<=nghỉ )|(?<=[Ss]áng )|(?<=[Cc]hiều )|(?<=[Tt]ối )|(?<=[Nn]gày ))T[2-7](?![\w/])",
        r"(?<!\w)T[2-7](?=\s?:\s?\d)",  # T2: 7h30
        r"(?<!\w)T[2-7](?=,? \(?ngày \d)",  # T4 ngày 11/11
        r"(?<!\w)(?:T[2-7]|CN)(?=,?\s\(?\d{1,2}[/.-]\d{1,2}(?!\d))",  # T7, 15/11
        r"(?:(?<=hứ [2-7] [-–] )|(?<=hứ [2-7][-–]))CN(?!\w)",  # thứ 2 - CN
    )
)
SHORT_MONTH = r"(?<!\w)T(?P<tm>1[0-2]|0?[1-9])\s?/\s?(?P<ty>(?:19|20)\d\d)(?!\d)"
# A day that only its year makes one, whatever the mark; days.py knows the others.
DATE = (
    r"(?<![\d/])(?<!\d\.)\d{1,2}(?:\s?/\s?|(?P<datesep>\.|\s?-\s?))\d{1,2}"
    r"(?(datesep)(?P=datesep)|\s?/\s?)[12]\d{3}(?![\d])"
)
ISO_DATE = (
    r"(?<![\w/.,-])(?P<iy>(?:19|20)\d\d)-(?P<im>0\d|1[0-2])-(?P<id>[0-3]\d)(?![\w/-])"
)
MONTH = (
    r"(?<![\d/])(?<!\d\.)(?P<mm>0?[1-9]|1[0-2])(?:\s?[/-]\s?|\.)"
    r"(?P<my>(?:19|20)\d\d)(?![\d/]|[.,]\d)"
)
QUARTER = (
    r"(?<!\w)Q(?:[.]|[.]?\s)?(?:(?P<quarter>III|II|IV|I)|(?P<qn>[1-4]))"
    r"\s?[/.-]\s?(?P<qy>20\d\d)(?![\d/]|[.,]\d)"
)

# --- The clock -----------------------------------------------------------------------------------

_SECONDS = r"(?P<sec2>[0-5]\d)(?:[\"”″s]|'')"
_AFTER_THE_MINUTES = rf"(?:['’′p]\s?{_SECONDS}|'|’|ph(?!\w)|p(?!\w))?"
_NO_DAY = r"(?!\s\d\d?\s?(?:/|[.-]\d))"  # "7h 15/9" has no minutes
_PART_OF_THE_DAY = r"(?:ngày|sáng|trưa|chiều|tối|đêm|cùng|hôm|hằng|hàng|mỗi|thứ)(?!\w)"
_ONLY_G = either(  # "7g" is an hour only where nothing is weighed
    r"(?=\s?[-–]\s?\d\d?[hg])",
    r"(?<=lúc \dg)",
    r"(?<=lúc \d\dg)",
    rf"(?=\s{_PART_OF_THE_DAY})",
)
_HOUR_AND_MINUTES = "|".join(
    (
        r"\.(?P<mi3>[0-5]\d)\s?h",  # 7.30h
        rf"\s?[hgH]{_NO_DAY}\s?(?P<mi>[0-5]\d){_AFTER_THE_MINUTES}",  # 7h30
        r":(?P<mi2>[0-5]\d)(?::(?P<sec>[0-5]\d))?",  # 07:30
        r"\s?h",
        f"g{_ONLY_G}",
    )
)
TIME = (
    rf"(?<![\d/])(?<!\d\.)(?P<h>[01]?\d|2[0-4])(?:{_HOUR_AND_MINUTES})"
    r"(?:(?!\w)|(?<=\d)(?=(?:sáng|trưa|chiều|tối|đêm|ngày)(?!\w)))"  # 7h30sáng
)
MINUTES_AND_SECONDS = "|".join(
    (
        r"(?<![\d.,])(?P<dm>\d{1,3})\s?['’′]\s?(?P<ds>[0-5]?\d)(?:[\"”″]|'')",  # 4'25"
        r"(?<![\d.,])(?P<ss>\d{1,2})[\"”″](?P<hs>\d{2})(?!\w)",  # 12"40
    )
)
DAYS_AND_NIGHTS = r"(?<!\w)(?P<days>\d{1,2})N(?P<nights>\d{1,2})Đ(?!\w)"  # 2N1Đ
FLOORS_AND_ROOMS = r"(?<!\w)(?P<floors>\d{1,2})T[- ]?(?P<rooms>\d{1,2})P(?!\w)"  # 2T6P

# --- Telephones ----------------------------------------------------------------------------------

KEYS = r"\*\d{2,4}(?:\*\d{1,10}){0,3}#"  # *101#
HIDDEN_PHONE = (  # 0912.xxx.345
    r"(?<![\w.,])(?=(?:\+84|0)[\d .-]{0,12}(?:[xX]{2}|\*{2}))"
    r"(?:\+84[ .]?|0)[\dxX*]{1,6}(?:[ .-]?[\dxX*]{2,4}){0,3}(?!\w)"
)
_DIGIT_APART = r"(?:(?:\ -\ |[ .-])?\d)"
PHONE = r"(?<![\w.,])" + either(
    r"\(0\d{2,4}\)(?:[ .-]?\d){6,8}(?!\d)",  # (0219) 3866456
    r"\(\+84\)(?:[ .-]?\d){9,10}(?!\d)",
    r"\(84-\d{1,3}\)(?:[ .-]?\d){7,8}(?!\d)",
    rf"(?=(?:\+84|0){_DIGIT_APART}{{8,10}}(?!\d))(?:\+84|0){_DIGIT_APART}++",
    r"1[89]00(?:[ .]?\d){4,6}(?!\d)",
)

# --- Words and the rest --------------------------------------------------------------------------

INITIALS = "|".join(
    (
        r"(?<![\w.])[A-ZĐ]\.(?:[A-ZĐ]\.){1,4}(?!\w)",  # T.P.H.
        r"(?<![\w.&])[A-ZĐ](?:\.[A-ZĐ]){1,4}(?![\w&]|\.\w)",  # H.X
    )
)
_SMALL_WORD = rf"(?!km\s\d)[{LOWER}]++(?=[ ,;!?)”])"  # most of any text
_NAME = rf"(?!Km\s|{{titles}})[^\W\d_a-z][{LOWER}]++(?=[ ,])"  # names, the begin of a sentence
# A figure and what it counts; but 0912 xxx 345 is a telephone
_COUNT = rf"\d{{1,4}}+(?=%| (?!x)[{LOWER}]{{2}})"
_PLAIN_MARK = r"[^\w\s.…+(*]"
RATIO = rf"(?:(?<![\d/])|(?<=h/))(?P<over>{FIGURE})\s?/\s?(?P<under>{FIGURE})(?![\d/])"

# Kinds that are looked at together, where a digit stands.
OF_DIGITS = frozenset(
    (
        "code",
        "document",
        "coordinate",
        "date",
        "iso_date",
        "month",
        "time",
        "minutes_and_seconds",
        "days_and_nights",
        "floors_and_rooms",
        "ratio",
        "number",
    )
)
COMMON = 4  # kinds that most texts are made of: nothing else can begin like these
KINDS = (
    ("word", _SMALL_WORD),
    ("word", _NAME),
    ("number", _COUNT),
    ("mark", _PLAIN_MARK),
    ("space", r"\s++"),
    ("email", EMAIL),
    ("url", URL),
    ("end", r"\.\s?/\s?\.(?!\w)"),  # ./.
    ("ellipsis", r"…[.…]*+|\.{2,}+"),
    ("plate", PLATE),
    ("code", CODE),
    ("document", DOCUMENT),
    ("serial", SERIAL),
    ("road", ROAD),
    ("chainage", CHAINAGE),
    ("coordinate", COORDINATE),
    ("weekdays", WEEKDAYS),
    ("short_month", SHORT_MONTH),
    ("date", DATE),
    ("iso_date", ISO_DATE),
    ("month", MONTH),
    ("time", TIME),
    ("minutes_and_seconds", MINUTES_AND_SECONDS),
    ("days_and_nights", DAYS_AND_NIGHTS),
    ("quarter", QUARTER),
    ("floors_and_rooms", FLOORS_AND_ROOMS),
    ("phone", KEYS),
    ("phone", HIDDEN_PHONE),
    ("phone", PHONE),
    ("ratio", RATIO),
    ("number", FIGURE),
    ("initials", INITIALS),
    ("abbreviation", "{abbreviations}"),
    ("word", r"(?<=\d)[cdkm]?m(?=x\d)"),  # 20mx40m
    ("word", r"[^\W\d_]++(?:&[^\W\d_]++)*+"),
    ("mark", r"[^\w\s]|_|\d|\w"),
)
