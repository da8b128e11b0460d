"""The rules that a station and its slots obey: tables of named rules,
each with the field it is about.

The first rule that is broken is told; the order of the tables is the order in which they are looked
at.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from service.newsroom.errors import Invalid
from service.newsroom.values import ApprovalRule, Fallback, Slot, Station
from service.slugs import is_slug

# Words and the bed must fit.
SHORTEST_SLOT_S = 120
# Local rules allow 15 to 45 minutes (FACTS.md); an hour is a mistake.
LONGEST_SLOT_S = 60 * 60
# Characters: a sentence.
LONGEST_DISCLOSURE = 200
# Characters of a slot's greeting or closing.
LONGEST_WORDS = 500
HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
# ISO: Monday is 1.
WEEKDAYS = "1234567"
# Of a story that a bulletin may still take; its clips must last longer.
LONGEST_AGE_DAYS = 30
# Option → allowed values; service.vietnamese.Options tells what they mean.
READING = {
    "zero_tens": ("lẻ", "linh"),
    "party_codes": ("usual", "spelled", "dropped"),
    "foreign": ("spelled", "given"),
    "mung": (True, False),
    "minutes": (True, False),
}


@dataclass(frozen=True, slots=True)
class StationRule:
    """What must hold for a station, and what a person reads when it does not."""

    field: str
    holds: Callable[[Station], bool]
    message: str
    message_vi: str


@dataclass(frozen=True, slots=True)
class SlotRule:
    """What must hold for a slot of a station, and what a person reads when it does not."""

    field: str
    holds: Callable[[Slot, Station], bool]
    message: str
    message_vi: str


STATION_RULES = (
    StationRule(
        "slug",
        lambda station: is_slug(station.slug),
        "{value!r} cannot stand in an address: use a-z, 0-9 and single hyphens, at most 60",
        "Tên trong địa chỉ chỉ gồm chữ thường không dấu, số và dấu gạch nối.",
    ),
    StationRule(
        "name",
        lambda station: bool(station.name.strip()),
        "a station needs a name",
        "Đài cần có tên.",
    ),
    StationRule(
        "fallback",
        lambda station: station.fallback in set(Fallback),
        "fallback is hold or provisional",
        "Cách dự phòng không hợp lệ.",
    ),
    StationRule(
        "approval",
        lambda station: station.approval in set(ApprovalRule),
        "approval is required, another or trusted",
        "Cách duyệt không hợp lệ.",
    ),
    StationRule(
        "second_voice",
        lambda station: (
            not station.second_voice or station.second_voice != station.voice
        ),
        "second_voice is another than voice",
        "Giọng thứ hai phải khác giọng thứ nhất.",
    ),
    StationRule(
        "speaker_tempo",
        lambda station: 0.7 <= station.speaker_tempo <= 1.0,
        "speaker_tempo lies between 0.7 and 1",
        "Tốc độ cho loa từ 0,7 đến 1.",
    ),
    StationRule(
        "speaker_pauses",
        lambda station: 1.0 <= station.speaker_pauses <= 2.0,
        "speaker_pauses lies between 1 and 2",
        "Quãng nghỉ cho loa từ 1 đến 2 lần.",
    ),
    StationRule(
        "speaker_lead_in",
        lambda station: 0.0 <= station.speaker_lead_in <= 2.0,
        "speaker_lead_in lies between 0 and 2 seconds",
        "Tiếng mồi cho loa từ 0 đến 2 giây.",
    ),
    StationRule(
        "disclosure",
        lambda station: bool(station.disclosure.strip()),
        "listeners are told that a voice is synthetic",
        "Cần ghi rõ là giọng đọc máy.",
    ),
    StationRule(
        "disclosure",
        lambda station: len(station.disclosure) <= LONGEST_DISCLOSURE,
        f"at most {LONGEST_DISCLOSURE} characters",
        f"Dài tối đa {LONGEST_DISCLOSURE} ký tự.",
    ),
    StationRule(
        "disclosure_spoken",
        lambda station: len(station.disclosure_spoken) <= LONGEST_DISCLOSURE,
        f"at most {LONGEST_DISCLOSURE} characters",
        f"Dài tối đa {LONGEST_DISCLOSURE} ký tự.",
    ),
)


def _within(field: str, low: int, high: int, message_vi: str) -> SlotRule:
    """The rule that a number of a slot lies between two others, both allowed."""

    def holds(slot: Slot, _: Station) -> bool:
        value: int = getattr(slot, field)
        return low <= value <= high

    return SlotRule(field, holds, f"{field} lies between {low} and {high}", message_vi)


SLOT_RULES = (
    SlotRule(
        "at",
        lambda slot, _: bool(HOUR.fullmatch(slot.at)),
        "{value!r} is no hour such as 05:00",
        "Giờ phát phải có dạng 05:00.",
    ),
    _within(
        "max_seconds",
        SHORTEST_SLOT_S,
        LONGEST_SLOT_S,
        "Thời lượng tối đa từ 2 đến 60 phút.",
    ),
    SlotRule(
        "weekdays",
        lambda slot, _: bool(slot.weekdays) and set(slot.weekdays) <= set(WEEKDAYS),
        "weekdays are digits 1 (Monday) to 7",
        "Ngày trong tuần là các số từ 1 đến 7.",
    ),
    _within(
        "max_age_days",
        1,
        LONGEST_AGE_DAYS,
        f"Tin không cũ quá 1 đến {LONGEST_AGE_DAYS} ngày.",
    ),
    _within("repeats", 0, 20, "Số tin phát lại từ 0 đến 20."),
    _within("plan_minutes", 30, 24 * 60, "Soạn trước giờ phát từ 30 phút đến 24 giờ."),
    _within("ready_minutes", 2, 120, "Hạn duyệt trước giờ phát từ 2 đến 120 phút."),
    SlotRule(
        "ready_minutes",
        lambda slot, _: slot.ready_minutes < slot.plan_minutes,
        "ready_minutes is less than plan_minutes",
        "Hạn duyệt phải sau lúc soạn bản tin.",
    ),
    SlotRule(
        "sources",
        lambda slot, station: station.slug not in slot.sources,
        "a station is no source of its own",
        "Đài không lấy tin từ chính mình.",
    ),
    SlotRule(
        "greeting",
        lambda slot, _: len(slot.greeting) <= LONGEST_WORDS,
        f"at most {LONGEST_WORDS} characters",
        f"Dài tối đa {LONGEST_WORDS} ký tự.",
    ),
    SlotRule(
        "closing",
        lambda slot, _: len(slot.closing) <= LONGEST_WORDS,
        f"at most {LONGEST_WORDS} characters",
        f"Dài tối đa {LONGEST_WORDS} ký tự.",
    ),
)


def check(station: Station) -> None:
    """Invalid names the field of the first rule that is broken.

    One of a slot as in "slots.0.at".
    """
    for rule in STATION_RULES:
        if not rule.holds(station):
            message = rule.message.format(value=getattr(station, rule.field))
            raise Invalid(message, rule.message_vi, rule.field)
    for option, value in station.reading.items():
        if value not in READING.get(option, ()):
            raise Invalid(
                f"reading.{option} cannot be {value!r}",
                "Tùy chọn cách đọc không hợp lệ.",
                f"reading.{option}",
            )
    hours: set[str] = set()
    for number, slot in enumerate(station.slots):
        _check_slot(station, slot, f"slots.{number}")
        if slot.at in hours:
            raise Invalid(
                "two slots at one hour",
                "Có hai khung giờ trùng nhau.",
                f"slots.{number}.at",
            )
        hours.add(slot.at)


def _check_slot(station: Station, slot: Slot, name: str) -> None:
    for rule in SLOT_RULES:
        if not rule.holds(slot, station):
            message = rule.message.format(value=getattr(slot, rule.field))
            raise Invalid(message, rule.message_vi, f"{name}.{rule.field}")
