"""The tables of what is broadcast, at which hour, and who is told."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.tables.base import Table


class AiringRow(Table):
    """One hour on one day at which a station broadcasts:
    at most one row for each, whoever asks first.
    """

    __tablename__ = "airing"
    __table_args__ = (
        UniqueConstraint("station_id", "day", "at"),
        Index("ix_airing_air_at", "air_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    at: Mapped[str]
    day: Mapped[date]
    air_at: Mapped[datetime]
    max_seconds: Mapped[int]
    # Its hour had passed before anybody looked
    missed: Mapped[bool] = mapped_column(default=False)
    played_at: Mapped[datetime | None]
    played_by: Mapped[str] = mapped_column(default="")
    played_episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    played_version: Mapped[int | None]


class BulletinRow(Table):
    """An episode made for an airing: one for each rung of the ladder at most."""

    __tablename__ = "bulletin"
    __table_args__ = (UniqueConstraint("airing_id", "rung"),)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    airing_id: Mapped[int] = mapped_column(ForeignKey("airing.id"))
    rung: Mapped[str]


class PlanRow(Table):
    """What a revision of a bulletin is made of, besides its stories.

    `left_out` tells which were not, and why.
    """

    __tablename__ = "plan"
    episode_id: Mapped[int] = mapped_column(
        ForeignKey("bulletin.episode_id"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True)
    greeting: Mapped[str]
    closing: Mapped[str]
    headlines: Mapped[bool]
    chimes: Mapped[bool]
    seconds: Mapped[float]
    left_out: Mapped[list[dict[str, Any]]]


class PlanItemRow(Table):
    """A story in a revision of a bulletin, in order: which version of it,
    and how long it is for horns.
    """

    __tablename__ = "plan_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["episode_id", "revision"], ["plan.episode_id", "plan.revision"]
        ),
    )
    episode_id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    story_version: Mapped[int]
    seconds: Mapped[float]
    repeat: Mapped[bool]


class UrgentRow(Table):
    """A warning (an episode): on every slot of its stations from its approval until it expires."""

    __tablename__ = "urgent"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    times: Mapped[int]  # how often its text is read
    # Who let it go on the air as soon as it is read; "" when somebody must hear it first
    approved_by: Mapped[str]
    # Sender,identifier,sent of the CAP alert it came from; "" when it was typed
    cap_id: Mapped[str]
    severity: Mapped[str] = mapped_column(server_default="Unknown")  # CAP's word
    # The first of two who let it on the air, and the version that they heard
    first_by: Mapped[str] = mapped_column(server_default="")
    first_version: Mapped[int] = mapped_column(server_default="0")
    # Warnings that end when this one is approved
    replaces: Mapped[list[int]] = mapped_column(server_default="[]")


class HandRow(Table):
    """Which stations a person or key warned alone: approvals of two, or with a proof, are not here.

    `warned` is when each heard of them last (ISO 8601), by its number; what is too old to count is
    dropped with the next.
    """

    __tablename__ = "hand"
    who: Mapped[str] = mapped_column(primary_key=True)
    warned: Mapped[dict[str, Any]]


class NoticeRow(Table):
    """The one message to the people on duty about an airing (`rung` is what is broadcast instead)
    or a warning.

    `outage` names the one that it tells of: which part of the house, since when.
    """

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    station: Mapped[str]
    airing_id: Mapped[int | None] = mapped_column(ForeignKey("airing.id"), unique=True)
    episode_id: Mapped[int | None] = mapped_column(
        ForeignKey("episode.id"), unique=True
    )
    outage: Mapped[str | None] = mapped_column(unique=True)
    rung: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    link: Mapped[str]  # where to approve: a path of this installation
    made_at: Mapped[datetime]
    untold: Mapped[list[str]]  # addresses that did not take it yet
    tries: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[datetime]
    seen_by: Mapped[str] = mapped_column(default="")
    seen_at: Mapped[datetime | None]


class TakingRow(Table):
    """A version that a station's operator took from the speaker page. Who that was is not kept."""

    __tablename__ = "taking"
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]
