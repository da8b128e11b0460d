"""Bulletins at the desk: what each hour broadcasts, and the running order in which editors arrange it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.actions.bulletins import TAKEN_OUT, arrange, open_bulletin, planned_of, redraft
from service.actions.planning import item_seconds, plan_of, rules_of
from service.bulletin import Words, hours
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid, NewsroomError
from service.newsroom.text import fold
from service.newsroom.values import (
    Airing,
    Bulletin,
    Offer,
    PlanItem,
    Role,
    Rung,
    Sentence,
    Serving,
    Slot,
    SlotHour,
    Station,
)
from service.web.auth import View, desk_pages, who
from service.web.site import Site

AHEAD = timedelta(days=3)
BACK = timedelta(days=7)
SOON = timedelta(hours=6)
WIDER_DAYS = 30  # what a search finds: more than the slot's rules would take by themselves
MOST_SHOWN = 60
BULLETIN = "/<int:episode_id>"
NOT_SEEN = "mới, hoặc không thuộc quy định của khung giờ"


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/bulletins, and what the desk's first page tells of them."""
    pages = Running(newsroom)
    views: list[tuple[str, str, Role, View]] = [
        ("GET", "", Role.OPERATOR, pages.schedule),
        ("POST", "", Role.EDITOR, pages.make),
        ("GET", BULLETIN, Role.OPERATOR, pages.bulletin),
        ("POST", BULLETIN, Role.EDITOR, pages.arrange),
        ("POST", f"{BULLETIN}/approve", Role.APPROVER, pages.approve),
    ]
    app.jinja_env.globals["bulletins_waiting"] = lambda: newsroom.bulletins.waiting(
        newsroom.now() + SOON
    )
    app.register_blueprint(desk_pages("bulletins", "/desk/bulletins", views))


@dataclass(frozen=True, slots=True)
class Hour:
    """A line of the schedule: what was made for an hour, the one people arrange first, and what stands there now."""

    slot: Slot
    day: date
    air_at: datetime
    plan_at: datetime  # when it is drafted
    due_at: datetime  # until when it is to be approved
    planned: Bulletin | None
    serving: Serving
    over: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a finished bulletin that can be heard alone: "greeting", "closing" or a story's number."""

    name: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Row:
    """A story in the running order: its offer, or (withdrawn) the item it was."""

    episode_id: int
    title: str
    seconds: float
    offer: Offer | None
    item: PlanItem | None

    @property
    def newer(self) -> bool:
        """Whether the bulletin carries an older version than the public has."""
        return (
            self.offer is not None
            and self.item is not None
            and self.item.version != self.offer.version
        )


@dataclass(frozen=True, slots=True)
class Order:
    """The running order as it stands in the form: perhaps not saved yet."""

    stories: tuple[int, ...]
    greeting: str
    closing: str
    version: int  # the bulletin's, when this began

    @classmethod
    def of(cls, bulletin: Bulletin) -> "Order":
        """As it is saved."""
        stories = tuple(item.episode_id for item in bulletin.items)
        return cls(stories, bulletin.greeting, bulletin.closing, bulletin.version)

    @classmethod
    def typed(cls) -> "Order":
        """As the browser sent it, after the move whose button was pressed."""
        form = request.form
        numbers = [
            int(number)
            for number in form.getlist("story")
            if number.isdecimal() and len(number) < 10
        ]
        stories = moved(list(dict.fromkeys(numbers)), form.get("move", ""))
        version = form.get("version", "")
        return cls(
            stories,
            " ".join(form.get("greeting", "").split()),
            " ".join(form.get("closing", "").split()),
            int(version) if version.isdecimal() and len(version) < 10 else 0,
        )


def moved(stories: list[int], move: str) -> tuple[int, ...]:
    """The order after "up:7", "down:7", "drop:7" or "add:7"; any other move changes nothing."""
    verb, _, name = move.partition(":")
    number = int(name) if name.isdecimal() and len(name) < 10 else 0
    if verb == "add" and number and number not in stories:
        return (*stories, number)
    if number not in stories:
        return tuple(stories)
    at = stories.index(number)
    match verb:
        case "up" if at > 0:
            stories[at - 1 : at + 1] = [number, stories[at - 1]]
        case "down" if at < len(stories) - 1:
            stories[at : at + 2] = [stories[at + 1], number]
        case "drop":
            stories.remove(number)
    return tuple(stories)


