"""Hooks: who is told what happens here, what they were told, and who pushes news in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, false, true
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.tables.base import Table


class HookRow(Table):
    """A program that is told. `secret` signs what it is told; "" after a restore."""

    __tablename__ = "hook"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    events: Mapped[list[str]]  # values.HookEvent
    stations: Mapped[list[str]]  # slugs; none for all
    secret: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=true())
    trouble: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime]


class DeliveryRow(Table):
    """One telling of an event to one hook."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        Index("ix_hook_delivery_due", "state", "try_after"),
        Index("ix_hook_delivery_hook", "hook_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("hook.id"))
    message: Mapped[str] = mapped_column(unique=True)
    event: Mapped[str]
    data: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    state: Mapped[str]
    tries: Mapped[int]
    try_after: Mapped[datetime]
    told_at: Mapped[datetime | None]
    answer: Mapped[str]


class PushRow(Table):
    """A portal that pushes news in.

    `key` names it in articles' identities, and is never used again.
    """

    __tablename__ = "hook_push"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    secret: Mapped[str]
    stations: Mapped[list[str]]
    topic: Mapped[str]
    trusted: Mapped[bool] = mapped_column(server_default=false())
    fields: Mapped[dict[str, Any]]
    trouble: Mapped[str]
    called_at: Mapped[datetime | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]


class PushedRow(Table):
    """A call that was taken: the same again changes nothing."""

    __tablename__ = "hook_pushed"
    push_id: Mapped[int] = mapped_column(ForeignKey("hook_push.id"), primary_key=True)
    message: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
