"""The scanner: one pass from left to right cuts text into typed spans. Nothing is rewritten here.

Quantifiers are bounded or possessive, so that the time is linear in the length of any text.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from service.vietnamese.tables import abbreviations, document_names, documents, foreign, roads

LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơưạ-ỹ"
CODE_PART = r"[A-ZĐƯ]{2,15}[a-z]?[A-ZĐƯ]{0,3}\d{0,2}"
FIGURE = r"\d{1,3}(?:,\d{3})++\.\d{1,2}(?![\d.,])|\d{1,3}(?:\.\d{3})++(?!\d)(?:,\d++)?|(?!11\d,11\d,11\d)\d{1,3}(?:,\d{3}){2,}+(?!\d)|\d{1,3}(?:\ \d{3})++(?![\d])|(?<!\d,)(?!(?:19|20)\d\d,(?:19|20)\d\d(?!\d)|11[1-5],11[1-5](?!\d)|(?<=\d-)\d{1,2},\d{1,2}-\d)\d++,\d++(?!,\d)|\d++(?:\.\d++){0,9}+"
KINDS = (
    ("word", rf"(?!km\s\d)[{LOWER}]++(?=[ ,])"),  # most of any text: nothing else can begin like this
    ("word", rf"(?!Km\s|{{titles}})[^\W\d_a-z][{LOWER}]++(?=[ ,])"),  # names, the begin of a sentence
    ("space", r"\s++"),
    ("mark", r"[^\w\s.…+(*]"),  # nothing else can begin like this either
    ("email", r"(?<![\w.])\w[\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    ("url", r"(?:https?://|www\.)[^\s,;<>“”\"]{1,200}(?:\w|(?<!\.)/)|(?<![\w.])[A-Za-z0-9-]{2,63}(?:\.[a-z0-9-]{2,63}){0,4}\.(?:vn|com|org|net|(?:me|ly|io|app|info|page|gle)(?=/))(?:/(?:[\w./-]{0,200}(?:\w|(?<!\.)/))?)?(?!\w)"),
    ("end", r"\.\s?/\s?\.(?!\w)"),
    ("ellipsis", r"…[.…]*+|\.{2,}+"),
    ("plate", r"(?<!\w)[A-Z]{2}(?:[- ]\d{5}(?:-?TS)?|-\d{2}-\d{2})(?![\w-]|\.\d)|(?<!\w)\d{2}-?[a-zđ]\d?[-.]\d{3}\.\d{2}(?!\d)|(?<!\w)\d{2}-?[A-ZĐ]\d?[- ](?:\d{3}\.?[xX]{2}|[xX]{3}\.?\d{2})(?!\w)|(?<!\w)\d{2}-[A-ZĐ]\d \d{4}(?![\d.])|(?<!\w)\d{2}-?[A-ZĐ]{1,2}\d?(?:[- ]\d{3}\.?\d{2}|\.\d{3}\.\d{2}|\s-\s\d{3}\.\d{2}|-\d{4})(?!\d)"),
    ("code", rf"(?<![\w/])(?P<code_no>\d{{1,5}}[a-z]?)(?:\s?/\s?(?P<code_year>(?:19|20)\d\d))?(?:[-–/]|\s?/\s?(?=[A-ZĐ]\w{{1,3}}\s?[-–/.])|\ -\ (?=[A-ZĐ][A-ZĐa-z]{{1,2}}/[A-ZĐ]))(?P<code_body>{CODE_PART}(?:(?:[-–/&]|\.(?=UBND|HĐND)|(?<=QĐ|KH|BC|TB|CV|HD|NQ)\ -\ (?=UBND|HĐND)){CODE_PART}){{0,5}}+)(?!\w)"),
    ("document", r"(?=\d{1,4}\s?/\s?(?:19|20)\d\d(?![\w/-]))(?:{documents})(?P<doc_no>\d{1,4})\s?/\s?(?P<doc_year>\d{4})"),
    ("serial", r"(?<![\w.])\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}(?:-\d{2,8}){1,3}+(?!\w)|(?<!\w)[A-ZĐ]{1,4}\d{1,4}(?:[.-]\d{2,8}){2,5}+(?!\w)"),
    ("road", r"(?<!\w)(?P<road>{roads})[. ]{0,2}(?P<road_no>\d{1,3})(?P<road_letter>[A-Z])?(?!\w|[.,]\d)"),
    ("chainage", r"(?<!\w)(?:K[Mm]|km)\s?(?P<km>\d{1,4})(?:\s?\+\s?(?P<metres>\d{1,3})(?:\s?m(?!\w))?|[.,](?P<tenths>\d)(?!\d))?(?!\d)"),
    ("coordinate", r"(?<!\d)(?P<deg>\d{1,3})\s?[°ºo]\s?(?P<min>\d{1,2}(?:[.,]\d{1,4})?)\s?['’′](?:\s?(?P<arc>\d{1,2}(?:[.,]\d{1,4})?)\s?(?:[\"”″]|''))?(?:\s?(?P<side>[NSEWBĐT])(?!\w))?"),
    ("weekdays", r"(?<!\w)T[2-7]\s?[-–]\s?(?:T?[2-7]|CN)(?![\w/])|(?<!\w)T[2-7](?=\s?(?:,|và)\s?(?:T[2-7]|CN)(?!\w))|(?:(?<=nghỉ )|(?<=[Ss]áng )|(?<=[Cc]hiều )|(?<=[Tt]ối )|(?<=[Nn]gày ))T[2-7](?![\w/])|(?<!\w)T[2-7](?=\s?:\s?\d)|(?<!\w)(?:T[2-7]|CN)(?=,?\s\(?\d{1,2}[/.-]\d{1,2}(?!\d))|(?:(?<=hứ [2-7] [-–] )|(?<=hứ [2-7][-–]))CN(?!\w)"),
    ("short_month", r"(?<!\w)T(?P<tm>1[0-2]|0?[1-9])\s?/\s?(?P<ty>(?:19|20)\d\d)(?!\d)"),
    ("date", r"(?<![\d/])(?<!\d\.)(?P<d>\d{1,2})(?:\s?/\s?|(?P<datesep>\.|\s?-\s?))(?P<m>\d{1,2})(?(datesep)(?P=datesep)|\s?/\s?)(?P<y>\d{4})(?![\d])"),
    ("iso_date", r"(?<![\w/.,-])(?P<iy>(?:19|20)\d\d)-(?P<im>0\d|1[0-2])-(?P<id>[0-3]\d)(?![\w/-])"),
    ("month", r"(?<![\d/])(?<!\d\.)(?P<mm>0?[1-9]|1[0-2])(?:\s?[/-]\s?|\.)(?P<my>(?:19|20)\d\d)(?![\d/]|[.,]\d)"),
    ("time", r"(?<![\d/])(?<!\d\.)(?P<h>[01]?\d|2[0-4])(?:\.(?P<mi3>[0-5]\d)\s?h|\s?[hgH](?!\s\d\d?\s?(?:/|[.-]\d))\s?(?P<mi>[0-5]\d)(?:['’′p]\s?(?P<sec2>[0-5]\d)(?:[\"”″s]|'')|'|’|ph(?!\w)|p(?!\w))?|:(?P<mi2>[0-5]\d)(?::(?P<sec>[0-5]\d))?|\s?h|g(?:(?=\s?[-–]\s?\d\d?[hg])|(?<=lúc \dg)|(?<=lúc \d\dg)|(?=\s(?:ngày|sáng|trưa|chiều|tối|đêm|cùng|hôm|hằng|hàng|mỗi|thứ)(?!\w))))(?:(?!\w)|(?<=\d)(?=(?:sáng|trưa|chiều|tối|đêm|ngày)(?!\w)))"),
    ("minutes_and_seconds", r"(?<![\d.,])(?P<dm>\d{1,3})\s?['’′]\s?(?P<ds>[0-5]?\d)(?:[\"”″]|'')|(?<![\d.,])(?P<ss>\d{1,2})[\"”″](?P<hs>\d{2})(?!\w)"),
    ("days_and_nights", r"(?<!\w)(?P<days>\d{1,2})N(?P<nights>\d{1,2})Đ(?!\w)"),
    ("quarter", r"(?<!\w)Q(?:[.]|[.]?\s)?(?:(?P<quarter>III|II|IV|I)|(?P<qn>[1-4]))\s?[/.-]\s?(?P<qy>20\d\d)(?![\d/]|[.,]\d)"),
    ("floors_and_rooms", r"(?<!\w)(?P<floors>\d{1,2})T[- ]?(?P<rooms>\d{1,2})P(?!\w)"),
    ("phone", r"\*\d{2,4}(?:\*\d{1,10}){0,3}#"),
    ("phone", r"(?<![\w.,])(?=0[\d .-]{0,12}(?:[xX]{2}|\*{2}))0[\dxX*]{1,6}(?:[ .-]?[\dxX*]{2,4}){0,3}(?!\w)"),
    ("phone", r"(?<![\w.,])(?:\(0\d{2,4}\)(?:[ .-]?\d){6,8}(?!\d)|\(\+84\)(?:[ .-]?\d){9,10}(?!\d)|\(84-\d{1,3}\)(?:[ .-]?\d){7,8}(?!\d)|(?=(?:\+84|0)(?:(?:\ -\ |[ .-])?\d){8,10}(?!\d))(?:\+84|0)(?:(?:\ -\ |[ .-])?\d)++|1[89]00(?:[ .]?\d){4,6}(?!\d))"),
    ("ratio", rf"(?:(?<![\d/])|(?<=h/))(?P<over>{FIGURE})\s?/\s?(?P<under>{FIGURE})(?![\d/])"),
    ("number", FIGURE),
    ("initials", r"(?<![\w.])[A-ZĐ]\.(?:[A-ZĐ]\.){1,4}(?!\w)|(?<![\w.&])[A-ZĐ](?:\.[A-ZĐ]){1,4}(?![\w&]|\.\w)"),
    ("abbreviation", "{abbreviations}"),
    ("word", r"(?<=\d)[cdkm]?m(?=x\d)"),  # 20mx40m
    ("word", r"[^\W\d_]++(?:&[^\W\d_]++)*+"),
    ("mark", r"[^\w\s]|_|\d|\w"),
)  # fmt: skip

_TITLE = re.compile(r"[A-Z][a-z]+[ ,]")  # what a capitalised word may begin: "Big Data"

LOOKALIKES = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u3000": " ", "\u00ad": "", "\u200b": "", "\u200c": "",
        "\u200d": "", "\ufeff": "", "\u2070": "°", "\u02da": "°", "\u1d52": "°", "\u2011": "-", "\u2010": "-", "\u2212": "-", "\u2044": "/", "\u2215": "/", "\uff0f": "/", "ð": "đ", "Ð": "Đ", "Ɖ": "Đ",
        "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0445": "x", "\u0456": "i",
        "\u0410": "A", "\u0412": "B", "\u0415": "E", "\u041a": "K", "\u041c": "M", "\u041d": "H", "\u041e": "O",
        "\u0420": "P", "\u0421": "C", "\u0422": "T", "\u0425": "X", "\u037e": ";",
    }
)  # fmt: skip

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
    """NFC, one kind of space and hyphen, Latin letters where Cyrillic ones look the same, no control characters.

    What nobody could say in one breath gets a space after `LONGEST_RUN` characters.
    """
    text = (
        unicodedata.normalize("NFC", text.translate(LOOKALIKES))
        .replace("->", "→")
        .replace("=>", "→")
    )
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    if "–" in text or "—" in text:
        text = _DASH_IN_A_NUMBER.sub("-", text)
    return _RUN.sub(r"\g<0> ", " ".join(text.split()))


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
    pattern, kinds, parts_of = _pattern()
    tokens: list[Token] = []
    start = 0
    for match in pattern.finditer(text):
        group = match.lastgroup or ""
        end = match.end()
        names = parts_of[group]
        parts = {name: match[name] or "" for name in names} if names else NO_PARTS
        tokens.append(Token(kinds[group], start, end, text[start:end], parts))
        start = end
    return tokens


def _longest_first(forms: Sequence[str]) -> str:
    """Written forms as a pattern: those of one first letter side by side, so that a letter is looked at once."""
    ordered = sorted(forms, key=lambda form: (form[0], -len(form), form[-1].isalpha()))
    runs: dict[str, list[str]] = {}
    for (first, closed), run in groupby(ordered, key=lambda form: (form[0], form[-1].isalpha())):
        tails = "|".join(re.escape(form[1:]).replace(r"\&", r"\ ?\&\ ?") for form in run)
        runs.setdefault(first, []).append(
            rf"(?:{tails})" + (r"(?!\w|&\w)" if closed else r"(?!\s?/\s?\.)")
        )
    return "|".join(f"{re.escape(first)}(?:{'|'.join(tails)})" for first, tails in runs.items())


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str], dict[str, Sequence[str]]]:
    """The alternatives joined; lastgroup tells which one matched, so each is closed by a marker group."""
    begins = (
        form[0].upper() + form[1:] for form in foreign()
    )  # "Check-in" at the begin of a sentence
    composed = [form for form in {*abbreviations(), *foreign(), *begins} if not form.isalpha()]
    tables = {
        "{abbreviations}": rf"(?<!\w)(?:{_longest_first(composed)})",
        "{titles}": "|".join(re.escape(form) for form in composed if _TITLE.match(form)),
        "{roads}": "|".join(roads()),
        # the first letter may be a capital
        "{documents}": "|".join(
            rf"(?<={name} )|(?<={name} số )"
            for name in (*(name[1:] for name in document_names()), *documents())
        ),
    }
    alternatives: list[str] = []
    kinds: dict[str, str] = {}
    parts_of: dict[str, Sequence[str]] = {}
    for n, (kind, pattern) in enumerate(KINDS):
        for place, forms in tables.items():
            pattern = pattern.replace(place, forms)
        marker = f"k{n}"
        alternatives.append(f"(?:{pattern})(?P<{marker}>)")
        kinds[marker] = kind
        parts_of[marker] = re.findall(r"\(\?P<(\w+)>", pattern)
    return re.compile("|".join(alternatives)), kinds, parts_of
