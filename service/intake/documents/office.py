"""Word (.docx) and OpenDocument (.odt): zips, which are measured before they are opened."""

import io
import zipfile

from service.intake.documents import opendocument, word
from service.intake.documents.refusals import broken
from service.intake.documents.written import Written
from service.intake.story import Rejected

MOST_ENTRIES = 1_000
LARGEST_UNPACKED_BYTES = 50 * 1024 * 1024
HIGHEST_RATIO = 200


def written(data: bytes) -> Written:
    """The paragraphs, rows and pictures of a document; Rejected names `file`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _measure(archive)
            names = archive.namelist()
            if any(map(word.MAIN.fullmatch, names)):
                return word.written(archive)
            if opendocument.CONTENT in names and "text" in _kind(archive):
                return opendocument.written(archive)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ) as error:
        raise broken(str(error)) from error
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
