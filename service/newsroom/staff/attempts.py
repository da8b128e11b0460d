"""Attempts to come in: counted before they are looked at, and told when they were wrong."""

from collections.abc import Callable, Sequence
from datetime import datetime

from service.newsroom.staff.guessing import (
    Counter,
    coarse,
    count,
    is_waiting,
    network,
)
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import PersonRow
from service.newsroom.store.log import log
from service.newsroom.text import fold
from service.newsroom.values import Actor, ActorKind, Event
from service.newsroom.values.people import Person, Visitor


class Attempts:
    """What is tried at the doors, whichever it is: a password, a code, a passkey."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def count(self, counters: Sequence[Counter]) -> None:
        """Counts an attempt as failed until it is taken back; TooManyAttempts while one waits."""
        with self._database.write() as session:
            count(session, counters, self._now())

    @transact
    def failed(
        self, claimed: Person | None, counters: Sequence[Counter], visitor: Visitor
    ) -> None:
        """Notes a wrong attempt: for its owner, and in the log,
        which never holds what was typed as a name.
        """
        address, now = coarse(visitor.address), self._now()
        with self._database.write() as session:
            if claimed is not None and (row := session.get(PersonRow, claimed.id)):
                row.failures = row.failures + 1
                row.failed_at = now
                row.failed_from = address
            whose = claimed.name if claimed else "tên không có"
            stranger, detail = Actor("", ActorKind.STRANGER), f"{whose}, từ {address}"
            log(session, now, stranger, Event.LOGIN_FAILED, detail)
            if is_waiting(session, counters, now):
                log(session, now, stranger, Event.LOGIN_LIMITED, detail)


def door_counters(
    name: str | None, claimed: Person | None, visitor: Visitor
) -> list[Counter]:
    """Who comes from a device on which this person was logged in is counted apart from all others.

    Without a name (a passkey that nobody has) the address alone is counted.
    """
    if claimed is not None and (device := _own_device(claimed, visitor)):
        return [Counter("device", device)]
    address = Counter("address", network(visitor.address))
    return [address] if name is None else [Counter("account", fold(name)), address]


def code_counters(person: Person, visitor: Visitor) -> list[Counter]:
    """Second steps of a person, or of a device on which they were logged in."""
    return [Counter("code", _own_device(person, visitor) or str(person.id))]


def _own_device(person: Person, visitor: Visitor) -> str:
    """The device on which this person was logged in before; "" for none."""
    own = f"{person.id}."
    return next((each for each in visitor.devices if each.startswith(own)), "")
