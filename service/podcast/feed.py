"""RSS through feedgen, with the namespaces it lacks."""

import logging
import re
import uuid
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from service.apart import each_by_itself, failure
from service.podcast.values import Channel, Item, Lite, Note, Paging, Person

log = logging.getLogger("loa.feeds")

ATOM = "http://www.w3.org/2005/Atom"
# The namespace of RFC 5005, paged and archived feeds.
HISTORY = "http://purl.org/syndication/history/1.0"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
# The namespace the Podcasting 2.0 guid is made in.
GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed_address(public_url: str, path: str) -> str:
    """Where the feed of a path such as "stations/suoi-lanh" is to be had."""
    return f"{public_url}/feeds/{path}.xml"


def feed_guid(address: str) -> str:
    """The podcast:guid of a feed first seen at `address`:
    UUIDv5 of it without scheme and closing slashes.
    """
    return str(uuid.uuid5(GUIDS, re.sub(r"^\w+://", "", address).rstrip("/")))


def rss(channel: Channel, items: Sequence[Item], changed_at: datetime | None) -> bytes:
    """The feed as UTF-8 XML, items in the order given; equal values, equal bytes.

    An item that cannot be written is left out and told in the log.
    """
    documents: list[bytes] = []
    if failure(lambda: documents.append(_document(channel, items, changed_at))) is None:
        return documents[0]
    # Which one it is, only a document of each alone tells: feedgen writes all at the end.
    sound = each_by_itself(
        items,
        lambda item: (_document(channel, (item,), changed_at), item)[1],
        log=log,
        doing=f"writing the feed {channel.address}",
        name=lambda item: item.guid,
    )
    return _document(channel, sound, changed_at)


def _document(
    channel: Channel, items: Sequence[Item], changed_at: datetime | None
) -> bytes:
    """The whole feed, or an exception of a library's when something in it cannot be written."""
    feed = FeedGenerator()
    feed.register_extension("itunes_plus", PlainItunes, PlainItunesEntry)
    feed.load_extension("podcast")
    feed.register_extension("history", History, rss=True, atom=False)
    feed.register_extension("podcasting", Podcasting, PodcastingEntry)
    _describe(feed, channel)
    _date(feed, items, changed_at)
    _describe_to_apple(feed.podcast, channel)
    feed.history.channel = channel
    feed.podcasting.channel = channel
    for item in items:
        _add(feed.add_entry(order="append"), item)
    return bytes(feed.rss_str(pretty=False))


def _describe(feed: FeedGenerator, channel: Channel) -> None:
    """RSS 2.0's own elements."""
    title = clean(channel.title)
    feed.title(title)
    feed.description(clean(channel.description) or title)
    feed.link(href=channel.address, rel="self", type="application/rss+xml")
    # The last link is the channel's <link>.
    feed.link(href=channel.link, rel="alternate")
    feed.language(channel.language)
    feed.copyright(f"© {clean(channel.author)}")
    feed.generator("Loa")
    feed.image(url=channel.image, title=title, link=channel.link)


def _date(
    feed: FeedGenerator, items: Sequence[Item], changed_at: datetime | None
) -> None:
    # feedgen's own default is now: the feed would change with every look at it.
    feed.lastBuildDate(changed_at or NEVER)
    if changed_at is not None:
        newest = max((item.published_at for item in items), default=changed_at)
        feed.pubDate(newest)


def _describe_to_apple(podcast: Any, channel: Channel) -> None:
    """The itunes namespace, which all apps read."""
    author = clean(channel.author)
    podcast.itunes_image(channel.image)
    podcast.itunes_author(author)
    podcast.itunes_category(*channel.category)
    podcast.itunes_type("episodic")
    if channel.email:
        podcast.itunes_owner(author, channel.email)
    if channel.moved_to:
        podcast.itunes_new_feed_url(channel.moved_to)


def _add(entry: FeedEntry, item: Item) -> None:
    entry.guid(item.guid, permalink=False)
    entry.title(clean(item.title))
    entry.link(href=item.link)
    notes = [note.text for note in item.notes]
    entry.description(clean("\n".join([*notes, item.summary])))
    entry.content(_content(item), type="CDATA")
    entry.published(item.published_at)
    entry.enclosure(item.sound, str(item.bytes), item.mime)
    entry.podcast.itunes_duration(round(item.seconds))
    entry.podcast.itunes_episode_type("full")
    if item.season is not None and item.number is not None:
        entry.podcast.itunes_season(item.season)
        entry.podcast.itunes_episode(item.number)
    if item.author:
        entry.podcast.itunes_author(clean(item.author))
    if item.image:
        entry.podcast.itunes_image(item.image)
    entry.podcasting.item = item


def _content(item: Item) -> str:
    """The show notes as HTML: what was corrected first, then the text."""
    notes = [_note(note) for note in item.notes]
    lines = filter(None, item.text.split("\n"))
    paragraphs = [f"<p>{escape(clean(line))}</p>" for line in lines]
    return "".join([*notes, *paragraphs])


def _note(note: Note) -> str:
    link = f'<a href="{escape(note.link)}">{escape(note.label)}</a>'
    return f"<p><strong>{escape(clean(note.text))}</strong> {link}</p>"


