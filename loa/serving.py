"""What serves: everything in one process group, or web, workers and clock apart."""

import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from loa.assembly import (
    lanes_of,
    open_newsroom,
    open_nudge,
    open_voices,
    settings,
    studio,
)
from loa.clockwork import begin_errands, clockwork
from loa.doorbell import ASK_EVERY_S, Address, Doorbell, nudge_at
from loa.first_start import (
    broadcast_samples,
    first_login,
    load_samples,
    print_addresses,
)
from loa.leaving import leave, leave_within
from loa.presence import show_presence
from loa.terminal import console, fail, write_log
from loa.web_process import Web, take_port
from service.settings import Settings

if TYPE_CHECKING:
    from service.newsroom import Newsroom
    from service.newsroom.store.database import Nudge
    from service.newsroom.values import Lane, ProcessKind
    from workers.lanes import Lanes
    from workers.roll import Roll

log = logging.getLogger("loa.serving")

WATCH_EVERY_S = 5.0
PATIENCE_S = 3.0  # for the last word to the database
TRY_AGAIN_S = 1.0  # a database that does not answer
COMPLAIN_EVERY = 30  # tries


def serve() -> None:
    """Web, workers and clock in one: everything that one machine needs."""
    installation = settings()
    if installation.broker_url:
        fail(
            "LOA_BROKER_URL is set: run `loa web`, `loa worker` and `loa clock` instead of `loa serve`"
        )
    write_log(installation)
    doorbell = Doorbell()
    with alone(installation), served(installation, doorbell.address) as web:
        work_beside(web, installation, doorbell)
    leave()


def web() -> None:
    """The web alone, next to `loa worker` and `loa clock`."""
    installation = settings()
    write_log(installation)
    with served(installation) as web:
        newsroom = open_patiently(installation)
        login = first_login(installation, newsroom)
        print_addresses(installation, newsroom, login)
        web.go()
        wait()
    leave()


@contextmanager
def served(installation: Settings, doorbell: Address | None = None) -> Iterator[Web]:
    """A web at the installation's port, which answers loudspeakers while all else comes up and goes
    down.

    It rings the `doorbell` when there is work.
    On SIGUSR2 this process begins anew, and the web answers until the next one does (handover.py).
    """
    # Before anything is said: a home that cannot be made, or a taken port, is one line
    installation.home.mkdir(parents=True, exist_ok=True)
    ours = Web(take_port(installation), doorbell)
    open_scratch()
    if hasattr(signal, "SIGUSR2"):
        signal.signal(signal.SIGUSR2, _begin_again)
    ours.start()
    try:
        with until_told():
            yield ours
    except BeginAgain:
        ours.hand_over()
    finally:
        ours.stop()


class BeginAgain(BaseException):
    """This process is told to begin anew; not an Exception, as KeyboardInterrupt is none."""


def _begin_again(_number: int, _frame: object) -> None:
    raise BeginAgain


def work_beside(web: Web, installation: Settings, doorbell: Doorbell) -> None:
    """Lanes, woken by the doorbell, and the clock, until told to stop."""
    from service.newsroom.values import ProcessKind
    from workers.lanes import Lanes

    newsroom = open_patiently(installation, nudge_at(doorbell.address))
    voices = open_voices(installation)
    newsroom.jobs.release_all("embedded/")
    at = studio(installation, newsroom, voices)
    lanes = Lanes(at, "embedded", lanes_of(installation), ask_every_s=ASK_EVERY_S)
    doorbell.listen(lanes.bell.ring)
    stop = threading.Event()
    timekeeper = clockwork(installation, newsroom, lambda job, lane: None, stop)
    begin_errands(installation, newsroom, lambda job, lane: lanes.bell.ring(), stop)
    login = first_login(installation, newsroom)
    lanes.start()
    timekeeper.start()
    attend(newsroom, ProcessKind.SERVE, lanes, stop)
    try:
        with until_told():
            load_samples_once(installation, newsroom)
            print_addresses(installation, newsroom, login)
            web.go()  # not before: who opens the first page finds the samples
            wait()
        web.end_soon()  # it goes down while the lanes do
    finally:
        stop.set()
        console().print(
            "Đang dừng: việc đang làm dở sẽ được làm tiếp ở lần chạy sau…", style="dim"
        )
        lanes.stop()
        voices.close()


def open_patiently(installation: Settings, nudge: "Nudge | None" = None) -> "Newsroom":
    """The newsroom, once its database answers: until then slots are answered from the shelf."""
    from service.newsroom.errors import Unavailable

    tries = 0
    while True:
        try:
            return open_newsroom(installation, nudge)
        except Unavailable as error:
            if tries % COMPLAIN_EVERY == 0:
                log.warning(
                    "%s; tried again, and slots are answered from the shelf", error
                )
            tries += 1
            time.sleep(TRY_AGAIN_S)


def worker(
    lane: Annotated[
        list[str] | None, typer.Option(help="fast or slow; both when not given")
    ] = None,
) -> None:
    """A worker: does jobs of the table, woken by Celery's messages, until told to stop."""
    from service.newsroom.values import ProcessKind
    from workers.celery_app import Ears, nudge_through, open_broker
    from workers.lanes import ASK_EVERY_BESIDE_A_BROKER_S, Lanes

    installation = settings()
    if not installation.broker_url:
        fail("a worker needs LOA_BROKER_URL; on one machine `loa serve` does all")
    write_log(installation)
    open_scratch()
    lanes = lanes_named(lane or ())
    broker = open_broker(installation.broker_url)
    newsroom = open_newsroom(installation, nudge_through(broker))
    voices = open_voices(installation)
    owner, stop = f"worker-{secrets.token_hex(4)}", threading.Event()
    at = studio(installation, newsroom, voices)
    threads = Lanes(
        at, owner, lanes_of(installation), lanes, ASK_EVERY_BESIDE_A_BROKER_S
    )
    ears = Ears(broker, threads.bell, owner, lanes)
    roll = sign_in(installation, newsroom, threads, owner, stop)
    threads.start()
    ears.start()
    attend(newsroom, ProcessKind.WORKER, threads, stop)
    log.info(
        "worker %s: %d threads for %s", owner, lanes_of(installation), ", ".join(lanes)
    )
    end_when_told(stop, ears.stop, threads.stop, roll.leave, voices.close)


