"""Captions that nothing marks:
what stood below a picture is a line among paragraphs once the page is copied.
"""

import re
from collections.abc import Sequence

from service.intake.lines import Line, is_item, is_sentence, last_mark
from service.intake.page.body import Span
from service.intake.page.seen import Seen
from service.intake.page.signs import Between, is_whole, weight
from service.intake.story import Why

LEAST_SCORE = 3.5
LEAST_SURE = 4.5  # of what may well be a paragraph
MOST_OPEN_SHARE = 0.34  # of paragraphs without a full stop: there they say nothing
PHOTOGRAPHED = re.compile(r"\bảnh\b")
NOTHING = Seen(Line(""))


def captions_of(
    seen: Sequence[Seen],
    span: Span,
    heads: frozenset[int] = frozenset(),
    elsewhere: frozenset[int] = frozenset(),
) -> list[int]:
    """The lines of the text that are most likely captions, but for those `elsewhere`."""
    text = [
        at
        for at in range(span.start, span.end)
        if seen[at].plain and at not in elsewhere
    ]
    photographed = any(map(_tells_of_pictures, seen))
    # A caption below each paragraph looks like a heading above the next one.
    bare = _captions(seen, text, frozenset(), photographed=photographed)
    if len(heads.intersection(bare)) * 2 > len(heads):
        heads = frozenset()
    captions = _captions(seen, text, heads, photographed=photographed)
    # Where one was found there were pictures, and others are less in doubt.
    if captions and not photographed:
        captions = _captions(seen, text, heads, photographed=True)
    return captions


def _captions(
    seen: Sequence[Seen],
    plain: Sequence[int],
    heads: frozenset[int],
    *,
    photographed: bool,
) -> list[int]:
    open_lines = sum(_is_left_open(seen[at].text) for at in plain)
    pictured = any(seen[at].line.pictured for at in plain)
    if not plain or (not pictured and open_lines > len(plain) * MOST_OPEN_SHARE + 1):
        return []
    signed = any(seen[at].caption for at in range(plain[0], plain[-1]))
    lines = (
        _between(seen, plain, place, heads, photographed=photographed, signed=signed)
        for place in range(len(plain))
    )
    return [
        at
        for at, line in zip(plain, lines, strict=True)
        if weight(line) >= _least(line)
    ]


def _is_left_open(text: str) -> bool:
    """Whether a paragraph lacks its full stop; numbered headings have none anyway."""
    return not last_mark(text) and not is_item(text)


def _between(
    seen: Sequence[Seen],
    plain: Sequence[int],
    place: int,
    heads: frozenset[int],
    *,
    photographed: bool,
    signed: bool,
) -> Between:
    """The line at a place among those that may be read, with its neighbours there."""
    at = plain[place]
    above = seen[plain[place - 1]] if place else NOTHING
    below_at = plain[place + 1] if place + 1 < len(plain) else None
    return Between(
        seen[at],
        above,
        seen[below_at] if below_at is not None else NOTHING,
        photographed,
        head=at in heads,
        below_paragraph=_is_above_paragraph(seen, below_at),
        signed=signed,
        below_caption=at > 0 and seen[at - 1].why is Why.CAPTION,
        edge=above is NOTHING or below_at is None,
    )


def _is_above_paragraph(seen: Sequence[Seen], at: int | None) -> bool:
    return at is not None and at + 1 < len(seen) and is_sentence(seen[at + 1].text)


def _least(line: Between) -> float:
    """The score from which on a line is a caption: a lead, or a last paragraph, may lack its full
    stop, and a sentence is hardly one where nothing tells of pictures.
    """
    doubtful = line.edge or (is_whole(line) and not line.photographed)
    return LEAST_SURE if doubtful and not line.each.line.pictured else LEAST_SCORE


def _tells_of_pictures(each: Seen) -> bool:
    if each.why is Why.CAPTION:
        return True
    return each.why is Why.BYLINE and PHOTOGRAPHED.search(each.text.lower()) is not None
