"""How else a word may be written that is searched for: "vacxin" finds "vắc xin", "kỹ" "kĩ".

All forms are folded (`text.fold`): without capitals, diacritics and marks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from service.newsroom.text import fold, search_words

# A syllable as Vietnamese builds it, folded: the longest part first, so that "ngh" is no "n".
ONSETS = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvx]"
VOWELS = "aeiouy"
CODAS = "ch|ng|nh|[cmnpt]"
LONGEST_VOWEL = 3
SYLLABLE = re.compile(f"({ONSETS})?[{VOWELS}]{{1,{LONGEST_VOWEL}}}({CODAS})?")
LONGEST_SYLLABLE = 7  # "nghieng"
LONGEST_JOINED = 24  # letters of a word that may be several syllables in one
MOST_SPLITS = 4
# Both are right at the end of an open syllable after these: "kỹ sư" and "kĩ sư" (the Ministry of
# Education's rule of 1984 has i, most newspapers y).
EITHER_I = re.compile(r"(h|k|l|m|s|t|v|qu)[iy]")


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A word that is searched for.

    `typed` may stand anywhere, also within another word; of `others` each stands as whole words.
    """

    typed: str
    others: tuple[str, ...] = ()


def wanted(text: str) -> list[SearchWord]:
    """What all has to be in a text that is searched for with these words; [] for no words."""
    words = search_words(text)
    found: list[SearchWord] = []
    at = 0
    while at < len(words):
        spelling, length = _spelling(words, at)
        if length:
            found.append(SearchWord(spelling[0], spelling[1:]))
        else:
            found.append(
                SearchWord(words[at], tuple(dict.fromkeys(_others(words[at]))))
            )
        at += length or 1
    return found


def _spelling(words: list[str], at: int) -> tuple[tuple[str, ...], int]:
    """The table's row that begins here, the typed form first, and its words; 0 where none does."""
    rows = table()
    for length in range(min(_longest(), len(words) - at), 0, -1):
        typed = " ".join(words[at : at + length])
        if typed in rows:
            return (typed, *(form for form in rows[typed] if form != typed)), length
    return (), 0


def _others(word: str) -> Iterator[str]:
    if EITHER_I.fullmatch(word):
        yield word[:-1] + ("i" if word.endswith("y") else "y")
    if len(word) <= LONGEST_JOINED and not SYLLABLE.fullmatch(word):
        for number, split in enumerate(_splits(word, _ends(word), 0)):
            if number == MOST_SPLITS:
                return
            yield " ".join(split)


def _ends(word: str) -> list[list[int]]:
    """From each letter on: where a syllable may end so that syllables alone are left."""
    ends: list[list[int]] = [[] for _ in word] + [[len(word)]]
    for start in range(len(word) - 1, -1, -1):
        for end in range(min(len(word), start + LONGEST_SYLLABLE), start, -1):
            if ends[end] and SYLLABLE.fullmatch(word, start, end):
                ends[start].append(end)
    return ends


def _splits(word: str, ends: list[list[int]], start: int) -> Iterator[tuple[str, ...]]:
    if start == len(word):
        yield ()
        return
    for end in ends[start]:
        for rest in _splits(word, ends, end):
            yield (word[start:end], *rest)


@cache
def table() -> dict[str, tuple[str, ...]]:
    """For each form all forms of its row in spellings.tsv, folded."""
    text = files("service.newsroom").joinpath("spellings.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line[:1] != "#"]
    folded = [tuple(dict.fromkeys(fold(form) for form in row)) for row in rows]
    return {form: row for row in folded for form in row}


@cache
def _longest() -> int:
    """The words of the longest form."""
    return max(len(form.split()) for form in table())
