"""What speaks for a line being part of the article, its title or its date:
named evidence with weights.

A weight is how many ordinary reasons it is worth. They were set on pages of ten kinds of portals,
and changed only where a kind of page went wrong, never for one page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from service.intake.lines import (
    LONG_CHARS,
    Mark,
    is_capitals,
    is_item,
    is_label,
    is_open,
    is_sentence,
    last_mark,
    words,
)
from service.intake.page.bylines import names_person
from service.intake.page.furniture import Extent
from service.intake.page.seen import Seen
from service.intake.story import Why


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason, and how much it counts for or against."""

    name: str
    weight: float
    holds: Callable[[Seen], bool]


def weigh(table: tuple[Evidence, ...], seen: Seen) -> float:
    """The sum of the weights of all that holds."""
    return sum(evidence.weight for evidence in table if evidence.holds(seen))


def _row(why: Why) -> Callable[[Seen], bool]:
    return lambda seen: seen.row is not None and seen.row.why is why


def _section(why: Why) -> Callable[[Seen], bool]:
    return lambda seen: seen.opens_section and seen.why is why


def _is_headline(seen: Seen) -> bool:
    told = is_label(seen.text) or is_item(seen.text)
    return seen.plain and not told and words(seen.text) > 3 and not last_mark(seen.text)


def _is_short(seen: Seen) -> bool:
    return seen.plain and words(seen.text) <= 3 and not last_mark(seen.text)


BODY = (
    Evidence("a sentence", 3, lambda seen: seen.plain and is_sentence(seen.text)),
    Evidence(
        "a long line", 1.5, lambda seen: seen.plain and len(seen.text) >= LONG_CHARS
    ),
    Evidence(
        "a name and what it is", 2, lambda seen: seen.plain and is_label(seen.text)
    ),
    Evidence("an item of a list", 2, lambda seen: seen.plain and is_item(seen.text)),
    Evidence("listed below an opening line", 3, lambda seen: seen.listed),
    Evidence("ends in the middle", 1.5, lambda seen: seen.plain and is_open(seen.text)),
    Evidence(
        "marked as the text", 3, lambda seen: seen.line.mark in {Mark.BODY, Mark.LEAD}
    ),
    Evidence("inside what is marked", 1, lambda seen: seen.line.inside),
    Evidence("a headline", -1.5, _is_headline),
    Evidence("a few words", -1, _is_short),
    Evidence("mostly a link", -5, lambda seen: seen.line.linked > 0.6),
    Evidence("in a menu, side column or footer", -8, lambda seen: seen.line.aside),
    Evidence("marked as furniture", -3, lambda seen: seen.line.mark is Mark.FURNITURE),
    Evidence("a dateline", -1, lambda seen: seen.dateline is not None),
    Evidence("a byline", -1.5, lambda seen: seen.byline is not None),
    Evidence("a caption", -0.3, lambda seen: seen.why is Why.CAPTION),
    Evidence("a menu's entry", -2, _row(Why.MENU)),
    Evidence("a counter", -1, _row(Why.COUNTER)),
    Evidence("a button", -1, _row(Why.BUTTON)),
    Evidence("an attachment", -0.7, _row(Why.ATTACHMENT)),
    Evidence("of a widget", -3, _row(Why.WIDGET)),
    Evidence("of the footer", -3, _row(Why.FOOTER)),
    Evidence("another headline with its date", -4, _row(Why.RELATED)),
    Evidence("begins related news", -6, _section(Why.RELATED)),
    Evidence("begins comments", -40, _section(Why.COMMENTS)),
    Evidence("begins a widget", -12, _section(Why.WIDGET)),
    Evidence("begins the footer", -20, _section(Why.FOOTER)),
    Evidence(
        "a sentence of the frame",
        -4,
        lambda seen: seen.row is not None and seen.row.reach is Extent.EDGE,
    ),
)

TITLE = (
    Evidence("marked as the title", 8, lambda seen: seen.line.mark is Mark.TITLE),
    Evidence("a main heading", 6, lambda seen: seen.line.heading == 1),
    Evidence("a heading", 3, lambda seen: seen.line.heading in {2, 3}),
    Evidence("as long as titles are", 2, lambda seen: 5 <= words(seen.text) <= 35),
    Evidence("a word or two", -3, lambda seen: words(seen.text) <= 2),
    Evidence("three or four words", -1, lambda seen: words(seen.text) in {3, 4}),
    Evidence(
        "in capitals",
        1.5,
        lambda seen: is_capitals(seen.text) and words(seen.text) >= 4,
    ),
    Evidence(
        "ends like a sentence", -3, lambda seen: last_mark(seen.text) in {".", ";", ","}
    ),
    Evidence("an item or a label", -1.5, lambda seen: is_item(seen.text)),
    Evidence("ends in the middle", -2, lambda seen: is_open(seen.text)),
    Evidence("who wrote it", -4, lambda seen: names_person(seen.text)),
    Evidence("furniture", -20, lambda seen: not seen.plain),
    Evidence("mostly a link", -2, lambda seen: seen.line.linked > 0.6),
    Evidence("in a menu or side column", -8, lambda seen: seen.line.aside),
)
