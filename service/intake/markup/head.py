"""What an HTML page says of its article to machines: JSON-LD,
itemprop, OpenGraph and other meta elements.

A time that it tells is taken; nothing is guessed, and no date of an event becomes that of the news.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lxml import html as lxml_html

from service.intake.letters import tidy
from service.intake.markup.pictures import ORNAMENT
from service.intake.page import Hints
from service.intake.page.bylines import ADDRESS
from service.intake.page.datelines import dateline
from service.intake.story import Rejected
from service.intake.times import when

MOST_DATA_CHARS = 200_000
ARTICLE_KINDS = (
    "Article",
    "NewsArticle",
    "BlogPosting",
    "ReportageNewsArticle",
    "Report",
    "WebPage",
)
DATES = (
    "//meta[@property='article:published_time']/@content",
    "//*[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//*[@itemprop='datePublished']/@title",
    "//meta[@name='pubdate' or @name='publishdate' or @name='article:published_time']/@content",
    "//meta[@name='DC.date.issued' or @name='dcterms.created' or @name='date']/@content",
    "//article//time/@datetime",
    "//h1/following::time[1]/@datetime",
)
TITLES = (
    "//*[@itemprop='headline']",
    "//meta[@itemprop='headline']/@content",
    "//meta[@property='og:title']/@content",
    "//title",
)
AUTHORS = (
    "//*[@itemprop='author']//*[@itemprop='name']",
    "//meta[@itemprop='author']/@content",
)
PICTURES = ("//meta[@property='og:image']/@content", "//*[@itemprop='image']/@content")
TOPICS = (
    "//meta[@property='article:section']/@content",
    "//meta[@itemprop='articleSection']/@content",
)


def hints_of(tree: lxml_html.HtmlElement, *, whole: bool) -> Hints:
    """The hints of a page's head; `whole` when it is a page and no fragment."""
    data = _data(tree)
    titles = [
        _text(data.get("headline")),
        *(text for path in TITLES for text in _all(tree, path)),
    ]
    author = next(
        (name for name in (_name(data.get("author")), *_some(tree, AUTHORS)) if name),
        "",
    )
    section = data.get("articleSection")
    topic = _text(section[0] if isinstance(section, list) and section else section)
    return Hints(
        titles=tuple(dict.fromkeys(title for title in titles if title)),
        byline="" if ADDRESS.search(author) else author,
        topic=topic or next(iter(_some(tree, TOPICS)), ""),
        published_at=_first_time(
            [_text(data.get("datePublished")), *_some(tree, DATES)]
        ),
        picture=_picture(data.get("image"), tree),
        views=_views(data.get("interactionStatistic")),
        whole=whole,
    )


def _data(tree: lxml_html.HtmlElement) -> Mapping[str, Any]:
    """The article in the page's JSON-LD; empty where there is none, or where it cannot be read."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        text = script.text or ""
        if len(text) > MOST_DATA_CHARS:
            continue
        try:
            told = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue  # it is a hint; many portals write it by hand
        for thing in _things(told):
            kinds = thing.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if (
                any(kind in ARTICLE_KINDS for kind in kinds)
                and "datePublished" in thing
            ):
                return thing
    return {}


def _things(told: Any) -> Iterator[dict[str, Any]]:
    for each in told if isinstance(told, list) else [told]:
        if isinstance(each, dict):
            yield each
            graph = each.get("@graph")
            yield from (
                (node for node in graph if isinstance(node, dict))
                if isinstance(graph, list)
                else ()
            )


def _name(author: Any) -> str:
    author = author[0] if isinstance(author, list) and author else author
    return _text(author.get("name") if isinstance(author, dict) else author)


def _picture(image: Any, tree: lxml_html.HtmlElement) -> str:
    """The picture that the page names; many portals name their own sign for want of one."""
    image = image[0] if isinstance(image, list) and image else image
    url = (
        image.get("url") or image.get("contentUrl")
        if isinstance(image, dict)
        else image
    )
    named = (_text(url), *_some(tree, PICTURES))
    return next((each for each in named if each and not ORNAMENT.search(each)), "")


def _views(statistic: Any) -> int | None:
    """How often it was read: https://schema.org/InteractionCounter."""
    for each in statistic if isinstance(statistic, list) else [statistic]:
        if (
            isinstance(each, dict)
            and str(each.get("interactionType")).find("WatchAction") < 0
        ):
            count = str(each.get("userInteractionCount", ""))
            if count.isascii() and count.isdigit() and len(count) < 10:
                return int(count)
    return None


def _text(value: Any) -> str:
    return tidy(value) if isinstance(value, str) else ""


def _all(tree: lxml_html.HtmlElement, path: str) -> list[str]:
    values = tree.xpath(path)
    return [
        tidy(value if isinstance(value, str) else value.text_content())
        for value in values[:3]
    ]


def _some(tree: lxml_html.HtmlElement, paths: tuple[str, ...]) -> list[str]:
    return [text for path in paths for text in _all(tree, path) if text]


def _first_time(texts: list[str]) -> datetime | None:
    for text in texts:
        try:
            if time := when(text):
                return time
        except Rejected:
            if told := dateline(text):  # "11/11/2025 15:20" where ISO 8601 should stand
                return told.time
    return None
