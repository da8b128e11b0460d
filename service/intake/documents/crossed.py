"""Words of a Word file that somebody crossed out or deleted while changes were tracked.

The library that reads Word files drops tracked deletions without a word, and reads what is crossed
out twice (`dstrike`) or by a style. Here all of it is made plain strikethrough, so that it is left
out and listed.
"""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

OFF = frozenset(("0", "false", "off"))
STRUCK = ("strike", "dstrike")
DELETED = frozenset(("del", "moveFrom"))
# An entity can name a file of ours, or grow to gigabytes: none is resolved.
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
Element = etree._Element


def crossed_out(document: bytes, styles: bytes = b"") -> bytes:
    """The document's XML with all that is crossed out struck through.

    XMLSyntaxError when it is none.
    """
    root = etree.fromstring(document, PARSER)
    word = root.tag.removesuffix("document") if isinstance(root.tag, str) else ""
    by_style = _struck_styles(styles)
    for run in list(root.iter(f"{word}r")):
        if _is_deleted(run, word) or _is_struck(run, word, by_style):
            _strike(run, word)
    for element in list(root.iter(*(f"{word}{name}" for name in DELETED))):
        parent = element.getparent()
        if parent is not None and parent.tag == f"{word}trPr":
            parent.remove(element)  # the row stays, struck through
        elif len(element):
            element.tag = f"{word}ins"
    for text in root.iter(f"{word}delText"):
        text.tag = f"{word}t"
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _is_deleted(run: Element, word: str) -> bool:
    """Whether it stands in a tracked deletion, or in a row of a table that was deleted."""
    for around in run.iterancestors():
        if around.tag in {f"{word}{name}" for name in DELETED}:
            return True
        if around.tag == f"{word}tr":
            properties = _properties(around, f"{word}trPr")
            if properties is not None and properties.find(f"{word}del") is not None:
                return True
    return False


def _properties(element: Element, name: str) -> Element | None:
    """What is said of a whole paragraph or row: before all that it holds (ECMA-376, 17.3 and 17.4),
    which may be thousands of runs, and is not looked through for each of them.
    """
    return next((part for part in islice(element, 2) if part.tag == name), None)


def _is_struck(run: Element, word: str, by_style: frozenset[str]) -> bool:
    properties = run.find(f"{word}rPr")
    if properties is not None:
        marks = list(_marks(properties, word))
        if marks:
            return any(_is_on(mark, word) for mark in marks)
    own = _style_of(properties, f"{word}rStyle", word)
    paragraph = next(run.iterancestors(f"{word}p"), None)
    around = _properties(paragraph, f"{word}pPr") if paragraph is not None else None
    return bool({own, _style_of(around, f"{word}pStyle", word)} & by_style)


def _strike(run: Element, word: str) -> None:
    properties = run.find(f"{word}rPr")
    if properties is None:
        properties = etree.Element(f"{word}rPr")
        run.insert(0, properties)
    for mark in list(_marks(properties, word)):
        properties.remove(mark)
    properties.append(etree.Element(f"{word}strike"))


def _marks(properties: Element, word: str) -> Iterator[Element]:
    for name in STRUCK:
        yield from properties.findall(f"{word}{name}")


def _is_on(mark: Element, word: str) -> bool:
    return (mark.get(f"{word}val") or "1").lower() not in OFF


def _style_of(properties: Element | None, name: str, word: str) -> str:
    style = properties.find(name) if properties is not None else None
    return (style.get(f"{word}val") or "") if style is not None else ""


def _struck_styles(styles: bytes) -> frozenset[str]:
    """Names of the styles that strike through what has them."""
    if not styles:
        return frozenset()
    root = etree.fromstring(styles, PARSER)
    word = root.tag.removesuffix("styles") if isinstance(root.tag, str) else ""
    names: set[str] = set()
    for style in root.iter(f"{word}style"):
        properties = style.find(f"{word}rPr")
        if properties is not None and any(
            _is_on(m, word) for m in _marks(properties, word)
        ):
            names.add(style.get(f"{word}styleId") or "")
    return frozenset(names - {""})
