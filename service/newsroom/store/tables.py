"""The tables. Rows stay in this room; values.py is what leaves it."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """Aware datetimes in and out, kept as UTC (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive time is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone reached the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Table(DeclarativeBase):
    """What all tables share: names for constraints, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: Utc,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[dict[str, Any]]: JSON,
    }


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
    disclosure: Mapped[str] = mapped_column(server_default="Giọng đọc máy.")
    disclosure_spoken: Mapped[str] = mapped_column(server_default="")
    duty: Mapped[list[str]] = mapped_column(server_default="[]")
    created_at: Mapped[datetime]


class SlotRow(Table):
    """A fixed hour of a station; `rules` are the fields of values.Slot that say how its bulletin is made."""

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


class ArticleRow(Table):
    """News as people wrote it. `identity` is what makes two submissions of one source one article.

    `sent` is what its source sent last, before anybody here changed it (the fields in stories/sources.py); its
    priority and evergreen mark are those in force: of what the public has, or else of the newest version.
    """

    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(unique=True)
    external_id: Mapped[str]
    url: Mapped[str]
    priority: Mapped[str]
    revision: Mapped[int]
    evergreen: Mapped[bool] = mapped_column(server_default=false())
    sent: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime]


class ArticleStationRow(Table):
    """At which stations an article is heard: in force, as its priority is; position 0 is its home."""

    __tablename__ = "article_station"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True, index=True)
    position: Mapped[int]


class RevisionRow(Table):
    """One state of an article's text; `folded` is what search looks in.

    `left_out` holds the fields of an OmittedLine for each line that came with it and is not read.
    """

    __tablename__ = "revision"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    title: Mapped[str]
    lead: Mapped[str]
    paragraphs: Mapped[list[str]]
    byline: Mapped[str]
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    published_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    received_from: Mapped[str]
    folded: Mapped[str]
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    doubts: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


class EpisodeRow(Table):
    """One thing listened to. `public_version` is the rendering that the public gets."""

    __tablename__ = "episode"
    __table_args__ = (Index("ix_episode_published", "first_published_at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    guid: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), unique=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    state: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    public_version: Mapped[int | None]
    priority: Mapped[str]
    held: Mapped[str | None]
    held_detail: Mapped[str] = mapped_column(default="")
    withdrawn_why: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    first_published_at: Mapped[datetime | None]
    ordinal: Mapped[int | None]  # of a bulletin: which one of its station's year it is


class RenderingRow(Table):
    """One version of an episode: immutable once the next one is opened.

    Its `stations` (numbers, the home first), `priority` and `evergreen` mark belong to it: they are what an
    approval of it is given for, and come into force with it. `by_house`: no person and no program opened it.
    `doubts` came up while it was read; `unplaced` are corrections by hand that its text has no place for.
    """

    __tablename__ = "rendering"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int]
    title: Mapped[str]
    cause: Mapped[str]  # values.Cause
    about: Mapped[str] = mapped_column(server_default="")
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    voice: Mapped[str] = mapped_column(default="")
    take: Mapped[int] = mapped_column(default=0)
    spoken_by: Mapped[str] = mapped_column(default="")
    build: Mapped[str] = mapped_column(default="")
    provisional: Mapped[bool] = mapped_column(default=False)
    engine_calls: Mapped[int] = mapped_column(default=0)
    clips_reused: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    stations: Mapped[list[int]] = mapped_column(server_default="[]")
    priority: Mapped[str] = mapped_column(server_default="normal")
    evergreen: Mapped[bool] = mapped_column(server_default=false())
    by_house: Mapped[bool] = mapped_column(default=False, server_default=false())
    doubts: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    unplaced: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    approved_as: Mapped[str] = mapped_column(default="", server_default="")  # values.Approval
    approved_by: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    recording_id: Mapped[
        int | None
    ]  # of the whole; no key of another table, for SQLite adds none to a full one
    human: Mapped[str] = mapped_column(
        server_default=""
    )  # "", "some" or "all": how much a person reads
    announcers: Mapped[list[str]] = mapped_column(server_default="[]", default=list)


class SentenceRow(Table):
    """A sentence of a rendering: what is shown, what is said, its clip, and when it is heard."""

    __tablename__ = "sentence"
    __table_args__ = (
        ForeignKeyConstraint(
            ["episode_id", "version"], ["rendering.episode_id", "rendering.version"]
        ),
    )
    episode_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    written: Mapped[str]
    spoken: Mapped[str]
    pause_ms: Mapped[int]
    passage: Mapped[int]
    role: Mapped[str]
    changes: Mapped[list[dict[str, Any]]]
    edited: Mapped[bool]
    take: Mapped[int]
    recording_id: Mapped[int | None]
    clip: Mapped[str] = mapped_column(index=True)
    chime: Mapped[str] = mapped_column(server_default="")  # what is heard before it
    story_id: Mapped[int | None]  # in a bulletin: the episode it was taken from
    start_ms: Mapped[int | None]
    end_ms: Mapped[int | None]


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


class JobRow(Table):
    """A durable intent to do one step of one version: at most one row for each."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("episode_id", "version", "step"),
        Index("ix_job_claim", "state", "lane", "urgency", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    audition_id: Mapped[int | None] = mapped_column(ForeignKey("audition.id"))
    recording_id: Mapped[int | None]
    version: Mapped[int]
    lane: Mapped[str]
    urgency: Mapped[int]
    state: Mapped[str] = mapped_column(default="ready")  # ready, running, done, dropped, failed
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(default="")
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ShowRow(Table):
    """A feed, by its path ("stations/suoi-lanh"). `serial` counts its changes, `pinged` is the one the hub knows."""

    __tablename__ = "show"
    path: Mapped[str] = mapped_column(primary_key=True)
    guid: Mapped[str] = mapped_column(default="")
    serial: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    pinged: Mapped[int] = mapped_column(default=0)
    ping_tries: Mapped[int] = mapped_column(default=0)
    ping_after: Mapped[datetime | None]


class AiringRow(Table):
    """One hour on one day at which a station broadcasts: at most one row for each, whoever asks first."""

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
    missed: Mapped[bool] = mapped_column(default=False)  # its hour had passed before anybody looked
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
    """What a revision of a bulletin is made of, besides its stories. `left_out` tells which were not, and why."""

    __tablename__ = "plan"
    episode_id: Mapped[int] = mapped_column(ForeignKey("bulletin.episode_id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    greeting: Mapped[str]
    closing: Mapped[str]
    headlines: Mapped[bool]
    chimes: Mapped[bool]
    seconds: Mapped[float]
    left_out: Mapped[list[dict[str, Any]]]


class PlanItemRow(Table):
    """A story in a revision of a bulletin, in order: which version of it, and how long it is for horns."""

    __tablename__ = "plan_item"
    __table_args__ = (
        ForeignKeyConstraint(["episode_id", "revision"], ["plan.episode_id", "plan.revision"]),
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
    approved_by: Mapped[
        str
    ]  # who let it go on the air as soon as it is read; "" when somebody must hear it first
    cap_id: Mapped[
        str
    ]  # sender,identifier,sent of the CAP alert it came from; "" when it was typed
    severity: Mapped[str] = mapped_column(server_default="Unknown")  # CAP's word
    replaces: Mapped[list[int]] = mapped_column(
        server_default="[]"
    )  # warnings that end when this one is approved


class NoticeRow(Table):
    """The one message to the people on duty about an airing (`rung` is what is broadcast instead) or a warning."""

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    station: Mapped[str]
    airing_id: Mapped[int | None] = mapped_column(ForeignKey("airing.id"), unique=True)
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"), unique=True)
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


class CorrectionRow(Table):
    """What a correction (an episode of its own) says about the episode that was wrong."""

    __tablename__ = "correction"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    corrected_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    wrong: Mapped[str]
    right: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class TakingRow(Table):
    """A version that a station's operator took from the speaker page. Who that was is not kept."""

    __tablename__ = "taking"
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]


class DownloadRow(Table):
    """How many listeners took a kind of file of an episode on a day (in Vietnam). Who they were is not kept."""

    __tablename__ = "download"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class MisreadingRow(Table):
    """A place that listeners say was read wrongly; `word` "" is the whole sentence. Who said so is not kept."""

    __tablename__ = "misreading"
    __table_args__ = (
        ForeignKeyConstraint(
            ["episode_id", "version", "n"],
            ["sentence.episode_id", "sentence.version", "sentence.n"],
        ),
        UniqueConstraint("episode_id", "version", "n", "word"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int]
    version: Mapped[int]
    n: Mapped[int]
    word: Mapped[str]
    remarks: Mapped[list[str]]
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    settled_by: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]


class SaltRow(Table):
    """What a day's listeners are hashed with. It is deleted with them once the day is over."""

    __tablename__ = "salt"
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str]


class ListenerRow(Table):
    """What somebody took of an episode today: a salted digest, and ranges of bytes by kind until they count."""

    __tablename__ = "listener"
    day: Mapped[date] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    spans: Mapped[dict[str, list[list[int]]]] = mapped_column(JSON)
    counted: Mapped[bool]


class TermRow(Table):
    """An entry of the pronunciation dictionary; `station` "" is everywhere."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("written", "station"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    written: Mapped[str]
    spoken: Mapped[str]
    station: Mapped[str]
    match_case: Mapped[bool]
    note: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class AuditionRow(Table):
    """A few words that somebody wants to hear before deciding; `state` is asked, ready or failed."""

    __tablename__ = "audition"
    id: Mapped[int] = mapped_column(primary_key=True)
    spoken: Mapped[str]
    voice: Mapped[str]
    state: Mapped[str] = mapped_column(default="asked")
    clip: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]


class RecordingRow(Table):
    """A recording that people sent, and what it is for (`use`); its original bytes lie under `recordings/<digest>`."""

    __tablename__ = "recording"
    id: Mapped[int] = mapped_column(primary_key=True)
    use: Mapped[str]
    state: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    bytes: Mapped[int]
    name: Mapped[str]
    announcer: Mapped[str]
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"), index=True)
    sentence: Mapped[int] = mapped_column(default=0)
    written: Mapped[str] = mapped_column(default="")
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    chime: Mapped[str] = mapped_column(default="")
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)
    clip: Mapped[str] = mapped_column(default="")
    seconds: Mapped[float] = mapped_column(default=0.0)
    refused: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    sent_by: Mapped[str]
    sent_at: Mapped[datetime]


class HappeningRow(Table):
    """The log: who did what to which episode, when. Its lines are a chain (store/log.py)."""

    __tablename__ = "happening"
    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(unique=True)  # the line's place in the chain, without gaps
    digest: Mapped[str]
    at: Mapped[datetime]
    who: Mapped[str]
    who_kind: Mapped[str]
    who_id: Mapped[int | None]
    what: Mapped[str]
    detail: Mapped[str]
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"), index=True)
    version: Mapped[int | None]


class LogHeadRow(Table):
    """The end of the log's chain: one row, whose lock makes writers take turns."""

    __tablename__ = "log_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    lines: Mapped[int]
    digest: Mapped[str]


class EngineRow(Table):
    """A voice over a network, as all workers know it: what it was asked, and whether it is away."""

    __tablename__ = "engine"
    name: Mapped[str] = mapped_column(primary_key=True)
    paid_until: Mapped[
        datetime
    ]  # the token bucket: the time up to which calls were granted at the even rate
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
