"""A slot's addresses, for player boxes and programs: stable,
never 404, never what nobody approved.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import PlanItem, Took
from service.newsroom.values.grants import Thing
from service.podcast import m3u
from service.web.auth import is_insider
from service.web.media import for_any_origin, send, shelved
from service.web.media.audience import is_robot
from service.web.media.conditional import ALWAYS_ASK, with_etag
from service.web.media.notebook import Notebook
from service.web.operators.broadcasts import Broadcast, Broadcasts
from service.web.site import Site
from service.web.words import date_iso
from service.zone import VIETNAM, begin_of

SOMEBODY = "người duyệt"  # for strangers: that a person approved it, not who
FETCHERS = ("wget", "curl")  # known as robots, and what operators' boxes fetch with


def register(app: Flask, newsroom: Newsroom, site: Site, notebook: Notebook) -> None:
    """Adds /stations/<slug>/slots/<hhmm>/latest.mp3, .json and .m3u,
    /stations/<slug>/schedule.ics and /approvals.pem.
    """
    pages = Blueprint("slots", __name__)
    slots = Slots(newsroom, site, Broadcasts(newsroom, site.bed), notebook)
    views: dict[str, Callable[..., ResponseReturnValue]] = {
        "/stations/<slug>/slots/<hhmm>/latest.mp3": slots.sound,
        "/stations/<slug>/slots/<hhmm>/latest.json": slots.about,
        "/stations/<slug>/slots/<hhmm>/latest.m3u": slots.playlist,
        "/stations/<slug>/schedule.ics": slots.schedule,
        "/approvals.pem": slots.key,
    }
    for path, view in views.items():
        pages.add_url_rule(path, view.__name__, view)
    pages.after_request(for_any_origin)
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Slots:
    """What the addresses answer."""

    newsroom: Newsroom
    site: Site
    broadcasts: Broadcasts
    notebook: Notebook

    def sound(self, slug: str, hhmm: str) -> ResponseReturnValue:
        """What the slot broadcasts now."""
        broadcast = self.broadcasts.now(slug, clock_of(hhmm))
        return send_broadcast(self.notebook, broadcast, ALWAYS_ASK)

    def about(self, slug: str, hhmm: str) -> ResponseReturnValue:
        """Which that is, for programs; who approved it is told to the house only."""
        broadcast = self.broadcasts.now(slug, clock_of(hhmm))
        insider = is_insider(self.newsroom, Thing.STATION, slug)
        return _small(about_json(broadcast, self.site.public_url, insider), broadcast)

    def playlist(self, slug: str, hhmm: str) -> ResponseReturnValue:
        """The same as a playlist of one, for players that want one."""
        broadcast = self.broadcasts.now(slug, clock_of(hhmm))
        return _small(playlist_of(broadcast, self.site.public_url), broadcast)

    def key(self) -> ResponseReturnValue:
        """The key that the seals of approvals are checked with, for boxes that keep it."""
        answer = Response(
            self.newsroom.seals.public_pem(), content_type="application/x-pem-file"
        )
        return with_etag(answer, ALWAYS_ASK)

    def schedule(self, slug: str) -> ResponseReturnValue:
        """The station's hours, for calendars."""
        from service.web.operators.calendars import calendar

        station = self.newsroom.stations.get(slug)
        ical = calendar(station, self.site.public_url, self.newsroom.now())
        answer = Response(ical, content_type="text/calendar; charset=utf-8")
        answer.headers["Content-Disposition"] = f'inline; filename="{slug}.ics"'
        shelved.keep(_new_year(self.newsroom.now()))
        return with_etag(answer, ALWAYS_ASK)


@dataclass(frozen=True, slots=True)
class Small:
    """A short text about a broadcast, with its own headers."""

    text: str
    headers: dict[str, str]


def about_json(broadcast: Broadcast, public_url: str, insider: bool) -> Small:
    """`latest.json`."""
    description = described(broadcast, sound_address(broadcast, public_url))
    if description["approved_by"] and not insider:
        description["approved_by"] = SOMEBODY
    text = json.dumps(description, ensure_ascii=False, indent=2, sort_keys=True)
    kind = {"Content-Type": "application/json", "Vary": "Authorization, Cookie"}
    return Small(text, kind | which(broadcast))


