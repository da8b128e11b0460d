"""A text whose letters were read in the wrong encoding is mended, if that makes it Vietnamese."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.intake.encodings.syllables import LOOKED_AT_CHARS, share_of_vietnamese
from service.intake.encodings.tables import from_tcvn3, from_vni
from service.intake.story import Doubt, Rejected

RIGHT_SHARE = 0.85  # of Vietnamese words, in a text that is as it should be
BETTER_BY = 0.25
LOST = re.compile(r"[^\W\d_]\?[^\W\d_]|\ufffd")
LOST_SHARE = 0.05  # of the words
# Of UTF-8 read as Windows-1252
MOJIBAKE = re.compile(r"[ÃÂÄÆ][\x80-\xbf\u0152-\u2122?]|á[º»\xba\xbb]")
FEWEST_MOJIBAKE = 2  # one may be meant
LONGEST_MENDED_CHARS = 200_000


@dataclass(frozen=True, slots=True)
class Mended:
    """A text, what it was read from ("" when it was right), and what is doubted of it."""

    text: str
    encoding: str = ""
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """The same bytes in another encoding; `share` of its words are Vietnamese."""

    share: float
    encoding: str
    text: str


def _from_mojibake(text: str) -> str:
    import ftfy  # 2 MB, for the few texts that were decoded wrongly

    return ftfy.fix_encoding(text)


WAYS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("UTF-8", _from_mojibake),
    ("TCVN3", from_tcvn3),
    ("VNI", from_vni),
)


def mended(text: str) -> Mended:
    """The text as it was meant.

    It is left alone unless another encoding makes it clearly more Vietnamese.

    Rejected for UTF-8 that was read as something else and lost letters on the way. A text of more
    than `LONGEST_MENDED_CHARS` is taken as it is.
    """
    share = share_of_vietnamese(text)
    if share < RIGHT_SHARE and len(text) <= LONGEST_MENDED_CHARS:
        if (
            _is_mojibake(text)
            and share_of_vietnamese(_from_mojibake(text)) < RIGHT_SHARE
        ):
            raise _beyond_repair()
        best = max(_in_other_encodings(text), key=lambda reading: reading.share)
        if best.share >= share + BETTER_BY and best.text != text:
            return Mended(best.text, best.encoding, (Doubt.ENCODING,))
    return Mended(text, "", (Doubt.LOST_LETTERS,) if has_lost_letters(text) else ())


def _is_mojibake(text: str) -> bool:
    return len(MOJIBAKE.findall(text[:LOOKED_AT_CHARS])) >= FEWEST_MOJIBAKE


def _in_other_encodings(text: str) -> Iterator[_Reading]:
    for encoding, convert in WAYS:
        other = unicodedata.normalize("NFC", convert(text))
        yield _Reading(share_of_vietnamese(other), encoding, other)


def has_lost_letters(text: str) -> bool:
    """ "Th?ng b?o": letters became question marks somewhere on the way."""
    lost = len(LOST.findall(text))
    return lost >= 2 and lost >= LOST_SHARE * len(text.split())


def _beyond_repair() -> Rejected:
    return Rejected(
        "body",
        "lost_encoding",
        "this is UTF-8 that was read as something else, and letters were lost; copy the text again",
        "Văn bản bị sai bảng mã và đã mất chữ, máy không sửa lại được. Hãy sao chép lại từ bản gốc.",
    )
