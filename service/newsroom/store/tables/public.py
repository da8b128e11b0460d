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
