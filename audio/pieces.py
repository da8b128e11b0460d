"""A sentence in pieces that an engine takes: at a clause if there is one,
else between words, never within one.
"""

import re

_CLAUSE = re.compile(r"[,;:.!?…](?= )")


def pieces(text: str, longest: int) -> list[str]:
    """Pieces of at most `longest` characters; joined by spaces they are the text.

    A word that is longer is cut as it must.
    """
    cut_off: list[str] = []
    rest = " ".join(text.split())
    while len(rest) > longest:
        cut = _cut_in(rest, longest)
        cut_off.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*cut_off, rest] if rest else cut_off


def _cut_in(text: str, longest: int) -> int:
    """Where to cut: after a clause, unless it is very short, else between words."""
    head = text[: longest + 1]
    clause = max((match.end() for match in _CLAUSE.finditer(head)), default=0)
    if clause > longest // 3:
        return clause
    between_words = head.rfind(" ")
    return between_words if between_words > 0 else longest
