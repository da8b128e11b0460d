"""A page from the web, fetched without letting anybody use us to look into networks that are not
public.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urljoin, urlsplit

import urllib3

from service.guard import PUBLIC_ONLY, Guard, Unsafe, target_of
from service.intake.limits import LARGEST_BYTES, too_large
from service.intake.refresh import sent_on
from service.intake.story import Rejected
from service.outbound import Unreachable, opened

DEADLINE_S = 15.0  # over all redirects, headers and the body
CONNECT_S = 5.0
MOST_REDIRECTS = 5
MOST_COOKIES = 20
AGENT = "Loa (news reader for commune radio)"
REDIRECTS = (301, 302, 303, 307, 308)
KINDS = ("text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came: its bytes, where it really came from,
    and the encoding its server names ("" for none).
    """

    data: bytes
    url: str
    charset: str = ""


def fetch(
    url: str, guard: Guard = PUBLIC_ONLY, deadline_s: float = DEADLINE_S
) -> Fetched:
    """A web page; each redirect is checked anew, whether the server or the page itself sends us on.

    Rejected names `url`, also when it takes longer.
    """
    ends = time.monotonic() + deadline_s
    cookies = _Cookies()
    for _ in range(MOST_REDIRECTS + 1):
        _check_readable(url)
        brought = cookies.of(url)
        headers = {
            "Accept": ", ".join(KINDS),
            **({"Cookie": brought} if brought else {}),
        }
        with answered(url, guard, headers, ends) as answer:
            cookies.keep(url, answer)
            moved = (
                answer.headers.get("Location") if answer.status in REDIRECTS else None
            )
            if not moved:
                page = _page(answer, url)
                moved = sent_on(answer.headers.get("Refresh", ""), page.data)
                # A page that renews itself is there; one that gave a cookie wants to see it first.
                is_new = moved and joined(url, moved).partition("#")[0] != url
                if not is_new and (not moved or cookies.of(url) == brought):
                    return page
            url = joined(url, moved)
    raise _unfetched("it redirects too often")


@dataclass(slots=True)
class _Cookies:
    """What a server asks us to bring along:
    firewalls before portals redirect a page to itself with one.
    """

    kept: dict[str, dict[str, str]] = field(default_factory=dict)

    def keep(self, url: str, answer: urllib3.BaseHTTPResponse) -> None:
        mine = self.kept.setdefault(urlsplit(url).netloc, {})
        for header in answer.headers.getlist("Set-Cookie"):
            try:
                cookie = SimpleCookie(header)
            except CookieError:
                continue  # a page may come without it
            mine |= {name: morsel.coded_value for name, morsel in cookie.items()}
        # A hostile page could set thousands, and every next request would carry them.
        while len(mine) > MOST_COOKIES:
            mine.popitem()

    def of(self, url: str) -> str:
        mine = self.kept.get(urlsplit(url).netloc, {})
        return "; ".join(f"{name}={value}" for name, value in mine.items())


def _check_readable(url: str) -> None:
    """Rejected when an address, a redirect's too, is none or may be read in two ways."""
    try:
        target_of(url)
    except Unsafe as error:
        raise _unsafe(url) from error


def joined(url: str, moved: str) -> str:
    """Where a redirect leads; Rejected when its address cannot be read."""
    try:
        return urljoin(url, moved)
    except ValueError as error:
        raise _unsafe(moved) from error


def _page(answer: urllib3.BaseHTTPResponse, url: str) -> Fetched:
    if answer.status != 200:
        raise _unfetched(f"the server answers HTTP {answer.status}")
    header = _content_type(answer)
    kind = header.get_content_type() if header["Content-Type"] else ""
    if kind and kind not in KINDS:
        raise Rejected(
            "url",
            "not_a_page",
            f"{url} is {kind}, not a web page",
            "Địa chỉ này không phải một trang web.",
        )
    return Fetched(body_of(answer), url, charset_of(answer))


def charset_of(answer: urllib3.BaseHTTPResponse) -> str:
    """The encoding that a server names, "" for none."""
    return str(_content_type(answer).get_content_charset("") or "")


def _content_type(answer: urllib3.BaseHTTPResponse) -> Message:
    header = Message()
    header["Content-Type"] = answer.headers.get("Content-Type", "")
    return header


@contextmanager
def answered(
    url: str, guard: Guard, headers: Mapping[str, str], ends: float
) -> Iterator[urllib3.BaseHTTPResponse]:
    """The answer to one request, to be read until `ends` on the monotonic clock.

    Rejected names `url`.
    """
    left = max(ends - time.monotonic(), 0.001)
    timeout = urllib3.Timeout(connect=min(CONNECT_S, left), read=left, total=left)
    sent = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **headers}
    try:
        with opened(
            "GET", target_of(url), guard, headers=sent, timeout=timeout
        ) as answer:
            yield answer
    except Unsafe as error:
        raise _unsafe(url) from error
    except Unreachable as error:
        raise _unfetched(str(error)) from error


def body_of(answer: urllib3.BaseHTTPResponse, largest: int = LARGEST_BYTES) -> bytes:
    """The whole body, unpacked.

    Rejected when it is larger than `largest` bytes, by default than any page.
    """
    data = bytearray()
    for block in answer.stream(64 * 1024, decode_content=True):
        data += block
        if len(data) > largest:
            raise too_large("url", largest)
    return bytes(data)


def _unsafe(url: str) -> Rejected:
    return Rejected(
        "url",
        "unsafe_url",
        f"{url!r} does not lead to a public web page",
        "Địa chỉ không an toàn: chỉ nhận trang web công khai (http, https).",
    )


def _unfetched(why: str) -> Rejected:
    certificate = "certificate" in why.lower()
    return Rejected(
        "url",
        "not_fetched",
        f"the page could not be fetched: {why}",
        "Không tải được trang web này: chứng thư bảo mật (HTTPS) của trang không hợp lệ."
        if certificate
        else "Không tải được trang web này.",
    )
