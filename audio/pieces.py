"""A sentence in pieces that an engine takes: at a clause if there is one, else between words, never within one."""

import re

_CLAUSE = re.compile(r"[,;:.!?…](?= )")


def pieces(text: str, longest: int) -> list[str]:
    """Pieces of at most `longest` characters; joined by spaces they are the text. A longer word is cut as it must."""
    found: list[str] = []
    text = " ".join(text.split())
    while len(text) > longest:
        head = text[: longest + 1]
        clause = max((match.end() for match in _CLAUSE.finditer(head)), default=0)
        cut = clause if clause > longest // 3 else head.rfind(" ")
        cut = cut if cut > 0 else longest
        found.append(text[:cut].strip())
        text = text[cut:].strip()
    if text:
        found.append(text)
    return found
