"""Where the article begins and ends: the run of lines that has the most for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.intake.lines import is_sentence, last_mark, words
from service.intake.page.bylines import alone
from service.intake.page.evidence import BODY, weigh
from service.intake.page.seen import Seen
from service.intake.story import Why

LEAST_SCORE = 3.0  # one sentence
LEAST_LOOSE_CHARS = 40  # of a last line without an end mark
MOST_TEASER_LINES = (
    2  # a title's teaser is a sentence or two; a notice that short has no pointers
)
GO_ON = ("xem tiếp", "đọc tiếp", "chi tiết", "xem chi tiết", "[xem tiếp", "[...]")
SEE_MORE = "xem thêm"
CUT = ("...", "…", "[...]", "[…]")  # how a teaser ends
BELOW_TEXT = frozenset((Why.BUTTON, Why.COUNTER, Why.BYLINE, Why.COMMENTS))
MOST_QUESTION_WORDS = 15
MOST_ANSWER_WORDS = 3
READER = re.compile(r"\b(?:bạn|quý vị|quý khách|anh/chị)\b")
POINTER = re.compile(r"(?:>{1,3} ?)?(?:xem|đọc|tìm hiểu|tham khảo) thêm ?[:：]")
LEAST_WITHIN = -1.0  # what such a line weighs at most against its text
MOST_LISTED = 3  # "Xem thêm" and headlines with dates: a page of several articles


@dataclass(frozen=True, slots=True)
class Span:
    """Lines `start` to `end` (not included).

    `unsure` when a line at its end may belong to it or not.
    """

    start: int
    end: int
    unsure: bool = False


def span_of(seen: Sequence[Seen]) -> Span | None:
    """The run of lines with the greatest sum of scores.

    None when nothing on the page is an article.
    """
    best = start = 0
    total, most, end = 0.0, 0.0, 0
    for at, each in enumerate(seen):
        # Kadane's algorithm: what stands before a run that lost all it had cannot help the next
        # one.
        if total <= 0:
            total, start = 0.0, at
        cost = weigh(BODY, each)
        total += max(cost, LEAST_WITHIN) if _is_pointer_within(seen, at) else cost
        # Below a caption and a heading a last sentence just makes up for both.
        is_text = each.plain and is_sentence(each.text)
        if total > most or (is_text and total == most):
            most, best, end = total, start, at + 1
    if most < LEAST_SCORE or not any(each.plain for each in seen[best:end]):
        return None
    return _with_last_line(seen, _without_tail(seen, Span(best, end)))


def _is_pointer_within(seen: Sequence[Seen], at: int) -> bool:
    """Whether one line among paragraphs points to another article: "Xem thêm: Danh sách điểm đổi
    rác". However the page marks it, the text goes on below.
    """
    if not POINTER.match(seen[at].text.lower()) or not 0 < at < len(seen) - 1:
        return False
    above, below = seen[at - 1], seen[at + 1]
    both = above.plain and below.plain and is_sentence(above.text)
    return both and not (above.line.aside or below.line.aside) and not below.line.linked


def _without_tail(seen: Sequence[Seen], span: Span) -> Span:
    """The span without what looks like a list below its buttons: "Bài trước: Khám mắt miễn phí"."""
    sentences = (
        at
        for at in range(span.end - 1, span.start - 1, -1)
        if seen[at].plain and is_sentence(seen[at].text)
    )
    last = next(sentences, None)
    if last is None:
        return span
    if _asks_reader(seen, last):
        return Span(span.start, last)
    tools = (at for at in range(last + 1, span.end) if seen[at].why in BELOW_TEXT)
    end = next(tools, span.end)
    # "Một số hình ảnh tại chương trình:" and nothing to be read below it.
    plain = [at for at in range(last + 1, end) if seen[at].plain]
    if plain and last_mark(seen[plain[-1]].text) == ":":
        end = plain[-1]
    return Span(span.start, end)


def _asks_reader(seen: Sequence[Seen], at: int) -> bool:
    """Whether a line below the text asks its reader something, with answers to be pressed below:
    "Bạn đã hiểu rõ chưa?", "Rõ rồi", "Chưa rõ".
    """
    text, below = seen[at].text, seen[at + 1 : at + 3]
    asks = text.endswith("?") and words(text) <= MOST_QUESTION_WORDS
    pressed = all(
        words(each.text) <= MOST_ANSWER_WORDS and not last_mark(each.text)
        for each in below
    )
    return (
        asks and len(below) == 2 and pressed and READER.search(text.lower()) is not None
    )


def _with_last_line(seen: Sequence[Seen], span: Span) -> Span:
    """A paragraph whose full stop was forgotten is the last one,
    if only the page's frame comes after it.
    """
    if span.end >= len(seen):
        return span
    last = seen[span.end]
    below = seen[span.end + 1] if span.end + 1 < len(seen) else None
    if is_loose(last) and (below is None or not below.plain or alone(below.text)):
        return Span(span.start, span.end + 1, unsure=True)
    return span


def is_loose(each: Seen) -> bool:
    """Whether a line at the edge of the text is long enough to be a paragraph without its full
    stop.
    """
    free = each.plain and not each.line.aside and each.line.linked <= 0.6
    return free and len(each.text) >= LEAST_LOOSE_CHARS and not alone(each.text)


def is_list(seen: Sequence[Seen], span: Span) -> bool:
    """Whether what was chosen is a page of several articles: each with its "Xem tiếp" or its date.

    Of a portal's first page hardly a line is chosen, so there the pointers of the whole page count.
    """
    inside = seen[span.start : span.end]
    near = seen[max(0, span.start - 2) : span.end]  # the first one's headline and date
    # An article may point to one other; a page that points to three is made of such pointers.
    more = sum(each.text.lower().startswith((*GO_ON, SEE_MORE)) for each in inside)
    dated = sum(each.dateline is not None for each in inside)
    most = max(more, dated, _dated_headlines(near))
    if most >= MOST_LISTED or _is_made_of_teasers(inside):
        return True
    is_teaser = sum(each.plain for each in inside) <= MOST_TEASER_LINES
    # Not "Xem thêm": each widget beside a short notice ends with that.
    goes_on = sum(each.text.lower().startswith(GO_ON) for each in seen)
    cut = sum(each.plain and each.text.endswith(CUT) for each in seen)
    return is_teaser and (goes_on >= MOST_LISTED or cut >= MOST_LISTED)


def _dated_headlines(seen: Sequence[Seen]) -> int:
    """How many times a headline, its date and a sentence stand one below another."""
    return sum(
        bool(date.dateline) and _is_headline(above) and _is_teaser(below)
        for above, date, below in zip(seen, seen[1:], seen[2:], strict=False)
    )


def _is_headline(each: Seen) -> bool:
    return each.plain and not each.line.aside and not last_mark(each.text)


def _is_teaser(each: Seen) -> bool:
    return each.plain and not each.line.aside and is_sentence(each.text)


def _is_made_of_teasers(inside: Sequence[Seen]) -> bool:
    """Whether most paragraphs break off: "Trạm bơm có ba tổ máy, tưới cho 310 ha..."."""
    texts = [each.text for each in inside if each.plain and is_sentence(each.text)]
    cut = sum(text.endswith(CUT) for text in texts)
    return cut >= MOST_LISTED and 2 * cut > len(texts)


def has_more(seen: Sequence[Seen], span: Span) -> bool:
    """Whether sentences stand outside that nothing accounts for."""
    sections = 0
    for at, each in enumerate(seen):
        # Below “Tin liên quan” sentences are other articles' leads: nobody misses them.
        sections += each.opens_section
        outside = not span.start <= at < span.end
        free = each.plain and not each.line.aside and each.line.linked <= 0.6
        if (
            outside
            and free
            and not sections
            and is_sentence(each.text)
            and words(each.text) >= 8
        ):
            return bool(last_mark(each.text))
    return False
