"""HTML, a page or a fragment: which of it is the article."""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml import html as lxml_html

from service.intake.letters import lines_of, tidy
from service.intake.page import no_article, without_noise
from service.intake.story import Rejected, Story
from service.intake.tags import bounded
from service.intake.times import when


def read_html(body: str, title: str = "") -> Story:
    """HTML, a fragment or a page: trafilatura finds the article, we find what the newsroom needs in it."""
    body = bounded(body)
    try:
        tree = lxml_html.document_fromstring(body)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise no_article(f"this is no HTML: {error}") from error
    found = _extract(body)
    text = found.text
    lines = text.split("\n") if text.strip() else _blocks(tree)
    if len(lines) < 2 and len(_blocks(tree)) > len(lines):
        lines = _blocks(tree)  # a fragment: nothing marks its article, because it is nothing else
    lines, byline, left_out = without_noise([tidy(line) for line in lines])
    title = title or _first(tree, "//meta[@property='og:title']/@content", "//h1", "//title")
    title = tidy(title) or found.title or (lines[0] if lines else "")
    description = tidy(
        _first(
            tree,
            "//meta[@property='og:description']/@content",
            "//meta[@name='description']/@content",
        )
    )
    lines = [line for line in lines if line != title]
    if not lines:
        raise no_article("no article was found in this HTML")
    lead = (
        description
        if description and lines[0].startswith(description[:60]) and len(lines) > 1
        else ""
    )
    if lead:
        lead, lines = lines[0], lines[1:]
    return Story(
        title=title,
        paragraphs=tuple(lines),
        lead=lead,
        byline=tidy(byline or found.author),
        topic=tidy(_first(tree, "//meta[@property='article:section']/@content")),
        published_at=_published(tree, found.date),
        left_out=tuple(left_out),
    )


@dataclass(frozen=True, slots=True)
class _Extracted:
    """What trafilatura found; "" where it found nothing."""

    text: str = ""
    title: str = ""
    author: str = ""
    date: str = ""


def _extract(body: str) -> _Extracted:
    import trafilatura  # half a second of imports, which only HTML needs

    document = trafilatura.bare_extraction(
        body, include_comments=False, include_tables=False, with_metadata=True
    )
    if document is None:
        return _Extracted()
    found = document if isinstance(document, dict) else document.as_dict()
    return _Extracted(*(str(found.get(name) or "") for name in ("text", "title", "author", "date")))


def _blocks(tree: lxml_html.HtmlElement) -> list[str]:
    """Text by block elements, as a reader sees it."""
    for gone in tree.xpath("//script|//style|//noscript|//template"):
        gone.drop_tree()
    found = tree.xpath(
        "//p|//h1|//h2|//h3|//h4|//li|//blockquote[not(p)]|//div[not(.//div or .//p)]"
    )
    return [
        text for text in (tidy(element.text_content()) for element in found) if text
    ] or lines_of(tree.text_content())


def _published(tree: lxml_html.HtmlElement, found: str) -> datetime | None:
    said = _first(tree, "//meta[@property='article:published_time']/@content", "//time/@datetime")
    for text in (said, found):
        try:
            if time := when(text):
                return time
        except Rejected:
            continue  # the page's own metadata is a hint, not an input of the sender
    return None


def _first(tree: lxml_html.HtmlElement, *paths: str) -> str:
    for path in paths:
        for found in tree.xpath(path):
            text = found if isinstance(found, str) else found.text_content()
            if text.strip():
                return str(text).strip()
    return ""