@dataclass(frozen=True)
class Running:
    """What the addresses answer."""

    newsroom: Newsroom

    def schedule(self) -> ResponseReturnValue:
        """The hours of a station: the coming days, and the past ones."""
        stations = self.newsroom.stations.all()
        home = self.newsroom.stations.home()
        slug = request.args.get("station", "") or (home.slug if home else "")
        station = self.newsroom.stations.get(slug) if slug else None
        now = self.newsroom.now()
        found = list(self._hours(station, now)) if station else []
        return render_template(
            "desk/bulletins.html",
            stations=stations,
            station=station,
            coming=[hour for hour in found if not hour.over],
            past=[hour for hour in reversed(found) if hour.over],
            now=now,
        )

    def _hours(self, station: Station, now: datetime) -> list[Hour]:
        """The hours of the days around now; a fixed number of questions, however many there are."""
        since, until = now - BACK, now + AHEAD
        airings = self.newsroom.bulletins.airings(station.slug, since, until)
        bulletins = self.newsroom.bulletins.of_airings([airing.id for airing in airings])
        asked = self._asked(station, airings, bulletins, now)
        servings = self.newsroom.bulletins.servings(station.slug, asked)
        rows = [
            Hour(
                slot=hour.slot,
                day=hour.day,
                air_at=hour.air_at,
                plan_at=hour.air_at - timedelta(minutes=hour.slot.plan_minutes),
                due_at=hour.air_at - timedelta(minutes=hour.slot.ready_minutes),
                planned=planned_of(bulletins.get(serving.airing.id, [])),
                serving=serving,
                over=hour.air_at + timedelta(seconds=hour.slot.max_seconds) <= now,
            )
            for hour, serving in zip(asked, servings, strict=True)
        ]
        return sorted(rows, key=lambda row: row.air_at)

    def _asked(
        self,
        station: Station,
        airings: Sequence[Airing],
        bulletins: Mapping[int, Sequence[Bulletin]],
        now: datetime,
    ) -> list[SlotHour]:
        """The hours that the station's slots have, and those it gave up since that have a bulletin."""
        known = {(airing.day, airing.at): airing for airing in airings}
        listed: list[SlotHour] = []
        for slot in station.slots:
            for hour in hours(slot.at, slot.weekdays, now - BACK, now + AHEAD):
                airing = known.pop((hour.day, slot.at), None)
                if airing is not None or hour.air_at > now:
                    listed.append(SlotHour(slot, hour.day, hour.air_at))
        given_up = [airing for airing in known.values() if bulletins[airing.id]]
        return listed + [
            SlotHour(rules_of(station, airing), airing.day, airing.air_at) for airing in given_up
        ]

    def make(self) -> ResponseReturnValue:
        """A bulletin for an hour that has none, drafted as the clock would; whoever comes second gets the same."""
        form = request.form
        station = self.newsroom.stations.get(form.get("station", ""))
        try:
            number = open_bulletin(
                self.newsroom, station, form.get("at", ""), form.get("day", ""), who()
            )
        except (Conflict, Invalid) as error:
            flash(error.message_vi, "error")
            return redirect(url_for("bulletins.schedule", station=station.slug), 303)
        return _see(number)

    def bulletin(self, episode_id: int) -> ResponseReturnValue:
        """The running order as it is saved."""
        bulletin = self.newsroom.bulletins.get(episode_id)
        return self._page(bulletin, Order.of(bulletin))

    def arrange(self, episode_id: int) -> ResponseReturnValue:
        """A move in the running order: shown with its running time, kept when it is to be saved."""
        bulletin = self.newsroom.bulletins.get(episode_id)
        order = Order.typed()
        move = request.form.get("move", "")
        if move == "draft":
            plan = redraft(self.newsroom, bulletin)
            order = replace(order, stories=tuple(offer.episode_id for offer in plan.stories))
        if move != "save":
            return self._page(bulletin, order)
        try:
            arrange(
                self.newsroom,
                bulletin,
                order.stories,
                Words("", order.greeting, order.closing),
                who(),
                order.version,
            )
        except Conflict as error:
            newest = self.newsroom.bulletins.get(episode_id)
            kept = replace(order, version=newest.version) if error.field == "version" else order
            return self._page(newest, kept, error), 409
        except NewsroomError as error:
            return self._page(bulletin, order, error), 422
        flash("Đã lưu. Máy đang ghép bản tin; nghe lại rồi duyệt.")
        return _see(episode_id)

    def approve(self, episode_id: int) -> ResponseReturnValue:
        """Lets the version that was listened to stand at its hour's address."""
        version = request.form.get("version", "")
        try:
            self.newsroom.episodes.approve(
                episode_id, who(), int(version) if version.isdecimal() else 0
            )
        except NewsroomError as error:
            flash(error.message_vi, "error")
        else:
            flash(
                "Đã duyệt. Bản tin đã ở địa chỉ của loa, và lên trang người nghe khi đến giờ phát."
            )
        return _see(episode_id)

    def _page(self, bulletin: Bulletin, order: Order, error: NewsroomError | None = None) -> str:
        room = self.newsroom.bulletins
        airing = bulletin.airing
        station = self.newsroom.stations.get(airing.station)
        slot = rules_of(station, airing)
        episode = self.newsroom.episodes.get(bulletin.episode_id)
        offers = room.offers(station.slug, airing.air_at, order.stories)
        words = Words(bulletin.title, order.greeting, order.closing)
        saved = order == replace(Order.of(bulletin), version=order.version)
        planned = plan_of(station, slot, words, offers)
        newest = {item.episode_id: item.newest for item in bulletin.items}
        seconds = bulletin.seconds if saved and all(newest.values()) else planned.seconds
        asked = request.values.get("q", "").strip()
        now = self.newsroom.now()
        return render_template(
            "desk/bulletin.html",
            bulletin=bulletin,
            episode=episode,
            station=station,
            slot=slot,
            order=order,
            rows=_rows(station, slot, order, offers, bulletin),
            saved=saved,
            seconds=seconds,
            measured=saved and bulletin.measured,
            over=seconds - airing.max_seconds,
            others=self._others(bulletin, station, slot, order, asked),
            asked=asked,
            most=MOST_SHOWN,
            room=airing.max_seconds - planned.seconds,
            parts={part.name: part for part in parts_of(episode.sentences)},
            masters={master.kind: master for master in episode.masters},
            serving=room.serving(station.slug, slot, airing.day, airing.air_at),
            due_at=airing.air_at - timedelta(minutes=slot.ready_minutes),
            editable=bulletin.rung is Rung.PLANNED and airing.ends_at > now,
            error=error,
        )

    def _others(
        self, bulletin: Bulletin, station: Station, slot: Slot, order: Order, asked: str
    ) -> list[tuple[Offer, float, str]]:
        """Stories that are not in the order, with their length in it, and why they are not; all words of `asked`."""
        room, airing = self.newsroom.bulletins, bulletin.airing
        wider = replace(slot, max_age_days=WIDER_DAYS, topics=()) if asked else slot
        found = room.stock(station.slug, wider, airing.air_at)
        found += room.stock(station.slug, wider, airing.air_at, evergreen=True)
        why = {left.episode_id: left.why for left in bulletin.left_out}
        why |= {item.episode_id: TAKEN_OUT for item in bulletin.items}
        wanted = fold(asked).split()
        return [
            (offer, item_seconds(station, slot, offer), why.get(offer.episode_id, NOT_SEEN))
            for offer in found
            if offer.episode_id not in order.stories
            and all(word in fold(offer.title) for word in wanted)
        ]


