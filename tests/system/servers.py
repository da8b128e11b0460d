"""Real servers and real processes for whole-system tests, started for one test run and ended with
it.
"""

import glob
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

LOA = [sys.executable, "-c", "import loa; loa.main()"]
REQUIRED = os.environ.get("LOA_TESTS_REQUIRE") == "1"


def need(program, package):
    """The path of a program; where it is missing the test is skipped by name, or fails when all is
    required.
    """
    path = shutil.which(program) or next(
        iter(glob.glob(f"/usr/lib/postgresql/*/bin/{program}")), None
    )
    if path:
        return path
    return (pytest.fail if REQUIRED else pytest.skip)(
        f"needs {package} (apt install {package})"
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# After which something hangs, on whatever machine: no promise of speed, and no bound that a busy
# one passes.
HANGS_AFTER_S = 1_500.0


def wait_for(look, every=0.1):
    """What `look` gives once it is true; AssertionError when that never comes."""
    ends = time.monotonic() + HANGS_AFTER_S
    while True:
        with suppress(OSError, urllib.error.URLError):
            if found := look():
                return found
        assert time.monotonic() < ends, "it hangs"
        time.sleep(every)


def listening(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A process, its output in a file."""

    def __init__(self, command, log, **more):
        self.log = Path(log)
        self._file = self.log.open("ab")
        self.process = subprocess.Popen(
            command,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **more,
        )

    def kill(self):
        """As a power cut does: it and all its children, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._file.close()

    def stop(self, seconds=HANGS_AFTER_S):
        """As Ctrl-C does."""
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self.kill()
        return self.process.returncode


def restarted(server, away_s=0.0):
    """The same server on the same port, killed, and begun again after so long."""
    command = server.process.args
    server.kill()
    time.sleep(away_s)
    return Process(command, server.log, cwd="/")


def children_of(parent):
    """The numbers of the processes below that one, whichever of its threads began them."""
    lists = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(number) for each in lists for number in each.read_text().split()]


def start_redis(folder):
    port = free_port()
    command = [
        need("redis-server", "redis-server"),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    server = Process(command, folder / "redis.log")
    wait_for(lambda: listening(port))
    return server, f"redis://127.0.0.1:{port}/0"


def start_postgres(folder):
    initdb, postgres = need("initdb", "postgresql"), need("postgres", "postgresql")
    as_other = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_other = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "data", free_port()
    done = subprocess.run(
        [
            *as_other,
            initdb,
            "-D",
            str(data),
            "-U",
            "loa",
            "--auth=trust",
            "-E",
            "UTF8",
            "--no-sync",
        ],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    options = ["-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-c", "fsync=off"]
    server = Process(
        [*as_other, postgres, "-D", str(data), *options],
        folder / "postgres.log",
        cwd="/",
    )
    wait_for(lambda: listening(port))
    return server, f"postgresql://loa@127.0.0.1:{port}/postgres"


def empty_database(url):
    """A database of its own on the server at that address."""
    name = f"loa_{secrets.token_hex(4)}"
    server = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def start_bucket(folder):
    """Moto speaks S3's protocol; the bucket "loa" is there."""
    port = free_port()
    server = Process(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        folder / "moto.log",
    )
    wait_for(lambda: listening(port))
    endpoint = f"http://127.0.0.1:{port}"
    made = urllib.request.Request(f"{endpoint}/loa", method="PUT")
    urllib.request.urlopen(made, timeout=10).close()
    return server, endpoint


class Installation:
    """A running Loa: its settings, its processes, and a key to its API."""

    def __init__(self, folder, **settings):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("LOA_")
        }
        # Where Python may not keep what it compiled, each command would compile the whole house
        # anew.
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        self.environment = kept | {
            "LOA_HOME": str(folder / "var"),
            "LOA_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        self.environment |= {
            f"LOA_{name.upper()}": str(value) for name, value in settings.items()
        }
        self.processes = {}
        self.key = ""

    def run(self, *arguments, **more):
        """A command of `loa`, to its end."""
        return subprocess.run(
            [*LOA, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=HANGS_AFTER_S,
            cwd=self.folder,
            **more,
        )

    def start(self, command, name=""):
        """A command of `loa` that goes on."""
        name = name or command
        self.processes[name] = Process(
            [*LOA, *command.split()],
            self.folder / f"{name}.log",
            env=self.environment,
            cwd=self.folder,
        )
        return self.processes[name]

    def add_key(self):
        """A key of its own that may do everything."""
        done = self.run("key", "add", "tests", "--role", "admin")
        assert done.returncode == 0, done.stderr
        self.key = done.stdout.strip().splitlines()[-1]

    def ready(self):
        """Waits until it can work; AssertionError when all its processes have ended."""
        wait_for(self._is_ready)
        return self

    def _is_ready(self):
        lives = [each.process.poll() is None for each in self.processes.values()]
        assert any(lives), self.log()
        return urllib.request.urlopen(f"{self.url}/readyz", timeout=5).status == 200

    def log(self):
        """All that its processes said."""
        return "\n".join(
            path.read_text(errors="replace")
            for path in sorted(self.folder.glob("*.log"))
        )

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for process in self.processes.values():
            process.kill()
