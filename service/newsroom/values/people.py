"""Who may come in, and what they did."""

from dataclasses import dataclass
from datetime import datetime

from service.newsroom.values.kinds import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login."""

    id: int
    name: str
    role: Role
    active: bool
    mark: str  # of the password as it is stored: another one ends the sessions of the one before


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key, without its secret."""

    id: int
    name: str
    role: Role
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the log: who did what to which episode, when."""

    at: datetime
    who: str
    what: str
    detail: str
    episode_id: int | None
    version: int | None
