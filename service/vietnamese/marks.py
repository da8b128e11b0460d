"""Marks: punctuation becomes a pause, a symbol its name, a dash what it means between its neighbours."""

import re

from service.vietnamese import tables
from service.vietnamese.context import Context, Said, words
from service.vietnamese.days import has_a_month
from service.vietnamese.figures import DASHES, number
from service.vietnamese.measures import CURRENCIES, between_figures, price, unit_pattern
from service.vietnamese.numbers import cardinal, roman
from service.vietnamese.scores import is_score
from service.vietnamese.symbols import name_of
from service.vietnamese.tokens import Token

PAUSES = {
    ",": ",",
    ";": ",",
    ":": ",",
    ".": ".",
    "!": "!",
    "?": "?",
    "(": ",",
    ")": ",",
    "[": ",",
    "]": ",",
    "…": ".",
}
FIGURES = words("number time date month ratio chainage")  # kinds of tokens
REACH = 120  # characters
STANDARD = re.compile(r"\b(?:TCVN|QCVN|TCXD|ISO)\s[\d-]*$")  # TCVN 11892-1:2017
_MEASURE = r"\s?((?:độ C|[^\W\d_]{1,7}|[°º]\s?C|%)(?:/[^\W\d_]{1,7}){0,2}+)"
MEASURED_BEFORE = re.compile(rf"\d{_MEASURE}\s?$")
MEASURED_AFTER = re.compile(rf"\s?[\d.,]{{1,12}}{_MEASURE}")
APART = ({"date", "time"}, {"month", "time"})  # a day and its hour are no range
_CHANNEL = re.compile(r"[A-Z]\d{1,2}\s?$")  # "VTV1 - 19h"
LONGEST_NAME = 4  # letters
LEVELS = words("thứ động cấp mức loại lớp tháng năm khối bậc số điều khoản quý tuần lô")
ELECTRIC = words("V kV v A W kW kVA MVA")
COMPARED = {">": "trên", "<": "dưới"}
LIMITS = {"≥": "trở lên", ">": "trở lên", "≤": "trở xuống", "<": "trở xuống"}
LIMITED = re.compile(
    r"\s(?:tháng tuổi|tuổi|điểm|lần|người|năm)(?!\w)(?! trở)"
)  # "từ 60 tuổi trở lên"
HUNDREDS = re.compile(r"1(?:00|\.?000|0\.?000|00\.?000)")
PLAIN = re.compile(r"\d{1,6}(?:,\d{1,3})?")
OPENERS = frozenset("([:=≈~")
MINUTES = frozenset("'′")
TESTED = words(
    "mẫu ca test xn nghiệm quả hiv"
)  # a sign after these is how a test came out; after Rh it is a kind
SIGNS = {"-": "âm", "−": "âm", "–": "âm", "+": "dương"}


