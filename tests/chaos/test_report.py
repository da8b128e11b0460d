"""What `make chaos` prints and decides, and the faults by which it does: without a service."""

import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.chaos.audit import Findings
from tests.chaos.faults import POISON, Plan, built
from tests.chaos.injections import INJECTIONS, drawn
from tests.chaos.loudspeaker import Heard
from tests.chaos.proxy import Mood, Proxy
from tests.chaos.report import Report

SEED = 16


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return built(tmp_path_factory.mktemp("faults"))


@pytest.fixture
def plan(library, tmp_path):
    return Plan(library, tmp_path / "plan", tmp_path)


def python(plan, script, *arguments):
    """A program under the plan: what it printed, and how it ended."""
    command = [sys.executable, "-S", "-c", script, *map(str, arguments)]
    done = subprocess.run(
        command, env=plan.environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()


WRITE = """
import sys
try:
    with open(sys.argv[1], "wb", 0) as file: print(file.write(b"0123456789"))
except OSError as error: print(error.strerror)
"""


def test_a_disk_fails_where_the_plan_says(plan, tmp_path):
    (tmp_path / "files").mkdir()
    ours, other = tmp_path / "files" / "x", tmp_path / "y"
    plan.disk("write", "ENOSPC", "/files/")
    assert python(plan, WRITE, ours) == (0, "No space left on device")
    assert python(plan, WRITE, other) == (0, "10")
    plan.disk("write", "EIO", "/files/", short=True)
    assert python(plan, WRITE, ours) == (0, "5")
    plan.disk("open", "EACCES", "/files/")
    assert python(plan, WRITE, ours) == (0, "Permission denied")
    plan.well()
    assert python(plan, WRITE, ours) == (0, "10")


def test_a_clock_jumps_and_poison_kills(plan, tmp_path):
    now = "import time; print(time.time_ns() // 10**9)"
    (_, before), _ = python(plan, now), plan.clock(-86_400)
    assert int(python(plan, now)[1]) < int(before) - 86_000
    scratch = tmp_path / "loa-process-1"
    scratch.mkdir()
    poisoned = WRITE.replace("0123456789", POISON)
    assert python(plan, poisoned, tmp_path / "elsewhere")[0] == 0
    assert python(plan, poisoned, scratch / "master")[0] == -9


def test_the_bucket_is_away_busy_and_well_again():
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Well(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Well) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        proxy = Proxy(server.server_port)

        def asked():
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{proxy.port}/"
                ) as answer:
                    return answer.status
            except urllib.error.HTTPError as error:
                error.close()
                return error.code
            except OSError:
                return "away"

        moods = (Mood.WELL, Mood.BUSY, Mood.AWAY, Mood.WELL)
        assert [proxy.turn(mood) or asked() for mood in moods] == [
            204,
            503,
            "away",
            204,
        ]
        proxy.close()
        server.shutdown()


def test_a_round_is_drawn_from_its_seed_and_number_alone():
    names = [drawn(SEED, n, "many")[0].name for n in range(400)]
    assert names == [drawn(SEED, n, "many")[0].name for n in range(400)]
    assert set(names) == {each.name for each in INJECTIONS if "many" in each.shapes}
    assert drawn(SEED, 3, "many")[1].random() == drawn(SEED, 3, "many")[1].random()


@pytest.mark.parametrize("broken", ["lost", "doubled", "unapproved", "stuck", "held"])
def test_each_promise_can_be_broken(broken, capsys):
    found = Findings(**{broken: ["x-1"]})
    report = Report()
    report.add("kill -9", 4, 2.0)
    assert report.printed(1, Findings(), Heard(sounds={"a": 1}, answers=[(0.0, 0.01)]))
    assert not report.printed(1, found, Heard())
    assert "BROKEN" in capsys.readouterr().out


def test_silence_is_right_only_while_no_web_lived():
    report = Report(quiet=[(10.0, 20.0)])
    assert report.printed(0, Findings(), Heard(silent=[15.0]))
    assert not report.printed(0, Findings(), Heard(silent=[25.0]))
    assert not report.printed(0, Findings(), Heard(wrong=["500"]))
