"""Text in capitals throughout, as headings and posters are:
seen in small letters, character by character.
"""

import re
from functools import cache
from string import ascii_lowercase

from service.vietnamese import tables
from service.vietnamese.context import words
from service.vietnamese.syllable import has_tone, is_vietnamese
from service.vietnamese.tables.cue import Cue

FEWEST, SHARE = 12, 0.7  # letters that make a passage; of these, capitals
# Letters that do when all are capitals and some bear a tone or a hat, as no abbreviation does
FEWEST_OF_WORDS = 5
# Single letters that are units only right after a figure: 7H30, 200G
GLUED_ONLY = words("L H G")
# 9T, 16A, 10K: what they are stands in the tables as it is.
NO_UNITS = words("T A V W C B D E K N P R X")
RATED = ("KM/", "M/", "M3/", "M³/")  # what H and S are given for
LETTERS_WITH_MARKS = "ĂÂÊƠƯĐ"  # by themselves rather letters than words
MAGNITUDE = re.compile(r"(?:NGHÌN|NGÀN|VẠN|TRIỆU|TỶ|TỈ)\s?$")
CLASSES = ("LỚP", "KHỐI", "LỚP:")
_SMALL_LETTERS = ascii_lowercase.encode()
_OF_WORDS = frozenset("ĂÂÊÔƠ")  # Ư and Đ stand in abbreviations too
_WORD = re.compile(r"[^\W\d_]+[23]?(?!\w)|[^\W\d_]+")
# 5G, a plate, comrades
_NO_UNIT = re.compile(r"G(?<!\d\dG)(?<!,\dG)(?!\d)|H-\d{3}|Đ[/.]C(?!\w)")
_SPEAKABLE = re.compile(
    r"(?:[^\W\d_aeiouyăâêôơư]{0,2}[aeiouyăâêôơư]{1,2}){2,}[^\W\d_aeiouyăâêôơư]{0,2}(?<=\w{4})"
)
_NUMERAL = re.compile(r"[IVX]+")
_LAST_WORD = re.compile(r"([^\W\d_]+)\s*$")


def is_in_capitals(text: str) -> bool:
    """Whether a passage is written in capitals throughout."""
    plain = text.encode("ascii", "ignore")
    small = len(plain) - len(plain.translate(None, _SMALL_LETTERS))
    if small >= (1 - SHARE) * len(text):  # most texts: their letters need no counting
        return False
    letters, capitals = sum(map(str.isalpha, text)), sum(map(str.isupper, text))
    if letters > FEWEST:
        return capitals > SHARE * letters
    return (
        capitals == letters >= FEWEST_OF_WORDS
        and " " in text
        and (has_tone(text) or not _OF_WORDS.isdisjoint(text))
    )


def lowered(text: str) -> str:
    """Words, units and hours of a text in capitals in small letters, abbreviations as they are.

    The length stays.

    What is a word as well as an abbreviation of the tables ("CA XÃ") stays too, for its neighbours
    to decide.
    """
    return _WORD.sub(lambda match: _lowered(text, match), text)


def _lowered(text: str, match: re.Match[str]) -> str:
    """A word of a text in capitals, in small letters unless it is rather an abbreviation."""
    word = match[0]
    lower = word.lower()
    if not word.isupper() or len(lower) != len(word):
        return word
    if (unit := _units().get(word)) and _measures(text, match.start(), word):
        return unit
    is_a_word = _is_one_letter_word if len(word) == 1 else _is_longer_word
    return lower if is_a_word(text, match) else word


def _is_one_letter_word(_: str, match: re.Match[str]) -> bool:
    """Ở, Ý; not the A of a class, nor Đ."""
    return not match[0].isascii() and match[0] not in LETTERS_WITH_MARKS


def _is_longer_word(text: str, match: re.Match[str]) -> bool:
    word = match[0]
    lower = word.lower()
    if not is_vietnamese(lower):
        return _is_a_word(word, lower)
    # "CA XÃ": what is a syllable and an abbreviation waits for its neighbours to decide.
    either = any(row.needs for row in tables.abbreviations().get(word, ()))
    joined = _is_joined_to_letters(text, match.start())
    return not (either or joined or _is_a_numeral(text, match))


def _is_a_numeral(text: str, match: re.Match[str]) -> bool:
    """ "KHÓA VI", and "VI." at the begin of a line."""
    if not _NUMERAL.fullmatch(match[0]):
        return False
    before = _LAST_WORD.search(text, max(0, match.start() - 12), match.start())
    if before:
        return before[1].lower() in tables.cues(Cue.NUMERAL)
    return text[match.end() : match.end() + 1] in (*".)-–:/", "")


def _is_a_word(word: str, lower: str) -> bool:
    """Whether capitals that are no Vietnamese syllable are a word: KARATE, PHÔTÔ, KHMER.

    Not OCOP, EVN.
    """
    foreign = tables.foreign()
    # What the tables write in capitals is a name of letters, whatever else it looks like.
    if word in tables.abbreviations() or word in foreign:
        return False
    is_foreign_word = lower in foreign or lower.capitalize() in foreign
    return is_foreign_word or _SPEAKABLE.fullmatch(lower) is not None


def _is_joined_to_letters(text: str, start: int) -> bool:
    """The TU of 12-NQ/TU: what touches an abbreviation is one, too."""
    if text[start - 1 : start] not in ("/", "-", "&"):
        return False
    before = _LAST_WORD.search(text, max(0, start - 12), start - 1)
    return (
        before is not None
        and len(before[1]) > 1
        and not is_vietnamese(before[1].lower())
        and before[1] not in _units()
    )


def _measures(text: str, start: int, word: str) -> bool:
    """Whether what stands before is a figure, or what a rate is given for:
    5 KM, TRIỆU KWH, TẠ/HA, KM/H.
    """
    before = text[max(0, start - 8) : start]
    if before[-1:] == "/":
        return "-" not in before and (
            before.endswith(RATED)
            if word in ("H", "S")
            else len(word) > 1 or word == "L"
        )
    bare = before.rstrip()
    if (
        _NO_UNIT.match(text, start)
        or word == "S"
        or (word in GLUED_ONLY and bare != before)
    ):
        return False
    counted = bare[-1:].isdigit() and not any(name in before for name in CLASSES)
    return counted or MAGNITUDE.search(before) is not None


@cache
def _units() -> dict[str, str]:
    """Units by their capitals: KWH → kWh; H is the hour."""
    forms = sorted(tables.units(), key=str.islower)  # "km" rather than "Km"
    known = {
        unit.upper(): unit
        for unit in forms
        if unit[-1].isalnum() and len(unit.upper()) == len(unit)
    }
    return {
        written: unit for written, unit in known.items() if written not in NO_UNITS
    } | {
        "H": "h",
        "S": "s",
    }
