"""Who may come in, and from where."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.newsroom.values.grants import Grant, KeyScope, strongest
from service.newsroom.values.roles import Role


@dataclass(frozen=True, slots=True)
class Contact:
    """Who somebody is to people, and how they are reached; each may be empty."""

    full_name: str = ""
    office: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login."""

    id: int
    name: str
    grants: tuple[Grant, ...]
    active: bool
    once_until: datetime | None = (
        None  # the password is a one-time one: to be changed by then
    )
    last_login_at: datetime | None = None
    contact: Contact = Contact()

    @property
    def role(self) -> Role:
        """What they may do at most, wherever that is."""
        return strongest(self.grants)

    @property
    def must_change(self) -> bool:
        """Whether nothing is open to them until they have chosen a password of their own."""
        return self.once_until is not None


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key, without its secret."""

    id: int
    name: str
    grants: tuple[Grant, ...]
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    revoked: bool
    expires_at: datetime | None = None
    scopes: tuple[KeyScope, ...] = ()  # none: all that its role may
    calls_per_minute: int = 0  # 0: without a limit

    @property
    def role(self) -> Role:
        """What it may do at most, wherever that is."""
        return strongest(self.grants)


class SessionKind(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A place where somebody is logged in; address and agent are coarse."""

    id: int
    person: Person
    kind: SessionKind
    begun_at: datetime
    seen_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who stands at the door: the whole address, the browser,
    and on which devices they proved to be.

    A device is "person id.number", out of a cookie that this house signed.
    """

    address: str = ""
    agent: str = ""
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong passwords since the last login: how many, when and from where (coarse) the last one."""

    count: int = 0
    at: datetime | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Admission:
    """A login that was let in: the secret of its session,
    told once, and what its owner should know.
    """

    person: Person
    token: str
    failures: Failures
