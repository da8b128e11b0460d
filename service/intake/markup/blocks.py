"""The lines of an HTML page as a reader sees them,
with what the page itself says each of them is.
"""

import re
from dataclasses import dataclass, field, replace

from lxml import html as lxml_html

from service.intake.letters import power, tidy
from service.intake.lines import Line, Mark, last_mark, words
from service.intake.markup.marks import INSIDE_TAGS, box_of, mark_of
from service.intake.markup.pictures import Shown, shown_in
from service.intake.markup.seen import is_crossed_out, is_unseen
from service.intake.markup.tables import table_of
from service.intake.page.datelines import dateline
from service.intake.rows import lists_files, said

PARTS = "address article aside blockquote body center details dialog div fieldset figcaption figure"
PAGE = "footer form header hr legend main menu nav p pre section summary amp-sidebar"
LISTS = "dd dl dt li ol ul h1 h2 h3 h4 h5 h6"
TABLES = "caption table tbody td tfoot th thead tr"
BLOCKS = frozenset((*PARTS.split(), *PAGE.split(), *LISTS.split(), *TABLES.split()))
PICTURES = frozenset(("img", "amp-img", "picture"))
SLANTED = frozenset(("em", "i"))
STRONG = frozenset(("b", "strong"))
FEWEST_TITLE_WORDS = 4
# Behind such a word a date is that of an event.
BEFORE_A_DAY = re.compile(r"\b(?:ngày|lúc|vào|từ|đến|trước|sau|và|hồi|hết|là|của)$")
CENTRED = re.compile(r"text-align ?: ?center|text-center|aligncenter")
LONGEST_CAPTION_CHARS = 250
HEADING = re.compile(r"h([1-6])")
# No menu, whatever they are called
WHOLE = frozenset(("html", "body", "main", "article"))
STICKY = frozenset((Mark.FURNITURE, Mark.CAPTION, Mark.LEAD, Mark.AUTHOR))


@dataclass(frozen=True, slots=True)
class Place:
    """What the elements around a piece of text say of it."""

    mark: Mark = Mark.NONE
    heading: int = 0
    inside: bool = False
    aside: bool = False
    linked: bool = False
    slanted: bool = False  # in italics or centred, as captions are
    strong: bool = False
    block: int = 0  # the innermost block
    around: int = 0  # the block around that


@dataclass(slots=True)
class Blocks:
    """The lines in order, what was crossed out in them (with the number of lines before it),
    and pictures.
    """

    lines: list[Line] = field(default_factory=list)
    crossed_out: list[tuple[int, str]] = field(default_factory=list)
    pictures: list[Shown] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """The line that is being put together."""

    pieces: list[str] = field(default_factory=list)
    letters: int = 0
    linked: int = 0
    slanted: int = 0
    strong: int = 0
    place: Place | None = None


def blocks_of(tree: lxml_html.HtmlElement) -> Blocks:
    """All that a reader sees of a page, a line for each paragraph,
    item, heading or row of a table.
    """
    return _Walk().of(tree)


