"""What people see of a command in their terminal: lines, bars, the log, and what is wrong."""

import logging
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

from service.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress

console = Console(stderr=True)


def fail(message: str) -> NoReturn:
    """Says what is wrong and ends with status 1."""
    console.print(f"loa: {message}", style="red", markup=False, highlight=False, soft_wrap=True)
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
    return Progress(*columns, console=console)


def write_log(installation: Settings) -> None:
    """Log lines with local times, on standard error."""
    from rich.logging import RichHandler

    handler = RichHandler(console=console, show_path=False, markup=False, rich_tracebacks=False)
    logging.basicConfig(
        level=installation.log_level.upper(),
        format="%(name)s: %(message)s",
        handlers=[handler],
        force=True,
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # A line for each form without a token, and one with a listener's address for each limit: anybody fills the log.
    for name in ("flask_wtf.csrf", "flask-limiter"):
        logging.getLogger(name).setLevel(logging.ERROR)
