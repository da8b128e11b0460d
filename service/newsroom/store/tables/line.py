"""The tables of the line: what is to be done, what came of it, and the voices over a network."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.tables.base import Table
from service.newsroom.values import JobState


class JobRow(Table):
    """A durable intent to do one step of one version: at most one row for each.

    `turn` orders the stations (jobs.py); no job is done before `not_before` (None: at once), nor
    tried again before `retry_at`. `deaths` counts workers that died of it, `waits` how often the
    house (`trouble`, since when) could not do it.
    """

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("episode_id", "version", "step"),
        Index("ix_job_claim", "state", "lane", "urgency", "turn", "id"),
        Index("ix_job_turn", "state", "turn"),
        Index("ix_job_station", "station_id", "state", "turn"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    audition_id: Mapped[int | None] = mapped_column(ForeignKey("audition.id"))
    recording_id: Mapped[int | None]
    station_id: Mapped[int | None]
    source_id: Mapped[int | None] = mapped_column(unique=True)
    version: Mapped[int]
    lane: Mapped[str]
    urgency: Mapped[int]
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str] = mapped_column(default=JobState.READY)
    attempts: Mapped[int] = mapped_column(default=0)
    deaths: Mapped[int] = mapped_column(default=0, server_default="0")
    owner: Mapped[str] = mapped_column(default="")
    not_before: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="", server_default="")
    trouble_since: Mapped[datetime | None]
    waits: Mapped[int] = mapped_column(default=0, server_default="0")
    lease_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class MasterRow(Table):
    """A finished file of a rendering. `name` is the last part of its address.

    `label`, `target_lufs` and `band_lu` are what its recipe said when it was made.
    """

    __tablename__ = "master"
    __table_args__ = (
        ForeignKeyConstraint(
            ["episode_id", "version"], ["rendering.episode_id", "rendering.version"]
        ),
        UniqueConstraint("episode_id", "version", "name"),
    )
    episode_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str]
    mime: Mapped[str]
    bytes: Mapped[int]
    sha256: Mapped[str]
    seconds: Mapped[float]
    lufs: Mapped[float]
    true_peak: Mapped[float]
    label: Mapped[str] = mapped_column(server_default="")
    target_lufs: Mapped[float | None]
    band_lu: Mapped[float] = mapped_column(server_default="0")
    created_at: Mapped[datetime]


class AuditionRow(Table):
    """A few words that somebody wants to hear before deciding.

    `state` is asked, ready or failed.
    """

    __tablename__ = "audition"
    id: Mapped[int] = mapped_column(primary_key=True)
    spoken: Mapped[str]
    voice: Mapped[str]
    state: Mapped[str] = mapped_column(default="asked")
    clip: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    asked_by: Mapped[int | None]  # the person's number
    asked_at: Mapped[datetime]


class VoiceSpeedRow(Table):
    """How many seconds of sound a voice speaks in a second, on a build of its engine."""

    __tablename__ = "voice_speed"
    voice: Mapped[str] = mapped_column(primary_key=True)
    build: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[float]
    measured_at: Mapped[datetime]


class EngineRow(Table):
    """A voice over a network, as all workers know it: what it was asked, and whether it is away."""

    __tablename__ = "engine"
    name: Mapped[str] = mapped_column(primary_key=True)
    # The token bucket: the time up to which calls were granted at the even rate
    paid_until: Mapped[datetime]
    closed_until: Mapped[datetime | None]  # nobody calls before
    strikes: Mapped[int] = mapped_column(default=0)  # troubles since the last answer
    away_since: Mapped[datetime | None]
    probes: Mapped[int] = mapped_column(default=0)  # made since it is away
    probing: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    back_at: Mapped[datetime | None]  # when it last answered after it had been away
    calls: Mapped[int] = mapped_column(default=0)
    troubles: Mapped[int] = mapped_column(default=0)


class SeatRow(Table):
    """A call that is being made at a far end; after its time nobody makes it any more."""

    __tablename__ = "seat"
    id: Mapped[int] = mapped_column(primary_key=True)
    engine: Mapped[str] = mapped_column(ForeignKey("engine.name"), index=True)
    until: Mapped[datetime]
