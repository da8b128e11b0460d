"""Words: Vietnamese ones as they stand; Roman numerals, abbreviations, letters and foreign words by what they are."""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

from service.vietnamese import tables
from service.vietnamese.abbreviations import (
    LONGEST_HALF,
    composed,
    not_twice,
    stands_for,
)
from service.vietnamese.context import Context, Said, words
from service.vietnamese.measures import (
    CURRENCIES,
    MAGNITUDES,
    PER,
    between_figures,
    measured,
    per,
    price,
    rate_pattern,
    unit_pattern,
)
from service.vietnamese.numbers import LETTERS_RATHER, cardinal, ordinal, roman
from service.vietnamese.senses import choose
from service.vietnamese.syllable import has_tone, is_vietnamese, spell
from service.vietnamese.symbols import name_of

LONGEST_BRAND = 3  # letters before the digits of OM18
CODES = words("mã pháp soạn")  # letters after these are letters
LONGEST_CODE = 2  # letters, as of insurance cards: GD, DN
NUMBERS = ("code", "document")  # kinds of tokens
DIGITS_OF_A_ROOM = 3  # P.205; wards have fewer
LONGEST_SPELLED = (
    6  # a longer unknown word in capitals is more likely a name or a slip than letters
)
NUMERALS = words(
    "quý quí q. khóa khoá kỳ thứ hội cấp động chương phần mục hạng loại kỷ kỉ tập đoạn vùng vực nhóm khu lục "
    "lớp tổ đợt mức vụ bậc độ lần giải số điều tuyến hệ khoản bđ hk ii"
)
LETTERED = words(
    "độ loại hạng nhóm lớp mục khối khu điểm giải phần"
)  # after these C and D are letters, not hundreds
ITEMS = words("điểm khoản mục tiết")
COUNTED_BY = words(
    "đồng nghìn ngàn triệu tỷ tấn tạ yến lít mét héc phút tiết buổi lần bài câu viên gói bao ngày "
    "người lượt con chỗ giường cái suất hộ m kg ha g l đ quả cây"
)
SOME = words("hàng vài mấy")
DIVISIONS = words(
    "tỉnh huyện quận xã phường thôn bản ấp khu khóm tổ xóm buôn làng"
)  # "61 phường/xã"
TOGETHER = words(
    "nhóm/lớp tổ/đội thôn/bản thôn/xóm xã/phường ấp/khu khóm/ấp ngày/đêm ngày/tháng"
)  # one or the other, no rate
REACH = 8  # tokens
BYLINES = words("tin ảnh bài pv ctv viên giả")  # who wrote it follows
SIMILAR = words("và đến hoặc hay - – với")
_NAME_FOLLOWS = re.compile(
    r" [^\W_a-z]|[^\W\d_a-z]{2,}(?![.\w])|[^\W\d_a-z][^\W\d_A-Z]|[IVX]+(?![\w.])|\d"
)
_WORDS_OF_A_LETTER = "ÂÊÔ"  # words, as what bears a tone is: Ở Hà Nội, Ý Yên


@lru_cache(maxsize=20_000)
def stands_as_written(text: str) -> bool:
    """Whether a word is a Vietnamese one in small letters, or a name that no table has: said so anywhere."""
    if is_vietnamese(text):
        return True
    tabled = (
        text in tables.abbreviations()
        or text in tables.foreign()
        or text.lower() in tables.foreign()
    )
    return len(text) > 1 and text.istitle() and is_vietnamese(text.lower()) and not tabled


def word(c: Context, i: int) -> Said:
    """A word, with the slash after it: "đồng/ngày", "tỷ lệ nam/nữ"."""
    said = _word(c, i)
    if not c.text.startswith(("/", " /"), c.tokens[i].end):
        return said
    if (
        said.end == i + 1
        and "lệ" in c.before(i, 2).split()
        and c.text[c.tokens[i].end : c.tokens[i].end + 2][1:].isalpha()
    ):
        return Said(
            f"{said.spoken} trên", i + 2, said.rule or "ratio", said.doubt
        )  # "tỷ lệ nam/nữ", "tỷ lệ GV/lớp"
    return _per(c, i, said)


