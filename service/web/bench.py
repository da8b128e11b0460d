"""What feeds cost, with a small archive and with a large one: the web's part of `loa bench`."""

import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from service.newsroom import Newsroom
from service.newsroom.specimen import fill
from service.newsroom.store.files import Folder
from service.newsroom.values import Station
from service.web.app import create_app
from service.web.site import Site

FEED = "/feeds/stations/thu.xml"
SMALL, LARGE = 500, 5_000
ROUNDS = 200


def bench(
    templates: Path,
    bed: Path,
    migrations: Path,
    large: int = LARGE,
    small: int = SMALL,
    rounds: int = ROUNDS,
) -> dict[str, float]:
    """The figures by name: milliseconds, seconds, megabytes and ratios."""
    little, much = (_archive(count, templates, bed, migrations, rounds) for count in (small, large))
    return {
        f"feed of {large:,} episodes, unchanged (304), ms": much["unchanged"] * 1000,
        f"feed of {large:,} episodes, built once, s": much["built"],
        f"oldest page of {large:,} episodes, built once, s": much["oldest"],
        f"memory to build it, {large:,} episodes, MB": much["peak"] / 1e6,
        f"memory, {large:,} / {small:,} episodes": much["peak"] / little["peak"],
    }


def _archive(
    count: int, templates: Path, bed: Path, migrations: Path, rounds: int
) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        room = Newsroom.open(
            f"sqlite:///{Path(folder).as_posix()}/loa.db",
            Folder(Path(folder) / "files"),
            migrations,
        )
        room.database.migrate()
        room.stations.put(Station("thu", "Đài thử"))
        fill(room, "thu", count)
        site = Site("https://loa.example", "Loa", templates, "bench", bed=bed)
        create_app(room, site).test_client().get(
            "/feeds/all.xml"
        )  # warms up what has nothing to do with the feed
        app = create_app(room, site)
        tag = ""

        def whole() -> None:
            nonlocal tag
            tag = _get(app, FEED, 200)

        built = _timed(whole)
        oldest = _timed(lambda: _get(app, FEED.replace(".xml", "/1.xml"), 200))
        unchanged = statistics.median(
            _timed(lambda: _get(app, FEED, 304, tag)) for _ in range(rounds)
        )
        fresh = create_app(room, site)
        tracemalloc.start()
        _get(fresh, FEED, 200)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        room.database.close()
    return {"built": built, "oldest": oldest, "unchanged": unchanged, "peak": float(peak)}


def _get(app: Flask, path: str, status: int, tag: str = "") -> str:
    """One request, straight into the application; gives its ETag."""
    environ = EnvironBuilder(path, headers=[("If-None-Match", tag)] if tag else []).get_environ()
    body, said, headers = run_wsgi_app(app, environ, buffered=True)
    list(body)
    if not said.startswith(str(status)):
        raise RuntimeError(f"{path} answered {said}, not {status}")
    return headers["ETag"]


def _timed(do: Callable[[], object]) -> float:
    """Seconds of the processor: the clock on the wall tells what else the machine does."""
    began = time.process_time()
    do()
    return time.process_time() - began
