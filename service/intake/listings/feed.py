"""RSS and Atom, of every version and with every fault: feedparser knows them."""

import calendar
import io
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

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


def read(data: bytes, base: str, _selector: str) -> Listing:
    """The entries of a feed, as it orders them."""
    import feedparser  # only feeds need it

    # As a file, never as text: given a string, the library would open what it names.
    feed = feedparser.parse(
        io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False
    )
    if not feed.version:
        raise Rejected(
            "url",
            "no_feed",
            "this is no RSS or Atom feed; look for the address that the portal's RSS sign leads to",
            "Địa chỉ này không phải RSS hay Atom. Hãy tìm biểu tượng RSS trên cổng.",
        )
    return bounded([_entry(each, base) for each in feed.entries])


def _entry(each: Any, base: str) -> Entry:
    url = _joined(base, str(each.get("link", "")))
    title = tidy(str(each.get("title", "")))
    published = _time(each.get("published_parsed") or each.get("updated_parsed"))
    # Neither its time nor its address: portals' clocks are set, and links gain tracking; no word
    # changes. Asked of the dictionary itself, for the library gives the time of publication for a
    # missing `updated`.
    told = [str(dict.get(each, name, "")) for name in ("updated", "summary")]
    return Entry(
        guid=guid_of(str(each.get("id", "")) or url or title),
        url=url,
        title=title,
        fingerprint=fingerprint_of(title, *told),
        document=url,
        published_at=published,
        topics=tuple(tidy(str(tag.get("term") or "")) for tag in each.get("tags", ())),
    )


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url.strip()) if url.strip() else ""
    except ValueError:  # an address that cannot be read is none
        return ""


def _time(parsed: Any) -> datetime | None:
    """The time in UTC.

    None for one that cannot be: portals write the year 0001 where they know none.
    """
    if not parsed:
        return None
    try:
        time = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return time if is_likely(time) else None
