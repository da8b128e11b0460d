"""Starts and restarts: loudspeakers are answered while all else comes up, goes down or
is replaced.
"""

import json
import os
import signal
import socket
import urllib.error
import urllib.request

import pytest

from loa.assembly import BED
from tests.chaos.loudspeaker import Loudspeaker
from tests.system.conftest import api, get
from tests.system.servers import (
    LOA,
    Installation,
    Process,
    children_of,
    free_port,
    wait_for,
)

SLOT = "/stations/suoi-lanh/slots/0500/latest.mp3"
STATION = {"name": "Đài Suối Lành", "slots": [{"at": "05:00", "max_seconds": 900}]}


@pytest.fixture
def quick(tmp_path):
    """An installation without samples, not begun."""
    with Installation(
        tmp_path, samples="no", voices="tone", urgent_voice="tone"
    ) as found:
        yield found


def refused(at, path):
    """Status and headers of what a page answers that is not there."""
    with pytest.raises(urllib.error.HTTPError) as answer:
        get(at, path)
    with answer.value as error:
        return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/api/v1/episodes/1"])
def test_before_the_database_answers_loudspeakers_are_served_and_all_others_asked_to_wait(
    away, path
):
    with get(away, SLOT) as answer:
        assert answer.read() == BED.read_bytes()
    status, headers, words = refused(away, path)
    assert (status, headers["Retry-After"].isdigit()) == (503, True)
    assert "đang khởi động" in (
        json.loads(words)["message_vi"] if path[1:4] == "api" else words
    )


@pytest.fixture(scope="module")
def away(tmp_path_factory):
    """`loa web` whose database is not there yet."""
    nobody = f"postgresql://loa@127.0.0.1:{free_port()}/loa"
    folder = tmp_path_factory.mktemp("away")
    with Installation(
        folder, samples="no", voices="tone", database_url=nobody
    ) as found:
        found.start("web")
        wait_for(lambda: get(found, SLOT).status == 200)
        yield found


def test_the_socket_is_taken_from_systemd_and_handed_over_and_no_loudspeaker_notices(
    quick,
):
    """As sd_listen_fds(3) describes it: the socket is number 3, and outlives the service."""
    with socket.create_server(("127.0.0.1", quick.port)) as held:
        web = activated(quick, held)
        # Nobody listens yet: the connection waits for who will.
        wait_for(lambda: get(quick, SLOT).status == 200)
        quick.ready()
        quick.add_key()
        api(quick, "PUT", "/stations/suoi-lanh", STATION)
        before = set(children_of(web.process.pid))
        speaker = Loudspeaker(quick.port, SLOT)
        os.kill(web.process.pid, signal.SIGUSR2)
        wait_for(
            lambda: (
                (now := set(children_of(web.process.pid))) and not now & before and now
            )
        )
        quick.ready()
        assert api(quick, "GET", "/stations/suoi-lanh")["name"] == "Đài Suối Lành"
        heard = speaker.end()
        assert (heard.wrong, heard.silent) == ([], [])
        assert heard.sounds
        os.kill(web.process.pid, signal.SIGTERM)
        assert web.process.wait() == 0
        socket.create_connection(("127.0.0.1", quick.port)).close()


def activated(at, held):
    """`loa web` begun as a unit with a socket begins it."""
    script = (
        "import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True);"
        "os.environ |= {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '1'};"
        "os.execv(sys.argv[2], sys.argv[2:])"
    )
    number = held.fileno()
    command = [LOA[0], "-c", script, str(number), *LOA, "web"]
    # Another port in the settings: the one that is handed over is served.
    environment = at.environment | {"LOA_PORT": str(free_port())}
    web = Process(
        command,
        at.folder / "web.log",
        env=environment,
        cwd=at.folder,
        pass_fds=(number,),
    )
    at.processes["web"] = web
    return web
