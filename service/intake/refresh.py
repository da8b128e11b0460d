"""Pages that send their reader on by themselves: `<meta http-equiv="refresh">`,
and the header of that name.
"""

import re
from html import unescape

LOOKED_AT_BYTES = 64 * 1024  # it stands in the head, or the page is nothing else
LONGEST_WAIT_S = 10  # a page that sends on later is to be read meanwhile
META = re.compile(r"<meta\b([^<>]{0,2000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r"([a-z-]{1,20})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I
)
# As HTML's "shared declarative refresh steps" read it.
WHERE = re.compile(
    r"(\d{0,6})[.\d]{0,20} ?[;, ] ?(?:url ?= ?)?[\"']?([^\"']{1,2000})", re.I
)
NOT_MEANT = (
    ("<!--", "-->"),
    ("<noscript", "</noscript"),
    ("<script", "</script"),
    ("<style", "</style"),
)


def sent_on(header: str, data: bytes) -> str:
    """Where a page sends its reader within seconds, as it names the place; "" when it stays."""
    text = data[:LOOKED_AT_BYTES].decode("utf-8", "replace")
    for begins, ends in NOT_MEANT:
        text = _without(text, begins, ends)
    told = [header, *(_content(meta[1]) for meta in META.finditer(text))]
    return next((place for place in map(_place, told) if place), "")


def _content(attributes: str) -> str:
    """What a meta element of that kind says; "" for any other."""
    values = {
        name.lower(): next((value for value in told if value), "")
        for name, *told in ATTRIBUTE.findall(attributes)
    }
    is_refresh = values.get("http-equiv", "").strip().lower() == "refresh"
    return unescape(values.get("content", "")) if is_refresh else ""


def _place(told: str) -> str:
    found = WHERE.match(" ".join(told.split()))
    if found is None or int(found[1] or 0) > LONGEST_WAIT_S:
        return ""
    return found[2].strip()


def _without(text: str, begins: str, ends: str) -> str:
    """The text without what a browser with scripts does not take for markup."""
    small = text.lower()
    # "İ" becomes two characters: places would not be the same
    if len(small) != len(text):
        small = text
    kept: list[str] = []
    at = 0
    while (start := small.find(begins, at)) >= 0:
        end = small.find(ends, start)
        kept.append(text[at:start])
        at = len(text) if end < 0 else end + len(ends)
    return "".join(kept) + text[at:]
