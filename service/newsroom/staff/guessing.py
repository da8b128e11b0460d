"""Against guessing: wrong passwords are counted in the database, for all processes together.

Each attempt is counted *before* its password is looked at, so that a thousand at once gain nothing,
and taken back when it was right. After the free ones each further one waits, longer each time, at
most `LONGEST_WAIT`: an account cannot be shut for long from outside, and who comes from a device on
which they were logged in before is not counted with the others at all.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.newsroom.errors import NewsroomError
from service.newsroom.store.doors import GuessRow
from service.newsroom.store.inserting import insert

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
# When there was no other failure so long, nothing is remembered.
FORGOTTEN_AFTER = timedelta(days=1)
FREE = {"account": 10, "device": 10, "session": 5, "address": 30, "code": 5}


@dataclass(frozen=True, slots=True)
class Counter:
    """Whose failures are counted: an account's, a device's, a session's, an address's,
    or those with the codes of a second factor.
    """

    kind: str
    name: str

    @property
    def digest(self) -> str:
        """What is kept: a name that nobody has may be a password in the wrong field."""
        return hashlib.sha256(f"{self.kind} {self.name}".encode()).hexdigest()


class TooManyAttempts(NewsroomError):
    """Wrong passwords in a row: nobody may try before `free_at`."""

    def __init__(self, free_at: datetime, now: datetime) -> None:
        minutes = max(1, -(-(free_at - now) // timedelta(minutes=1)))
        super().__init__(
            f"too many wrong passwords; try again in {minutes} min",
            f"Đã nhập sai nhiều lần. Vui lòng chờ {minutes} phút rồi thử lại, hoặc đăng nhập"
            " từ máy hay điện thoại đã từng đăng nhập. Cần gấp thì nhờ người quản trị.",
            "password",
        )
        self.seconds = max(1, int((free_at - now).total_seconds()))


def count(session: Session, counters: Sequence[Counter], now: datetime) -> None:
    """Counts an attempt as failed.

    TooManyAttempts, and nothing is counted, while one of them waits.
    """
    rows = _rows(session, counters, now)
    if waits := [row.free_at for each, row in rows if _waits(each, row, now)]:
        raise TooManyAttempts(max(waits), now)
    for counter, row in rows:
        if now - row.last_at > FORGOTTEN_AFTER:
            row.failures = 0
        row.failures += 1
        row.last_at = now
        row.free_at = now + _wait(row.failures - FREE[counter.kind] + 1)


def is_waiting(session: Session, counters: Sequence[Counter], now: datetime) -> bool:
    """Whether the next attempt must wait."""
    return any(_waits(*each, now) for each in _rows(session, counters, now))


def take_back(session: Session, counters: Sequence[Counter], now: datetime) -> None:
    """The attempt was right: accounts, devices and sessions begin anew.

    An address loses this one only.

    Whoever has one good login must not wash away what they try on others from the same address.
    """
    for counter, row in _rows(session, counters, now):
        row.failures = max(0, row.failures - 1) if counter.kind == "address" else 0
        row.free_at = now


def unblock(session: Session, counter: Counter) -> None:
    """Nobody waits for it any more."""
    session.execute(delete(GuessRow).where(GuessRow.digest == counter.digest))


def forget(session: Session, now: datetime) -> None:
    """Deletes counters that count nothing any more."""
    session.execute(delete(GuessRow).where(GuessRow.last_at < now - FORGOTTEN_AFTER))


def network(address: str) -> str:
    """Whom an address stands for: itself, or of IPv6 its /64, which one household has whole."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def coarse(address: str) -> str:
    """An address as it is kept and shown: its /24, of IPv6 its /48.

    Enough to know one's own town by.
    """
    try:
        ip = ipaddress.ip_address(network(address).partition("/")[0])
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((ip, 48), strict=False))
    return ".".join([*str(ip).split(".")[:3], "x"])


def _rows(
    session: Session, counters: Sequence[Counter], now: datetime
) -> list[tuple[Counter, GuessRow]]:
    """The counters' rows, locked in one order, so that two attempts never wait for each other."""
    ordered = sorted(counters, key=lambda counter: counter.digest)
    return [(counter, _row(session, counter, now)) for counter in ordered]


def _row(session: Session, counter: Counter, now: datetime) -> GuessRow:
    """The counter's row, locked; made when it is not there, by whoever is first."""
    values = {"digest": counter.digest, "failures": 0, "last_at": now, "free_at": now}
    session.execute(
        insert(session, GuessRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["digest"])
    )
    return session.get_one(
        GuessRow, counter.digest, with_for_update=True, populate_existing=True
    )


def _waits(counter: Counter, row: GuessRow, now: datetime) -> bool:
    """Whether nobody may try yet.

    Of two at one moment the second may come with the earlier time: that alone is no wait.
    """
    return row.failures >= FREE[counter.kind] and row.free_at > now


def _wait(beyond: int) -> timedelta:
    """None for the free ones.

    From the last of them on a minute, twice as long each time, up to the longest.
    """
    if beyond <= 0:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(beyond - 1, 10)), LONGEST_WAIT)
