"""Letters that are said one by one: initials, codes, brands, and capitals that nobody knows."""

import re
from itertools import groupby

from service.vietnamese import tables
from service.vietnamese.context import Context, Said
from service.vietnamese.respelling import respelled
from service.vietnamese.senses import MOST_RIVALS, senses_of
from service.vietnamese.syllable import has_tone, is_vietnamese, spell, without_marks
from service.vietnamese.symbols import name_of
from service.vietnamese.tables.cue import Cue

LONGEST_BRAND = 3  # letters before the digits of OM18
LONGEST_STATION = 4  # letters: TTV, THVL
LONGEST_CODE = 2  # letters, as of insurance cards: GD, DN
LONGEST_PAIR = 2  # letters that are spelled although they might be a syllable: OM 18
LONGEST_LETTERS = 3  # of capitals alone that are letters rather than a word: RIA
# Letters of capitals that are a name rather than letters where they can be said: RAGASA
SHORTEST_NAME = 5
# Letters that stand for words of the article: fewer are the initials of some by chance
SHORTEST_BY_INITIALS = 4
SHORTEST_NAMED = 4  # the same after "bão"
REACH_OF_A_NAME = 3  # words: "bão số 9 NESAT"
REACH = 8  # tokens
_WORDS_OF_A_LETTER = "ÂÊÔ"  # words, as what bears a tone is: Ở Hà Nội, Ý Yên
_SOUNDS = {"H": "hờ", "K": "cờ", "M": "mờ", "R": "rờ", "N": "nờ"}
_VOWEL = re.compile("[aeiouy]")
# Consonants and vowels by turns, as a name has them that is said as a word.
_SPEAKABLE = re.compile(
    r"(?:(?:[bcdfgkpt]r|[bcfgp]l|[cgkpst]h|ng|nh|qu|st|[bcdfghjklmnpqrstvwxz])?"
    r"[aeiouy]{1,2}(?:ch|ng|nh|[cmnpt]|[lrsk](?=[^aeiouy]|$))?)++"
)


# Consonant and vowel by turns: JICA, NASA, KOICA are said as words.
_BY_TURNS = re.compile(r"(?:[bcdfghjklmnpqrstvwxz][aeiou]{1,2}){2,}")


def code(c: Context, i: int) -> Said | None:
    """ "mã DN, HX", "kênh TTV": letters after "mã" or "cú pháp", or of a station, are letters."""
    text = c.tokens[i].text
    if not text.isupper():
        return None
    of_a_station = len(text) <= LONGEST_STATION and c.before(i) in tables.cues(
        Cue.CHANNEL
    )
    if of_a_station or (len(text) <= LONGEST_CODE and _is_a_code(c, i)):
        return Said(spell(text), i + 1, "spelled")
    return None


def brand(c: Context, i: int) -> Said | None:
    """OM18, ST25: capitals that touch a figure and are no abbreviation."""
    text = c.tokens[i].text
    if not (text.isupper() and text.isascii() and len(text) <= LONGEST_BRAND):
        return None
    following = c.beside(i, 1)
    touches = following is not None and following.kind == "number"
    if not touches or text in tables.abbreviations():
        return None
    return Said(spell(text), i + 1, "spelled")


def pair(c: Context, i: int) -> Said | None:
    """ "giống lúa OM 18": two capitals alone are letters, although they may be a syllable."""
    text = c.tokens[i].text
    alone = text.isupper() and text.isascii() and len(text) == LONGEST_PAIR
    if not alone or _is_shouted(c, text) or among_capitals(c, i):
        return None
    return _letters(c, i)


def three_letters(c: Context, i: int) -> Said | None:
    """RIA, KAI: three plain capitals alone among small letters are letters, too."""
    text = c.tokens[i].text
    alone = text.isupper() and text.isascii() and len(text) == LONGEST_LETTERS
    if not alone or c.capitals or among_capitals(c, i):
        return None
    return _letters(c, i)


def letter(c: Context, i: int) -> Said | None:
    """A single capital that is no word: an initial, a vitamin, a class."""
    text = c.tokens[i].text
    if (
        len(text) != 1
        or not text.isupper()
        or text in _WORDS_OF_A_LETTER
        or has_tone(text)
    ):
        return None
    previous = c.neighbour(i, -1)
    # "47 độ C trong 2 giờ", "bảng B gồm": a word of small letters before it is what it names.
    names = (
        previous is not None
        and previous.text.islower()
        and not is_vietnamese(text.lower())
    )
    return Said(spell(text), i + 1, "spelled") if names or not _goes_on(c, i) else None


