"""One bad row fails for itself: loops over rows, and looks that are taken again and again.

The only place where any exception whatever is caught outside a job's own step: what a row may
stumble over cannot be listed (an address, a rule that an older release wrote, a name that a library
refuses), and whatever it is must not keep the others.
"""

import logging
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TypeVar

Row = TypeVar("Row")
Result = TypeVar("Result")
TOLD_AGAIN_AFTER_S = 3600.0
MOST_REMEMBERED = 1000


class Told:
    """What was said in the log: a row that stays bad is met at every look,
    and told once in a while.

    Remembers the last `most` sayings, each for `again_s` seconds of `clock`.
    """

    def __init__(
        self,
        again_s: float = TOLD_AGAIN_AFTER_S,
        most: int = MOST_REMEMBERED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._again_s, self._most, self._clock = again_s, most, clock
        # When, how often since
        self._said: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def worth(self, saying: str) -> int | None:
        """How often it came up unsaid since it was said last.

        None while it need not be said again.
        """
        with self._lock:
            said_at, since = self._said.get(saying, (None, 0))
            now = self._clock()
            if said_at is not None and now - said_at < self._again_s:
                self._said[saying] = said_at, since + 1
                return None
            self._said[saying] = now, 0
            self._said.move_to_end(saying)
            while len(self._said) > self._most:
                self._said.popitem(last=False)
            return since

    def forget(self) -> None:
        """As if nothing had been said."""
        with self._lock:
            self._said.clear()


TOLD = Told()


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

    One that fails in the same way at every look is logged once an hour.

    `doing` and `name` tell in the log what was done to which row. `house` is asked after a row
    failed, and raises when it is not the row's fault (a database that is away): then all fail as
    one.
    """
    results: list[Result] = []
    for row in rows:
        error = failure(lambda row=row: results.append(act(row)))  # type: ignore[misc]
        if error is not None:
            if house is not None:
                house()
            _tell(log, f"{doing}: {_named(row, name)} is left out: {told(error)}")
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
            # On a full disk each look fails, and the log lies there too: where it came up is told
            # once an hour.
            is_new = TOLD.worth(f"{log.name} {doing} {told(error)}") is not None
            log.error(
                "%s stumbled: %s", doing, error, exc_info=error if is_new else None
            )
            waits.append(after_failure_s)
        stop.wait(every_s if waits[0] is None else waits[0])


def no_oftener(act: Callable[[], object], every_s: float) -> Callable[[], None]:
    """`act`, which does nothing when it is called again within so many seconds."""
    acted_at = float("-inf")

    def act_by_now() -> None:
        nonlocal acted_at
        if time.monotonic() - acted_at > every_s:
            acted_at = time.monotonic()
            act()

    return act_by_now


def _tell(log: logging.Logger, saying: str) -> None:
    unsaid = TOLD.worth(f"{log.name} {saying}")
    if unsaid is not None:
        log.error(
            "%s%s", saying, f" (and {unsaid} times before this)" if unsaid else ""
        )


def told(error: Exception) -> str:
    """An error in one line, with the place in the code where it came up."""
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = (
        f" ({place[0].filename.rpartition('/')[2]}:{place[0].lineno})" if place else ""
    )
    return f"{type(error).__name__}: {error}{where}"


def _named(row: Row, name: Callable[[Row], object]) -> object:
    """A row whose very name cannot be told is still told of."""
    names: list[object] = []
    error = failure(lambda: names.append(name(row)))
    return names[0] if error is None else f"a {type(row).__name__}"
