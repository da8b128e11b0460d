"""Words: Vietnamese ones as they stand.

Numerals, abbreviations, letters and foreign words by what they are.
"""

from functools import lru_cache

from service.vietnamese import foreign, references, romans, spelled, tables
from service.vietnamese.abbreviations import composed, in_parts, not_twice, stands_for
from service.vietnamese.context import Context, Said
from service.vietnamese.measures import (
    CURRENCIES,
    between_figures,
    measured,
    per,
    price,
)
from service.vietnamese.rates import with_its_rate
from service.vietnamese.rules import Rule, concerning, first_said
from service.vietnamese.senses import MOST_RIVALS, choose
from service.vietnamese.syllable import is_vietnamese
from service.vietnamese.tables.cue import Cue
from service.vietnamese.unit_forms import unit_pattern

NUMBERED = ("code", "document")  # kinds of tokens that are numbers of documents
REACH = 5  # tokens to a document's number
SHORTEST_TITLE = 3  # letters of an abbreviation in small letters but its first: Thcs


@lru_cache(maxsize=20_000)
def stands_as_written(text: str) -> bool:
    """Whether a word is a Vietnamese one in small letters,
    or a name that no table has: said so anywhere.
    """
    if is_vietnamese(text):
        return True
    tabled = (
        text in tables.abbreviations()
        or text in tables.foreign()
        or text.lower() in tables.foreign()
    )
    return (
        len(text) > 1 and text.istitle() and is_vietnamese(text.lower()) and not tabled
    )


def word(c: Context, i: int) -> Said:
    """A word by the first rule that knows it, with the slash after it:
    "đồng/ngày", "tỷ lệ nam/nữ".
    """
    rules = _rules_for(c.tokens[i].text)
    return with_its_rate(c, i, first_said(rules, c, i) or foreign.unlisted(c, i))


@lru_cache(maxsize=20_000)
def _rules_for(text: str) -> tuple[Rule, ...]:
    """The rules that may know a word by its letters alone: most words need not ask the others."""
    return concerning(RULES, text)


def _magnitude(c: Context, i: int) -> Said | None:
    """ "2,5 triệu m3", "12 nghìn đ/kg": the unit that stands after nghìn, triệu, tỷ."""
    text = c.tokens[i].text
    if text not in tables.magnitudes() or c.beside(i, 1):
        return None
    unit = unit_pattern().match(c.text, c.tokens[i].end)
    previous = c.neighbour(i, -1)
    if unit is None or previous is None or (len(unit[1]) == 1 and unit[1].isupper()):
        return None
    if previous.kind != "number" and previous.text.lower() not in tables.cues(Cue.SOME):
        return None
    spoken = tables.units()[unit[1]]
    # "78,9 tỷ đồng/1.234 hộ" are two amounts
    counted = "" if spoken == "đồng" else unit[1]
    said, position = per(c, f"{text} {spoken}", counted, unit.end())
    return Said(said, c.at(position, i + 1), "unit")


