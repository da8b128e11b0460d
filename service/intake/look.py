"""One request to a portal: what it answers, as it answers it.

Nothing is followed and nothing tried again.
"""

import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

import urllib3

from service.guard import Guard
from service.intake.fetch import REDIRECTS, answered, body_of, charset_of, joined
from service.intake.story import Rejected

DEADLINE_S = (
    15.0  # less than the time between two calls to a host, so that they never overlap
)
ACCEPT = (
    "text/html, application/xhtml+xml, application/xml, application/json, */*;q=0.5"
)
GONE = (404, 410)
BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a portal gave us last time, to ask whether anything has changed (RFC 9110, 13).

    "" for nothing.
    """

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """The conditions of a request."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    `status` is 0 when nobody answered, and `why` tells then, for people, in Vietnamese.

    `location` is where a redirect leads, "" for anything else; `retry_after_s` how long the host
    asks us to wait.
    """

    status: int
    url: str
    data: bytes = b""
    charset: str = ""
    validators: Validators = Validators()
    location: str = ""
    retry_after_s: float = 0.0
    why: str = ""

    @property
    def permanent(self) -> bool:
        """Whether a redirect holds for ever."""
        return self.status in (301, 308)


def look(
    url: str,
    guard: Guard,
    validators: Validators = Validators(),
    deadline_s: float = DEADLINE_S,
) -> Answer:
    """The answer of a portal, whatever it is.

    What may not be called, or nobody answers, is told in it.
    """
    ends = time.monotonic() + deadline_s
    headers = {"Accept": ACCEPT, **validators.headers()}
    try:
        with answered(url, guard, headers, ends) as answer:
            return _answer(answer, url)
    except Rejected as error:
        return Answer(0, url, why=error.message_vi)


def _answer(answer: urllib3.BaseHTTPResponse, url: str) -> Answer:
    headers = answer.headers
    moved = headers.get("Location", "") if answer.status in REDIRECTS else ""
    return Answer(
        status=answer.status,
        url=url,
        data=body_of(answer) if answer.status == 200 else b"",
        charset=charset_of(answer),
        validators=Validators(
            headers.get("ETag", ""), headers.get("Last-Modified", "")
        ),
        location=joined(url, moved) if moved else "",
        retry_after_s=_seconds(headers.get("Retry-After", "")),
    )


def _seconds(text: str) -> float:
    """How long Retry-After asks to wait: seconds, or until a time."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        # A time of HTTP is always GMT's (RFC 9110, 5.6.7), also where it does not say so.
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0
