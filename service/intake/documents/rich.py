"""RTF, as WordPad and old programs write it."""

import re

from service.intake.documents.illustrated import illustrated
from service.intake.documents.written import Written
from service.intake.letters import lines_of as split
from service.intake.letters import tidy
from service.intake.lines import Line
from service.intake.rows import lines_of_row
from service.intake.story import LeftOut, Rejected, Why

CELLS = re.compile(r" ?\| ?")
TOKEN = re.compile(r"\\([a-z]+)(-?\d+)? ?|\\[^a-z]|[{}]|[^\\{}]+|\\")
STRUCK = frozenset(("strike", "striked", "deleted"))
# Of Unicode's private use: where something that is crossed out begins and ends, as RTF and as text.
BEGINS, ENDS = "\ue014", "\ue015"
PICTURE = "\ue016"  # where one stands
PICTURE_AS_RTF = f"\\u{ord(PICTURE) - 65536}?"
PICTURES = frozenset(("pict", "shppict"))
# Where a link leads, as the library writes it behind its words.
LINK = re.compile(r"\(\"[a-z]{2,8}:[^\"]{1,500}\"\)")
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
    text = LINK.sub("", CROSSED.sub("", text).replace(ENDS, ""))
    left_out = [LeftOut(piece, Why.CROSSED_OUT) for piece in crossed if piece]
    return _illustrated(text, left_out)


def _illustrated(text: str, left_out: list[LeftOut]) -> Written:
    """The lines of a text without what stands below its pictures."""
    if PICTURE not in text:
        lines = [row for line in split(text) for row in _rows(line)]
        return Written(lines, left_out)
    looks: list[Line] = []
    below = False
    for line in split(text):
        below = below or PICTURE in line
        for row in filter(None, map(tidy, _rows(line.replace(PICTURE, "")))):
            looks.append(Line(row, pictured=below))
            below = False
    return illustrated(looks, (), {}, left_out)


def _with_crossed_out(rtf: str) -> str:
    """The RTF with marks around what is struck through or deleted.

    A group ends what began in it.
    """
    pieces: list[str] = []
    around: list[bool] = []
    groups: list[int] = []  # where each open one begins
    struck = False
    for token in TOKEN.finditer(rtf):
        piece, word, number = token[0], token[1], token[2]
        before = struck
        if piece == "{":
            around.append(struck)
            groups.append(len(pieces))
        elif piece == "}" and around:
            struck = around.pop()
            groups.pop()
        elif word in PICTURES and groups:
            # Before the group: what stands in it is no text.
            pieces[groups[-1]] = PICTURE_AS_RTF + "{"
        elif word == "plain":
            struck = False
        elif word in STRUCK:
            struck = number != "0"
        pieces.append(piece)
        if struck is not before:
            pieces.append(AS_RTF[struck])
    return "".join(pieces)


def _rows(line: str) -> list[str]:
    """The line, or what is said of a row of a table."""
    return lines_of_row(CELLS.split(line)) if "|" in line else [line]
