"""What abbreviations stand for that no row has whole, and what is not said twice."""

from service.vietnamese import tables
from service.vietnamese.context import Context, with_modern_marks
from service.vietnamese.senses import choose
from service.vietnamese.syllable import spell
from service.vietnamese.tables.cue import Cue

LONGEST_COMPOSED = 12  # letters
LONGEST_HALF = 2  # letters of a half that may mean anything


def stands_for(c: Context, i: int, text: str) -> str:
    """What an abbreviation stands for here, or "" when it is none."""
    choice = choose(c, i, text)
    return choice.spoken if choice else ""


def in_parts(c: Context, i: int, text: str) -> str:
    """What an abbreviation with & stands for, part by part; letters where nobody knows a part."""
    parts = text.split("&")
    return " và ".join(
        stands_for(c, i, part) or composed(c, i, part) or spell(part) for part in parts
    )


def composed(c: Context, i: int, text: str) -> str:
    """What an abbreviation that no row has stands for when its halves are known:
    BTCTU, GCNĐKKD, QLNNVN; else "".

    The first must be one that names begin with (trung tâm, ban, cán bộ …), else letters would be
    taken for words; a last one of two letters may mean anything and must be one that names end with
    (tỉnh ủy, cơ sở …).
    """
    if len(text) > LONGEST_COMPOSED:
        return ""
    return _with_an_end(c, i, text) or _with_a_beginning(c, i, text)


def _with_an_end(c: Context, i: int, text: str) -> str:
    """CATP: what rows know, and an end of two letters."""
    tail = tables.last_halves().get(text[-LONGEST_HALF:])
    if not tail or len(text) <= 2 * LONGEST_HALF:
        return ""
    head = stands_for(c, i, text[:-LONGEST_HALF])
    return f"{head} {tail}" if head else ""


def _with_a_beginning(c: Context, i: int, text: str) -> str:
    """TTBVMT: a beginning, and what rows or further halves know; the longest beginning first."""
    first, last = tables.first_halves(), tables.last_halves()
    for cut in range(len(text) - 2, 1, -1):
        head, tail = text[:cut], text[cut:]
        if head not in first or (len(tail) <= LONGEST_HALF and tail not in last):
            continue
        said = last.get(tail) or stands_for(c, i, tail) or composed(c, i, tail)
        if said:
            return f"{first[head]} {said}"
    return ""


def not_twice(c: Context, i: int, spoken: str) -> str:
    """ "Ban BCĐ", "Tiêu chuẩn TCVN": what the text has just said is not said again.

    Only words that stand right before it count, none from beyond a mark; of a single word only
    those that offices are called by, and not where it is half of another: "Quốc hội HĐND".
    """
    said = spoken.split()
    before = _words_right_before(c, i, len(said))
    for count in range(min(len(said) - 1, len(before)), 0, -1):
        if before[-count:] == said[:count] and (
            count > 1 or _is_said_once(said[0], before)
        ):
            return " ".join(said[count:])
    return spoken


def _is_said_once(word: str, before: list[str]) -> bool:
    if word not in tables.cues(Cue.SAID):
        return False
    return " ".join(before[-2:]) not in tables.cues(Cue.COMPOUND)


def _words_right_before(c: Context, i: int, count: int) -> list[str]:
    """Up to `count` words and one more before token `i`, small letters,
    with nothing but spaces between.
    """
    words: list[str] = []
    k = i - 1
    while k >= 0 and len(words) <= count and c.tokens[k].kind in ("space", "word"):
        if c.tokens[k].kind == "word":
            words.append(with_modern_marks(c.tokens[k].text.lower()))
        k -= 1
    return words[::-1]
