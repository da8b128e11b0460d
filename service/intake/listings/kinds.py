"""The kinds of lists that are polled, a row each: the one home of what Loa knows of a kind."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from service.characters import text_of
from service.intake.addresses import is_web
from service.intake.listings import feed, page, sitemap, wordpress
from service.intake.listings.entry import Entry, Listing
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
    entries = map(_cleaned, listing.entries)
    return Listing(tuple(filter(_is_news, entries)), listing.follow)


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
        from service.intake.mailbox import Mailbox  # no child that parses needs IMAP

        Mailbox.parse(url)
        return
    if not is_web(url):
        raise Rejected(
            "url",
            "unsafe_url",
            f"{url[:100]!r} is no http(s) address",
            "Địa chỉ phải bắt đầu bằng http:// hoặc https://.",
        )
    if KINDS[kind].needs_selector:
        page.check_selector(selector)


def _cleaned(entry: Entry) -> Entry:
    """An entry as text alone, its addresses those of the web: JSON and portals say anything."""
    url, document = text_of(entry.url), text_of(entry.document)
    return replace(
        entry,
        guid=text_of(entry.guid) or url,
        url=url if is_web(url) else "",
        title=text_of(entry.title),
        document=document if is_web(document) else "",
        html=text_of(entry.html),
        picture=text_of(entry.picture),
        topics=tuple(map(text_of, entry.topics)),
    )


def _is_news(entry: Entry) -> bool:
    """Whether an entry can be told from others, and has a text: on its page, or in the list."""
    return bool(entry.guid and (entry.document or entry.html))
