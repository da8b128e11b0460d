"""The form of a station: its rules as browsers send them, and back."""

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from service.newsroom.errors import Invalid
from service.newsroom.values import Slot, Station
from service.web.inputs.numbers import whole_number


@dataclass(frozen=True, slots=True)
class ReadingOption:
    """A choice of how a station reads: its name, what it is about,
    and an example of what each value says.

    The first value is the usual one.
    """

    name: str
    about: str
    choices: tuple[tuple[str, str], ...]

    @property
    def usual(self) -> str:
        """What holds where a station says nothing."""
        return self.choices[0][0]

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it is kept as true or false rather than by the value's name."""
        return {value for value, _ in self.choices} == {"yes", "no"}


READING = (
    ReadingOption(
        "zero_tens",
        "Số 105",
        (("lẻ", "một trăm lẻ năm"), ("linh", "một trăm linh năm")),
    ),
    ReadingOption(
        "party_codes",
        "05-CT/TW",
        (
            (
                "usual",
                "không năm, xê tê trên tê vê kép; trước “của Bộ Chính trị”: không năm",
            ),
            ("spelled", "không năm, xê tê trên tê vê kép"),
            ("dropped", "không năm"),
        ),
    ),
    ReadingOption(
        "foreign",
        "Từ nước ngoài",
        (("spelled", "phiên âm theo tiếng Việt"), ("given", "giữ nguyên")),
    ),
    ReadingOption(
        "mung",
        "Ngày 2/9",
        (("no", "ngày hai tháng chín"), ("yes", "ngày mùng hai tháng chín")),
    ),
    ReadingOption(
        "minutes",
        "7h30",
        (("no", "bảy giờ ba mươi"), ("yes", "bảy giờ ba mươi phút")),
    ),
)
MOST_SLOTS = 8
# A number that a form may hold at all; the newsroom knows the rule's own bounds
LARGEST_RULE = 99_999
LENGTH = re.compile(r"(\d{1,3})(?::([0-5]\d))?")  # "15", or "12:30"
TEXTS = (
    "place",
    "description",
    "voice",
    "second_voice",
    "fallback",
    "approval",
    "greeting",
    "disclosure",
    "disclosure_spoken",
)
SLOT_TEXTS = ("greeting", "closing")
NUMBERS = ("max_age_days", "repeats", "plan_minutes", "ready_minutes")
CHOICES = ("headlines", "chimes", "lunar", "automatic", "previous")
NEW_SLOT = Slot("", 900)
# The form's field of a rule, where it has another name.
FIELDS = {
    "max_seconds": "length",
    "weekdays": "day",
    "topics": "topic",
    "sources": "source",
}


def shown_station(station: Station) -> MultiDict[str, str]:
    """The form of a station, as browsers send it: `typed_station` reads it back."""
    form = MultiDict({name: getattr(station, name) for name in ("name", *TEXTS)})
    form["speaker_tempo"] = f"{station.speaker_tempo:g}"
    form["speaker_pauses"] = f"{station.speaker_pauses:g}"
    form["speaker_lead_in"] = f"{station.speaker_lead_in:g}"
    if station.announcements_twice:
        form["announcements_twice"] = "on"
    form["duty"] = "\n".join(station.duty)
    for option in READING:
        form[option.name] = _shown(station.reading.get(option.name)) or option.usual
    for number, slot in enumerate(station.slots):
        form.update(shown_slot(number, slot))
    return form


def shown_slot(n: int, slot: Slot) -> MultiDict[str, str]:
    """A slot's fields; `n` is its row."""
    minutes, seconds = divmod(slot.max_seconds, 60)
    length = f"{minutes}:{seconds:02}" if seconds else str(minutes)
    form = MultiDict({f"at-{n}": slot.at, f"length-{n}": length})
    for rule in (*SLOT_TEXTS, *NUMBERS):
        form[f"{rule}-{n}"] = str(getattr(slot, rule))
    for rule in CHOICES:
        if getattr(slot, rule):
            form[f"{rule}-{n}"] = "on"
    form.setlist(f"day-{n}", list(slot.weekdays))
    form.setlist(f"topic-{n}", list(slot.topics))
    form.setlist(f"source-{n}", list(slot.sources))
    return form


