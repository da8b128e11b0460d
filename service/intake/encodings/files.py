"""Bytes become text, whatever they were written in."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from service.intake.encodings.syllables import share_of_vietnamese
from service.intake.encodings.texts import RIGHT_SHARE, mended
from service.intake.limits import LARGEST_BYTES, too_large
from service.intake.story import Doubt, Rejected

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BINARIES = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"ID3",
    b"GIF8",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
)
META_CHARSET = re.compile(r"charset\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9_-]{2,30})")
HEAD_BYTES = 4096
MOST_BAD_SHARE = 0.001  # of bytes that are no UTF-8 in a text that else is
LEAST_EVIDENCE = 16  # bytes; fewer tell nothing of where zero bytes stand
NULS_OF_UTF16 = 0.2  # Vietnamese in UTF-16 has a zero byte for most letters


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it came in, and what is doubted of it."""

    text: str
    encoding: str
    doubts: tuple[Doubt, ...] = ()


def decode(data: bytes, field: str = "body") -> str:
    """Text of bytes from a file or the network; Rejected names `field`."""
    return decoded(data, field).text


def decoded(data: bytes, field: str = "body", charset: str = "") -> Decoded:
    """The text of bytes and how sure that is: a mark, UTF-8,
    then what they declare, then what they look like.

    `charset` is what a server says of them.
    """
    if len(data) > LARGEST_BYTES:
        raise too_large(field)
    mark = next((name for mark, name in MARKS if data.startswith(mark)), "")
    if mark:
        return Decoded(data.decode(mark, "replace"), mark)
    # Decoded as Latin-1 anything is text; a picture must not be read aloud.
    if data.startswith(BINARIES):
        raise _binary(field)
    if wide := _without_mark(data):
        return wide
    if b"\0" in data[:HEAD_BYTES]:
        raise _binary(field)
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError as error:
        legacy = _legacy(data, charset)
        nearly = _nearly_utf8(data)
        if legacy or nearly:
            return legacy or nearly  # type: ignore[return-value]  # one of them is there
        raise Rejected(
            field,
            "not_utf8",
            f"the text is not valid UTF-8 (at byte {error.start}), nor TCVN3, VNI or windows-1258;"
            " save it as UTF-8",
            "Không nhận ra bảng mã của văn bản. Hãy lưu lại bằng bảng mã UTF-8 (Unicode).",
        ) from error


def _without_mark(data: bytes) -> Decoded | None:
    """UTF-16 whose mark is missing, told by where its zero bytes are."""
    head = data[: HEAD_BYTES // 2 * 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if (
        len(head) < LEAST_EVIDENCE
        or len(data) % 2
        or max(even, odd) < NULS_OF_UTF16 * len(head) / 2
        or min(even, odd) > max(even, odd) / 10
    ):
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    return Decoded(text, name, (Doubt.ENCODING,)) if _is_printed(text) else None


def _is_printed(text: str) -> bool:
    """Whether nearly all of it is characters that are seen.

    Binary data have zero bytes in places too.
    """
    unseen = sum(not (char.isprintable() or char.isspace()) for char in text)
    return unseen <= MOST_BAD_SHARE * len(text)


def _legacy(data: bytes, charset: str) -> Decoded | None:
    """What the bytes declare, else the encoding that makes them Vietnamese; None when none does."""
    told = META_CHARSET.search(data[:HEAD_BYTES].decode("latin-1"))
    names = [charset, told[1] if told else "", "cp1258", "cp1252", "latin-1"]
    for name in names:
        try:
            text = unicodedata.normalize("NFC", data.decode(codecs.lookup(name).name))
        except (LookupError, UnicodeDecodeError):
            continue
        whole = mended(text) if name in {"cp1252", "latin-1"} else None
        if whole is not None and whole.encoding:
            return Decoded(whole.text, whole.encoding, (Doubt.ENCODING,))
        if (
            name not in {"cp1252", "latin-1", "iso-8859-1"}
            and share_of_vietnamese(text) >= RIGHT_SHARE
        ):
            return Decoded(text, name, (Doubt.ENCODING,))
    return None


def _nearly_utf8(data: bytes) -> Decoded | None:
    """A good text with a stray byte or two."""
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") > max(2, MOST_BAD_SHARE * len(data)) or len(data) < 200:
        return None
    return Decoded(text, "utf-8", (Doubt.LOST_LETTERS,))


def _binary(field: str) -> Rejected:
    return Rejected(
        field,
        "binary",
        "this is no text file; save the article as text, Word (.docx) or HTML first",
        "Đây không phải tệp văn bản. Hãy lưu bài ở dạng Word (.docx), văn bản (.txt) hoặc trang web (.html).",
    )
