"""Foreign words and names: those that a row respells, and those that are said as they are written."""

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.syllable import has_tone, is_vietnamese

UNLISTED = "unlisted"  # the rule of foreign words that no row has: a quiet mark, no doubt
SHORTEST_SHOUTED = 4  # letters in capitals that may be a word of small letters: ONLINE
SHORTEST_GLUED = 2  # letters of each half of "nhândân"


def listed(c: Context, i: int) -> Said | None:
    """A word of the table, as a Vietnamese voice comes closest to it, or as it is where the voice can say it."""
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
    parted = [cut for cut in cuts if is_vietnamese(lower[:cut]) and is_vietnamese(lower[cut:])]
    if not parted:
        return None
    # The longest first half: "ngàyhội" is "ngày hội" rather than "ngà yhội".
    cut = parted[-1]
    return Said(f"{text[:cut]} {text[cut:]}", i + 1, "glued", doubt=True)


def unlisted(c: Context, i: int) -> Said:
    """A foreign word that no row has, as it is written: the voice does what it can."""
    text = c.tokens[i].text
    return Said(text.lower() if text.isupper() else text, i + 1, UNLISTED)


def _row(c: Context, text: str) -> str | None:
    """One at the begin of a sentence, or in capitals, may be listed in small letters."""
    table = tables.foreign()
    if respelled := table.get(text):
        return respelled
    shouted = text.isupper() and len(text) >= SHORTEST_SHOUTED
    if not (c.capitals or shouted or text.istitle()):
        return None
    return table.get(text.lower()) or table.get(text.title())
