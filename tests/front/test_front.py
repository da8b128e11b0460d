"""The front over real sockets: who dawdles, floods, stalls or leaves holds no thread and stops
nobody else.
"""

import hashlib
import json
import multiprocessing
import socket
import sys
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPConnection

import pytest

from service.front import Gateway, Limits, open_socket, run
from service.front.crowd import Crowd, client_of, household
from service.front.lanes import THREADS, Lane, Turns, lane_of
from service.port import PortTaken

QUICK = Limits(body_s=0.5, body_bytes=100_000, kept_in_memory=1000)
SLOT = "/stations/suoi-lanh/slots/0500/latest.mp3"
BIG = 3_000_000


class App:
    """A WSGI application that tells what it was given, and does as the path says."""

    def __init__(self):
        self.gate = threading.Event()  # what /wait waits for
        self.waiting = threading.Semaphore(0)
        self.closed = threading.Event()
        self.blocks = 0

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/wait":
            self.waiting.release()
            self.gate.wait(60)
        if path == "/long":
            start_response(
                "200 OK", [("Content-Type", "audio/mpeg"), ("Content-Length", str(BIG))]
            )
            return self.long() if environ["REQUEST_METHOD"] == "GET" else []
        if path == "/endless" or environ["QUERY_STRING"] == "endless":
            start_response("200 OK", [("Content-Type", "audio/mpeg")])
            return Closing(self)
        if path == "/breaks":
            start_response("200 OK", [("Content-Length", str(BIG))])
            return self.breaking()
        body = environ["wsgi.input"].read()
        told = {key: value for key, value in environ.items() if isinstance(value, str)}
        told |= {"body": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        data = json.dumps(told).encode()
        start_response("200 OK", [("Content-Length", str(len(data)))])
        return [data] if environ["REQUEST_METHOD"] != "HEAD" else []

    def long(self):
        for _ in range(BIG // 1000):
            yield b"x" * 1000

    def breaking(self):
        yield b"x" * 300_000  # more than is taken before the head is sent
        raise OSError("the disk is gone")


class Closing:
    """Blocks without end, and a word when no more is wanted."""

    def __init__(self, app):
        self.app = app

    def __iter__(self):
        while True:
            self.app.blocks += 1
            yield b"x" * 65_536

    def close(self):
        self.app.closed.set()


@contextmanager
def served(app, limits=QUICK, **more):
    """The port where `app` is served."""
    listening = open_socket("127.0.0.1", 0)
    ours, theirs = multiprocessing.Pipe()
    gateway = Gateway(app, limits=limits, **more)
    thread = threading.Thread(
        target=run, args=(gateway, listening, theirs), daemon=True
    )
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        app.gate.set()
        while OPENED:
            OPENED.pop().close()
        ours.close()
        thread.join(30)


@pytest.fixture
def app():
    return App()


@pytest.fixture
def port(app):
    with served(app) as found:
        yield found


# What a test holds open: closed before its server is told to stop
OPENED: list[socket.socket] = []


def connect(port, buffer=None, source=""):
    sock = socket.socket()
    OPENED.append(sock)
    sock.settimeout(60)
    if buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    if source:
        sock.bind((source, 0))
    sock.connect(("127.0.0.1", port))
    return sock


def ask(port, path, method="GET", body=None, headers=(), source="127.0.0.1"):
    """One request: the status, the headers, the body."""
    link = HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
    with closing(link) as connection:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def to_the_end(sock):
    """All that comes until the other side closes."""
    with sock:
        parts = []
        while True:
            try:
                part = sock.recv(65_536)
            except ConnectionResetError:
                break
            if not part:
                break
            parts.append(part)
        return b"".join(parts)


def half_a_form(port, sent=b"x", length=50_000):
    sock = connect(port)
    head = (
        f"POST /form HTTP/1.1\r\nHost: loa\r\nContent-Length: {length}\r\n\r\n".encode()
    )
    sock.sendall(head + sent)
    return sock


def test_half_sent_forms_hold_no_thread(app):
    """More than there are threads; the pages and the horns answer meanwhile, and each is told."""
    with served(app, replace(QUICK, body_s=3.0)) as port:
        forms = [half_a_form(port) for _ in range(sum(THREADS.values()) + 10)]
        assert (
            ask(port, "/")[0]
            == ask(port, SLOT)[0]
            == ask(port, "/form", "POST", b"whole")[0]
            == 200
        )
        for form in forms:
            assert to_the_end(form).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_drips_has_one_deadline_for_all_of_it(port):
    form = half_a_form(port)
    stop = threading.Event()

    def drip():
        while not stop.wait(0.05):
            try:
                form.sendall(b"x")
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    answer = form.recv(65_536)
    stop.set()
    thread.join()
    form.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert "Đường truyền quá chậm".encode() in answer


def test_a_slow_body_that_keeps_the_least_rate_is_taken(app):
    limits = replace(QUICK, body_s=0.3, least_rate=1000)
    with served(app, limits) as port:
        form = half_a_form(port, b"x" * 2000, length=6000)
        for _ in range(4):
            threading.Event().wait(0.15)
            form.sendall(b"x" * 1000)
        answer = form.recv(65_536)
        form.close()
    assert b'"body": 6000' in answer


@pytest.mark.parametrize(
    "head", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: loa\r\nX: "]
)
def test_half_a_head_is_waited_for_only_so_long(app, head):
    with served(app, replace(QUICK, head_s=0.5)) as port:
        sock = connect(port)
        sock.sendall(head)
        assert to_the_end(sock) == b""


def test_a_head_has_a_largest_size(port):
    def send_on():
        sock.sendall(b"GET / HTTP/1.1\r\nHost: loa\r\nX: ")
        while True:
            sock.sendall(b"x" * 65_536)

    with connect(port) as sock, pytest.raises((ConnectionResetError, BrokenPipeError)):
        send_on()


def test_who_opens_too_many_loses_the_oldest_and_nobody_else_anything(app):
    with served(app, replace(QUICK, head_s=60, body_s=60, receiving_each=20)) as port:
        forms = [half_a_form(port) for _ in range(25)]
        assert [to_the_end(form) for form in forms[:5]] == [b""] * 5
        assert ask(port, SLOT)[0] == 200
        forms[-1].sendall(b"x" * 49_999)
        assert forms[-1].recv(65_536).startswith(b"HTTP/1.1 200 ")
        for form in forms[5:]:
            form.close()


def test_too_many_answers_to_one_address_are_refused_but_for_horns(app):
    with served(app, replace(QUICK, answering_each=3)) as port:
        waiting = [connect(port) for _ in range(3)]
        for sock in waiting:
            sock.sendall(b"GET /wait HTTP/1.1\r\nHost: loa\r\n\r\n")
            app.waiting.acquire()
        status, headers, body = ask(port, "/api/v1/articles", "POST", b"{}")
        assert (status, headers["Retry-After"]) == (429, "10")
        assert json.loads(body)["status"] == 429
        assert ask(port, SLOT)[0] == ask(port, "/healthz")[0] == 200
        app.gate.set()
        for sock in waiting:
            assert sock.recv(100).startswith(b"HTTP/1.1 200 ")
            sock.close()
        assert ask(port, "/")[0] == 200


def test_who_fills_the_house_with_readers_that_dawdle_leaves_room_for_others(app):
    """From several addresses: pages are there for whoever has no answers yet, and horns
    stay apart.
    """
    with served(app, replace(QUICK, answering_each=5, answering=10)) as port:
        for source in ("127.0.0.2", "127.0.0.3"):
            for path in ("/endless", SLOT + "?endless"):
                for _ in range(5):
                    sock = connect(port, buffer=4096, source=source)
                    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: loa\r\n\r\n".encode())
                    assert sock.recv(12) == b"HTTP/1.1 200"
        assert ask(port, "/", source="127.0.0.2")[0] == 429
        assert ask(port, SLOT, source="127.0.0.2")[0] == 429
        assert ask(port, "/")[0] == ask(port, SLOT)[0] == 200


def test_no_thread_keeps_the_interpreter_for_long(port):
    """What a sign of life waits is that, times the threads that make pages, times its own hands."""
    assert ask(port, "/")[0] == 200
    assert sys.getswitchinterval() <= 0.001


def test_addresses_take_turns_in_a_lane():
    """A thousand requests from one place are no reason for a loudspeaker elsewhere to wait."""
    turns = Turns()
    for n in range(1000):
        turns.put("flood", n)
    turns.put("horn", "a")
    turns.put("other", "b")
    assert [turns.get() for _ in range(5)] == [0, "a", "b", 1, 2]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: loa\r\n", id="head while another is answered"
        ),
        pytest.param(b"", id="trailers"),
        pytest.param(b"1;", id="extensions of a chunk"),
    ],
)
def test_what_nobody_waits_for_is_not_kept_without_end(app, told):
    """Lines without end, while an answer is under way or behind a body: the connection goes, not
    the memory.
    """
    with served(app, replace(QUICK, body_s=60, stalled_s=60)) as port:
        sock = connect(port, buffer=4096)
        if told.startswith(b"GET"):
            sock.sendall(b"GET /endless HTTP/1.1\r\nHost: loa\r\n\r\n")
            assert sock.recv(12) == b"HTTP/1.1 200"
            line = b"X: " + b"x" * 1000 + b"\r\n"
        else:
            sock.sendall(
                b"POST / HTTP/1.1\r\nHost: loa\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            sock.sendall(b"1\r\nx\r\n" + (b"" if told else b"0\r\n"))
            line = b"x" * 1000 if told else b"X: " + b"x" * 1000 + b"\r\n"
        sock.sendall(told)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            sock.sendall(line * 20_000)  # 20 MB


def test_a_body_in_chunks_of_a_byte_arrives(port):
    sock = connect(port)
    sock.sendall(b"POST / HTTP/1.1\r\nHost: loa\r\nTransfer-Encoding: chunked\r\n\r\n")
    sock.sendall(b"1\r\nx\r\n" * 50_000 + b"0\r\n\r\n")
    assert b'"body": 50000' in sock.recv(65_536)


@pytest.mark.parametrize(
    ("method", "lane"), [("POST", Lane.WRITERS), ("GET", Lane.READERS)]
)
def test_a_lane_that_is_full_leaves_the_others_free(app, port, method, lane):
    waiting = [connect(port) for _ in range(THREADS[lane] + 5)]
    for sock in waiting:
        sock.sendall(
            f"{method} /wait HTTP/1.1\r\nHost: loa\r\nContent-Length: 0\r\n\r\n".encode()
        )
    for _ in range(THREADS[lane]):
        app.waiting.acquire()
    assert (
        ask(port, SLOT)[0]
        == ask(port, "/healthz")[0]
        == ask(port, SLOT, "HEAD")[0]
        == 200
    )
    other = "GET" if lane is Lane.WRITERS else "POST"
    assert ask(port, "/", other)[0] == 200
    app.gate.set()
    for sock in waiting:
        sock.close()


def test_slow_readers_hold_no_thread_and_little_memory(app, port):
    for _ in range(40):
        sock = connect(port, buffer=4096)
        sock.sendall(b"GET /endless HTTP/1.1\r\nHost: loa\r\n\r\n")
        assert sock.recv(12) == b"HTTP/1.1 200"
    assert ask(port, "/")[0] == 200
    before = app.blocks
    assert ask(port, "/")[0] == ask(port, "/long")[0] == 200
    # A few blocks each until buffers are full, then none
    assert app.blocks - before < 40 * 20


def test_a_reader_that_leaves_is_noticed(app, port):
    sock = connect(port)
    sock.sendall(b"GET /endless HTTP/1.1\r\nHost: loa\r\n\r\n")
    assert sock.recv(12) == b"HTTP/1.1 200"
    sock.close()
    assert app.closed.wait(60)


def test_a_reader_that_takes_nothing_is_given_up(app):
    with served(app, replace(QUICK, stalled_s=0.3)) as port:
        sock = connect(port)
        sock.sendall(b"GET /endless HTTP/1.1\r\nHost: loa\r\n\r\n")
        assert app.closed.wait(60)
        sock.close()


def test_a_long_answer_comes_whole_and_the_connection_stays(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    for method, size in (("GET", BIG), ("HEAD", 0), ("GET", BIG)):
        connection.request(method, "/long")
        answer = connection.getresponse()
        assert answer.headers["Content-Length"] == str(BIG)
        assert len(answer.read()) == size
    connection.close()


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(port):
    sock = connect(port)
    sock.sendall(b"GET /breaks HTTP/1.1\r\nHost: loa\r\n\r\n")
    answer = to_the_end(sock)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert len(answer) < BIG
    assert ask(port, "/")[0] == 200


@pytest.mark.parametrize("size", [0, 1, 1000, 1001, 99_999, 100_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_arrives_as_it_was_sent(port, size, chunked):
    body = bytes(n % 251 for n in range(size))
    sent = iter([body[:7], body[7:]]) if chunked else body
    status, _, told = ask(port, "/form", "POST", sent)
    told = json.loads(told)
    assert status == 200
    assert (told["body"], told["sha256"]) == (size, hashlib.sha256(body).hexdigest())
    assert told["CONTENT_LENGTH"] == str(size)
    assert "HTTP_TRANSFER_ENCODING" not in told


@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_too_large_reaches_the_application_without_its_body(port, chunked):
    body = b"x" * 100_001
    status, headers, told = ask(
        port, "/form", "POST", iter([body]) if chunked else body
    )
    assert status == 200
    assert int(json.loads(told)["CONTENT_LENGTH"]) > 100_000
    assert json.loads(told)["body"] == 0
    assert headers["Connection"] == "close"


@pytest.mark.parametrize("chunked", [False, True])
def test_the_application_may_make_room(app, chunked):
    def room(environ):
        return 300_000 if environ["PATH_INFO"] == "/recordings" else 0

    body = b"x" * 250_000
    with served(app, room=room) as port:
        for path, taken in (("/recordings", 250_000), ("/form", 0)):
            _, _, told = ask(
                port, path, "POST", iter([body[:9], body[9:]]) if chunked else body
            )
            assert json.loads(told)["body"] == taken


def test_who_waits_for_a_go_ahead_gets_it(port):
    sock = connect(port)
    sock.sendall(
        b"POST /form HTTP/1.1\r\nHost: loa\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    )
    assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    sock.sendall(b"ab")
    assert b'"body": 2' in sock.recv(65_536)
    sock.close()


def test_the_environ_is_what_was_sent(port):
    path = "/b%C3%A0i%2Fmot%20%FF"
    headers = {"X-Two": "a", "X_Forwarded_For": "1.2.3.4", "Cookie": "a=1"}
    _, _, told = ask(port, f"{path}?q=%C3%A9&x", headers=headers)
    told = json.loads(told)
    assert told["PATH_INFO"].encode("latin-1") == "/bài/mot ".encode() + b"\xff"
    assert told["QUERY_STRING"] == "q=%C3%A9&x"
    assert (told["HTTP_X_TWO"], told["HTTP_COOKIE"]) == ("a", "a=1")
    assert "HTTP_X_FORWARDED_FOR" not in told  # an underscore is no hyphen
    assert told["REMOTE_ADDR"] == "127.0.0.1"


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, xchunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_ends(port, head):
    sock = connect(port)
    sock.sendall(head)
    assert to_the_end(sock).startswith(b"HTTP/1.1 400 ")
    assert ask(port, "/")[0] == 200


def test_http_1_0_needs_no_host(port):
    sock = connect(port)
    sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
    assert to_the_end(sock).startswith(b"HTTP/1.1 200 ")


def test_several_requests_sent_at_once_are_answered_in_their_order(port):
    sock = connect(port)
    sock.sendall(b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % n for n in range(5)))
    sock.sendall(b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answers = to_the_end(sock)
    places = [answers.index(b'"PATH_INFO": "/%d"' % n) for n in range(5)]
    assert places == sorted(places)
    assert b'"/last"' in answers


def test_behind_a_proxy_each_of_its_clients_counts_for_itself(app):
    with served(app, replace(QUICK, answering_each=1), trusted_proxies=1) as port:
        sock = connect(port)
        sock.sendall(
            b"GET /wait HTTP/1.1\r\nHost: loa\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n"
        )
        app.waiting.acquire()
        # The first of them anybody can write
        same = {"X-Forwarded-For": "10.9.9.9, 10.0.0.1"}
        assert ask(port, "/", headers=same)[0] == 429
        assert ask(port, "/", headers={"X-Forwarded-For": "10.0.0.2"})[0] == 200
        sock.close()


def test_behind_a_proxy_a_client_with_too_many_bodies_loses_its_oldest(app):
    limits = replace(QUICK, body_s=60, receiving_each=2)
    with served(app, limits, trusted_proxies=1) as port:
        head = b"POST / HTTP/1.1\r\nHost: loa\r\nContent-Length: 9\r\nX-Forwarded-For: %s\r\n\r\nx"
        mine, *his = [connect(port) for _ in range(4)]
        mine.sendall(head % b"10.0.0.1")
        for sock in his:
            sock.sendall(head % b"10.0.0.2")
        assert to_the_end(his[0]).startswith(b"HTTP/1.1 408 ")
        for sock in (mine, his[1], his[2]):
            sock.sendall(b"x" * 8)
            assert sock.recv(100).startswith(b"HTTP/1.1 200 ")
            sock.close()


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "client"),
    [
        ("1.1.1.1", "", 0, "1.1.1.1"),
        ("1.1.1.1", "9.9.9.9", 0, "1.1.1.1"),
        ("1.1.1.1", "9.9.9.9, 2.2.2.2", 1, "2.2.2.2"),
        ("1.1.1.1", "9.9.9.9, 2.2.2.2, 3.3.3.3", 2, "2.2.2.2"),
        ("1.1.1.1", "2.2.2.2", 2, "1.1.1.1"),
        ("1.1.1.1", "", 1, "1.1.1.1"),
    ],
)
def test_whose_request_it_is(peer, forwarded, proxies, client):
    assert client_of(peer, forwarded, proxies) == client


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("nonsense:", "nonsense:", True),
    ],
)
def test_addresses_of_one_household_count_together(one, other, same):
    assert (household(one) == household(other)) is same


def test_the_crowd_forgets_who_left():
    crowd = Crowd(2, 2, 10)
    for n in range(1000):
        crowd.receiving(f"10.0.0.{n}", n, lambda: None)
        with crowd.answering(f"10.0.0.{n}"):
            crowd.received(f"10.0.0.{n}", n)
    assert not crowd._receiving
    assert not crowd._answering


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("GET", SLOT, Lane.HORNS),
        ("HEAD", SLOT.replace("mp3", "json"), Lane.HORNS),
        ("OPTIONS", SLOT.replace("mp3", "m3u"), Lane.HORNS),
        ("GET", "/healthz", Lane.HORNS),
        ("POST", SLOT, Lane.WRITERS),
        ("POST", "/healthz", Lane.WRITERS),
        ("GET", "/healthz/x", Lane.READERS),
        ("GET", f"/x{SLOT}", Lane.READERS),
        ("GET", "/", Lane.READERS),
        ("PUT", "/", Lane.WRITERS),
    ],
)
def test_each_request_has_its_lane(method, path, lane):
    assert lane_of(method, path) is lane


def test_a_port_that_is_taken_is_said_so():
    with open_socket("127.0.0.1", 0) as first, pytest.raises(PortTaken) as caught:
        open_socket("127.0.0.1", first.getsockname()[1])
    assert caught.value.strerror == "taken"


def test_an_address_that_is_not_ours_is_said_so():
    with pytest.raises(PortTaken) as caught:
        open_socket("192.0.2.1", 0)
    assert caught.value.strerror == "no address of this machine"