def _several_in_one(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if text != "in" or not c.beside(i, -1) or not between_figures(c, i):
        return None
    return Said("trong", i + 1, "foreign")


def _syllable(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if not text.islower() or not is_vietnamese(text):
        return None
    return romans.small_item(c, i) or Said(text, i + 1)


def _number_sign(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    return (
        measured(c, spelled.mixed(text), i + 1, "number")
        if text[-1].isnumeric()
        else None
    )


def _times(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if text not in "xX":
        return None
    if between_figures(c, i) or (text == "x" and _stands_before_a_figure(c, i)):
        return Said("nhân", i + 1, "number")
    return None


def _stands_before_a_figure(c: Context, i: int) -> bool:
    """The x of "15 học viên x 3 lớp"."""
    right = c.neighbour(i, 1)
    if right is None or not (
        right.kind == "number" or _is_a_dimension(c, i, right.text)
    ):
        return False
    return c.beside(i, -1) is None and c.beside(i, 1) is None


def _is_a_dimension(c: Context, i: int, following: str) -> bool:
    """The x of "dài 2m x rộng 1m"."""
    left = c.tokens[max(0, i - REACH) : i]
    measured_before = any(token.kind == "number" for token in left)
    return measured_before and following in tables.cues(Cue.DIMENSION)


def _document(c: Context, i: int) -> Said | None:
    """ "TT 22/2021/TT-BGDĐT" is no town."""
    text = c.tokens[i].text
    if text not in tables.documents():
        return None
    ahead = c.tokens[i + 1 : i + REACH]
    following = (
        token for token in ahead if token.kind != "space" and token.text != "số"
    )
    if next(following, c.tokens[i]).kind not in NUMBERED:
        return None
    return Said(tables.codes()[text], i + 1, "abbreviation")


def _price(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    return price(c, i) if text in CURRENCIES else None


def _introduced(c: Context, i: int) -> Said | None:
    """What the article gives in a bracket somewhere, which wins over what tables know.

    Of several the one whose words were said last in this passage, for an editor to look at.
    """
    meanings = c.introduced.meanings(c.tokens[i].text)
    if not meanings:
        return None
    here = c.tokens[i].start
    said = max(meanings, key=lambda words: c.text.rfind(words, 0, here))
    rivals = tuple(words for words in meanings if words != said)
    spoken = not_twice(c, i, said)
    return Said(spoken, i + 1, "introduced", bool(rivals), rivals[:MOST_RIVALS])


def _abbreviation(c: Context, i: int) -> Said | None:
    """What a row has.

    In a text of capitals a syllable is a word unless what stands around says otherwise.
    """
    text = c.tokens[i].text
    choice = choose(c, i, text)
    if choice is None:
        return None
    shouted = c.capitals and text.isupper() and is_vietnamese(text.lower())
    if shouted and not choice.by_context:
        return None
    spoken = not_twice(c, i, choice.spoken)
    return Said(spoken, i + 1, "abbreviation", choice.doubt, choice.rivals)


def _joined_by_an_ampersand(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if "&" not in text:
        return None
    guessed = not all(stands_for(c, i, part) for part in text.split("&"))
    return Said(in_parts(c, i, text), i + 1, "abbreviation", guessed)


def _capitals(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if len(text) == 1 or not text.isupper() or not is_vietnamese(text.lower()):
        return None
    return Said(text.lower(), i + 1, "capitals")


def _name(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    return Said(text, i + 1) if is_vietnamese(text.lower()) else None


def _in_small_letters(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    title = text.istitle() and len(text) >= SHORTEST_TITLE
    if not title and not text.islower():
        return None
    spoken = stands_for(c, i, text.upper())
    return Said(spoken, i + 1, "abbreviation") if spoken else None


def _of_halves(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if not text.isupper() or not (spoken := composed(c, i, text)):
        return None
    return Said(not_twice(c, i, spoken), i + 1, "abbreviation", doubt=True)


def _unit(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    unit = tables.units().get(text) if len(text) > 1 else None
    return Said(unit, i + 1, "unit") if unit else None


# Their order is their rank: what is rarer and surer comes first. The last column tells which words
# a rule may know, where their letters tell; it asks itself what stands around them.
RULES = (
    Rule(
        "magnitude",
        _magnitude,
        "hơn 2,5 triệu m3",
        "hơn hai phẩy năm triệu mét khối",
        lambda text: text in tables.magnitudes(),
    ),
    Rule(
        "several in one",
        _several_in_one,
        "vắc xin 5in1",
        "vắc xin năm trong một",
        lambda text: text == "in",
    ),
    Rule("syllable", _syllable, "bà con", "bà con", str.islower),
    Rule(
        "number sign",
        _number_sign,
        "½ kg",
        "một phần hai ki lô gam",
        lambda text: text[-1].isnumeric(),
    ),
    Rule(
        "with signs",
        spelled.with_signs,
        "nước H₂O",
        "nước hát hai o",
        lambda text: not text.replace("&", "").isalpha(),
    ),
    Rule(
        "times",
        _times,
        "15 học viên x 3 lớp",
        "mười lăm học viên nhân ba lớp",
        lambda text: text in "xX",
    ),
    Rule(
        "introduced",
        _introduced,
        "đội quy tắc đồng (QTĐ), QTĐ ba",
        "đội quy tắc đồng, quy tắc đồng ba",
        str.isupper,
    ),
    Rule("code", spelled.code, "mã DN", "mã dê nờ", str.isupper),
    Rule(
        "variety",
        references.variety_apart,
        "lúa OM 5451",
        "lúa o mờ năm bốn năm một",
        str.isupper,
    ),
    Rule(
        "document",
        _document,
        "theo TT số 5/2021",
        "theo thông tư số năm năm hai nghìn không trăm hai mươi mốt",
        lambda text: text in tables.documents(),
    ),
    Rule(
        "price",
        _price,
        "giá USD 500",
        "giá năm trăm đô la Mỹ",
        lambda text: text in CURRENCIES,
    ),
    Rule(
        "roman",
        romans.roman_numeral,
        "khóa XII",
        "khóa mười hai",
        lambda text: set("IVXLCDM").issuperset(text.upper()),
    ),
    Rule(
        "foreign word",
        foreign.listed,
        "bán online",
        "bán on lai",
        foreign.may_be_listed,
    ),
    Rule(
        "brand",
        spelled.brand,
        "giống OM18",
        "giống o mờ mười tám",
        lambda text: text.isupper() and text not in tables.abbreviations(),
    ),
    Rule(
        "abbreviation",
        _abbreviation,
        "UBND xã",
        "ủy ban nhân dân xã",
        lambda text: text in tables.abbreviations(),
    ),
    Rule(
        "parts",
        _joined_by_an_ampersand,
        "ban XYK&UBND",
        "ban ích y ca và ủy ban nhân dân",
        lambda text: "&" in text,
    ),
    Rule(
        "pair of letters",
        spelled.pair,
        "giống OM 18",
        "giống o mờ mười tám",
        str.isupper,
    ),
    Rule(
        "three letters", spelled.three_letters, "hãng KAI", "hãng ca a i", str.isupper
    ),
    Rule(
        "sound of a highland name",
        spelled.sound_of_a_name,
        "bà H'Lan",
        "bà hờ Lan",
        lambda text: len(text) == 1 and text.isupper(),
    ),
    Rule("capitals", _capitals, "tin VUI CHUNG", "tin vui chung", str.isupper),
    Rule("letter", spelled.letter, "tổ A", "tổ a", lambda text: len(text) == 1),
    Rule("name", _name, "Cao Bồ", "Cao Bồ"),
    Rule("in small letters", _in_small_letters, "ubnd xã", "ủy ban nhân dân xã"),
    Rule(
        "of halves",
        _of_halves,
        "mô hình TTBVMT",
        "mô hình trung tâm bảo vệ môi trường",
        str.isupper,
    ),
    Rule("unit", _unit, "mỗi km đường", "mỗi ki lô mét đường"),
    Rule("glued", foreign.glued, "ngàyhội lớn", "ngày hội lớn"),
    Rule(
        "name in capitals",
        spelled.name_in_capitals,
        "siêu bão KOVIT",
        "siêu bão cô vít",
        str.isupper,
    ),
    Rule(
        "unknown capitals",
        spelled.unknown_capitals,
        "công ty XYZK",
        "công ty ích y dét ca",
        str.isupper,
    ),
    Rule(
        "of mixed case",
        foreign.mixed_case,
        "bếp SmartHome",
        "bếp xờ mát hom",
        lambda text: not (text.istitle() or text.isupper() or text.islower()),
    ),
    Rule("without vowels", spelled.without_vowels, "ông Mrk", "ông mờ rờ ca"),
)
