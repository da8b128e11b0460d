"""PDF: the text of its pages, if it has any."""

import io
import logging
import re
from itertools import islice

from service.intake.documents.written import Written
from service.intake.letters import lines_of as split
from service.intake.letters import tidy
from service.intake.limits import LONGEST_STORY_CHARS
from service.intake.story import Rejected

MOST_PAGES = 60
FEWEST_LETTERS = 40  # fewer are what a scanner writes on its pictures
PAGE_NUMBER = re.compile(
    r"(?:trang |page )?-? ?\d{1,3} ?-?(?: ?(?:/|trên|of) ?\d{1,3})?"
)


def written(data: bytes) -> Written:
    """The lines of a document, numbers of pages left out; Rejected names `file`."""
    from pypdf import PdfReader  # only PDF files need it
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    lines: list[str] = []
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _refused(
                "locked",
                "this PDF has a password",
                "Tệp PDF có mật khẩu, không mở được.",
            )
        for page in islice(reader.pages, MOST_PAGES):
            lines += _page(page.extract_text())
            if sum(map(len, lines)) > 2 * LONGEST_STORY_CHARS:
                break
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


def _page(text: str) -> list[str]:
    lines = [line for line in map(tidy, split(text)) if line]
    while lines and PAGE_NUMBER.fullmatch(lines[0].lower()):
        lines.pop(0)
    while lines and PAGE_NUMBER.fullmatch(lines[-1].lower()):
        lines.pop()
    return lines


def _refused(reason: str, message: str, message_vi: str) -> Rejected:
    return Rejected("file", reason, message, message_vi)
