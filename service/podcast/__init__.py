"""Plain values become what podcast apps read: RSS, WebVTT, chapters, M3U and covers."""

from service.podcast.cover import cover, favicon, icon, preview
from service.podcast.feed import feed_address, feed_guid, rss
from service.podcast.text import chapters_json, m3u, reading_page, vtt
from service.podcast.values import (
    Channel,
    Chapter,
    Frequency,
    Item,
    Line,
    Lite,
    Note,
    Paging,
    Person,
)

__all__ = [
    "Channel",
    "Chapter",
    "Frequency",
    "Item",
    "Line",
    "Lite",
    "Note",
    "Paging",
    "Person",
    "chapters_json",
    "cover",
    "favicon",
    "feed_address",
    "feed_guid",
    "icon",
    "m3u",
    "preview",
    "reading_page",
    "rss",
    "vtt",
]
