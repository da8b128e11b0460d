"""Callers who keep the house waiting: half a form, a body by drops, all logins at once, no HTTP at
all.
"""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from tests.fuzz.calls import FORM, Answer, Call, Wire
from tests.fuzz.values import as_form

T = TypeVar("T")
HALF_SENT = 64
DRIPPING = 40
LOGINS = 96
ADDRESSES = 32
HELD_S = 15.0
PATIENCE_S = 120.0  # whoever logs in with 95 others waits for a hash after the other
HEAD = "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nContent-Type: {kind}\r\n\r\nn"
NO_HTTP = (
    b"\0\1\2\3",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET http://x/ HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    b"POST /api/v1/articles HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    b"GET /%ff%fe%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /desk HTTP/1.1\r\nHost: a\r\nCookie: session=" + b"." * 9000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \xff\xfe\r\n\r\n",
)


def half_sent(port: int, random: Random) -> list[Answer]:
    """Forms of which the rest never comes, from one address; connections are held until they are
    ended.
    """
    paths = [
        random.choice(("/desk/login", "/settings", "/api/v1/urgent"))
        for _ in range(HALF_SENT)
    ]
    heads = [HEAD.format(path=path, kind=FORM).encode() for path in paths]
    return _together(heads, lambda head: _raw(port, head, "127.0.0.2", HELD_S))


def dripping(port: int, random: Random) -> list[Answer]:
    """Bodies that come one byte at a time, from several addresses."""
    heads = [
        HEAD.format(path="/desk/login", kind=FORM).encode() for _ in range(DRIPPING)
    ]
    sources = [f"127.0.0.{3 + random.randrange(8)}" for _ in heads]
    pairs = list(zip(heads, sources, strict=True))
    return _together(
        pairs, lambda pair: _raw(port, pair[0], pair[1], HELD_S, drop=b"a")
    )


def logins_at_once(port: int, _random: Random) -> list[Answer]:
    """Wrong passwords from many addresses in the same moment: each costs a hash."""
    body = as_form([("name", "admin"), ("password", "không phải mật khẩu")])
    call = Call("POST", "/desk/login", body, {"Content-Type": FORM})
    sources = [f"127.0.2.{n % ADDRESSES}" for n in range(LOGINS)]
    return _together(sources, lambda source: _token_and_login(port, source, call))


def no_http(port: int, random: Random) -> list[Answer]:
    """Bytes that are no request, or one that two servers would understand in two ways."""
    return [
        _raw(port, head, "127.0.1.9", 3.0)
        for head in random.sample(NO_HTTP, len(NO_HTTP))
    ]


@dataclass(frozen=True, slots=True)
class Rude:
    """A kind of rude caller. `may_end`: to end their connection is a right answer to them."""

    send: Callable[[int, Random], list[Answer]]
    may_end: bool = True


RUDE = {
    "half-sent forms": Rude(half_sent),
    "dripping bodies": Rude(dripping),
    "logins at once": Rude(logins_at_once, may_end=False),
    "no HTTP": Rude(no_http),
}


def _token_and_login(port: int, source: str, call: Call) -> Answer:
    """A login as a browser makes it: the page's token first, for without it no password is looked
    at.
    """
    wire = Wire(port, source, PATIENCE_S)
    page = wire.send(Call("GET", "/desk/login", with_session=True)).body.decode()
    _, _, rest = page.partition('name="csrf_token" value="')
    body = call.body + b"&" + as_form([("csrf_token", rest.partition('"')[0])])
    return wire.send(
        Call(call.method, call.path, body, call.headers, with_session=True)
    )


def _together(things: list[T], each: Callable[[T], Answer]) -> list[Answer]:
    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(each, things))


def _raw(
    port: int, head: bytes, source: str, longest_s: float, drop: bytes = b""
) -> Answer:
    """Sends bytes, then drops of them; the status of what comes back, 0 when the connection just
    ends.
    """
    begun = time.monotonic()
    told = b""
    with suppress(OSError), socket.socket() as link:
        link.settimeout(1.0)
        link.bind((source, 0))
        link.connect(("127.0.0.1", port))
        link.sendall(head)
        while time.monotonic() - begun < longest_s:
            with suppress(TimeoutError):
                told = link.recv(4096)
                break
            link.sendall(drop)
    status = told.split(b" ", 2)[1:2] if told.startswith(b"HTTP/") else []
    number = int(status[0]) if status and status[0].isdigit() else 0
    return Answer(number, told, time.monotonic() - begun)
