"""How units are written right after a figure, and what a price or a speed is given for."""

import re
from functools import cache

from service.vietnamese import tables

BEFORE_A_FIGURE = frozenset(("tr", "Tr", "TR", "p", "m", "o"))  # 2tr5, 3p20s, 1m63


@cache
def unit_pattern() -> re.Pattern[str]:
    """A unit right after a figure, with at most one space between."""
    forms = sorted(tables.units(), key=len, reverse=True)
    ends = {
        form: r"(?:(?![^\W\d_])|(?=x\d))" if form in BEFORE_A_FIGURE else r"(?![^\W_])"
        for form in forms
    }
    # "vòng 14 V.League"
    ends |= {form: r"(?![^\W_]|\.[A-Z])" for form in forms if _is_a_capital(form)}
    ends["đ"] = ends["Đ"] = (
        r"(?![^\W_]|/[vcVC](?!\w))"  # "25 đ/v" and "3 Đ/C" are people
    )
    written = "|".join(
        re.escape(form) + (ends[form] if form[-1].isalnum() else "") for form in forms
    )
    initials = re.escape("".join({form[0] for form in forms}))
    return re.compile(rf"\s?(?=[{initials}])({written})")


def _is_a_capital(form: str) -> bool:
    return len(form) == 1 and form.isascii() and form.isupper()


@cache
def rate_pattern() -> re.Pattern[str]:
    """What a price or speed is given for: /kg, /ngày."""
    forms = "|".join(
        re.escape(form)
        for form in sorted(tables.units(), key=len, reverse=True)
        if form[-1].isalnum()
    )
    return re.compile(
        rf"\s?/\s?((?:{forms})(?!\w)|ô tô(?!\w)|[a-zà-ỹđ]{{2,10}}(?: [a-zà-ỹđ]{{2,10}}(?=/))?(?!\w))"
    )
