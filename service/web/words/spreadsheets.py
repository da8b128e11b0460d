"""Cells of tables that people open in a spreadsheet:
none may be a formula (OWASP, CSV injection).
"""

import csv
import io

from service.newsroom.errors import Invalid

# What a spreadsheet would reckon at the beginning of a cell, as it is and in full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "'"  # what follows is text, say spreadsheets themselves
# Without quoting (TSV), a quotation mark would be taken off and a formula be left.
GUARDED = (*FORMULA, '"', MARK)


def harmless(cell: str) -> str:
    """A cell for people to read."""
    return MARK + cell if cell.startswith(FORMULA) else cell


def guarded(cell: str) -> str:
    """A cell of a file that is taken back: `unguarded` gives what it was."""
    return MARK + cell if cell.startswith(GUARDED) else cell


def unguarded(cell: str) -> str:
    """What a cell was before `guarded`.

    One that a person wrote without the mark stays what it is.
    """
    marked = cell.startswith(MARK) and cell[len(MARK) :].startswith(GUARDED)
    return cell[len(MARK) :] if marked else cell


def rows_in(text: str, delimiter: str, *, quoted: bool = True) -> list[list[str]]:
    """The cells of a table that somebody sends, line by line.

    Lines end as any system ends them. Not `quoted`: a quotation mark is a character like any other.

    Invalid (`file`) for what cannot be read as one, such as a cell of more than 131,072 characters
    (the csv module's own limit).
    """
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        if quoted:
            return list(csv.reader(lines, delimiter=delimiter))
        return list(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        raise Invalid(
            f"this is no table: {error}",
            "Không đọc được bảng này. Hãy lưu lại từ bảng tính rồi gửi lần nữa.",
            "file",
        ) from error
