"""The two shapes of a Loa, each with everything that can be broken about it."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from loa.assembly import open_newsroom
from service.newsroom import Newsroom
from service.newsroom.values import Role
from service.settings import load
from service.zone import VIETNAM
from tests.chaos.faults import Plan, built
from tests.chaos.keeper import Keeper
from tests.chaos.proxy import Proxy
from tests.fuzz.calls import Answer, Call, Wire
from tests.system.servers import (
    Installation,
    empty_database,
    restarted,
    start_bucket,
    start_postgres,
    start_redis,
    wait_for,
)
from workers.verify import spoilt_masters

PATIENCE_S = 8.0  # of a portal with one call
SLOT_LATER = timedelta(hours=3)
LEASE_S = 5
COMMON = {"samples": "no", "voices": "tone", "urgent_voice": "tone", "lanes": "2"}


class House:
    """A Loa that works: its processes, the plan of its machine's faults, and its two stations.

    At `tin` what comes in is trusted, and a bulletin of it stands at the slot; at `xa` a person
    approves.
    """

    shape = ""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.installation = Installation(folder, **(COMMON | settings))
        self.scratch = folder / "tmp"
        self.scratch.mkdir()
        self.plan = Plan(built(folder), folder / "plan", folder)
        self.environment = self.installation.environment | {"TMPDIR": str(self.scratch)}
        self.keeper = Keeper(folder)
        self.choose_slot()
        self.port = self.installation.port

    def choose_slot(self) -> None:
        """An hour that comes soon: its bulletin stands at the address as soon as it is approved."""
        slot = datetime.now(VIETNAM) + SLOT_LATER
        self.at, self.day = f"{slot:%H:%M}", f"{slot:%Y-%m-%d}"
        self.path = f"/stations/tin/slots/{slot:%H%M}/latest.mp3"

    def begin(self) -> None:
        """Starts its processes and waits until it can work."""
        raise NotImplementedError

    @property
    def database_url(self) -> str:
        """The database, to be looked into by the audit."""
        raise NotImplementedError

    @property
    def workers(self) -> list[str]:
        """The names of processes that do jobs."""
        raise NotImplementedError

    def web(self) -> list[int]:
        """The numbers of the web's own processes."""
        raise NotImplementedError

    def call(
        self, method: str, path: str, body: bytes = b"", *, patient: float = PATIENCE_S
    ) -> Answer:
        """A program's call; status 0 when nothing came back."""
        headers = {
            "Authorization": f"Bearer {self.installation.key}",
            "Content-Type": "application/json",
        }
        wire = Wire(self.port, patience_s=patient)
        return wire.send(Call(method, f"/api/v1{path}", body, headers))

    def is_ready(self) -> bool:
        """Whether it says that it can work."""
        return Wire(self.port, patience_s=2).send(Call("GET", "/readyz")).status == 200

    def wait_ready(self) -> None:
        """Waits until it says so."""
        wait_for(self.is_ready)

    def newsroom(self) -> Newsroom:
        """Its newsroom, opened beside its processes; to be closed."""
        return open_newsroom(load(self.environment), migrated=False)

    def add_key(self) -> None:
        """Makes its tables and a key of ours."""
        newsroom = self.newsroom()
        with closing(newsroom.database):
            newsroom.database.migrate()
            self.installation.key = newsroom.people.add_key("chaos", Role.ADMIN)

    def spoilt(self) -> list[str]:
        """Files that are not as they were made, as `loa verify` finds them."""
        newsroom = self.newsroom()
        with closing(newsroom.database):
            return [str(each) for each in spoilt_masters(newsroom) if each]

    def bulletin(self) -> int:
        """The number of the slot's bulletin, drafted if it was not; 0 when nobody answers."""
        body = {"station": "tin", "at": self.at, "day": self.day}
        answer = self.call("POST", "/bulletins", json.dumps(body).encode())
        if answer.status not in (200, 202):
            return 0
        return int(json.loads(answer.body)["id"])

    def approve(self, number: int) -> None:
        """Approves an episode as it is now; AssertionError while it is not read yet."""
        answer = self.call("GET", f"/episodes/{number}")
        body = json.dumps({"version": json.loads(answer.body)["version"]}).encode()
        answer = self.call("POST", f"/episodes/{number}/approve", body)
        assert answer.status in (200, 202), answer.body.decode()

    def furnish(self) -> None:
        """Its two stations."""
        slots = [{"at": self.at, "max_seconds": 600}]
        for slug, approval, own in (("tin", "trusted", slots), ("xa", "required", [])):
            whole = {"name": f"Đài {slug}", "approval": approval, "slots": own}
            answer = self.call("PUT", f"/stations/{slug}", json.dumps(whole).encode())
            assert answer.status in (200, 201), answer.body.decode()

    def end(self) -> None:
        """Ends all that was started."""
        self.plan.well()
        self.keeper.stop()


