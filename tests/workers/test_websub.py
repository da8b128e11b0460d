"""The hub is told of every change, by a real request, until it has taken it."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from service.newsroom.values import State
from workers import websub

PUBLIC = "https://loa.example"


@pytest.fixture
def hub():
    """A hub on this machine: what it was told, and what it answers."""

    class Hub(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            server.told.append(
                {name: values[0] for name, values in parse_qs(body).items()}
            )
            self.send_response(server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.told, server.status = [], 204
    server.url = f"http://127.0.0.1:{server.server_port}/hub"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_hub_hears_of_what_is_published_and_only_then(newsroom, publish, hub):
    websub.tell(newsroom, hub.url, PUBLIC)
    hub.told.clear()
    episode = publish("Tin mới")
    assert hub.told == []  # publishing never waits for a hub
    assert websub.tell(newsroom, hub.url, PUBLIC) == 2
    assert {told["hub.url"] for told in hub.told} == {
        f"{PUBLIC}/feeds/all.xml",
        f"{PUBLIC}/feeds/stations/suoi-lanh.xml",
    }
    assert {told["hub.mode"] for told in hub.told} == {"publish"}
    assert websub.tell(newsroom, hub.url, PUBLIC) == 0
    newsroom.episodes.withdraw(episode.id, "sai", "chị Sen")
    assert websub.tell(newsroom, hub.url, PUBLIC) == 2


def test_a_hub_that_is_away_is_told_later(newsroom, publish, hub, clock):
    websub.tell(newsroom, hub.url, PUBLIC)
    assert publish("Tin mới").state is State.PUBLISHED
    hub.status = 503
    assert websub.tell(newsroom, hub.url, PUBLIC) == 0
    tries = len(hub.told)
    assert websub.tell(newsroom, hub.url, PUBLIC) == 0
    assert len(hub.told) == tries  # it is left alone for a while
    clock.ahead += timedelta(seconds=11)
    # Nobody listens there
    assert websub.tell(newsroom, "http://127.0.0.1:9/hub", PUBLIC) == 0
    clock.ahead += timedelta(seconds=11)
    hub.status = 202
    # The second wait is twice as long
    assert websub.tell(newsroom, hub.url, PUBLIC) == 0
    clock.ahead += timedelta(seconds=10)
    assert websub.tell(newsroom, hub.url, PUBLIC) == 2


def test_a_change_while_the_hub_is_told_is_told_again(newsroom, publish, hub):
    publish("Một")
    (show, *_) = newsroom.shows.untold()
    publish("Hai")
    newsroom.shows.mark_told(show)
    assert show.path in {one.path for one in newsroom.shows.untold()}


def test_it_runs_beside_the_clock(newsroom, publish, hub):
    publish("Tin mới")
    stop = threading.Event()
    thread = threading.Thread(
        target=websub.run, args=(newsroom, hub.url, PUBLIC, stop, 0.02)
    )
    thread.start()
    for _ in range(200):
        if not newsroom.shows.untold():
            break
        stop.wait(0.02)
    stop.set()
    thread.join(5)
    assert newsroom.shows.untold() == []
    assert f"{PUBLIC}/feeds/all.xml" in {told["hub.url"] for told in hub.told}