def mark(c: Context, i: int) -> Said:
    """Punctuation becomes a pause, a symbol its name, the rest nothing."""
    text = c.tokens[i].text
    if text in ",;!?":
        return Said(PAUSES[text], i + 1)
    if text in "/.-–" and _quarter_and_year(c, i):
        return Said("năm", i + 1, "date")
    if text == "." and (_after_initial(c, i) or _between_abbreviations(c, i)):
        return Said(" ", i + 1)
    if text in "./" and (between := _within_a_name(c, i)) is not None:
        return Said(between, i + 1, "mark")
    if text == "(" and (sign := _sign(c, i)) is not None:
        return Said(sign, i + 3, "symbol")
    if text == "(" and (item := _numbered(c, i)) is not None:
        return Said(f", {cardinal(item)},", i + 3, "list")
    if text in CURRENCIES and (priced := price(c, i)):
        return priced
    if text == ":" and (between := _ratio(c, i)) is not None:
        return Said(between, i + 1, "ratio")
    if text in COMPARED and _limits(c, i):
        return Said(COMPARED[text], i + 1, "symbol")
    if text == "*" and (left := c.beside(i, -1)) and left.kind == "number":
        return Said("nhân" if between_figures(c, i) else "sao", i + 1, "symbol")
    if text == "÷" and between_figures(c, i):
        return Said("đến" if _rises(c, i) else "chia", i + 1, "range")
    if text in LIMITS and (limit := _limit(c, i)):
        return limit
    if text in "<>" and (right := c.beside(i, 1)) and right.text == "=":
        return Said(name_of({"<": "≤", ">": "≥"}[text]), i + 2, "symbol")
    if text == "=" and any(
        (beside := c.beside(i, step)) and beside.text == "=" for step in (-1, 1)
    ):
        return Said(" ", i + 1, "mark")  # a line of them
    if text == "~" and (right := c.neighbour(i, 1)) and right.kind == "number":
        return Said("khoảng", i + 1, "symbol")
    if text in "→⇒" and not between_figures(c, i):
        return Said(",", i + 1, "symbol")
    if (
        text in MINUTES
        and (left := c.beside(i, -1))
        and left.kind == "number"
        and not _closes(c, i)
    ):
        return Said("phút", i + 1, "time")
    if text in PAUSES:
        return Said(PAUSES[text], i + 1)
    if text in DASHES:
        return _dash(c, i)
    if text == "/":
        left, right = c.beside(i, -1), c.beside(i, 1)
        if (
            left
            and right
            and (left.kind == right.kind == "number" or _round_the_clock(left, right))
        ):
            return Said("trên", i + 1, "mark")  # "số nhà 25/7/12", "24h/24h"
        if left and right and left.kind == "time" and right.text in tables.cues("each"):
            return Said("một", i + 1, "unit")
        around = c.neighbour(i, -1), c.neighbour(i, 1)
        if all(token and token.kind == "phone" for token in around):
            return Said(",", i + 1, "mark")
        if left and right and left.text == ")" and right.kind == "number":
            return Said("trên", i + 1, "mark")  # 35(22)/0,4kV
        counts = (
            left and right and left.kind == "word" and right.kind == "number"
        )  # "23 lớp/678 học sinh"
        if counts and right and HUNDREDS.fullmatch(right.text):
            return Said("trên", i + 1, "ratio")  # "110 bé trai/100 bé gái"
        each = right is not None and right.text in ("1", "01")  # "2 lần/1 tháng"
        return Said("," if counts and not each else " ", i + 1, "mark")
    spoken = name_of(text)
    return Said(
        spoken or " ",
        i + 1,
        "symbol" if spoken else "mark",
        bool(spoken) and text not in tables.symbols(),
    )


def ellipsis(c: Context, i: int) -> Said:
    """A pause; a full stop at the end."""
    return Said("." if c.neighbour(i, 1) is None else ",", i + 1)


def end(_: Context, i: int) -> Said:
    """ "./." ends a document and is silent."""
    return Said(".", i + 1, "end")


def space(_: Context, i: int) -> Said:
    """Space."""
    return Said(" ", i + 1)


def _after_initial(c: Context, i: int) -> bool:
    """The mark in "Hoàng Văn T. (sinh năm …": it ends no sentence unless nothing follows."""
    previous = c.beside(i, -1)
    initial = previous and len(previous.text) == 1 and previous.text.isupper()
    return bool(initial and c.neighbour(i, 1) is not None)


def _within_a_name(c: Context, i: int) -> str | None:
    """The mark of "mục IV.2", "bậc IV/7" and "cao tốc CT.02", where capitals and figures touch it; else None."""
    left, right = c.beside(i, -1), c.beside(i, 1)
    if c.capitals or not (
        left
        and right
        and right.kind == "number"
        and left.text.isupper()
        and len(left.text) <= LONGEST_NAME
    ):
        return None
    if roman(left.text):
        return "chấm" if c.tokens[i].text == "." else "trên"
    return " " if c.tokens[i].text == "." else None


def _between_abbreviations(c: Context, i: int) -> bool:
    """The stop of "VP.HĐND" and "PCT.UBND"."""
    left, right = c.beside(i, -1), c.beside(i, 1)
    known = tables.abbreviations()
    return bool(
        left and right and left.text.isupper() and left.text in known and right.text in known
    )


