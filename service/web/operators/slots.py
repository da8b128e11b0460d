"""A slot's addresses, for player boxes and programs: stable, never 404, never what nobody approved."""

import re
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from crawleruseragents import is_crawler
from flask import Blueprint, Flask, Response, json, request
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event, Timezone, vDuration, vRecur

from service.bulletin import hours
from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import Slot, Station
from service.podcast import m3u
from service.web.auth import at_the_desk, key_of_request
from service.web.conditional import ALWAYS_ASK, known
from service.web.media import for_any_origin, send
from service.web.operators.broadcasts import Broadcast, Broadcasts
from service.web.site import Site
from service.web.words import date_iso
from service.zone import VIETNAM

SOMEBODY = "người duyệt"  # for strangers: that a person approved it, not who
FETCHERS = ("wget", "curl")  # known as robots, and what operators' boxes fetch with
ZONE_SINCE = date(2020, 1, 1)  # what the zone once was nobody asks
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /stations/<slug>/slots/<hhmm>/latest.mp3, .json and .m3u, and /stations/<slug>/schedule.ics."""
    pages = Blueprint("slots", __name__)
    broadcasts = Broadcasts(newsroom, site.bed)

    @pages.get("/stations/<slug>/slots/<hhmm>/latest.mp3")
    def sound(slug: str, hhmm: str) -> ResponseReturnValue:
        return send_broadcast(newsroom, broadcasts.now(slug, _clock(hhmm)), ALWAYS_ASK)

    @pages.get("/stations/<slug>/slots/<hhmm>/latest.json")
    def about(slug: str, hhmm: str) -> ResponseReturnValue:
        found = broadcasts.now(slug, _clock(hhmm))
        description = described(found, _address(site, slug, hhmm, "mp3"))
        insider = at_the_desk() or key_of_request(newsroom) is not None
        if description["approved_by"] and not insider:
            description["approved_by"] = SOMEBODY
        body = json.dumps(description, ensure_ascii=False, indent=2)
        answer = _small(body, "application/json", found)
        answer.vary.update(("Authorization", "Cookie"))
        return answer

    @pages.get("/stations/<slug>/slots/<hhmm>/latest.m3u")
    def playlist(slug: str, hhmm: str) -> ResponseReturnValue:
        found = broadcasts.now(slug, _clock(hhmm))
        entry = (
            f"{found.station.name} · {title_of(found)}",
            found.seconds,
            _address(site, slug, hhmm, "mp3"),
        )
        return _small(m3u([entry]), "audio/x-mpegurl; charset=utf-8", found)

    @pages.get("/stations/<slug>/schedule.ics")
    def schedule(slug: str) -> ResponseReturnValue:
        station = newsroom.stations.get(slug)
        answer = Response(
            calendar(station, site.public_url, newsroom.now()),
            content_type="text/calendar; charset=utf-8",
        )
        answer.headers["Content-Disposition"] = f'inline; filename="{slug}.ics"'
        return _known(answer)

    pages.after_request(for_any_origin)
    app.register_blueprint(pages)


def send_broadcast(
    newsroom: Newsroom, found: Broadcast, cached: str, *, attached: bool = False
) -> Response:
    """The sound, and which it is; the station is noted as having taken this version."""
    serving = found.serving
    place = "attachment" if attached else "inline"
    counted = serving.episode_id and _from_the_beginning() and not _robot()

    def tell(start: int, end: int) -> None:
        if end > start:
            newsroom.takings.take(found.station.slug, serving.episode_id, serving.version)

    answer = send(
        found.body, cached, f'{place}; filename="{found.file_name}"', tell if counted else None
    )
    _tell_which(answer, found)
    return answer


def described(found: Broadcast, address: str) -> dict[str, object]:
    """A broadcast for programs; times in Vietnam's, lengths in seconds."""
    serving, airing = found.serving, found.serving.airing
    return {
        "station": found.station.slug,
        "station_name": found.station.name,
        "slot": airing.at,
        "date": airing.day.isoformat(),
        "starts_at": date_iso(airing.air_at),
        "max_seconds": airing.max_seconds,
        "rung": serving.rung.value,
        "why": serving.why,
        "title": title_of(found),
        "version": serving.version,
        "provisional": serving.provisional,
        "seconds": round(found.seconds, 3),
        "bytes": found.body.size,
        "sha256": found.body.sha256,
        "url": address,
        "file": found.file_name,
        "approved_by": serving.approved_by,
        "approved_at": date_iso(serving.approved_at) if serving.approved_at else None,
        "changed_at": date_iso(found.body.modified),
        "items": [
            {
                "title": item.title,
                "station": item.station_name,
                "seconds": round(item.seconds, 3),
                "repeat": item.repeat,
                "priority": item.priority.value,
            }
            for item in serving.items
        ],
    }


