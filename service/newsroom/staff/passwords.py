"""Which passwords are refused, and those that the house makes up.

What is easily guessed is told by zxcvbn, which knows the 30,000 most common passwords, names,
words, dates, repeats, sequences and walks over the keyboard (ASVS 5.0: 6.2.4, 6.2.11), with the
words of this country and this installation added.
"""

import secrets
from collections.abc import Iterable

from service.newsroom.errors import Invalid
from service.newsroom.text import fold

# In characters.
SHORTEST_PASSWORD = 10
# In characters; a hash of more costs time and guards nothing.
LONGEST_PASSWORD = 200
# In characters: zxcvbn's work grows with the square.
LOOKED_AT = 72
# Powers of ten, as typed: what zxcvbn calls "safely unguessable" (its score 3).
LEAST_GUESSES = 8
# The same without diacritics: letters with marks are new to its lists.
LEAST_GUESSES_BARE = 6
# The same without spaces and signs, so that "l.a.n l.a.n" is a repeat.
LEAST_GUESSES_JOINED = 4
# No letter that is mistaken when read aloud.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
COMMON_HERE = (
    *(
        "matkhau",
        "mat khau",
        "xinchao",
        "anhyeuem",
        "emyeuanh",
        "yeuem",
        "hoctap",
        "giadinh",
    ),
    *("vietnam", "viet nam", "hanoi", "ha noi", "saigon", "hochiminh", "danang", "hue"),
    *("truyenthanh", "truyen thanh", "phatthanh", "loaphuong", "loaxa", "daixa"),
    *(
        "bientap",
        "bien tap",
        "quanly",
        "quantri",
        "quan tri",
        "canbo",
        "vanhoa",
        "thongtin",
    ),
    *("ubnd", "uybannhandan", "hdnd", "danguy", "congan"),
    *(
        "nguyen",
        "nguyenvan",
        "tran",
        "pham",
        "hoang",
        "thanh",
        "phuong",
        "tuan",
        "dung",
        "linh",
    ),
)


def check_password(password: str, words: Iterable[str] = ()) -> None:
    """Invalid when a password is short, long or easily guessed.

    `words` are names of people and places here.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            f"a password has at least {SHORTEST_PASSWORD} characters",
            f"Mật khẩu cần ít nhất {SHORTEST_PASSWORD} ký tự.",
            "password",
        )
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(
            f"a password has at most {LONGEST_PASSWORD} characters",
            f"Mật khẩu dài tối đa {LONGEST_PASSWORD} ký tự.",
            "password",
        )
    if _is_weak(password, words):
        raise Invalid(
            "this password is easily guessed; take several words that do not belong together",
            "Mật khẩu này dễ đoán (từ quen thuộc, tên người, tên xã, dãy số, ngày sinh hoặc phím"
            " liền nhau). Hãy ghép vài từ không liên quan với nhau.",
            "password",
        )


def one_time_password() -> str:
    """Three groups of five to be told to somebody: about 74 bits."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))
    return "-".join(groups)


def _is_weak(password: str, words: Iterable[str]) -> bool:
    """Whether it is guessed too soon as it was typed, without its marks, or without its spaces."""
    local_words = [*COMMON_HERE, *_as_typed(words)]
    bare = fold(password)
    joined = bare.replace(" ", "")
    without_figures = joined.strip("0123456789_")
    if not without_figures or without_figures in local_words:
        return True
    forms = (
        (password, LEAST_GUESSES),
        (bare, LEAST_GUESSES_BARE),
        (joined, LEAST_GUESSES_JOINED),
    )
    return any(_guesses(form, local_words) < least for form, least in forms)


def _guesses(text: str, local_words: list[str]) -> float:
    """How many guesses it takes, as a power of ten."""
    # Its words are 12 MB, and passwords are chosen a few times a year.
    from zxcvbn import zxcvbn

    return float(zxcvbn(text[:LOOKED_AT], user_inputs=local_words)["guesses_log10"])


def _as_typed(words: Iterable[str]) -> Iterable[str]:
    """Names as people type them into passwords:
    with and without spaces and diacritics, and word by word.
    """
    for word in words:
        bare = fold(word)
        yield from (word, bare, bare.replace(" ", ""), *bare.split())
