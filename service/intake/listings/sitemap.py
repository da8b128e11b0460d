"""A site's map: https://www.sitemaps.org/protocol.html,
with Google's names for news where they stand.
"""

from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

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

EARLIEST = datetime(1, 1, 2, tzinfo=VIETNAM)  # before every time that a map can tell


def read(data: bytes, _base: str, _selector: str) -> Listing:
    """The pages, the last changed first; of an index, where its newest map is."""
    root = _root(data)
    places = [_place(element) for element in root if isinstance(element.tag, str)]
    newest_first = sorted(
        places, key=lambda entry: entry.published_at or EARLIEST, reverse=True
    )
    if etree.QName(root).localname == "sitemapindex":
        if not newest_first:
            raise _no_map("the index is empty")
        return Listing((), newest_first[0].url)
    pages = [entry for entry in newest_first if urlsplit(entry.url).path.strip("/")]
    return bounded(pages)


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
    texts = {
        etree.QName(part).localname: (part.text or "").strip()
        for part in element.iter()
        if isinstance(part.tag, str)
    }
    url, changed = texts.get("loc", ""), texts.get("lastmod", "")
    title = tidy(texts.get("title", ""))
    return Entry(
        guid=guid_of(url),
        url=url,
        title=title,
        fingerprint=fingerprint_of(title, changed),
        document=url,
        published_at=_time(texts.get("publication_date", "") or changed),
    )


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
