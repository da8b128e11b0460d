"""A whole page becomes a Story: what each line could be,
then where the article is, then what stands around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.intake.encodings import mended
from service.intake.letters import lines_of, tidy, unescape
from service.intake.lines import Line, Mark, is_item, is_label
from service.intake.page import walls
from service.intake.page.body import Span, has_more, is_list, is_loose, span_of
from service.intake.page.bylines import alone
from service.intake.page.counters import views_of
from service.intake.page.heading import date_at, title_of, topic_at
from service.intake.page.seen import Seen, see
from service.intake.page.wrapped import unwrapped
from service.intake.papers import letterhead
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
    lines = [line for line in map(tidy, lines_of(unescape(whole.text))) if line]
    story = letterhead.read(lines) or read_lines(
        [Line(text) for text in unwrapped(lines)], Hints()
    )
    return replace(story, doubts=(*whole.doubts, *story.doubts))


def read_lines(lines: Sequence[Line], hints: Hints) -> Story:
    """The story in lines of a page of which more or less is known."""
    seen = see(lines)
    span = span_of(seen)
    if span is None:
        raise no_article(
            "no article was found on this page; paste its title and text instead"
        )
    if is_list(seen, span):
        raise _a_list()
    walls.refuse([each.text for each in seen[span.start : span.end]])
    return _Page(seen, span, hints).story()


class _Page:
    """A page whose article was found; what becomes of each of its lines."""

    def __init__(self, seen: Sequence[Seen], span: Span, hints: Hints) -> None:
        self._seen = seen
        self._hints = hints
        self._title = title_of(seen, span, [title.casefold() for title in hints.titles])
        self._title_at = self._title.at if self._title else span.start
        start = max(span.start, self._title_at + 1) if self._title else span.start
        # A lead without its full stop scores low, and would be lost between title and text.
        first = next(
            (at for at in range(self._title_at + 1, start) if is_loose(seen[at])), start
        )
        self._span = Span(first, span.end, span.unsure or first < start)
        self._topic_at = topic_at(seen, self._title_at)
        self._date = date_at(seen, self._title_at, self._span)
        self._byline_at: int | None = None

    def story(self) -> Story:
        byline = self._byline()
        read = [
            at for at in range(self._span.start, self._span.end) if self._is_read(at)
        ]
        if not read:
            raise no_article("there is a title, but no sentence to read")
        title = self._seen[self._title_at].text if self._title else ""
        title = title or next(iter(self._hints.titles), "")
        lead, paragraphs = self._lead(read)
        topic = "" if self._topic_at is None else self._seen[self._topic_at].text
        return Story(
            title=title,
            paragraphs=tuple(paragraphs),
            lead=lead,
            byline=self._hints.byline or byline,
            topic=self._hints.topic or topic,
            published_at=self._published(),
            views=self._views(read),
            left_out=tuple(self._left_out(read, has_lead=bool(lead))),
            doubts=tuple(self._doubts()),
        )

    def _is_read(self, at: int) -> bool:
        each = self._seen[at]
        return each.plain and at != self._byline_at and not self._repeats_title(at)

    def _repeats_title(self, at: int) -> bool:
        title = self._seen[self._title_at].text if self._title else ""
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
            if each.plain and (who := alone(each.text)):
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
        return seen.time if seen and is_likely(seen.time) else None

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
            if self._title and at == self._title_at:
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
        if each.why is not Why.OUTSIDE:
            return each.why
        if section is Why.OUTSIDE and (each.line.aside or at < self._title_at):
            return Why.MENU
        return section

    def _doubts(self) -> list[Doubt]:
        unsure_title = self._title is None or self._title.unsure
        unsure_body = self._span.unsure or has_more(self._seen, self._span)
        found = {
            Doubt.UNSURE_TITLE: unsure_title and not self._is_named(),
            Doubt.UNSURE_BODY: unsure_body,
            Doubt.NO_DATE: self._hints.whole and self._published() is None,
        }
        return [doubt for doubt, holds in found.items() if holds]

    def _is_named(self) -> bool:
        title = self._seen[self._title_at].text.casefold()
        return any(title in named.casefold() for named in self._hints.titles)


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
