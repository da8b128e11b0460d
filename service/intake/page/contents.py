"""Headings within an article, and the table of contents that some portals put above them."""

import re
from collections.abc import Sequence

from service.intake.lines import is_item, is_label, is_sentence, last_mark, words
from service.intake.page.body import Span
from service.intake.page.bylines import alone
from service.intake.page.seen import Seen

FEWEST_ENTRIES = 2  # of a table of contents
FEWEST_HEADS = 3
HEAD_WORDS = range(3, 12)
NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,2}[.)]?|[ivx]{1,4}[.)]) ")


def contents_in(seen: Sequence[Seen], span: Span) -> frozenset[int]:
    """Lines one below another that stand again further down, each above a text of its own.

    Lines of a song come again too, but together.
    """
    names = [_name(seen[at].text) for at in range(span.end)]
    last = {name: at for at, name in enumerate(names)}
    entries: set[int] = set()
    run: list[int] = []
    for at in range(span.start, span.end + 1):
        again = last[names[at]] if at < span.end else at
        parted = not run or again > last[names[run[-1]]] + 1
        if again > at + 1 and parted and _may_be_entry(seen[at]):
            run.append(at)
            continue
        if len(run) >= FEWEST_ENTRIES:
            entries.update(run)
        run = []
    return frozenset(entries)


def _name(text: str) -> str:
    """A heading without its number."""
    return NUMBER.sub("", text.lower(), count=1)


def _may_be_entry(each: Seen) -> bool:
    return each.plain and last_mark(each.text) not in {".", ";", ","}


def heads_in(seen: Sequence[Seen], span: Span) -> frozenset[int]:
    """Short lines each right above a paragraph, from the one above the text on.

    One or two such lines may be anything; several are headings.
    """
    first = max(0, span.start - 1)
    heads = [at for at in range(first, span.end - 1) if _may_be_head(seen, at)]
    paragraphs = sum(is_sentence(each.text) for each in seen[span.start : span.end])
    many = len(heads) >= FEWEST_HEADS and 2 * len(heads) >= paragraphs
    return frozenset(heads) if many else frozenset()


def _may_be_head(seen: Sequence[Seen], at: int) -> bool:
    text = seen[at].text
    if not seen[at].plain or seen[at].line.pictured or words(text) not in HEAD_WORDS:
        return False
    told = last_mark(text) or is_item(text) or is_label(text) or alone(text)
    below = seen[at + 1]
    return not told and below.plain and is_sentence(below.text)
