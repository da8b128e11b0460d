"""Sources that are polled: what each is, what was seen there,
and when its hosts may be asked again.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.tables.base import Table


class SourceRow(Table):
    """A list of news somewhere else.

    `key` names it in articles' identities, and is never used again.

    `hop` is where its list was redirected for this once, or where an index says that the list is.
    """

    __tablename__ = "source"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str]
    selector: Mapped[str]
    stations: Mapped[list[str]]  # slugs, the home first
    topics: Mapped[list[list[str]]]  # pairs: the portal's section, our topic
    topic: Mapped[str]
    trusted: Mapped[bool] = mapped_column(server_default=false())
    minutes: Mapped[int]
    since: Mapped[datetime]
    state: Mapped[str]  # values.SourceState
    etag: Mapped[str]
    last_modified: Mapped[str]
    hop: Mapped[str]
    hops: Mapped[int]
    list_at: Mapped[datetime]
    failures: Mapped[int]
    trouble: Mapped[str]
    looked_at: Mapped[datetime | None]  # when its list was last read whole
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    secret: Mapped[str] = mapped_column(default="", server_default="")  # of a mailbox


class SourceItemRow(Table):
    """A piece of news that a source listed.

    `address` is its canonical one, under which it is known as well.
    """

    __tablename__ = "source_item"
    __table_args__ = (
        UniqueConstraint("source_id", "guid"),
        Index("ix_source_item_address", "source_id", "address"),
        Index("ix_source_item_due", "source_id", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    guid: Mapped[str]
    address: Mapped[str]
    url: Mapped[str]
    document: Mapped[str]  # what is fetched for its text
    title: Mapped[str]
    topics: Mapped[list[str]]
    fingerprint: Mapped[str]
    published_at: Mapped[datetime | None]
    state: Mapped[str]  # values.ItemState
    due_at: Mapped[datetime | None]
    tries: Mapped[int]
    looks: Mapped[int]
    hops: Mapped[int]
    etag: Mapped[str]
    last_modified: Mapped[str]
    episode_id: Mapped[int | None]
    listed_at: Mapped[datetime | None]  # the last day on which its list held it


class SourceEventRow(Table):
    """A line of a source's journal."""

    __tablename__ = "source_event"
    __table_args__ = (Index("ix_source_event_source", "source_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    at: Mapped[datetime]
    event: Mapped[str]  # values.SourceEvent
    title: Mapped[str]
    url: Mapped[str]
    detail: Mapped[str]
    episode_id: Mapped[int | None]


class HostRow(Table):
    """A host that is asked: when it may be asked again,
    and what its robots.txt said when it was read.
    """

    __tablename__ = "host"
    name: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]
    robots: Mapped[str]
    robots_until: Mapped[datetime | None]
    robots_at: Mapped[str] = mapped_column(server_default="")  # where it was redirected
    robots_hops: Mapped[int] = mapped_column(server_default="0")
