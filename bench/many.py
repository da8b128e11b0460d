"""Many machines: from an article handed in to its claim by a worker that Celery woke, beside a bare
Celery task through the same Redis; and how much more two and four workers do than one.

Needs a PostgreSQL with an empty database and a Redis: `--database` and `--broker`.
"""

import os
import subprocess  # noqa: TID251  # real workers are what is measured
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.common import Bench
from bench.figures import Figure, Goal
from bench.served import LOA
from service.newsroom import Newsroom
from service.newsroom.store.database import Nudge
from service.newsroom.store.files import Folder
from service.newsroom.values import Lane, NewArticle, State, Station
from workers.celery_app import nudge_through, open_broker

CLAIMS = 12
ARTICLES = 12  # in a round of throughput
WORKERS = (1, 2, 4)
LOOK_S = 0.0005
PATIENCE_S = 180.0
ECHO, ECHOES = "bench.echo", "bench-echoes"
DONE = (State.MASTERED, State.APPROVED, State.PUBLISHED)
LACKING = "no --database and --broker given"


class Sender:
    """Sends jobs' numbers to the workers, and knows when the last one went."""

    def __init__(self, nudge: Nudge) -> None:
        self._nudge = nudge
        self.sent_at = 0.0

    def send(self, job_id: int, lane: Lane) -> None:
        """As a web does it."""
        self.sent_at = time.perf_counter()
        self._nudge(job_id, lane)


def many(at: Bench) -> list[Figure]:
    """Claims beside bare tasks, in turns; then articles a second."""
    if not at.database or not at.broker:
        return [Figure("many machines", lacking=LACKING)]
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        app = open_broker(at.broker)
        sender = Sender(nudge_through(app))
        files = Folder(Path(folder) / "files")
        newsroom = Newsroom.open(at.database, files, at.migrations, nudge=sender.send)
        newsroom.database.migrate()
        newsroom.stations.put(Station("thu", "Đài thử"))
        try:
            claims = list(_claims(at, newsroom, sender, folder))
            return [*claims, *_throughput(at, newsroom, folder)]
        finally:
            newsroom.database.close()


def _claims(
    at: Bench, newsroom: Newsroom, sender: Sender, folder: str
) -> Iterator[Figure]:
    ours: list[float] = []
    bare: list[float] = []
    app = open_broker(at.broker)
    with _workers(at, folder, 1), _echoing(at.broker):
        _wait_for_masters(newsroom, _hand_in(newsroom, "Bài đầu tiên"))  # warms up
        _echo_ms(app, at.broker)
        for number in range(CLAIMS):
            ours.append(_claim_ms(newsroom, sender, number))
            bare.append(_echo_ms(app, at.broker))
    yield Figure("a job sent until a worker claims it, ms", tuple(ours), Goal(5.0))
    yield Figure("a bare Celery task, sent until it runs, ms", tuple(bare))


def _claim_ms(newsroom: Newsroom, sender: Sender, number: int) -> float:
    """From the message, which follows the commit at once, until the row is a worker's."""
    episode = _hand_in(newsroom, f"Bài {number}")
    while newsroom.jobs.waiting(timedelta(0)):
        time.sleep(LOOK_S)
    took = 1000 * (time.perf_counter() - sender.sent_at)
    _wait_for_masters(newsroom, episode)
    return took


def _throughput(at: Bench, newsroom: Newsroom, folder: str) -> Iterator[Figure]:
    for count in WORKERS:
        with _workers(at, folder, count):
            first = _hand_in(newsroom, f"Khởi động {count}")
            _wait_for_masters(newsroom, first)
            began = time.perf_counter()
            episodes = [
                _hand_in(newsroom, f"Lượt {count}, bài {number}")
                for number in range(ARTICLES)
            ]
            for episode in episodes:
                _wait_for_masters(newsroom, episode)
            took = time.perf_counter() - began
        yield Figure(f"articles a second, {count} workers", (ARTICLES / took,))


def _hand_in(newsroom: Newsroom, title: str) -> int:
    """A short article; gives its episode's number."""
    text = f"{title} nói về việc làm đường, bà con góp công góp đất."
    article = NewArticle(title, (text,), title, ("thu",))
    return newsroom.articles.receive(article, "bench").episode_id


def _wait_for_masters(newsroom: Newsroom, episode: int) -> None:
    """RuntimeError when the workers do not come to it within `PATIENCE_S`."""
    _until(lambda: newsroom.episodes.get(episode).state in DONE)


def _until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > ends:
            raise RuntimeError("the workers do not work")
        time.sleep(0.02)


@contextmanager
def _workers(at: Bench, folder: str, count: int) -> Iterator[None]:
    """So many worker processes of a lane each, ended with the block."""
    environment = {
        "PATH": os.defpath,
        "LOA_HOME": f"{folder}/home",
        "LOA_DATABASE_URL": at.database,
        "LOA_BROKER_URL": at.broker,
        "LOA_FILES_URL": f"{folder}/files",
        "LOA_VOICES": "tone",
        "LOA_LANES": "1",
    }
    with ExitStack() as stack:
        for _ in range(count):
            worker = subprocess.Popen(
                [*LOA, "worker"],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(worker.wait)
            stack.callback(worker.terminate)
        yield


@contextmanager
def _echoing(broker: str) -> Iterator[None]:
    """A Celery worker of one task that does nothing but say when it runs."""
    process = get_context("spawn").Process(target=_echo, args=(broker,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _echo(broker: str) -> None:
    from redis import Redis

    app, store = open_broker(broker), Redis.from_url(broker)

    def say(word: str) -> None:
        store.rpush(ECHOES, word)

    app.task(name=ECHO, ignore_result=True)(say)
    # As our own workers hear (workers/celery_app.py).
    app.WorkController(
        pool="solo",
        concurrency=1,
        queues=[ECHO],
        use_eventloop=False,
        without_gossip=True,
        without_mingle=True,
    ).start()


def _echo_ms(app: Any, broker: str) -> float:
    from redis import Redis

    with Redis.from_url(broker) as store:
        began = time.perf_counter()
        app.send_task(ECHO, ("x",), queue=ECHO)
        if store.blpop([ECHOES], timeout=PATIENCE_S) is None:
            raise RuntimeError("the bare task never ran")
        return 1000 * (time.perf_counter() - began)
