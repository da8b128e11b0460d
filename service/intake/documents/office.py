"""Word (.docx) and OpenDocument (.odt): zips, which are measured before they are opened."""

import io
import zipfile

from lxml import etree
from lxml import html as lxml_html

from service.intake.lines import Mark, last_mark
from service.intake.markup.blocks import blocks_of
from service.intake.markup.bounds import bounded
from service.intake.story import Rejected

MOST_ENTRIES = 1_000
LARGEST_UNPACKED_BYTES = 50 * 1024 * 1024
HIGHEST_RATIO = 200
WORD, OPEN = "word/document.xml", "content.xml"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
ROW, CELL = f"{TABLE}table-row", f"{TABLE}table-cell"
NOT_READ = (f"{TEXT}tracked-changes", f"{TEXT}note", f"{TEXT}sequence-decls")


def lines_of(data: bytes) -> list[str]:
    """The paragraphs and rows of a document; Rejected names `file`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _measure(archive)
            names = set(archive.namelist())
            if WORD in names:
                return _word(data)
            if OPEN in names and "text" in _kind(archive):
                return _open(archive.read(OPEN))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _broken(str(error)) from error
    raise Rejected(
        "file",
        "not_a_document",
        "this is no Word or OpenDocument text; send .docx, .odt, .rtf, .pdf or .txt",
        "Đây không phải tệp văn bản Word. Hãy gửi tệp .docx, .odt, .rtf, .pdf hoặc .txt.",
    )


def _measure(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    bomb = unpacked > LARGEST_UNPACKED_BYTES or unpacked / packed > HIGHEST_RATIO
    if len(entries) > MOST_ENTRIES or bomb:
        raise Rejected(
            "file",
            "too_large",
            "unpacked, this file is larger than any article",
            "Tệp này giải nén ra quá lớn, không phải một bài viết.",
        )


def _kind(archive: zipfile.ZipFile) -> str:
    try:
        return archive.read("mimetype")[:100].decode("ascii", "replace")
    except KeyError:
        return "text"


def _word(data: bytes) -> list[str]:
    import mammoth  # only Word files need it

    try:
        html = mammoth.convert_to_html(
            io.BytesIO(data), convert_image=mammoth.images.img_element(lambda _image: {"src": ""})
        ).value
    except (KeyError, ValueError, etree.XMLSyntaxError, SyntaxError) as error:
        raise _broken(str(error)) from error
    if not html.strip():
        raise _no_text()
    blocks = blocks_of(lxml_html.fromstring(f"<div>{bounded(html)}</div>"))
    return [line.text for line in blocks.lines if line.mark is not Mark.CAPTION]


def _open(content: bytes) -> list[str]:
    root = _content_of(content)
    lines: list[str] = []
    for element in root.iter(f"{TEXT}p", f"{TEXT}h", ROW):
        if element.tag == ROW:
            lines.append(_row(element))
        elif not any(True for _ in element.iterancestors(CELL)):  # else its row has read it
            lines += _plain(element).split("\n")
    if not any(lines):
        raise _no_text()
    return lines


def _content_of(content: bytes) -> etree._Element:
    """The tree of a document, without what is not of its text."""
    # An entity can name a file of ours, or grow to gigabytes: none is resolved.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _broken(str(error)) from error
    for element in list(root.iter(*NOT_READ)):
        _drop(element)
    return root


def _row(element: etree._Element) -> str:
    """A row of a table as a sentence, its cells parted by pauses."""
    cells = [_plain(cell) for cell in element.iter(CELL)]
    text = "; ".join(filter(None, cells))
    is_whole = not text or last_mark(text) or len(cells) < 2
    return text if is_whole else f"{text}."


def _drop(element: etree._Element) -> None:
    """Takes an element out, and leaves the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _plain(element: etree._Element) -> str:
    pieces: list[str] = []
    for event, part in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            pieces.append(
                {f"{TEXT}tab": " ", f"{TEXT}s": " ", f"{TEXT}line-break": "\n"}.get(part.tag, "")
            )
            pieces.append(part.text or "")
        elif part is not element:
            pieces.append(part.tail or "")
            if part.tag == f"{TEXT}p":
                pieces.append(" ")
    return "".join(pieces).strip()


def _broken(why: str) -> Rejected:
    return Rejected(
        "file",
        "broken_file",
        f"this document cannot be opened: {why[:200]}",
        "Tệp bị hỏng hoặc có mật khẩu, không mở được. Hãy lưu lại rồi gửi lần nữa.",
    )


def _no_text() -> Rejected:
    return Rejected(
        "file",
        "no_text",
        "there is no text in this document",
        "Trong tệp không có chữ nào (có thể chỉ có ảnh chụp). Hãy gửi bản có chữ.",
    )
