"""A page that lists news, of a portal that has no feed: a CSS selector says where its links are."""

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml import html as lxml_html

from service.intake.addresses import joined
from service.intake.encodings import decode
from service.intake.letters import tidy
from service.intake.listings.entry import (
    Entry,
    Listing,
    bounded,
    fingerprint_of,
    guid_of,
)
from service.intake.markup.bounds import bounded as bounded_html
from service.intake.markup.reader import parsed
from service.intake.story import Rejected

LONGEST_SELECTOR_CHARS = 200


def check_selector(selector: str) -> None:
    """Rejected names `selector` when it is none."""
    _xpath(selector)


def read(data: bytes, base: str, selector: str) -> Listing:
    """The links that the selector finds, or the first link in each element that it finds."""
    tree = parsed(bounded_html(decode(data, "url")))
    try:
        elements = tree.xpath(_xpath(selector))
    except etree.XPathError as error:
        raise _no_selector(selector) from error
    links = [link for element in elements if (link := _link(element)) is not None]
    if not links:
        raise Rejected(
            "selector",
            "nothing_listed",
            f"{selector!r} finds no link on this page",
            "Bộ chọn CSS không tìm thấy đường dẫn nào trên trang này.",
        )
    return bounded([_entry(link, base) for link in links])


def _entry(link: lxml_html.HtmlElement, base: str) -> Entry:
    title = tidy(link.text_content()) or tidy(link.get("title") or "")
    url = joined(base, link.get("href") or "").partition("#")[0]
    return Entry(guid_of(url), url, title, fingerprint_of(title), document=url)


def _link(element: lxml_html.HtmlElement) -> lxml_html.HtmlElement | None:
    if element.tag == "a" and element.get("href"):
        return element
    return element.find(".//a[@href]")


def _xpath(selector: str) -> str:
    if not selector.strip() or len(selector) > LONGEST_SELECTOR_CHARS:
        raise _no_selector(selector)
    try:
        return str(HTMLTranslator().css_to_xpath(selector))
    except SelectorError as error:
        raise _no_selector(selector) from error


def _no_selector(selector: str) -> Rejected:
    return Rejected(
        "selector",
        "no_selector",
        f"{selector[:LONGEST_SELECTOR_CHARS]!r} is no CSS selector such as .news-list h3 a",
        "Bộ chọn CSS không hợp lệ. Ví dụ: .news-list h3 a",
    )
