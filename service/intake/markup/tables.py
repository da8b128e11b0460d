"""Tables of facts: a row is a sentence, its cells parted by pauses."""

from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html

from service.intake.letters import power, tidy
from service.intake.markup.seen import is_crossed_out, is_unseen
from service.intake.papers.heads import has_motto
from service.intake.papers.signature import to_whom

MOST_CELL_CHARS = 300
PARTS = frozenset(("p", "div", "li"))  # of a cell
PARTED = "\x1f"  # stands in no HTML


@dataclass(frozen=True, slots=True)
class Facts:
    """The cells of a table that say something, row by row, and what was crossed out in them."""

    rows: list[list[str]]
    crossed_out: list[str]


def table_of(table: lxml_html.HtmlElement) -> Facts | None:
    """A table's facts; None for one that only lays a page out, or holds a picture."""
    if table.find(".//table") is not None or table.find(".//img") is not None:
        return None
    # The two columns above and below an official document are no facts.
    if any(_is_framed(cell) for cell in table.iter("td")):
        return None
    crossed: list[str] = []
    rows = [
        [_cell(cell, crossed) for cell in row.iter("td", "th")]
        for row in table.iter("tr")
    ]
    if not _are_facts(rows):
        return None
    return Facts([[text for text in cells if text] for cells in rows], crossed)


def _is_framed(cell: lxml_html.HtmlElement) -> bool:
    text = tidy(cell.text_content())
    return len(text) <= MOST_CELL_CHARS and (has_motto(text) or to_whom(text))


def _are_facts(rows: list[list[str]]) -> bool:
    """Whether most rows have cells side by side, and none of them holds a text of its own."""
    wide = [cells for cells in rows if len(cells) >= 2]
    texts = [text for cells in rows for text in cells]
    short = max(map(len, texts), default=0) <= MOST_CELL_CHARS
    return short and len(wide) >= 2 and len(wide) * 2 > len(rows)


def _cell(cell: lxml_html.HtmlElement, crossed: list[str]) -> str:
    """What a cell says; its paragraphs are parted by commas.

    What is crossed out in it is added to `crossed`.
    """
    if any(is_crossed_out(around) for around in (cell, *_row_of(cell))):
        crossed += [text for text in [tidy(cell.text_content())] if text]
        return ""
    parts = (tidy(piece) for piece in _said(cell, crossed).split(PARTED))
    return ", ".join(part.rstrip(".;,") for part in parts if part)


def _said(cell: lxml_html.HtmlElement, crossed: list[str]) -> str:
    """The text of a cell as a reader sees it, its parts between PARTED."""
    pieces = [cell.text or ""]
    walk = etree.iterwalk(cell, events=("start", "end", "comment"))
    for event, part in walk:
        if part is cell:
            continue
        pieces.append(PARTED if part.tag in PARTS else "")
        if event != "start":
            pieces.append(part.tail or "")
        elif (instead := _instead(part, crossed)) is not None:
            pieces.append(instead)
            walk.skip_subtree()
        else:
            pieces.append(part.text or "")
    return "".join(pieces)


def _row_of(cell: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    return list(cell.iterancestors("tr", "tbody", "table"))


def _instead(element: lxml_html.HtmlElement, crossed: list[str]) -> str | None:
    """What is said in place of an element's content; None when that itself is."""
    if is_crossed_out(element):
        crossed.append(tidy(element.text_content()))
        return ""
    if is_unseen(element):
        return ""
    if element.tag == "br":
        return " "
    return (power(element.text_content()) or None) if element.tag == "sup" else None
