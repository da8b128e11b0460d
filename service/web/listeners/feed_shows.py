"""What a show says of itself: whose news, under which name, how often."""

from dataclasses import dataclass

from flask import abort

from service.newsroom import Newsroom
from service.newsroom.shows import EVERYTHING
from service.newsroom.values import Station
from service.podcast import Frequency
from service.web.site import Site

DAILY = Frequency("FREQ=DAILY", "Hằng ngày")
ICAL_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class FeedShow:
    """A show as its feed and its cover tell of it; `path` as in "stations/suoi-lanh"."""

    path: str
    title: str
    description: str
    page: str
    station: str = ""
    topic: str = ""
    place: str = ""
    frequency: Frequency | None = None


def feed_show(newsroom: Newsroom, site: Site, path: str) -> FeedShow:
    """The show at a path; NotFound, or 404, when there is no such station or topic."""
    kind, _, slug = path.partition("/")
    if path == EVERYTHING:
        return show_of_all(newsroom, site)
    if kind == "stations":
        return show_of_station(newsroom.stations.get(slug))
    if kind != "topics":
        abort(404)
    return show_of_topic(newsroom, site, slug)


def show_of_all(newsroom: Newsroom, site: Site) -> FeedShow:
    """The news of the whole installation,
    under its first station's name when it has none of its own.
    """
    home = newsroom.stations.home()
    title = home.name if home and site.name == "Loa" else site.name
    return FeedShow(
        EVERYTHING,
        title,
        "Tin xã nhà, đọc thành tiếng mỗi ngày.",
        "/",
        place=home.place if home else "",
        frequency=DAILY,
    )


def show_of_station(station: Station) -> FeedShow:
    """The news of one station."""
    return FeedShow(
        f"stations/{station.slug}",
        station.name,
        station.description or f"Tin của {station.name}.",
        f"/stations/{station.slug}",
        station=station.slug,
        place=station.place or station.name,
        frequency=frequency(station),
    )


def show_of_topic(newsroom: Newsroom, site: Site, slug: str) -> FeedShow:
    """The news of one topic, of all stations; NotFound when there is no such topic."""
    topic = newsroom.stations.topic(slug)
    return FeedShow(
        f"topics/{slug}",
        f"{topic.name} · {site.name}",
        f"Tin về {topic.name}, đọc thành tiếng.",
        f"/topics/{slug}",
        topic=slug,
        frequency=DAILY,
    )


def frequency(station: Station) -> Frequency:
    """How often to expect news: on the days that the station broadcasts."""
    days = sorted({int(day) for slot in station.slots for day in slot.weekdays})
    if not days or len(days) == len(ICAL_DAYS):
        return DAILY
    rule = ",".join(ICAL_DAYS[day - 1] for day in days)
    return Frequency(f"FREQ=WEEKLY;BYDAY={rule}", f"{len(days)} ngày một tuần")
