"""RTF, as WordPad and old programs write it."""

import re

from service.intake.letters import lines_of as split
from service.intake.story import Rejected

CELLS = re.compile(r" ?\| ?")


def lines_of(data: bytes) -> list[str]:
    """The paragraphs of a document; Rejected names `file`."""
    from striprtf.striprtf import rtf_to_text  # only RTF files need it

    try:
        text = str(rtf_to_text(data.decode("latin-1"), errors="ignore"))  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, LookupError) as error:
        raise Rejected(
            "file",
            "broken_file",
            f"this RTF cannot be read: {error}",
            "Tệp RTF bị hỏng, không đọc được. Hãy lưu lại thành .docx rồi gửi.",
        ) from error
    return [_row(line) for line in split(text)]


def _row(line: str) -> str:
    """A row of a table is a sentence, its cells parted by pauses."""
    if "|" not in line:
        return line
    return "; ".join(cell.strip() for cell in CELLS.split(line) if cell.strip())