def _word(c: Context, i: int) -> Said:
    """A word: most are said as they stand."""
    text = c.tokens[i].text
    if text in MAGNITUDES and (magnitude := _of_a_magnitude(c, i)):
        return magnitude
    if text == "in" and c.beside(i, -1) and between_figures(c, i):  # vắc xin 5in1
        return Said("trong", i + 1, "foreign")
    if text.islower() and is_vietnamese(text):
        value = (
            roman(text.upper()) if not set(text) - set("ivx") else None
        )  # "khoản vi": a numeral that is a syllable
        return _numeral(c, i, value) if value and _is_item(c, i) else _plain(c, i)
    if text[-1].isnumeric():  # "½ kg"
        return measured(c, _mixed(text), i + 1, "number")
    if not text.replace("&", "").isalpha():
        return Said(_mixed(text), i + 1, "symbol", doubt=True)
    if (text in ("x", "X") and between_figures(c, i)) or (text == "x" and _before_a_figure(c, i)):
        return Said("nhân", i + 1, "number")
    if text.isupper() and len(text) <= LONGEST_CODE and _is_a_code(c, i):
        return Said(spell(text), i + 1, "spelled")
    if text in tables.documents() and _is_numbered(c, i):
        return Said(tables.codes()[text], i + 1, "abbreviation")  # "TT 22/2021/TT-BGDĐT" is no town
    if text in CURRENCIES and (priced := price(c, i)):
        return priced
    value = (
        roman(text.upper()) if len(text) > 1 and not is_vietnamese(text.lower()) else roman(text)
    )
    if value is not None and _is_numeral(c, i, text):
        return _numeral(c, i, value)
    if foreign := _foreign(c, text):
        return Said(text if c.options.foreign == "given" else foreign, i + 1, "foreign")
    if text.isascii() and len(text) <= LONGEST_BRAND and _before_a_digit(c, i):  # OM18, ST25
        return Said(spell(text), i + 1, "spelled")
    shouted = text.isupper() and c.capitals and is_vietnamese(text.lower())
    if (choice := choose(c, i, text)) and (not shouted or choice.by_context):
        spoken = not_twice(c, i, choice.spoken)
        return Said(spoken, i + 1, "abbreviation", choice.doubt, choice.rivals)
    if "&" in text:
        said = " và ".join(
            stands_for(c, i, part) or composed(c, i, part) or spell(part)
            for part in text.split("&")
        )
        return Said(said, i + 1, "abbreviation", doubt=True)
    if (
        text.isupper()
        and not shouted
        and len(text) == LONGEST_HALF
        and text.isascii()
        and not _among_capitals(c, i)
    ):
        return Said(spell(text), i + 1, "spelled", doubt=True)  # "giống lúa OM 18"
    if is_vietnamese(text.lower()):
        return (
            Said(text.lower(), i + 1, "capitals")
            if len(text) > 1 and text.isupper()
            else _letter(c, i)
        )
    title = text.istitle() and len(text) > LONGEST_HALF
    if (text.islower() or title) and (
        spoken := stands_for(c, i, text.upper())
    ):  # "ubnd xã", "Thcs"
        return Said(spoken, i + 1, "abbreviation")
    if text.isupper() and (spoken := composed(c, i, text)):
        return Said(not_twice(c, i, spoken), i + 1, "abbreviation", doubt=True)
    if text in tables.units() and len(text) > 1:  # "mỗi km đường"
        return Said(tables.units()[text], i + 1, "unit")
    plain = _plain(c, i)  # "2 kg kali/sào"
    return plain if plain.rule else _unknown(text, i)


def _is_numbered(c: Context, i: int) -> bool:
    """Whether a document's number follows, with "số" or without."""
    following = (
        token for token in c.tokens[i + 1 : i + 5] if token.kind != "space" and token.text != "số"
    )
    return next(following, c.tokens[i]).kind in NUMBERS


def _is_a_code(c: Context, i: int) -> bool:
    """Whether letters stand after "mã" or "cú pháp", or are further ones of a list there: "mã DN, HX"."""
    for k in range(i - 1, max(-1, i - REACH), -1):
        token = c.tokens[k]
        if token.kind == "word" and not token.text.isupper():
            named = token.text.lower()
            return named in CODES and (named != "pháp" or c.before(k) == "cú")
        if token.kind not in ("word", "space") and token.text != ",":
            return False
    return False


