"""Both shapes of an installation: one process on SQLite, and many on Redis, PostgreSQL and a
bucket.
"""

import json
import math
import os
import shutil
import sqlite3
import struct
import time
import urllib.error
import urllib.request
import wave
from contextlib import closing
from io import BytesIO

import pytest
import requests
from filelock import FileLock
from playwright.sync_api import expect

from audio.voice import RATE
from tests.system.house import House
from tests.system.servers import Installation, need, start_bucket, start_redis, wait_for

# What a page comes to show is waited for: a busy machine is no fault of ours
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def redis(tmp_path_factory):
    server, url = start_redis(tmp_path_factory.mktemp("redis"))
    yield url
    server.kill()


@pytest.fixture(scope="session")
def bucket(tmp_path_factory):
    server, endpoint = start_bucket(tmp_path_factory.mktemp("bucket"))
    yield f"s3://loa/test?endpoint={endpoint}"
    server.kill()


# A bulletin of the samples; without it every installation makes its own, where one is due.
LOOKED_FOR_S = 20.0


@pytest.fixture(scope="session")
def read_home(tmp_path_factory):
    """A home in which the samples are read, and what its first start said (serve.log).

    Made once for all processes of a test run, for it takes its time. The next hour's bulletin is
    there too: each installation that begins with a copy would make its own.
    """
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = root / "read-home"
    with FileLock(root / "read-home.lock"):
        if not home.exists():
            (root / "reader").mkdir()
            with Installation(root / "reader") as found:
                serve = found.start("serve")
                found.ready()
                # From five to seven in the evening there is none to draft
                ends = time.monotonic() + LOOKED_FOR_S
                database = root / "reader" / "var" / "loa.db"
                wait_for(lambda: has_a_bulletin(database) or time.monotonic() > ends)
                serve.stop()
            serve.log.rename(root / "reader" / "var" / "serve.log")
            (root / "reader" / "var").rename(home)
    return home


def has_a_bulletin(path):
    """Whether a bulletin was drafted, spoken and mastered."""
    with closing(sqlite3.connect(path)) as database:
        mastered = (
            "SELECT 1 FROM episode WHERE kind = 'bulletin' AND state = 'mastered'"
        )
        return database.execute(mastered).fetchone() is not None


@pytest.fixture(scope="module")
def embedded(tmp_path_factory, read_home):
    """`loa serve` on a home of its own, samples read."""
    with Installation(tmp_path_factory.mktemp("embedded")) as found:
        shutil.copytree(read_home, found.folder / "var")
        found.start("serve")
        found.ready()
        found.add_key()
        yield found


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated):
    """A furnished house of the module's own."""
    found = House(tmp_path_factory.mktemp("house"), migrated)
    yield found.furnish()
    found.close()


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium; of the module, for its driver keeps an event loop running."""
    from playwright.sync_api import sync_playwright

    path = need("chromium", "chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory, redis, postgres, bucket):
    """Web, two workers and a clock, with a lease short enough to see workers replaced."""
    with Installation(
        tmp_path_factory.mktemp("many"),
        broker_url=redis,
        database_url=postgres,
        files_url=bucket,
        files_key_id="a",
        files_secret="b",
        lease_seconds=3,
        voices="tone",
    ) as found:
        found.add_key()
        for command, name in (
            ("web", ""),
            ("clock", ""),
            ("worker", "worker-1"),
            ("worker", "worker-2"),
        ):
            found.start(command, name)
        found.ready()
        api(found, "PUT", "/stations/suoi-lanh", {"name": "Đài Suối Lành"})
        yield found


@pytest.fixture(params=["embedded", pytest.param("many", marks=pytest.mark.servers)])
def installation(request):
    """The same test for both shapes."""
    return request.getfixturevalue(request.param)


def api(at, method, path, body=None):
    """One call, and what came back as JSON; HTTPError for problems."""
    asked = urllib.request.Request(
        f"{at.url}{path if path.startswith('/api') else '/api/v1' + path}",
        method=method,
        data=json.dumps(body).encode() if body is not None else None,
        headers={
            "Authorization": f"Bearer {at.key}",
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(
            f"{method} {path}: {error.code} {error.read().decode()}"
        ) from error


def until(at, episode, *states):
    """The episode once it stands in one of these states."""

    def look():
        found = api(at, "GET", episode)
        assert found["state"] not in {"held", "withdrawn"} - set(states), found[
            "reason"
        ]
        return found if found["state"] in states else None

    return wait_for(look)


def get(at, path, **headers):
    """A GET of a page or file: the open answer."""
    return urllib.request.urlopen(
        urllib.request.Request(f"{at.url}{path}", headers=headers), timeout=30
    )


def recorded():
    """A WAV of somebody who says one short sentence."""
    times = range(3 * RATE)
    loud = [
        int(5000 * math.sin(t / 17)) if t % RATE < RATE * 2 // 3 else t % 7
        for t in times
    ]
    with BytesIO() as data:
        with wave.open(data, "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(struct.pack(f"<{len(loud)}h", *loud))
        return data.getvalue()


def send(at, path, sound):
    """A recording through the API; what it answers."""
    answer = requests.put(
        f"{at.url}{path if path.startswith('/api') else '/api/v1' + path}",
        headers={"Authorization": f"Bearer {at.key}"},
        data={"announcer": "chị Sen"} if "recording" in path else {},
        files={"file": ("thu.wav", sound)},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()
