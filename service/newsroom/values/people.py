"""Who may come in, and from where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.newsroom.values.grants import Grant, KeyScope, strongest
from service.newsroom.values.roles import Role

# How long somebody who gave their password is taken for themselves where that is asked again.
PROVED_FOR = timedelta(minutes=10)


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
    TWO_FACTORS = "two factors"


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
    proved_at: datetime | None = None  # when they last gave password or passkey here
    has_factor: bool = False
    groups_ask: bool = False  # whether there are groups that want second factors

    def is_proved(self, now: datetime) -> bool:
        """Whether it was shown in the last minutes that it is they who sit there."""
        return self.proved_at is not None and now - self.proved_at < PROVED_FOR


@dataclass(frozen=True, slots=True)
class Factor:
    """Somebody's second factor: since when, how many codes on paper are left,
    and whether a phone shows codes; without one there are passkeys.
    """

    since: datetime
    paper_left: int
    has_phone: bool = True


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
    paper_left: int | None = None  # after a code on paper was used


@dataclass(frozen=True, slots=True)
class Halfway:
    """Somebody whose password was right, and who must still show a code.

    `mark` is of that password: another one ends what is halfway.
    """

    person: Person
    mark: str
