"""What a portal's own HTML calls the parts of its pages."""

import re
from functools import cache
from importlib.resources import files

from service.intake.lines import Mark

SPLIT = re.compile(r"\s+")
ASIDE_TAGS = frozenset(
    ("nav", "aside", "footer", "menu", "amp-sidebar", "select", "button", "dialog")
)
INSIDE_TAGS = frozenset(("article",))
MOST_NAMES = 20  # of one element


@cache
def _marks() -> dict[str, Mark]:
    text = (files("service.intake.markup") / "marks.tsv").read_text(encoding="utf-8")
    rows = (
        line.split("\t")
        for line in text.splitlines()
        if line and not line.startswith("# ")
    )
    return {name: Mark(mark) for mark, names in rows for name in names.split()}


def mark_of(tag: str, names: str) -> Mark:
    """The mark of an element by its tag and what stands in its itemprop, class and id.

    NONE when they say nothing.
    """
    if tag in ASIDE_TAGS:
        return Mark.FURNITURE
    if tag == "figcaption":
        return Mark.CAPTION
    if tag == "time":
        return Mark.DATE
    known = _marks()
    for name in SPLIT.split(names.lower())[:MOST_NAMES]:
        if name in known:
            return known[name]
    return Mark.NONE
