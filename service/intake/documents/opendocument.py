"""OpenDocument texts (.odt), as LibreOffice writes them."""

import zipfile
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from service.intake.documents.crossed import PARSER
from service.intake.documents.illustrated import MOST_PICTURES, illustrated
from service.intake.documents.refusals import broken, no_text
from service.intake.documents.written import Written
from service.intake.letters import tidy
from service.intake.limits import LARGEST_PICTURE_BYTES
from service.intake.lines import Line, Mark
from service.intake.markup.pictures import Shown
from service.intake.markup.tables import MOST_CELL_CHARS
from service.intake.papers.heads import has_motto
from service.intake.papers.signature import to_whom
from service.intake.rows import said
from service.intake.story import LeftOut, Why

CONTENT = "content.xml"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
TEXT = f"{{{OASIS}:text:1.0}}"
TABLE = f"{{{OASIS}:table:1.0}}"
STYLE = f"{{{OASIS}:style:1.0}}"
DRAW = f"{{{OASIS}:drawing:1.0}}"
OFFICE = f"{{{OASIS}:office:1.0}}"
SVG = f"{{{OASIS}:svg-compatible:1.0}}"
LOOKS = f"{{{OASIS}:xsl-fo-compatible:1.0}}"
HREF = "{http://www.w3.org/1999/xlink}href"
PARAGRAPH, HEADING = f"{TEXT}p", f"{TEXT}h"
ROW, CELL = f"{TABLE}table-row", f"{TABLE}table-cell"
PICTURE, BOX = f"{DRAW}image", f"{DRAW}text-box"
NOTE = f"{TEXT}note"
# Of the program, of a reader beside the text, or of a picture for those who do not see it.
NOT_READ = (
    f"{TEXT}tracked-changes",
    f"{TEXT}sequence-decls",
    f"{OFFICE}annotation",
    f"{SVG}title",
    f"{SVG}desc",
)
CAPTION_STYLES = ("Illustration", "Figure", "Drawing", "Caption")
GONE = "gone"
Element = etree._Element


def written(archive: zipfile.ZipFile) -> Written:
    """The paragraphs, rows and pictures of a text; Rejected names `file`."""
    root = _root_of(archive.read(CONTENT))
    left_out = [LeftOut(text, Why.CROSSED_OUT) for text in _crossed_out(root) if text]
    left_out += [LeftOut(text, Why.OUTSIDE) for text in _notes(root) if text]
    for element in list(root.iter(*NOT_READ)):
        _drop(element)
    document = _Lines(_styles_of(root))
    document.add_all(root)
    if not document.lines:
        raise no_text()
    pictures = _pictures_in(archive, document.shown)
    return illustrated(document.lines, document.shown, pictures, left_out)


class _Lines:
    """The lines of a text as they are met, and its pictures."""

    def __init__(self, captions: frozenset[str]) -> None:
        self.lines: list[Line] = []
        self.shown: list[Shown] = []
        self._captions = captions  # names of styles
        self._below_picture = False
        self._tables = _Tables()

    def add_all(self, root: Element) -> None:
        """All that a root holds, in its order."""
        for element in root.iter(PARAGRAPH, HEADING, ROW):
            row = self._tables.row_of(element)
            if row is element:
                self._add(_sentence_of(row), Line(""))
            elif row is None and element.tag != ROW:
                self._add_paragraph(element)

    def _add_paragraph(self, element: Element) -> None:
        for picture in element.iter(PICTURE):
            if _paragraph_of(picture) is element:
                self.shown.append(Shown(picture.get(HREF) or "", len(self.lines)))
                self._below_picture = True
        is_caption = self._below_picture and self._is_styled(element)
        looks = Line(
            "",
            mark=Mark.CAPTION if is_caption else Mark.NONE,
            heading=int(element.tag == HEADING),
            pictured=self._below_picture,
        )
        for text in _plain(element).split("\n"):
            self._add(text, looks)

    def _add(self, text: str, looks: Line) -> None:
        text = tidy(text)
        if text:
            line = Line(text, looks.mark, looks.heading, pictured=looks.pictured)
            self.lines.append(line)
            self._below_picture = False

    def _is_styled(self, element: Element) -> bool:
        """Whether its looks are those of a caption."""
        name = f"{TEXT}style-name"
        spans = [each.get(name) or "" for each in element.iterchildren(f"{TEXT}span")]
        is_spanned = bool(spans) and not (element.text or "").strip()
        whole = is_spanned and self._captions.issuperset(spans)
        return whole or (element.get(name) or "") in self._captions


def _root_of(content: bytes) -> Element:
    try:
        return etree.fromstring(content, PARSER)
    except etree.XMLSyntaxError as error:
        raise broken(str(error)) from error


