"""Names of logins and keys: such as nobody takes for another's, or for the house's own."""

import re
import unicodedata
from dataclasses import astuple

from service.newsroom.errors import Invalid
from service.newsroom.text import fold
from service.newsroom.values import ActorKind, Contact, House, SourceKind

LONGEST_NAME = 40  # characters
LONGEST_KEY_NAME = 60  # characters
# Folded: the log, and what tells who approved, name the house, programs and strangers by these.
RESERVED = frozenset(
    fold(name)
    for name in (
        *House,
        *ActorKind,
        *SourceKind,
        "cap",
        "hook",
        "mail",
        "system",
        "hệ thống",
    )
)
ALIKE = str.maketrans("I10", "llo")  # in most typefaces, "Ioa" reads as "loa"
# As they stand: Mây and Khoa are people
READ_AS_THE_HOUSE = frozenset(("máy", "khóa", "khoá"))
LONGEST_CONTACT = 100  # characters of a full name, an office
TELEPHONE = re.compile(r"\+?[0-9][0-9 .()-]{1,28}[0-9]", re.ASCII)
PLAIN = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")
MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"  # of Vietnamese letters


def plain_name(name: str) -> str:
    """A login's name as it is kept (NFC): Vietnamese letters, digits and . - _ between them.

    Invalid for anything that can be mistaken for another name: other alphabets, spaces, control
    characters, marks of direction, and the names under which the log tells of the house.
    """
    name = unicodedata.normalize("NFC", name.strip())
    plain = PLAIN.fullmatch(name) and all(map(_is_vietnamese, name))
    if not plain or len(name) > LONGEST_NAME:
        raise Invalid(
            f"a login's name has letters, digits and . - _ between them, at most {LONGEST_NAME}",
            f"Tên đăng nhập chỉ gồm chữ cái, chữ số và các dấu . - _ ở giữa, dài tối đa"
            f" {LONGEST_NAME} ký tự, không có dấu cách. Ví dụ: lan.anh",
            "name",
        )
    reserved = {fold(name), fold(name.translate(ALIKE))} & RESERVED
    if reserved or name.casefold() in READ_AS_THE_HOUSE:
        raise Invalid(
            f"{name!r} is the house's own name", "Tên này dành riêng cho máy.", "name"
        )
    return name


def key_name(name: str) -> str:
    """A key's name as it is kept (NFC): one line of Vietnamese letters and what a keyboard has
    beside them.
    """
    name = unicodedata.normalize("NFC", name.strip())
    plain = all(
        _is_vietnamese(char) or (char.isascii() and char.isprintable()) for char in name
    )
    if not fold(name) or not plain or len(name) > LONGEST_KEY_NAME:
        raise Invalid(
            f"a key needs a name in letters and digits, at most {LONGEST_KEY_NAME} characters",
            f"Cần có tên khóa bằng chữ cái và chữ số, dài tối đa {LONGEST_KEY_NAME} ký tự.",
            "name",
        )
    return name


def checked_contact(contact: Contact) -> Contact:
    """A contact as it is kept, in single spaces.

    Invalid names `full_name`, `office` or `telephone`.
    """
    tidy = Contact(*(" ".join(part.split()) for part in astuple(contact)))
    for field in ("full_name", "office"):
        text = getattr(tidy, field)
        if len(text) > LONGEST_CONTACT or not text.replace(" ", "").isprintable():
            raise Invalid(
                f"{field} has at most {LONGEST_CONTACT} characters that can be printed",
                f"Ô này dài tối đa {LONGEST_CONTACT} ký tự.",
                field,
            )
    if tidy.telephone and not TELEPHONE.fullmatch(tidy.telephone):
        raise Invalid(
            "a telephone number has digits, spaces and + . - ( )",
            "Số điện thoại chỉ gồm chữ số, dấu cách và + . - ( ), ví dụ 0912 345 678.",
            "telephone",
        )
    return tidy


def _is_vietnamese(char: str) -> bool:
    """Whether a character is a digit, . - _ or a letter of the Vietnamese alphabet, in any case."""
    parts = unicodedata.normalize("NFD", char)
    letter = parts[0] in "đĐ" or (parts[0].isascii() and parts[0].isalpha())
    return (
        letter and all(mark in MARKS for mark in parts[1:])
    ) or char in "0123456789.-_"
