"""What people see of a command in their terminal: lines, bars, the log, and what is wrong."""

import logging
from functools import cache
from typing import TYPE_CHECKING, NoReturn

from service.settings import Settings

# Not imported for `loa say` and `loa --help`: it takes as long as a third of all that they do.
if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table


@cache
def console() -> "Console":
    """Standard error, where all is told that is not a command's result."""
    from rich.console import Console

    return Console(stderr=True)


def table(*columns: str) -> "Table":
    """A table without a frame, of which `show` prints what was added."""
    from rich.table import Table

    return Table(*columns, box=None)


def show(result: "Table") -> None:
    """Prints a command's result on standard output."""
    from rich.console import Console

    Console().print(result)


def warn(message: str) -> None:
    """Says what is wrong, and goes on."""
    console().print(message, style="red", markup=False, highlight=False, soft_wrap=True)


def fail(message: str) -> NoReturn:
    """Says what is wrong and ends with status 1."""
    warn(f"loa: {message}")
    raise SystemExit(1)


def bar() -> "Progress":
    """A progress bar; plain lines where there is no terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console())


def bytes_bar() -> "Progress":
    """A progress bar of bytes."""
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console())


def write_log(installation: Settings) -> None:
    """Log lines with local times, on standard error."""
    from rich.logging import RichHandler

    handler = RichHandler(
        console=console(), show_path=False, markup=False, rich_tracebacks=False
    )
    logging.basicConfig(
        level=installation.log_level.upper(),
        format="%(name)s: %(message)s",
        handlers=[handler],
        force=True,
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # A line for each form without a token, and one with a listener's address for each limit:
    # anybody fills the log.
    for name in ("flask_wtf.csrf", "flask-limiter"):
        logging.getLogger(name).setLevel(logging.ERROR)
