"""Stations at the desk: name, hours, voice, and the rules by which they read and broadcast."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.bulletin.wording import CLOSING
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid, NewsroomError
from service.newsroom.text import fold
from service.newsroom.values import Role, Slot, Station
from service.web.auth import View, desk_pages, who
from service.web.site import Site

READING = (  # option, what it is about, and its choices: value → an example
    ("zero_tens", "Số 105", (("lẻ", "một trăm lẻ năm"), ("linh", "một trăm linh năm"))),
    (
        "party_codes",
        "05-CT/TW",
        (
            ("usual", "không năm, xê tê trên tê vê kép; trước “của Bộ Chính trị”: không năm"),
            ("spelled", "không năm, xê tê trên tê vê kép"),
            ("dropped", "không năm"),
        ),
    ),
    (
        "foreign",
        "Từ nước ngoài",
        (("spelled", "phiên âm theo tiếng Việt"), ("given", "giữ nguyên")),
    ),
    ("mung", "Ngày 2/9", (("no", "ngày hai tháng chín"), ("yes", "ngày mùng hai tháng chín"))),
    ("minutes", "7h30", (("no", "bảy giờ ba mươi"), ("yes", "bảy giờ ba mươi phút"))),
)
DAYS = (("1", "T2"), ("2", "T3"), ("3", "T4"), ("4", "T5"), ("5", "T6"), ("6", "T7"), ("7", "CN"))
YES_OR_NO = frozenset(("mung", "minutes"))
MOST_SLOTS = 8
FEWEST_SLOTS = 3  # that the form shows, empty ones among them
MOST_SOURCES = 5
LENGTH = re.compile(r"(\d{1,3})(?::([0-5]\d))?")  # "15", or "12:30"
TEXTS = (
    "place",
    "description",
    "voice",
    "fallback",
    "approval",
    "greeting",
    "disclosure",
    "disclosure_spoken",
)
NUMBERS = ("max_age_days", "repeats", "plan_minutes", "ready_minutes")
CHOICES = ("headlines", "chimes", "lunar", "automatic", "previous")
NEW_SLOT = Slot("", 900)
SHOWN_AS = {
    "max_seconds": "length",
    "weekdays": "day",
    "topics": "topic",
    "sources": "source",
}  # rule → field


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/stations."""
    rules = Rules(newsroom, site)
    views: list[tuple[str, str, Role, View]] = [
        ("GET", "", Role.OPERATOR, rules.stations),
        ("GET", "/new", Role.ADMIN, rules.new),
        ("POST", "/new", Role.ADMIN, rules.make),
        ("GET", "/<slug>", Role.ADMIN, rules.station),
        ("POST", "/<slug>", Role.ADMIN, rules.change),
    ]
    app.register_blueprint(desk_pages("rules", "/desk/stations", views))


@dataclass(frozen=True)
class Rules:
    """What the stations' addresses answer."""

    newsroom: Newsroom
    site: Site

    def stations(self) -> ResponseReturnValue:
        """All stations, or those whose names hold the words, with or without diacritics."""
        stations, words = self.newsroom.stations.all(), request.args.get("q", "").strip()
        found = [each for each in stations if fold(words) in fold(f"{each.name} {each.slug}")]
        return render_template(
            "desk/stations.html", stations=found, words=words, total=len(stations)
        )

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
        self.newsroom.stations.get(slug)
        return self._take(slug)

    def _take(self, slug: str, *, new: bool = False, taken: bool = False) -> ResponseReturnValue:
        form = request.form
        try:
            if taken:
                raise Conflict(
                    f"there is a station {slug!r} already", "Đã có đài mang tên này.", "slug"
                )
            typed = typed_station(slug, form)
            self.site.check_voice(typed.voice)
            self.newsroom.stations.put(typed, who())
        except NewsroomError as error:
            return self._page(
                slug, form, {field_of(error.field, form): error.message_vi}, new=new
            ), 422
        flash(f"Đã lưu {typed.name.strip()}.")
        return redirect(url_for("rules.stations"), 303)

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
        rows = _rows(form)
        filled = form.copy()
        for number in range(
            len(rows), min(MOST_SLOTS, max(FEWEST_SLOTS, len(_typed_rows(form)) + 1))
        ):
            filled.update(shown_slot(number, NEW_SLOT))
            rows.append(number)
        topics = {topic.slug: topic.name for topic in self.newsroom.stations.topics()}
        for number in rows:  # those that no article named yet
            topics |= {name: topics.get(name, name) for name in form.getlist(f"topic-{number}")}
        return render_template(
            "desk/station.html",
            slug=slug,
            form=filled,
            rows=rows,
            days=DAYS,
            topics=topics,
            others=[other for other in self.newsroom.stations.all() if other.slug != slug],
            most_sources=MOST_SOURCES,
            closing=CLOSING,
            options=READING,
            voices=self.site.voices,
            faults=faults or {},
            new=new,
        )


