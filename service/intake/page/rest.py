"""Boxes of other news in the middle of an article: what they hold is not read,
and what stands below them is.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from service.intake.lines import Mark, is_item, is_label, is_sentence, last_mark, words
from service.intake.page.body import Span
from service.intake.page.seen import Seen
from service.intake.story import Why

MOST_LINKED = 0.6  # of the letters of a paragraph that names a site or a law
MOST_POINTERS = 8  # other headlines in one box
FEWEST_SENTENCES = 2  # one below another: a teaser has one
LONG_WORDS = 10
# “Xem thêm: …” points to one other article, and has no teaser of its own below it.
POINTS = ("xem thêm", "đọc thêm", "mời xem", "tin liên quan", ">", "»", "→", "▶", "➤")
FURTHEST_AUTHOR = 40  # lines below a box
MOST_RANK = 1  # of a byline with a label
# Below these the article has ended, whatever stands there.
LAST = frozenset((Why.COMMENTS, Why.WIDGET, Why.FOOTER))


def is_pointer(each: Seen) -> bool:
    """Whether a line is a link to other news, and no part of the text."""
    return each.plain and each.line.linked > MOST_LINKED and not is_sentence(each.text)


def pointers_in(seen: Sequence[Seen], span: Span) -> frozenset[int]:
    """The headlines of other news within the text: links, and what stands below "Tin liên quan"."""
    pointers: set[int] = set()
    below_section = False
    heads = _heads_below_boxes(seen, span)
    for at in range(span.start, span.end):
        each = seen[at]
        below_section = each.opens_section or (below_section and _may_point(each))
        if is_pointer(each) or (below_section and each.plain and at not in heads):
            pointers.add(at)
    return frozenset(pointers)


def _heads_below_boxes(seen: Sequence[Seen], span: Span) -> frozenset[int]:
    """Lines right above paragraphs, in a text that has such headings elsewhere too.

    Of several headlines in a box the last may stand above a paragraph; a text without headings has
    none there.
    """
    heads = [
        at
        for at in range(span.start + 1, span.end - 1)
        if _is_headline(seen[at], frozenset()) and _is_text(seen[at + 1])
    ]
    own = [at for at in heads if _is_text(seen[at - 1])]
    return frozenset(heads) if own else frozenset()


def _may_point(each: Seen) -> bool:
    """Whether a line below "Tin liên quan" may be one of its headlines; HTML tells its links."""
    return not each.plain or is_pointer(each) or not (each.line.block or _is_text(each))


def with_rest(seen: Sequence[Seen], span: Span) -> Span:
    """The span with paragraphs of the article that stand below a box of other news."""
    home = _blocks_of(seen, span)
    if not home:
        span = replace(span, end=_author_below(seen, span.end))
    while (end := _next_end(seen, span.end, home)) is not None:
        span = replace(span, end=end)
    return span


def _author_below(seen: Sequence[Seen], end: int) -> int:
    """The end of a text that goes on down to who wrote it: "Bài, ảnh: …" stands below its last line.

    `end` where nobody is named below it, or no paragraphs stand between.
    """
    sentences: list[int] = []
    for at in range(end, min(len(seen), end + FURTHEST_AUTHOR)):
        each = seen[at]
        if each.opens_section and each.why in LAST:
            return end
        if _is_text(each) and is_sentence(each.text):
            sentences.append(at)
        if each.byline and each.byline.rank <= MOST_RANK and each.byline.name:
            # The last sentence of all stands right above who wrote it.
            whole = len(sentences) >= FEWEST_SENTENCES or sentences == [at - 1]
            return at if whole else end
    return end


def _blocks_of(seen: Sequence[Seen], span: Span) -> frozenset[int]:
    """The elements in which most of the text and its last sentence stand;
    none where none are known.
    """
    letters: Counter[int] = Counter()
    for each in seen[span.start : span.end]:
        if each.plain and is_sentence(each.text):
            block = each.line.block
            letters[block] = letters.pop(block, 0) + len(each.text)
    most = max(letters, key=letters.__getitem__, default=0)
    last = next(reversed(letters), 0)
    return frozenset((most, last)) - {0}


def _next_end(seen: Sequence[Seen], end: int, home: frozenset[int]) -> int | None:
    """The end of the paragraphs below the box at `end`; None when there is no box,
    or no text below it.
    """
    first = _after_box(seen, end, home)
    if first is None or (home and seen[first].line.block not in home):
        return None
    last = first
    while last < len(seen) and _is_text(seen[last]):
        last += 1
    sentences = sum(is_sentence(each.text) for each in seen[first:last])
    # A page that was copied tells no elements: there a single sentence may be a headline's teaser.
    alone = bool(home) or (first == end + 1 and _points_to_one(seen[end]))
    enough = sentences >= (1 if alone else FEWEST_SENTENCES)
    return last if enough and not _is_teaser(seen, last, home) else None


def _points_to_one(each: Seen) -> bool:
    is_line = each.why is Why.RELATED and not each.opens_section
    return is_line and each.text.lower().startswith(POINTS)


def _after_box(seen: Sequence[Seen], at: int, home: frozenset[int]) -> int | None:
    """The first line of text below a box that begins at `at`."""
    pointers, signs = 0, 0
    while at < len(seen) and not _is_text(seen[at]):
        each = seen[at]
        signs += each.why in {Why.RELATED, Why.CAPTION} or _is_of_box(each)
        pointers += each.plain
        if pointers > MOST_POINTERS or _is_beyond(each, home):
            return None
        at += 1
    return at if signs and at < len(seen) else None


def _is_of_box(each: Seen) -> bool:
    marked = each.line.mark is Mark.FURNITURE and not each.line.aside
    return marked or each.line.linked > MOST_LINKED


def _is_beyond(each: Seen, home: frozenset[int]) -> bool:
    """Whether a line can stand in no box within an article: that has ended above it."""
    if (each.opens_section and each.why in LAST) or each.byline:
        return True
    return bool(home) and each.plain and not is_pointer(each)


def _is_teaser(seen: Sequence[Seen], at: int, home: frozenset[int]) -> bool:
    """Whether another headline with a sentence of its own follows: then both are other news."""
    below = [each for each in seen[at : at + 2] if not home or each.line.block in home]
    if len(below) < 2 or not _is_headline(below[0], home):
        return False
    return _is_text(below[1]) and words(below[1].text) >= LONG_WORDS


def _is_headline(each: Seen, home: frozenset[int]) -> bool:
    if home:
        return is_pointer(each)
    return each.plain and not last_mark(each.text) and words(each.text) >= 4


def _is_text(each: Seen) -> bool:
    """Whether a line can only be of an article."""
    if not each.plain or each.line.aside or each.line.linked > MOST_LINKED:
        return False
    return is_sentence(each.text) or is_item(each.text) or is_label(each.text)