def parts_of(sentences: Sequence[Sentence]) -> list[Part]:
    """The parts of a finished bulletin, by its sentences' times in the `app` master; none before it is finished."""
    found: list[Part] = []
    name = "greeting"
    for sentence in sentences:
        if sentence.start_ms is None or sentence.end_ms is None:
            return []
        if sentence.story_id is not None:
            if sentence.role == "heading" or name == str(sentence.story_id):
                name = str(sentence.story_id)
            else:  # a headline belongs to the words before the stories
                name = "greeting"
        elif name != "greeting":
            name = "closing"
        if found and found[-1].name == name:
            found[-1] = replace(found[-1], end_ms=sentence.end_ms)
        else:
            found.append(Part(name, sentence.start_ms, sentence.end_ms))
    return found


def _rows(
    station: Station, slot: Slot, order: Order, offers: Sequence[Offer], bulletin: Bulletin
) -> list[Row]:
    known = {offer.episode_id: offer for offer in offers}
    items = {item.episode_id: item for item in bulletin.items}
    found: list[Row] = []
    for number in order.stories:
        offer, item = known.get(number), items.get(number)
        if offer is not None:
            found.append(Row(number, offer.title, item_seconds(station, slot, offer), offer, item))
        elif item is not None:
            found.append(Row(number, item.title, 0.0, None, item))
    return found


def _see(episode_id: int) -> ResponseReturnValue:
    return redirect(url_for("bulletins.bulletin", episode_id=episode_id), 303)
