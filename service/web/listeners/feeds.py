"""The shows: one feed of all, one of each station, one of each topic, with their archives and covers."""

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import LRUCache
from flask import Blueprint, Flask, Response, abort
from flask.typing import ResponseReturnValue

from service.actions.corrections import sentence
from service.apart import each_by_itself
from service.newsroom import Newsroom
from service.newsroom.shows import EVERYTHING
from service.newsroom.values import Correction, Edition, Kind, Show, Station
from service.podcast import (
    Channel,
    Frequency,
    Item,
    Lite,
    Note,
    Paging,
    Person,
    cover,
    feed_address,
    feed_guid,
    rss,
)
from service.web.conditional import A_DAY, known, obeyed, precondition
from service.web.media import for_any_origin
from service.web.site import Site
from service.zone import VIETNAM

log = logging.getLogger("loa.feeds")

MOST_ITEMS = 100  # in a document of a feed; older ones are in its archive
FRESH_S = 60
SHELF_BYTES = 32_000_000  # of XML kept ready, whatever the number of shows
A_SECOND = timedelta(seconds=1)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Programme:
    """What a show says of itself: whose news, under which name; `path` as in "stations/suoi-lanh"."""

    path: str
    title: str
    description: str
    page: str
    station: str = ""
    topic: str = ""
    place: str = ""
    frequency: Frequency | None = None


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
            made = make()
            if len(made) <= self._kept.maxsize:
                self._kept[path] = (token, made)
            return made


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /feeds/… and /covers/…"""
    pages = Blueprint("feeds", __name__)
    shelf = Shelf()

    def programme_of(path: str) -> Programme:
        """NotFound, or 404, when there is no such station or topic."""
        kind, _, slug = path.partition("/")
        if path == EVERYTHING:
            return everything()
        if kind == "stations":
            return of_station(newsroom.stations.get(slug))
        if kind != "topics":
            abort(404)
        topic = newsroom.stations.topic(slug)
        text = f"Tin về {topic.name}, đọc thành tiếng."
        return Programme(
            path,
            f"{topic.name} · {site.name}",
            text,
            f"/topics/{slug}",
            topic=slug,
            frequency=DAILY,
        )

    def of_station(station: Station) -> Programme:
        return Programme(
            f"stations/{station.slug}",
            station.name,
            station.description or f"Tin của {station.name}.",
            f"/stations/{station.slug}",
            station=station.slug,
            place=station.place or station.name,
            frequency=frequency(station),
        )

    def everything() -> Programme:
        home = newsroom.stations.home()
        text = "Tin xã nhà, đọc thành tiếng mỗi ngày."
        title = home.name if home and site.name == "Loa" else site.name
        return Programme(
            EVERYTHING, title, text, "/", place=home.place if home else "", frequency=DAILY
        )

    def show_of(path: str) -> Show:
        """The show's row; made, with the guid it keeps for ever, when it is asked for the first time."""
        show = newsroom.shows.get(path)
        if show is None or not show.guid:
            programme_of(path)
            show = newsroom.shows.name(path, feed_guid(feed_address(site.public_url, path)))
        return show

    def answer(path: str, number: int = 0) -> Response:
        """A document of a feed: the newest items, or page `number` of its archive."""
        show = show_of(path)
        response = Response(content_type="application/rss+xml; charset=utf-8")
        said = (
            show,
            number,
            site.public_url,
            site.owner_email,
            site.hub,
            site.moved_to,
            site.name,
            site.version,
        )
        tag = hashlib.sha256(repr(said).encode()).hexdigest()[:32]  # the same in every process
        response.set_etag(tag)
        # A time tells seconds apart; until this one is over, only the tag can tell whether something changed.
        changed_at = show.changed_at.replace(microsecond=0)
        if newsroom.now() >= changed_at + A_SECOND:
            response.last_modified = changed_at
        response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
        if site.hub:
            self_address = feed_address(site.public_url, path)
            response.headers["Link"] = f'<{site.hub}>; rel="hub", <{self_address}>; rel="self"'
        if precondition(tag, response.last_modified) is not None:
            return obeyed(response)
        key = f"{path}/{number}"
        response.set_data(
            shelf.get(key, tag, lambda: _build(newsroom, site, programme_of(path), show, number))
        )
        return response

    @pages.get("/feeds/all.xml")
    def feed_of_all() -> ResponseReturnValue:
        return answer(EVERYTHING)

    @pages.get("/feeds/all/<int(min=1,max=1000000):number>.xml")
    def archive_of_all(number: int) -> ResponseReturnValue:
        return answer(EVERYTHING, number)

    @pages.get("/feeds/<kind>/<slug>.xml")
    def feed(kind: str, slug: str) -> ResponseReturnValue:
        return answer(f"{kind}/{slug}")

    @pages.get("/feeds/<kind>/<slug>/<int(min=1,max=1000000):number>.xml")
    def archive(kind: str, slug: str, number: int) -> ResponseReturnValue:
        return answer(f"{kind}/{slug}", number)

    @pages.get("/covers/all/loa.jpg")
    def cover_of_all() -> ResponseReturnValue:
        return _picture(everything())

    @pages.get("/covers/<kind>/<slug>.jpg")
    def picture(kind: str, slug: str) -> ResponseReturnValue:
        return _picture(programme_of(f"{kind}/{slug}"))

    pages.after_request(for_any_origin)
    app.register_blueprint(pages)


