"""The tables of who broadcasts: stations, their hours, and what articles are about."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.tables.base import Table


class GroupRow(Table):
    """A group of stations, such as a district; groups form trees."""

    __tablename__ = "station_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("station_group.id"))
    # Whether who approves in it must have a second factor
    strict: Mapped[bool] = mapped_column(server_default=false())


class StationRow(Table):
    """A commune's radio."""

    __tablename__ = "station"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    place: Mapped[str]
    description: Mapped[str]
    voice: Mapped[str]
    fallback: Mapped[str]
    approval: Mapped[str]
    reading: Mapped[dict[str, Any]]
    greeting: Mapped[str]
    speaker_tempo: Mapped[float] = mapped_column(server_default="1.0")
    speaker_pauses: Mapped[float] = mapped_column(server_default="1.3")
    speaker_lead_in: Mapped[float] = mapped_column(server_default="0.0")
    disclosure: Mapped[str] = mapped_column(server_default="Giọng đọc máy.")
    disclosure_spoken: Mapped[str] = mapped_column(server_default="")
    duty: Mapped[list[str]] = mapped_column(server_default="[]")
    second_voice: Mapped[str] = mapped_column(server_default="")
    announcements_twice: Mapped[bool] = mapped_column(server_default=false())
    # No key of another table, for SQLite adds none to a full one.
    group_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]


class VoiceChoiceRow(Table):
    """The voice chosen at a place, "all", "group:…" or a station's slug, for a use.

    A station's choice for everything stands with the station.
    """

    __tablename__ = "voice_choice"
    __table_args__ = (UniqueConstraint("place", "use"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str]
    use: Mapped[str]
    voice: Mapped[str]


class SlotRow(Table):
    """A fixed hour of a station.

    `rules` are the fields of values.Slot that say how its bulletin is made.
    """

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("station_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    at: Mapped[str]
    max_seconds: Mapped[int]
    weekdays: Mapped[str]
    rules: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class TopicRow(Table):
    """What articles are about; made when an article first names it."""

    __tablename__ = "topic"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
