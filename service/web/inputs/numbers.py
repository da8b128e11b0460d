"""Numbers and days that people type into forms and addresses."""

from datetime import date

from service.zone import FIRST_DAY, LAST_DAY

LARGEST = 2**31 - 1  # number that a row can have
MOST_DIGITS = len(str(LARGEST))


def whole_number(text: str, most: int = LARGEST) -> int | None:
    """The number from 0 to `most` that a text is in plain digits; None for anything else.

    Other alphabets' digits are none, and a text of any length is refused before it is read.
    """
    text = text.strip()
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if is_number and int(text) <= most else None


def day_typed(text: str) -> date | None:
    """The day that a text is, as "2026-11-25"; None for anything else."""
    try:
        day = date.fromisoformat(text.strip()[:20])
    except ValueError:
        return None
    return day if FIRST_DAY < day < LAST_DAY else None
