"""What abbreviations stand for: by their row, by the words around them, by their halves."""

import re
from collections.abc import Sequence

from service.vietnamese import tables
from service.vietnamese.context import Context, modern, words
from service.vietnamese.tables import Abbreviation
from service.vietnamese.tokens import Token

_SUM = re.compile(r"\s?(?:nghìn|ngàn|triệu|tỷ|tỉ|tr|đồng|đ)(?!\w)")
JOINTS = frozenset("-–,&/")
LONGEST_COMPOSED = 12  # letters
LONGEST_HALF = 2  # letters of a half that may mean anything
JOINING = words("và của các cho")  # these make no term
ONCE = words("ban hội sở số đất")


def stands_for(c: Context, i: int, text: str) -> str:
    """What an abbreviation stands for here, or "" when it is none."""
    reading = reading_of(c, i, text)
    return reading.spoken if reading else ""


def reading_of(c: Context, i: int, text: str) -> Abbreviation | None:
    """The row whose words stand beside it, else what goes with its neighbours, else by words near, else any."""
    readings = tables.abbreviations().get(text, ())
    if len(readings) < 2:
        return next((reading for reading in readings if fits(c, i, reading)), None)
    fitting = [reading for reading in readings if fits(c, i, reading)]
    beside = next(
        (reading for reading in fitting if reading.needs and fits(c, i, reading, far=False)), None
    )
    return beside or _in_company(c, i, readings) or next(iter(fitting), None)


def _in_company(c: Context, i: int, readings: Sequence[Abbreviation]) -> Abbreviation | None:
    """The reading that makes a term of the tables with the word beside it: "HĐ lao động", "TN bình quân"; else None."""
    before, after = (_said_first(c.neighbour(i, step)) for step in (-1, 1))
    known = tables.phrases()
    for reading in readings:
        said = reading.spoken.lower()
        if f"{said} {after}" in known or f"{before} {said}" in known:
            return reading
    return None


def _said_first(token: Token | None) -> str:
    """The first word of what a token says, when that is plain."""
    if token is None or token.text in JOINING:
        return ""
    readings = tables.abbreviations().get(token.text, ())
    return (
        readings[0].spoken.lower().split()[0] if len(readings) == 1 else modern(token.text.lower())
    )


def composed(c: Context, i: int, text: str) -> str:
    """What an abbreviation that no row has stands for when its halves are known: BTCTU, GCNĐKKD, QLNNVN; else "".

    The first must be one that names begin with (trung tâm, ban, cán bộ …), else letters would be taken for words;
    a last one of two letters may mean anything and must be one that names end with (tỉnh ủy, cơ sở …).
    """
    first, last = tables.first_halves(), tables.last_halves()
    tail = text[-LONGEST_HALF:]
    if (
        tail in last
        and len(text) > 2 * LONGEST_HALF
        and (known := stands_for(c, i, text[:-LONGEST_HALF]))
    ):
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


def fits(c: Context, i: int, reading: Abbreviation, *, far: bool = True) -> bool:
    """Whether an abbreviation has this reading here: by what is next to it or joined, and (`far`) by words near."""
    led = reading.after or reading.near or reading.after_kinds or reading.joined
    if led and not _follows(c, i, reading, far=far):
        return False
    if not (reading.before or reading.before_kinds):
        return True
    return (bool(reading.before) and c.three_after(i).startswith(reading.before)) or (
        bool(reading.before_kinds) and _precedes(c, i, reading.before_kinds)
    )


def _precedes(c: Context, i: int, kinds: Sequence[str]) -> bool:
    """Whether a token of one of these kinds stands after token `i`."""
    following = c.neighbour(i, 1)
    if following is None:
        return False
    if following.kind == "number" and "sum" in kinds and _SUM.match(c.text, following.end):
        return True
    return ("name" in kinds and following.text.istitle()) or (
        following.kind in kinds and not _is_a_brand(c, i)
    )


def _is_a_brand(c: Context, i: int) -> bool:
    """The NK of "ngô NK4300": a long figure touches it, as none does in "lên BĐ2"."""
    right = c.beside(i, 1)
    brand = right is not None and right.kind == "number" and len(right.text) > 1
    return brand and len(c.tokens[i].text) == LONGEST_HALF


def _follows(c: Context, i: int, reading: Abbreviation, *, far: bool) -> bool:
    """Whether one of the words that a row needs stands before token `i`, near it, or joins it to others."""
    if (reading.after and c.three_before(i).endswith(reading.after)) or (
        reading.joined and _is_joined(c, i)
    ):
        return True
    if not far:
        return False
    if (
        reading.after_kinds
        and (previous := c.neighbour(i, -1))
        and previous.kind in reading.after_kinds
    ):
        return True
    if not reading.near:
        return False
    around = c.near(i)
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
        if (
            mark
            and other
            and mark.text in JOINTS
            and other.kind in ("word", "abbreviation")
            and other.text.isupper()
        ):
            return True
    return False
