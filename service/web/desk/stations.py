"""Stations at the desk: name, hours, voice, and the rules by which they read and broadcast."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from flask import Flask, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.actions.station_rules import put_station
from service.bulletin.wording import CLOSING
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, NewsroomError
from service.newsroom.stations import MOST_LISTED
from service.newsroom.text import fold
from service.newsroom.values import Role, Station
from service.newsroom.values.grants import EVERYWHERE
from service.web.auth import DeskPage, desk_pages, who
from service.web.auth.access import own_stations, reach
from service.web.desk.choosing import station_meant
from service.web.desk.station_form import (
    MOST_SLOTS,
    NEW_SLOT,
    READING,
    field_of,
    filled_rows,
    shown_slot,
    shown_station,
    slot_rows,
    typed_station,
)
from service.web.inputs.numbers import whole_number
from service.web.site import Site

DAYS = (
    ("1", "T2"),
    ("2", "T3"),
    ("3", "T4"),
    ("4", "T5"),
    ("5", "T6"),
    ("6", "T7"),
    ("7", "CN"),
)
FEWEST_SLOTS = 3  # that the form shows, empty ones among them
MOST_SOURCES = 5
# Stations on a page: a province has hundreds, and nobody reads through them; they are searched.
ON_A_PAGE = 50


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/stations."""
    rules = Rules(newsroom, site)
    addresses = [
        DeskPage("GET", "", Role.OPERATOR, rules.stations, sifted=True),
        DeskPage("GET", "/named.json", Role.OPERATOR, rules.named, sifted=True),
        DeskPage("GET", "/new", Role.ADMIN, rules.new),
        DeskPage("POST", "/new", Role.ADMIN, rules.make),
        DeskPage("GET", "/<slug>", Role.ADMIN, rules.station),
        DeskPage("POST", "/<slug>", Role.ADMIN, rules.change),
    ]
    app.register_blueprint(desk_pages("rules", "/desk/stations", addresses))


@dataclass(frozen=True)
class Rules:
    """What the stations' addresses answer."""

    newsroom: Newsroom
    site: Site

    def stations(self) -> ResponseReturnValue:
        """A page of the stations, or of those whose names hold the words, with or without
        diacritics.
        """
        stations = own_stations(self.newsroom, Role.OPERATOR)
        words = request.args.get("q", "").strip()
        wanted = fold(words)
        matching = [
            station
            for station in stations
            if not wanted or wanted in fold(f"{station.name} {station.slug}")
        ]
        pages = max(1, -(-len(matching) // ON_A_PAGE))
        page = min(whole_number(request.args.get("page", "")) or 1, pages)
        return render_template(
            "desk/stations.html",
            stations=matching[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
            found=len(matching),
            words=words,
            total=len(stations),
            page=page,
            pages=pages,
        )

    def named(self) -> ResponseReturnValue:
        """The stations whose names have the words `q`, for forms; `work` (a role) keeps to those
        at which who asks may do that work. Names are public.
        """
        work = request.args.get("work", "")
        within = reach(Role(work)) if work in set(Role) else EVERYWHERE
        directory = self.newsroom.stations.directory(request.args.get("q", ""), within)
        stations = [asdict(each) for each in directory.stations]
        return jsonify(stations=stations, total=directory.total)

    def new(self) -> ResponseReturnValue:
        """An empty form."""
        return self._form(Station("", ""), new=True)

    def make(self) -> ResponseReturnValue:
        """A station that was not there."""
        slug = request.form.get("slug", "").strip()
        taken = slug in {station.slug for station in self.newsroom.stations.all()}
        return self._take(slug, new=True, taken=taken)

    def station(self, slug: str) -> ResponseReturnValue:
        """A station as it is."""
        return self._form(self.newsroom.stations.get(slug))

    def change(self, slug: str) -> ResponseReturnValue:
        """Another name, other rules. What was read before stays as it is."""
        # NotFound first: a form for a station that is not there must not make one.
        self.newsroom.stations.get(slug)
        return self._take(slug)

    def _take(
        self, slug: str, *, new: bool = False, taken: bool = False
    ) -> ResponseReturnValue:
        form = request.form
        try:
            if taken:
                raise Conflict(
                    f"there is a station {slug!r} already",
                    "Đã có đài mang tên này.",
                    "slug",
                )
            typed = self._with_sources(typed_station(slug, form))
            self.site.check_voice(typed.voice)
            self.site.check_voice(typed.second_voice, "second_voice")
            put_station(self.newsroom, typed, who())
        except NewsroomError as error:
            faults = {field_of(error.field, form): error.message_vi}
            return self._page(slug, form, faults, new=new), 422
        flash(f"Đã lưu {typed.name.strip()}.")
        return redirect(url_for("rules.stations"), 303)

    def _with_sources(self, station: Station) -> Station:
        """The station with its slots' sources by their slugs: among many they are typed."""
        slots = [
            replace(
                slot,
                sources=tuple(
                    station_meant(
                        self.newsroom, typed, EVERYWHERE, f"slots.{number}.sources"
                    )
                    for typed in slot.sources
                ),
            )
            for number, slot in enumerate(station.slots)
        ]
        return replace(station, slots=tuple(slots))

    def _form(self, station: Station, *, new: bool = False) -> str:
        return self._page(station.slug, shown_station(station), new=new)

    def _page(
        self,
        slug: str,
        form: MultiDict[str, str],
        faults: dict[str, str] | None = None,
        *,
        new: bool = False,
    ) -> str:
        rows = slot_rows(form)
        filled = form.copy()
        for number in range(len(rows), _rows_wanted(form)):
            filled.update(shown_slot(number, NEW_SLOT))
            rows.append(number)
        others = [other for other in self.newsroom.stations.all() if other.slug != slug]
        return render_template(
            "desk/station.html",
            slug=slug,
            form=filled,
            rows=rows,
            days=DAYS,
            topics=self._topics(form, rows),
            others=others,
            most_sources=MOST_SOURCES,
            typed_sources=len(others) > MOST_LISTED,
            closing=CLOSING,
            options=READING,
            voices=self.site.voices,
            faults=faults or {},
            new=new,
        )

    def _topics(self, form: MultiDict[str, str], rows: Sequence[int]) -> dict[str, str]:
        """The topics to choose from, by slug.

        Those of the form as well that no article named yet.
        """
        topics = {topic.slug: topic.name for topic in self.newsroom.stations.topics()}
        for row in rows:
            for slug in form.getlist(f"topic-{row}"):
                topics.setdefault(slug, slug)
        return topics


def _rows_wanted(form: MultiDict[str, str]) -> int:
    """How many rows for slots the form shows: one more than are filled in, within bounds."""
    one_more = len(filled_rows(form)) + 1
    return min(MOST_SLOTS, max(FEWEST_SLOTS, one_more))
