"""Bulletins: one is drafted for an hour, arranged by people,
and follows the news until it is listened to.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from service.actions.planning import draft, plan_of, refuse_too_long, rules_of, words_of
from service.bulletin import Hour, Words, hours
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid
from service.newsroom.values import (
    Airing,
    Bulletin,
    Plan,
    Rung,
    Slot,
    Station,
    UnusedStory,
)
from service.zone import FIRST_DAY, LAST_DAY, begin_of

TAKEN_OUT = "biên tập viên bỏ ra"


def open_bulletin(
    newsroom: Newsroom, station: Station, at: str, day: str, by: str
) -> int:
    """The episode of the bulletin of an hour ("05:00" on "2026-11-25"),
    drafted when there was none.

    Invalid names what of the hour is at fault; Conflict when it is over.
    """
    slot, hour = _hour_at(station, at, day)
    is_over = hour.air_at + timedelta(seconds=slot.max_seconds) <= newsroom.now()
    if is_over and not _was_asked_for(newsroom, station, hour):
        raise _over()
    airing = newsroom.bulletins.airing(station.slug, slot, hour.day, hour.air_at)
    bulletin = planned_for(newsroom, airing)
    if bulletin is not None:
        return bulletin.episode_id
    if airing.ends_at <= newsroom.now():
        raise _over()
    plan = draft_for(newsroom, station, slot, airing)
    return newsroom.bulletins.open(airing.id, Rung.PLANNED, plan, by)


def _was_asked_for(newsroom: Newsroom, station: Station, hour: Hour) -> bool:
    """Whether there is a row of an hour: none is made of one that was over before."""
    a_second_later = hour.air_at + timedelta(seconds=1)
    airings = newsroom.bulletins.airings(station.slug, hour.air_at, a_second_later)
    return bool(airings)


def _over() -> Conflict:
    return Conflict(
        "its hour is over",
        "Đã qua giờ phát, không soạn bản tin này được nữa.",
        "day",
    )


def planned_for(newsroom: Newsroom, airing: Airing) -> Bulletin | None:
    """The bulletin of an airing that people arrange and approve; None before it is drafted."""
    return planned_of(newsroom.bulletins.of(airing.id))


def planned_of(bulletins: Sequence[Bulletin]) -> Bulletin | None:
    """The one that people arrange, out of all that was made for an airing."""
    return next((each for each in bulletins if each.rung is Rung.PLANNED), None)


def airing_at(
    newsroom: Newsroom, station: Station, at: str, day: str
) -> tuple[Slot, Airing]:
    """A slot of a station on a day; Invalid names what is at fault."""
    slot, hour = _hour_at(station, at, day)
    return slot, newsroom.bulletins.airing(station.slug, slot, hour.day, hour.air_at)


def _hour_at(station: Station, at: str, day: str) -> tuple[Slot, Hour]:
    """The same before anybody asks for it."""
    slot = next((slot for slot in station.slots if slot.at == at), None)
    if slot is None:
        raise Invalid(
            f"{station.slug} has no slot at {at!r}",
            "Đài không có khung giờ này.",
            "at",
        )
    begin = begin_of(_day(day))
    hour = next(hours(slot.at, slot.weekdays, begin, begin + timedelta(days=1)), None)
    if hour is None:
        raise Invalid(
            f"{at} is not broadcast on {day}",
            "Khung giờ này không phát vào ngày đó.",
            "day",
        )
    return slot, hour


def _day(text: str) -> date:
    try:
        day: date | None = date.fromisoformat(text)
    except ValueError:
        day = None
    # The calendar's first and last years overflow as soon as a time zone is reckoned with.
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid(
            f"{text!r} is no day such as 2026-11-25",
            "Ngày phải có dạng 2026-11-25.",
            "day",
        )
    return day


def draft_for(newsroom: Newsroom, station: Station, slot: Slot, airing: Airing) -> Plan:
    """What the clock would plan for an hour now: the stock of the slot, fitted to it."""
    stock = newsroom.bulletins.stock(station.slug, slot, airing.air_at)
    return draft(station, slot, airing.day, stock)


def replanned(
    newsroom: Newsroom, station: Station, slot: Slot, bulletin: Bulletin
) -> Plan | None:
    """A bulletin without the stories in it that were withdrawn; drafted anew where the house put it
    away, or nothing is left of it. None when it stays as it is.
    """
    if bulletin.is_spoilt and bulletin.kept:
        words = Words(bulletin.title, bulletin.greeting, bulletin.closing)
        stories = newsroom.bulletins.offers(
            station.slug, bulletin.airing.air_at, bulletin.kept
        )
        return plan_of(station, slot, words, stories, bulletin.left_out)
    if bulletin.is_spoilt or bulletin.put_away:
        return draft_for(newsroom, station, slot, bulletin.airing)
    return None


def redraft(newsroom: Newsroom, bulletin: Bulletin) -> Plan:
    """What the clock would plan for a bulletin's hour now."""
    station = newsroom.stations.get(bulletin.airing.station)
    return draft_for(
        newsroom, station, rules_of(station, bulletin.airing), bulletin.airing
    )


def arrange(
    newsroom: Newsroom,
    bulletin: Bulletin,
    stories: Sequence[int],
    words: Words,
    by: str,
    version: int = 0,
) -> None:
    """Saves a running order, each story as it is published now.

    Invalid when it would not fit its slot.

    Stories that are not published any more are left out. Conflict when `version` is not the
    bulletin's newest.
    """
    airing = bulletin.airing
    if bulletin.rung is not Rung.PLANNED:
        raise Conflict(
            f"a bulletin of rung {bulletin.rung} is made by rule",
            "Bản này do máy làm thay thế, không sửa được. Hãy sửa bản tin của khung giờ đó.",
            "rung",
        )
    station = newsroom.stations.get(airing.station)
    slot = rules_of(station, airing)
    # The title is the hour's own, whatever is said in the bulletin.
    title = words_of(station, slot, airing.day).title
    plan = plan_of(
        station,
        slot,
        replace(words, title=title),
        newsroom.bulletins.offers(station.slug, airing.air_at, stories),
        _left_out(newsroom, bulletin, slot, stories),
    )
    refuse_too_long(plan, slot)
    newsroom.bulletins.revise(bulletin.episode_id, plan, by, version=version)


def _left_out(
    newsroom: Newsroom, bulletin: Bulletin, slot: Slot, stories: Sequence[int]
) -> list[UnusedStory]:
    """What the slot could take and does not: with the reason known before,
    or that an editor took it out.
    """
    reasons = {left.episode_id: left.why for left in bulletin.left_out}
    stock = newsroom.bulletins.stock(
        bulletin.airing.station, slot, bulletin.airing.air_at
    )
    return [
        UnusedStory(
            offer.episode_id, offer.title, reasons.get(offer.episode_id, TAKEN_OUT)
        )
        for offer in stock
        if offer.episode_id not in stories
    ]
