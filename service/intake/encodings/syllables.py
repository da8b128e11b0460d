"""Whether letters look like Vietnamese: only to tell one encoding from another."""

import re
import unicodedata

BETWEEN = re.compile(r"[\s\d.,;:!?()\"“”‘’'…/<>=&%+*\[\]_–—-]+")
ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
RHYME = "(?:[aeiouy]{1,3})(?:ch|nh|ng|[cmnpt])?"
SYLLABLE = re.compile(f"{ONSET}{RHYME}")
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
SHAPES = frozenset("\u0302\u0306\u031b")
LOOKED_AT_CHARS = 20_000


def share_of_vietnamese(text: str) -> float:
    """How many of the words with a letter outside ASCII are Vietnamese syllables: 0 to 1.

    1 when there are none.
    """
    words = [word for word in BETWEEN.split(text[:LOOKED_AT_CHARS]) if word]
    odd = [word for word in words if not word.isascii()]
    return sum(map(is_syllable, odd)) / len(odd) if odd else 1.0


def is_syllable(word: str) -> bool:
    """Whether a word could be one written syllable: an onset, a rhyme, and at most one tone."""
    marks = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    tones = sum(char in TONES for char in marks)
    shapes = sum(char in SHAPES for char in marks)
    plain = "".join(char for char in marks if char not in TONES and char not in SHAPES)
    return tones <= 1 and shapes <= 2 and SYLLABLE.fullmatch(plain) is not None
