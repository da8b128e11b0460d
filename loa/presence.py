"""This process's sign of life."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.newsroom import Newsroom
    from service.newsroom.values import ProcessKind


def show_presence(
    newsroom: "Newsroom",
    kind: "ProcessKind",
    stop: threading.Event,
    doing: Callable[[], str] = str,
    report: Callable[[], object] = str,
) -> threading.Thread:
    """Beside the work: this process's sign of life (`loa alive`); `report` goes with each."""
    from importlib.metadata import version

    from workers import presence

    process = presence.process_of(newsroom, kind, version("loa"))
    return presence.show(newsroom, process, stop, doing, report=report)