def _sign(c: Context, i: int) -> str | None:
    """ "Rh(-)" and "dương tính (+)": a sign alone in brackets; None where there is none."""
    alone = i + 2 < len(c.tokens) and c.tokens[i + 2].text == ")" and c.tokens[i + 1].text in SIGNS
    if not alone:
        return None
    sign, named = SIGNS[c.tokens[i + 1].text], c.before(i)
    if named == "tính":
        return " "  # "dương tính" has said it
    return f"{sign} tính" if named in TESTED else sign


def _numbered(c: Context, i: int) -> int | None:
    """The "(ii)" of a list within a sentence."""
    inside = c.tokens[i + 1 : i + 3]
    closed = len(inside) == 2 and inside[1].text == ")" and inside[0].text.islower()
    glued = i > 0 and c.tokens[i - 1].text.isalpha()  # "điểm a(ii)", but no f(x)
    of_a_list = (
        closed and not set(inside[0].text) - set("ivx") and not (glued and inside[0].text == "x")
    )
    return roman(inside[0].text.upper()) if of_a_list else None


def _limits(c: Context, i: int) -> bool:
    """ "lượng mưa >100mm" and "trẻ <5 tuổi": words that are limited, no formula."""
    left, right = c.neighbour(i, -1), c.neighbour(i, 1)
    return bool(
        right
        and right.kind == "number"
        and (left is None or left.text in OPENERS or (len(left.text) > 1 and left.text.isalpha()))
    )


def _limit(c: Context, i: int) -> Said | None:
    """ "≥ 60 tuổi" and ">= 8,0 điểm": what one has from; None for quantities and formulas."""
    at = i + 1
    if c.tokens[i].text in "<>":
        if not ((equals := c.beside(i, 1)) and equals.text == "="):
            return None
        at += 1
    while at < len(c.tokens) and c.tokens[at].kind == "space":
        at += 1
    counted = (
        LIMITED.match(c.text, c.tokens[at].end)
        if at < len(c.tokens) and c.tokens[at].kind == "number"
        else None
    )
    if not counted:
        return None
    lead = "" if c.before(i) == "từ" else "từ "
    said = f"{lead}{number(c, at).spoken}{counted[0]} {LIMITS[c.tokens[i].text]}"
    return Said(said, c.at(counted.end(), at), "symbol")


def _rises(c: Context, i: int) -> bool:
    """Whether a larger figure stands after the mark at token `i` than before it."""
    around = (c.neighbour(i, -1), c.neighbour(i, 1))
    values = [
        float(token.text.replace(",", ".")) if token and PLAIN.fullmatch(token.text) else 0.0
        for token in around
    ]
    return values[0] < values[1]


def _round_the_clock(left: Token, right: Token) -> bool:
    """24h/24h and 24h/7."""
    return left.text == "24h" and right.text in ("24h", "24", "7")


def _closes(c: Context, i: int) -> bool:
    """Whether a quote was opened before by the same mark as token `i`."""
    return (
        c.text.count(c.tokens[i].text, max(0, c.tokens[i].start - REACH), c.tokens[i].start) % 2
        == 1
    )


def _ratio(c: Context, i: int) -> str | None:
    """The mark of "tỷ lệ 1:3" and "tỷ số 2:1"; None where it is a pause."""
    left, right = c.beside(i, -1), c.beside(i, 1)
    if left and right and right.kind == "code" and _is_standard(c, i):  # QCVN 01-1:2018/BYT
        return "năm"
    if not (left and right and left.kind == right.kind == "number"):
        return None
    if is_score(c, i):
        return ""
    return "năm" if _is_standard(c, i) else "trên"


def _is_standard(c: Context, i: int) -> bool:
    start = c.tokens[i].start
    return STANDARD.search(c.text, max(0, start - 20), start) is not None


