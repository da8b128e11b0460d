"""What abbreviations stand for that no row has whole, and what is not said twice."""

from service.vietnamese import tables
from service.vietnamese.context import Context, words
from service.vietnamese.senses import choose

LONGEST_COMPOSED = 12  # letters
LONGEST_HALF = 2  # letters of a half that may mean anything
ONCE = words("ban hội sở số đất")


def stands_for(c: Context, i: int, text: str) -> str:
    """What an abbreviation stands for here, or "" when it is none."""
    choice = choose(c, i, text)
    return choice.spoken if choice else ""


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
