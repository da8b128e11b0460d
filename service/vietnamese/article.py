"""An article as the reading takes it: its parts, each with its role."""

import re
from collections.abc import Sequence

from service.vietnamese.sentence import Passage, Role

HEADING_CHARS = 100  # a short paragraph without a closing mark is a heading
CLOSED = re.compile(r"[.!?…;:,/][”\"')»]*$")


def passages_of(
    title: str, lead: str, paragraphs: Sequence[str], closing: str = ""
) -> list[Passage]:
    """Title, lead (when there is one), headings and paragraphs in their order, then `closing`: never a heading."""
    passages = [Passage(title, Role.TITLE)]
    if lead:
        passages.append(Passage(lead, Role.LEAD))
    for text in paragraphs:
        heading = len(text) <= HEADING_CHARS and not CLOSED.search(text.strip())
        passages.append(Passage(text, Role.HEADING if heading else Role.PARAGRAPH))
    if closing:
        passages.append(Passage(closing, Role.CLOSING))
    return passages
