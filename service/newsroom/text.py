"""Names for addresses and text for search: both without diacritics."""

import re
import unicodedata


def fold(text: str) -> str:
    """Lower case without diacritics, one space between words: "Bản tin  Xã" → "ban tin xa"."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", bare))


def slugify(text: str, longest: int = 60) -> str:
    """An ASCII name for an address, cut at a word: "Xã Suối Lành" → "xa-suoi-lanh"; "" when nothing is left."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    slug = "-".join(words)
    if len(slug) <= longest:
        return slug
    return slug[: longest + 1].rpartition("-")[0] or slug[:longest]
