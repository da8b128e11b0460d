"""How often a page was read, as its portal counts it: "Lượt xem: 1.024", "7331 Lượt xem"."""

import re
from collections.abc import Iterable

NAME = r"(?:số )?(?:lượt|lần) (?:xem|đọc|truy cập)|đã xem|views?"
# "1,2K" and "3 nghìn" are rounded: no figure to keep.
FIGURE = (
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d{3}){1,3}|\d{1,9})"
    r"(?![.,]?\d| ?(?:k|m|n|tr|nghìn|ngàn|triệu)\b)"
)
COUNT = re.compile(rf"(?:{NAME}) ?[:：]? ?{FIGURE}|{FIGURE} ?(?:{NAME})", re.IGNORECASE)
LONGEST_CHARS = 120  # of a line that tells it, beside a date perhaps


def views_of(lines: Iterable[str]) -> int | None:
    """The first count in lines that are not part of the text; None where the page tells none."""
    for line in lines:
        if len(line) <= LONGEST_CHARS and (count := COUNT.search(line)):
            return int(re.sub(r"[.,]", "", count[1] or count[2]))
    return None
