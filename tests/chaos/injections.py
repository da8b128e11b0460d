"""What is broken, one row each: by whom it is drawn, how often, and how it is mended."""

import os
import signal
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import cast

from redis.exceptions import RedisError

from tests.chaos import races
from tests.chaos.houses import House, Many, some_seconds
from tests.chaos.news import Portal
from tests.chaos.proxy import Mood
from workers.celery_app import TASK, open_broker

EMBEDDED, MANY = ("embedded",), ("many",)
BOTH = EMBEDDED + MANY
MOST_KILLS = 8  # one after the other
HANDED_OVER_WITHIN_S = 120.0
MALFORMED = (
    "garbage",
    "[]",
    "5",
    "null",
    '{"body": 5}',
    '{"body": "W10=", "headers": {}}',
)
NO_JOBS = ((), ("x",), (2**80,), ({"a": 1},), ("x" * 1_000_000,))


@dataclass
class Round:
    """One round: what it may touch, and how often it did what is counted."""

    house: House
    portal: Portal
    random: Random
    pace: float = 1.0  # how long what is broken stays so, beside a whole run
    count: int = 0  # kills, faults, races: whatever its row counts
    faults: list[str] = field(default_factory=list)
    silences: bool = False  # the web itself was ended

    @property
    def many(self) -> Many:
        """The house of the shape of many."""
        return cast(Many, self.house)

    def work_on(self, seconds: float) -> None:
        """News comes in meanwhile, as far as it is taken."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self.portal.hand_in(self.random, patient=max(1.0, left))
            time.sleep(
                min(max(0.0, ends - time.monotonic()), self.random.uniform(0.3, 1.2))
            )

    def lasts(self, most_s: float, mend: Callable[[], None]) -> None:
        """What was broken stays so for a while, and is mended whatever happens."""
        self.count += 1
        try:
            self.work_on(self.pace * some_seconds(self.random, most_s))
        finally:
            mend()


@dataclass(frozen=True, slots=True)
class Injection:
    """A way to break something. `kind` is its line of the table; it is drawn `share` times as often
    as 1.
    """

    kind: str
    name: str
    shapes: tuple[str, ...]
    share: int
    do: Callable[[Round], None]


def _kill(
    victims: Callable[[House], list[str]], *, whole: bool = True
) -> Callable[[Round], None]:
    """kill -9 of one of those, several times, each at a moment that nobody chose."""

    def do(at: Round) -> None:
        for _ in range(at.random.randint(1, MOST_KILLS)):
            time.sleep(at.random.uniform(0.0, 2.5))
            name = at.random.choice(victims(at.house))
            at.silences = at.silences or name in ("serve", "web")
            if whole:
                at.house.keeper.kill(name)
            else:
                at.house.keeper.signal(name, signal.SIGKILL)
            at.count += 1
            if at.random.random() < 0.5:
                at.portal.hand_in(at.random, patient=2.0)

    return do


def _kill_web_child(at: Round) -> None:
    at.silences = True
    for pid in at.house.web():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            at.count += 1


def _stop(at: Round) -> None:
    """SIGTERM, as at every upgrade."""
    name = at.random.choice(list(at.house.keeper.kept))
    at.silences = name in ("serve", "web")
    at.house.keeper.signal(name, signal.SIGTERM)
    at.count += 1
    time.sleep(at.random.uniform(0.0, 3.0))


def _reload(at: Round) -> None:
    """SIGUSR2: begun anew, and nobody is refused meanwhile. News comes in, and work is put down."""
    name = "serve" if at.house.shape == "embedded" else "web"
    before = set(at.house.web())
    at.house.keeper.signal(name, signal.SIGUSR2)
    at.count += 1
    ends = time.monotonic() + HANDED_OVER_WITHIN_S
    while not (now := set(at.house.web())) or now & before:
        if time.monotonic() > ends:
            at.faults.append("the web before is still there")
            return
        at.work_on(0.5)


def _disk(
    call: str, error: str, word: str = "", *, short: bool = False
) -> Callable[[Round], None]:
    def do(at: Round) -> None:
        at.house.plan.disk(call, error, word, short=short)
        at.lasts(8.0, at.house.plan.well)

    return do


def _clock(seconds: int) -> Callable[[Round], None]:
    def do(at: Round) -> None:
        at.house.plan.clock(seconds)
        at.lasts(6.0, at.house.plan.well)

    return do


def _skew(at: Round) -> None:
    """Two machines whose clocks differ: one worker's, against web, clock, database and the other
    worker.
    """
    at.many.skewed.clock(at.random.choice((-86_400, -3_600, -30, 30, 3_600)))
    at.lasts(8.0, at.many.skewed.well)


def _store(mood: Mood) -> Callable[[Round], None]:
    def do(at: Round) -> None:
        at.many.store.turn(mood)
        at.lasts(10.0, lambda: at.many.store.turn(Mood.WELL))

    return do


def _restart_postgres(*, fast: bool) -> Callable[[Round], None]:
    def do(at: Round) -> None:
        at.count += 1
        at.many.restart_postgres(at.random.choice((0.0, 0.0, 6.0)), fast=fast)

    return do


def _hold_postgres(at: Round) -> None:
    at.count += 1
    at.many.hold_postgres(some_seconds(at.random, 8.0))


def _cut_connections(at: Round) -> None:
    for _ in range(4):
        at.many.cut_connections()
        at.count += 1
        at.work_on(0.5)


def _kill_redis(at: Round) -> None:
    for _ in range(at.random.randint(1, 3)):
        at.many.restart_redis(at.random.choice((0.0, 1.0, 5.0)))
        at.count += 1


def _hold_redis(at: Round) -> None:
    at.count += 1
    at.many.hold_redis(some_seconds(at.random, 6.0))


def _forget(at: Round) -> None:
    with suppress(RedisError):
        at.many.redis_client().flushall()
    at.count += 1


def _malformed(at: Round) -> None:
    client = at.many.redis_client()
    with suppress(RedisError), open_broker(at.many.redis_url) as broker:
        for queue in ("slow", "fast"):
            at.count += client.lpush(queue, *MALFORMED) and len(MALFORMED)
        for arguments in NO_JOBS:
            broker.send_task(TASK, arguments, queue="slow")
        broker.send_task("loa.unknown", (1,), queue="slow")
        broker.send_task(TASK, (1,), queue="slow", serializer="pickle")
        broker.send_task(TASK, (1,), queue="slow", countdown=3e7)
        at.count += len(NO_JOBS) + 3


def _doubled_messages(at: Round) -> None:
    at.work_on(1.0)
    newest = max((each.episode for each in at.portal.accepted), default=1)
    with suppress(RedisError), open_broker(at.many.redis_url) as broker:
        for job in range(max(1, 3 * newest - 30), 3 * newest + 5):
            for _ in range(3):
                broker.send_task(TASK, (job,), queue=at.random.choice(("slow", "fast")))
                at.count += 1


def _another_type(at: Round) -> None:
    client = at.many.redis_client()
    with suppress(RedisError):
        client.delete("slow", "fast")
        client.set("slow", "oops")
        at.lasts(4.0, lambda: cast(None, client.delete("slow")))


def _poison(at: Round) -> None:
    """An article of which its worker dies, each time."""
    at.silences = at.house.shape == "embedded"
    if at.portal.hand_in(at.random, poison=True):
        at.count += 1
    at.work_on(3.0)


def _race(
    race: Callable[["Round", ThreadPoolExecutor], None],
) -> Callable[[Round], None]:
    def do(at: Round) -> None:
        with ThreadPoolExecutor(races.AT_ONCE) as pool:
            race(at, pool)

    return do


INJECTIONS = (
    Injection(
        "kill -9", "serve with all below it", EMBEDDED, 8, _kill(lambda _: ["serve"])
    ),
    Injection(
        "kill -9", "serve alone", EMBEDDED, 4, _kill(lambda _: ["serve"], whole=False)
    ),
    Injection("kill -9", "the web below it", BOTH, 3, _kill_web_child),
    Injection("kill -9", "a worker", MANY, 8, _kill(lambda house: house.workers)),
    Injection("kill -9", "the clock", MANY, 2, _kill(lambda _: ["clock"])),
    Injection("kill -9", "the web", MANY, 3, _kill(lambda _: ["web"])),
    Injection("SIGTERM", "one of them", BOTH, 2, _stop),
    Injection("SIGUSR2", "begun again", BOTH, 2, _reload),
    Injection("disk", "store full", EMBEDDED, 2, _disk("write", "ENOSPC", "/files/")),
    Injection("disk", "database full", EMBEDDED, 2, _disk("write", "ENOSPC", "loa.db")),
    Injection(
        "disk", "scratch full", BOTH, 2, _disk("write", "ENOSPC", "/loa-process-")
    ),
    Injection("disk", "all full", EMBEDDED, 2, _disk("write", "ENOSPC", "/var/")),
    Injection(
        "disk",
        "short writes",
        EMBEDDED,
        1,
        _disk("write", "EIO", "/files/", short=True),
    ),
    Injection(
        "disk", "fsync of the store", EMBEDDED, 1, _disk("fsync", "EIO", "/files/")
    ),
    Injection(
        "disk", "fsync of the database", EMBEDDED, 1, _disk("fsync", "EIO", "loa.db")
    ),
    Injection(
        "disk", "rename in the store", EMBEDDED, 1, _disk("rename", "EIO", "/files/")
    ),
    Injection(
        "disk",
        "store not to be opened",
        EMBEDDED,
        1,
        _disk("open", "EACCES", "/files/"),
    ),
    Injection("disk", "no descriptors left", BOTH, 1, _disk("open", "EMFILE")),
    Injection(
        "disk", "store not to be read", EMBEDDED, 1, _disk("read", "EIO", "/files/")
    ),
    Injection(
        "disk", "database not to be read", EMBEDDED, 1, _disk("read", "EIO", "loa.db")
    ),
    Injection(
        "disk", "no new folders", EMBEDDED, 1, _disk("mkdir", "ENOSPC", "/files/")
    ),
    Injection("disk", "read-only", EMBEDDED, 1, _disk("write", "EROFS", "/var/")),
    Injection("database", "kill -9", MANY, 2, _restart_postgres(fast=False)),
    Injection("database", "restart", MANY, 2, _restart_postgres(fast=True)),
    Injection("database", "hangs", MANY, 2, _hold_postgres),
    Injection("database", "connections cut", MANY, 1, _cut_connections),
    Injection("broker", "kill -9", MANY, 2, _kill_redis),
    Injection("broker", "hangs", MANY, 1, _hold_redis),
    Injection("broker", "forgets all", MANY, 1, _forget),
    Injection("broker", "key of another type", MANY, 1, _another_type),
    Injection("messages", "malformed", MANY, 1, _malformed),
    Injection("messages", "each thrice", MANY, 1, _doubled_messages),
    Injection("store", "away", MANY, 2, _store(Mood.AWAY)),
    Injection("store", "503", MANY, 2, _store(Mood.BUSY)),
    Injection("store", "hangs", MANY, 2, _store(Mood.HANGS)),
    Injection("store", "cuts uploads", MANY, 1, _store(Mood.CUTS)),
    Injection("clock", "back an hour", BOTH, 1, _clock(-3_600)),
    Injection("clock", "back a day", BOTH, 1, _clock(-86_400)),
    Injection("clock", "ahead an hour", BOTH, 1, _clock(3_600)),
    Injection("clock", "one worker's differs", MANY, 2, _skew),
    Injection("poison", "an article", BOTH, 1, _poison),
    Injection("race", "the same article at once", BOTH, 2, _race(races.same_article)),
    Injection("race", "revisions at once", BOTH, 1, _race(races.revisions)),
    Injection("race", "one new topic at once", BOTH, 1, _race(races.new_topic)),
    Injection("race", "one new station at once", BOTH, 1, _race(races.new_station)),
    Injection(
        "race", "approval, withdrawal", BOTH, 2, _race(races.approve_and_withdraw)
    ),
    Injection("race", "approval, edit", BOTH, 2, _race(races.approve_and_edit)),
    Injection("race", "bulletin approved, redone", BOTH, 2, _race(races.bulletin)),
)


def drawn(
    seed: int, number: int, shape: str, kinds: Collection[str] = ()
) -> tuple[Injection, Random]:
    """The injection of a round and its random numbers: of the seed and the round's number alone.

    Of these kinds only, when any is named.
    """
    random = Random(f"{seed}/{shape}/{number}")
    fitting = [
        each
        for each in INJECTIONS
        if shape in each.shapes and (not kinds or each.kind in kinds)
    ]
    (chosen,) = random.choices(fitting, [each.share for each in fitting])
    return chosen, random