class Embedded(House):
    """`loa serve` on SQLite and a folder."""

    shape = "embedded"

    def begin(self) -> None:
        """Starts it."""
        self.add_key()
        self.keeper.start("serve", "serve", self.environment | self.plan.environment)
        self.wait_ready()

    @property
    def database_url(self) -> str:
        """SQLite in its home."""
        return f"sqlite:///{self.folder}/var/loa.db"

    @property
    def workers(self) -> list[str]:
        """The one."""
        return ["serve"]

    def web(self) -> list[int]:
        """The process below it."""
        return self.keeper.children("serve")


class Many(House):
    """A web, two workers and a clock on real PostgreSQL and Redis, and a bucket behind a proxy."""

    shape = "many"

    def __init__(self, folder: Path) -> None:
        for name in ("postgres", "redis", "bucket"):
            (folder / name).mkdir()
        folder.chmod(0o755)  # PostgreSQL is another user
        self.postgres, url = start_postgres(folder / "postgres")
        self.postgres_url = empty_database(url)
        self.redis, self.redis_url = start_redis(folder / "redis")
        self.bucket, endpoint = start_bucket(folder / "bucket")
        self.store = Proxy(int(endpoint.rpartition(":")[2]))
        super().__init__(
            folder,
            database_url=self.postgres_url,
            broker_url=self.redis_url,
            files_url=f"s3://loa/chaos?endpoint=http://127.0.0.1:{self.store.port}",
            files_key_id="a",
            files_secret="b",
            lease_seconds=LEASE_S,
        )
        # One machine of its own: its clock can differ from the others'.
        self.skewed = Plan(built(folder), folder / "plan-2", folder)

    def begin(self) -> None:
        """Starts them."""
        self.add_key()
        ours = self.environment | self.plan.environment
        other = self.environment | self.skewed.environment
        self.keeper.start("web", "web", ours)
        self.keeper.start("clock", "clock", ours)
        self.keeper.start("worker-1", "worker", ours)
        self.keeper.start("worker-2", "worker", other)
        self.wait_ready()

    @property
    def database_url(self) -> str:
        """PostgreSQL."""
        return str(self.postgres_url).replace("postgresql://", "postgresql+psycopg://")

    @property
    def workers(self) -> list[str]:
        """Both."""
        return ["worker-1", "worker-2"]

    def web(self) -> list[int]:
        """The process below `loa web`."""
        return self.keeper.children("web")

    def redis_client(self) -> "Redis":
        """Redis, asked directly."""
        return Redis.from_url(self.redis_url, socket_timeout=5)

    def restart_redis(self, away_s: float) -> None:
        """kill -9, and back after so long."""
        self.redis = restarted(self.redis, away_s)
        wait_for(lambda: _answers(self.redis_client().ping))

    def restart_postgres(self, away_s: float, *, fast: bool) -> None:
        """Stopped (`fast`: as `pg_ctl -m fast`; else kill -9), and back after so long."""
        if fast:
            with suppress(ProcessLookupError):
                os.kill(self.postmaster(), signal.SIGINT)
            self.postgres.process.wait()
        self.postgres = restarted(self.postgres, away_s)
        wait_for(self._postgres_is_back)

    def postmaster(self) -> int:
        """The number of PostgreSQL's main process."""
        return int(
            (self.folder / "postgres" / "data" / "postmaster.pid")
            .read_text()
            .split()[0]
        )

    def hold_postgres(self, seconds: float) -> None:
        """SIGSTOP to all of PostgreSQL: it hangs, and nobody is told."""
        main = self.postmaster()
        told = subprocess.run(
            ["pgrep", "-P", str(main)], capture_output=True, text=True, check=False
        )
        pids = [main, *map(int, told.stdout.split())]
        _hold(pids, seconds)

    def hold_redis(self, seconds: float) -> None:
        """The same of Redis."""
        _hold([self.redis.process.pid], seconds)

    def cut_connections(self) -> None:
        """Ends every connection to the database but this one."""
        engine = create_engine(self.database_url)
        with suppress(DBAPIError), engine.connect() as connection:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            connection.execute(
                text(f"{cut} WHERE pid <> pg_backend_pid() AND usename = 'loa'")
            )
        engine.dispose()

    def end(self) -> None:
        """Ends the servers too."""
        self.skewed.well()
        super().end()
        self.store.close()
        for server in (self.bucket, self.redis, self.postgres):
            server.kill()

    def _postgres_is_back(self) -> bool:
        # After kill -9 it may refuse to begin while the last of its old processes is still ending.
        if self.postgres.process.poll() is not None:
            self.postgres = restarted(self.postgres, 0.5)
        return self._database_answers()

    def _database_answers(self) -> bool:
        engine = create_engine(self.database_url)
        try:
            with engine.connect() as connection:
                return connection.execute(text("SELECT 1")).scalar() == 1
        except DBAPIError:
            return False
        finally:
            engine.dispose()


SHAPES: dict[str, Callable[[Path], House]] = {"embedded": Embedded, "many": Many}


def _hold(pids: list[int], seconds: float) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def _answers(ask: Callable[[], object]) -> bool:
    try:
        return bool(ask())
    except RedisError:
        return False


def some_seconds(random: Random, most: float) -> float:
    """How long something lasts."""
    return random.uniform(0.2 * most, most)