class _Walk:
    def __init__(self) -> None:
        self._found = Blocks()
        self._line = _Open()
        self._below_picture = False
        self._names: frozenset[str] = frozenset()  # of the last picture: alt, title
        self._block = 0  # how many were opened
        # Of authors, whom the date may follow: "<span>Xuân Mai</span><span>19/04/2025</span>".
        self._apart: set[lxml_html.HtmlElement] = set()
        # Elements around what the page marks as its text: no widgets, whatever they are called.
        self._holders: set[lxml_html.HtmlElement] = set()

    def of(self, tree: lxml_html.HtmlElement) -> Blocks:
        """Visits the elements one by one: nothing here recurses, however deep a page is."""
        self._holders = _holders_in(tree)
        stack: list[tuple[str, lxml_html.HtmlElement, Place]] = [
            ("open", tree, Place())
        ]
        while stack:
            step, element, place = stack.pop()
            if step == "close":
                self._close(element, place)
                continue
            if not isinstance(element.tag, str):  # a comment
                self._text(element.tail, place)
                continue
            inner = self._open(element, place)
            stack.append(("close", element, place))
            if inner is not None:
                stack.extend(("open", child, inner) for child in reversed(element))
        self._end()
        return self._found

    def _open(self, element: lxml_html.HtmlElement, place: Place) -> Place | None:
        """What holds for its content.

        None when that is not looked at, or was taken here as a whole.
        """
        if is_unseen(element):
            return None
        if self._took_whole(element, place):
            return None
        if element.tag in BLOCKS or element.tag == "br":
            self._end()
        if element.tag in PICTURES:
            self._below_picture = True
            self._add_picture(element, place)
        inner = _inner(element, place, holds=element in self._holders)
        if inner.mark is Mark.AUTHOR and not (place.mark or place.inside):
            self._apart.add(element)
            self._end()
        if element.tag in BLOCKS:
            self._block += 1
            inner = replace(inner, block=self._block, around=place.block)
        if element.tag in {"table", "figure"} and _is_framed_picture(element):
            inner = replace(inner, mark=Mark.CAPTION)
        self._text(element.text, inner)
        return inner

    def _add_picture(self, element: lxml_html.HtmlElement, place: Place) -> None:
        if place.aside or place.mark is Mark.FURNITURE:
            return
        names = (tidy(element.get(name) or "") for name in ("alt", "title"))
        self._names = frozenset(name.rstrip(" .") for name in names) - {""}
        before = len(self._found.lines) + bool(tidy("".join(self._line.pieces)))
        shown = shown_in(element, before)
        if shown is not None:
            self._found.pictures.append(shown)

    def _took_whole(self, element: lxml_html.HtmlElement, place: Place) -> bool:
        """Elements whose content means something only together:
        crossed out text, a power, a table of facts.
        """
        if is_crossed_out(element):
            self._cross_out([tidy(element.text_content())])
            return True
        if element.tag == "sup" and (figures := power(element.text_content())):
            self._text(figures, place)
            return True
        if element.tag == "table" and (table := table_of(element)) is not None:
            self._end()
            inner = _inner(element, place)
            if lists_files(cell for cells in table.rows for cell in cells):
                inner = replace(inner, mark=Mark.FURNITURE)
            self._add_rows(table.rows, inner)
            self._cross_out(table.crossed_out)
            return True
        return False

    def _close(self, element: lxml_html.HtmlElement, place: Place) -> None:
        if element.tag in BLOCKS or element in self._apart:
            self._end()
        self._text(element.tail, place)

    def _text(self, text: str | None, place: Place) -> None:
        if not text:
            return
        line = self._line
        line.pieces.append(text)
        letters = sum(map(str.isalnum, text))
        line.letters += letters
        line.linked += letters if place.linked else 0
        line.slanted += letters if place.slanted else 0
        line.strong += letters if place.strong else 0
        if letters and (line.place is None or line.place.mark is Mark.NONE):
            line.place = place

    def _end(self) -> None:
        line, self._line = self._line, _Open()
        text = tidy("".join(line.pieces))
        if not text or line.place is None:
            return
        mark = line.place.mark
        slanted = line.slanted * 10 >= line.letters * 9
        # Word's pictures come without figcaption: a short slanted line below one is what is left of
        # it.
        is_caption = slanted or text.rstrip(" .") in self._names
        if self._below_picture and is_caption and len(text) <= LONGEST_CAPTION_CHARS:
            mark = Mark.CAPTION
        for piece in _parted(line.pieces, text):
            self._found.lines.append(
                Line(
                    piece,
                    mark,
                    line.place.heading,
                    line.linked / line.letters if line.letters else 0.0,
                    line.place.inside,
                    line.place.aside,
                    self._below_picture and not line.place.heading,
                    line.strong * 10 >= line.letters * 9 > 0,
                    line.place.around,
                )
            )
        self._below_picture = False

    def _cross_out(self, texts: list[str]) -> None:
        at = len(self._found.lines)
        self._found.crossed_out += [(at, text) for text in texts]

    def _add_rows(self, rows: list[list[str]], place: Place) -> None:
        """A row of a table is a sentence, its cells parted by pauses."""
        for cells in rows:
            text = said(cells)
            if text:
                mark = place.mark if place.mark in STICKY else Mark.BODY
                self._found.lines.append(
                    Line(text, mark, 0, 0.0, place.inside, place.aside)
                )


