"""RSS and Atom, of every version and with every fault: feedparser knows them."""

import io
import re
from datetime import UTC, datetime
from email.utils import parsedate
from typing import Any

from service.intake.addresses import joined
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

# "18:30:00Z", "18:30:00 GMT", "18:30:00.123+07:00"; no zone: "18:30:00", "18:30:00 2025".
ZONED = re.compile(
    r"\d:\d\d(?::\d\d(?:\.\d{1,9})?)? ?(?:[+-]\d|(?!(?:AM|PM|SA|CH)\b)[A-Z])", re.I
)


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
    url = joined(base, str(each.get("link", "")))
    title = tidy(str(each.get("title", "")))
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
        published_at=_time(each, "published") or _time(each, "updated"),
        topics=tuple(tidy(str(tag.get("term") or "")) for tag in each.get("tags", ())),
    )


def _time(each: Any, name: str) -> datetime | None:
    """The time under a name, in Vietnam's zone when it names none: the library takes it for UTC's.

    None for one that cannot be: portals write the year 0001 where they know none.
    """
    text = str(each.get(name, ""))
    # The library knows no "12 Nov 2025 18:30:00" without a zone.
    parsed = each.get(f"{name}_parsed") or parsedate(text)
    if not parsed:
        return None
    zone = UTC if ZONED.search(text) else VIETNAM
    try:
        year, month, day, hour, minute, second = parsed[:6]
        time = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        return None
    return time if is_likely(time) else None