def typed_station(slug: str, form: MultiDict[str, str]) -> Station:
    """What the form says; Invalid names the field when a number is none."""
    # Rules too, as they are typed: the newsroom refuses what is none, by its field.
    texts: dict[str, Any] = {name: form[name].strip() for name in TEXTS if name in form}
    return Station(
        slug=slug,
        name=form.get("name", ""),
        reading=_typed_reading(form),
        announcements_twice="announcements_twice" in form,
        speaker_tempo=_decimal(form, "speaker_tempo", 1.0),
        speaker_pauses=_decimal(form, "speaker_pauses", 1.3),
        speaker_lead_in=_decimal(form, "speaker_lead_in", 0.0),
        duty=tuple(form.get("duty", "").split()),
        slots=tuple(_typed_slot(form, number) for number in filled_rows(form)),
        **texts,
    )


def _typed_reading(form: MultiDict[str, str]) -> dict[str, str | bool]:
    """The options that are not as usual: those need not be kept,
    and follow when the usual changes.
    """
    reading: dict[str, str | bool] = {}
    for option in READING:
        value = form.get(option.name, option.usual)
        if value != option.usual:
            reading[option.name] = value == "yes" if option.is_yes_or_no else value
    return reading


def field_of(fault: str, form: MultiDict[str, str]) -> str:
    """The form's field of what the newsroom named:
    "slots.1.weekdays" is "day-2" when row 1 was left empty.
    """
    group, _, rest = fault.partition(".")
    if group != "slots":
        return fault
    number, _, rule = rest.partition(".")
    return f"{FIELDS.get(rule, rule)}-{filled_rows(form)[int(number)]}"


def slot_rows(form: MultiDict[str, str]) -> list[int]:
    """The rows that the form has, an hour in them or not."""
    return [number for number in range(MOST_SLOTS) if f"at-{number}" in form]


def filled_rows(form: MultiDict[str, str]) -> list[int]:
    """A row without an hour is no slot."""
    return [number for number in slot_rows(form) if form[f"at-{number}"].strip()]


def _typed_slot(form: MultiDict[str, str], row: int) -> Slot:
    """The slot that a row of the form describes.

    Invalid names the field that is no length or no number.
    """
    texts = {rule: form.get(f"{rule}-{row}", "").strip() for rule in SLOT_TEXTS}
    numbers = {
        rule: _whole(form, f"{rule}-{row}", getattr(NEW_SLOT, rule)) for rule in NUMBERS
    }
    # Browsers send a box that is ticked, and nothing for one that is not.
    choices = {rule: f"{rule}-{row}" in form for rule in CHOICES}
    rules: dict[str, Any] = {**texts, **numbers, **choices}
    typed = map(str.strip, form.getlist(f"source-{row}"))
    sources = [slug for slug in typed if slug]
    return Slot(
        at=form[f"at-{row}"].strip(),
        max_seconds=_length_s(form, f"length-{row}"),
        weekdays="".join(form.getlist(f"day-{row}")),
        topics=tuple(form.getlist(f"topic-{row}")),
        sources=tuple(dict.fromkeys(sources)),
        **rules,
    )


def _length_s(form: MultiDict[str, str], name: str) -> int:
    """Seconds, of a length as people write it: "15", or "12:30"."""
    length = LENGTH.fullmatch(form.get(name, "").strip())
    if length is None:
        raise Invalid(
            "a slot's length is in minutes",
            "Thời lượng tính bằng phút: 15, hoặc 12:30.",
            name,
        )
    minutes, seconds = length.groups(default="0")
    return int(minutes) * 60 + int(seconds)


def _whole(form: MultiDict[str, str], name: str, default: int) -> int:
    number = whole_number(form.get(name, str(default)), LARGEST_RULE)
    if number is None:
        raise Invalid(f"{name} is a whole number", "Cần nhập một số, ví dụ 3.", name)
    return number


def _decimal(form: MultiDict[str, str], name: str, default: float) -> float:
    """A number as people here write it, "0,9", or as browsers send it."""
    try:
        return float(form.get(name, str(default)).replace(",", "."))
    except ValueError:
        raise Invalid(
            f"{name} is a number", "Cần nhập một số, ví dụ 0,9.", name
        ) from None


def _shown(value: str | bool | None) -> str:
    """A reading option as the form names it; "" is the first choice."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""
