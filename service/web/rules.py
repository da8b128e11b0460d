"""Stations at the desk: name, hours, voice, and the rules by which they read and broadcast."""

from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid, NewsroomError
from service.newsroom.values import Role, Slot, Station
from service.web.auth import View, desk_pages
from service.web.site import Site

READING = (  # option, what it is about, and its choices: value → an example
    ("zero_tens", "Số 105", (("lẻ", "một trăm lẻ năm"), ("linh", "một trăm linh năm"))),
    ("party_codes", "05-CT/TW", (("spelled", "không năm, xê tê trên tê vê kép"), ("dropped", "không năm"))),
    ("foreign", "Từ nước ngoài", (("spelled", "phiên âm theo tiếng Việt"), ("given", "giữ nguyên"))),
    ("mung", "Ngày 2/9", (("no", "ngày hai tháng chín"), ("yes", "ngày mùng hai tháng chín"))),
    ("minutes", "7h30", (("no", "bảy giờ ba mươi"), ("yes", "bảy giờ ba mươi phút"))),
)
YES_OR_NO = frozenset(("mung", "minutes"))
MOST_SLOTS = 8
WEEKDAYS = "1234567"


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
        """All stations."""
        return render_template("desk/stations.html", stations=self.newsroom.stations.all())

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
        typed = Station(slug, request.form.get("name", ""))
        try:
            if taken:
                raise Conflict(f"there is a station {slug!r} already", "Đã có đài mang tên này.", "slug")
            typed = typed_station(slug, request.form)
            self.site.check_voice(typed.voice)
            self.newsroom.stations.put(typed)
        except NewsroomError as error:
            return self._form(typed, {error.field: error.message_vi}, new=new), 422
        flash(f"Đã lưu {typed.name.strip()}.")
        return redirect(url_for("rules.stations"), 303)

    def _form(self, station: Station, faults: dict[str, str] | None = None, *, new: bool = False) -> str:
        return render_template(
            "desk/station.html",
            station=station,
            slots=[*station.slots, *[None] * max(1, 3 - len(station.slots))][:MOST_SLOTS],
            reading={name: _shown(station.reading.get(name)) for name, _, _ in READING},
            options=READING,
            voices=self.site.voices,
            faults=faults or {},
            new=new,
        )


def typed_station(slug: str, form: MultiDict[str, str]) -> Station:
    """What the form says; Invalid when a slot's length is no number."""
    reading: dict[str, str | bool] = {}
    for name, _, choices in READING:
        if (value := form.get(name, choices[0][0])) != choices[0][0]:  # the default need not be kept
            reading[name] = value == "yes" if name in YES_OR_NO else value
    return Station(
        slug=slug,
        name=form.get("name", ""),
        place=form.get("place", "").strip(),
        description=form.get("description", "").strip(),
        voice=form.get("voice", ""),
        fallback=form.get("fallback", "provisional"),
        approval=form.get("approval", "required"),
        reading=reading,
        greeting=form.get("greeting", "").strip(),
        speaker_tempo=_decimal(form, "speaker_tempo", 1.0),
        speaker_pauses=_decimal(form, "speaker_pauses", 1.3),
        disclosure=form.get("disclosure", "Giọng đọc máy."),
        disclosure_spoken=form.get("disclosure_spoken", ""),
        slots=tuple(_slots(form)),
    )


def _decimal(form: MultiDict[str, str], name: str, default: float) -> float:
    """A number as people here write it, "0,9", or as browsers send it."""
    try:
        return float(form.get(name, str(default)).replace(",", "."))
    except ValueError:
        raise Invalid(f"{name} is a number", "Cần nhập một số, ví dụ 0,9.", name) from None


def _slots(form: MultiDict[str, str]) -> list[Slot]:
    found: list[Slot] = []
    for number, at in enumerate(form.getlist("at")):
        if not at.strip():
            continue
        minutes = form.getlist("minutes_at_most")[number : number + 1] or [""]
        if not minutes[0].isdecimal():
            raise Invalid("a slot's length is in minutes", "Thời lượng tối đa tính bằng phút.", "slots.max_seconds")
        days = "".join(day for day in WEEKDAYS if form.get(f"day-{number}-{day}"))
        found.append(Slot(at.strip(), int(minutes[0]) * 60, days))
    return found


def _shown(value: str | bool | None) -> str:
    """A reading option as the form names it; "" is the first choice."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""
