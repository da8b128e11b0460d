"""An official document that a portal's page shows: what frames its text is not read there either."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.intake.lines import is_sentence, words
from service.intake.page.seen import Seen
from service.intake.papers.letterhead import Letterhead, head_of
from service.intake.papers.signature import (
    LONGEST_ADDRESSEE_WORDS,
    MOST_END_LINES,
    after_addressees,
    end_of,
    signed_within,
)
from service.intake.story import Why

MOST_LINKED = 0.6  # of the letters of a line that is not another headline


@dataclass(frozen=True, slots=True)
class Framed:
    """A document among the lines of a page: its head, None for one without the motto,
    the lines that frame it `above`, and lines `end` to `ends` that sign it.
    """

    head: Letterhead | None
    above: range
    end: int
    ends: int


def framed(seen: Sequence[Seen]) -> Framed | None:
    """The document in these lines; None where no line has its motto, and nobody signs."""
    texts = [each.text for each in seen]
    head = head_of(texts)
    if head is not None and head.begins < len(seen):
        end, above = end_of(texts, head.begins), range(head.starts, head.begins)
    elif (signed := signed_within(texts)) is not None:
        head, end, above = None, signed, _addressees(texts[:signed])
    else:
        return None
    ends = end
    while ends < min(len(seen), end + MOST_END_LINES) and _signs(seen[ends]):
        ends += 1
    return Framed(head, above, end, ends)


def _addressees(texts: Sequence[str]) -> range:
    """The lines above the text that say to whom it goes."""
    for at, text in enumerate(texts):
        if is_sentence(text):
            break
        if (begins := after_addressees(texts, at)) > at:
            return range(at, begins)
    return range(0)


def _signs(each: Seen) -> bool:
    """Whether a line below the first of a signature still belongs to it: a name,
    one more to whom the document goes.
    """
    short = words(each.text) <= LONGEST_ADDRESSEE_WORDS and not is_sentence(each.text)
    return short and each.plain and each.line.linked <= MOST_LINKED


def without_frame(seen: Sequence[Seen], document: Framed) -> list[Seen]:
    """The lines, those that frame the document marked as what they are."""
    signature = range(document.end, document.ends)
    marked = list(seen)
    for at in document.above:
        marked[at] = replace(seen[at], frame=Why.LETTERHEAD)
    for at in signature:
        marked[at] = replace(seen[at], frame=Why.SIGNATURE)
    return marked
