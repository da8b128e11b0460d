"""The tables of what is read: articles, episodes and their versions,
and what people gave to them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.columns import Json
from service.newsroom.store.tables.base import Table

SEAL = "seal"  # the columns of a version that are read only where seals are shown


class ArticleRow(Table):
    """News as people wrote it. `identity` is what makes two submissions of one source one article.

    `sent` is what its source sent last, before anybody here changed it (the fields in
    stories/sources.py); its priority and evergreen mark are those in force: of what the public has,
    or else of the newest version.
    """

    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(unique=True)
    external_id: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    # Canonical, of `url`
    address: Mapped[str] = mapped_column(server_default="", index=True)
    priority: Mapped[str]
    revision: Mapped[int]
    evergreen: Mapped[bool] = mapped_column(server_default=false())
    sent: Mapped[dict[str, Any] | None] = mapped_column(Json(none_as_null=True))
    views: Mapped[int | None]  # at its portal, as it told last
    created_at: Mapped[datetime]


class ShingleRow(Table):
    """One of the hashes by which articles that say the same are found (stories/likeness.py)."""

    __tablename__ = "article_shingle"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    hash: Mapped[int] = mapped_column(primary_key=True, index=True)


class ArticleStationRow(Table):
    """At which stations an article is heard: in force, as its priority is.

    Position 0 is its home.
    """

    __tablename__ = "article_station"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    station_id: Mapped[int] = mapped_column(
        ForeignKey("station.id"), primary_key=True, index=True
    )
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
    picture: Mapped[str] = mapped_column(default="", server_default="", index=True)
    picture_caption: Mapped[str] = mapped_column(default="", server_default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    published_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    received_from: Mapped[str]
    folded: Mapped[str]
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, server_default="[]"
    )
    doubts: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


class PictureRow(Table):
    """A picture that articles name by its address.

    `state` is a PictureState; `digest` that of what was fetched.

    `width`, `height` and `bytes` are those of the large one that was made of it, `sent_by` is who
    sent it, `named_at` when it was named first or sent last (stories/pictures.py).
    """

    __tablename__ = "picture"
    address: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(default="", index=True)
    sent_by: Mapped[str] = mapped_column(default="", server_default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[datetime]
    named_at: Mapped[datetime]


class EpisodeRow(Table):
    """One thing listened to. `public_version` is the rendering that the public gets."""

    __tablename__ = "episode"
    __table_args__ = (Index("ix_episode_published", "first_published_at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    guid: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("article.id"), unique=True
    )
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
    # What an editor made of its memo, by field; None where nobody did.
    memo: Mapped[dict[str, Any] | None] = mapped_column(Json(none_as_null=True))


class RenderingRow(Table):
    """One version of an episode: immutable once the next one is opened.

    Its `stations` (numbers, the home first), `priority` and `evergreen` mark belong to it: they are
    what an approval of it is given for, and come into force with it. `by_house`: no person and no
    program opened it. `doubts` came up while it was read; `unplaced` are corrections by hand that
    its text has no place for.
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
    unplaced: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, server_default="[]"
    )
    # Values.Approval
    approved_as: Mapped[str] = mapped_column(default="", server_default="")
    approved_by: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    # What was signed of the approval (JSON), and the signature
    # (asked for by whoever shows it: lists of thousands do not)
    signed: Mapped[str] = mapped_column(
        default="", server_default="", deferred=True, deferred_group=SEAL
    )
    signature: Mapped[str] = mapped_column(
        default="", server_default="", deferred=True, deferred_group=SEAL
    )
    published_at: Mapped[datetime | None]
    returned_why: Mapped[str] = mapped_column(default="", server_default="")
    returned_by: Mapped[str] = mapped_column(default="", server_default="")
    returned_at: Mapped[datetime | None]
    # Of the whole; no key of another table, for SQLite adds none to a full one
    recording_id: Mapped[int | None]
    # "", "some" or "all": how much a person reads
    human: Mapped[str] = mapped_column(server_default="")
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


class CommentRow(Table):
    """What somebody at the desk said of a sentence, as it was `written` then."""

    __tablename__ = "sentence_comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    version: Mapped[int]
    n: Mapped[int]
    written: Mapped[str]
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    solved_by: Mapped[str]
    solved_at: Mapped[datetime | None]


class CorrectionRow(Table):
    """What a correction (an episode of its own) says about the episode that was wrong."""

    __tablename__ = "correction"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), primary_key=True)
    corrected_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    wrong: Mapped[str]
    right: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class MisreadingRow(Table):
    """A place that listeners say was read wrongly; `word` "" is the whole sentence.

    Who said so is not kept.
    """

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


class TermRow(Table):
    """An entry of the pronunciation dictionary.

    `station` "" is everywhere, `engine` "" every voice.
    """

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("written", "station", "engine"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    written: Mapped[str]
    spoken: Mapped[str]
    station: Mapped[str]
    engine: Mapped[str] = mapped_column(default="", server_default="")
    match_case: Mapped[bool]
    note: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class RecordingRow(Table):
    """A recording that people sent, and what it is for (`use`).

    Its original bytes lie under `recordings/<digest>`.
    """

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
