"""What is called, written to or found by a sign: telephones, mail, the web, places on the globe."""

import re

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.numbers import digits, figure
from service.vietnamese.syllable import is_vietnamese, spell

KEYS = {"*": "sao", "#": "thăng"}
DIRECTIONS = {
    "N": "vĩ bắc",
    "B": "vĩ bắc",
    "S": "vĩ nam",
    "E": "kinh đông",
    "Đ": "kinh đông",
    "W": "kinh tây",
    "T": "kinh tây",
}


def phone(c: Context, i: int) -> Said:
    """Digit by digit, with a breath where the writer left one."""
    groups = re.split(
        r"[ .()-]+",
        c.tokens[i].text.replace("(+84)", "0").replace("+84", "0").strip("()"),
    )
    said = ", ".join(filter(None, map(_hidden_or_told, groups)))
    return Said(
        said.replace("không, ", "không ", 1) if groups[0] == "0" else said,
        i + 1,
        "phone",
    )


def _hidden_or_told(group: str) -> str:
    """A group of a phone number, its keys by their names: *101#.

    A figure that is kept back is an x: 0912.xxx.345.
    """
    return " ".join(digits(char) or KEYS.get(char, "ích") for char in group)


def email(c: Context, i: int) -> Said:
    """bbt@hagiang.gov.vn."""
    name, _, host = c.tokens[i].text.rpartition("@")
    return Said(f"{_address(c, name)} a còng {_address(c, host)}", i + 1, "address")


def url(c: Context, i: int) -> Said:
    """www.hagiang.gov.vn/tin; what a browser adds is not read."""
    text = re.sub(r"^https?://", "", c.tokens[i].text).rstrip("/")
    host, _, path = text.partition("/")
    tail = " xuyệt ".join(
        _address(c, part)
        for part in re.split(r"/", re.sub(r"[?#].*", "", path))
        if part
    )
    return Said(
        " xuyệt ".join(filter(None, (_address(c, host), tail))), i + 1, "address"
    )


def _address(c: Context, text: str) -> str:
    """A part of an address: its words as they stand when they can be spoken,
    else letter by letter.
    """
    said: list[str] = []
    for piece in re.findall(r"[^\W\d_]+|\d+|[._@+~=-]", text):
        if piece == ".":
            said.append("chấm")
        elif piece.isdigit():
            said.append(digits(piece))
        elif piece.isalpha():
            lower = piece.lower()
            # Ubnd
            short = piece.upper() in tables.abbreviations() and not is_vietnamese(lower)
            speakable = len(lower) > 2 and re.search("[aeiouy]", lower) and not short
            respelled = (
                tables.foreign().get(lower) if c.options.foreign == "spelled" else None
            )
            said.append(respelled or (lower if speakable else spell(piece)))
        else:
            said.append({"-": "gạch ngang", "_": "gạch dưới"}.get(piece, ""))
    return " ".join(filter(None, said))


def coordinate(c: Context, i: int) -> Said:
    """22°49'N, 22°45'30" Bắc."""
    parts = c.tokens[i].parts
    said = [
        figure(parts["deg"], c.options.zero_tens),
        "độ",
        figure(parts["min"], c.options.zero_tens),
        "phút",
    ]
    if parts["arc"]:
        said += [figure(parts["arc"], c.options.zero_tens), "giây"]
    return Said(
        " ".join([*said, DIRECTIONS.get(parts["side"], "")]).strip(),
        i + 1,
        "coordinate",
    )
