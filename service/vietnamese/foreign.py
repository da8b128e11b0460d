"""Foreign words and names: those that a row respells, and those that rules respell."""

from functools import cache
from itertools import pairwise

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.respelling import respelled
from service.vietnamese.syllable import has_tone, is_vietnamese, spell

UNLISTED = (
    "unlisted"  # the rule of foreign words that no row has: a quiet mark, no doubt
)
SHORTEST_SHOUTED = 4  # letters in capitals that may be a word of small letters: ONLINE
SHORTEST_GLUED = 2  # letters of each half of "nhândân"


def listed(c: Context, i: int) -> Said | None:
    """A word of the table, as a Vietnamese voice comes closest to it,
    or as it is where the voice can say it.
    """
    text = c.tokens[i].text
    respelled = _row(c, text)
    if not respelled:
        return None
    return Said(text if c.options.foreign == "given" else respelled, i + 1, "foreign")


def may_be_listed(text: str) -> bool:
    """Whether the table has a word in one of its forms."""
    table = tables.foreign()
    return text in table or text.lower() in table or text.title() in table


def glued(c: Context, i: int) -> Said | None:
    """ "nhândân": two Vietnamese words without their space, where one of them bears a tone."""
    text = c.tokens[i].text
    lower = text.lower()
    if not has_tone(lower) or not (text.islower() or text.istitle()):
        return None
    cuts = range(SHORTEST_GLUED, len(text) - SHORTEST_GLUED + 1)
    parted = [
        cut for cut in cuts if is_vietnamese(lower[:cut]) and is_vietnamese(lower[cut:])
    ]
    if not parted:
        return None
    # The longest first half: "ngàyhội" is "ngày hội" rather than "ngà yhội".
    cut = parted[-1]
    return Said(f"{text[:cut]} {text[cut:]}", i + 1, "glued", doubt=True)


def mixed_case(c: Context, i: int) -> Said | None:
    """SmartHome, VTVgo: each part by itself.

    A doubt where one is spelled, as nobody knows how it is called.
    """
    text = c.tokens[i].text
    runs = _runs(text)
    if len(runs) < 2 or not text.isalpha() or c.options.foreign == "given":
        return None
    spelled = any(len(run) > 1 and run.isupper() for run in runs)
    spoken = " ".join(map(_part, runs))
    return (
        Said(spoken, i + 1, "spelled", doubt=True)
        if spelled
        else Said(spoken, i + 1, UNLISTED)
    )


def unlisted(c: Context, i: int) -> Said:
    """A foreign word that no row has, respelled by rule, or as it is where the voice can say it."""
    text = c.tokens[i].text
    as_written = text.lower() if text.isupper() else text
    if c.options.foreign == "given" or text.lower() in _respellings():
        return Said(as_written, i + 1, UNLISTED)
    return Said(respelled(text) or as_written, i + 1, UNLISTED)


@cache
def _respellings() -> frozenset[str]:
    """The words that rows respell with, some of which are no syllables of Vietnamese:
    "xtây", "phri".
    """
    return frozenset(
        word for said in tables.foreign().values() for word in said.lower().split()
    )


def _runs(text: str) -> list[str]:
    """The parts of a word, cut where a capital follows a small letter,
    or begins a word: VTV|go, QR|Code.
    """
    cuts = [0]
    for place, (char, following) in enumerate(pairwise(text), 1):
        begins_a_word = (
            char.isupper()
            and following.isupper()
            and text[place + 1 : place + 2].islower()
        )
        ends_letters = char.isupper() and following.islower() and place - cuts[-1] > 1
        if (following.isupper() and char.islower()) or begins_a_word or ends_letters:
            cuts.append(place)
    return [text[start:end] for start, end in pairwise([*cuts, len(text)])]


def _part(run: str) -> str:
    """A part of a word of mixed case: a word of the table or of Vietnamese,
    else letters or by rule.
    """
    table, lower = tables.foreign(), run.lower()
    if run.isupper() and len(run) < SHORTEST_SHOUTED:
        return spell(run)
    if row := table.get(run) or table.get(lower):
        return row
    if is_vietnamese(lower):
        return lower if run.isupper() else run
    return respelled(run) or spell(run)


def _row(c: Context, text: str) -> str | None:
    """One at the begin of a sentence, or in capitals,
    may be listed in small letters, and the other way round.
    """
    table = tables.foreign()
    if row := table.get(text):
        return row
    shouted = text.isupper() and len(text) >= SHORTEST_SHOUTED
    small = text.islower() and len(text) >= SHORTEST_SHOUTED
    if not (c.capitals or shouted or small or text.istitle()):
        return None
    return table.get(text.lower()) or table.get(text.title())