def _is_item(c: Context, i: int) -> bool:
    """ "khoản vi," but not "khoản vi phạm" nor the letter of "điểm i"."""
    following, named = c.neighbour(i, 1), c.before(i)
    whole = following is None or not following.text.isalnum()
    return (
        whole and named in NUMERALS and (len(c.tokens[i].text) > 1 or named not in LETTERED | ITEMS)
    )


def _numeral(c: Context, i: int, value: int) -> Said:
    return Said(ordinal(value) if c.before(i) == "thứ" else cardinal(value), i + 1, "roman")


def _foreign(c: Context, text: str) -> str | None:
    """How a foreign word is said; one at the begin of a sentence, or among capitals, may be listed in small letters."""
    table = tables.foreign()
    return table.get(text) or (
        table.get(text.lower()) or table.get(text.title()) if c.capitals or text.istitle() else None
    )


def _of_a_magnitude(c: Context, i: int) -> Said | None:
    """ "2,5 triệu m3", "12 nghìn đ/kg": the unit that stands after nghìn, triệu, tỷ."""
    found = unit_pattern().match(c.text, c.tokens[i].end)
    previous = c.neighbour(i, -1)
    counts = previous is not None and (previous.kind == "number" or previous.text.lower() in SOME)
    if not found or not counts or c.beside(i, 1) or (len(found[1]) == 1 and found[1].isupper()):
        return None
    unit = tables.units()[found[1]]
    counted = "" if unit == "đồng" else found[1]  # "78,9 tỷ đồng/1.234 hộ" are two amounts, no rate
    said, position = per(c, f"{c.tokens[i].text} {unit}", counted, found.end())
    return Said(said, c.at(position, i + 1), "unit")


def _before_a_figure(c: Context, i: int) -> bool:
    """The x of "15 học viên x 3 lớp"."""
    right = c.neighbour(i, 1)
    return bool(
        right and right.kind == "number" and c.beside(i, -1) is None and c.beside(i, 1) is None
    )


def _before_a_digit(c: Context, i: int) -> bool:
    """Whether capitals touch a figure and are no abbreviation."""
    text, following = c.tokens[i].text, c.beside(i, 1)
    return (
        text.isupper()
        and bool(following and following.kind == "number")
        and text not in tables.abbreviations()
    )


def abbreviation(c: Context, i: int) -> Said:
    """One with marks in it: GS.TS, Đ/c, KT-XH, TP."""
    token = c.tokens[i]
    if re.fullmatch(r"[IVX]\.", token.text) and c.before(i) in NUMERALS:  # "lần thứ X."
        said = _numeral(c, i, roman(token.text[0]) or 0)
        return said._replace(spoken=f"{said.spoken}.")
    if token.text == "P." and (named := c.beside(i, 1)):
        if named.text.isupper() and stands_for(c, i + 1, named.text):
            return Said("phòng", i + 1, "abbreviation")  # P.CSGT
        if named.text.isdigit() and len(named.text) == DIGITS_OF_A_ROOM:
            return Said("" if c.before(i) == "phòng" else "phòng", i + 1, "abbreviation")
    if c.before(i) in BYLINES and re.fullmatch(r"[A-Z]\.", token.text):
        return Said(spell(token.text), i + 1, "spelled")  # "Tin, ảnh: H.Nam"
    if re.fullmatch(r"[A-Z]\.", token.text):  # P. Trần Phú is a ward, Nguyễn Văn P. is a man
        previous = c.neighbour(i, -1)
        ward = c.capitals or _NAME_FOLLOWS.match(c.text, token.end)
        beside = c.beside(i, -1)
        if (
            not ward
            or (beside and beside.text not in ",;")
            or (previous and previous.kind == "word" and previous.text[0].isupper())
        ):
            return Said(spell(token.text), i + 1, "spelled")
    if foreign := tables.foreign().get(token.text) or tables.foreign().get(
        token.text[0].lower() + token.text[1:]
    ):
        return Said(token.text if c.options.foreign == "given" else foreign, i + 1, "foreign")
    text = token.text.replace(" &", "&").replace("& ", "&")  # "TK & VV"
    last = (
        text.endswith(".") and c.neighbour(i, 1) is None
    )  # "KTS." before a name, "KTS" and a full stop at the end
    spoken = (last and stands_for(c, i, text[:-1])) or stands_for(c, i, text)
    spoken = (
        spoken or stands_for(c, i, text.rstrip(".")) or spell(text)
    )  # every row needs words that are not here
    following = c.neighbour(i, 1)
    last = following is None or (token.text.startswith("v.v") and following.text[0].isupper())
    ends = token.text[-1] in ".…" and last
    return Said(f"{spoken}." if ends else spoken, i + 1, "abbreviation")


