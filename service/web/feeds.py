"""The shows: one feed of all, one of each station, one of each topic, and their covers."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.http import is_resource_modified

from service.newsroom import Newsroom
from service.newsroom.values import Edition, Stamp
from service.podcast import Channel, Item, cover, feed_guid, rss
from service.web.site import Site

MOST_ITEMS = 100
FRESH_S = 60


@dataclass(frozen=True, slots=True)
class Show:
    """A feed: whose news, under which name; `path` without host or suffix, as in "stations/suoi-lanh"."""

    path: str
    title: str
    description: str
    page: str
    station: str = ""
    topic: str = ""


class Shelf:
    """The newest XML of each feed, for as long as its stamp holds."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, bytes]] = {}
        self._lock = threading.Lock()

    def get(self, path: str, token: str, make: Callable[[], bytes]) -> bytes:
        """The bytes made for this token."""
        with self._lock:
            kept = self._kept.get(path)
            if kept is None or kept[0] != token:
                kept = self._kept[path] = (token, make())
            return kept[1]


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /feeds/… and /covers/…"""
    pages = Blueprint("feeds", __name__)
    shelf = Shelf()

    def show_of(kind: str, slug: str) -> Show:
        if kind == "stations":
            station = newsroom.stations.get(slug)
            text = station.description or f"Tin của {station.name}."
            return Show(f"stations/{slug}", station.name, text, f"/stations/{slug}", station=slug)
        if kind != "topics":
            abort(404)
        topic = newsroom.stations.topic(slug)
        text = f"Tin về {topic.name}, đọc thành tiếng."
        return Show(f"topics/{slug}", f"{topic.name} · {site.name}", text, f"/topics/{slug}", topic=slug)

    def everything() -> Show:
        home = newsroom.stations.home()
        text = "Tin xã nhà, đọc thành tiếng mỗi ngày."
        title = home.name if home and site.name == "Loa" else site.name
        return Show("all", title, text, "/")

    def answer(show: Show) -> Response:
        stamp = newsroom.editions.stamp(station=show.station, topic=show.topic)
        response = Response(content_type="application/rss+xml; charset=utf-8")
        said = (stamp.token, show, site.public_url, site.owner_email, site.version)  # the same in every process
        tag = hashlib.sha256(repr(said).encode()).hexdigest()[:32]
        response.set_etag(tag)
        response.last_modified = (stamp.newest or datetime.fromtimestamp(0, UTC)).replace(microsecond=0)
        response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
        response.headers["Access-Control-Allow-Origin"] = "*"
        if not is_resource_modified(request.environ, tag, last_modified=response.last_modified):
            response.status_code = 304
            return response
        response.set_data(shelf.get(show.path, tag, lambda: _build(newsroom, site, show, stamp)))
        return response

    @pages.get("/feeds/all.xml")
    def feed_of_all() -> ResponseReturnValue:
        return answer(everything())

    @pages.get("/feeds/<kind>/<slug>.xml")
    def feed(kind: str, slug: str) -> ResponseReturnValue:
        return answer(show_of(kind, slug))

    @pages.get("/covers/all/loa.jpg")
    def cover_of_all() -> ResponseReturnValue:
        return _picture(everything())

    @pages.get("/covers/<kind>/<slug>.jpg")
    def picture(kind: str, slug: str) -> ResponseReturnValue:
        return _picture(show_of(kind, slug))

    app.register_blueprint(pages)


def cover_path(show_path: str) -> str:
    """Where a show's cover lies."""
    return "/covers/all/loa.jpg" if show_path == "all" else f"/covers/{show_path}.jpg"


def _picture(show: Show) -> Response:
    response = Response(cover(show.title, "Tin đọc thành tiếng"), content_type="image/jpeg")
    response.add_etag()
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.make_conditional(request.environ)
    return response


def _build(newsroom: Newsroom, site: Site, show: Show, stamp: Stamp) -> bytes:
    address = f"{site.public_url}/feeds/{show.path}.xml"
    channel = Channel(
        title=show.title,
        description=show.description,
        link=site.public_url + show.page,
        address=address,
        image=site.public_url + cover_path(show.path),
        author=show.title,
        guid=feed_guid(address),
        email=site.owner_email,
    )
    page = newsroom.editions.latest(station=show.station, topic=show.topic, limit=MOST_ITEMS)
    return rss(channel, [_item(edition, site) for edition in page.editions], stamp.newest)


def _item(edition: Edition, site: Site) -> Item:
    sound = edition.master("app")
    paths = {master.kind: f"{site.public_url}/media/{master.path}" for master in edition.masters}
    note = "Giọng đọc máy (giọng tạm)." if edition.provisional else "Giọng đọc máy."
    return Item(
        guid=edition.guid,
        title=edition.title,
        summary=edition.lead or edition.title,
        text="\n".join(filter(None, (edition.lead, edition.byline, note))),
        link=f"{site.public_url}/articles/{edition.slug}",
        published_at=edition.first_published_at,
        sound=paths["app"],
        mime=sound.mime,
        bytes=sound.bytes,
        seconds=sound.seconds,
        image=site.public_url + cover_path(f"stations/{edition.station}"),
        transcript=paths.get("transcript", ""),
        chapters=paths.get("chapters", ""),
        author=edition.station_name,
    )