def clean(text: str) -> str:
    """Text that may stand in XML: one control character would spoil the whole feed."""
    return NOT_IN_XML.sub(" ", text)


def integrity(sha256: str) -> str:
    """A SHA-256 in hexadecimal as Subresource Integrity writes it."""
    return f"sha256-{b64encode(bytes.fromhex(sha256)).decode()}"


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


class History(BaseExtension):  # type: ignore[misc]
    """Where else to look: older and newer documents (RFC 5005),
    the hub (WebSub). feedgen writes only `self`.
    """

    channel: Channel

    def extend_ns(self) -> dict[str, str]:
        """Names the namespace."""
        return {"fh": HISTORY}

    def extend_rss(self, feed: Any) -> Any:
        """Adds atom:link elements and the mark of an archived document."""
        channel = feed.find("channel")
        for rel, href in self._links():
            etree.SubElement(channel, f"{{{ATOM}}}link", {"rel": rel, "href": href})
        if self.channel.paging and self.channel.paging.archived:
            etree.SubElement(channel, f"{{{HISTORY}}}archive")
        return feed

    def _links(self) -> list[tuple[str, str]]:
        """Each relation and where it leads; those that lead somewhere."""
        paging = self.channel.paging
        links = [("hub", self.channel.hub)]
        if paging is not None:
            links += _paged(paging)
            links += _archived(paging)
        return [(rel, href) for rel, href in links if href]


def _paged(paging: Paging) -> list[tuple[str, str]]:
    """RFC 5005, section 3: paged feeds."""
    return [
        ("first", paging.current),
        ("last", paging.last),
        ("previous", paging.newer),
        ("next", paging.older),
    ]


def _archived(paging: Paging) -> list[tuple[str, str]]:
    """RFC 5005, section 4: archived feeds."""
    links = [("prev-archive", paging.older)]
    if paging.archived:
        links = [("current", paging.current), *links]
    if paging.newer != paging.current:
        links.append(("next-archive", paging.newer))
    return links


class Podcasting(BaseExtension):  # type: ignore[misc]
    """What a channel says in the Podcasting 2.0 namespace."""

    channel: Channel

    def extend_ns(self) -> dict[str, str]:
        """Names the namespace."""
        return {"podcast": PODCAST}

    def extend_rss(self, feed: Any) -> Any:
        """Adds guid, locked, medium, location, person, updateFrequency and txt."""
        to, said = feed.find("channel"), self.channel
        _put(to, "guid", said.guid)
        # A public body's feed is not to be taken to another host, unless it is just moving there.
        _put(to, "locked", "no" if said.moved_to else "yes", owner=said.email)
        _put(to, "medium", "podcast")
        if said.place:
            _put(to, "location", said.place, rel="subject", country=said.country)
        _put_people(to, said.people)
        if said.frequency:
            _put(to, "updateFrequency", said.frequency.words, rrule=said.frequency.rule)
        _put_machine(to, said.by_machine)
        return feed


class PodcastingEntry(BaseEntryExtension):  # type: ignore[misc]
    """What an item says in it."""

    item: Item

    def extend_rss(self, entry: Any) -> Any:
        """Adds transcripts, chapters, the lite sound, people, season and episode, and txt."""
        said = self.item
        if said.transcript:
            _put(
                entry,
                "transcript",
                "",
                url=said.transcript,
                type="text/vtt",
                language="vi",
                rel="captions",
            )
        if said.transcript_page:
            _put(
                entry,
                "transcript",
                "",
                url=said.transcript_page,
                type="text/html",
                language="vi",
            )
        if said.chapters:
            _put(
                entry,
                "chapters",
                "",
                url=said.chapters,
                type="application/json+chapters",
            )
        if said.lite:
            _put_lite(entry, said.lite)
        _put_people(entry, said.people)
        if said.season is not None and said.number is not None:
            _put(entry, "season", str(said.season))
            _put(entry, "episode", str(said.number))
        _put_machine(entry, said.by_machine)
        return entry


def _put(parent: Any, name: str, text: str, **attributes: str) -> Any:
    given = {key: clean(value) for key, value in attributes.items() if value}
    element = etree.SubElement(parent, f"{{{PODCAST}}}{name}", given)
    if text:
        element.text = clean(text)
    return element


def _put_people(parent: Any, people: Sequence[Person]) -> None:
    for person in people:
        _put(
            parent,
            "person",
            person.name,
            role=person.role,
            group=person.group,
            href=person.href,
        )


def _put_machine(parent: Any, by_machine: bool) -> None:
    _put(parent, "txt", "true" if by_machine else "false", purpose="ai-content")


def _put_lite(parent: Any, lite: Lite) -> None:
    bitrate = str(round(lite.bytes * 8 / lite.seconds)) if lite.seconds else ""
    other = _put(
        parent,
        "alternateEnclosure",
        "",
        type=lite.mime,
        length=str(lite.bytes),
        bitrate=bitrate,
        title=lite.title,
    )
    etree.SubElement(other, f"{{{PODCAST}}}source", {"uri": lite.address})
    etree.SubElement(
        other,
        f"{{{PODCAST}}}integrity",
        {"type": "sri", "value": integrity(lite.sha256)},
    )


def _itunes_explicit(parent: Any) -> None:
    etree.SubElement(parent, f"{{{ITUNES}}}explicit").text = "false"
