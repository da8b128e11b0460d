"""Answers that are kept, so that nothing is made twice for the same state:
in memory, bounded, found in microseconds.

The application says of an answer that it may be kept, and for how long, through the `Ticket` in its
environ. An answer stands while the numbers of its scopes stand (`State.serials`) and until its time
is over. All methods but a ticket's run in the event loop's thread and never wait.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from re import Pattern
from typing import Protocol

from cachetools import LRUCache

from service.front.resource import Question, Resource

MOST_BYTES = 64_000_000
TICKET = "loa.ticket"  # where the application finds it in its environ
Key = tuple[bytes, ...]


class State(Protocol):
    """What a shelf knows of the world: how far it has changed,
    and whether it can be asked at all.
    """

    @property
    def serials(self) -> Mapping[str, int] | None:
        """The numbers of all scopes, None before anybody could look."""
        ...

    @property
    def behind(self) -> bool:
        """Whether something was changed here since the last look."""
        ...

    @property
    def away(self) -> bool:
        """Whether nobody answers: then what was good last is the best there is."""
        ...

    def now(self) -> datetime:
        """The time, as answers tell it."""
        ...

    def look_soon(self) -> None:
        """Something may have changed."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """Addresses whose answers may be kept. `cookies` are those that an answer depends on.

    Who has one of the `private_cookies` is always answered by the application. `made_whole`: the
    application is asked without preconditions, for all of it, not compressed; the shelf does the
    rest.
    """

    pattern: Pattern[bytes]
    cookies: tuple[bytes, ...] = ()
    private_cookies: tuple[bytes, ...] = ()
    fields: tuple[bytes, ...] = ()  # other headers that an answer depends on
    made_whole: bool = True


@dataclass(slots=True)
class Ticket:
    """What comes of a request: an answer that may be kept (`keep`),
    or a file that may be (`offer`).
    """

    serials: Mapping[str, int]
    kept: bool = False
    until: datetime | None = None
    scopes: tuple[str, ...] = ()
    resource: Resource | None = None

    def keep(self, scopes: Sequence[str], until: datetime | None = None) -> None:
        """The answer stands while none of these scopes changes, and until then."""
        self.kept, self.scopes, self.until = True, tuple(scopes), until

    def offer(
        self, resource: Resource, scopes: Sequence[str], until: datetime | None = None
    ) -> None:
        """The same of a resource that is not the answer itself, which may be a part of it."""
        self.resource = resource
        self.keep(scopes, until)


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource, and as of when it is right."""

    resource: Resource
    numbers: tuple[tuple[str, int], ...]
    until: datetime | None


@dataclass(slots=True)
class Shelf:
    """The answers of some routes.

    `zips` are the beginnings of content types that are kept compressed too.
    """

    state: State
    routes: Sequence[Route]
    zips: Sequence[str] = ()
    most_bytes: int = MOST_BYTES
    kept: "LRUCache[Key, Kept]" = field(init=False)
    kinds: tuple[bytes, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.kept = LRUCache(
            self.most_bytes, getsizeof=lambda kept: kept.resource.weight
        )
        self.kinds = tuple(kind.encode() for kind in self.zips)

    def route(self, question: Question) -> Route | None:
        """The route of a request; None when only the application may answer it."""
        # Without serials nobody knows what has changed: everything kept may be old.
        if not question.reads or self.state.serials is None:
            return None
        for route in self.routes:
            if route.pattern.fullmatch(question.path):
                cookies = question.headers.get(b"cookie", b"")
                is_personal = any(
                    name + b"=" in cookies for name in route.private_cookies
                )
                return None if is_personal else route
        return None

    def key(self, route: Route, question: Question) -> Key:
        """What tells answers of a route apart."""
        fields = tuple(question.headers.get(name, b"") for name in route.fields)
        cookies = question.headers.get(b"cookie", b"")
        if not cookies or not route.cookies:
            return question.path, question.query, *fields
        return question.path, question.query, *fields, *_values(cookies, route.cookies)

    def find(self, key: Key) -> Resource | None:
        """What stands for it now.

        When nobody can be asked, also what was right when somebody last could.
        """
        kept = self.kept.get(key)
        if kept is None or not self._stands(kept):
            return None
        return kept.resource

    def last(self, key: Key) -> Resource | None:
        """What stood there last and nobody changed since,
        though its time may be over: better than no answer.
        """
        kept = self.kept.get(key)
        return kept.resource if kept is not None and self._unchanged(kept) else None

    def ticket(self) -> Ticket:
        """For a request whose answer is not there."""
        return Ticket(self.state.serials or {})

    def put(self, key: Key, ticket: Ticket, resource: Resource) -> None:
        """Keeps what was made, unless it is larger than all there is room for."""
        numbers = tuple(
            (scope, ticket.serials.get(scope, 0)) for scope in ticket.scopes
        )
        if resource.weight <= self.most_bytes:
            self.kept[key] = Kept(resource, numbers, ticket.until)

    def _stands(self, kept: Kept) -> bool:
        state = self.state
        if not self._unchanged(kept):
            return False
        if state.away:
            return True
        return not state.behind and (kept.until is None or state.now() < kept.until)

    def _unchanged(self, kept: Kept) -> bool:
        serials = self.state.serials or {}
        return all(serials.get(scope, 0) == number for scope, number in kept.numbers)


def tag_of(body: bytes) -> bytes:
    """A tag of bytes."""
    return hashlib.sha256(body).hexdigest()[:32].encode()


def _values(cookies: bytes, names: Sequence[bytes]) -> list[bytes]:
    """The values of these cookies, b"" for one that is not there."""
    pairs = (pair.strip().partition(b"=") for pair in cookies.split(b";"))
    values = {name: value for name, _, value in pairs}
    return [values.get(name, b"") for name in names]
