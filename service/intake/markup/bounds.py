"""How much HTML there is, counted in one pass, before a parser sees it:
parsers take longer than in proportion.
"""

import re

from service.intake.limits import (
    DEEPEST,
    LARGEST_HTML_CHARS,
    LONGEST_TAG_CHARS,
    MOST_ATTRIBUTES,
    MOST_TAGS,
)
from service.intake.story import Rejected

EMBEDDED = re.compile(r"data:[a-z]{1,20}/[^\"'\s<>)]{100,}", re.IGNORECASE)
NOT_READ = ("script", "style", "svg")
DATA_SCRIPT = "ld+json"
NO_CONTENT = "area base br col embed hr img input link meta param source track wbr"
END_MAY_LACK = "p li td th tr dt dd option"
NEEDS_NO_END = frozenset((*NO_CONTENT.split(), *END_MAY_LACK.split()))


def bounded(body: str) -> str:
    """The HTML without what no reader needs; Rejected when what is left is beyond any page.

    Scripts (but for JSON-LD), styles, drawings and pictures that stand in the text are taken out:
    they make a portal's page large, and a parser slow.
    """
    # lxml refuses a text that declares its encoding
    if body.lstrip()[:5].lower() == "<?xml":
        body = body.partition("?>")[2]
    for name in NOT_READ:
        body = _without(body, name)
    body = EMBEDDED.sub("data:", body)
    if len(body) > LARGEST_HTML_CHARS:
        raise _beyond("too_large", f"it has {len(body)} characters")
    tags = [piece.partition(">")[0] for piece in body.split("<")[1:]]
    if len(tags) > MOST_TAGS:
        raise _beyond("too_many_tags", f"it has {len(tags)} tags")
    if any(
        len(tag) > LONGEST_TAG_CHARS or tag.count("=") > MOST_ATTRIBUTES for tag in tags
    ):
        raise _beyond("too_wide", "a tag has more attributes than any page needs")
    if _depth(tags) > DEEPEST:
        raise _beyond("too_deep", f"tags stand in tags deeper than {DEEPEST}")
    return body


def _without(body: str, name: str) -> str:
    """The text without these elements.

    One that does not end takes the rest with it, as in a browser.
    """
    small = body.lower() if body.isascii() else _lower(body)
    opens, closes = f"<{name}", f"</{name}"
    kept: list[str] = []
    at = 0
    while (start := small.find(opens, at)) >= 0:
        end = small.find(closes, start)
        end = len(body) if end < 0 else small.find(">", end) + 1 or len(body)
        data = (
            name == "script"
            and DATA_SCRIPT
            in small[start : start + LONGEST_TAG_CHARS].partition(">")[0]
        )
        kept.append(body[at : end if data else start])
        at = end
    return "".join(kept) + body[at:]


def _lower(body: str) -> str:
    """Lower case of ASCII alone, so that places stay the same ("İ" would become two characters)."""
    return body.translate({code: code + 32 for code in range(ord("A"), ord("Z") + 1)})


def _depth(tags: list[str]) -> int:
    """The deepest nesting that these tags could have.

    Elements that need no end are counted as if they had none.
    """
    depth = deepest = 0
    for tag in tags:
        if tag.startswith("/"):
            depth = max(0, depth - 1)
        elif (
            tag[:1].isalpha()
            and not tag.endswith("/")
            and _name(tag) not in NEEDS_NO_END
        ):
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _name(tag: str) -> str:
    return re.split(r"[\s/]", tag[:20], maxsplit=1)[0].lower()


def _beyond(reason: str, what: str) -> Rejected:
    return Rejected(
        "body",
        reason,
        f"{what}, which is beyond any news page; send the text of the article alone",
        "Trang này quá lớn hoặc quá rắc rối để đọc. Hãy dán riêng phần chữ của bài.",
    )
