"""What feeds cost, with a small archive and with a large one."""

import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.common import Bench
from bench.figures import Figure, Goal
from service.newsroom import Newsroom
from service.newsroom.specimen import fill
from service.newsroom.store.files import Folder
from service.newsroom.values import Station
from service.web.app import create_app
from service.web.site import Site

FEED = "/feeds/stations/thu.xml"
SMALL, LARGE = 500, 5_000
ROUNDS = 200


def feeds(at: Bench) -> list[Figure]:
    """A feed of a large archive: unchanged, built, its memory; and beside a small one."""
    return measured(at, LARGE, SMALL, ROUNDS)


def measured(at: Bench, large: int, small: int, rounds: int) -> list[Figure]:
    """The same of archives of so many episodes."""
    little, much = (
        _archive(count, at.templates, at.bed, at.migrations, rounds)
        for count in (small, large)
    )
    growth = much["peak"] / little["peak"]
    return [
        Figure(
            f"feed of {large:,} episodes, unchanged (304), ms",
            (much["unchanged"] * 1000,),
        ),
        Figure(f"feed of {large:,} episodes, built once, s", (much["built"],)),
        Figure(f"oldest page of {large:,} episodes, built once, s", (much["oldest"],)),
        Figure(f"memory to build it, {large:,} episodes, MB", (much["peak"] / 1e6,)),
        Figure(f"memory, {large:,} / {small:,} episodes", (growth,), Goal(1.2)),
    ]


def _archive(
    count: int, templates: Path, bed: Path, migrations: Path, rounds: int
) -> dict[str, float]:
    """The figures of an archive of so many episodes."""
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        newsroom = _filled(Path(folder), migrations, count)
        site = Site("https://loa.example", "Loa", templates, "bench", bed=bed)
        # Warms up what has nothing to do with the feed.
        create_app(newsroom, site).test_client().get("/feeds/all.xml")
        figures = _times(create_app(newsroom, site), rounds)
        figures["peak"] = _peak_bytes(create_app(newsroom, site))
        newsroom.database.close()
    return figures


def _filled(folder: Path, migrations: Path, count: int) -> Newsroom:
    """A newsroom with so many episodes."""
    newsroom = Newsroom.open(
        f"sqlite:///{folder.as_posix()}/loa.db",
        Folder(folder / "files"),
        migrations,
    )
    newsroom.database.migrate()
    newsroom.stations.put(Station("thu", "Đài thử"))
    fill(newsroom, "thu", count)
    return newsroom


def _times(app: Flask, rounds: int) -> dict[str, float]:
    """Seconds: the feed built anew, its oldest page,
    and one that the listener's program has already (the median).
    """
    built = _timed(lambda: _get(app, FEED, 200))
    oldest = _timed(lambda: _get(app, FEED.replace(".xml", "/1.xml"), 200))
    tag = _get(app, FEED, 200)
    unchanged = [_timed(lambda: _get(app, FEED, 304, tag)) for _ in range(rounds)]
    return {"built": built, "oldest": oldest, "unchanged": statistics.median(unchanged)}


def _peak_bytes(app: Flask) -> float:
    """The most memory that building the feed takes at once."""
    tracemalloc.start()
    _get(app, FEED, 200)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(peak)


def _get(app: Flask, path: str, status: int, tag: str = "") -> str:
    """One request, straight into the application; gives its ETag."""
    environ = EnvironBuilder(
        path, headers=[("If-None-Match", tag)] if tag else []
    ).get_environ()
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