def sign_in(
    installation: Settings,
    newsroom: "Newsroom",
    lanes: "Lanes",
    owner: str,
    stop: threading.Event,
) -> "Roll":
    """Beside the lanes: what a worker of this machine held that died is done again at once."""
    from workers import roll as rolls

    def give_back(dead: str) -> None:
        newsroom.jobs.release_all(f"{dead}/")

    roll = rolls.Roll(installation.home, owner)
    rolls.watch(roll, give_back, lanes.bell.ring, stop)
    return roll


def clock() -> None:
    """The clock: finds jobs whose message or worker was lost."""
    from service.newsroom.values import ProcessKind

    installation = settings()
    nudge = open_nudge(installation)
    if nudge is None:
        fail(
            "a clock of its own needs LOA_BROKER_URL; on one machine `loa serve` does all"
        )
    write_log(installation)
    open_scratch()
    stop = threading.Event()
    newsroom = open_newsroom(installation, nudge)
    presence = show_presence(newsroom, ProcessKind.CLOCK, stop)
    log.info("the clock goes")
    begin_errands(installation, newsroom, nudge, stop)
    timekeeper = clockwork(installation, newsroom, nudge, stop)
    timekeeper.start()
    joins = (partial(thread.join, PATIENCE_S) for thread in (timekeeper, presence))
    end_when_told(stop, *joins)


def open_scratch() -> None:
    """A folder of this process's own for what is temporary."""
    from workers import scratch

    scratch.open_scratch()


def samples() -> None:
    """The sample commune, next to `loa web` and a worker.

    Nothing when there is a station already.
    """
    installation = settings()
    newsroom = open_newsroom(installation, open_nudge(installation))
    load_samples_once(installation, newsroom)


def lanes_named(names: "Sequence[str]") -> "tuple[Lane, ...]":
    """The lanes of `--lane`, all when none is named."""
    from service.newsroom.values import Lane

    try:
        return tuple(Lane(name) for name in names or list(Lane))
    except ValueError:
        fail("--lane is fast or slow")


def attend(
    newsroom: "Newsroom", kind: "ProcessKind", lanes: "Lanes", stop: threading.Event
) -> None:
    """Beside the lanes: the sign of life, and who ends the process when one hangs."""
    show_presence(newsroom, kind, stop, lanes.doing, lanes.hand_in)
    end_when_deaf(lanes, stop)


def end_when_told(stop: threading.Event, *ends: Callable[[], object]) -> NoReturn:
    """Waits for the signal, sets `stop`, has each part end, and ends this process."""
    with until_told():
        wait()
    stop.set()
    for end in ends:
        end()
    leave()


def wait() -> None:
    """Waits for the signal that ends it.

    No handler touches what other threads share: it only wakes this one.
    """
    while True:
        time.sleep(WATCH_EVERY_S)


def end_when_deaf(lanes: "Lanes", stop: threading.Event) -> None:
    """Beside the lanes: a process of which one hangs ends,
    so that whoever supervises begins it again.
    """
    from workers.lanes import EXIT_DEAF

    def watch() -> None:
        suspect = ""
        while not stop.wait(WATCH_EVERY_S):
            before, suspect = suspect, lanes.deaf()
            # Twice: after the whole machine slept, lanes look again a moment after us.
            if (lane := suspect) and lane == before:
                log.critical("lane %s hangs; this process ends", lane)
                os._exit(EXIT_DEAF)

    threading.Thread(target=watch, name="watch", daemon=True).start()


# In LOA_HOME while the samples are taken in: their station comes first, and alone it would look
# whole.
SAMPLES_BEGUN = "samples-begun"


def load_samples_once(installation: Settings, newsroom: "Newsroom") -> None:
    """The sample commune into an empty newsroom, and on the air.

    Whoever is killed midway begins again.
    """
    begun = installation.home / SAMPLES_BEGUN
    if installation.samples and (begun.exists() or newsroom.stations.home() is None):
        installation.home.mkdir(parents=True, exist_ok=True)
        begun.touch()
        load_samples(newsroom)
        begun.unlink()
    broadcast_samples(newsroom)


@contextmanager
def alone(installation: Settings) -> Iterator[None]:
    """Holds the home folder; a second `loa serve` on it would do the same jobs twice."""
    from filelock import FileLock, Timeout

    installation.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(installation.home / "serve.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        fail(
            f"another `loa serve` works in {installation.home.resolve()}; stop it, or set LOA_HOME to another folder"
        )
    try:
        yield
    finally:
        lock.release()


@contextmanager
def until_told() -> Iterator[None]:
    """What is done within goes on until Ctrl-C, or SIGTERM as service managers send it.

    That is how serving ends, no error. From then on this process has `leaving.LEAVE_WITHIN_S`.
    """
    if (
        hasattr(signal, "SIGTERM")
        and threading.current_thread() is threading.main_thread()
    ):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        leave_within()
