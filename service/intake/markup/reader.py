"""HTML becomes a Story: bounded, parsed,
its lines with their marks given to the reader of pages.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree
from lxml import html as lxml_html

from service.intake.encodings import mended
from service.intake.lines import Line, Mark
from service.intake.markup.blocks import Blocks, blocks_of
from service.intake.markup.bounds import bounded
from service.intake.markup.head import hints_of
from service.intake.markup.pictures import with_picture
from service.intake.page import Hints, read_lines, walls
from service.intake.page.reader import no_article
from service.intake.page.seen import see
from service.intake.papers import letterhead
from service.intake.rows import without_counts
from service.intake.story import Doubt, LeftOut, Story, Why

WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|title|body)\b", re.IGNORECASE)
MOST_BARE_LINES = 100


def read_html(body: str, title: str = "") -> Story:
    """The story in HTML, a page or a fragment; `title` is the sender's.

    Rejected when there is none.
    """
    whole_text = mended(body)
    tree = parsed(bounded(whole_text.text))
    whole = WHOLE_PAGE.search(body) is not None
    hints = hints_of(tree, whole=whole)
    blocks, counts = _without_counts(blocks_of(tree))
    walls.refuse(
        [line.text for line in blocks.lines] + _for_no_script(tree),
        " ".join(hints.titles),
    )
    if title:
        hints = replace(hints, titles=(title, *hints.titles))
    document = None if title else _document(blocks.lines)
    if document is not None:
        story = document
    elif whole and not _is_bare(blocks.lines):
        story = read_lines(blocks.lines, hints)
    else:
        story = _fragment(blocks.lines, hints, title)
    story = _with_crossed_out(story, blocks)
    story = with_picture(story, blocks.lines, blocks.pictures, hints.picture)
    return replace(
        story,
        left_out=(*story.left_out, *counts),
        doubts=(*whole_text.doubts, *story.doubts),
    )


def _without_counts(blocks: Blocks) -> tuple[Blocks, list[LeftOut]]:
    """The lines without the numbers of tables' rows, and those numbers."""
    texts, counts = without_counts([line.text for line in blocks.lines])
    lines = [
        replace(line, text=text) for line, text in zip(blocks.lines, texts, strict=True)
    ]
    return replace(blocks, lines=lines), [LeftOut(each, Why.COUNT) for each in counts]


def _document(lines: Sequence[Line]) -> Story | None:
    """The official document that Word saved as a page; None for a portal's page,
    which may show one.
    """
    return None if _has_frame(lines) else letterhead.read([line.text for line in lines])


def _has_frame(lines: Sequence[Line]) -> bool:
    return any(
        line.aside or line.linked or line.mark is Mark.FURNITURE for line in lines
    )


def _is_bare(lines: Sequence[Line]) -> bool:
    """Whether a page holds an article and nothing else,
    as programs that write letters make them.
    """
    return (
        not _has_frame(lines)
        and len(lines) <= MOST_BARE_LINES
        and all(each.plain for each in see(lines))
    )


def parsed(body: str) -> lxml_html.HtmlElement:
    """The tree of some HTML; Rejected when it is none."""
    try:
        return lxml_html.document_fromstring(body)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise no_article(f"this is no HTML: {error}") from error


def _fragment(lines: Sequence[Line], hints: Hints, title: str) -> Story:
    """An article alone, as an editor's field holds it: all of it is read.

    Its first line or heading is the title.
    """
    texts = [line for line in lines if any(map(str.isalnum, line.text))]
    if not title:
        title, texts = _titled(texts)
    read: list[str] = []
    left: list[LeftOut] = []
    # An editor's field holds nothing but the article: only captions are not for the ear.
    for line in texts:
        if line.mark is Mark.CAPTION:
            left.append(LeftOut(line.text, Why.CAPTION, len(read)))
        elif line.text != title:
            read.append(line.text)
    if not read:
        raise no_article("no article was found in this HTML")
    return Story(
        title=title,
        paragraphs=tuple(read),
        byline=hints.byline,
        topic=hints.topic,
        published_at=hints.published_at,
        left_out=tuple(left),
        doubts=(Doubt.NO_DATE,) if hints.whole and not hints.published_at else (),
    )


def _titled(texts: list[Line]) -> tuple[str, list[Line]]:
    """The first heading, else the first line, and the other lines."""
    if not texts:
        return "", texts
    at = next((at for at, line in enumerate(texts) if line.heading), 0)
    return texts[at].text, texts[:at] + texts[at + 1 :]


def _with_crossed_out(story: Story, blocks: Blocks) -> Story:
    """What was crossed out is not read, and listed."""
    crossed = [LeftOut(text, Why.CROSSED_OUT) for _, text in blocks.crossed_out if text]
    return replace(story, left_out=(*story.left_out, *crossed)) if crossed else story


def _for_no_script(tree: lxml_html.HtmlElement) -> list[str]:
    return [element.text_content() for element in tree.xpath("//noscript")[:5]]
