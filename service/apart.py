"""One bad row fails for itself: loops over rows, and looks that are taken again and again.

The only place where any exception whatever is caught outside a job's own step: what a row may
stumble over cannot be listed (an address, a rule that an older release wrote, a name that a library
refuses), and whatever it is must not keep the others.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import TypeVar

Row = TypeVar("Row")
Result = TypeVar("Result")


def failure(act: Callable[[], object]) -> Exception | None:
    """What an act failed of, None when it went well. The caller says it, or lets it be told."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - see above: told by the caller, for this row alone
        return error
    return None


def each_by_itself(
    rows: Iterable[Row],
    act: Callable[[Row], Result],
    *,
    log: logging.Logger,
    doing: str,
    name: Callable[[Row], object] = str,
    house: Callable[[], object] | None = None,
) -> list[Result]:
    """What `act` gave for the rows that it did not fail for, in their order; the others are logged.

    `doing` and `name` tell in the log what was done to which row. `house` is asked after a row failed,
    and raises when it is not the row's fault (a database that is away): then all fail as one.
    """
    results: list[Result] = []
    for row in rows:
        error = failure(lambda row=row: results.append(act(row)))  # type: ignore[misc]
        if error is not None:
            if house is not None:
                house()
            log.error("%s: %s is left out: %s", doing, _named(row, name), told(error))
            log.debug("%s: %s", doing, "".join(traceback.format_exception(error)))
    return results


def keep_looking(
    look: Callable[[], float | None],
    stop: threading.Event,
    every_s: float,
    *,
    log: logging.Logger,
    doing: str,
    after_failure_s: float | None = None,
) -> None:
    """Looks until told to stop; a look that fails is told, and taken again like any other.

    `look` gives the seconds until the next look when they are not `every_s`.
    """
    while not stop.is_set():
        waits: list[float | None] = []
        error = failure(lambda waits=waits: waits.append(look()))  # type: ignore[misc]
        if error is not None:
            log.error("%s stumbled", doing, exc_info=error)
            waits.append(after_failure_s)
        stop.wait(every_s if waits[0] is None else waits[0])


def told(error: Exception) -> str:
    """An error in one line, with the place in the code where it came up."""
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({place[0].filename.rpartition('/')[2]}:{place[0].lineno})" if place else ""
    return f"{type(error).__name__}: {error}{where}"


def _named(row: Row, name: Callable[[Row], object]) -> object:
    """A row whose very name cannot be told is still told of."""
    names: list[object] = []
    error = failure(lambda: names.append(name(row)))
    return names[0] if error is None else f"a {type(row).__name__}"
