"""What a character that belongs to no word is called."""

import unicodedata

from service.vietnamese.numbers import digits
from service.vietnamese.tables import symbols


def name_of(char: str) -> str:
    """ "%" → "phần trăm"; a digit of any script its number; "" when the character is silent."""
    digit = unicodedata.digit(char, None)
    return symbols().get(char) or (digits(str(digit)) if digit is not None else "")
