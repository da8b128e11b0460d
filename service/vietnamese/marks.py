"""Marks: punctuation becomes a pause, a symbol its name,
a dash what it means between its neighbours.
"""

import re

from service.vietnamese import quotations, slashes, tables
from service.vietnamese.context import Context, Said
from service.vietnamese.dashes import DASHES, FIGURES, OPENERS, dash, is_standard
from service.vietnamese.figures import number
from service.vietnamese.measures import between_figures, per, price
from service.vietnamese.numbers import cardinal, roman
from service.vietnamese.rules import Rule, first_said
from service.vietnamese.scores import is_score
from service.vietnamese.symbols import name_of
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue

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
REACH = 120  # characters
LONGEST_NAME = 4  # letters
OR_EQUAL = {"<": "≤", ">": "≥"}
COMPARED = {">": "trên", "<": "dưới"}
LIMITS = {"≥": "trở lên", ">": "trở lên", "≤": "trở xuống", "<": "trở xuống"}
# "từ 60 tuổi trở lên".
LIMITED = re.compile(r"\s(?:tháng tuổi|tuổi|điểm|lần|người|năm)(?!\w)(?! trở)")
PLAIN = re.compile(r"\d{1,6}(?:,\d{1,3})?")
SIGNS = {"-": "âm", "−": "âm", "–": "âm", "+": "dương"}


def mark(c: Context, i: int) -> Said:
    """Punctuation becomes a pause, a symbol its name, the rest nothing."""
    text = c.tokens[i].text
    rules = MARKS.get(text)
    if rules and (said := first_said(rules, c, i)) is not None:
        return said
    if text in PAUSES:
        return Said(PAUSES[text], i + 1)
    if text in DASHES:
        return dash(c, i)
    spoken = name_of(text)
    if not spoken:
        return Said(" ", i + 1, "mark")
    return Said(spoken, i + 1, "symbol", doubt=text not in tables.symbols())


def _year_of_a_quarter(c: Context, i: int) -> Said | None:
    return Said("năm", i + 1, "date") if _quarter_and_year(c, i) else None


def _stop_within(c: Context, i: int) -> Said | None:
    ends_nothing = _after_initial(c, i) or _between_abbreviations(c, i)
    return Said(" ", i + 1) if ends_nothing else None


def _in_a_name(c: Context, i: int) -> Said | None:
    between = _within_a_name(c, i)
    return None if between is None else Said(between, i + 1, "mark")


def _sign_in_brackets(c: Context, i: int) -> Said | None:
    sign = _sign(c, i)
    return None if sign is None else Said(sign, i + 3, "symbol")


def _number_in_brackets(c: Context, i: int) -> Said | None:
    item = _numbered(c, i)
    return None if item is None else Said(f", {cardinal(item)},", i + 3, "list")


def _colon_of_a_ratio(c: Context, i: int) -> Said | None:
    between = _ratio(c, i)
    return None if between is None else Said(between, i + 1, "ratio")


def _compared(c: Context, i: int) -> Said | None:
    return Said(COMPARED[c.tokens[i].text], i + 1, "symbol") if _limits(c, i) else None


def _or_equal(c: Context, i: int) -> Said | None:
    right = c.beside(i, 1)
    if right is None or right.text != "=":
        return None
    return Said(name_of(OR_EQUAL[c.tokens[i].text]), i + 2, "symbol")


