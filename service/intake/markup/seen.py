"""What of an element a reader sees: some are never shown, some are crossed out."""

import re

from lxml import html as lxml_html

UNSEEN = "head script style template noscript svg iframe object video audio canvas map textarea"
NOT_SHOWN = frozenset(UNSEEN.split())
HIDDEN = re.compile(r"display ?: ?none|visibility ?: ?hidden")
CROSSED_OUT = frozenset(("s", "del", "strike"))
DECORATIONS = ("text-decoration", "text-decoration-line")
LONGEST_STYLE_CHARS = 1000


def is_unseen(element: lxml_html.HtmlElement) -> bool:
    """Whether a browser shows nothing of it."""
    if element.tag in NOT_SHOWN or element.get("hidden") is not None:
        return True
    return bool(HIDDEN.search(_style(element)))


def is_crossed_out(element: lxml_html.HtmlElement) -> bool:
    """Whether a line goes through it: somebody took it back, and left it to be seen."""
    if element.tag in CROSSED_OUT:
        return True
    declared = (each.partition(":") for each in _style(element).split(";"))
    return any(
        name.strip() in DECORATIONS and "line-through" in how
        for name, _, how in declared
    )


def _style(element: lxml_html.HtmlElement) -> str:
    return (element.get("style") or "")[:LONGEST_STYLE_CHARS].lower()
