"""An article as the reading takes it: its parts, each with its role."""

import re
from collections.abc import Sequence

from service.vietnamese.sentence import Passage, Role

HEADING_CHARS = 100  # a short paragraph without a closing mark is a heading
CLOSED = re.compile(r"[.!?…;:,/][”\"')»]*$")


def passages_of(title: str, lead: str, paragraphs: Sequence[str]) -> list[Passage]:
    """Title, lead (when there is one), then headings and paragraphs in their order."""
    passages = [Passage(title, Role.TITLE)]
    if lead:
        passages.append(Passage(lead, Role.LEAD))
    for text in paragraphs:
        heading = len(text) <= HEADING_CHARS and not CLOSED.search(text.strip())
        passages.append(Passage(text, Role.HEADING if heading else Role.PARAGRAPH))
    return passages
