"""A page from the web, fetched without letting anybody use us to look into networks that are not public."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

import urllib3

from service.intake.parse import LARGEST_BYTES, decode, too_large
from service.intake.story import Rejected

DEADLINE_S = 15.0
MOST_REDIRECTS = 5
AGENT = "Loa (news reader for commune radio)"
KINDS = ("text/html", "application/xhtml+xml", "text/plain")
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address) -> bool:
    """Whether an address is on the public Internet, whatever it is wrapped in.

    `is_global` alone takes NAT64 and 6to4 forms of 127.0.0.1 for public ones (docs/decisions.md).
    """
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in NAT64):
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(inner is not None for inner in wrapped):
            return all(is_public(inner) for inner in wrapped if inner is not None)
    return address.is_global and not address.is_multicast


def fetch(url: str, allowed: Callable[[Address], bool] = is_public) -> tuple[str, str]:
    """The text of a web page and the address it really came from; each redirect is checked anew."""
    for _ in range(MOST_REDIRECTS + 1):
        with _opened(url, allowed) as answer:
            moved = (
                answer.headers.get("Location")
                if answer.status in (301, 302, 303, 307, 308)
                else None
            )
            if not moved:
                return _text(answer, url), url
            url = urljoin(url, moved)
    raise _unfetched("it redirects too often")


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
def _opened(url: str, allowed: Callable[[Address], bool]) -> Iterator[urllib3.BaseHTTPResponse]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _unsafe(url) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise _unsafe(url)
    address = _resolve(parts.hostname, port, allowed, url)
    headers = {"Host": parts.netloc, "User-Agent": AGENT, "Accept": ", ".join(KINDS)}
    timeout = urllib3.Timeout(connect=5.0, read=DEADLINE_S, total=DEADLINE_S)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # We connect to the very address that was checked: a second look-up could give another one.
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address,
            port,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
            timeout=timeout,
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    with pool:
        try:
            answer = pool.urlopen(
                "GET", target, headers=headers, redirect=False, retries=False, preload_content=False
            )
        except (urllib3.exceptions.HTTPError, UnicodeError) as error:
            raise _unfetched(str(error)) from error
        try:
            yield answer
        finally:
            answer.close()


def _resolve(host: str, port: int, allowed: Callable[[Address], bool], url: str) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _unfetched(f"{host} is not known: {error}") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not all(allowed(ipaddress.ip_address(address.partition("%")[0])) for address in addresses):
        raise _unsafe(url)
    return addresses[0]


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
