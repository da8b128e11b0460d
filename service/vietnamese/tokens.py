"""The scanner: one pass from left to right cuts text into typed spans. Nothing is rewritten here.

How each kind of span is written stands in kinds.py.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from service.vietnamese.kinds import COMMON, KINDS, OF_DIGITS
from service.vietnamese.tables import (
    abbreviations,
    document_names,
    documents,
    foreign,
    roads,
)

_TITLE = re.compile(r"[A-Z][a-z]+[ ,]")  # what a capitalised word may begin: "Big Data"

_SPACES = "\u00a0\u202f\u2007\u3000"
_NOTHING = (
    "\u00ad\u200b\u200c\u200d\ufeff"  # soft hyphens, joiners, marks of byte order
)
_HYPHENS = "\u2011\u2010\u2212"
_STROKES = "\u2044\u2215\uff0f"
_DEGREES = "\u2070\u02da\u1d52"  # a raised nought, a ring, a raised o
_CYRILLIC = (
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0456"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425"
)
_LATIN = "aeopcxiABEKMHOPCTX"
LOOKALIKES = str.maketrans(
    dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_NOTHING, "")
    | dict.fromkeys(_HYPHENS, "-")
    | dict.fromkeys(_STROKES, "/")
    | dict.fromkeys(_DEGREES, "°")
    | dict(zip(_CYRILLIC, _LATIN, strict=True))
    # Icelandic and African letters; Greek ";"
    | {
        "ð": "đ",
        "Ð": "Đ",
        "Ɖ": "Đ",
        "\u037e": ";",
    }
)

_LOOKALIKE = re.compile(f"[{''.join(map(re.escape, map(chr, LOOKALIKES)))}]")

LONGEST_LINE = 10_000  # characters that the patterns see at once
LONGEST_RUN = 400  # characters without a space: nobody can say more in one breath
STOPS = (". ", "! ", "? ")

_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}(?=\S)")
_DASH_IN_A_NUMBER = re.compile(r"(?<=\d)[–—](?=\w)|(?<=[^\W\d_])[–—](?=\d)")


class Token(NamedTuple):
    """A typed span of the text; `parts` holds what the pattern named, for kinds that have parts."""

    kind: str
    start: int
    end: int
    text: str
    parts: Mapping[str, str]


NO_PARTS: Mapping[str, str] = MappingProxyType({})


def clean(text: str) -> str:
    """NFC, one kind of space and hyphen, Latin letters where Cyrillic ones look the same,
    no control characters.

    What nobody could say in one breath gets a space after `LONGEST_RUN` characters.
    """
    if _LOOKALIKE.search(text):
        text = text.translate(LOOKALIKES)
    text = unicodedata.normalize("NFC", text).replace("->", "→").replace("=>", "→")
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    if "–" in text or "—" in text:
        text = _DASH_IN_A_NUMBER.sub("-", text)
    text = " ".join(text.split())
    return _RUN.sub(r"\g<0> ", text) if len(text) > LONGEST_RUN else text


def lines_of(text: str) -> Iterator[str]:
    """Clean text in parts of at most `LONGEST_LINE` characters: no pattern ever sees more at once.

    A part ends at a stop where its second half has one, else at a space, else where it must.
    """
    start = 0
    while len(text) - start > LONGEST_LINE:
        limit = start + LONGEST_LINE
        stop = max(text.rfind(mark, start + LONGEST_LINE // 2, limit) for mark in STOPS)
        space = text.rfind(" ", start + 1, limit)
        end = stop + 1 if stop > 0 else space if space > 0 else limit
        yield text[start:end]
        start = end + text.startswith(" ", end)
    yield text[start:]


def scan(text: str) -> list[Token]:
    """Every character of clean text lies in exactly one token."""
    pattern, spans = _pattern()
    # Quicker than the constructor: a third of all time is spent here.
    new, no_parts = tuple.__new__, NO_PARTS
    tokens: list[Token] = []
    add = tokens.append
    start = 0
    for match in pattern.finditer(text):
        kind, names, has_gap = spans[match.lastindex or 0]
        end = match.end()
        if has_gap:
            gap = end - 1
            add(new(Token, (kind, start, gap, text[start:gap], no_parts)))
            add(new(Token, ("space", gap, end, " ", no_parts)))
        else:
            parts = {name: match[name] or "" for name in names} if names else no_parts
            add(new(Token, (kind, start, end, text[start:end], parts)))
        start = end
    return tokens


def _longest_first(forms: Sequence[str]) -> str:
    """Written forms as a pattern: those of one first letter side by side,
    so that a letter is looked at once.
    """
    ordered = sorted(forms, key=lambda form: (form[0], -len(form), form[-1].isalpha()))
    runs: dict[str, list[str]] = {}
    for (first, closed), run in groupby(
        ordered, key=lambda form: (form[0], form[-1].isalpha())
    ):
        tails = "|".join(
            re.escape(form[1:]).replace(r"\&", r"\ ?\&\ ?") for form in run
        )
        runs.setdefault(first, []).append(
            rf"(?:{tails})"
            + (r"(?!\w|&\w)" if closed else r"(?!\s?/\s?\.|(?<=\w\w\.)\d)")
        )
    return "|".join(
        f"{re.escape(first)}(?:{'|'.join(tails)})" for first, tails in runs.items()
    )


class Alternative(NamedTuple):
    """What the group that a match ends with tells of it."""

    kind: str
    names: Sequence[str] = ()  # of its parts
    has_gap: bool = False  # the space after it is matched with it


@cache
def _pattern() -> tuple[re.Pattern[str], dict[int, Alternative]]:
    """The alternatives joined.

    Lastindex tells which one matched, so each is closed by an empty group, or by its gap.
    """
    forms = _forms()
    alternatives: list[tuple[bool, str]] = []
    spans: dict[str, Alternative] = {}
    for n, (kind, pattern) in enumerate(KINDS):
        for place, written in forms.items():
            pattern = pattern.replace(place, written)
        marker, gap = f"k{n}", f"gap{n}"
        closed = f"(?P<{marker}>)" + (f"(?P<{gap}> )?" if n < COMMON else "")
        of_digits = n >= COMMON and kind in OF_DIGITS
        alternatives.append((of_digits, f"(?:{pattern}){closed}"))
        spans[marker] = Alternative(kind, re.findall(r"\(\?P<(\w+)>", pattern))
        spans[gap] = Alternative(kind, has_gap=True)
    joined = re.compile(_one_of(alternatives))
    groups = joined.groupindex.items()
    return joined, {index: spans[name] for name, index in groups if name in spans}


def _one_of(alternatives: Sequence[tuple[bool, str]]) -> str:
    """The alternatives in their order; those of digits are passed over where no digit stands."""
    runs: list[str] = []
    for of_digits, run in groupby(alternatives, key=itemgetter(0)):
        together = "|".join(written for _, written in run)
        runs.append(rf"(?=\d)(?:{together})" if of_digits else together)
    return "|".join(runs)


def _forms() -> dict[str, str]:
    """What the tables put into the patterns of kinds.py, by its place there."""
    # "Check-in" at the begin of a sentence
    begun = (form[0].upper() + form[1:] for form in foreign())
    composed = [
        form for form in {*abbreviations(), *foreign(), *begun} if not form.isalpha()
    ]
    # The first letter of a document's name may be a capital, so it is left out.
    named = (*(name[1:] for name in document_names()), *documents())
    return {
        "{abbreviations}": rf"(?<!\w)(?:{_longest_first(composed)})",
        "{titles}": "|".join(
            re.escape(form) for form in composed if _TITLE.match(form)
        ),
        "{roads}": "|".join(roads()),
        "{documents}": "|".join(rf"(?<={name} )|(?<={name} số )" for name in named),
    }
