"""What a child can be asked: bytes in, values that JSON knows out. Rejected says why not."""

from collections.abc import Callable
from typing import Any

from service.intake import codec
from service.intake.apart.picture import made_small
from service.intake.cap import alert_to_json, read_cap
from service.intake.documents import read_file
from service.intake.listings import read_listing
from service.intake.listings.entry import listing_to_json
from service.intake.markup import read_html
from service.intake.page import read_page
from service.intake.papers.letter import read_letter
from service.intake.robots import read_robots


def html(data: bytes, *, title: str = "") -> dict[str, Any]:
    """A Story of HTML, a page or a fragment; `title` when the sender names it."""
    return codec.to_json(read_html(_text(data), title))


def page(data: bytes) -> dict[str, Any]:
    """A Story of a whole page as copied."""
    return codec.to_json(read_page(_text(data)))


def file(data: bytes, *, suffix: str = "", charset: str = "") -> dict[str, Any]:
    """A Story of a file of any kind."""
    return codec.to_json(read_file(data, suffix, charset))


def cap(data: bytes) -> dict[str, Any]:
    """An Alert of CAP 1.2."""
    return alert_to_json(read_cap(data))


def listing(data: bytes, *, kind: str, base: str, selector: str = "") -> dict[str, Any]:
    """The Listing that a portal answered with."""
    return listing_to_json(read_listing(data, kind, base, selector))


def picture(data: bytes) -> dict[str, Any]:
    """A SmallPicture of a picture of any kind."""
    return codec.small_to_json(made_small(data))


def _text(data: bytes) -> str:
    return data.decode("utf-8")


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "html": html,
    "page": page,
    "file": file,
    "cap": cap,
    "listing": listing,
    "robots": read_robots,
    "picture": picture,
    "letter": read_letter,
}
