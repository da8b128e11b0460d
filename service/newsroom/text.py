"""Names for addresses and text for search, both without diacritics.

And which name comes before which.
"""

import re
import unicodedata

ALPHABET = (
    "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"  # TCVN 6909: these are letters, not accents
)
LONGEST_SEARCH = 1_000  # characters that are looked at
MOST_WORDS = 20
LONGEST_WORD = 50
# From a path's first slash to its last: not within a word ("km/h", "https://…").
FOLDERS = re.compile(
    r"""(?<![^\s'"(\[=])(?:[A-Za-z]:(?=\\))?[/\\](?:[^\s'"/\\]+[/\\])+"""
)
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng, as dictionaries order them


def fold(text: str) -> str:
    """Lower case without diacritics, one space between words: "Bản tin  Xã" → "ban tin xa"."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", bare))


def search_words(text: str) -> list[str]:
    """The words to search for, folded; those beyond what anybody types are not asked for.

    Each is a condition of the query: databases refuse a thousand of them, and patterns of 50,000
    characters.
    """
    return [
        word[:LONGEST_WORD] for word in fold(text[:LONGEST_SEARCH]).split()[:MOST_WORDS]
    ]


def without_folders(text: str) -> str:
    """A fault's words with files by their names alone: "/tmp/loa-x1/recording:
    no sound" → "recording: no sound".

    People outside read them, and folders are the machine's own affair. Addresses (https://…) stay.
    """
    return FOLDERS.sub("", text)


def slugify(text: str, longest: int = 60) -> str:
    """An ASCII name for an address, cut at a word: "Xã Suối Lành" → "xa-suoi-lanh".

    "" when nothing is left.
    """
    words = re.findall(r"[a-z0-9]+", fold(text))
    slug = "-".join(words)
    if len(slug) <= longest:
        return slug
    return slug[: longest + 1].rpartition("-")[0] or slug[:longest]


def alphabetical(name: str) -> tuple[list[tuple[int, int]], list[int]]:
    """By what names are sorted: letters first, tones where letters are alike,
    figures by their value.
    """
    marked = unicodedata.normalize("NFD", name.lower())
    bare = unicodedata.normalize(
        "NFC", "".join(char for char in marked if char not in TONES)
    )
    parts = re.findall(r"[0-9]+|.", bare)
    return [_place(part) for part in parts], [TONES.find(char) for char in marked]


def _place(part: str) -> tuple[int, int]:
    """Where a figure or a character stands: signs, figures, letters."""
    if part[0] in "0123456789":
        return 1, int(part)
    return (2, ALPHABET.index(part)) if part in ALPHABET else (0, ord(part))