def sound_of_a_name(c: Context, i: int) -> Said | None:
    """The H of "H'Lan" and the K of "K'Brêu", names of the Central Highlands: sounds, no letters."""
    sound = _SOUNDS.get(c.tokens[i].text)
    apostrophe = c.beside(i, 1)
    if sound is None or apostrophe is None or apostrophe.text not in "'’":
        return None
    name = c.beside(i + 1, 1)
    return Said(sound, i + 2, "spelled") if name and name.text[0].isalpha() else None


def _goes_on(c: Context, i: int) -> bool:
    """Whether a space and a small letter follow token `i`."""
    following = c.tokens[i + 1] if i + 1 < len(c.tokens) else None
    if following is None or following.kind != "space":
        return False
    return c.text[following.end : following.end + 1].islower()


def name_in_capitals(c: Context, i: int) -> Said | None:
    """RAGASA, "bão NESAT": capitals that can be said as a word are a name where they are long,
    or a storm's.
    """
    text = c.tokens[i].text
    if not text.isupper() or not _VOWEL.search(without_marks(text.lower())):
        return None
    named = not tables.cues(Cue.NAME).isdisjoint(c.before(i, REACH_OF_A_NAME).split())
    lower = text.lower()
    by_turns = _BY_TURNS.fullmatch(lower) is not None
    if len(text) < (SHORTEST_NAMED if named or by_turns else SHORTEST_NAME):
        return None
    if not is_speakable(lower):
        return None
    spoken = lower if c.options.foreign == "given" else respelled(text) or lower
    return Said(spoken, i + 1, "foreign", doubt=True, rivals=(spell(text),))


def unknown_capitals(c: Context, i: int) -> Said | None:
    """XYZK: letters, and an editor should look."""
    text = c.tokens[i].text
    return _letters(c, i) if text.isupper() else None


def without_vowels(c: Context, i: int) -> Said | None:
    """ "kg" where no figure is, "Mr": what nobody can say as a word."""
    text = c.tokens[i].text
    if _VOWEL.search(without_marks(text.lower())):
        return None
    an_item = len(text) == 1 and c.before(i) in tables.cues(Cue.ITEM)
    return Said(spell(text) or text, i + 1, "spelled", doubt=not an_item)


def with_signs(c: Context, i: int) -> Said | None:
    """mc²: letters with signs or figures among them."""
    text = c.tokens[i].text
    if text.replace("&", "").isalpha():
        return None
    return Said(mixed(text), i + 1, "symbol", doubt=True)


def mixed(text: str) -> str:
    """Letters with symbols among them, as in mc²:
    each run of letters spelled unless it is a word.
    """
    said: list[str] = []
    for alphabetic, run in groupby(text, str.isalpha):
        letters = "".join(run)
        if alphabetic:
            said.append(_run(letters))
        else:
            said += map(name_of, letters)
    return " ".join(filter(None, said))


def is_speakable(lower: str) -> bool:
    """Whether plain small letters can be said as a foreign word: "ragasa", not "vneid"."""
    return _SPEAKABLE.fullmatch(lower) is not None


def among_capitals(c: Context, i: int) -> bool:
    """Whether a name in capitals goes on beside token `i`: ÔNG LÊ VĂN AN."""
    return any(
        (beside := c.neighbour(i, step))
        and len(beside.text) > 1
        and beside.text.isupper()
        for step in (-1, 1)
    )


def _letters(c: Context, i: int) -> Said:
    """Letter by letter, for an editor to look at.

    Rivals are words of the article with these initials, and what rows know of them with words that
    are not here. Where the article has one such name, and it is no chance, that is said.
    """
    text = c.tokens[i].text
    likely = c.introduced.likely(text)
    if len(likely) == 1 and len(text) >= SHORTEST_BY_INITIALS:
        return Said(likely[0], i + 1, "introduced", doubt=True, rivals=(spell(text),))
    rivals = tuple(dict.fromkeys((*likely, *senses_of(text))))[:MOST_RIVALS]
    return Said(spell(text), i + 1, "spelled", doubt=True, rivals=rivals)


def _is_shouted(c: Context, text: str) -> bool:
    return c.capitals and is_vietnamese(text.lower())


def _is_a_code(c: Context, i: int) -> bool:
    """Whether letters stand after "mã" or "cú pháp",
    or are further ones of a list there: "mã DN, HX".
    """
    for k in range(i - 1, max(-1, i - REACH), -1):
        token = c.tokens[k]
        if token.kind == "word" and not token.text.isupper():
            named = token.text.lower()
            return named in tables.cues(Cue.CODE) and (
                named != "pháp" or c.before(k) == "cú"
            )
        if token.kind not in ("word", "space") and token.text != ",":
            return False
    return False


def _run(letters: str) -> str:
    if len(letters) > 1 and is_vietnamese(letters.lower()):
        return letters.lower() if letters.isupper() else letters
    return spell(letters)