def _unknown(text: str, i: int) -> Said:
    """No word that is known: letters when it looks like letters, else as it stands; an editor should look."""
    if text.isupper() and len(text) <= LONGEST_SPELLED:
        return Said(spell(text), i + 1, "spelled", doubt=True)
    bare = "".join(
        c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)
    )
    if not re.search("[aeiouy]", bare):
        return Said(spell(text) or text, i + 1, "spelled", doubt=True)
    return Said(text.lower() if text.isupper() else text, i + 1, "foreign", doubt=True)


def _among_capitals(c: Context, i: int) -> bool:
    """Whether a name in capitals goes on beside token `i`: ÔNG LÊ VĂN AN."""
    return any(
        (beside := c.neighbour(i, step)) and len(beside.text) > 1 and beside.text.isupper()
        for step in (-1, 1)
    )


def _letter(c: Context, i: int) -> Said:
    """A single capital that is no word: an initial, a vitamin, a class."""
    text = c.tokens[i].text
    if len(text) == 1 and text.isupper() and text not in _WORDS_OF_A_LETTER and not has_tone(text):
        following = c.tokens[i + 1] if i + 1 < len(c.tokens) else None
        joined = (
            following
            and following.kind == "space"
            and c.text[following.end : following.end + 1].islower()
        )
        if not joined:
            return Said(spell(text), i + 1, "spelled")
    return _plain(c, i)


def _plain(c: Context, i: int) -> Said:
    """As written."""
    return Said(c.tokens[i].text, i + 1)


def _per(c: Context, i: int, said: Said) -> Said:
    """ "đồng/ngày", "3 tấn phân chuồng/ha", "15 kg NPK/sào": what something is given for, after what is counted."""
    token = c.tokens[i]
    rate = rate_pattern().match(c.text, token.end) if said.end == i + 1 else None
    if not rate or not (
        token.text in COUNTED_BY
        or ((rate[1] in PER or rate[1] in tables.units()) and _measures(c, i))
    ):
        return said
    if f"{token.text}/{rate[1]}" in TOGETHER or {token.text, rate[1]} <= DIVISIONS:
        return said
    spoken, position = per(c, said.spoken, token.text, token.end)
    return Said(spoken, c.at(position, i + 1), said.rule or "unit", said.doubt)


def _measures(c: Context, i: int) -> bool:
    """Whether a figure stands shortly before: "5kg gạo/khẩu/tháng"."""
    return any(token.kind == "number" for token in c.tokens[max(0, i - REACH) : i])


def _is_numeral(c: Context, i: int, text: str) -> bool:
    before = c.before(i)
    if before in NUMERALS or (before == "năm" and len(text) > 3):
        return not (
            LETTERS_RATHER.issuperset(text)
            and (before in LETTERED or text in tables.abbreviations())
        )
    if text.islower():
        return False
    previous = c.before(i, 2).split()
    if len(previous) > 1 and previous[-1] in SIMILAR and roman(previous[0].upper()):
        return True
    mark = c.neighbour(i, -1)
    if mark and mark.text in ",-–" and roman(before.upper()):
        return True
    return len(text) > 1 and not set(text) - set("IVX") and text not in tables.abbreviations()


def _mixed(text: str) -> str:
    """Letters with symbols among them, as in mc²: each run of letters spelled unless it is a word."""
    said: list[str] = []
    for alphabetic, run in groupby(text, str.isalpha):
        letters = "".join(run)
        if alphabetic:
            lower = letters.lower() if letters.isupper() else letters
            said.append(
                lower if len(letters) > 1 and is_vietnamese(letters.lower()) else spell(letters)
            )
        else:
            said += map(name_of, letters)
    return " ".join(filter(None, said))