def _styles_of(root: Element) -> frozenset[str]:
    """Names of the styles of captions, and of those that look alike: in the middle, or slanted."""
    names = set(CAPTION_STYLES)
    for style in root.iter(f"{STYLE}style"):
        looks = [each for each in style if _is_set_apart(each)]
        if looks or style.get(f"{STYLE}parent-style-name") in CAPTION_STYLES:
            names.add(style.get(f"{STYLE}name") or "")
    return frozenset(names - {""})


def _is_set_apart(properties: Element) -> bool:
    slanted = properties.get(f"{LOOKS}font-style") == "italic"
    return slanted or properties.get(f"{LOOKS}text-align") == "center"


def _pictures_in(archive: zipfile.ZipFile, shown: Sequence[Shown]) -> dict[str, bytes]:
    """The bytes of the first pictures by their names; those that lie elsewhere are not fetched."""
    names = list(dict.fromkeys(each.address for each in shown))[:MOST_PICTURES]
    inside = set(archive.namelist())
    pictures = {}
    for name in names:
        if name in inside and archive.getinfo(name).file_size <= LARGEST_PICTURE_BYTES:
            pictures[name] = archive.read(name)
    return pictures


def _notes(root: Element) -> list[str]:
    """What stands at the foot of a page; it is taken out, with the figure that points there."""
    notes = list(root.iter(NOTE))
    texts = [
        " ".join(_plain(each) for each in note.iter(PARAGRAPH, HEADING))
        for note in notes
    ]
    for note in notes:
        _drop(note)
    return [tidy(text) for text in texts]


def _crossed_out(root: Element) -> list[str]:
    """What was deleted while changes were tracked,
    and what is struck through, which is taken out.
    """
    crossed = [
        tidy(_plain(paragraph))
        for deletion in root.iter(f"{TEXT}deletion")
        for paragraph in deletion.iter(PARAGRAPH, HEADING)
    ]
    struck = {
        style.get(f"{STYLE}name")
        for style in root.iter(f"{STYLE}style")
        if any(_is_struck(each) for each in style.iter(f"{STYLE}text-properties"))
    }
    for element in list(root.iter(f"{TEXT}span", PARAGRAPH, HEADING)):
        if element.get(f"{TEXT}style-name") in struck:
            crossed.append(tidy(_plain(element)))
            _drop(element)
    return crossed


def _is_struck(properties: Element) -> bool:
    ways = ("text-line-through-style", "text-line-through-type")
    return any(properties.get(f"{STYLE}{way}", "none") != "none" for way in ways)


class _Tables:
    """The tables of a text, each of them and each row judged once: households fill hundreds."""

    def __init__(self) -> None:
        self._plain: dict[Element, bool] = {}  # rows
        self._framed: dict[Element, bool] = {}

    def row_of(self, element: Element) -> Element | None:
        """The row in which an element is read; None outside tables,
        and in one that lays pictures, other tables or a letterhead out.
        """
        row = element if element.tag == ROW else next(element.iterancestors(ROW), None)
        if row is None or not _once(_is_plain, row, self._plain):
            return None
        table = next(row.iterancestors(f"{TABLE}table"), row)
        return None if _once(_is_framed, table, self._framed) else row


def _sentence_of(row: Element) -> str:
    """A row of a table as a sentence, its cells parted by pauses."""
    cells = [tidy(_plain(cell)) for cell in row.iter(CELL)]
    return said(cells) if len(cells) > 1 else "".join(cells)


def _once(
    judge: Callable[[Element], bool], element: Element, judged: dict[Element, bool]
) -> bool:
    if element not in judged:
        judged[element] = judge(element)
    return judged[element]


def _is_plain(row: Element) -> bool:
    """Whether it lays out neither pictures nor other tables."""
    return next(row.iter(PICTURE, f"{TABLE}table"), None) is None


def _is_framed(table: Element) -> bool:
    """Whether a table is the two columns above or below an official document."""
    cells = (tidy(_plain(cell)) for cell in table.iter(CELL))
    return any(
        len(cell) <= MOST_CELL_CHARS and (has_motto(cell) or to_whom(cell))
        for cell in cells
    )


def _paragraph_of(element: Element) -> Element | None:
    return next(element.iterancestors(PARAGRAPH, HEADING), None)


def _drop(element: Element) -> None:
    """Takes out what an element holds, and leaves the text that follows it where it is: joined to
    the text before, thousands of them would be copied again and again.
    """
    tail = element.tail
    element.clear()
    element.tag, element.tail = GONE, tail


def _plain(element: Element) -> str:
    """Its letters; a box within it has paragraphs of its own."""
    return "".join(_pieces(element)).strip()


def _pieces(element: Element) -> Iterator[str]:
    gaps = {f"{TEXT}tab": " ", f"{TEXT}s": " ", f"{TEXT}line-break": "\n"}
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, part in walk:
        if event == "start" and part.tag == BOX and part is not element:
            walk.skip_subtree()
        elif event == "start":
            yield gaps.get(part.tag, "")
            yield part.text or ""
        elif part is not element:
            yield part.tail or ""
            yield " " if part.tag == PARAGRAPH else ""
