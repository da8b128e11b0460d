"""Word (.docx) and OpenDocument (.odt): zips, which are measured before they are opened."""

import io
import zipfile

from lxml import etree
from lxml import html as lxml_html

from service.intake.documents.crossed import PARSER, crossed_out
from service.intake.documents.written import Written
from service.intake.letters import tidy
from service.intake.lines import Line, Mark, last_mark
from service.intake.markup.blocks import blocks_of
from service.intake.markup.bounds import bounded
from service.intake.story import LeftOut, Rejected, Why

MOST_ENTRIES = 1_000
LARGEST_UNPACKED_BYTES = 50 * 1024 * 1024
HIGHEST_RATIO = 200
WORD, WORD_STYLES, OPEN = "word/document.xml", "word/styles.xml", "content.xml"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
ROW, CELL = f"{TABLE}table-row", f"{TABLE}table-cell"
NOT_READ = (f"{TEXT}tracked-changes", f"{TEXT}note", f"{TEXT}sequence-decls")


def written(data: bytes) -> Written:
    """The paragraphs and rows of a document; Rejected names `file`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _measure(archive)
            names = set(archive.namelist())
            if WORD in names:
                return _word(archive)
            if OPEN in names and "text" in _kind(archive):
                return _open(archive.read(OPEN))
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ) as error:
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
    # What a zip says of its sizes is checked again by zipfile as it unpacks.
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


def _word(archive: zipfile.ZipFile) -> Written:
    import mammoth  # only Word files need it

    try:
        # Pictures are dropped as they come: a phone's photos would not fit the child's memory.
        html = mammoth.convert_to_html(
            _with_crossed_out(archive),
            convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
        ).value
    except (KeyError, ValueError, etree.XMLSyntaxError, SyntaxError) as error:
        raise _broken(str(error)) from error
    if not html.strip():
        raise _no_text()
    blocks = blocks_of(lxml_html.fromstring(f"<div>{bounded(html)}</div>"))
    captions = [
        LeftOut(line.text, Why.CAPTION) for line in blocks.lines if _is_caption(line)
    ]
    crossed = [LeftOut(text, Why.CROSSED_OUT) for _, text in blocks.crossed_out if text]
    lines = [line.text for line in blocks.lines if not _is_caption(line)]
    return Written(lines, [*captions, *crossed])


def _is_caption(line: Line) -> bool:
    return line.mark is Mark.CAPTION


def _with_crossed_out(archive: zipfile.ZipFile) -> io.BytesIO:
    """The file again, with what is crossed out marked in one way alone."""
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as marked:
        for entry in archive.infolist():
            data = archive.read(entry)
            if entry.filename == WORD:
                data = crossed_out(data, _read(archive, WORD_STYLES))
            marked.writestr(entry.filename, data)
    copy.seek(0)
    return copy


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


def _open(content: bytes) -> Written:
    root = _content_of(content)
    crossed = _crossed_out(root)
    for element in list(root.iter(*NOT_READ)):
        _drop(element)
    lines: list[str] = []
    for element in root.iter(f"{TEXT}p", f"{TEXT}h", ROW):
        if element.tag == ROW:
            lines.append(_row(element))
        elif next(element.iterancestors(CELL), None) is None:
            # What lies in a cell is read with its row.
            lines += _plain(element).split("\n")
    if not any(lines):
        raise _no_text()
    return Written(lines, [LeftOut(text, Why.CROSSED_OUT) for text in crossed if text])


def _content_of(content: bytes) -> etree._Element:
    try:
        return etree.fromstring(content, PARSER)
    except etree.XMLSyntaxError as error:
        raise _broken(str(error)) from error


def _crossed_out(root: etree._Element) -> list[str]:
    """What was deleted while changes were tracked,
    and what is struck through, which is taken out.
    """
    crossed = [
        tidy(_plain(paragraph))
        for deletion in root.iter(f"{TEXT}deletion")
        for paragraph in deletion.iter(f"{TEXT}p", f"{TEXT}h")
    ]
    struck = {
        style.get(f"{STYLE}name")
        for style in root.iter(f"{STYLE}style")
        if any(_is_struck(each) for each in style.iter(f"{STYLE}text-properties"))
    }
    for element in list(root.iter(f"{TEXT}span", f"{TEXT}p", f"{TEXT}h")):
        if element.get(f"{TEXT}style-name") in struck:
            crossed.append(tidy(_plain(element)))
            _drop(element)
    return crossed


def _is_struck(properties: etree._Element) -> bool:
    ways = ("text-line-through-style", "text-line-through-type")
    return any(properties.get(f"{STYLE}{way}", "none") != "none" for way in ways)


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
                {f"{TEXT}tab": " ", f"{TEXT}s": " ", f"{TEXT}line-break": "\n"}.get(
                    part.tag, ""
                )
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
