"""The tag of a paper or a station before a report: "(TTXVN) - Sáng nay", "GD&TĐ - Ngày 5/3".

It is not read.
"""

import re

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.tables.cue import Cue

# (Dân trí) – Sáng nay …; what stands in the bracket begins with a capital and has no figure.
_IN_BRACKETS = re.compile(r"[(\[]([^\W\d_][^()\[\]\d]{1,30})[)\]]\s?[-–—:]\s?(?=\w)")
# (CAO) Theo dự báo …: letters alone in a bracket before a sentence abbreviate nothing.
_LETTERS_IN_BRACKETS = re.compile(r"[(\[][A-ZĐ]{2,6}[)\]]\s(?=[^\W\d_])")
# TTXVN - Sáng nay …
_BARE = re.compile(
    r"([^\W\d_](?:[^\W\d_]|&){1,8})(?: Online)?\s?[-–—]\s?(\w{1,12})(?!\w)"
)


def tag(c: Context) -> Said | None:
    """The tag that a passage begins with, said as nothing; None where it begins with its report."""
    if c.capitals:
        return None
    bracketed = _IN_BRACKETS.match(c.text)
    if bracketed and bracketed[1][0].isupper():
        return Said("", c.at(bracketed.end(), 0), "tag")
    letters = _LETTERS_IN_BRACKETS.match(c.text)
    if letters and c.text[letters.end()].isupper():
        return Said("", c.at(letters.end(), 0), "tag")
    bare = _BARE.match(c.text)
    if bare is None or not bare[1].isupper() or not bare[2].istitle():
        return None
    # Before "Sáng nay" even BTV is who wrote it, and no office.
    if bare[1] in tables.papers() or bare[2].lower() in tables.cues(Cue.LEDE):
        return Said("", c.at(bare.start(2), 0), "tag")
    return None
