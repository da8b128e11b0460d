"""Bulletins at the desk: what each hour broadcasts,
and the running order in which editors arrange it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.actions.bulletins import arrange, open_bulletin, planned_of, redraft
from service.actions.planning import rules_of
from service.bulletin import Words, hours
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid, NewsroomError
from service.newsroom.values import (
    Airing,
    Bulletin,
    Role,
    Rung,
    Serving,
    Slot,
    SlotHour,
    Station,
)
from service.web.auth import DeskPage, desk_pages, who
from service.web.auth.access import check, home_station, reach
from service.web.desk.moves import attempt_move
from service.web.desk.running_order import Arrangement, Order, parts_of
from service.web.inputs.numbers import whole_number
from service.web.site import Site

AHEAD = timedelta(days=3)
BACK = timedelta(days=7)
SOON = timedelta(hours=6)
MOST_SHOWN = 60
BULLETIN = "/<int:episode_id>"


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/bulletins, and what the desk's first page tells of them."""
    pages = Running(newsroom)
    addresses = [
        DeskPage("GET", "", Role.OPERATOR, pages.schedule, sifted=True),
        DeskPage("POST", "", Role.EDITOR, pages.make, sifted=True),
        DeskPage("GET", BULLETIN, Role.OPERATOR, pages.bulletin),
        DeskPage("POST", BULLETIN, Role.EDITOR, pages.arrange),
        DeskPage("POST", f"{BULLETIN}/approve", Role.APPROVER, pages.approve),
    ]
    app.jinja_env.globals["bulletins_waiting"] = lambda: newsroom.bulletins.waiting(
        newsroom.now() + SOON, reach(Role.OPERATOR)
    )
    app.register_blueprint(desk_pages("bulletins", "/desk/bulletins", addresses))


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A line of the schedule: what was made for an hour,
    the one people arrange first, and what stands there now.
    """

    slot: Slot
    day: date
    air_at: datetime
    plan_at: datetime  # when it is drafted
    due_at: datetime  # until when it is to be approved
    planned: Bulletin | None
    serving: Serving
    over: bool


@dataclass(frozen=True)
class Running:
    """What the addresses answer."""

    newsroom: Newsroom

    def schedule(self) -> ResponseReturnValue:
        """The hours of a station: the coming days, and the past ones."""
        words = request.args.get("q", "").strip()
        within = reach(Role.OPERATOR)
        directory = self.newsroom.stations.directory(among=within)
        found = self.newsroom.stations.directory(words, within) if words else None
        home = home_station(self.newsroom, Role.OPERATOR)
        slug = request.args.get("station", "") or (home.slug if home else "")
        check(Role.OPERATOR, [slug] if slug else [], "station")
        station = self.newsroom.stations.get(slug) if slug else None
        now = self.newsroom.now()
        hours_around = self._hours(station, now) if station else []
        return render_template(
            "desk/bulletins.html",
            directory=directory,
            found=found.stations if found else (),
            words=words,
            station=station,
            coming=[hour for hour in hours_around if not hour.over],
            past=[hour for hour in reversed(hours_around) if hour.over],
            now=now,
        )

    def _hours(self, station: Station, now: datetime) -> list[ScheduleRow]:
        """The hours of the days around now; a fixed number of questions, however many there are."""
        airings = self.newsroom.bulletins.airings(station.slug, now - BACK, now + AHEAD)
        bulletins = self.newsroom.bulletins.of_airings(
            [airing.id for airing in airings]
        )
        slot_hours = _slot_hours(station, airings, bulletins, now)
        servings = self.newsroom.bulletins.servings_for(station.slug, slot_hours)
        rows = [
            _hour(hour, serving, bulletins.get(serving.airing.id, []), now)
            for hour, serving in zip(slot_hours, servings, strict=True)
        ]
        return sorted(rows, key=lambda row: row.air_at)

    def make(self) -> ResponseReturnValue:
        """A bulletin for an hour that has none, drafted as the clock would.

        Whoever comes second gets the same.
        """
        form = request.form
        check(Role.EDITOR, [form.get("station", "")], "station")
        station = self.newsroom.stations.get(form.get("station", ""))
        try:
            number = open_bulletin(
                self.newsroom, station, form.get("at", ""), form.get("day", ""), who()
            )
        except (Conflict, Invalid) as error:
            flash(error.message_vi, "error")
            return redirect(url_for("bulletins.schedule", station=station.slug), 303)
        return _to_bulletin(number)

    def bulletin(self, episode_id: int) -> ResponseReturnValue:
        """The running order as it is saved."""
        bulletin = self.newsroom.bulletins.get(episode_id)
        return self._page(bulletin, Order.of(bulletin))

    def arrange(self, episode_id: int) -> ResponseReturnValue:
        """A move in the running order: shown with its running time, kept when it is to be saved."""
        bulletin = self.newsroom.bulletins.get(episode_id)
        order = Order.typed(request.form)
        match request.form.get("move", ""):
            case "save":
                return self._save(bulletin, order)
            case "draft":
                plan = redraft(self.newsroom, bulletin)
                stories = tuple(offer.episode_id for offer in plan.stories)
                order = replace(order, stories=stories)
        return self._page(bulletin, order)

    def _save(self, bulletin: Bulletin, order: Order) -> ResponseReturnValue:
        """Keeps a running order; what was arranged stays in the form when it is refused."""
        words = Words("", order.greeting, order.closing)
        try:
            arrange(self.newsroom, bulletin, order.stories, words, who(), order.version)
        except Conflict as error:
            newest = self.newsroom.bulletins.get(bulletin.episode_id)
            # Somebody else saved meanwhile: pressed once more, this order replaces theirs.
            if error.field == "version":
                order = replace(order, version=newest.version)
            return self._page(newest, order, error), 409
        except NewsroomError as error:
            return self._page(bulletin, order, error), 422
        flash("Đã lưu. Máy đang ghép bản tin; nghe lại rồi duyệt.")
        return _to_bulletin(bulletin.episode_id)

    def approve(self, episode_id: int) -> ResponseReturnValue:
        """Lets the version that was listened to stand at its hour's address."""
        version = whole_number(request.form.get("version", "")) or 0
        attempt_move(
            lambda: self.newsroom.episodes.approve(episode_id, who(), version),
            "Đã duyệt. Bản tin đã ở địa chỉ của loa, và lên trang người nghe khi đến giờ phát.",
        )
        return _to_bulletin(episode_id)

    def _page(
        self, bulletin: Bulletin, order: Order, error: NewsroomError | None = None
    ) -> str:
        """The running order as it stands in the form,
        beside what is saved and what is on the air.
        """
        airing = bulletin.airing
        arrangement = Arrangement.of(self.newsroom, bulletin, order)
        episode = self.newsroom.episodes.get(bulletin.episode_id)
        hour = SlotHour(arrangement.slot, airing.day, airing.air_at)
        (serving,) = self.newsroom.bulletins.servings_for(airing.station, [hour])
        words = request.values.get("q", "").strip()
        now = self.newsroom.now()
        return render_template(
            "desk/bulletin.html",
            bulletin=bulletin,
            arrangement=arrangement,
            episode=episode,
            rows=arrangement.rows(),
            spares=arrangement.spares(self.newsroom, words),
            words=words,
            most=MOST_SHOWN,
            parts={part.name: part for part in parts_of(episode.sentences)},
            masters={master.kind: master for master in episode.masters},
            serving=serving,
            due_at=airing.air_at - timedelta(minutes=arrangement.slot.ready_minutes),
            editable=bulletin.rung is Rung.PLANNED and airing.ends_at > now,
            error=error,
        )


