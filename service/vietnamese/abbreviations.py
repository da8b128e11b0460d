"""What abbreviations stand for: by their row, by the words around them, by their halves."""

import re

from service.vietnamese import tables
from service.vietnamese.context import Context, words
from service.vietnamese.tables import Abbreviation

_SUM = re.compile(r"\s?(?:nghìn|ngàn|triệu|tỷ|tỉ|tr|đồng|đ)(?!\w)")
JOINTS = frozenset("-–,&/")
LONGEST_COMPOSED = 12  # letters
LONGEST_HALF = 2  # letters of a half that may mean anything
ONCE = words("ban hội sở số đất")


def stands_for(c: Context, i: int, text: str) -> str:
    """What an abbreviation stands for here, or "" when it is none."""
    reading = reading_of(c, i, text)
    return reading.spoken if reading else ""


def reading_of(c: Context, i: int, text: str) -> Abbreviation | None:
    """The row whose words are here, else the one that needs none."""
    return next((reading for reading in tables.abbreviations().get(text, ()) if _fits(c, i, reading)), None)


def composed(c: Context, i: int, text: str) -> str:
    """What an abbreviation that no row has stands for when its halves are known: BTCTU, GCNĐKKD, QLNNVN; else "".

    The first must be one that names begin with (trung tâm, ban, cán bộ …), else letters would be taken for words;
    a last one of two letters may mean anything and must be one that names end with (tỉnh ủy, cơ sở …).
    """
    first, last = tables.first_halves(), tables.last_halves()
    tail = text[-LONGEST_HALF:]
    if tail in last and len(text) > 2 * LONGEST_HALF and (known := stands_for(c, i, text[:-LONGEST_HALF])):
        return f"{known} {last[tail]}"
    for cut in range(len(text) - 2, 1, -1) if len(text) <= LONGEST_COMPOSED else ():
        head, tail = text[:cut], text[cut:]
        if head in first and (len(tail) > LONGEST_HALF or tail in last):
            said = last.get(tail) or stands_for(c, i, tail) or composed(c, i, tail)
            if said:
                return f"{first[head]} {said}"
    return ""


def not_twice(c: Context, i: int, spoken: str) -> str:
    """ "Ban BCĐ" and "Tiêu chuẩn TCVN": what the text has just said is not said again."""
    said = spoken.split()
    before = f" {c.before(i, len(said) - 1)}" if len(said) > 1 else ""
    for count in range(len(said) - 1, 0, -1):
        if before.endswith(f" {' '.join(said[:count])}") and (count > 1 or said[0] in ONCE):
            return " ".join(said[count:])
    return spoken


def _fits(c: Context, i: int, reading: Abbreviation) -> bool:
    """Whether an abbreviation has this reading here: by words next to it or near it, or by what it is joined to."""
    if (reading.after or reading.near) and not _follows(c, i, reading):
        return False
    if not reading.before:
        return True
    following = c.neighbour(i, 1)
    if following and following.kind == "number" and "<sum> " in reading.before and _SUM.match(c.text, following.end):
        return True
    if following and (
        f"<{following.kind}> " in reading.before or ("<name> " in reading.before and following.text.istitle())
    ):
        return True
    return f"{c.after(i, 3).removeprefix('. ')} ".startswith(reading.before)  # "VP.HĐND"


def _follows(c: Context, i: int, reading: Abbreviation) -> bool:
    """Whether one of the words that a row needs stands before token `i`, near it, or joins it to others."""
    if f" {c.before(i, 3)} ".endswith(reading.after) or (reading.joined and _is_joined(c, i)):
        return True
    previous = c.neighbour(i, -1)
    if previous and f" <{previous.kind}> " in reading.after:
        return True
    around = c.near(i) if reading.near else ""
    return any(word in around for word in reading.near)


def _is_joined(c: Context, i: int) -> bool:
    """Whether an abbreviation is a part of a larger one: KT-HT&ĐT, VH,KH&TT."""
    if "&" in c.tokens[i].text:
        return True
    for step in (-1, 1):
        apart = c.neighbour(i, step)
        if apart and apart.text == "&":
            return True
        mark, other = c.beside(i, step), c.beside(i + step, step)
        if mark and other and mark.text in JOINTS and other.kind in ("word", "abbreviation") and other.text.isupper():
            return True
    return False
