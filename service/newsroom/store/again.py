"""Units of work that are run again when another transaction,
or a blip of the database, got in their way.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from service.newsroom.errors import Unavailable

log = logging.getLogger("loa.database")

P = ParamSpec("P")
Kept = TypeVar("Kept")

MOST_TRIES = 8
# No try begins later than that after the first one: a person or a portal is waiting.
PATIENCE_S = 4.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.01, 0.5


class Failing(StrEnum):
    """What kept a transaction from being kept."""

    MET_ANOTHER = "met another"
    AWAY = "away"
    IN_DOUBT = "in doubt"
    DAMAGED = "damaged"


# What another try does not mend, or might do twice.
FOR_GOOD = (Failing.IN_DOUBT, Failing.DAMAGED)
# SQLSTATEs of PostgreSQL (its manual, appendix A); two characters are a whole class.
POSTGRES = {
    "23505": Failing.MET_ANOTHER,  # unique_violation
    "40": Failing.MET_ANOTHER,  # serialization_failure, deadlock_detected
    "55P03": Failing.MET_ANOTHER,  # lock_not_available
    "08": Failing.AWAY,  # connection_exception
    "25006": Failing.AWAY,  # read_only_sql_transaction: a replica, or an operator's hand
    "53": Failing.AWAY,  # insufficient_resources: disk full, too many connections
    "57P": Failing.AWAY,  # shutting down, starting up
    "58": Failing.AWAY,  # system_error: the disk
}
# Result codes of SQLite (sqlite.org/rescode.html); the low byte is the kind.
SQLITE_UNIQUE = (1555, 2067)  # of a primary key, of a unique index
SQLITE = {
    5: Failing.MET_ANOTHER,  # SQLITE_BUSY
    6: Failing.MET_ANOTHER,  # SQLITE_LOCKED
    8: Failing.AWAY,  # SQLITE_READONLY
    10: Failing.AWAY,  # SQLITE_IOERR
    11: Failing.DAMAGED,  # SQLITE_CORRUPT
    13: Failing.AWAY,  # SQLITE_FULL
    14: Failing.AWAY,  # SQLITE_CANTOPEN
    26: Failing.DAMAGED,  # SQLITE_NOTADB
}


class InDoubt(Exception):
    """The connection broke while a transaction was being kept: nobody can say whether it was."""


def failing_of(error: BaseException) -> Failing | None:
    """Why the database did not do it; None when that is the statement's own fault."""
    if isinstance(error, InDoubt):
        return Failing.IN_DOUBT
    if isinstance(error, Unavailable | PoolTimeout):
        return Failing.AWAY
    if isinstance(error, StaleDataError):
        return Failing.MET_ANOTHER
    if not isinstance(error, DBAPIError):
        return None
    if error.connection_invalidated:
        return Failing.AWAY
    return _of_sqlite(error) if _is_sqlite(error) else _of_postgres(error)


def _is_sqlite(error: DBAPIError) -> bool:
    return hasattr(error.orig, "sqlite_errorcode")


def _of_sqlite(error: DBAPIError) -> Failing | None:
    code = int(getattr(error.orig, "sqlite_errorcode", 0))
    if isinstance(error, IntegrityError):
        return Failing.MET_ANOTHER if code in SQLITE_UNIQUE else None
    return SQLITE.get(code & 0xFF)


def _of_postgres(error: DBAPIError) -> Failing | None:
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # The driver itself: it got no connection.
        return Failing.AWAY if type(error.orig).__name__ == "OperationalError" else None
    return next(
        (kind for begins, kind in POSTGRES.items() if state.startswith(begins)), None
    )


@contextmanager
def plainly() -> Iterator[None]:
    """A database that is away is told as `Unavailable`, whatever its driver calls it."""
    try:
        yield
    except (DBAPIError, PoolTimeout, InDoubt) as error:
        failing = failing_of(error)
        if failing in (Failing.AWAY, Failing.IN_DOUBT, Failing.DAMAGED):
            log.warning("the database: %s", _cause(error))
            raise _unavailable(failing) from error
        raise


def _unavailable(failing: Failing) -> Unavailable:
    if failing is Failing.DAMAGED:
        return Unavailable.damaged()
    return Unavailable.database()


def transact(unit: Callable[P, Kept]) -> Callable[P, Kept]:
    """A unit of work: one transaction, run again from its beginning when it met another one.

    Nothing of a try that failed is kept, and nobody was told of its jobs (`Database.write`). What
    is not kept in the end raises Unavailable, which the web answers with 503 and Retry-After. A
    unit whose connection broke in the middle of COMMIT is not run again: it may have been kept.
    """

    @wraps(unit)
    def run(*args: P.args, **kwargs: P.kwargs) -> Kept:
        began = time.monotonic()
        for number in range(1, MOST_TRIES + 1):
            try:
                return unit(*args, **kwargs)
            except (
                DBAPIError,
                PoolTimeout,
                StaleDataError,
                InDoubt,
                Unavailable,
            ) as error:
                failing = failing_of(error)
                if failing is None:
                    raise
                late = time.monotonic() - began > PATIENCE_S
                if failing in FOR_GOOD or late or number == MOST_TRIES:
                    log.warning(
                        "%s gives up (%s): %s",
                        unit.__qualname__,
                        failing,
                        _cause(error),
                    )
                    raise _unavailable(failing) from error
                log.info(
                    "%s is run again (%s): %s",
                    unit.__qualname__,
                    failing,
                    _cause(error),
                )
                time.sleep(_pause_s(number))
        raise AssertionError("the last try gives a result or raises")

    run.is_unit_of_work = True  # type: ignore[attr-defined]
    return run


def _pause_s(number: int) -> float:
    """Before the next try: longer each time, and never the same for two who met."""
    return random.uniform(0, min(FIRST_PAUSE_S * 2**number, LONGEST_PAUSE_S))


def _cause(error: BaseException) -> str:
    """What the driver said, in a line, without the statement's values: those may be people's."""
    return (
        str(getattr(error, "orig", None) or type(error).__name__)
        .strip()
        .partition("\n")[0]
    )
