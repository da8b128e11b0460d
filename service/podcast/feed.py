"""RSS through feedgen, with the namespace it lacks."""

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from service.podcast.values import Channel, Item

PODCAST = "https://podcastindex.org/namespace/1.0"
GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # the namespace the Podcasting 2.0 guid is made in
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed_guid(address: str) -> str:
    """The podcast:guid of a feed first seen at `address`: UUIDv5 of it without scheme and closing slashes."""
    return str(uuid.uuid5(GUIDS, re.sub(r"^\w+://", "", address).rstrip("/")))


def rss(channel: Channel, items: Sequence[Item], changed_at: datetime | None) -> bytes:
    """The feed as UTF-8 XML, items in the order given; equal values, equal bytes."""
    feed = FeedGenerator()
    feed.register_extension("itunes_plus", PlainItunes, PlainItunesEntry)
    feed.load_extension("podcast")
    feed.register_extension("podcasting", Podcasting, PodcastingEntry)
    feed.title(clean(channel.title))
    feed.description(clean(channel.description) or clean(channel.title))
    feed.link(href=channel.address, rel="self")
    feed.link(href=channel.link, rel="alternate")  # the last one is the channel's <link>
    feed.language(channel.language)
    feed.generator("Loa")
    feed.lastBuildDate(changed_at or NEVER)  # feedgen's own default is now, which would change every time
    if changed_at is not None:
        feed.pubDate(max((item.published_at for item in items), default=changed_at))
    feed.image(url=channel.image, title=clean(channel.title), link=channel.link)
    feed.podcast.itunes_image(channel.image)
    feed.podcast.itunes_author(clean(channel.author))
    feed.podcast.itunes_category(channel.category)
    feed.podcast.itunes_type("episodic")
    if channel.email:
        feed.podcast.itunes_owner(clean(channel.author), channel.email)
    feed.podcasting.guid = channel.guid
    feed.podcasting.email = channel.email
    for item in items:
        _add(feed.add_entry(order="append"), item)
    return bytes(feed.rss_str(pretty=False))


def _add(entry: FeedEntry, item: Item) -> None:
    entry.guid(item.guid, permalink=False)
    entry.title(clean(item.title))
    entry.link(href=item.link)
    entry.description(clean(item.summary))
    entry.content("".join(f"<p>{escape(clean(line))}</p>" for line in item.text.split("\n") if line), type="CDATA")
    entry.published(item.published_at)
    entry.enclosure(item.sound, str(item.bytes), item.mime)
    entry.podcast.itunes_duration(round(item.seconds))
    entry.podcast.itunes_episode_type("full")
    if item.author:
        entry.podcast.itunes_author(clean(item.author))
    if item.image:
        entry.podcast.itunes_image(item.image)
    entry.podcasting.transcript = item.transcript
    entry.podcasting.chapters = item.chapters


def clean(text: str) -> str:
    """Text that may stand in XML: one control character would spoil the whole feed."""
    return NOT_IN_XML.sub(" ", text)


class PlainItunes(BaseExtension):  # type: ignore[misc]
    """`itunes:explicit` as validators want it: feedgen only writes yes, no and clean."""

    def extend_rss(self, feed: Any) -> Any:
        """Adds itunes:explicit."""
        _itunes_explicit(feed.find("channel"))
        return feed


class PlainItunesEntry(BaseEntryExtension):  # type: ignore[misc]
    """The same for an item."""

    def extend_rss(self, entry: Any) -> Any:
        """Adds itunes:explicit."""
        _itunes_explicit(entry)
        return entry


class Podcasting(BaseExtension):  # type: ignore[misc]
    """What a channel says in the Podcasting 2.0 namespace."""

    guid = ""
    email = ""

    def extend_ns(self) -> dict[str, str]:
        """Names the namespace."""
        return {"podcast": PODCAST}

    def extend_rss(self, feed: Any) -> Any:
        """Adds guid, locked and medium."""
        channel = feed.find("channel")
        _put(channel, "guid", self.guid)
        _put(channel, "locked", "no", **({"owner": self.email} if self.email else {}))
        _put(channel, "medium", "podcast")
        return feed


class PodcastingEntry(BaseEntryExtension):  # type: ignore[misc]
    """What an item says in it."""

    transcript = ""
    chapters = ""

    def extend_rss(self, entry: Any) -> Any:
        """Adds transcript and chapters."""
        if self.transcript:
            _put(entry, "transcript", "", url=self.transcript, type="text/vtt", language="vi", rel="captions")
        if self.chapters:
            _put(entry, "chapters", "", url=self.chapters, type="application/json+chapters")
        return entry


def _put(parent: Any, name: str, text: str, **attributes: str) -> None:
    element = etree.SubElement(parent, f"{{{PODCAST}}}{name}", attributes)
    if text:
        element.text = text


def _itunes_explicit(parent: Any) -> None:
    etree.SubElement(parent, "{http://www.itunes.com/dtds/podcast-1.0.dtd}explicit").text = "false"
