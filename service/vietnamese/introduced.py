"""Abbreviations that an article itself gives: "câu lạc bộ liên thế hệ (CLBLTH)".

What stands in a bracket is what its letters mean from there on and before, whatever tables know;
where brackets disagree, an editor should look.
Words with the same initials anywhere else in the article are what an unknown abbreviation is likely
to mean: an editor should look.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.syllable import is_vietnamese, without_marks
from service.vietnamese.tables.cue import Cue

SHORTEST, LONGEST = 2, 12  # letters of what a bracket gives
SHORTEST_LIKELY = (
    3  # of what is looked for among all words: two stand together by chance
)
JOINTS = frozenset(("và", "của", "về", "cho", "các"))  # words that give no letter

LONGEST_ARTICLE = 20_000  # characters in which likely words are looked for
FARTHEST = 200  # characters before a bracket: a name is no longer
BREAK = "|"
_BRACKET = re.compile(r"\(([^()]{2,90})\)")
_NO_WORDS = re.compile(r"[^\w ]|[\d_]")


class WordRow(NamedTuple):
    """Words in a row, and their first letters without marks, one for each.

    `BREAK` stands in both where something other than a space parts them.
    """

    words: list[str]
    initials: str


class Introduced:
    """What the abbreviations of some texts mean by these texts alone."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._texts = tuple(texts)
        self._named_by: dict[str, tuple[str, ...]] = {}

    def meanings(self, letters: str) -> tuple[str, ...]:
        """What brackets give for an abbreviation, in their order, each once; () for nothing."""
        return self._given.get(letters, ())

    def likely(self, letters: str) -> tuple[str, ...]:
        """Words of the texts with these initials, each once, as they first stand there."""
        if len(letters) < SHORTEST_LIKELY:
            return ()
        named = self._named_by.get(letters)
        if named is None:
            stretches = _named(self._words, without_marks(letters.lower()))
            unlike = {words.lower(): words for words in stretches}
            named = self._named_by[letters] = tuple(unlike.values())
        return named

    @cached_property
    def _given(self) -> Mapping[str, tuple[str, ...]]:
        given: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for text in self._texts:
            for letters, words in _brackets(text) if "(" in text else ():
                given[letters].setdefault(words.lower(), words)
        return {letters: tuple(words.values()) for letters, words in given.items()}

    @cached_property
    def _words(self) -> WordRow:
        """The words of the article's begin: a single row, so that they are gone through once."""
        begin = "\n".join(self._texts)[:LONGEST_ARTICLE]
        bare = without_marks(begin.lower())
        if len(bare) != len(begin):
            return WordRow(
                [], ""
            )  # signs that no Vietnamese word has: places would differ
        words = _NO_WORDS.sub(f" {BREAK} ", begin).split(" ")
        letters = _NO_WORDS.sub(f" {BREAK} ", bare).split(" ")
        return WordRow(
            [word for word in words if word],
            "".join(word[0] for word in letters if word),
        )


NOTHING = Introduced()


def _brackets(text: str) -> Iterator[tuple[str, str]]:
    """The abbreviations of a text that a bracket gives, and what they mean."""
    for bracket in _BRACKET.finditer(text):
        before = text[max(0, bracket.start() - FARTHEST) : bracket.start()]
        words = _NO_WORDS.split(before.rstrip())[-1].split()
        inside = without_its_cue(bracket[1].strip())
        if _are_letters(inside):
            if meaning := _last_words(words, inside):
                yield inside, meaning
        elif words and _is_abbreviated(inside, words[-1]):
            yield words[-1], inside


def without_its_cue(inside: str) -> str:
    """What a bracket says: "gọi tắt là BHYT", "viết tắt: BHYT" → "BHYT"."""
    lower = inside.lower()
    for cue in sorted(tables.cues(Cue.GLOSS), key=len, reverse=True):
        if lower.startswith((f"{cue} ", f"{cue}:")):
            return inside[len(cue) :].lstrip(': “"').rstrip('”" ')
    return inside


def _is_abbreviated(inside: str, letters: str) -> bool:
    """ "ĐVƯT (đoàn viên ưu tú)": the bracket says in words what the letters before it do."""
    return _are_letters(letters) and _last_words(inside.split(), letters) == inside


def _are_letters(text: str) -> bool:
    return text.isalpha() and text.isupper() and SHORTEST <= len(text) <= LONGEST


def _last_words(words: list[str], letters: str) -> str:
    """The words at the end that begin with these letters; "" where they do not."""
    initials = without_marks(letters.lower())
    begin = len(words)
    for initial in reversed(initials):
        begin -= 1
        while (
            begin > 0 and words[begin] in JOINTS and not _begins(words[begin], initial)
        ):
            begin -= 1
        if begin < 0 or not _begins(words[begin], initial):
            return ""
    return " ".join(words[begin:])


def _named(row: WordRow, initials: str) -> Iterator[str]:
    """Each stretch of a row whose words begin with these letters, one word for each letter."""
    at = row.initials.find(initials)
    while at >= 0:
        words = row.words[at : at + len(initials)]
        if all(map(_is_a_word, words)):
            yield " ".join(words)
        at = row.initials.find(initials, at + 1)


def _begins(word: str, initial: str) -> bool:
    return without_marks(word[:1].lower()) == initial and _is_a_word(word)


def _is_a_word(word: str) -> bool:
    """Whether it is a Vietnamese word rather than another abbreviation."""
    return not word.isupper() and is_vietnamese(word.lower())