def _quarter_and_year(c: Context, i: int) -> bool:
    """The mark in "quý II/2021"."""
    left, right = c.beside(i, -1), c.beside(i, 1)
    if not (left and right and roman(left.text) and re.fullmatch(r"(19|20)\d\d", right.text)):
        return False
    named = c.before(i - 1)
    if named in DASHES or named == "và":  # "quý III-IV/2025"
        named = c.before(i - 1, 3).split()[0]
    elif roman(named.upper()):  # "quý I, II/2025"
        named = c.before(i - 1, 2).split()[0]
    return named in ("quý", "quí", "q.", "q", "đợt", "kỳ", "vụ", "lần")


def _dash(c: Context, i: int) -> Said:
    left, right = c.neighbour(i, -1), c.neighbour(i, 1)
    glued_left, glued_right = c.beside(i, -1) is not None, c.beside(i, 1) is not None
    if right and right.kind in FIGURES:
        if left and (
            left.kind in FIGURES or unit_pattern().fullmatch(left.text) or left.text == ")"
        ):
            if _is_standard(c, i):
                return Said("gạch ngang", i + 1, "range")
            if (
                {left.kind, right.kind} in APART
                or (left.kind == "time" and has_a_month(c.text, right.start))
                or (
                    right.kind == "time"
                    and _CHANNEL.search(c.text, max(0, c.tokens[i].start - 4), c.tokens[i].start)
                )
            ):
                return Said(",", i + 1)
            if left.text == "N":  # 16,5N - 112,3E
                return Said(",", i + 1)
            measured = unit_pattern().match(c.text, right.end) or c.text.startswith(
                ("(", "/"), right.end
            )
            if left.text in ELECTRIC and measured and not _same_measure(c, i):
                return Said(",", i + 1)  # 48V-20Ah: two figures of one thing
            apart = right.kind == "number" and (_in_a_row(c, i) or is_score(c, i))
            return Said("" if apart else "đến", i + 1, "range")
        if (
            glued_right
            and (not glued_left or (left and left.text in OPENERS))
            and right.kind in ("number", "ratio")
        ):
            return Said("âm", i + 1, "number")
    if (
        left
        and right
        and (_are_numerals(left.text + right.text) or _same_measure(c, i) or _same_name(c, i))
    ):
        return Said("đến", i + 1, "range")
    return Said(" " if glued_left and glued_right and c.tokens[i].text == "-" else ",", i + 1)


def _are_numerals(text: str) -> bool:
    """II-IV; DL and DV are du lịch and dịch vụ."""
    return not set(text) - set("IVX")


def _same_measure(c: Context, i: int) -> bool:
    """ "22°C - 24°C", "10 triệu - 15 triệu": what is counted stands after both figures."""
    before, after = (
        MEASURED_BEFORE.search(c.text, max(0, c.tokens[i].start - REACH), c.tokens[i].start),
        None,
    )
    if before:
        after = MEASURED_AFTER.match(c.text, c.tokens[i].end)
    return bool(before and after and before[1] == after[1])


def _same_name(c: Context, i: int) -> bool:
    """ "cấp 1 - cấp 2": the same word stands before both figures."""
    right = c.neighbour(i, 1)
    if right and right.text == "báo" and c.before(i, 3).startswith("báo động"):
        return True
    words = c.before(i, 2).split()
    following = c.after(i, 2).split()
    return bool(
        right
        and len(words) == len(following) == 2
        and words[0] == following[0]
        and (words[0] in LEVELS or right.text.isupper())  # "LK01-LK15"
        and words[1].isdigit()
        and following[1].isdigit()
    )


def _in_a_row(c: Context, i: int) -> bool:
    """One of several dashes between figures, as in "NPK 5-10-3": no range."""
    earlier = [token for token in c.tokens[max(0, i - 6) : i] if token.kind != "space"][::-1]
    later = [token for token in c.tokens[i + 1 : i + 7] if token.kind != "space"]
    return any(
        len(side) > 2 and side[1].text in DASHES and side[2].kind == "number"
        for side in (earlier, later)
    )
