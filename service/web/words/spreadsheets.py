"""Cells of tables that people open in a spreadsheet:
none may be a formula (OWASP, CSV injection).
"""

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
