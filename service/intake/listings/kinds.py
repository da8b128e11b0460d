"""The kinds of lists that are polled, a row each: the one home of what Loa knows of a kind."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from service.intake.listings import feed, page, sitemap, wordpress
from service.intake.listings.entry import Entry, Listing
from service.intake.mailbox import Mailbox
from service.intake.story import Rejected

Read = Callable[[bytes, str, str], Listing]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of list.

    `read` takes its bytes, its address and the source's selector ("" but for pages).

    `address` makes the one that is fetched of the one that people know. What comes `by_mail` is no
    list: its letters are read by service/intake/mailbox.py.
    """

    name: str
    label_vi: str
    read: Read
    address: Callable[[str], str] = str
    needs_selector: bool = False
    by_mail: bool = False


def _no_list(_data: bytes, _base: str, _selector: str) -> Listing:
    raise AssertionError("a mailbox is no list")


KINDS = {
    kind.name: kind
    for kind in (
        Kind("feed", "RSS hoặc Atom", feed.read),
        Kind("wordpress", "WordPress (REST)", wordpress.read, wordpress.address),
        Kind("page", "Trang danh sách tin", page.read, needs_selector=True),
        Kind("sitemap", "Sơ đồ trang (sitemap.xml)", sitemap.read),
        Kind("mailbox", "Hộp thư (IMAP)", _no_list, by_mail=True),
    )
}


def read_listing(data: bytes, kind: str, base: str, selector: str = "") -> Listing:
    """The list in what a portal answered. Rejected names `url` or `selector`."""
    listing = KINDS[kind].read(data, base, selector)
    usable = tuple(entry for entry in listing.entries if entry.guid and _is_web(entry))
    return Listing(usable, listing.follow)


def check(kind: str, url: str, selector: str) -> None:
    """Rejected when there is no such kind, or it lacks what it needs."""
    if kind not in KINDS:
        raise Rejected(
            "kind",
            "unknown_kind",
            f"kind is one of {', '.join(KINDS)}, not {kind!r}",
            "Loại nguồn tin không hợp lệ.",
        )
    if KINDS[kind].by_mail:
        Mailbox.parse(url)
        return
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise Rejected(
            "url",
            "unsafe_url",
            f"{url[:100]!r} is no http(s) address",
            "Địa chỉ phải bắt đầu bằng http:// hoặc https://.",
        )
    if KINDS[kind].needs_selector:
        page.check_selector(selector)


def _is_web(entry: Entry) -> bool:
    """An entry without an address is news all the same when the list holds its whole text."""
    document = entry.document or entry.url
    return document.startswith(("http://", "https://")) or bool(entry.html)
