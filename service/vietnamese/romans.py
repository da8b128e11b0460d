"""Roman numerals among words: what stands before them tells numerals from letters and
abbreviations.
"""

from collections.abc import Sequence

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.numbers import LETTERS_RATHER, cardinal, ordinal, roman
from service.vietnamese.senses import senses_of
from service.vietnamese.syllable import is_vietnamese
from service.vietnamese.tables.cue import Cue

SURE_NUMERALS = frozenset("IVX")
LONGEST_LETTER_LIST = 3  # after "năm" a longer numeral is a year: năm MCMXC


def small_item(c: Context, i: int) -> Said | None:
    """ "khoản vi,": a numeral in small letters that is a syllable, too."""
    text = c.tokens[i].text
    if set(text) - set("ivx") or not _is_item(c, i):
        return None
    value = roman(text.upper())
    return numeral(c, i, value) if value else None


def roman_numeral(c: Context, i: int) -> Said | None:
    """ "khóa XII", "quý iii"."""
    text = c.tokens[i].text
    right = c.beside(i, 1)
    if right is not None and right.kind == "number":
        return None  # gói XL02
    upper = len(text) > 1 and not is_vietnamese(text.lower())
    value = roman(text.upper()) if upper else roman(text)
    return (
        numeral(c, i, value) if value is not None and _is_numeral(c, i, text) else None
    )


def numeral(c: Context, i: int, value: int) -> Said:
    """ "thứ nhất", "khóa mười hai"."""
    return Said(
        ordinal(value) if c.before(i) == "thứ" else cardinal(value), i + 1, "roman"
    )


def _is_item(c: Context, i: int) -> bool:
    """ "khoản vi," but not "khoản vi phạm" nor the letter of "điểm i"."""
    following = c.neighbour(i, 1)
    if following is not None and following.text.isalnum():
        return False
    named = c.before(i)
    if named not in tables.cues(Cue.NUMERAL):
        return False
    lettered = named in tables.cues(Cue.LETTER) or named in tables.cues(Cue.ITEM)
    return len(c.tokens[i].text) > 1 or not lettered


def _is_numeral(c: Context, i: int, text: str) -> bool:
    before = c.before(i)
    year = before == "năm" and len(text) > LONGEST_LETTER_LIST
    if year or before in tables.cues(Cue.NUMERAL):
        return not _is_rather_a_letter(before, text)
    if set(text) <= SURE_NUMERALS and _ends_with_a_cue(senses_of(before.upper())):
        return True
    if text.islower():
        return False
    if _goes_on_from_a_numeral(c, i, before):
        return True
    only_small = len(text) > 1 and not set(text) - set("IVX")
    return only_small and text not in tables.abbreviations()


def _ends_with_a_cue(senses: Sequence[str]) -> bool:
    """Whether an abbreviation's first sense ends with what numerals follow: HK I, ĐH XIV."""
    return bool(senses) and senses[0].split()[-1] in tables.cues(Cue.NUMERAL)


def _is_rather_a_letter(before: str, text: str) -> bool:
    """The C of "loại C" and the CD of "số CD": nobody counts by hundreds in Roman numerals."""
    letters = LETTERS_RATHER.issuperset(text)
    return letters and (
        before in tables.cues(Cue.LETTER) or text in tables.abbreviations()
    )


WIDEST_STEP = 9  # between the numerals of a list


def _goes_on_from_a_numeral(c: Context, i: int, word_before: str) -> bool:
    """The second of "khóa XI và XII", of "khóa XI, XII" and of "XI–XII".

    Words before a token come in small letters, numerals too.
    """
    words = c.before(i, 2).split()
    is_joined = len(words) > 1 and words[-1] in tables.cues(Cue.SIMILAR)
    if is_joined and _rises(roman(words[0].upper()), roman(c.tokens[i].text)):
        return True
    mark = c.neighbour(i, -1)
    is_listed = mark is not None and mark.text in {",", "-", "–"}
    return is_listed and _rises(roman(word_before.upper()), roman(c.tokens[i].text))


def _rises(before: int | None, numeral: int | None) -> bool:
    """I, II, IV; the C and D of "bảng A, B, C, D" are letters."""
    if before is None or numeral is None:
        return False
    return before < numeral <= before + WIDEST_STEP
