"""The tables of the public: feeds, and how many took what."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.columns import Json
from service.newsroom.store.tables.base import Table


class ShowRow(Table):
    """A feed, by its path ("stations/suoi-lanh").

    `serial` counts its changes, `pinged` is the one the hub knows.
    """

    __tablename__ = "show"
    path: Mapped[str] = mapped_column(primary_key=True)
    guid: Mapped[str] = mapped_column(default="")
    serial: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    pinged: Mapped[int] = mapped_column(default=0)
    ping_tries: Mapped[int] = mapped_column(default=0)
    ping_after: Mapped[datetime | None]


class SerialRow(Table):
    """How often the rows of a scope changed (`serials.py`)."""

    __tablename__ = "serial"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class OpenCopyRow(Table):
    """A copy of a public master where everybody can read it, at `media/EPISODE/VERSION/NAME`.

    The row comes before the copy and goes after it: no copy lies anywhere without a row.
    """

    __tablename__ = "open_copy"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    is_there: Mapped[bool] = mapped_column(default=False)


class ReadLogRow(Table):
    """How far a CDN's log was read, by a digest of its beginning: a log grows, and is renamed."""

    __tablename__ = "read_log"
    digest: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]  # bytes of it, uncompressed
    read_at: Mapped[datetime]


class DownloadRow(Table):
    """How many listeners took a kind of file of an episode on a day (in Vietnam).

    Who they were is not kept.
    """

    __tablename__ = "download"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class SaltRow(Table):
    """What a day's listeners are hashed with. It is deleted with them once the day is over."""

    __tablename__ = "salt"
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str]


class ListenerRow(Table):
    """What somebody took of an episode today: a salted digest,
    and ranges of bytes by kind until they count.
    """

    __tablename__ = "listener"
    day: Mapped[date] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    spans: Mapped[dict[str, list[list[int]]]] = mapped_column(Json)
    counted: Mapped[bool]


class SubscriberRow(Table):
    """A phone that wants to be told: its push service's address and keys, and what it wants."""

    __tablename__ = "subscriber"
    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint: Mapped[str] = mapped_column(unique=True)
    # Whose push service (subscribers.service_of)
    host: Mapped[str] = mapped_column(server_default="", index=True)
    key: Mapped[str]
    auth: Mapped[str]
    station: Mapped[str]  # a slug, "" for all
    news: Mapped[bool]
    failures: Mapped[int]  # refusals in a row, by its own service
    failing_since: Mapped[datetime | None]  # for whatever reason
    created_at: Mapped[datetime]


class UntoldRow(Table):
    """An episode that a phone is yet to be told of."""

    __tablename__ = "untold"
    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey("subscriber.id"), primary_key=True
    )
    episode_id: Mapped[int] = mapped_column(primary_key=True)
    warns: Mapped[bool]
    tries: Mapped[int]
    try_after: Mapped[datetime] = mapped_column(index=True)


class AnnouncedRow(Table):
    """An episode of which phones are told: the rows of `untold` were made."""

    __tablename__ = "announced"
    episode_id: Mapped[int] = mapped_column(primary_key=True)
    announced_at: Mapped[datetime]
