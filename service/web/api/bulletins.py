"""Bulletins in the API: what an hour broadcasts, made, arranged and looked at by programs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Response, g, jsonify
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, RootModel

from service.actions.bulletins import arrange, open_bulletin, planned_of, redraft
from service.bulletin import Words, hours
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NotFound
from service.newsroom.values import (
    Bulletin,
    KeyScope,
    Role,
    Serving,
    Slot,
    SlotHour,
    Station,
)
from service.web.api.calls import add_calls, call
from service.web.api.paths import EpisodePath, allowed
from service.web.auth.access import check
from service.web.inputs import LARGEST, Day, Number, Strict
from service.zone import begin_of, midnight

MOST_DAYS = 31
NUMBER = "/bulletins/<int:episode_id>"


class StoryOut(BaseModel):
    """A story in a bulletin; `newest` is its public version by now, null when it was withdrawn."""

    episode: int
    version: int
    newest: int | None
    title: str
    station: str
    priority: str
    seconds: float
    repeat: bool


class LeftOutOut(BaseModel):
    """A story that is not in it, and why (Vietnamese)."""

    episode_id: int
    title: str
    why: str


class BulletinOut(BaseModel):
    """A bulletin: `seconds` is reckoned until it is `measured`; approve it as the episode it is."""

    id: int
    station: str
    at: str
    day: date
    air_at: datetime
    max_seconds: int
    rung: str
    state: str
    version: int
    title: str
    greeting: str
    closing: str
    seconds: float
    measured: bool
    stories: list[StoryOut]
    left_out: list[LeftOutOut]
    planned_by: str
    approved_version: int | None
    approved_by: str
    approved_at: datetime | None


class BulletinsOut(RootModel[list[BulletinOut]]):
    """Bulletins, by hour and rung."""


class AiringOut(BaseModel):
    """An hour on one day; `bulletin` is the one people approve, null before it is drafted."""

    at: str
    day: date
    air_at: datetime
    max_seconds: int
    rung: str = Field(description="what stands at the slot's address for it")
    version: int
    bulletin: int | None


class AiringsOut(RootModel[list[AiringOut]]):
    """A slot, day by day."""


class BulletinsQuery(BaseModel):
    """Which: of a station, on a day in Vietnam (today)."""

    station: str
    day: Day | None = None


class BulletinIn(Strict):
    """For which hour; it is drafted as the clock would."""

    station: str
    at: str
    day: str = Field(description="2026-11-25")


class PlanIn(Strict):
    """The running order: episodes in order.

    `version` is the one that was looked at; another one answers 409.
    """

    stories: list[Number]
    greeting: str | None = Field(None, max_length=1000, description="absent: as it is")
    closing: str | None = Field(None, max_length=1000, description="absent: as it is")
    version: int = Field(0, ge=0, le=LARGEST)


class SlotPath(BaseModel):
    """A slot: "0500" of a station."""

    slug: str
    hhmm: str


class DaysQuery(BaseModel):
    """From which day on (today), how many days."""

    since: Day | None = None
    days: int = Field(7, ge=1, le=MOST_DAYS)


def add(api: APIBlueprint, newsroom: Newsroom) -> None:
    """Adds the calls."""
    add_calls(
        api,
        Tag(name="bulletins", description="what the stations' hours broadcast"),
        _BulletinCalls(newsroom),
        KeyScope.BULLETINS,
    )


@dataclass(frozen=True)
class _BulletinCalls:
    """What the stations' hours broadcast."""

    newsroom: Newsroom

    def _shown(self, episode_id: int, status: int = 200) -> tuple[Response, int]:
        bulletin = bulletin_out(self.newsroom.bulletins.get(episode_id))
        return jsonify(bulletin.model_dump(mode="json")), status

    @call(
        "GET",
        "/bulletins",
        responses={200: BulletinsOut},
        summary="A station's bulletins of a day",
    )
    @allowed(Role.OPERATOR, sifted=True)
    def get_bulletins(self, query: BulletinsQuery) -> Response:
        check(Role.OPERATOR, [query.station], "station")
        begin = begin_of(query.day or midnight(self.newsroom.now()).date())
        airings = self.newsroom.bulletins.airings(
            query.station, begin, begin + timedelta(days=1)
        )
        by_airing = self.newsroom.bulletins.of_airings(
            [airing.id for airing in airings]
        )
        listed = [bulletin for airing in airings for bulletin in by_airing[airing.id]]
        return jsonify(
            [bulletin_out(bulletin).model_dump(mode="json") for bulletin in listed]
        )

    @call(
        "POST",
        "/bulletins",
        responses={202: BulletinOut},
        summary="Draft the bulletin of an hour, once",
    )
    @allowed(Role.EDITOR, sifted=True)
    def post_bulletin(self, body: BulletinIn) -> tuple[Response, int]:
        check(Role.EDITOR, [body.station], "station")
        station = self.newsroom.stations.get(body.station)
        return self._shown(
            open_bulletin(self.newsroom, station, body.at, body.day, g.who), 202
        )

    @call("GET", NUMBER, responses={200: BulletinOut}, summary="A bulletin")
    @allowed(Role.OPERATOR)
    def get_bulletin(self, path: EpisodePath) -> tuple[Response, int]:
        return self._shown(path.episode_id)

    @call(
        "PUT",
        f"{NUMBER}/plan",
        responses={202: BulletinOut},
        summary="Another running order",
    )
    @allowed(Role.EDITOR)
    def put_plan(self, path: EpisodePath, body: PlanIn) -> tuple[Response, int]:
        bulletin = self.newsroom.bulletins.get(path.episode_id)
        offers = self.newsroom.bulletins.offers(
            bulletin.airing.station, bulletin.airing.air_at, body.stories
        )
        # The desk leaves out what was withdrawn meanwhile and shows it; a program must be told.
        unknown = sorted(set(body.stories) - {offer.episode_id for offer in offers})
        if unknown:
            raise Invalid(
                f"not published: {unknown}",
                f"Tin chưa phát hoặc đã gỡ: {unknown}.",
                "stories",
            )
        greeting = bulletin.greeting if body.greeting is None else body.greeting
        closing = bulletin.closing if body.closing is None else body.closing
        stories = list(dict.fromkeys(body.stories))
        arrange(
            self.newsroom,
            bulletin,
            stories,
            Words("", greeting, closing),
            g.who,
            body.version,
        )
        return self._shown(path.episode_id, 202)

    @call(
        "POST",
        f"{NUMBER}/draft",
        responses={202: BulletinOut},
        summary="Draft it anew, as the clock would",
    )
    @allowed(Role.EDITOR)
    def post_draft(self, path: EpisodePath) -> tuple[Response, int]:
        bulletin = self.newsroom.bulletins.get(path.episode_id)
        plan = redraft(self.newsroom, bulletin)
        words = Words("", plan.greeting, plan.closing)
        stories = [offer.episode_id for offer in plan.stories]
        arrange(self.newsroom, bulletin, stories, words, g.who, bulletin.version)
        return self._shown(path.episode_id, 202)

    @call(
        "GET",
        "/stations/<slug>/slots/<hhmm>/airings",
        responses={200: AiringsOut},
        summary="A slot by day",
    )
    @allowed(Role.OPERATOR)
    def get_airings(self, path: SlotPath, query: DaysQuery) -> Response:
        station = self.newsroom.stations.get(path.slug)
        slot = _slot_of(station, path.hhmm)
        since = begin_of(query.since or midnight(self.newsroom.now()).date())
        until = since + timedelta(days=query.days)
        # Also hours that nobody asked for yet: they have no row, and are on the air all the same.
        slot_hours = [
            SlotHour(slot, hour.day, hour.air_at)
            for hour in hours(slot.at, slot.weekdays, since, until)
        ]
        bulletins = self.newsroom.bulletins
        servings = bulletins.servings_for(station.slug, slot_hours)
        by_airing = bulletins.of_airings([serving.airing.id for serving in servings])
        airings = [
            _airing_out(serving, planned_of(by_airing[serving.airing.id]))
            for serving in servings
        ]
        return jsonify([airing.model_dump(mode="json") for airing in airings])


