"""Whether a word can be Vietnamese: syllables are few and regular,
all else is foreign, a code or a slip.
"""

import re
import unicodedata
from functools import lru_cache

from service.vietnamese.tables import letters

ONSETS = "ngh|ng|nh|kh|gh|gi|ph|th|tr|ch|qu|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
VOWELS = (
    "oai|oay|oao|oeo|uay|uây|uya|uyê|uyu|iêu|yêu|ươi|ươu|uôi|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|ơi|oo|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|ya|yê|"
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
CODAS = "ng|nh|ch|c|m|n|p|t|"
# Finals that only the tones sắc and nặng go with: "vát", never "vat".
STOPPED = (
    "p",
    "t",
    "c",
    "ch",
)
LONGEST = len("nghiêng")
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
SHAPE = re.compile(rf"(?:{ONSETS})(?:{VOWELS})(?:{CODAS})")


@lru_cache(maxsize=20_000)
def is_vietnamese(word: str) -> bool:
    """Whether a lower-case NFC word has the shape of one Vietnamese syllable."""
    if len(word) > LONGEST:
        return False
    decomposed = unicodedata.normalize("NFD", word)
    if word.endswith(STOPPED) and not (
        "\u0301" in decomposed or "\u0323" in decomposed
    ):
        return False
    bare = unicodedata.normalize(
        "NFC", "".join(c for c in decomposed if c not in TONES)
    )
    return SHAPE.fullmatch(bare) is not None


def has_tone(text: str) -> bool:
    """Whether one of the letters bears a tone, as only words do, never initials."""
    return not TONES.isdisjoint(unicodedata.normalize("NFD", text))


def without_marks(text: str) -> str:
    """Letters without tones, hats, hooks and bars: "đường" → "duong"."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("đ", "d").replace("Đ", "D")


def spell(text: str) -> str:
    """Letter by letter: "ODA" → "o đê a"; a letter Vietnamese lacks is said as its bare form."""
    names = letters()
    said: list[str] = []
    for char in text.upper():
        bare = unicodedata.normalize("NFD", char)[0]
        name = names.get(char) or names.get(bare)
        if name:
            said.append(name)
    return " ".join(said)