def playlist_of(broadcast: Broadcast, public_url: str) -> Small:
    """`latest.m3u`."""
    title = f"{broadcast.station.name} · {title_of(broadcast)}"
    text = m3u([(title, broadcast.seconds, sound_address(broadcast, public_url))])
    kind = {"Content-Type": "audio/x-mpegurl; charset=utf-8"}
    return Small(text, kind | which(broadcast))


def sound_address(broadcast: Broadcast, public_url: str) -> str:
    """Where the sound of the slot is."""
    hhmm = broadcast.slot.at.replace(":", "")
    return f"{public_url}/stations/{broadcast.station.slug}/slots/{hhmm}/latest.mp3"


def send_broadcast(
    notebook: Notebook, broadcast: Broadcast, cached: str, *, attached: bool = False
) -> Response:
    """The sound, and which it is; the station is noted as having taken this version."""
    serving = broadcast.serving
    agent = request.user_agent.string
    counted = serving.episode_id and _from_the_beginning() and fetches(agent)

    def count(start: int, end: int) -> None:
        if end > start:
            notebook.note(
                Took(broadcast.station.slug, serving.episode_id, serving.version)
            )

    answer = send(
        broadcast.body,
        cached,
        disposition(broadcast, attached),
        count if counted else None,
    )
    answer.headers.update(which(broadcast))
    return answer


def disposition(broadcast: Broadcast, attached: bool = False) -> str:
    """Under which name the sound is kept."""
    return f'{"attachment" if attached else "inline"}; filename="{broadcast.file_name}"'


def which(broadcast: Broadcast) -> dict[str, str]:
    """Headers that tell which broadcast it is."""
    serving = broadcast.serving
    return {
        "X-Loa-Version": str(serving.version),
        "X-Loa-Rung": serving.rung.value,
        "X-Loa-Date": serving.airing.day.isoformat(),
    }


def described(broadcast: Broadcast, address: str) -> dict[str, object]:
    """A broadcast for programs; times in Vietnam's, lengths in seconds."""
    serving, airing = broadcast.serving, broadcast.serving.airing
    return {
        "station": broadcast.station.slug,
        "station_name": broadcast.station.name,
        "slot": airing.at,
        "date": airing.day.isoformat(),
        "starts_at": date_iso(airing.air_at),
        "max_seconds": airing.max_seconds,
        "rung": serving.rung.value,
        "why": serving.why,
        "title": title_of(broadcast),
        "version": serving.version,
        "provisional": serving.provisional,
        "seconds": round(broadcast.seconds, 3),
        "bytes": broadcast.body.size,
        "sha256": broadcast.body.sha256,
        "url": address,
        "file": broadcast.file_name,
        "approved_by": serving.approved_by,
        "approved_at": date_iso(serving.approved_at) if serving.approved_at else None,
        "approval": asdict(serving.seal) if serving.seal is not None else None,
        "changed_at": date_iso(broadcast.body.modified),
        "items": [_item(item) for item in serving.items],
    }


def _item(item: PlanItem) -> dict[str, object]:
    return {
        "title": item.title,
        "station": item.station_name,
        "seconds": round(item.seconds, 3),
        "repeat": item.repeat,
        "priority": item.priority.value,
    }


def title_of(broadcast: Broadcast) -> str:
    """What is heard."""
    return broadcast.serving.title or "Nhạc nền"


def _new_year(now: datetime) -> datetime:
    """When the calendar's bytes change by time alone."""
    return begin_of(date(now.astimezone(VIETNAM).year + 1, 1, 1))


def clock_of(hhmm: str) -> str:
    """ "0500" is "05:00"; NotFound for what is no hour."""
    if not re.fullmatch(r"([01]\d|2[0-3])[0-5]\d", hhmm, re.ASCII):
        raise NotFound(
            f"{hhmm!r} is no hour; write it as 0500",
            "Địa chỉ khung giờ viết bằng bốn chữ số, như 0500.",
            "slot",
        )
    return f"{time(int(hhmm[:2]), int(hhmm[2:])):%H:%M}"


def _from_the_beginning() -> bool:
    wanted = request.range
    return request.method == "GET" and (wanted is None or wanted.ranges[0][0] == 0)


def fetches(agent: str) -> bool:
    """Whether a program of that name takes a sound to broadcast it: no search engine does."""
    return not is_robot(agent) or agent.lower().startswith(FETCHERS)


def _small(small: Small, broadcast: Broadcast) -> Response:
    answer = Response(small.text)
    answer.headers.update(small.headers)
    answer.last_modified = broadcast.body.modified.replace(microsecond=0)
    return with_etag(answer, ALWAYS_ASK)
