"""What columns hold, in and out.

And what becomes of a cell that a hand, a crash or another release spoilt.

A database reads whole answers: one cell that is no JSON or no time would fail the question, and
with it all the other rows. Here that cell becomes `Unreadable`, which fails whoever looks into it:
the one row.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Generic, NoReturn, TypeVar

from sqlalchemy import JSON, Date, DateTime, Dialect
from sqlalchemy.types import TypeDecorator

Value = TypeVar("Value")
LONGEST_SHOWN = 60  # characters of a cell, in the log


class Unreadable:
    """A cell that holds nothing of its kind; ValueError for whatever is asked of it."""

    def __init__(self, why: str) -> None:
        object.__setattr__(self, "why", why)

    def __repr__(self) -> str:
        return f"<unreadable: {object.__getattribute__(self, 'why')}>"

    def fail(self, *_: object) -> NoReturn:
        """What is asked of it, whatever that is."""
        raise ValueError(object.__getattribute__(self, "why"))

    __getattr__ = __iter__ = __len__ = __bool__ = __getitem__ = __contains__ = fail
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = fail
    __add__ = __radd__ = __sub__ = __rsub__ = __str__ = __format__ = fail
    __hash__ = object.__hash__


class Cell(TypeDecorator[Value], Generic[Value]):
    """A type whose values may turn out not to be of it."""

    __abstract__ = True

    def result_processor(
        self, dialect: Dialect, coltype: Any
    ) -> Callable[[Any], Any] | None:
        """As the type itself, but for what it stumbles over."""
        inner = super().result_processor(dialect, coltype)
        if inner is None:
            return None

        def process(value: Any) -> Any:
            try:
                return inner(value)
            except (ValueError, TypeError, RecursionError) as error:
                return Unreadable(
                    f"{str(value)[:LONGEST_SHOWN]!r} cannot be read: {error}"
                )

        return process


class Json(Cell[Any]):
    """JSON."""

    impl = JSON
    cache_ok = True

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """As JSON itself: what it is compared with need not be JSON."""
        return self.impl_instance.coerce_compared_value(op, value)


class Day(Cell[date]):
    """A day of the calendar."""

    impl = Date
    cache_ok = True


class Utc(Cell[datetime]):
    """Aware datetimes in and out, kept as UTC (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """To UTC; a naive time is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone reached the database")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Aware again."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)