def _holders_in(tree: lxml_html.HtmlElement) -> set[lxml_html.HtmlElement]:
    """All elements in which the text of an article stands, as the page marks it."""
    holders: set[lxml_html.HtmlElement] = set()
    for element in tree.iter("div", "section", "article", "td"):
        if mark_of(element.tag, _names(element)) is not Mark.BODY:
            continue
        for around in element.iterancestors():
            if around in holders:
                break
            holders.add(around)
    return holders


def _names(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in ("itemprop", "class", "id"))


def _inner(
    element: lxml_html.HtmlElement, place: Place, *, holds: bool = False
) -> Place:
    """What holds within an element: what it says itself, else what holds around it."""
    tag = element.tag
    names = _names(element)
    own = _own_mark(element, names, place)
    own = Mark.NONE if holds and own is Mark.FURNITURE else own
    mark = _mark_within(tag, own, place)
    is_body = mark is Mark.BODY
    aside = place.aside or (mark is Mark.FURNITURE and _is_aside(tag, names))
    return Place(
        mark=mark,
        heading=_level(tag) or place.heading,
        inside=place.inside or is_body or tag in INSIDE_TAGS,
        aside=aside and not is_body,
        linked=place.linked or tag == "a",
        slanted=place.slanted or _is_slanted(element),
        strong=place.strong or tag in STRONG,
        block=place.block,
        around=place.around,
    )


def _level(tag: str) -> int:
    """1 to 6 for <h1> to <h6>, else 0."""
    heading = HEADING.fullmatch(tag)
    return int(heading[1]) if heading else 0


def _mark_within(tag: str, own: Mark, place: Place) -> Mark:
    """An element's own mark, else that around it.

    Within furniture nothing is the article but its marked text.
    """
    is_article = own is Mark.BODY or tag == "article"
    if place.mark is Mark.FURNITURE and not is_article:
        return Mark.FURNITURE
    return own or place.mark


def _own_mark(element: lxml_html.HtmlElement, names: str, place: Place) -> Mark:
    """What an element says of itself."""
    tag = element.tag
    if tag in WHOLE:
        return Mark.NONE
    # A header within the article holds its title; the page's own holds the menu.
    if tag == "header" and not place.inside:
        return Mark.FURNITURE
    mark = mark_of(tag, names)
    return mark or box_of(names, element.itertext())


def _parted(pieces: list[str], text: str) -> list[str]:
    """A title and the date behind it in the same line, as two lines; any other line as it is."""
    last = tidy(next((piece for piece in reversed(pieces) if piece.strip()), ""))
    first = text.removesuffix(last).strip()
    if not first or last_mark(first) or not last[:1] or last[0].isalpha():
        return [text]
    time = dateline(last)
    whole = time is not None and time.hour and words(first) >= FEWEST_TITLE_WORDS
    if not whole or BEFORE_A_DAY.search(first.lower()):
        return [text]
    return [first, last]


def _is_slanted(element: lxml_html.HtmlElement) -> bool:
    return element.tag in SLANTED or _is_centred(element)


def _is_centred(element: lxml_html.HtmlElement) -> bool:
    told = " ".join(element.get(name) or "" for name in ("style", "class"))[
        :1000
    ].lower()
    return element.get("align") == "center" or bool(CENTRED.search(told))


def _is_framed_picture(frame: lxml_html.HtmlElement) -> bool:
    """A table or figure of a picture and the few words below it."""
    if frame.find(".//table") is not None or frame.find(".//img") is None:
        return False
    return len(tidy(frame.text_content())) <= LONGEST_CAPTION_CHARS


def _is_aside(tag: str, names: str) -> bool:
    return tag in {"nav", "aside", "footer", "amp-sidebar", "select"} or bool(
        {"menu", "sidebar", "footer", "navbar", "breadcrumb", "comments"}
        & set(names.lower().split())
    )
