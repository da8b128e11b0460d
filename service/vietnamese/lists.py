"""What a sentence of a list begins with: a bullet, a number, a letter."""

import re
from functools import lru_cache

from service.vietnamese.context import Context, Said
from service.vietnamese.dashes import FIGURES
from service.vietnamese.numbers import LETTERS_RATHER, cardinal, figure, roman
from service.vietnamese.rules import Rule, concerning, first_said
from service.vietnamese.syllable import spell
from service.vietnamese.tokens import Token

CLOSERS = frozenset(".)-–/")
LETTERS = frozenset("abcdđeghiklmnopqrstuvx")  # what lists are lettered by
BULLETS = frozenset("-–—+•*·▪●■◦")
_OUTLINE = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}")


def marker(c: Context, i: int) -> Said | None:
    """What marks token `i`, the first of a sentence, as an item of a list.

    None where nothing does.
    """
    return first_said(_rules_for(c.tokens[i].text), c, i)


@lru_cache(maxsize=20_000)  # most sentences begin with a word that can be no marker
def _rules_for(text: str) -> tuple[Rule, ...]:
    return concerning(MARKERS, text)


def _following(c: Context, i: int) -> Token | None:
    return c.tokens[i + 1] if i + 1 < len(c.tokens) else None


def _is_closed(c: Context, i: int) -> bool:
    """Whether a mark closes the number or letter, and a space stands after it.

    "5- 10 người" is a range.
    """
    closer = _following(c, i)
    if closer is None or closer.text not in CLOSERS:
        return False
    figure_after = c.neighbour(i + 1, 1)
    if closer.text in "-–/" and figure_after and figure_after.kind in FIGURES:
        return False
    return i + 2 >= len(c.tokens) or c.tokens[i + 2].kind == "space"


def _bullet(c: Context, i: int) -> Said | None:
    following = _following(c, i)
    apart = following is None or following.kind == "space"
    return Said("", i + 1, "list") if apart else None


def _bullet_in_a_bracket(c: Context, i: int) -> Said | None:
    following = _following(c, i)
    closed = following is not None and following.text == ")"
    return Said("", i + 2, "list") if closed else None


def _number(c: Context, i: int) -> Said | None:
    token = c.tokens[i]
    if token.kind != "number" or not _is_closed(c, i):
        return None
    return Said(f"{figure(token.text, c.options.zero_tens)},", i + 2, "list")


def _is_outline(text: str) -> bool:
    return _OUTLINE.fullmatch(text) is not None


def _numeral(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    value = roman(text if len(text) == 1 else text.upper())
    if value is None or text in LETTERS_RATHER or not _is_closed(c, i):
        return None
    return Said(f"{cardinal(value)},", i + 2, "list")


def _letter(c: Context, i: int) -> Said | None:
    text = c.tokens[i].text
    if not _is_closed(c, i):
        return None
    return Said(f"{spell(text)},", i + 2, "list")


# Asked at the begin of a sentence, from above: the first that holds.
MARKERS = (
    Rule("a bullet", _bullet, "- Về kinh tế", "Về kinh tế", BULLETS.__contains__),
    Rule(
        "a bullet in a bracket",
        _bullet_in_a_bracket,
        "*) Về kinh tế",
        "Về kinh tế",
        BULLETS.__contains__,
    ),
    Rule(
        "a number", _number, "1.2. Về kinh tế", "một chấm hai, Về kinh tế", _is_outline
    ),
    Rule(
        "a numeral",
        _numeral,
        "II. Nhiệm vụ",
        "hai, Nhiệm vụ",
        lambda text: roman(text.upper()) is not None,
    ),
    Rule(
        "a letter",
        _letter,
        "a) Về đất",
        "a, Về đất",
        lambda text: text.lower() in LETTERS,
    ),
)
