"""The cards of an operator's page: each hour, its file, how it stands, and the hours after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.bulletin import Hour, hours, span
from service.bulletin.hours import LINGERS
from service.newsroom import Newsroom
from service.newsroom.values import (
    Aired,
    Draft,
    Rung,
    Slot,
    SlotHour,
    State,
    Station,
    Taking,
)
from service.web.operators.broadcasts import Broadcast, Broadcasts
from service.web.words import state_name
from service.zone import midnight

A_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


DRAFT_STATES = (State.MASTERED, State.RETURNED, State.HELD, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Card:
    """An hour at the top of the page: its file, how it stands,
    and whether another one was taken before.
    """

    broadcast: Broadcast
    state: str  # in Vietnamese
    tag: str  # the state's colour
    note: str
    waiting: int | None  # a newer version that nobody approved yet
    replaced: Taking | None
    over: bool
    due: bool  # its hour has come: it may be said to have been broadcast

    @property
    def when(self) -> str:
        """The hour as it stands in addresses: "20261125-0500"."""
        return when_of(
            self.broadcast.serving.airing.day, self.broadcast.serving.airing.at
        )

    @property
    def percent(self) -> int:
        """How much of the slot it fills."""
        return round(
            100 * self.broadcast.seconds / self.broadcast.serving.airing.max_seconds
        )


@dataclass(frozen=True, slots=True)
class Coming:
    """A line of the next days: an hour, and what is known of it."""

    slot: Slot
    hour: Hour
    aired: Aired | None


def cards_of(
    newsroom: Newsroom,
    broadcasts: Broadcasts,
    station: Station,
    record: Sequence[Aired],
    now: datetime,
) -> list[Card]:
    """Each slot's next hour, the nearest first, then what is over today.

    `record` is the log around now.
    """
    at_hand = [
        SlotHour(slot, hour.day, hour.air_at)
        for slot in station.slots
        for hour in _hours_at_hand(slot, now)
    ]
    nearest = broadcasts.at_hours(station, at_hand)
    airings = [broadcast.serving.airing.id for broadcast in nearest]
    drafts = {aired.airing.id: aired.draft for aired in record}
    takings = newsroom.takings.last_of(airings)
    cards = [
        _card(
            broadcast,
            drafts.get(broadcast.serving.airing.id),
            takings.get(broadcast.serving.airing.id),
            now,
        )
        for broadcast in nearest
    ]
    # An hour that is over is shown when it was something: drafted, or broadcast.
    shown = [
        card for card in cards if not card.over or card.broadcast.serving.airing.id
    ]
    return sorted(
        shown, key=lambda card: (card.over, card.broadcast.serving.airing.air_at)
    )


def when_of(day: date, at: str) -> str:
    """An airing's hour as it stands in addresses: "20261125-0500"."""
    return f"{day:%Y%m%d}-{at.replace(':', '')}"


def _hours_at_hand(slot: Slot, now: datetime) -> list[Hour]:
    """The one that the slot's address is about, and today's when that is over."""
    next_one = span(slot.at, slot.weekdays, slot.max_seconds, now)
    over = hours(slot.at, slot.weekdays, midnight(now), min(now, next_one.air_at))
    return [next_one, *over]


def _card(
    broadcast: Broadcast, draft: Draft | None, taken: Taking | None, now: datetime
) -> Card:
    """`draft` is the bulletin that people approve for the hour,
    `taken` the file of it that was taken last.
    """
    serving, airing = broadcast.serving, broadcast.serving.airing
    over = airing.ends_at + LINGERS <= now
    state, tag = _state(broadcast, draft, over)
    same = taken is None or (taken.episode_id, taken.version) == (
        serving.episode_id,
        serving.version,
    )
    newer = draft is not None and draft.state is State.MASTERED and draft.approved
    return Card(
        broadcast=broadcast,
        state=state,
        tag=tag,
        note=serving.why if serving.rung is not Rung.PLANNED else "",
        waiting=draft.version if draft is not None and newer else None,
        replaced=None if same or over or airing.played_at else taken,
        over=over,
        due=airing.air_at <= now,
    )


def _state(broadcast: Broadcast, draft: Draft | None, over: bool) -> tuple[str, str]:
    """How an hour stands, in words and as a colour."""
    rung = broadcast.serving.rung
    if rung is Rung.PLANNED:
        return "Đã duyệt", "approved"
    if rung is Rung.URGENT:
        return "Khẩn cấp", "held"
    if broadcast.serving.master is not None:
        return "Dự phòng", "mastered"
    if over:
        return "Không có bản tin", ""
    if draft is None:
        return "Chưa soạn", ""
    is_named = draft.state in DRAFT_STATES
    return state_name(draft.state) if is_named else "Đang soạn", draft.state.value


def coming_hours(
    station: Station, now: datetime, cards: Sequence[Card], record: Sequence[Aired]
) -> list[Coming]:
    """The hours of the next seven days that have no card yet."""
    shown = {card.when for card in cards}
    in_log = {when_of(aired.airing.day, aired.airing.at): aired for aired in record}
    listed = [
        Coming(slot, hour, in_log.get(when_of(hour.day, slot.at)))
        for slot in station.slots
        for hour in hours(slot.at, slot.weekdays, now, midnight(now) + WEEK + A_DAY)
        if when_of(hour.day, slot.at) not in shown
    ]
    return sorted(listed, key=lambda coming: coming.hour.air_at)
