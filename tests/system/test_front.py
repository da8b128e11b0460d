"""`loa serve` as strangers meet it: half-sent forms, a port that is taken, a parent that
is killed.
"""

import os
import signal
import socket
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.system.conftest import api, get
from tests.system.servers import Installation, children_of, listening, wait_for

FORMS = 120  # several times the threads there are


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """`loa serve` on an empty home."""
    with Installation(
        tmp_path_factory.mktemp("served"), samples="no", voices="tone"
    ) as found:
        found.start("serve")
        found.ready()
        found.add_key()
        slots = [{"at": "05:00", "max_seconds": 900}]
        api(
            found,
            "PUT",
            "/stations/suoi-lanh",
            {"name": "Đài Suối Lành", "slots": slots},
        )
        yield found


def test_half_sent_forms_stop_neither_pages_nor_horns(served):
    """Security H1: 33 of them silenced every horn."""
    with ExitStack() as held:
        for _ in range(FORMS):
            sock = held.enter_context(
                socket.create_connection(("127.0.0.1", served.port), 60)
            )
            head = "POST /desk/login HTTP/1.1\r\nHost: loa\r\nContent-Length: 100000\r\n\r\nx"
            sock.sendall(head.encode())
        for path in (
            "/healthz",
            "/stations/suoi-lanh/slots/0500/latest.mp3",
            "/",
            "/desk/login",
        ):
            assert get(served, path).status == 200


def test_the_bed_of_a_slot_in_parts_and_by_head(served):
    path = "/stations/suoi-lanh/slots/0500/latest.mp3"
    whole = get(served, path).read()
    with get(served, path, Range="bytes=100-299") as part:
        assert (part.status, part.read()) == (206, whole[100:300])
    asked = urllib.request.Request(f"{served.url}{path}", method="HEAD")
    with urllib.request.urlopen(asked, timeout=30) as head:
        assert head.headers["Content-Length"] == str(len(whole))
        assert head.read() == b""


def test_a_port_that_is_taken_is_one_plain_line(served, tmp_path):
    with Installation(tmp_path, samples="no", voices="tone") as other:
        other.environment["LOA_PORT"] = str(served.port)
        # What a killed process left is swept, and told, only by who has a port to serve.
        dead = tmp_path / "loa-process-dead"
        dead.mkdir()
        (dead / ".owner").touch()
        other.environment["TMPDIR"] = str(tmp_path)
        done = other.run("serve")
        assert done.returncode == 1
        assert done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1
        assert f"cổng {served.port} đang bận" in done.stderr
        assert not (tmp_path / "var" / "loa.db").exists()


def test_a_web_that_dies_is_begun_again_and_ends_with_its_parent(tmp_path):
    with Installation(tmp_path, samples="no", voices="tone") as found:
        serve = found.start("serve")
        found.ready()
        [first] = webs_of(serve.process.pid)
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: set(webs_of(serve.process.pid)) - {first})
        found.ready()
        # It alone, as the kernel does without memory
        os.kill(serve.process.pid, signal.SIGKILL)
        serve.process.wait()
        wait_for(lambda: not listening(found.port))


def webs_of(parent):
    """The processes of the web below that one."""
    lines = {
        child: Path(f"/proc/{child}/cmdline").read_text()
        for child in children_of(parent)
    }
    return [child for child, line in lines.items() if "spawn_main" in line]
