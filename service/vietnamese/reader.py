"""The reading of a sentence: the dictionary first, then the marks of lists,
then each token by its kind.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from service.vietnamese import (
    addresses,
    dates,
    figures,
    lists,
    marks,
    pointed,
    references,
    shares,
    words,
)
from service.vietnamese.capitals import is_in_capitals, lowered
from service.vietnamese.context import Context, Said
from service.vietnamese.doubts import second_look
from service.vietnamese.glosses import repeated
from service.vietnamese.introduced import NOTHING, Introduced
from service.vietnamese.sentence import Change, Options
from service.vietnamese.tables import magnitudes
from service.vietnamese.tags import tag
from service.vietnamese.terms import Terms
from service.vietnamese.tokens import scan

NUMERALS = frozenset(("i", "vi", "xi"))  # syllables that may be numerals
PLAIN_MARKS = frozenset(",!?")
ENDS_A_WORD = " ,.;!?)”…"  # no slash, dash or figure, which may go on with a word
_MARKS_IN_A_ROW = re.compile(r"[,.!?]{2,}")
_MARK_BEFORE_A_WORD = re.compile(r"(?<=[,.!?])(?=\w)")


class Saying(NamedTuple):
    """Tokens `start` to `end` and what they are said as; `rule` "" when that is as written."""

    start: int
    end: int
    spoken: str
    rule: str = ""
    doubt: bool = False
    rivals: tuple[str, ...] = ()
    is_plain: bool = (
        False  # words and spaces as they stand: it may be cut between any two of them
    )


def _word(c: Context, i: int) -> Said:
    """A word, or the letters of a name that figures go on with."""
    following = c.beside(i, 1)
    if following and following.kind == "number" and (named := references.variety(c, i)):
        return named
    return words.word(c, i)


Verbaliser = Callable[[Context, int], Said]
VERBALISERS: dict[str, Verbaliser] = {
    "word": _word,
    "space": marks.space,
    "email": addresses.email,
    "url": addresses.url,
    "end": marks.end,
    "ellipsis": marks.ellipsis,
    "plate": references.plate,
    "code": references.code,
    "document": references.document,
    "serial": references.serial,
    "road": references.road,
    "coordinate": addresses.coordinate,
    "weekdays": dates.weekdays,
    "short_month": dates.short_month,
    "chainage": references.chainage,
    "date": dates.date,
    "iso_date": dates.iso_date,
    "month": dates.month_of_year,
    "time": dates.time,
    "minutes_and_seconds": dates.minutes_and_seconds,
    "days_and_nights": dates.days_and_nights,
    "quarter": dates.quarter,
    "floors_and_rooms": dates.floors_and_rooms,
    "phone": addresses.phone,
    "ratio": shares.ratio,
    "number": figures.number,
    "abbreviation": pointed.abbreviation,
    "initials": pointed.initials,
    "mark": marks.mark,
}


class Reader:
    """Reads one passage of clean text; a text in capitals is looked at in small letters."""

    def __init__(
        self,
        text: str,
        options: Options,
        terms: Terms,
        introduced: Introduced = NOTHING,
    ) -> None:
        self.text = text
        capitals = is_in_capitals(text)
        seen = lowered(text) if capitals else text
        self.tokens = scan(seen)
        self._context = Context(
            seen, self.tokens, options, capitals=capitals, introduced=introduced
        )
        self._terms = terms

    def sayings(self, start: int, end: int) -> list[Saying]:
        """What each token from `start` is said as, up to the first saying that reaches `end`.

        A saying that goes on past the end of its sentence takes what it says with it: nothing is
        said twice. Most tokens are spaces and Vietnamese words, said as they stand: nobody is asked
        about them, and those in a row are one saying.
        """
        text, tokens = self.text, self.tokens
        unasked = not self._terms
        sayings: list[Saying] = []
        plain_from = i = start
        while i < end:
            kind, begin, stop, written, _ = tokens[i]
            if kind == "word":
                plain = text[stop : stop + 1] in ENDS_A_WORD and _is_plain(written)
            elif written == ".":
                plain = text[stop : stop + 1] in " " and not text[begin - 1].isupper()
            else:
                plain = written in PLAIN_MARKS
            if kind == "space" or (plain and unasked):
                i += 1
                continue
            if plain_from < i:
                sayings.append(self.plain(plain_from, i))
            said = self._say(i, start)
            sayings.append(
                Saying(i, said.end, said.spoken, said.rule, said.doubt, said.rivals)
            )
            plain_from = i = said.end
        if plain_from < i:
            sayings.append(self.plain(plain_from, i))
        return sayings

    def plain(self, start: int, end: int) -> Saying:
        """Tokens that are said as they stand."""
        seen = self._context.text[self.tokens[start].start : self.tokens[end - 1].end]
        return Saying(start, end, seen, is_plain=True)

    def put_together(self, sayings: Sequence[Saying]) -> tuple[str, tuple[Change, ...]]:
        """The spoken form of some sayings in a row, and what was changed.

        Places count from where they begin.
        """
        spoken: list[str] = []
        changes: list[Change] = []
        tokens = self.tokens
        origin = tokens[sayings[0].start].start if sayings else 0
        for saying in sayings:
            if not saying.rule:
                spoken.append(saying.spoken)
                continue
            spoken.append(f" {saying.spoken} ")
            start, stop = tokens[saying.start].start, tokens[saying.end - 1].end
            changes.append(
                Change(
                    start - origin,
                    stop - origin,
                    self.text[start:stop],
                    saying.spoken.strip(" ,"),
                    saying.rule,
                    saying.doubt,
                    saying.rivals,
                )
            )
        return _tidy("".join(spoken)), tuple(changes)

    def _say(self, i: int, first: int) -> Said:
        """What token `i` (and perhaps some after it) is said as,
        in the sentence that begins at token `first`.
        """
        if self._terms and (said := self._term(i)):
            return said
        if i == 0 and (said := tag(self._context)):
            return said
        if i == first and (said := lists.marker(self._context, i)):
            return said
        token = self.tokens[i]
        if token.text == "(" and (said := repeated(self._context, i)):
            return said
        return second_look(self._context, i, VERBALISERS[token.kind](self._context, i))

    def _term(self, i: int) -> Said | None:
        start = self.tokens[i].start
        term = self._terms.at(self.text, start)
        return (
            Said(term.spoken, self._context.at(start + len(term.written), i), "term")
            if term
            else None
        )


@lru_cache(maxsize=20_000)
def _is_plain(written: str) -> bool:
    """Whether a word is said as it stands wherever its end touches nothing.

    A unit may follow a magnitude, and some syllables are numerals or letters of a list.
    """
    asked = len(written) == 1 or written in magnitudes() or written in NUMERALS
    return not asked and words.stands_as_written(written)


def _tidy(spoken: str) -> str:
    """One space between words, marks after words, never two marks in a row.

    "" when there is no word.
    """
    spoken = " ".join(spoken.split())
    for mark in ",.!?":
        spoken = spoken.replace(f" {mark}", mark)
    spoken = _MARKS_IN_A_ROW.sub(lambda marks: max(marks[0], key=",.!?".index), spoken)
    spoken = _MARK_BEFORE_A_WORD.sub(" ", spoken)
    return spoken.lstrip(",.!? ").removesuffix(",").strip()
