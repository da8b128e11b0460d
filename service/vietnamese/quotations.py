"""Quotations: an announcer takes a breath before what somebody said, and after it."""

import re

from service.vietnamese.context import Context, Said
from service.vietnamese.rules import Rule
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue

CLOSING = {"“": "”", "«": "»", '"': '"'}
OPENING = {"”": "“", "»": "«", '"': '"'}
LONGEST = 600  # characters
FEWEST = 14  # spaces in a quotation that no word announces; a shorter one is a name or a slogan
FEWEST_SAID = 4  # ... and in one that a word announces
_LAST_WORDS = re.compile(r"(?:([^\W\d_]+) )?([^\W\d_]+|:)\s?$")


def begins(c: Context, i: int) -> Said | None:
    """A breath before "bà con hãy giữ gìn vệ sinh", where somebody says so; else None."""
    token = c.tokens[i]
    if token.text == '"' and _is_open(c, i):
        return None
    end = c.text.find(CLOSING[token.text], token.end, token.end + LONGEST)
    return (
        Said(",", i + 1) if end >= 0 and _is_speech(c.text, token.start, end) else None
    )


def ends(c: Context, i: int) -> Said | None:
    """A breath after what somebody said; else None."""
    token = c.tokens[i]
    if token.text == '"' and not _is_open(c, i):
        return None
    earliest = max(0, token.start - LONGEST)
    begin = c.text.rfind(OPENING[token.text], earliest, token.start)
    return (
        Said(",", i + 1)
        if begin >= 0 and _is_speech(c.text, begin, token.start)
        else None
    )


def _is_open(c: Context, i: int) -> bool:
    """Whether a straight quote at token `i` closes one that was opened before."""
    start = c.tokens[i].start
    return c.text.count('"', max(0, start - LONGEST), start) % 2 == 1


def _is_speech(text: str, begin: int, end: int) -> bool:
    """What is long, or stands after a colon or after a word for saying, is speech.

    The rest is a name.
    """
    spaces = text.count(" ", begin, end)
    if spaces >= FEWEST or spaces < FEWEST_SAID:
        return spaces >= FEWEST
    last = _LAST_WORDS.search(text, max(0, begin - 24), begin)
    if last is None:
        return False
    before, word = (last[1] or "").lower(), last[2].lower()
    return word == ":" or not cues(Cue.SPEAKS).isdisjoint((word, f"{before} {word}"))


BEGINS = Rule(
    "begins a quotation",
    begins,
    "Ông nói “bà con hãy giữ vệ sinh” rồi về",
    "Ông nói, bà con hãy giữ vệ sinh, rồi về",
)
ENDS = Rule(
    "ends a quotation",
    ends,
    'Ông dặn: "bà con hãy giữ vệ sinh" rồi về',
    "Ông dặn, bà con hãy giữ vệ sinh, rồi về",
)
