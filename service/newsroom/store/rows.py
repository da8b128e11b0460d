"""Rows as they leave the newsroom: one that cannot be read keeps no list from being shown."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from service.apart import each_by_itself

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

    `kind` is what a row is ("a notice"): an older or newer release, or a hand, may have written into it
    what this code does not know.
    """
    return each_by_itself(rows, value, log=log, doing=f"reading {kind}", name=name)
