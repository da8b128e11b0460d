"""An article as the reading takes it: its parts, each with its role."""

import re
from collections.abc import Sequence
from itertools import groupby

from service.vietnamese.sentence import Passage, Role

HEADING_CHARS = 100  # a short paragraph without a closing mark is a heading
FEWEST_LINES = (
    3  # ... unless so many stand in a row: nobody has three headings without a text
)
CLOSED = re.compile(r"[.!?…;:,/][”\"')»]*$")
# An item of a list begins so
LISTED = re.compile(r"[-–—+•*·▪●■◦✓]\s|\d{1,2}[.)]\s|[a-zđ][.)]\s")
CELLS = " | "  # between the cells of a row


def passages_of(
    title: str, lead: str, paragraphs: Sequence[str], closing: str = ""
) -> list[Passage]:
    """Title, lead (when there is one), headings, lines and paragraphs in their order,
    then `closing`: never a heading.

    Lines of a poem, items of a list and rows of a table are said one after another with a short
    breath.
    """
    passages = [Passage(title, Role.TITLE)]
    if lead:
        passages.append(Passage(lead, Role.LEAD))
    for short, run in groupby(paragraphs, _is_short):
        texts = list(run)
        in_a_row = short and len(texts) >= FEWEST_LINES
        if in_a_row and LISTED.match(texts[1]) and not LISTED.match(texts[0]):
            passages.append(Passage(texts.pop(0), Role.HEADING))  # of the list
        passages += (
            Passage(text, _role(text, short=short, in_a_row=in_a_row)) for text in texts
        )
    if closing:
        passages.append(Passage(closing, Role.CLOSING))
    return passages


def _is_short(text: str) -> bool:
    """A heading, a line or an item: nothing closes it."""
    return len(text) <= HEADING_CHARS and not CLOSED.search(text.strip())


def _role(text: str, *, short: bool, in_a_row: bool) -> Role:
    if short and (in_a_row or LISTED.match(text) or CELLS in text):
        return Role.LINE
    return Role.HEADING if short else Role.PARAGRAPH
