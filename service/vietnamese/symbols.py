"""What a character that belongs to no word is called."""

import unicodedata

from service.vietnamese.numbers import digits

SYMBOLS = {
    "%": "phần trăm", "‰": "phần nghìn", "&": "và", "+": "cộng", "=": "bằng", "<": "nhỏ hơn", ">": "lớn hơn",
    "≥": "lớn hơn hoặc bằng", "≤": "nhỏ hơn hoặc bằng", "±": "cộng trừ", "×": "nhân", "÷": "chia", "@": "a còng",
    "°": "độ", "$": "đô la", "€": "ơ rô", "£": "bảng Anh", "§": "mục", "½": "một phần hai", "¼": "một phần tư",
    "¾": "ba phần tư", "²": "vuông", "³": "khối", "→": "đến",
}  # fmt: skip


def name_of(char: str) -> str:
    """ "%" → "phần trăm"; a digit of any script its number; "" when the character is silent."""
    digit = unicodedata.digit(char, None)
    return SYMBOLS.get(char) or (digits(str(digit)) if digit is not None else "")
