"""A call and its answer, and two ways to make it: over the network, and within the process."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Protocol
from urllib.parse import quote

from flask.testing import FlaskClient

PATIENCE_S = 20.0
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `with_session`: as the person who is logged in at the desk."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    with_session: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` is 0 when nothing did."""

    status: int
    body: bytes = b""
    seconds: float = 0.0
    location: str = ""


class Sender(Protocol):
    """Makes calls, and keeps the session of one person."""

    def send(self, call: Call) -> Answer:
        """The answer to a call."""


class Wire:
    """Over HTTP, each call on a connection of its own, from the address `source`;
    for `patience_s`.
    """

    def __init__(
        self, port: int, source: str = "127.0.0.1", patience_s: float = PATIENCE_S
    ) -> None:
        self._port, self._source, self._patience_s = port, source, patience_s
        self._cookies: SimpleCookie = SimpleCookie()

    def send(self, call: Call) -> Answer:
        """The answer to a call; status 0 when the connection ends without one."""
        headers = dict(call.headers)
        if call.with_session:
            headers["Cookie"] = "; ".join(
                f"{m.key}={m.value}" for m in self._cookies.values()
            )
        link = http.client.HTTPConnection(
            "127.0.0.1",
            self._port,
            timeout=self._patience_s,
            source_address=(self._source, 0),
        )
        begun = time.monotonic()
        try:
            link.request(
                call.method, quote(call.path, safe="/?&=%+:,"), call.body, headers
            )
            answer = link.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return Answer(0, seconds=time.monotonic() - begun)
        finally:
            link.close()
        if call.with_session:
            for value in answer.headers.get_all("Set-Cookie", []):
                self._cookies.load(value)
        location = answer.headers.get("Location", "")
        return Answer(answer.status, body, time.monotonic() - begun, location)


class Inside:
    """Within the process: Flask's own client, once with a session and once without."""

    def __init__(self, person: FlaskClient, program: FlaskClient) -> None:
        self._person, self._program = person, program

    def send(self, call: Call) -> Answer:
        """The answer to a call."""
        client = self._person if call.with_session else self._program
        begun = time.monotonic()
        answer = client.open(
            call.path, method=call.method, data=call.body, headers=dict(call.headers)
        )
        seconds = time.monotonic() - begun
        return Answer(answer.status_code, answer.data, seconds, answer.location or "")
