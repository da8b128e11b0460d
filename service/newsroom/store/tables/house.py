"""The tables of the house: its processes, what they did, and when."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.tables.base import Table


class ProcessRow(Table):
    """A process of ours and its last sign of life.

    `skew_s` is how far its machine's clock is ahead.
    """

    __tablename__ = "process"
    __table_args__ = (UniqueConstraint("kind", "host", "pid"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    host: Mapped[str]
    pid: Mapped[int]
    version: Mapped[str]
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
    doing: Mapped[str] = mapped_column(default="", server_default="")
    skew_s: Mapped[float] = mapped_column(default=0.0, server_default="0")


class TriedRow(Table):
    """Tries of a step that ended alike and took about as long (values/house.py),
    since the house began.
    """

    __tablename__ = "tried"
    step: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    span: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    seconds: Mapped[float]


class OutageRow(Table):
    """Something of the house that jobs wait for, from the first that did until none does."""

    __tablename__ = "outage"
    trouble: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class NumberedFromRow(Table):
    """From where on SQLite numbers the rows of a table (store/numbering.py)."""

    __tablename__ = "numbered_from"
    name: Mapped[str] = mapped_column(primary_key=True)  # of the table
    first: Mapped[int]


class MarkRow(Table):
    """When something was last done."""

    __tablename__ = "mark"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
