"""A whole page becomes a Story: what each line could be,
then where the article is, then what stands around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.intake.encodings import mended
from service.intake.letters import unescape
from service.intake.lines import (
    Line,
    Mark,
    is_capitals,
    is_item,
    is_label,
    is_name,
    is_sentence,
    words,
)
from service.intake.page import walls
from service.intake.page.body import Span, has_more, is_list, is_loose, span_of
from service.intake.page.bylines import alone
from service.intake.page.captions import captions_of
from service.intake.page.contents import contents_in, heads_in
from service.intake.page.counters import views_of
from service.intake.page.framed import framed, without_frame
from service.intake.page.heading import (
    SHORTEST_TITLE_WORDS,
    SURE_TITLE,
    Title,
    date_at,
    title_of,
    topic_at,
)
from service.intake.page.rest import pointers_in, with_rest
from service.intake.page.seen import Seen, see
from service.intake.page.topics import topic_beside
from service.intake.page.wrapped import goes_on_title, unwrapped
from service.intake.papers import letterhead
from service.intake.papers.letterhead import Letterhead
from service.intake.rows import rows_of, without_counts
from service.intake.story import Doubt, LeftOut, Rejected, Story, Why
from service.intake.times import is_likely

BYLINE_LINES = 4  # below the text, where a name may stand alone


_Name = tuple[int, int, str]  # rank, line, name: the lowest is believed


@dataclass(frozen=True, slots=True)
class Hints:
    """What the head of an HTML page says of its article; "" and None where it says nothing."""

    titles: tuple[str, ...] = ()
    byline: str = ""
    topic: str = ""
    published_at: datetime | None = None
    picture: str = ""
    views: int | None = None
    whole: bool = True  # a whole page, which ought to tell its date


def read_page(body: str) -> Story:
    """The story in a whole page as copied from a portal; Rejected when there is none."""
    whole = mended(body)
    lines, counts = without_counts(rows_of(unescape(whole.text)))
    story = letterhead.read_alone(lines) or read_lines(
        [Line(text) for text in unwrapped(lines)], Hints()
    )
    left = [LeftOut(count, Why.COUNT) for count in counts]
    return replace(
        story,
        left_out=(*story.left_out, *left),
        doubts=(*whole.doubts, *story.doubts),
    )


def read_lines(lines: Sequence[Line], hints: Hints) -> Story:
    """The story in lines of a page of which more or less is known."""
    seen = see(lines)
    document = framed(seen)
    if document is not None:
        seen = without_frame(seen, document)
    span = span_of(seen)
    if span is None:
        raise no_article(
            "no article was found on this page; paste its title and text instead"
        )
    if is_list(seen, span):
        raise _a_list()
    walls.refuse([each.text for each in seen[span.start : span.end]])
    span = with_rest(seen, span)
    return _Page(seen, span, hints, document.head if document else None).story()


class _Page:
    """A page whose article was found; what becomes of each of its lines."""

    def __init__(
        self, seen: list[Seen], span: Span, hints: Hints, head: Letterhead | None = None
    ) -> None:
        self._seen = seen
        self._hints = hints
        self._head = head
        self._title = self._title_of(span)
        self._title_at = self._title.at if self._title else span.start
        self._title_lines = self._lines_of_title()
        self._span = self._below_title(span)
        self._topic_at = topic_at(seen, self._title_lines[0])
        self._date = date_at(seen, self._title_at, self._span)
        self._byline_at: int | None = None
        self._contents = contents_in(seen, self._span)
        heads = heads_in(seen, self._span)
        self._pointers = pointers_in(seen, self._span)
        elsewhere = self._pointers | self._contents
        self._captions = captions_of(seen, self._span, heads, elsewhere)
        for at in self._captions:
            seen[at] = replace(seen[at], caption=True)

    def _title_of(self, span: Span) -> Title | None:
        """The portal's own title, else that of the document which it shows."""
        named = [title.casefold() for title in self._hints.titles]
        title = title_of(self._seen, span, named)
        head = self._head
        if head is None or not head.title or _is_above(title, head):
            return title
        return Title(head.titled[-1], title=head.title)

    def _below_title(self, span: Span) -> Span:
        """The span without the title."""
        below = self._title_lines[-1] + 1 if self._title else span.start
        start = max(span.start, below)
        # A lead without its full stop scores low, and would be lost between title and text.
        between = range(below, start)
        first = next((at for at in between if is_loose(self._seen[at])), start)
        heads = heads_in(self._seen, replace(span, start=start))
        first = min(first, start - 1) if start - 1 in heads & set(between) else first
        return Span(first, span.end, span.unsure or first < start)

    def story(self) -> Story:
        byline = self._byline()
        read = [
            at for at in range(self._span.start, self._span.end) if self._is_read(at)
        ]
        if not read:
            raise no_article("there is a title, but no sentence to read")
        title = self._title_text() or next(iter(self._hints.titles), "")
        lead, paragraphs = self._lead(read)
        return Story(
            title=title,
            paragraphs=tuple(paragraphs),
            lead=lead,
            byline=_best_name(self._hints.byline, byline),
            topic=self._hints.topic or self._topic(),
            published_at=self._published(),
            views=self._views(read),
            left_out=tuple(self._left_out(read, has_lead=bool(lead))),
            doubts=tuple(self._doubts()),
        )

    def _topic(self) -> str:
        """What the line above the title says, else a label or the way to the page."""
        if self._topic_at is not None:
            return self._seen[self._topic_at].text
        return topic_beside(self._seen, self._title_lines[0], self._span.end)

    def _is_read(self, at: int) -> bool:
        each = self._seen[at]
        elsewhere = at not in (self._byline_at, self._topic_at, *self._title_lines)
        is_text = each.plain and at not in self._pointers | self._contents
        return is_text and elsewhere and not self._repeats_title(at)

    def _title_text(self) -> str:
        if self._title is None:
            return ""
        lines = (self._seen[at].text for at in self._title_lines)
        return self._title.title or " ".join(lines)

    def _lines_of_title(self) -> list[int]:
        """The lines of the title: a margin, or a <br>, may have broken it."""
        if self._title is None or self._title.title:
            return [self._title_at]
        first = last = self._title_at
        while first > 0 and self._is_one_title(first - 1):
            first -= 1
        while last + 2 < len(self._seen) and self._is_one_title(last):
            last += 1
        return list(range(first, last + 1))

    def _is_one_title(self, at: int) -> bool:
        """Whether a line and the one below it are one title."""
        above, below = self._seen[at], self._seen[at + 1]
        if not (above.plain and below.plain) or above.line.aside or below.line.aside:
            return False
        if above.line.heading != below.line.heading:
            return False
        together = above.line.heading > 0
        long = is_sentence(below.text) or len(above.text + below.text) > 300
        broken = together or is_capitals(above.text) or below.text[0].islower()
        return (
            broken
            and not long
            and words(above.text) >= SHORTEST_TITLE_WORDS
            and goes_on_title(above.text, below.text, together=together)
        )

    def _repeats_title(self, at: int) -> bool:
        title = self._title_text()
        return bool(title) and self._seen[at].text.casefold() == title.casefold()

    def _lead(self, read: Sequence[int]) -> tuple[str, list[str]]:
        texts = [self._seen[at].text for at in read]
        marked = self._seen[read[0]].line.mark is Mark.LEAD
        listed = is_item(texts[0]) or (is_label(texts[0]) and len(texts[0]) < 80)
        if len(texts) > 1 and (marked or not listed):
            return texts[0], texts[1:]
        return "", texts

    def _byline(self) -> str:
        """The best witness of who wrote it: at the end of the text, or anywhere with a label."""
        standing = self._standing_name()
        candidates = [*self._labelled_names(), *self._marked_names(), *standing]
        if not candidates:
            return ""
        _, at, name = min(candidates)
        self._byline_at = standing[0][1] if standing else at
        return name

    def _labelled_names(self) -> list[_Name]:
        """ "Tác giả: …", from a little above the title to a little below the text."""
        near = enumerate(self._seen[: self._span.end + BYLINE_LINES + 2])
        return [
            (each.byline.rank, at, each.byline.name)
            for at, each in near
            if each.byline and each.byline.name and at >= self._title_at - 3
        ]

    def _marked_names(self) -> list[_Name]:
        """What the page's own HTML marks as the author."""
        return [
            (0, at, each.text)
            for at, each in enumerate(self._seen)
            if each.line.mark is Mark.AUTHOR and not each.byline and not each.line.aside
        ]

    def _standing_name(self) -> list[_Name]:
        """The first name that stands alone at the end of the text.

        None when another section comes first.
        """
        first = max(self._span.start + 1, self._span.end - 1)
        for at, each in enumerate(
            self._seen[first : self._span.end + BYLINE_LINES], first
        ):
            if each.opens_section:
                break
            # Some papers set the author's name in capitals.
            capitals = is_capitals(each.text)
            who = alone(each.text.title() if capitals else each.text)
            if each.plain and who:
                return [(who.rank, at, each.text if capitals else who.name)]
        return self._name_above()

    def _name_above(self) -> list[_Name]:
        """A name that stands alone between the title and the first sentence."""
        for at in range(self._span.start, self._span.end):
            each = self._seen[at]
            if is_sentence(each.text):
                break
            who = alone(each.text) if each.plain else None
            if who:
                return [(who.rank, at, who.name)]
        return []

    def _published(self) -> datetime | None:
        """The head's time; the page's own where the head tells none, or only the day."""
        said = self._hints.published_at
        seen = self._date[1] if self._date else None
        if said is not None:
            # Many portals' JSON-LD has the day alone, while the page itself tells the hour.
            only_day = (said.hour, said.minute) == (0, 0)
            same = seen is not None and seen.hour and seen.time.date() == said.date()
            return seen.time if seen and only_day and same else said
        if seen and is_likely(seen.time):
            return seen.time
        return self._head.time if self._head else None

    def _views(self, read: Sequence[int]) -> int | None:
        """The head's count.

        The one that stands on the page, outside the text, where the head tells none.
        """
        if self._hints.views is not None:
            return self._hints.views
        near = range(
            max(0, self._title_at - 3), min(len(self._seen), self._span.end + 4)
        )
        return views_of(self._seen[at].text for at in near if at not in set(read))

    def _left_out(self, read: Sequence[int], *, has_lead: bool) -> list[LeftOut]:
        kept = set(read)
        left: list[LeftOut] = []
        before, section = 0, Why.OUTSIDE
        for at, each in enumerate(self._seen):
            if at in kept:
                before, section = before + 1, Why.OUTSIDE
                continue
            section = each.why if each.opens_section else section
            if self._title and at in self._title_lines:
                continue
            left.append(
                LeftOut(each.text, self._why(at, section), max(0, before - has_lead))
            )
        return left

    def _why(self, at: int, section: Why) -> Why:
        each = self._seen[at]
        if at == self._topic_at:
            return Why.TOPIC
        if at == self._byline_at:
            return Why.BYLINE
        if self._repeats_title(at):
            return Why.REPEATED
        if at in self._pointers:
            return Why.RELATED
        if at in self._contents:
            return Why.MENU
        if each.why is not Why.OUTSIDE:
            return each.why
        if section is Why.OUTSIDE and (each.line.aside or at < self._title_at):
            return Why.MENU
        return section

    def _doubts(self) -> list[Doubt]:
        unsure_title = self._title is None or self._title.unsure
        unsure_body = (
            self._span.unsure
            or bool(self._captions)
            or has_more(self._seen, self._span)
        )
        found = {
            Doubt.UNSURE_TITLE: unsure_title and not self._is_named(),
            Doubt.UNSURE_BODY: unsure_body,
            Doubt.NO_DATE: self._hints.whole and self._published() is None,
        }
        return [doubt for doubt, holds in found.items() if holds]

    def _is_named(self) -> bool:
        title = self._title_text().casefold()
        return any(title in named.casefold() for named in self._hints.titles)


def _best_name(told: str, seen: str) -> str:
    """Who wrote it: as the page's head tells it, but for a portal's own name there.

    Many portals name themselves, or an account, as the author of all.
    """
    return seen if seen and is_name(seen) and not is_name(told) else told or seen


def _is_above(title: Title | None, head: Letterhead) -> bool:
    """Whether a portal has put a title of its own above a document that it shows."""
    return title is not None and title.at < head.starts and title.score >= SURE_TITLE


def no_article(message: str) -> Rejected:
    """Nothing that could be read was found."""
    return Rejected(
        "body",
        "no_article",
        message,
        "Không tìm thấy nội dung bài viết. Hãy dán tiêu đề và nội dung bài.",
    )


def _a_list() -> Rejected:
    return Rejected(
        "body",
        "a_list",
        "this page lists several articles; open one of them, and send that",
        "Trang này là danh sách nhiều tin. Hãy mở một bài rồi gửi riêng bài đó.",
    )
