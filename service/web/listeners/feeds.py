"""The feeds: one of all, one of each station, one of each topic, with their archives and covers."""

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cachetools import LRUCache
from flask import Blueprint, Flask, Response, abort
from flask.typing import ResponseReturnValue

from service.apart import each_by_itself
from service.newsroom import Newsroom
from service.newsroom.shows import EVERYTHING
from service.newsroom.values import Show
from service.podcast import Channel, Paging, Person, cover, feed_address, feed_guid, rss
from service.web.listeners.feed_items import cover_path, item_of
from service.web.listeners.feed_shows import FeedShow, feed_show, show_of_all
from service.web.media import for_any_origin, shelved
from service.web.media.conditional import A_DAY, obeyed, precondition, with_etag
from service.web.site import Site

log = logging.getLogger("loa.feeds")

MOST_ITEMS = 100  # in a document of a feed; older ones are in its archive
FRESH_S = 60
SHELF_BYTES = 32_000_000  # of XML kept ready, whatever the number of shows
A_SECOND = timedelta(seconds=1)
PAGE = "<int(min=1,max=1000000):number>"


class Shelf:
    """The newest XML of the feeds that are asked for, for as long as their serial holds."""

    def __init__(self, most_bytes: int = SHELF_BYTES) -> None:
        self._kept: LRUCache[str, tuple[str, bytes]] = LRUCache(
            most_bytes, getsizeof=lambda kept: len(kept[1])
        )
        self._lock = threading.Lock()

    def get(self, path: str, token: str, make: Callable[[], bytes]) -> bytes:
        """The bytes made for this token."""
        with self._lock:
            kept = self._kept.get(path)
            if kept is not None and kept[0] == token:
                return kept[1]
            document = make()
            if len(document) <= self._kept.maxsize:
                self._kept[path] = (token, document)
            return document


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /feeds/… and /covers/…"""
    pages = Blueprint("feeds", __name__)
    feeds = Feeds(newsroom, site)
    views: dict[str, Callable[..., ResponseReturnValue]] = {
        "/feeds/all.xml": feeds.of_all,
        f"/feeds/all/{PAGE}.xml": feeds.archive_of_all,
        "/feeds/<kind>/<slug>.xml": feeds.of_show,
        f"/feeds/<kind>/<slug>/{PAGE}.xml": feeds.archive_of_show,
        "/covers/all/loa.jpg": feeds.cover_of_all,
        "/covers/<kind>/<slug>.jpg": feeds.cover_of_show,
    }
    for path, view in views.items():
        pages.add_url_rule(path, view.__name__, view)
    pages.after_request(for_any_origin)
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Feeds:
    """What the addresses answer."""

    newsroom: Newsroom
    site: Site
    shelf: Shelf = field(default_factory=Shelf)

    def of_all(self) -> ResponseReturnValue:
        """The newest items of everything."""
        return self._answer(EVERYTHING)

    def archive_of_all(self, number: int) -> ResponseReturnValue:
        """A page of its archive."""
        return self._answer(EVERYTHING, number)

    def of_show(self, kind: str, slug: str) -> ResponseReturnValue:
        """The newest items of a station or a topic."""
        return self._answer(f"{kind}/{slug}")

    def archive_of_show(self, kind: str, slug: str, number: int) -> ResponseReturnValue:
        """A page of its archive."""
        return self._answer(f"{kind}/{slug}", number)

    def cover_of_all(self) -> ResponseReturnValue:
        """The picture of everything."""
        return _picture(show_of_all(self.newsroom, self.site))

    def cover_of_show(self, kind: str, slug: str) -> ResponseReturnValue:
        """The picture of a station or a topic."""
        return _picture(feed_show(self.newsroom, self.site, f"{kind}/{slug}"))

    def _answer(self, path: str, number: int = 0) -> Response:
        """A document of a feed: the newest items, or page `number` of its archive.

        304 for who has it.
        """
        show = self._show(path)
        tag = self._tag(show, number)
        shelved.keep(self._settles_at(show))
        response = self._headed(path, show, tag)
        if precondition(tag, response.last_modified) is not None:
            return obeyed(response)
        document = self.shelf.get(
            f"{path}/{number}", tag, lambda: self._build(show, number)
        )
        response.set_data(document)
        return response

    def _show(self, path: str) -> Show:
        """The show's row.

        Made, with the guid it keeps for ever, when it is asked for the first time.
        """
        show = self.newsroom.shows.get(path)
        if show is None or not show.guid:
            # There must be such a station or topic
            feed_show(self.newsroom, self.site, path)
            guid = feed_guid(feed_address(self.site.public_url, path))
            show = self.newsroom.shows.name(path, guid)
        return show

    def _tag(self, show: Show, number: int) -> str:
        """All that a document is made of; the same in every process."""
        site = self.site
        ingredients = (
            show,
            number,
            site.public_url,
            site.owner_email,
            site.hub,
            site.moved_to,
            site.name,
            site.version,
        )
        return hashlib.sha256(repr(ingredients).encode()).hexdigest()[:32]

    def _headed(self, path: str, show: Show, tag: str) -> Response:
        """The answer without its document."""
        response = Response(content_type="application/rss+xml; charset=utf-8")
        response.set_etag(tag)
        if self._settles_at(show) is None:
            response.last_modified = show.changed_at.replace(microsecond=0)
        response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
        if self.site.hub:
            self_address = feed_address(self.site.public_url, path)
            links = f'<{self.site.hub}>; rel="hub", <{self_address}>; rel="self"'
            response.headers["Link"] = links
        return response

    def _settles_at(self, show: Show) -> datetime | None:
        """When the second of its last change is over:
        until then only the tag tells whether something changed.
        """
        over = show.changed_at.replace(microsecond=0) + A_SECOND
        return over if self.newsroom.now() < over else None

    def _build(self, show: Show, number: int) -> bytes:
        """The XML; 404 for a page that the archive does not have."""
        described = feed_show(self.newsroom, self.site, show.path)
        station = described.station
        topic = described.topic
        editions = self.newsroom.editions
        # The newest document grows; the pages before it are full and stay as they are.
        full_pages = (
            max(0, editions.ever(station=station, topic=topic) - 1) // MOST_ITEMS
        )
        if number > full_pages:
            abort(404)
        if number:
            shown = editions.archive(number, MOST_ITEMS, station=station, topic=topic)
        else:
            shown = editions.latest(
                station=station, topic=topic, limit=MOST_ITEMS, counted=False
            ).editions
        items = each_by_itself(
            shown,
            lambda edition: item_of(edition, self.site),
            log=log,
            doing=f"an item of the feed {show.path}",
            name=lambda edition: edition.slug,
        )
        return rss(
            self._channel(described, show, number, full_pages), items, show.changed_at
        )

    def _channel(
        self, described: FeedShow, show: Show, number: int, full_pages: int
    ) -> Channel:
        site, path = self.site, described.path
        page = site.public_url + described.page
        return Channel(
            title=described.title,
            description=described.description,
            link=page,
            address=_document(site.public_url, path, number),
            image=site.public_url + cover_path(path),
            author=described.title,
            guid=show.guid,
            email=site.owner_email,
            place=described.place,
            people=(Person(described.title, "producer", "creative direction", page),),
            frequency=described.frequency,
            hub=site.hub,
            moved_to=feed_address(site.moved_to, path) if site.moved_to else "",
            paging=_paging(site.public_url, path, number, full_pages)
            if full_pages
            else None,
        )


def _picture(show: FeedShow) -> Response:
    picture = cover(show.title, "Tin đọc thành tiếng")
    return with_etag(Response(picture, content_type="image/jpeg"), A_DAY)


def _document(public_url: str, path: str, number: int) -> str:
    """The address of page `number` of a feed's archive; 0 is the feed itself."""
    return feed_address(public_url, f"{path}/{number}" if number else path)


def _paging(public_url: str, path: str, number: int, full: int) -> Paging:
    """The neighbours of a document.

    The pages of the archive are numbered from the oldest, so that they stay.
    """
    older = number - 1 if number else full
    newer = number + 1 if 0 < number < full else 0
    return Paging(
        current=_document(public_url, path, 0),
        last=_document(public_url, path, 1),
        older=_document(public_url, path, older) if older else "",
        newer=_document(public_url, path, newer) if number else "",
        archived=number > 0,
    )
