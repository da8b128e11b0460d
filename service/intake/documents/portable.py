"""PDF: the text of its pages, if it has any."""

import io
import logging
import re
from typing import TYPE_CHECKING

from service.intake.documents.written import Written
from service.intake.letters import lines_of as split
from service.intake.letters import tidy
from service.intake.limits import LONGEST_STORY_CHARS, too_long
from service.intake.story import Rejected

if TYPE_CHECKING:
    from pypdf import PdfReader

# More cannot become an article, whatever of it is not read; no page is left out unsaid.
MOST_CHARS = 2 * LONGEST_STORY_CHARS
FEWEST_LETTERS = 40  # fewer are what a scanner writes on its pictures
PAGE_NUMBER = re.compile(
    r"(?:trang |page )?-? ?\d{1,3} ?-?(?: ?(?:/|trên|of) ?\d{1,3})?"
)


def written(data: bytes) -> Written:
    """The lines of a document, numbers of pages left out; Rejected names `file`."""
    from pypdf import PdfReader  # only PDF files need it
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        lines = _lines_of(PdfReader(io.BytesIO(data)))
    except Rejected:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        # pypdf meets broken files with whatever their parts happen to lack
        raise _refused(
            "broken_file",
            f"this PDF cannot be read: {error}",
            "Tệp PDF bị hỏng, không đọc được.",
        ) from error
    if sum(map(str.isalpha, "".join(lines))) < FEWEST_LETTERS:
        raise _refused(
            "no_text",
            "this PDF has no text: it is a scanned picture; send the Word file",
            "Tệp PDF này là ảnh chụp, không có chữ để đọc. Hãy gửi bản Word (.docx).",
        )
    return Written(lines)


def _lines_of(reader: "PdfReader") -> list[str]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise _refused(
            "locked",
            "this PDF has a password",
            "Tệp PDF có mật khẩu, không mở được.",
        )
    lines: list[str] = []
    chars = 0
    for page in reader.pages:
        text = _page(page.extract_text())
        lines += text
        chars += sum(map(len, text))
        if chars > MOST_CHARS:
            raise too_long()
    return lines


def _page(text: str) -> list[str]:
    lines = [line for line in map(tidy, split(text)) if line]
    first, end = 0, len(lines)
    while first < end and _is_number(lines[first]):
        first += 1
    while first < end and _is_number(lines[end - 1]):
        end -= 1
    return lines[first:end]


def _is_number(line: str) -> bool:
    return PAGE_NUMBER.fullmatch(line.lower()) is not None


def _refused(reason: str, message: str, message_vi: str) -> Rejected:
    return Rejected("file", reason, message, message_vi)
