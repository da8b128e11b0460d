"""Pictures of documents: what stands below them is a caption, and the first large one is kept."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.intake.apart.picture import made_small
from service.intake.documents.written import Enclosed, Written
from service.intake.letters import tidy
from service.intake.lines import Line, is_capitals, is_sentence
from service.intake.markup.pictures import Shown
from service.intake.page.body import Span
from service.intake.page.captions import captions_of
from service.intake.page.seen import Seen, see
from service.intake.papers.heads import has_motto
from service.intake.story import LeftOut, Rejected, Story, Why

MOST_PICTURES = 20  # of a document, that are looked at
MOST_TRIED = 3  # that may be the one: the others are signs, or of no kind that is shown
SURE_CHARS = 30  # of a line that is known again within a paragraph


def illustrated(
    lines: Sequence[Line],
    shown: Sequence[Shown],
    pictures: Mapping[str, bytes],
    left_out: Sequence[LeftOut] = (),
) -> Written:
    """A document of these lines without its captions, and the `pictures` that are `shown` in it."""
    captions = _captions_in(lines)
    kept = [at for at in range(len(lines)) if at not in captions]
    below = [LeftOut(lines[at].text, Why.CAPTION) for at in sorted(captions)]
    enclosed = [
        Enclosed(
            pictures[each.address],
            bisect_left(kept, each.before),
            lines[each.before].text if each.before in captions else "",
        )
        for each in shown
        if each.address in pictures
    ]
    return Written(
        [lines[at].text for at in kept], [*below, *left_out], tuple(enclosed)
    )


def with_picture(story: Story, document: Written) -> Story:
    """The story with the first large picture between its title and its end, and its caption."""
    if not document.pictures:
        return story
    extent = _extent(story, [tidy(line) for line in document.lines])
    near = [picture for picture in document.pictures if picture.before in extent]
    for picture in near[:MOST_TRIED]:
        try:
            small = made_small(picture.data)
        except (Rejected, MemoryError):
            continue  # a picture never costs the text that it came with
        return replace(story, enclosed=small, picture_caption=picture.caption)
    return story


def _captions_in(lines: Sequence[Line]) -> frozenset[int]:
    """Lines below pictures that say what is seen there: by their looks, or by their words."""
    if not any(line.pictured for line in lines):
        return frozenset()
    seen = see(lines)
    weighed = captions_of(seen, Span(0, len(lines)))
    return frozenset(
        at
        for at in range(_first_place(lines), len(lines))
        if lines[at].pictured and (at in weighed or _looks_like_caption(seen[at]))
    )


def _first_place(lines: Sequence[Line]) -> int:
    """The first line that may be a caption: above it a sign stands over offices and the title."""
    if not any(has_motto(line.text) for line in lines):
        return 1
    sentences = (at for at, line in enumerate(lines) if is_sentence(line.text))
    return next(sentences, len(lines))


def _looks_like_caption(each: Seen) -> bool:
    """Whether an editor set it apart, or its words say so: "Ảnh: Bà con vận chuyển cát"."""
    line = each.line
    is_title = line.strong or line.heading or is_capitals(line.text)
    return each.why is Why.CAPTION and not is_title


def _extent(story: Story, lines: Sequence[str]) -> range:
    """The places (before a line, from 0) below the title to below the last line that is read."""
    paragraphs = {story.lead, *story.paragraphs}
    text = "\n".join(paragraphs)

    def is_read(at: int) -> bool:
        line = lines[at]
        return line in paragraphs or (len(line) >= SURE_CHARS and line in text)

    first = next(filter(is_read, range(len(lines))), None)
    if first is None:
        return range(0)
    last = next(filter(is_read, reversed(range(len(lines)))), first)
    titled = (
        at for at in reversed(range(first)) if lines[at] and lines[at] in story.title
    )
    begins = next(titled, first - 1) + 1
    return range(begins, last + 2)
