"""Foreign words that no row has, respelled by rule in Vietnamese syllables: Ronaldo → rô nan đô.

What an announcer does who has never heard the name: letters are said as most languages of Europe
say them, a consonant too many gets an ơ of its own (Grai → gờ rai), and what cannot end a
Vietnamese syllable ends as the sound next to it (l as n, d as t). A word that leaves any syllable
that is none is not respelled.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import takewhile
from operator import itemgetter

from service.vietnamese.syllable import is_vietnamese

ACUTE = "\u0301"
FRONT = frozenset("eêiy")  # before these k, gh and ngh are written
LIQUIDS = frozenset(("r", "l"))
BEFORE_LIQUIDS = frozenset(
    ("b", "c", "d", "f", "g", "k", "p", "ph", "t", "th", "ch", "kh")
)
# Sounds as they are written; of several the longest, so the order matters.
_CONSONANT = "tch|sch|ngh|tr(?=[aeiouy])|ch|sh|th|ph|kh|gh|ng|nh|ck|qu|rh|zh|ts|tz|dz|wh|[bcçdđfghjklmnñpqrstvwxzß]"
_VOWEL = (
    "w[aeiou]|eau|ai|ay|au|aw(?![ao])|ea|ee|ei|ey|eu|ew(?![ao])|ie|oi|oo|ou|ow(?![ao])|"
    "oy|ue|uy(?![aeiou])|"
    "[aàáâãäåăeèéêëiìíîïoòóôõöøơuùúûüưyý]"
)
_SOUNDS = re.compile(rf"({_VOWEL})|({_CONSONANT})")
_WORD = re.compile(rf"(?:{_CONSONANT}|{_VOWEL}|')+")
_SILENT_E = re.compile(r"(?<=[aeiouy][bcdfgklmnpqrstvxz])e$")
_FINAL_ER = re.compile(r"(?<=[bcdfghklmnpstvxz])er$")

# Fmt: skip
ONSETS = {
    "b": "b",
    "c": "c",
    "ç": "x",
    "d": "đ",
    "đ": "đ",
    "f": "ph",
    "g": "g",
    "gh": "g",
    "h": "h",
    "j": "gi",
    "k": "c",
    "ck": "c",
    "l": "l",
    "m": "m",
    "n": "n",
    "ñ": "nh",
    "nh": "nh",
    "ng": "ng",
    "ngh": "ng",
    "p": "p",
    "ph": "ph",
    "q": "c",
    "qu": "qu",
    "r": "r",
    "rh": "r",
    "s": "x",
    "ß": "x",
    "sh": "s",
    "sch": "s",
    "t": "t",
    "th": "th",
    "tr": "tr",
    "tch": "ch",
    "ch": "ch",
    "kh": "kh",
    "ts": "x",
    "tz": "x",
    "v": "v",
    "w": "v",
    "wh": "v",
    "x": "x",
    "z": "d",
    "zh": "gi",
    "dz": "d",
}
# Fmt: skip
CODAS = {
    "m": "m",
    "n": "n",
    "ñ": "n",
    "nh": "nh",
    "ng": "ng",
    "ngh": "ng",
    "l": "n",
    "p": "p",
    "b": "p",
    "f": "p",
    "ph": "p",
    "v": "p",
    "t": "t",
    "d": "t",
    "đ": "t",
    "s": "t",
    "ß": "t",
    "z": "t",
    "th": "t",
    "ts": "t",
    "tz": "t",
    "c": "c",
    "k": "c",
    "ck": "c",
    "g": "c",
    "gh": "c",
    "q": "c",
    "x": "c",
    "kh": "c",
    "ch": "ch",
    "sh": "ch",
    "tch": "ch",
    "sch": "ch",
}
STOPPED = frozenset(("p", "t", "c", "ch"))  # end a syllable with the tone sắc only
# Vowels where a syllable ends with them, and before what ends it.
# Fmt: skip
OPEN = {
    "wa": "oa",
    "we": "oe",
    "wi": "uy",
    "wo": "o",
    "wu": "u",
    "e": "ê",
    "o": "ô",
    "y": "i",
    "eau": "ô",
    "ay": "ây",
    "aw": "o",
    "ea": "i",
    "ee": "i",
    "ei": "ây",
    "ey": "ây",
    "eu": "êu",
    "ew": "iu",
    "ie": "i",
    "oo": "u",
    "ou": "u",
    "ow": "ao",
    "oy": "oi",
    "ue": "uê",
    "ä": "e",
    "ö": "ơ",
    "ø": "ơ",
    "ü": "uy",
    "å": "o",
}
# Fmt: skip
CLOSED = {
    "wa": "oa",
    "we": "oe",
    "wi": "uy",
    "wo": "o",
    "wu": "u",
    "y": "i",
    "eau": "ô",
    "ai": "ê",
    "ay": "ê",
    "au": "ô",
    "aw": "o",
    "ea": "i",
    "ee": "i",
    "ei": "i",
    "ey": "i",
    "eu": "ê",
    "ew": "iu",
    "ie": "i",
    "oi": "oa",
    "oo": "u",
    "ou": "u",
    "ow": "ao",
    "oy": "oa",
    "ue": "uê",
    "ä": "e",
    "ö": "ơ",
    "ø": "ơ",
    "ü": "uy",
    "å": "o",
}


@lru_cache(maxsize=20_000)
def respelled(word: str) -> str | None:
    """A foreign word in Vietnamese syllables, small letters.

    None where no rule makes them of it.
    """
    lower = word.lower()
    if not _WORD.fullmatch(lower):
        return None
    plain = _FINAL_ER.sub("ơ", _SILENT_E.sub("", lower.replace("'", "")))
    syllables = _syllables(
        [(consonant, vowel) for vowel, consonant in _SOUNDS.findall(plain)]
    )
    if not syllables or not all(map(is_vietnamese, syllables)):
        return None
    return " ".join(syllables)


def _syllables(sounds: list[tuple[str, str]]) -> list[str]:
    """The syllables of a word's sounds, each a (consonant, vowel) of which one is empty."""
    syllables: list[str] = []
    onset: list[str] = []
    place = 0
    while place < len(sounds):
        consonant, vowel = sounds[place]
        place += 1
        if consonant:
            onset.append(consonant)
            continue
        between = _consonants_at(sounds, place)
        place += len(between)
        coda, following = _parted(between, is_last=place == len(sounds))
        syllables += map(_with_schwa, onset[:-1])
        syllables.append(_syllable(onset[-1] if onset else "", vowel, coda))
        onset = following
    return syllables


