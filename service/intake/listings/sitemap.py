"""A site's map: https://www.sitemaps.org/protocol.html,
with Google's names for news where they stand.
"""

from datetime import datetime

from lxml import etree

from service.intake.addresses import is_home, is_web
from service.intake.letters import tidy
from service.intake.listings.entry import (
    Entry,
    Listing,
    bounded,
    fingerprint_of,
    guid_of,
)
from service.intake.story import Rejected
from service.intake.times import is_likely
from service.zone import VIETNAM

NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
EARLIEST = datetime(1, 1, 2, tzinfo=VIETNAM)  # before every time that a map can tell


def read(data: bytes, _base: str, _selector: str) -> Listing:
    """The pages, the last changed first; of an index, where its newest map is."""
    root = _root(data)
    elements = [element for element in root if isinstance(element.tag, str)]
    places = [place for place in map(_place, elements) if is_web(place.url)]
    newest_first = sorted(
        places, key=lambda entry: entry.published_at or EARLIEST, reverse=True
    )
    if etree.QName(root).localname == "sitemapindex":
        if not newest_first:
            raise _no_map("the index is empty")
        return Listing((), newest_first[0].url)
    return bounded([entry for entry in newest_first if not is_home(entry.url)])


def _root(data: bytes) -> etree._Element:
    # An entity can name a file of ours, or grow to gigabytes: none is resolved.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _no_map(str(error)[:200]) from error
    if etree.QName(root).localname not in ("urlset", "sitemapindex"):
        raise _no_map("it is other XML")
    return root


def _place(element: etree._Element) -> Entry:
    """A page or a map.

    Pictures and films stand in it with addresses, titles and times of their own: of the names here,
    only the map's own children and Google's for news count.
    """
    own = f"{{{etree.QName(element).namespace or ''}}}"
    url, changed = _text(element, f"{own}loc"), _text(element, f"{own}lastmod")
    title = tidy(_text(element, f"{NEWS}news/{NEWS}title"))
    published = _text(element, f"{NEWS}news/{NEWS}publication_date")
    return Entry(
        guid=guid_of(url),
        url=url,
        title=title,
        fingerprint=fingerprint_of(title, changed),
        document=url,
        published_at=_time(published or changed),
    )


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=VIETNAM)
    return time if is_likely(time) else None


def _no_map(why: str) -> Rejected:
    return Rejected(
        "url",
        "no_sitemap",
        f"this is no site map: {why}",
        "Địa chỉ này không phải sơ đồ trang (sitemap.xml).",
    )
