"""Hosts take turns: at most one request at a time,
and at most one a minute, whichever sources ask.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.tables import HostRow
from service.newsroom.values import Turn

# Longer than a request may take, so that two never overlap
BETWEEN = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)
ROBOTS_KEPT = timedelta(days=1)  # RFC 9309, 2.4
LONGEST_ROBOTS_CHARS = 500_000


class Hosts:
    """The turns of hosts, in rows: however many workers there are,
    a host is asked by one of them.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def take_turn(self, name: str) -> Turn:
        """A host's turn, when it is free: it is ours then until a minute has passed."""
        now = self._now()
        with self._database.write() as session:
            session.execute(
                insert(session, HostRow)
                .values(name=name, free_at=now, robots="", robots_until=None)
                .on_conflict_do_nothing()
            )
            result = session.execute(
                update(HostRow)
                .where(HostRow.name == name, HostRow.free_at <= now)
                .values(free_at=now + BETWEEN)
            )
            granted = bool(result.rowcount)  # type: ignore[attr-defined]
            row = session.get_one(HostRow, name)
            fresh = row.robots_until is not None and row.robots_until > now
            robots = row.robots if fresh else None
            return Turn(granted, row.free_at, robots, row.robots_at, row.robots_hops)

    @transact
    def give_back(self, name: str) -> None:
        """A turn that was not used: the host may be asked by another at once."""
        with self._database.write() as session:
            session.execute(
                update(HostRow).where(HostRow.name == name).values(free_at=self._now())
            )

    @transact
    def leave_alone(self, name: str, wait: timedelta) -> None:
        """The host asks to be left alone for longer than usual; a day at most."""
        free_at = self._now() + min(wait, LONGEST_WAIT)
        with self._database.write() as session:
            session.execute(
                update(HostRow)
                .where(HostRow.name == name, HostRow.free_at < free_at)
                .values(free_at=free_at)
            )

    @transact
    def keep_robots(self, name: str, text: str, kept: timedelta = ROBOTS_KEPT) -> None:
        """What the host's robots.txt says; "" when it has none."""
        with self._database.write() as session:
            row = session.get_one(HostRow, name)
            row.robots = text[:LONGEST_ROBOTS_CHARS]
            row.robots_until = self._now() + kept
            row.robots_at, row.robots_hops = "", 0

    @transact
    def robots_moved(self, name: str, url: str) -> None:
        """Its robots.txt lies elsewhere: looked for there at the host's next turn."""
        with self._database.write() as session:
            row = session.get_one(HostRow, name)
            row.robots_at, row.robots_hops = url, row.robots_hops + 1

    @transact
    def robots_lost(self, name: str) -> None:
        """It could not be had: looked for at its usual place again."""
        with self._database.write() as session:
            row = session.get_one(HostRow, name)
            row.robots_at, row.robots_hops = "", 0