def shown_station(station: Station) -> MultiDict[str, str]:
    """The form of a station, as browsers send it: `typed_station` reads it back."""
    form = MultiDict({name: getattr(station, name) for name in ("name", *TEXTS)})
    form["speaker_tempo"], form["speaker_pauses"] = (
        f"{station.speaker_tempo:g}",
        f"{station.speaker_pauses:g}",
    )
    form["duty"] = "\n".join(station.duty)
    for name, _, choices in READING:
        form[name] = _shown(station.reading.get(name)) or choices[0][0]
    for number, slot in enumerate(station.slots):
        form.update(shown_slot(number, slot))
    return form


def shown_slot(n: int, slot: Slot) -> MultiDict[str, str]:
    """A slot's fields; `n` is its row."""
    whole, rest = divmod(slot.max_seconds, 60)
    form = MultiDict(
        {f"at-{n}": slot.at, f"length-{n}": f"{whole}:{rest:02}" if rest else str(whole)}
    )
    form[f"greeting-{n}"], form[f"closing-{n}"] = slot.greeting, slot.closing
    for name in NUMBERS:
        form[f"{name}-{n}"] = str(getattr(slot, name))
    for name in CHOICES:
        if getattr(slot, name):
            form[f"{name}-{n}"] = "on"
    for name, values in (("day", slot.weekdays), ("topic", slot.topics), ("source", slot.sources)):
        form.setlist(f"{name}-{n}", list(values))
    return form


def typed_station(slug: str, form: MultiDict[str, str]) -> Station:
    """What the form says; Invalid names the field when a number is none."""
    reading: dict[str, str | bool] = {}
    for name, _, choices in READING:
        if (value := form.get(name, choices[0][0])) != choices[0][
            0
        ]:  # the default need not be kept
            reading[name] = value == "yes" if name in YES_OR_NO else value
    # Rules too, as they are typed: the newsroom refuses what is none, by its field.
    texts: dict[str, Any] = {name: form[name].strip() for name in TEXTS if name in form}
    return Station(
        slug=slug,
        name=form.get("name", ""),
        reading=reading,
        speaker_tempo=_decimal(form, "speaker_tempo", 1.0),
        speaker_pauses=_decimal(form, "speaker_pauses", 1.3),
        duty=tuple(form.get("duty", "").split()),
        slots=tuple(_typed_slot(form, number) for number in _typed_rows(form)),
        **texts,
    )


def field_of(fault: str, form: MultiDict[str, str]) -> str:
    """The form's field of what the newsroom named: "slots.1.weekdays" is "day-2" when row 1 was left empty."""
    group, _, rest = fault.partition(".")
    if group != "slots":
        return fault
    number, _, rule = rest.partition(".")
    return f"{SHOWN_AS.get(rule, rule)}-{_typed_rows(form)[int(number)]}"


def _rows(form: MultiDict[str, str]) -> list[int]:
    return [number for number in range(MOST_SLOTS) if f"at-{number}" in form]


def _typed_rows(form: MultiDict[str, str]) -> list[int]:
    """A row without an hour is no slot."""
    return [number for number in _rows(form) if form[f"at-{number}"].strip()]


def _typed_slot(form: MultiDict[str, str], n: int) -> Slot:
    length = LENGTH.fullmatch(form.get(f"length-{n}", "").strip())
    if length is None:
        raise Invalid(
            "a slot's length is in minutes",
            "Thời lượng tính bằng phút: 15, hoặc 12:30.",
            f"length-{n}",
        )
    return Slot(
        at=form[f"at-{n}"].strip(),
        max_seconds=int(length[1]) * 60 + int(length[2] or 0),
        weekdays="".join(form.getlist(f"day-{n}")),
        topics=tuple(form.getlist(f"topic-{n}")),
        sources=tuple(dict.fromkeys(source for source in form.getlist(f"source-{n}") if source)),
        greeting=form.get(f"greeting-{n}", "").strip(),
        closing=form.get(f"closing-{n}", "").strip(),
        max_age_days=_whole(form, f"max_age_days-{n}", NEW_SLOT.max_age_days),
        repeats=_whole(form, f"repeats-{n}", NEW_SLOT.repeats),
        plan_minutes=_whole(form, f"plan_minutes-{n}", NEW_SLOT.plan_minutes),
        ready_minutes=_whole(form, f"ready_minutes-{n}", NEW_SLOT.ready_minutes),
        headlines=f"headlines-{n}" in form,
        chimes=f"chimes-{n}" in form,
        lunar=f"lunar-{n}" in form,
        automatic=f"automatic-{n}" in form,
        previous=f"previous-{n}" in form,
    )


def _whole(form: MultiDict[str, str], name: str, default: int) -> int:
    text = form.get(name, str(default)).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid(f"{name} is a whole number", "Cần nhập một số, ví dụ 3.", name)
    return int(text)


def _decimal(form: MultiDict[str, str], name: str, default: float) -> float:
    """A number as people here write it, "0,9", or as browsers send it."""
    try:
        return float(form.get(name, str(default)).replace(",", "."))
    except ValueError:
        raise Invalid(f"{name} is a number", "Cần nhập một số, ví dụ 0,9.", name) from None


def _shown(value: str | bool | None) -> str:
    """A reading option as the form names it; "" is the first choice."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""
