"""Lines that were broken at a column, as PDF files and e-mails have them,
become paragraphs again.
"""

from collections.abc import Sequence

from service.intake.lines import END_MARKS, is_item, last_mark

SHORTEST_BROKEN_CHARS = 45  # of a line that a margin ended
SHARE_OF_WIDTH = 0.8  # a line shorter than that was ended by its writer
LEAST_BROKEN = 1  # lines that go on in small letters, before one with a capital is thought to go on


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines, those that a margin broke put together again. No word is lost."""
    whole: list[str] = []
    broken, width, last = 0, 0, ""
    # The width is learnt from the lines themselves: e-mails break at 72 columns, PDF files
    # anywhere.
    for line in lines:
        if whole and _goes_on(last, line, width, broken):
            broken += 1
            width = max(width, len(last))
            whole[-1] = f"{whole[-1]} {line}"
        else:
            if (
                last
                and last_mark(last) in END_MARKS
                and len(last) < width * SHARE_OF_WIDTH
            ):
                broken = broken if len(line) >= width * SHARE_OF_WIDTH else 0
            whole.append(line)
        last = line
    return whole


def _goes_on(last: str, line: str, width: int, broken: int) -> bool:
    """Whether `line` is the rest of `last`."""
    ended = last_mark(last) in {*END_MARKS, ":", ";"} and last_mark(last) != ""
    if ended or len(last) < SHORTEST_BROKEN_CHARS or is_item(line):
        return False
    # A sentence begins with a capital, so a small letter goes on whatever the width.
    if line[0].islower():
        return True
    full = broken >= LEAST_BROKEN and len(last) >= width * SHARE_OF_WIDTH
    return full and len(line) <= width * 1.3
