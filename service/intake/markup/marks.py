"""What a portal's own HTML calls the parts of its pages."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from service.intake.lines import Mark

SPLIT = re.compile(r"\s+")
ASIDE_TAGS = frozenset(
    ("nav", "aside", "footer", "menu", "amp-sidebar", "select", "button", "dialog")
)
INSIDE_TAGS = frozenset(("article",))
# Parts of names of boxes beside the text: “news-related”, “ez-toc-container”, “postShare”. A column
# around the whole article may have them too, so that only small elements are taken for boxes.
BOX_NAMES = (
    "related relate lienquan toc share shares sharing social breadcrumb breadcrumbs ads advert advertisement "
    "quangcao comment comments rating ratings tags pagination pager cookie popup banner subscribe newsletter "
    "follow hotline suggest recommend mostview readmore xemthem tinkhac tinmoi tinlienquan print fontsize tts "
    "feedback survey poll helpful reaction reactions chatbot livechat accessibility danhgia khaosat binhchon thamdo "
    "phanhoi gopy"
)
BOXES = frozenset(BOX_NAMES.split())
CAPTION_BOXES = frozenset(("caption", "figcaption", "chuthich", "photocaption"))
# “detail__author”, “post-time”: parts of names of what stands beside a title; an event has a time too.
AUTHORS = frozenset(("author", "tacgia"))
DATES = frozenset(("date", "time", "datetime"))
OF_ARTICLE = frozenset(("post", "article", "news", "detail", "entry", "meta"))
MOST_BOX_LETTERS = 700
MOST_META_LETTERS = 60
PIECES = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])")
LONGEST_NAMES_CHARS = 400
MOST_NAMES = 20  # of one element


@cache
def _marks() -> dict[str, Mark]:
    text = (files("service.intake.markup") / "marks.tsv").read_text(encoding="utf-8")
    rows = (
        line.split("\t")
        for line in text.splitlines()
        if line and not line.startswith("# ")
    )
    return {name: Mark(mark) for mark, names in rows for name in names.split()}


def box_of(names: str, texts: Iterable[str]) -> Mark:
    """What an element is whose name has a part that says so, and whose texts are few enough."""
    parts = {part.lower() for part in PIECES.split(names[:LONGEST_NAMES_CHARS])}
    mark, most = _mark_of_parts(parts)
    letters = 0
    for text in texts if mark else ():
        letters += len(text)
        if letters > most:
            return Mark.NONE
    return mark


def _mark_of_parts(parts: set[str]) -> tuple[Mark, int]:
    """What an element with such parts in its name is, and how many letters it may have."""
    if parts & BOXES:
        return Mark.FURNITURE, MOST_BOX_LETTERS
    if parts & CAPTION_BOXES:
        return Mark.CAPTION, MOST_BOX_LETTERS
    if parts & AUTHORS:
        return Mark.AUTHOR, MOST_META_LETTERS
    is_time = parts & DATES and parts & OF_ARTICLE
    return (Mark.DATE if is_time else Mark.NONE), MOST_META_LETTERS


def mark_of(tag: str, names: str) -> Mark:
    """The mark of an element by its tag and what stands in its itemprop, class and id.

    NONE when they say nothing.
    """
    if tag in ASIDE_TAGS:
        return Mark.FURNITURE
    if tag == "figcaption":
        return Mark.CAPTION
    if tag == "time":
        return Mark.DATE
    known = _marks()
    for name in SPLIT.split(names.lower())[:MOST_NAMES]:
        if name in known:
            return known[name]
    return Mark.NONE
