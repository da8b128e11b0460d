"""Sources that are polled, what was seen there, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class SourceState(StrEnum):
    """Whether a source is looked at."""

    ACTIVE = "active"
    PAUSED = "paused"  # by a person
    GONE = "gone"  # its portal says that the list is no more (HTTP 410)

    @property
    def name_vi(self) -> str:
        """What people read."""
        return SOURCES_VI[self]


class ItemState(StrEnum):
    """What became of a piece of news that a source listed."""

    WAITING = "waiting"  # its text was not fetched yet
    TAKEN = "taken"
    OLD = "old"  # older than the source's start
    REFUSED = "refused"
    VANISHED = (
        "vanished"  # taken, and no longer at the portal: what was published stays
    )


class SourceEvent(StrEnum):
    """What the journal of a source tells."""

    ADDED = "added"
    CHANGED = "changed"
    BEGUN = "begun"  # its list was read for the first time
    TAKEN = "taken"
    REVISED = "revised"
    REFUSED = "refused"
    FORBIDDEN = "forbidden"  # by robots.txt
    VANISHED = "vanished"
    RETURNED = "returned"
    MOVED = "moved"
    FAILED = "failed"  # the list could not be had; told once for each trouble
    RECOVERED = "recovered"
    GONE = "gone"

    @property
    def name_vi(self) -> str:
        """What people read."""
        return SOURCE_EVENTS_VI[self]


SOURCES_VI = {
    SourceState.ACTIVE: "Đang lấy tin",
    SourceState.PAUSED: "Tạm dừng",
    SourceState.GONE: "Cổng đã bỏ địa chỉ này",
}
SOURCE_EVENTS_VI = {
    SourceEvent.ADDED: "Thêm nguồn",
    SourceEvent.CHANGED: "Đổi thiết lập",
    SourceEvent.BEGUN: "Xem lần đầu",
    SourceEvent.TAKEN: "Nhận tin",
    SourceEvent.REVISED: "Tin được sửa",
    SourceEvent.REFUSED: "Không nhận",
    SourceEvent.FORBIDDEN: "Cổng không cho lấy",
    SourceEvent.VANISHED: "Cổng đã gỡ tin",
    SourceEvent.RETURNED: "Tin có lại trên cổng",
    SourceEvent.MOVED: "Đổi địa chỉ",
    SourceEvent.FAILED: "Không xem được",
    SourceEvent.RECOVERED: "Xem lại được",
    SourceEvent.GONE: "Ngừng lấy",
}
ITEMS_VI = {
    ItemState.WAITING: "chờ lấy",
    ItemState.TAKEN: "đã nhận",
    ItemState.OLD: "cũ hơn ngày bắt đầu",
    ItemState.REFUSED: "không nhận",
    ItemState.VANISHED: "cổng đã gỡ",
}


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source as an administrator describes it.

    `kind` is one of intake's, `selector` a CSS selector for kinds that need one. `stations` are
    slugs, the home first. `topics` maps the portal's sections to our topics; `topic` is for what it
    does not map, "" for the article's own. News of a `trusted` source may go on the air by a
    station's rule when nothing about it is doubtful; all else waits for a person. `minutes` lie
    between two looks. Only news from `since` on is taken; None: from now on. `secret` is the
    password of a mailbox, whose `selector` names the senders that are taken; "" when it is
    described anew keeps the one there is, unless the address is another.
    """

    name: str
    kind: str
    url: str
    stations: tuple[str, ...]
    selector: str = ""
    topics: Mapping[str, str] = field(default_factory=dict)
    topic: str = ""
    trusted: bool = False
    minutes: int = 30
    since: datetime | None = None
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PolledSource:
    """A source as it stands. `trouble` says why its list could not be had, "" when it could."""

    id: int
    key: str
    settings: NewSource
    since: datetime
    state: SourceState
    etag: str
    last_modified: str
    hop: str
    hops: int
    list_at: datetime
    failures: int
    trouble: str
    looked_at: datetime | None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of news that a source listed.

    `guid` is its external id here; `document` what is fetched for its text.
    """

    id: int
    source_id: int
    guid: str
    url: str
    document: str
    title: str
    topics: tuple[str, ...]
    published_at: datetime | None
    state: ItemState
    due_at: datetime | None
    tries: int
    looks: int
    hops: int
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a list, as it is compared with what is known.

    `document` is "" when its text came with it.
    """

    guid: str
    url: str
    document: str
    title: str
    fingerprint: str
    published_at: datetime | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line of a source's journal."""

    at: datetime
    event: SourceEvent
    title: str
    url: str
    detail: str
    episode_id: int | None


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether a host may be asked now (`granted`), and when it may be asked again.

    `robots` is what its robots.txt said (None: nobody knows); `robots_at` where that is said to lie
    after `robots_hops` redirects, "" at its usual place.
    """

    granted: bool
    at: datetime
    robots: str | None
    robots_at: str = ""
    robots_hops: int = 0
