"""A file becomes a Story, by what its bytes are; its name is only a hint."""

import re
from collections.abc import Callable
from dataclasses import replace

from service.intake.documents import office, portable, rich
from service.intake.documents.illustrated import with_picture
from service.intake.documents.written import Written
from service.intake.encodings import decoded, mended
from service.intake.limits import ZIP, largest_of, too_large
from service.intake.markup import read_html
from service.intake.rows import rows_of
from service.intake.story import Rejected, Story
from service.intake.typed import read_lines, read_typed

MARKUP = re.compile(r"<(?:!doctype|html|head|\?xml|article|div|p|h1)\b", re.IGNORECASE)
HTML_NAMES = (".html", ".htm", ".xhtml", ".mht")
OLD_WORD = b"\xd0\xcf\x11\xe0"
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
SOUNDS = (b"ID3", b"\xff\xfb", b"OggS", b"fLaC")

DOCUMENTS: tuple[tuple[bytes, Callable[[bytes], Written]], ...] = (
    (ZIP, office.written),
    (b"%PDF", portable.written),
    (b"{\\rtf", rich.written),
)


def read_file(data: bytes, suffix: str = "", charset: str = "") -> Story:
    """The story in a file's bytes.

    Rejected names `file` when they are of a kind that has no text.
    """
    if len(data) > largest_of(data):
        raise too_large("file", largest_of(data))
    if not data.strip():
        raise Rejected(
            "body", "empty", "there is no text in it", "Chưa có nội dung bài."
        )
    for begins, written in DOCUMENTS:
        if data.lstrip()[:8].startswith(begins):
            return _typed(written(data))
    _refuse_others(data)
    text = decoded(data, "file", charset)
    markup = suffix.lower() in HTML_NAMES or MARKUP.match(text.text.lstrip()[:20])
    story = read_html(text.text) if markup else read_typed(text.text)
    return replace(story, doubts=tuple(dict.fromkeys((*text.doubts, *story.doubts))))


def _typed(document: Written) -> Story:
    """What a person wrote in an office's program is read as if typed."""
    whole = mended("\n".join(document.lines))
    story = read_lines(rows_of(whole.text))
    return replace(
        with_picture(story, document),
        left_out=(*story.left_out, *document.left_out),
        doubts=(*whole.doubts, *story.doubts),
    )


def _refuse_others(data: bytes) -> None:
    if data.startswith(OLD_WORD):
        raise Rejected(
            "file",
            "old_word",
            "this is an old Word file (.doc); save it as .docx",
            "Đây là tệp Word kiểu cũ (.doc). Hãy mở bằng Word, chọn Lưu thành (Save As) rồi lưu thành .docx.",
        )
    if data.startswith(PICTURES):
        raise Rejected(
            "file",
            "picture",
            "this is a picture; send the text",
            "Đây là tệp ảnh, máy không đọc được chữ trong ảnh. Hãy gửi tệp Word hoặc dán phần chữ.",
        )
    if data.startswith(SOUNDS):
        raise Rejected(
            "file",
            "sound",
            "this is a sound; hand it in as a recording",
            "Đây là tệp âm thanh. Hãy đưa vào mục Bản thu.",
        )
