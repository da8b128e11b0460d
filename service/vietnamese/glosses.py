"""A bracket that repeats what was just said: "Ủy ban nhân dân (UBND) xã".

An announcer leaves it out.
"""

import re
from functools import cache

from service.vietnamese import tables
from service.vietnamese.abbreviations import composed, stands_for
from service.vietnamese.context import Context, Said, with_modern_marks
from service.vietnamese.introduced import JOINTS, without_its_cue
from service.vietnamese.syllable import without_marks
from service.vietnamese.tables.cue import Cue
from service.vietnamese.tokens import Token

LONGEST = 12  # tokens in a bracket
LONGEST_NAME = 16  # words that an abbreviation may stand for
SHORTEST = 2  # letters of an abbreviation
_WORD = re.compile(r"[^\W\d_]+")


def repeated(c: Context, i: int) -> Said | None:
    """The bracket that opens at token `i`, said as nothing where it only repeats; else None."""
    if not _may_repeat(c, i):
        return None
    closing = _closing(c, i)
    if closing is None:
        return None
    inside = without_its_cue(c.text[c.tokens[i].end : c.tokens[closing].start].strip())
    if _abbreviates(c, i, inside) or _explains(c, i, inside):
        return Said("", closing + 1, "gloss")
    return None


def _may_repeat(c: Context, i: int) -> bool:
    """Whether letters stand in the bracket or before it,
    or a word that a gloss begins with: most have none.
    """
    if i + 1 >= len(c.tokens):
        return False
    first, previous = c.tokens[i + 1].text, c.neighbour(i, -1)
    if first.isupper() or (previous is not None and previous.text.isupper()):
        return True
    return first.lower() in _first_words()


@cache
def _first_words() -> frozenset[str]:
    return frozenset(cue.split()[0] for cue in tables.cues(Cue.GLOSS))


def _closing(c: Context, i: int) -> int | None:
    """The token that closes the bracket; None where it is long, or holds another."""
    for k in range(i + 1, min(len(c.tokens), i + 2 + LONGEST)):
        if c.tokens[k].text == ")":
            return k
        if c.tokens[k].text == "(":
            return None
    return None


def _abbreviates(c: Context, i: int, inside: str) -> bool:
    """ "bảo hiểm y tế (BHYT)": the bracket says in letters what stands before it."""
    letters = re.sub(r"[\s&,.-]", "", inside)
    if len(letters) < SHORTEST or not letters.isalpha() or not letters.isupper():
        return False
    before = _words_before(c, i)
    spoken = stands_for(c, i, inside) or composed(c, i, inside)
    if spoken and _ends_with(before, with_modern_marks(spoken.lower())):
        return True
    if any(
        _ends_with(before, with_modern_marks(name))
        for name in tables.namesakes().get(letters, ())
    ):
        return True
    return _has_the_initials(before, letters)


def _explains(c: Context, i: int, inside: str) -> bool:
    """ "UBND (ủy ban nhân dân)": the bracket says in words what the letters before it do."""
    previous = c.neighbour(i, -1)
    if previous is None or not _is_an_abbreviation(previous):
        return False
    words = [with_modern_marks(word.lower()) for word in _WORD.findall(inside)]
    spoken = stands_for(c, i - 2, previous.text) or stands_for(c, i - 1, previous.text)
    if spoken and words == with_modern_marks(spoken.lower()).split():
        return True
    return len(words) > 1 and _has_the_initials(words, previous.text, whole=True)


def _is_an_abbreviation(token: Token) -> bool:
    return (
        token.kind in ("word", "abbreviation")
        and token.text.isupper()
        and len(token.text) > 1
    )


def _words_before(c: Context, i: int) -> list[str]:
    """The words before token `i` in its sentence, small letters, the last last."""
    words: list[str] = []
    for k in range(i - 1, max(-1, i - 3 * LONGEST_NAME), -1):
        token = c.tokens[k]
        if token.text in ".;!?()":
            break
        if token.kind in ("word", "abbreviation"):
            words += [
                with_modern_marks(word.lower())
                for word in reversed(_WORD.findall(token.text))
            ]
    return words[::-1]


def _ends_with(before: list[str], spoken: str) -> bool:
    said = spoken.replace(",", " ").replace("-", " ").split()
    return bool(said) and _without_joints(before)[-len(_without_joints(said)) :] == (
        _without_joints(said)
    )


def _has_the_initials(before: list[str], letters: str, *, whole: bool = False) -> bool:
    """Whether the words end with a name of these initials: words that join may be left out."""
    words = _without_joints(before)
    named = words[-len(letters) :]
    if whole and len(words) != len(letters):
        return False
    initials = "".join(word[0] for word in named)
    return len(named) >= SHORTEST and without_marks(initials) == without_marks(
        letters.lower()
    )


def _without_joints(words: list[str]) -> list[str]:
    return [word for word in words if word not in JOINTS]