def cover_path(show_path: str) -> str:
    """Where a show's cover lies."""
    return "/covers/all/loa.jpg" if show_path == EVERYTHING else f"/covers/{show_path}.jpg"


def _picture(programme: Programme) -> Response:
    return known(
        Response(cover(programme.title, "Tin đọc thành tiếng"), content_type="image/jpeg"), A_DAY
    )


DAILY = Frequency("FREQ=DAILY", "Hằng ngày")


def frequency(station: Station) -> Frequency:
    """How often to expect news: on the days that the station broadcasts."""
    days = sorted({int(day) for slot in station.slots for day in slot.weekdays})
    if not days or len(days) == len(DAYS):
        return DAILY
    rule = ",".join(DAYS[day - 1] for day in days)
    return Frequency(f"FREQ=WEEKLY;BYDAY={rule}", f"{len(days)} ngày một tuần")


def _build(newsroom: Newsroom, site: Site, programme: Programme, show: Show, number: int) -> bytes:
    station, topic, editions = programme.station, programme.topic, newsroom.editions
    full = (
        max(0, editions.ever(station=station, topic=topic) - 1) // MOST_ITEMS
    )  # pages that never grow
    if number > full:
        abort(404)
    if number:
        shown = editions.archive(number, MOST_ITEMS, station=station, topic=topic)
    else:
        shown = editions.latest(station=station, topic=topic, limit=MOST_ITEMS).editions
    channel = Channel(
        title=programme.title,
        description=programme.description,
        link=site.public_url + programme.page,
        address=_document(site.public_url, programme.path, number),
        image=site.public_url + cover_path(programme.path),
        author=programme.title,
        guid=show.guid,
        email=site.owner_email,
        place=programme.place,
        people=(
            Person(
                programme.title, "producer", "creative direction", site.public_url + programme.page
            ),
        ),
        frequency=programme.frequency,
        hub=site.hub,
        moved_to=feed_address(site.moved_to, programme.path) if site.moved_to else "",
        paging=_paging(site.public_url, programme.path, number, full) if full else None,
    )
    items = each_by_itself(
        shown,
        lambda edition: _item(edition, site),
        log=log,
        doing=f"an item of the feed {programme.path}",
        name=lambda edition: edition.slug,
    )
    return rss(channel, items, show.changed_at)


def _document(public_url: str, path: str, number: int) -> str:
    """The address of page `number` of a feed's archive; 0 is the feed itself."""
    return feed_address(public_url, f"{path}/{number}" if number else path)


def _paging(public_url: str, path: str, number: int, full: int) -> Paging:
    """The neighbours of a document; the pages of the archive are numbered from the oldest, so that they stay."""
    older = number - 1 if number else full
    newer = number + 1 if 0 < number < full else 0
    return Paging(
        current=_document(public_url, path, 0),
        last=_document(public_url, path, 1),
        older=_document(public_url, path, older) if older else "",
        newer=_document(public_url, path, newer) if number else "",
        archived=number > 0,
    )


def _item(edition: Edition, site: Site) -> Item:
    sound = edition.master("app")
    masters = {master.kind: master for master in edition.masters}
    paths = {kind: f"{site.public_url}/media/{master.path}" for kind, master in masters.items()}
    lite = masters.get("lite")
    by_machine = edition.human != "all"
    voice = f"{edition.disclosure} Đây là giọng tạm." if edition.provisional else edition.disclosure
    bulletin = edition.kind is Kind.BULLETIN and edition.ordinal is not None
    return Item(
        guid=edition.guid,
        title=edition.title,
        summary=edition.lead or edition.title,
        text="\n".join(filter(None, (edition.lead, edition.byline, voice))),
        link=f"{site.public_url}/articles/{edition.slug}",
        published_at=edition.first_published_at,
        sound=paths["app"],
        mime=sound.mime,
        bytes=sound.bytes,
        seconds=sound.seconds,
        image=site.public_url + cover_path(f"stations/{edition.station}"),
        transcript=paths.get("transcript", ""),
        transcript_page=paths.get("transcript-page", ""),
        chapters=paths.get("chapters", ""),
        author=edition.station_name,
        notes=_notes(edition, site),
        lite=Lite(paths["lite"], lite.mime, lite.bytes, lite.seconds, lite.sha256, "Bản nhẹ")
        if lite
        else None,
        people=(
            *((Person(edition.byline, "author", "writing"),) if edition.byline else ()),
            *(Person(name, "narrator", "cast") for name in edition.announcers),
        ),
        season=_year(edition.first_published_at) if bulletin else None,
        number=edition.ordinal if bulletin else None,
        by_machine=by_machine,
    )


def _notes(edition: Edition, site: Site) -> tuple[Note, ...]:
    """What was wrong in this edition, or what it puts right, with the way to the other one."""
    notes = [
        Note(corrected(mark), f"{site.public_url}/articles/{mark.slug}", "Nghe đính chính")
        for mark in edition.corrections
    ]
    if mark := edition.corrects:
        link = f"{site.public_url}/articles/{mark.corrected_slug}"
        notes.append(
            Note(f"Đính chính cho bài “{mark.corrected_title}”.", link, "Xem bài được đính chính")
        )
    return tuple(notes)


def corrected(mark: Correction) -> str:
    """A mark in words."""
    return f"Đã đính chính. Đã đọc: {sentence(mark.wrong)} Nay sửa là: {sentence(mark.right)}"


def _year(time: datetime) -> int:
    return time.astimezone(VIETNAM).year
