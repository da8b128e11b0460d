"""Lanes: threads that take jobs from the jobs table and do them, in both shapes.

They look at the table themselves, every so often and whenever the bell rings. A message that is
lost, a broker that is away or a nudge that nobody sends costs a look's delay and nothing else.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from service.apart import failure, keep_looking, told
from service.newsroom.errors import NewsroomError
from service.newsroom.values import Job, Lane
from workers.studio import Studio

log = logging.getLogger("loa.lanes")

# In one process with the web, which nudges nobody.
ASK_EVERY_S = 0.25
# Beside a broker: what a lost message costs at most.
ASK_EVERY_BESIDE_A_BROKER_S = 1.5
AFTER_FAILURE_S = 2.0  # a database that is away is not asked four times a second
DEAF_AFTER_S = 60.0  # a lane without a job that looked at nothing for so long hangs
EXIT_DEAF = 75  # EX_TEMPFAIL of sysexits.h: whoever supervises begins it again
STOP_PATIENCE_S = 2.5
# So much nicer (nice(2)) than the web beside them, which gets three quarters of a processor that
# both want: who listens now goes before what will be heard.
NICER = 5
NICEST = 19
SLOW_LANES: tuple[Lane, ...] = (Lane.SLOW, Lane.FAST)
FAST_LANES: tuple[Lane, ...] = (Lane.FAST,)


class Bell:
    """Wakes everybody who waits for it.

    A ring while nobody waits is heard by who had not looked before it.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0

    def ring(self) -> None:
        """There may be something to do."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def rings(self) -> int:
        """How often it rang: told to `wait` by who looks before waiting."""
        with self._condition:
            return self._rings

    def wait(self, since: int, seconds: float) -> None:
        """Until it has rung more often than `since`, or for so long."""
        with self._condition:
            self._condition.wait_for(lambda: self._rings != since, seconds)


@dataclass
class Sign:
    """A lane's last sign of life: when it looked, and what it does."""

    looked: float = field(default_factory=time.monotonic)
    job: Job | None = None


def plan_of(lanes: Sequence[Lane], threads: int) -> list[tuple[str, tuple[Lane, ...]]]:
    """The threads of a process by name: one for fast jobs alone beside those that do all."""
    if set(lanes) == set(Lane):
        slow = [(f"slow-{number}", SLOW_LANES) for number in range(1, threads + 1)]
        return [("fast", FAST_LANES), *slow]
    return [
        (f"{'-'.join(lanes)}-{number}", tuple(lanes))
        for number in range(1, threads + 1)
    ]


class Lanes:
    """The threads of one process, each taking one job at a time."""

    def __init__(
        self,
        at: Studio,
        owner: str,
        threads: int,
        lanes: Sequence[Lane] = SLOW_LANES,
        ask_every_s: float = ASK_EVERY_S,
    ) -> None:
        self.bell = Bell()
        self._stop = threading.Event()
        self._owner = owner
        self._at = replace(at, stopped=lambda: self._stop.is_set() or at.stopped())
        self._ask_every_s = ask_every_s
        plan = plan_of(lanes, threads)
        self._signs = {name: Sign() for name, _ in plan}
        self._threads = [
            threading.Thread(
                target=self._run,
                args=(f"{owner}/{name}", name, wanted),
                name=f"lane-{name}",
                daemon=True,
            )
            for name, wanted in plan
        ]

    def start(self) -> None:
        """Begins to work."""
        for thread in self._threads:
            thread.start()

    def stop(self, patience_s: float = STOP_PATIENCE_S) -> None:
        """Asks the lanes to put their work down, and waits.

        What one does not put down in time is taken from it. All of it is done again at the next
        start, and nothing is counted against it.
        """
        self._stop.set()
        self.bell.ring()
        until = time.monotonic() + patience_s
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))
        hanging = [thread.name for thread in self._threads if thread.is_alive()]
        if hanging:
            error = failure(lambda: self._at.newsroom.jobs.put_down(f"{self._owner}/"))
            outcome = told(error) if error else "their jobs are put down"
            log.warning("%s: no end in time; %s", ", ".join(hanging), outcome)

    def doing(self) -> str:
        """What the lanes do, for people: steps and the numbers of their episodes."""
        jobs = [sign.job for sign in self._signs.values() if sign.job is not None]
        return ", ".join(f"{job.step} {job.episode_id or ''}".strip() for job in jobs)

    def hand_in(self) -> None:
        """Tells the house what steps ended with since the last time.

        What it cannot take now is kept.
        """
        tries = self._at.tally.take()
        if not tries:
            return
        try:
            self._at.newsroom.watch.count(tries)
        except NewsroomError:
            self._at.tally.put_back(tries)
            raise

    def deaf(self, after_s: float = DEAF_AFTER_S) -> str:
        """The lane that has no job and looked at nothing for so long, or has ended.

        "" when all are well.
        """
        long_ago = time.monotonic() - after_s
        for thread, (name, sign) in zip(
            self._threads, self._signs.items(), strict=True
        ):
            hangs = sign.job is None and sign.looked < long_ago
            if hangs or not (thread.is_alive() or self._stop.is_set()):
                return name
        return ""

    def _run(self, owner: str, name: str, lanes: tuple[Lane, ...]) -> None:
        _give_way()
        jobs, sign = self._at.newsroom.jobs, self._signs[name]
        heard, has_worked = self.bell.rings(), False

        def look() -> float:
            """Does a job; then there may be another at once."""
            nonlocal heard, has_worked
            sign.looked = time.monotonic()
            rings = self.bell.rings()
            # Whoever was rung, or may go on, takes without asking: a claim writes, so that those
            # who are idle ask first.
            expects_one = has_worked or rings != heard
            heard, has_worked = rings, False
            may_take = expects_one or jobs.anything_free(lanes)
            job = jobs.claim(owner, lanes) if may_take else None
            if job is None:
                self.bell.wait(rings, self._ask_every_s)
                return 0.0
            sign.job, has_worked = job, True
            try:
                _work(job, self._at)
            finally:
                sign.job = None
            return 0.0

        keep_looking(
            look,
            self._stop,
            self._ask_every_s,
            log=log,
            doing=f"lane {owner}",
            after_failure_s=AFTER_FAILURE_S,
        )


def _give_way() -> None:
    """Has this thread, and the processes and threads that it begins, go after the web.

    Linux alone has a priority for each thread; elsewhere all of them stay as they are.
    """
    if sys.platform != "linux" or not hasattr(os, "setpriority"):
        return
    thread = threading.get_native_id()
    nice = os.getpriority(os.PRIO_PROCESS, thread) + NICER
    os.setpriority(os.PRIO_PROCESS, thread, min(NICEST, nice))


def _work(job: Job, at: Studio) -> None:
    """Loads the line with the first job: see studio.py."""
    from workers.line import work

    work(job, at)