def _several(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    around = (c.beside(i, -1), c.beside(i, 1))
    alike = any(beside is not None and beside.text == text for beside in around)
    return Said(" ", i + 1, "mark") if alike else None


def _pointer(c: Context, i: int) -> Said | None:
    """The > of "> Xem thêm" and "Trang chủ > Tin tức": it points, it compares nothing."""
    left, right = c.neighbour(i, -1), c.neighbour(i, 1)
    figures = [side for side in (left, right) if side and side.kind in FIGURES]
    letters = [side for side in (left, right) if side and len(side.text) == 1]
    return None if figures or letters else Said(",", i + 1, "mark")


def _star(c: Context, i: int) -> Said | None:
    left = c.beside(i, -1)
    if left is None or left.kind != "number":
        return None
    return Said("nhân" if between_figures(c, i) else "sao", i + 1, "symbol")


def _division(c: Context, i: int) -> Said | None:
    if not between_figures(c, i):
        return None
    return Said("đến" if _rises(c, i) else "chia", i + 1, "range")


def _about(c: Context, i: int) -> Said | None:
    right = c.neighbour(i, 1)
    return Said("khoảng", i + 1, "symbol") if right and right.kind == "number" else None


def _arrow(c: Context, i: int) -> Said | None:
    return None if between_figures(c, i) else Said(",", i + 1, "symbol")


def _minutes(c: Context, i: int) -> Said | None:
    left = c.beside(i, -1)
    if left is None or left.kind != "number" or _closes(c, i):
        return None
    spoken, position = per(c, "phút", "", c.tokens[i].end)  # 35'/chuyến
    return Said(spoken, c.at(position, i + 1), "time")


def _cell(c: Context, i: int) -> Said | None:
    apart = c.beside(i, -1) is None or c.beside(i, 1) is None
    return Said(",", i + 1, "mark") if apart else None


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
    """The mark of "mục IV.2", "bậc IV/7" and "cao tốc CT.02", where capitals and figures touch it.

    Else None.
    """
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
    table = tables.abbreviations()
    return bool(
        left
        and right
        and left.text.isupper()
        and left.text in table
        and right.text in table
    )


def _sign(c: Context, i: int) -> str | None:
    """ "Rh(-)" and "dương tính (+)": a sign alone in brackets; None where there is none."""
    alone = (
        i + 2 < len(c.tokens)
        and c.tokens[i + 2].text == ")"
        and c.tokens[i + 1].text in SIGNS
    )
    if not alone:
        return None
    sign, named = SIGNS[c.tokens[i + 1].text], c.before(i)
    if named == "tính":
        return " "  # "dương tính" has said it
    return f"{sign} tính" if named in cues(Cue.TESTED) else sign


def _numbered(c: Context, i: int) -> int | None:
    """The "(ii)" of a list within a sentence."""
    inside = c.tokens[i + 1 : i + 3]
    closed = len(inside) == 2 and inside[1].text == ")" and inside[0].text.islower()
    glued = i > 0 and c.tokens[i - 1].text.isalpha()  # "điểm a(ii)", but no f(x)
    of_a_list = (
        closed
        and not set(inside[0].text) - set("ivx")
        and not (glued and inside[0].text == "x")
    )
    return roman(inside[0].text.upper()) if of_a_list else None


def _limits(c: Context, i: int) -> bool:
    """ "lượng mưa >100mm" and "trẻ <5 tuổi": words that are limited, no formula."""
    left, right = c.neighbour(i, -1), c.neighbour(i, 1)
    return bool(
        right
        and right.kind == "number"
        and (
            left is None
            or left.text in OPENERS
            or (len(left.text) > 1 and left.text.isalpha())
        )
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
        float(token.text.replace(",", "."))
        if token and PLAIN.fullmatch(token.text)
        else 0.0
        for token in around
    ]
    return values[0] < values[1]


def _closes(c: Context, i: int) -> bool:
    """Whether a quote was opened before by the same mark as token `i`: not by that of 90'."""
    token = c.tokens[i]
    last = c.text.rfind(token.text, max(0, token.start - REACH), token.start)
    return last >= 0 and not c.text[max(0, last - 1) : last].isalnum()


def _ratio(c: Context, i: int) -> str | None:
    """The mark of "tỷ lệ 1:3" and "tỷ số 2:1"; None where it is a pause."""
    left, right = c.beside(i, -1), c.beside(i, 1)
    # QCVN 01-1:2018/BYT
    if left and right and right.kind == "code" and is_standard(c, i):
        return "năm"
    if not (left and right and left.kind == right.kind == "number"):
        return None
    if is_score(c, i):
        return ""
    return "năm" if is_standard(c, i) else "trên"


def _quarter_and_year(c: Context, i: int) -> bool:
    """The mark in "quý II/2021"."""
    left, right = c.beside(i, -1), c.beside(i, 1)
    if not (
        left and right and roman(left.text) and re.fullmatch(r"(19|20)\d\d", right.text)
    ):
        return False
    named = c.before(i - 1)
    if named in DASHES or named == "và":  # "quý III-IV/2025"
        named = c.before(i - 1, 3).split()[0]
    elif roman(named.upper()):  # "quý I, II/2025"
        named = c.before(i - 1, 2).split()[0]
    return named in tables.cues(Cue.TERM)


_QUARTER = Rule(
    "a quarter and its year",
    _year_of_a_quarter,
    "quý II/2021",
    "quý hai năm hai nghìn không trăm hai mươi mốt",
)
_NAME = Rule("within a name", _in_a_name, "mục IV.2", "mục bốn chấm hai")
_COMPARED = Rule(
    "what is limited", _compared, "mưa >100mm", "mưa trên một trăm mi li mét"
)
_LIMIT = Rule("a limit", _limit, "từ >= 60 tuổi", "từ sáu mươi tuổi trở lên")
_OR_EQUAL = Rule("or equal", _or_equal, "a <= b", "a nhỏ hơn hoặc bằng bê")
_SEVERAL = Rule("several in a row", _several, ">> Xem thêm", "Xem thêm")
_POINTER = Rule(
    "points to something", _pointer, "Trang chủ > Tin tức", "Trang chủ, Tin tức"
)
_PRICE = Rule("a price", price, "giá $1.25", "giá một phẩy hai năm đô la")
# What a mark is before it is a pause, a dash or a symbol: read from above, the first that holds.
MARKS: dict[str, tuple[Rule, ...]] = {
    ".": (
        _QUARTER,
        Rule(
            "a stop within",
            _stop_within,
            "anh Hoàng Văn T. khai",
            "anh Hoàng Văn tê khai",
        ),
        _NAME,
    ),
    "(": (
        Rule("a sign in brackets", _sign_in_brackets, "mẫu (+)", "mẫu dương tính"),
        Rule(
            "a number in brackets", _number_in_brackets, "gồm (ii) đất", "gồm, hai, đất"
        ),
    ),
    ":": (Rule("a ratio", _colon_of_a_ratio, "tỷ lệ 1:3", "tỷ lệ một trên ba"),),
    "<": (_COMPARED, _LIMIT, _OR_EQUAL, _SEVERAL),
    ">": (_COMPARED, _LIMIT, _OR_EQUAL, _SEVERAL, _POINTER),
    "≤": (_LIMIT,),
    "≥": (_LIMIT,),
    "*": (Rule("a star", _star, "khách sạn 4*", "khách sạn bốn sao"),),
    "÷": (Rule("a range or a division", _division, "từ 5 ÷ 10", "từ năm đến mười"),),
    "=": (_SEVERAL,),
    "~": (Rule("about", _about, "nặng ~ 5 kg", "nặng khoảng năm ki lô gam"),),
    "→": (Rule("an arrow", _arrow, "làm đơn → nộp", "làm đơn, nộp"),),
    "⇒": (Rule("a double arrow", _arrow, "làm đơn ⇒ nộp", "làm đơn, nộp"),),
    "'": (Rule("minutes", _minutes, "35'/chuyến", "ba mươi lăm phút một chuyến"),),
    "′": (Rule("minutes of arc", _minutes, "chạy 45′", "chạy bốn mươi lăm phút"),),
    "/": (
        _QUARTER,
        _NAME,
        *slashes.RULES,
    ),
    "|": (
        Rule(
            "a cell of a table",
            _cell,
            "An | thôn 3 | 50 kg",
            "An, thôn ba, năm mươi ki lô gam",
        ),
    ),
    "“": (quotations.BEGINS,),
    "«": (quotations.BEGINS,),
    "”": (quotations.ENDS,),
    "»": (quotations.ENDS,),
    '"': (quotations.BEGINS, quotations.ENDS),
    **dict.fromkeys("$€£¥", (_PRICE,)),
    **dict.fromkeys(sorted(DASHES), (_QUARTER,)),
}
