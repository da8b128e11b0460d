"""Abbreviations with marks in them (GS.TS, Đ/c, KT-XH, TP.), and initials with points (T.P.H.)."""

import re

from service.vietnamese import tables
from service.vietnamese.abbreviations import stands_for
from service.vietnamese.context import Context, Said
from service.vietnamese.numbers import roman
from service.vietnamese.romans import numeral
from service.vietnamese.rules import Rule, first_said
from service.vietnamese.senses import Choice, choose
from service.vietnamese.syllable import spell
from service.vietnamese.tables.cue import Cue

DIGITS_OF_A_ROOM = 3  # P.205; wards have fewer
FEWEST_INITIALS = 3  # letters with points that no row can mean: T.P.H.
_NUMERAL = re.compile(r"[IVX]\.")
_INITIAL = re.compile(r"[A-Z]\.")
_NAME_FOLLOWS = re.compile(
    r" [^\W_a-z]|[^\W\d_a-z]{2,}(?![.\w])|[^\W\d_a-z][^\W\d_A-Z]|[IVX]+(?![\w.])|\d"
)
_PLACE_FOLLOWS = re.compile(r"\s?[^\W\d_a-z][^\W\d_A-Z]")


def abbreviation(c: Context, i: int) -> Said:
    """One with marks in it: the first rule that knows it."""
    return first_said(RULES, c, i) or Said(spell(c.tokens[i].text), i + 1, "spelled")


def initials(c: Context, i: int) -> Said:
    """ "T.P.H.", "H.X": a name that is hidden,
    unless a row has them and a place follows: "T.P Vinh".
    """
    text = c.tokens[i].text
    letters = text.replace(".", "")
    forms = [
        form for form in (text, text.rstrip(".")) if form in tables.abbreviations()
    ]
    hidden = len(letters) < FEWEST_INITIALS and not _PLACE_FOLLOWS.match(
        c.text, c.tokens[i].end
    )
    spoken = next((said for form in forms if (said := stands_for(c, i, form))), "")
    if hidden or not spoken:
        return Said(spell(letters), i + 1, "spelled")
    return Said(spoken, i + 1, "abbreviation")


def _pointed_numeral(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if not _NUMERAL.fullmatch(text) or c.before(i) not in tables.cues(Cue.NUMERAL):
        return None
    said = numeral(c, i, roman(text[0]) or 0)
    return said._replace(spoken=f"{said.spoken}.")


def _office(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    named = c.beside(i, 1)
    if text != "P." or named is None or not named.text.isupper():
        return None
    return (
        Said("phòng", i + 1, "abbreviation")
        if stands_for(c, i + 1, named.text)
        else None
    )


def _room(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    named = c.beside(i, 1)
    if text != "P." or named is None:
        return None
    if not named.text.isdigit() or len(named.text) != DIGITS_OF_A_ROOM:
        return None
    return Said("" if c.before(i) == "phòng" else "phòng", i + 1, "abbreviation")


def _byline(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if not _INITIAL.fullmatch(text) or c.before(i) not in tables.cues(Cue.BYLINE):
        return None
    return Said(spell(text), i + 1, "spelled")


def _initial(c: Context, i: int) -> Said | None:
    """P. Trần Phú is a ward, Nguyễn Văn P. is a man."""
    text = c.tokens[i].text
    if not _INITIAL.fullmatch(text):
        return None
    previous, beside = c.neighbour(i, -1), c.beside(i, -1)
    ward = c.capitals or _NAME_FOLLOWS.match(c.text, c.tokens[i].end)
    touched = beside is not None and beside.text not in ",;("
    of_a_name = (
        previous is not None and previous.kind == "word" and previous.text[0].isupper()
    )
    return (
        Said(spell(text), i + 1, "spelled")
        if not ward or touched or of_a_name
        else None
    )


def _foreign(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    table = tables.foreign()
    respelled = table.get(text) or table.get(text[0].lower() + text[1:])
    if not respelled:
        return None
    return Said(text if c.options.foreign == "given" else respelled, i + 1, "foreign")


def _row(c: Context, i: int) -> Said | None:
    """What its row says, or that of the same letters without the last point:
    "KTS." before a name, or at an end.
    """
    text = c.tokens[i].text
    text = text.replace(" &", "&").replace("& ", "&")  # "TK & VV"
    pointless = text.rstrip(".")
    at_an_end = text != pointless and c.neighbour(i, 1) is None
    choice = _better(choose(c, i, pointless), choose(c, i, text), at_an_end=at_an_end)
    if choice is None:
        return None
    spoken = f"{choice.spoken}." if _ends(c, i) else choice.spoken
    return Said(spoken, i + 1, "abbreviation", choice.doubt, choice.rivals)


def _better(
    pointless: Choice | None, pointed: Choice | None, *, at_an_end: bool
) -> Choice | None:
    """A row with the point knows best, but at an end, or where the context speaks for another."""
    if pointless is None or pointed is None:
        return pointed or pointless
    strong = pointless.by_context and not pointless.doubt
    rather = at_an_end or (strong and not pointed.by_context)
    return pointless if rather else pointed


def _ends(c: Context, i: int) -> bool:
    """Whether its last point ends the sentence, too."""
    text, following = c.tokens[i].text, c.neighbour(i, 1)
    if text[-1] not in ".…":
        return False
    return following is None or (text.startswith("v.v") and following.text[0].isupper())


# The first that knows a form says it.
RULES = (
    Rule(
        "a numeral that ends",
        _pointed_numeral,
        "Đại hội lần thứ X.",
        "Đại hội lần thứ mười.",
    ),
    Rule("an office", _office, "cán bộ P.CSĐT", "cán bộ phòng cảnh sát điều tra"),
    Rule("a room", _room, "họp tại P.205", "họp tại phòng hai trăm lẻ năm"),
    Rule("who wrote it", _byline, "Tin, ảnh: H.Nam", "Tin, ảnh, hát Nam"),
    Rule("an initial", _initial, "chị Nguyễn Thị P. khai", "chị Nguyễn Thị pê khai"),
    Rule("a foreign word", _foreign, "quét QR Code", "quét quy a cốt"),
    Rule("a row", _row, "phát triển KT-XH", "phát triển kinh tế xã hội"),
)