def _to_bulletin(episode_id: int) -> ResponseReturnValue:
    return redirect(url_for("bulletins.bulletin", episode_id=episode_id), 303)


def _hour(
    hour: SlotHour, serving: Serving, bulletins: Sequence[Bulletin], now: datetime
) -> ScheduleRow:
    return ScheduleRow(
        slot=hour.slot,
        day=hour.day,
        air_at=hour.air_at,
        plan_at=hour.air_at - timedelta(minutes=hour.slot.plan_minutes),
        due_at=hour.air_at - timedelta(minutes=hour.slot.ready_minutes),
        planned=planned_of(bulletins),
        serving=serving,
        over=hour.air_at + timedelta(seconds=hour.slot.max_seconds) <= now,
    )


def _slot_hours(
    station: Station,
    airings: Sequence[Airing],
    bulletins: Mapping[int, Sequence[Bulletin]],
    now: datetime,
) -> list[SlotHour]:
    """The hours that the station's slots have, and those it gave up since that have a bulletin."""
    airings_by_hour = {(airing.day, airing.at): airing for airing in airings}
    listed: list[SlotHour] = []
    for slot in station.slots:
        for hour in hours(slot.at, slot.weekdays, now - BACK, now + AHEAD):
            airing = airings_by_hour.pop((hour.day, slot.at), None)
            # Nobody is told of a past hour in which nobody asked for the slot.
            if airing is not None or hour.air_at > now:
                listed.append(SlotHour(slot, hour.day, hour.air_at))
    given_up = [airing for airing in airings_by_hour.values() if bulletins[airing.id]]
    return listed + [
        SlotHour(rules_of(station, airing), airing.day, airing.air_at)
        for airing in given_up
    ]
