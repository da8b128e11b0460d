"""Slashes between words and figures that belong together; days, shares and rates have them, too."""

import re

from service.vietnamese.context import Context, Said
from service.vietnamese.rules import Rule
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue
from service.vietnamese.tokens import Token

HUNDREDS = re.compile(r"1(?:00|\.?000|0\.?000|00\.?000)")  # of which so many


def _figures_by_a_slash(c: Context, i: int) -> Said | None:
    left, right = c.beside(i, -1), c.beside(i, 1)
    if not left or not right:
        return None
    figures = left.kind == "number" and right.kind in ("number", "ratio")
    bracket = left.text == ")" and right.kind == "number"
    if figures or bracket or _round_the_clock(left, right):
        return Said("trên", i + 1, "mark")
    return None


def _hours_for_each(c: Context, i: int) -> Said | None:
    left, right = c.beside(i, -1), c.beside(i, 1)
    hours = left is not None and left.kind == "time"
    return (
        Said("một", i + 1, "unit")
        if hours and right and right.text in cues(Cue.EACH)
        else None
    )


def _phones_by_a_slash(c: Context, i: int) -> Said | None:
    around = (c.neighbour(i, -1), c.neighbour(i, 1))
    phones = all(token is not None and token.kind == "phone" for token in around)
    return Said(",", i + 1, "mark") if phones else None


def _counts_by_a_slash(c: Context, i: int) -> Said | None:
    left, right = c.beside(i, -1), c.beside(i, 1)
    if not left or not right or left.kind != "word" or right.kind != "number":
        return None
    if HUNDREDS.fullmatch(right.text):
        return Said("trên", i + 1, "ratio")
    each = right.text in ("1", "01")  # "2 lần/1 tháng"
    return Said(" " if each else ",", i + 1, "mark")


def _any_slash(_: Context, i: int) -> Said:
    return Said(" ", i + 1, "mark")


def _round_the_clock(left: Token, right: Token) -> bool:
    """24h/24h and 24h/7."""
    return left.text == "24h" and right.text in ("24h", "24", "7")


# Read from above: the first that holds; the last always does.
RULES = (
    Rule(
        "of figures",
        _figures_by_a_slash,
        "trực 24h/24h",
        "trực hai mươi tư giờ trên hai mươi tư giờ",
    ),
    Rule("hours for each", _hours_for_each, "làm 8h/ngày", "làm tám giờ một ngày"),
    Rule(
        "between telephones",
        _phones_by_a_slash,
        "gọi 0219.3866.456 / 0219.3866.457",
        "gọi không hai một chín, ba tám sáu sáu, bốn năm sáu, "
        "không hai một chín, ba tám sáu sáu, bốn năm bảy",
    ),
    Rule(
        "between counts",
        _counts_by_a_slash,
        "có 23 lớp/678 học sinh",
        "có hai mươi ba lớp, sáu trăm bảy mươi tám học sinh",
    ),
    Rule("any slash", _any_slash, "nam/nữ", "nam nữ"),
)
