"""Numbers as words: cardinals, digits one by one, decimals, Roman numerals."""

import re
from functools import lru_cache

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", " nghìn", " triệu")
LONGEST_CARDINAL = (
    18  # digits; beyond, nobody can follow, and digits are read one by one
)
LONGEST_WITH_A_NOUGHT = 2  # digits: 05 is five, 007 a code
LONGEST_PIECE = 3  # digits after a point that are a number of their own: 2.1.16
GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")
LONGEST_ROMAN = 15  # MMMDCCCLXXXVIII
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
# Numerals that are letters, but for years and chapters: A., B., C.
LETTERS_RATHER = frozenset("CDLM")


@lru_cache(maxsize=4_000)  # a text has the same days, months and years again and again
def cardinal(number: int, zero_tens: str = "lẻ") -> str:
    """2005 → "hai nghìn không trăm lẻ năm"; `zero_tens` is "lẻ" or "linh"."""
    if number < 0:
        return f"âm {cardinal(-number, zero_tens)}"
    if number == 0:
        return DIGITS[0]
    if number >= 10**9:
        billions, rest = divmod(number, 10**9)
        head = f"{cardinal(billions, zero_tens)} tỷ"
        return f"{head} {_below_billion(rest, zero_tens, full=True)}" if rest else head
    return _below_billion(number, zero_tens, full=False)


def digits(text: str) -> str:
    """Digit by digit: "0912" → "không chín một hai"."""
    return " ".join(DIGITS[int(char)] for char in text if char in "0123456789")


@lru_cache(maxsize=4_000)  # as cardinal
def figure(text: str, zero_tens: str = "lẻ", point: str = "chấm") -> str:
    """A number as written: 1.256 by its thousands, 1,5 with "phẩy",
    4.0 with `point`, a code (007) digit by digit.
    """
    whole, part = _whole_and_part(text.replace(" ", ""))
    tail = "" if part is None else f" phẩy {digits(part)}"
    if GROUPED.fullmatch(whole):
        return _counted(whole.replace(".", ""), zero_tens) + tail
    first, *rest = whole.split(".")
    if not rest:
        is_a_code = whole[0] == "0" and len(whole) > LONGEST_WITH_A_NOUGHT
        return (digits(whole) if is_a_code else _counted(whole, zero_tens)) + tail
    pieces = (_piece(piece, zero_tens, point) for piece in rest)
    return f" {point} ".join((figure(first, zero_tens), *pieces)) + tail


def _whole_and_part(text: str) -> tuple[str, str | None]:
    """What stands before and after a decimal comma.

    2,345.67, as foreigners write, is turned round.
    """
    if "," in text and text.rfind(".") > text.rfind(","):
        text = text.replace(",", "").replace(".", ",")
    if text.count(",") > 1:
        return text.replace(",", ""), None
    whole, comma, part = text.partition(",")
    return whole, part if comma else None


def _counted(whole: str, zero_tens: str) -> str:
    """A count; digit by digit where it is longer than anybody can follow."""
    return (
        digits(whole)
        if len(whole) > LONGEST_CARDINAL
        else cardinal(int(whole), zero_tens)
    )


def _piece(piece: str, zero_tens: str, point: str) -> str:
    """What stands after a point: a decimal digit by digit, a version's part as a number."""
    apart = piece[0] == "0" or point == "phẩy" or len(piece) > LONGEST_PIECE
    return digits(piece) if apart else figure(piece, zero_tens)


def ordinal(number: int, zero_tens: str = "lẻ") -> str:
    """After "thứ": 1 → "nhất", 4 → "tư", else the cardinal."""
    return {1: "nhất", 4: "tư"}.get(number) or cardinal(number, zero_tens)


def part(over: str, under: str, zero_tens: str = "lẻ") -> str:
    """3/4 → "ba phần tư"."""
    return f"{figure(over, zero_tens)} phần {'tư' if under == '4' else figure(under, zero_tens)}"


def month(number: int) -> str:
    """After "tháng": 4 → "tư"."""
    return "tư" if number == 4 else cardinal(number)


def roman(text: str) -> int | None:
    """The value of a well-formed Roman numeral up to 3999, or None."""
    return _roman(text) if text[:1] in ROMAN else None


@lru_cache(maxsize=4_000)
def _roman(text: str) -> int | None:
    if len(text) > LONGEST_ROMAN:
        return None
    total = 0
    values = [ROMAN.get(char, 0) for char in text]
    if 0 in values:
        return None
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total if 0 < total < 4000 and _to_roman(total) == text else None


def _to_roman(number: int) -> str:
    """19 → "XIX": what a numeral is held against to tell whether it is well formed."""
    # Fmt: skip
    parts = (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    )
    text = ""
    for value, letters in parts:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _below_billion(number: int, zero_tens: str, *, full: bool) -> str:
    """A number below 10⁹.

    `full` says "không trăm" also in its first group, as a part of a larger number.
    """
    words: list[str] = []
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group:
            words.append(
                _below_thousand(group, zero_tens, full=full or bool(words))
                + GROUPS[power]
            )
    return " ".join(words)


def _below_thousand(number: int, zero_tens: str, *, full: bool) -> str:
    hundreds, tens, units = number // 100, number // 10 % 10, number % 10
    words: list[str] = []
    if hundreds or full:
        words.append(f"{DIGITS[hundreds]} trăm")
    if tens == 0:
        if units:
            words += [zero_tens, DIGITS[units]] if words else [DIGITS[units]]
    elif tens == 1:
        words.append("mười")
        if units:
            words.append("lăm" if units == 5 else DIGITS[units])
    else:
        words.append(f"{DIGITS[tens]} mươi")
        if units:
            words.append({1: "mốt", 4: "tư", 5: "lăm"}.get(units, DIGITS[units]))
    return " ".join(words)


def integer(text: str) -> int | None:
    """The value of up to four digits, or None."""
    return int(text) if text.isdigit() and len(text) <= 4 else None
