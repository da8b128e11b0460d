"""The API's calls for stations and their rules."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, g, jsonify
from flask_openapi3 import APIBlueprint, Tag
from pydantic import Field, RootModel

from service.actions.station_rules import put_station
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid
from service.newsroom.values import (
    ApprovalRule,
    Fallback,
    KeyScope,
    Role,
    Slot,
    Station,
)
from service.web.api.calls import add_calls, call
from service.web.api.paths import StationPath, allowed
from service.web.auth.access import may, own_stations
from service.web.inputs import Strict
from service.web.site import Site


class SlotIO(Strict):
    """A fixed hour of a station, and how its bulletin is made."""

    at: str
    max_seconds: int
    weekdays: str = "1234567"
    topics: list[str] = Field(
        default_factory=list, description="slugs of what goes in; empty: everything"
    )
    sources: list[str] = Field(
        default_factory=list,
        description="stations whose news follows its own, in order",
    )
    max_age_days: int = Field(3, description="older stories are no news")
    repeats: int = Field(
        0, description="how many stories may have been broadcast before"
    )
    greeting: str = Field("", description="empty: the station's")
    headlines: bool = True
    chimes: bool = True
    lunar: bool = Field(False, description="say the lunar date too")
    closing: str = ""
    plan_minutes: int = Field(
        600, description="before the hour: when the bulletin is drafted"
    )
    ready_minutes: int = Field(
        15,
        description="before the hour: when the ladder is gone down if nothing is approved",
    )
    automatic: bool = Field(
        False,
        description="may a bulletin of approved stories go on the air without a person?",
    )
    previous: bool = Field(
        False, description="may the last bulletin's stories be broadcast again?"
    )


class StationIn(Strict):
    """A station's name and rules; `slug`, when given, is the one of the address."""

    slug: str = ""
    name: str
    place: str = ""
    description: str = ""
    voice: str = ""
    second_voice: str = Field(
        "", description="reads every other story; empty where one voice reads all"
    )
    announcements_twice: bool = Field(
        False, description="are announcements read twice in bulletins?"
    )
    fallback: Fallback = Fallback.PROVISIONAL
    approval: ApprovalRule = ApprovalRule.REQUIRED
    reading: dict[str, str | bool] = Field(default_factory=dict)
    greeting: str = ""
    speaker_tempo: float = Field(
        1.0, description="0.7 to 1: how fast horns get it, at the same pitch"
    )
    speaker_pauses: float = Field(
        1.3, description="1 to 2: how much longer pauses are for horns"
    )
    speaker_lead_in: float = Field(
        0.0,
        description="0 to 2: seconds of a quiet tone before files for horns, "
        "which wakes amplifiers that swallow what comes first",
    )
    disclosure: str = Field(
        "Giọng đọc máy.", description="written wherever a synthetic voice is heard"
    )
    disclosure_spoken: str = Field(
        "", description="said at the end of each article; empty for nothing"
    )
    duty: list[str] = Field(
        default_factory=list,
        description="e-mail and https addresses told of an empty slot; "
        "shown to administrators alone; absent: as they are",
    )
    slots: list[SlotIO] = Field(default_factory=list)


class StationOut(StationIn):
    """A station."""


class StationsOut(RootModel[list[StationOut]]):
    """All stations."""


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    add_calls(
        api,
        Tag(name="stations", description="who broadcasts"),
        _StationCalls(newsroom, site),
        KeyScope.STATIONS,
    )


@dataclass(frozen=True)
class _StationCalls:
    """Who broadcasts, and by which rules."""

    newsroom: Newsroom
    site: Site

    @call("GET", "/stations", responses={200: StationsOut}, summary="All stations")
    @allowed(Role.OPERATOR, sifted=True)
    def get_stations(self) -> Response:
        return jsonify(
            [_shown(each) for each in own_stations(self.newsroom, Role.OPERATOR)]
        )

    @call("GET", "/stations/<slug>", responses={200: StationOut}, summary="A station")
    @allowed(Role.OPERATOR)
    def get_station(self, path: StationPath) -> Response:
        return jsonify(_shown(self.newsroom.stations.get(path.slug)))

    @call(
        "PUT",
        "/stations/<slug>",
        responses={200: StationOut},
        summary="Make or replace a station",
    )
    @allowed(Role.ADMIN)
    def put_station(self, path: StationPath, body: StationIn) -> Response:
        self.site.check_voice(body.voice)
        self.site.check_voice(body.second_voice, "second_voice")
        # It stands in feeds' addresses, which live for ever.
        if body.slug not in ("", path.slug):
            raise Invalid(
                "a station's slug never changes",
                "Không đổi được tên trong địa chỉ.",
                "slug",
            )
        is_named = "duty" in body.model_fields_set
        duty = tuple(body.duty) if is_named else self._duty(path.slug)
        station = _station(path.slug, body, duty)
        return jsonify(_shown(put_station(self.newsroom, station, g.who)))

    def _duty(self, slug: str) -> tuple[str, ...]:
        """Whom a station rings now; nobody where there is none of that name yet."""
        if self.newsroom.stations.named(slug) is None:
            return ()
        return self.newsroom.stations.get(slug).duty


def _shown(station: Station) -> dict[str, Any]:
    """A station as who asks may know it: a webhook's path is often its password."""
    shown = asdict(station)
    if not may(Role.ADMIN, station.slug):
        del shown["duty"]
    return shown


def _station(slug: str, body: StationIn, duty: tuple[str, ...]) -> Station:
    slots = tuple(_slot(slot) for slot in body.slots)
    return Station(**(body.model_dump() | {"slug": slug, "slots": slots, "duty": duty}))


def _slot(slot: SlotIO) -> Slot:
    lists = {"topics": tuple(slot.topics), "sources": tuple(slot.sources)}
    return Slot(**(slot.model_dump() | lists))
