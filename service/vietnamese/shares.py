"""a/b: a day, a fraction, a share or a count, by what stands around it."""

from service.vietnamese.context import Context, Said
from service.vietnamese.day_case import LARGEST_PART
from service.vietnamese.day_signs import days_at
from service.vietnamese.measures import measured, unit_pattern
from service.vietnamese.numbers import figure, integer, ordinal, part
from service.vietnamese.scores import is_score_of_a_set
from service.vietnamese.tables import cues

ABOUT = ("gần", "hơn", "khoảng", "quá")
LONGEST_MONTH = 2  # digits


def ratio(c: Context, i: int) -> Said:
    """a/b: a date, a fraction, a share or a count, by what stands around it."""
    over, under = c.tokens[i].parts["over"], c.tokens[i].parts["under"]
    zero_tens = c.options.zero_tens
    before = c.before(i)
    a, b = integer(over), integer(under)
    if a is not None and b is not None and a < b <= LARGEST_PART and (mixed := _mixed(c, i)):
        return mixed
    if days := days_at(c, i):
        return days
    if a is not None and b is not None and len(under) <= LONGEST_MONTH and is_score_of_a_set(c, i):
        return Said(f"{figure(over, zero_tens)} {figure(under, zero_tens)}", i + 1, "number")
    if (
        a is not None and b is not None and len(over) == 4 and b in (a + 1, (a + 1) % 100)
    ):  # 2025/2026, 2025/26
        return Said(f"{figure(over, zero_tens)} {figure(under, zero_tens)}", i + 1, "number")
    if before == "thứ" and a is not None:
        said = f"{ordinal(a)} trên {figure(under, zero_tens)}"
    elif a is not None and b is not None and _is_fraction(c, i, a, b):
        said = part(over, under, zero_tens)
    else:
        said = f"{figure(over, zero_tens)} trên {figure(under, zero_tens)}"
    return measured(c, said, i + 1, "ratio")


def _mixed(c: Context, i: int) -> Said | None:
    """The part of "5 1/2"."""
    whole = c.tokens[i - 2] if i > 1 else None
    if not (whole and whole.kind == "number" and c.tokens[i - 1].kind == "space"):
        return None
    over, under = c.tokens[i].parts["over"], c.tokens[i].parts["under"]
    return measured(c, f"và {part(over, under, c.options.zero_tens)}", i + 1, "ratio")


def _is_fraction(c: Context, i: int, a: int, b: int) -> bool:
    """ "1/5 số hộ" is a fifth; "3/5 thôn" and "7/9 huy chương" are counts, "ngõ 3/5" an address."""
    before, following = c.before(i), c.after(i)
    previous = c.neighbour(i, -1)
    beside = (
        previous.text.lower() if previous else ""
    )  # "2/3 dân số, 3/4 diện tích": no number of a house
    if before == "vòng" and a == 1:  # 1/16
        return True
    if (
        not 0 < a < b <= LARGEST_PART
        or ("lệ" in before and following != "số")
        or beside in cues("address")
    ):
        return False
    if following in cues("counted") and following not in cues("shared"):
        return (
            before in ABOUT and b <= 5
        )  # "khoảng 2/3 hộ dân": who counts them one by one need not guess
    part = b <= 5 or following in cues("shared") or before in (*ABOUT, "chiếm")
    return (
        part
        or not following[:1].isalpha()
        or unit_pattern().match(c.text, c.tokens[i].end) is not None
    )
