"""Hooks: programs outside that are told what happens here,
and portals that push their news in, both signed.

The signatures are those of Standard Webhooks (https://www.standardwebhooks.com).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class HookEvent(StrEnum):
    """What programs can be told of."""

    PUBLISHED = "episode.published"  # it is heard for the first time
    REVISED = "episode.revised"  # the public has another version of it
    WITHDRAWN = "episode.withdrawn"
    HELD = "episode.held"  # a person must look at it
    BULLETIN_READY = "bulletin.ready"  # approved: it stands at its slot
    NOTICE = "notice"  # what the people on duty are told
    TEST = "test"  # somebody pressed the button

    @property
    def name_vi(self) -> str:
        """What people read."""
        return HOOK_EVENTS_VI[self]


HOOK_EVENTS_VI = {
    HookEvent.PUBLISHED: "bài lên sóng lần đầu",
    HookEvent.REVISED: "bài đang phát có bản mới",
    HookEvent.WITHDRAWN: "bài bị gỡ",
    HookEvent.HELD: "bài bị giữ lại",
    HookEvent.BULLETIN_READY: "bản tin đã duyệt",
    HookEvent.NOTICE: "thông báo cho người trực",
    HookEvent.TEST: "gửi thử",
}


class DeliveryState(StrEnum):
    """How one telling of an event to one hook stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"

    @property
    def name_vi(self) -> str:
        """What people read."""
        return DELIVERIES_VI[self]


DELIVERIES_VI = {
    DeliveryState.WAITING: "đang chờ gửi",
    DeliveryState.DELIVERED: "đã nhận",
    DeliveryState.GIVEN_UP: "thôi gửi",
}


@dataclass(frozen=True, slots=True)
class NewHook:
    """Where a program is told, of which events, and of which stations (slugs; () for all)."""

    name: str
    url: str
    events: tuple[HookEvent, ...]
    stations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook as it stands. `trouble` says why the last telling was not taken, "" when it was."""

    id: int
    settings: NewHook
    active: bool
    trouble: str
    has_secret: bool  # none after a restore: backups hold nothing that opens doors
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One telling: the same `message` id at each try, so that a receiver knows it again."""

    id: int
    hook_id: int
    message: str
    event: HookEvent
    data: Mapping[str, Any]
    made_at: datetime
    state: DeliveryState
    tries: int
    told_at: datetime | None
    answer: str  # what the last try came to, in words


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A telling that is due, with what it takes to send it."""

    delivery: Delivery
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class NewPush:
    """A portal that pushes its news in, under a name in the address it calls.

    `fields` tells, by our name of a field, where it is in what the portal sends ("data.tieu_de").
    News of a `trusted` one may go on the air by a station's rule when nothing about it is doubtful.
    """

    name: str
    stations: tuple[str, ...]
    topic: str = ""
    trusted: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Push:
    """A portal that pushes, as it stands; `trouble` says why its last call was refused."""

    id: int
    key: str
    settings: NewPush
    secret: str
    trouble: str
    called_at: datetime | None
    created_by: str
    created_at: datetime