def title_of(found: Broadcast) -> str:
    """What is heard."""
    return found.serving.title or "Nhạc nền"


def calendar(station: Station, public_url: str, now: datetime) -> bytes:
    """A station's hours as iCalendar: one event a slot, repeated on its weekdays; the same bytes all year."""
    found = Calendar()
    found.add("prodid", "-//Loa//Schedule//VI")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", f"Lịch phát: {station.name}")
    found.add_component(Timezone.from_tzid(VIETNAM.key, first_date=ZONE_SINCE))
    new_year = now.astimezone(VIETNAM).replace(
        month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    for slot in station.slots:
        found.add_component(_event(station, slot, public_url, new_year))
    return bytes(found.to_ical())


def _event(station: Station, slot: Slot, public_url: str, since: datetime) -> Event:
    first = next(hours(slot.at, slot.weekdays, since, since + timedelta(days=8)))
    address = f"{public_url}/stations/{station.slug}"
    event = Event()
    event.add("uid", f"{station.slug}-{slot.at.replace(':', '')}@{urlsplit(public_url).hostname}")
    event.add("dtstamp", since)
    event.add("dtstart", first.air_at)
    event.add("duration", vDuration(timedelta(seconds=slot.max_seconds)))
    event.add(
        "rrule",
        vRecur({"FREQ": "WEEKLY", "BYDAY": [WEEKDAYS[int(day) - 1] for day in slot.weekdays]}),
    )
    event.add("summary", f"{station.name}: bản tin {slot.at}")
    event.add("location", station.place or station.name)
    event.add("description", f"Tệp cho loa: {address}/slots/{slot.at.replace(':', '')}/latest.mp3")
    event.add("url", f"{address}/speaker")
    return event


def _clock(hhmm: str) -> str:
    """ "0500" is "05:00"; NotFound for what is no hour."""
    if not re.fullmatch(r"([01]\d|2[0-3])[0-5]\d", hhmm, re.ASCII):
        raise NotFound(
            f"{hhmm!r} is no hour; write it as 0500",
            "Địa chỉ khung giờ viết bằng bốn chữ số, như 0500.",
            "slot",
        )
    return f"{time(int(hhmm[:2]), int(hhmm[2:])):%H:%M}"


def _address(site: Site, slug: str, hhmm: str, kind: str) -> str:
    return f"{site.public_url}/stations/{slug}/slots/{hhmm}/latest.{kind}"


def _from_the_beginning() -> bool:
    asked = request.range
    return request.method == "GET" and (asked is None or asked.ranges[0][0] == 0)


def _robot() -> bool:
    agent = request.user_agent.string
    return is_crawler(agent) and not agent.lower().startswith(FETCHERS)


def _tell_which(answer: Response, found: Broadcast) -> None:
    answer.headers["X-Loa-Version"] = str(found.serving.version)
    answer.headers["X-Loa-Rung"] = found.serving.rung.value
    answer.headers["X-Loa-Date"] = found.serving.airing.day.isoformat()


def _small(text: str, kind: str, found: Broadcast) -> Response:
    answer = Response(text, content_type=kind)
    answer.last_modified = found.body.modified.replace(microsecond=0)
    _tell_which(answer, found)
    return _known(answer)


def _known(answer: Response) -> Response:
    """Asked for again before each use, sent again only when it is another one."""
    return known(answer, ALWAYS_ASK)
