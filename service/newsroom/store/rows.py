"""Rows as they leave the newsroom: one that cannot be read keeps no list from being shown."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from typing import TypeVar

from service.apart import each_by_itself
from service.newsroom.store.columns import Unreadable

log = logging.getLogger("loa.rows")

Row = TypeVar("Row")
Value = TypeVar("Value")


def readable(
    rows: Iterable[Row],
    value: Callable[[Row], Value],
    kind: str,
    name: Callable[[Row], object] = lambda row: getattr(row, "id", row),
) -> list[Value]:
    """The values of the rows that can be read; the others are named in the log.

    `kind` is what a row is ("a notice"): an older or newer release, or a hand, may have written
    into it what this code does not know.
    """
    return each_by_itself(
        rows,
        lambda row: _whole(value(row)),
        log=log,
        doing=f"reading {kind}",
        name=name,
    )


def _whole(value: Value) -> Value:
    """The value, unless a field of it was taken from its row as it stood, and cannot be read."""
    if is_dataclass(value):
        for each in fields(value):
            if isinstance(cell := getattr(value, each.name), Unreadable):
                cell.fail()
    return value
