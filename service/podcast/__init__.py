"""Plain values become what podcast apps read: RSS, WebVTT, chapters, M3U and covers."""

from service.podcast.cover import cover
from service.podcast.feed import feed_guid, rss
from service.podcast.text import chapters_json, m3u, vtt
from service.podcast.values import Channel, Chapter, Item, Line

__all__ = ["Channel", "Chapter", "Item", "Line", "chapters_json", "cover", "feed_guid", "m3u", "rss", "vtt"]
