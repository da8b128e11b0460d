"""Word files (.docx): to HTML by a library, then read as any HTML."""

import io
import re
import zipfile
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from service.intake.documents.crossed import crossed_out
from service.intake.documents.illustrated import MOST_PICTURES, illustrated
from service.intake.documents.refusals import broken, no_text
from service.intake.documents.written import Written
from service.intake.letters import tidy
from service.intake.limits import LARGEST_PICTURE_BYTES
from service.intake.markup.blocks import blocks_of
from service.intake.markup.bounds import bounded
from service.intake.story import LeftOut, Why

# Word on the web numbers it.
MAIN = re.compile(r"word/document\d{0,3}\.xml")
STYLES = "word/styles.xml"
MEANING = ("heading", "title", "subtitle", "caption", "list", "toc")  # of styles
CENTRED = "Loa: centred"
STYLE_MAP = f"""
p[style-name='Caption'] => p.caption:fresh
p[style-name='{CENTRED}'] => p.aligncenter:fresh
"""
NOTE = re.compile(r"#?(?:footnote|endnote)-\d{1,6}")


def written(archive: zipfile.ZipFile) -> Written:
    """What a Word file holds; Rejected names `file`."""
    import mammoth  # only Word files need it

    pictures = _Pictures()
    try:
        html = mammoth.convert_to_html(
            _with_crossed_out(archive),
            convert_image=mammoth.images.img_element(pictures.named),
            transform_document=mammoth.transforms.paragraph(_with_centred),
            style_map=STYLE_MAP,
        ).value
    except (KeyError, ValueError, etree.XMLSyntaxError, SyntaxError) as error:
        raise broken(str(error)) from error
    if not html.strip():
        raise no_text()
    tree = lxml_html.fromstring(f"<div>{bounded(html)}</div>")
    notes = _notes_taken_out(tree)
    blocks = blocks_of(tree)
    crossed = [LeftOut(text, Why.CROSSED_OUT) for _, text in blocks.crossed_out if text]
    return illustrated(blocks.lines, blocks.pictures, pictures.data, [*crossed, *notes])


class _Pictures:
    """The pictures of a file by the names that they are given in its HTML."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}

    def named(self, image: Any) -> dict[str, str]:
        """The attributes of a picture's <img>; without a name for one that is not looked at."""
        if len(self.data) >= MOST_PICTURES:
            return {"src": ""}
        name = f"anh-{len(self.data)}"
        try:
            with image.open() as file:
                data = file.read(LARGEST_PICTURE_BYTES + 1)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile):
            return {"src": ""}  # it lies elsewhere, or is broken: the text is not
        if len(data) <= LARGEST_PICTURE_BYTES:
            self.data[name] = data
        return {"src": name}


def _with_centred(paragraph: Any) -> Any:
    """A paragraph in the middle, which is a caption below a picture, is told by its style."""
    has_meaning = (paragraph.style_name or "").lower().startswith(MEANING)
    if paragraph.alignment != "center" or paragraph.numbering or has_meaning:
        return paragraph
    return paragraph.copy(style_id="loa-centred", style_name=CENTRED)


def _notes_taken_out(tree: lxml_html.HtmlElement) -> list[LeftOut]:
    """What stands at the foot of a page, and the figures that point there: not for the ear."""
    for link in tree.xpath("//a[starts-with(@href, '#')]"):
        if NOTE.match(link.get("href")) or NOTE.match(link.get("id") or ""):
            around = link.getparent()
            (around if around.tag == "sup" else link).drop_tree()
    notes = [each for each in tree.xpath("//li[@id]") if NOTE.fullmatch(each.get("id"))]
    texts = [tidy(note.text_content()).rstrip("↑ ") for note in notes]
    for note in notes:
        note.drop_tree()
    return [LeftOut(text, Why.OUTSIDE) for text in texts if text]


def _with_crossed_out(archive: zipfile.ZipFile) -> io.BytesIO:
    """The file again, with what is crossed out marked in one way alone."""
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as marked:
        for entry in archive.infolist():
            data = archive.read(entry)
            if MAIN.fullmatch(entry.filename):
                data = crossed_out(data, _read(archive, STYLES))
            marked.writestr(entry.filename, data)
    copy.seek(0)
    return copy


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""
