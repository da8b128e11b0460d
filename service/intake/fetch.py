"""A page from the web, fetched without letting anybody use us to look into networks that are not public."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import urllib3

from service.guard import PUBLIC_ONLY, Guard, Unsafe, target_of
from service.intake.parse import LARGEST_BYTES, decode, too_large
from service.intake.story import Rejected
from service.outbound import Unreachable, opened

DEADLINE_S = 15.0
MOST_REDIRECTS = 5
AGENT = "Loa (news reader for commune radio)"
KINDS = ("text/html", "application/xhtml+xml", "text/plain")


def fetch(url: str, guard: Guard = PUBLIC_ONLY) -> tuple[str, str]:
    """The text of a web page and the address it really came from; each redirect is checked anew."""
    for _ in range(MOST_REDIRECTS + 1):
        with _opened(url, guard) as answer:
            moved = (
                answer.headers.get("Location")
                if answer.status in (301, 302, 303, 307, 308)
                else None
            )
            if not moved:
                return _text(answer, url), url
            url = _joined(url, moved)
    raise _unfetched("it redirects too often")


def _joined(url: str, moved: str) -> str:
    """Where a redirect leads; Rejected when its address cannot be read."""
    try:
        return urljoin(url, moved)
    except ValueError as error:
        raise _unsafe(moved) from error


def _text(answer: urllib3.BaseHTTPResponse, url: str) -> str:
    if answer.status != 200:
        raise _unfetched(f"the server answers HTTP {answer.status}")
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind and kind not in KINDS:
        raise Rejected(
            "url",
            "not_a_page",
            f"{url} is {kind}, not a web page",
            "Địa chỉ này không phải một trang web.",
        )
    return decode(_body(answer), "url")


@contextmanager
def _opened(url: str, guard: Guard) -> Iterator[urllib3.BaseHTTPResponse]:
    headers = {"User-Agent": AGENT, "Accept": ", ".join(KINDS)}
    timeout = urllib3.Timeout(connect=5.0, read=DEADLINE_S, total=DEADLINE_S)
    try:
        with opened("GET", target_of(url), guard, headers=headers, timeout=timeout) as answer:
            yield answer
    except Unsafe as error:
        raise _unsafe(url) from error
    except Unreachable as error:
        raise _unfetched(str(error)) from error


def _body(answer: urllib3.BaseHTTPResponse) -> bytes:
    data = bytearray()
    try:
        for block in answer.stream(64 * 1024, decode_content=True):
            data += block
            if len(data) > LARGEST_BYTES:
                raise too_large("url")
    except urllib3.exceptions.HTTPError as error:
        raise _unfetched(str(error)) from error
    return bytes(data)


def _unsafe(url: str) -> Rejected:
    return Rejected(
        "url",
        "unsafe_url",
        f"{url!r} does not lead to a public web page",
        "Địa chỉ không an toàn: chỉ nhận trang web công khai (http, https).",
    )


def _unfetched(why: str) -> Rejected:
    return Rejected(
        "url",
        "not_fetched",
        f"the page could not be fetched: {why}",
        "Không tải được trang web này.",
    )