def _slot_of(station: Station, hhmm: str) -> Slot:
    """The slot at "0500" or "05:00"; NotFound when the station has none then."""
    digits = hhmm.replace(":", "")
    for slot in station.slots:
        if slot.at.replace(":", "") == digits:
            return slot
    raise NotFound(f"no slot {hhmm!r}", "Đài không có khung giờ này.", "at")


def _airing_out(serving: Serving, planned: Bulletin | None) -> AiringOut:
    airing = serving.airing
    return AiringOut(
        at=airing.at,
        day=airing.day,
        air_at=airing.air_at,
        max_seconds=airing.max_seconds,
        rung=serving.rung,
        version=serving.version,
        bulletin=planned.episode_id if planned else None,
    )


def bulletin_out(bulletin: Bulletin) -> BulletinOut:
    """A bulletin as the API shows it."""
    airing = bulletin.airing
    return BulletinOut(
        id=bulletin.episode_id,
        station=airing.station,
        at=airing.at,
        day=airing.day,
        air_at=airing.air_at,
        max_seconds=airing.max_seconds,
        rung=bulletin.rung,
        state=bulletin.state,
        version=bulletin.version,
        title=bulletin.title,
        greeting=bulletin.greeting,
        closing=bulletin.closing,
        seconds=bulletin.seconds,
        measured=bulletin.measured,
        stories=[
            StoryOut(
                episode=item.episode_id,
                version=item.version,
                newest=item.newest,
                title=item.title,
                station=item.station_name,
                priority=item.priority,
                seconds=item.seconds,
                repeat=item.repeat,
            )
            for item in bulletin.items
        ],
        left_out=[
            LeftOutOut(episode_id=left.episode_id, title=left.title, why=left.why)
            for left in bulletin.left_out
        ],
        planned_by=bulletin.planned_by,
        approved_version=bulletin.approved_version,
        approved_by=bulletin.approved_by,
        approved_at=bulletin.approved_at,
    )
