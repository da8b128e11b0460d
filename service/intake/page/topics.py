"""What an article is about, where its page says so beside it: a label, or the way to the page."""

import re
from collections.abc import Sequence

from service.intake.page.seen import Seen
from service.intake.story import Why

LONGEST_CHARS = 60
MOST_LINES_BELOW = 6
PARTED = re.compile(r" ?[»›>→/|] ?")
YOU_ARE = re.compile(
    r"\A(?:bạn đang (?:ở|xem)(?: đây)?|vị trí) ?[:：] ?", re.IGNORECASE
)
HOME = frozenset(("trang chủ", "trang nhất", "trang đầu", "home", "trang tin"))
LABEL = re.compile(
    r"(?:đã đăng trong|đăng trong|đăng tại|posted in|published in|chuyên mục|thể loại|danh mục|lĩnh vực)"
    r" ?[:：]? ?(.{2,60})"
)


def topic_beside(seen: Sequence[Seen], title: int, end: int) -> str:
    """The topic near an article whose title is line `title` and whose text ends at `end`.

    "" where nothing tells it.
    """
    near = seen[title : end + MOST_LINES_BELOW]
    labels = (_labelled(each) for each in near)
    name = seen[title].text.casefold() if title < len(seen) else ""
    trails = (_last_of_trail(each.text, name) for each in reversed(seen[:title]))
    return next(filter(None, (*trails, *labels)), "")


def _labelled(each: Seen) -> str:
    """ "Chuyên mục: Khoa học - Công nghệ": what follows the label."""
    if each.row is None or each.row.why is not Why.TOPIC:
        return ""
    label = LABEL.fullmatch(each.text.lower())
    return each.text[label.start(1) :] if label else ""


def _last_of_trail(text: str, title: str) -> str:
    """The last place on "Trang chủ » Tin tức » An sinh xã hội" that is not the page itself."""
    way = YOU_ARE.sub("", text[:400], count=1)
    places = [place for place in PARTED.split(way) if place]
    if len(places) < 2 or places[0].casefold() not in HOME:
        return ""
    if title.startswith(places[-1].rstrip(".… ").casefold()):
        places.pop()
    topic = places[-1]
    fits = len(topic) <= LONGEST_CHARS and topic.casefold() not in HOME
    return topic if fits else ""