def _consonants_at(sounds: list[tuple[str, str]], place: int) -> list[str]:
    return [consonant for consonant, _ in takewhile(itemgetter(0), sounds[place:])]


def _parted(between: list[str], *, is_last: bool) -> tuple[str, list[str]]:
    """What ends a syllable, and what begins the next: Ron|aldo, but Ma|cron."""
    if is_last:
        # Mark, Learn: the r is not said, what follows it is.
        said = between[1:] if between[:1] == ["r"] and len(between) > 1 else between
        return (said[0] if said else ""), []
    begins = len(between) < 2 or (
        len(between) == 2 and between[0] in BEFORE_LIQUIDS and between[1] in LIQUIDS
    )
    return ("", between) if begins else (between[0], between[1:])


def _syllable(onset: str, vowel: str, coda: str) -> str:
    end = CODAS.get(coda, "")
    said = (CLOSED if end else OPEN).get(vowel, vowel)
    said = unicodedata.normalize("NFC", _without_accents(said))
    begin = _onset(onset, said)
    if end in STOPPED:
        said = unicodedata.normalize("NFC", f"{said}{ACUTE}")
    return f"{begin}{said}{end}"


def _without_accents(vowel: str) -> str:
    """Accents that are no letters of Vietnamese: é → ê, à → a."""
    return {"é": "ê", "è": "e", "ë": "ê"}.get(vowel) or vowel.translate(_BARE)


def _onset(onset: str, vowel: str) -> str:
    """How a consonant is written before a vowel."""
    is_front = vowel[0] in FRONT
    if onset == "c" and is_front:
        return "x"
    said = ONSETS.get(onset, "")
    if not is_front:
        return said
    if said == "gi" and vowel[0] == "i":
        return "g"
    return {"c": "k", "g": "gh", "ng": "ngh"}.get(said, said)


def _with_schwa(consonant: str) -> str:
    """A consonant too many, by itself: the g of Grai is "gờ"."""
    return f"{ONSETS[consonant]}ờ"


_BARE = str.maketrans("àáãìíîïòóõùúûýñ", "aaaiiiiooouuuyn")
