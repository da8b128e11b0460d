"""Letters as they should be: composed, visible, and without what HTML wraps them in."""

import html
import re
import unicodedata

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
REFERENCE = re.compile(r"&(?:[A-Za-z]{2,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
LINE_END = re.compile(r"\r\n|[\r\n\u2028\u2029\v\f\x85]")
POWERS = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")


def tidy(text: str) -> str:
    """NFC, single spaces, nothing invisible."""
    text = unicodedata.normalize("NFC", text.translate(INVISIBLE))
    return " ".join(
        "".join(char if char.isprintable() else " " for char in text).split()
    )


def unescape(text: str) -> str:
    """Character references of HTML ("&nbsp;", "&#x1EA1;") become the characters, once.

    A bare "&" and a name that is no reference stay as they are.
    """
    return REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)


def lines_of(text: str) -> list[str]:
    """The lines of a text, as any system ends them."""
    return LINE_END.split(text)


def power(text: str) -> str | None:
    """The figures of a <sup> as a power: "3" → "³"; None where it is none."""
    text = text.strip()
    known = bool(text) and all(ord(char) in POWERS for char in text)
    return text.translate(POWERS) if known else None
