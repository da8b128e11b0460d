"""What tests of many rooms have in common: somebody at the desk with a browser, and sound as people
send it.
"""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from audio.ffmpeg import run
from audio.voice import RATE

PASSWORD = "mật khẩu rất dài"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
A_PAGE_FOR_ALL = "/desk/log"  # that everybody of the desk may see, and that has a form


class Browser:
    """A person at the desk: keeps cookies and sends the page's token along.

    `door` is the application, or a client of it whose cookies are to be shared. With `name` that
    person is logged in. `more` goes with every request: from where it comes, its headers.
    """

    def __init__(self, door: Flask | FlaskClient, name: str = "", **more: Any) -> None:
        self.client = door.test_client() if isinstance(door, Flask) else door
        self.token = ""
        self.more = more
        if name:
            assert self.login(name).status_code == 303

    def get(self, path: str) -> TestResponse:
        """A page; the token of its form is kept."""
        answer = self.client.get(path, **self.more)
        token = TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        if token is not None:
            self.token = token[1]
        return answer

    def post(self, path: str, page: str = "", **form: Any) -> TestResponse:
        """A form of the `page`, or of the one that was looked at last; `headers` are
        the request's.
        """
        if page:
            self.get(page)
        more = self.more | (
            {"headers": form.pop("headers")} if "headers" in form else {}
        )
        return self.client.post(path, data={"csrf_token": self.token, **form}, **more)

    def send(self, path: str, page: str = "", **form: Any) -> TestResponse:
        """The same, and on to where the answer leads."""
        answer = self.post(path, page, **form)
        return (
            self.get(answer.location.partition("#")[0]) if answer.location else answer
        )

    def login(self, name: str, password: str = PASSWORD, to: str = "") -> TestResponse:
        """The login's answer; whoever is let in has a page open from which forms are sent."""
        answer = self.post(
            "/desk/login", page="/desk/login", name=name, password=password, next=to
        )
        if answer.status_code == 303:
            self.get(A_PAGE_FOR_ALL)
        return answer


def encoded(pcm: bytes, *how: str) -> bytes:
    """House PCM as somebody's phone or recorder makes a file of it: `how` ends in its path, or in
    "pipe:1".
    """
    source = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
    return run(["-y", *source, *how], [pcm])
