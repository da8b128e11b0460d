"""The tables of the log."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.tables.base import Table


class HappeningRow(Table):
    """The log: who did what to which episode, when. Its lines are a chain (store/log.py)."""

    __tablename__ = "happening"
    id: Mapped[int] = mapped_column(primary_key=True)
    # The line's place in the chain, without gaps
    n: Mapped[int] = mapped_column(unique=True)
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
