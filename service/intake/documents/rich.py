"""RTF, as WordPad and old programs write it."""

import re

from service.intake.documents.written import Written
from service.intake.letters import lines_of as split
from service.intake.letters import tidy
from service.intake.story import LeftOut, Rejected, Why

CELLS = re.compile(r" ?\| ?")
TOKEN = re.compile(r"\\([a-z]+)(-?\d+)? ?|\\[^a-z]|[{}]|[^\\{}]+|\\")
STRUCK = frozenset(("strike", "striked", "deleted"))
# Of Unicode's private use: where something that is crossed out begins and ends, as RTF and as text.
BEGINS, ENDS = "\ue014", "\ue015"
AS_RTF = {True: f"\\u{ord(BEGINS) - 65536}?", False: f"\\u{ord(ENDS) - 65536}?"}
CROSSED = re.compile(f"{BEGINS}([^{BEGINS}{ENDS}]*){ENDS}?")


def written(data: bytes) -> Written:
    """The paragraphs of a document; Rejected names `file`."""
    from striprtf.striprtf import rtf_to_text  # only RTF files need it

    try:
        marked = _with_crossed_out(data.decode("latin-1"))
        text = str(rtf_to_text(marked, errors="ignore"))  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, LookupError) as error:
        raise Rejected(
            "file",
            "broken_file",
            f"this RTF cannot be read: {error}",
            "Tệp RTF bị hỏng, không đọc được. Hãy lưu lại thành .docx rồi gửi.",
        ) from error
    crossed = [tidy(piece) for piece in CROSSED.findall(text)]
    text = CROSSED.sub("", text).replace(ENDS, "")
    left_out = [LeftOut(piece, Why.CROSSED_OUT) for piece in crossed if piece]
    return Written([_row(line) for line in split(text)], left_out)


def _with_crossed_out(rtf: str) -> str:
    """The RTF with marks around what is struck through or deleted.

    A group ends what began in it.
    """
    pieces: list[str] = []
    around: list[bool] = []
    struck = False
    for token in TOKEN.finditer(rtf):
        piece, word, number = token[0], token[1], token[2]
        before = struck
        if piece == "{":
            around.append(struck)
        elif piece == "}" and around:
            struck = around.pop()
        elif word == "plain":
            struck = False
        elif word in STRUCK:
            struck = number != "0"
        pieces.append(piece)
        if struck is not before:
            pieces.append(AS_RTF[struck])
    return "".join(pieces)


def _row(line: str) -> str:
    """A row of a table is a sentence, its cells parted by pauses."""
    if "|" not in line:
        return line
    return "; ".join(cell.strip() for cell in CELLS.split(line) if cell.strip())
