"""The picture of an article: the first large one that stands in it,
else what the page's head names.

A picture is only an address here; whether it is large enough is seen when it was fetched
(service/intake/pictures.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import html as lxml_html

from service.intake.lines import Line
from service.intake.story import Story, Why

# Where scripts put the address that counts
LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
)
SMALLEST_PX = 200  # of a side, as the page itself tells it
SIZE = re.compile(r"(\d{1,5}) ?(?:px)?")
# What portals call pictures that are no photo of anything.
ORNAMENT = re.compile(
    r"logo|icon|avatar|banner|sprite|spacer|blank|loading|placeholder|\.svg|\.gif",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a page: its address as the page has it,
    and before which line (from 0) it stands.
    """

    address: str
    before: int


def shown_in(element: lxml_html.HtmlElement, before: int) -> Shown | None:
    """The picture that an <img> shows.

    None for an ornament, and for one that the page says is small.
    """
    addresses = [*(element.get(name) for name in LAZY), element.get("src")]
    address = next(
        (each.strip() for each in addresses if each and not _is_inline(each)), ""
    )
    if not address or ORNAMENT.search(address) or _is_small(element):
        return None
    return Shown(address, before)


def with_picture(
    story: Story, lines: Sequence[Line], pictures: Sequence[Shown], named: str
) -> Story:
    """The story with the first picture between its title and its end, and the caption below it.

    `named` is what the page's head names, for a page that shows none there.
    """
    extent = _extent(story, [line.text for line in lines])
    first = next((picture for picture in pictures if picture.before in extent), None)
    if first is None:
        return replace(story, picture=named)
    below = lines[first.before].text if first.before < len(lines) else ""
    captions = {line.text for line in story.left_out if line.why is Why.CAPTION}
    caption = below if below in captions else ""
    return replace(story, picture=first.address, picture_caption=caption)


def _extent(story: Story, texts: Sequence[str]) -> range:
    """The places (before a line, from 0) below the title,
    or else the first line that is read, to below the last.
    """
    read = {story.lead, *story.paragraphs}
    places = [at for at, text in enumerate(texts) if text in read]
    if not places:
        return range(0)
    begin = texts.index(story.title) + 1 if story.title in texts else places[0]
    return range(begin, places[-1] + 2)


def _is_inline(address: str) -> bool:
    """A picture that stands in the page as text: what waits there for a script, mostly."""
    return address.lstrip().lower().startswith("data:")


def _is_small(element: lxml_html.HtmlElement) -> bool:
    sizes = (
        SIZE.fullmatch((element.get(name) or "").strip())
        for name in ("width", "height")
    )
    return any(int(size[1]) < SMALLEST_PX for size in sizes if size)
