"""Which of its senses an abbreviation has:
every row of its form is weighed by what stands around it.

What touches it tells most (a title before a name, the words of a phrase), then a term of the tables
that it completes, then a topic's word somewhere near and a number before it; a usual sense has
nothing but its custom. Where the winner was told by little, or another sense is told nearly as
well, the choice is a doubt, and the rivals are handed on for an editor to take one of them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from service.vietnamese import tables
from service.vietnamese.context import Context, with_modern_marks
from service.vietnamese.tables import Abbreviation
from service.vietnamese.tables.cue import Cue
from service.vietnamese.tokens import Token

# How much each kind of evidence tells, in points. Only their order and the distances below matter.
BESIDE = 8  # a word of the row right before or after: "sở CT", "CT UBND"
OF_A_PHRASE = 1  # more for each further word: "khoa học và CN" rather than "và CN"
JOINED = 10  # a part of a larger one: "CN&MT"
COMPLETES = (
    6  # makes a term of the tables with its neighbours: "TN bình quân", as in TNBQ
)
KIND_AFTER = 8  # a name, a number, a plate after it: "TS Hùng", "CT 05"
NEAR = 4  # a word of its topic within 80 characters
JOINS = 3  # a word that joins anything right before: "các CT"
KIND_BEFORE = 3  # a number before it: "120 TS"; most senses can be counted
CUSTOM = 1  # a row that needs nothing
CLOSE = 1  # points by which a rival may be behind and still be one
MOST_RIVALS = 5

LONGEST_TERM = 6  # words of a term beyond the abbreviation that are compared
LONGEST_GUESSED = 2  # letters that may mean anything
LONGEST_BRAND = 2  # letters that a long figure may touch: NK4300
JOINTS = frozenset("-–,&/")
_SUM = re.compile(r"\s?(?:nghìn|ngàn|triệu|tỷ|tỉ|tr|đồng|đ)(?!\w)")

Words = tuple[str, ...]


class Sense(NamedTuple):
    """A row and what tells for it."""

    row: Abbreviation
    points: int


class Choice(NamedTuple):
    """The sense that an abbreviation has here.

    `rivals` are the other words it may stand for, the likeliest first.

    `doubt` when an editor should look: a rival is close, or what tells for the winner is weak.
    """

    spoken: str
    doubt: bool = False
    rivals: Words = ()
    by_context: bool = False


def choose(c: Context, i: int, text: str) -> Choice | None:
    """The best sense of an abbreviation at token `i`.

    None when no row has it, or none that fits.
    """
    rows = tables.abbreviations().get(text)
    if rows is None:
        return None
    if len(rows) == 1:
        (row,) = rows
        if evidence(c, i, row) is None:
            return None
        return Choice(row.spoken, _is_only_custom(c, i, row), by_context=row.needs)
    senses = [
        Sense(row, points)
        for row in rows
        if (points := evidence(c, i, row)) is not None
    ]
    if all(sense.points < COMPLETES for sense in senses):
        senses += _completed(c, i, rows)
    if not senses:
        return None
    best = max(senses, key=lambda sense: sense.points)  # of equals the first row
    rivals: Words = ()
    if _is_weak(best) or _has_a_close_rival(best, senses):
        rivals = _rivals(best, senses, rows)
    doubt = bool(rivals) or _is_only_custom(c, i, best.row)
    return Choice(best.row.spoken, doubt, rivals, best.row.needs)


def senses_of(text: str) -> Words:
    """All that an abbreviation may stand for, what most rows know first; () when no row has it."""
    rows = tables.abbreviations().get(text, ())
    common = Counter(row.spoken for row in rows).most_common(MOST_RIVALS)
    return tuple(words for words, _ in common)


def evidence(c: Context, i: int, row: Abbreviation) -> int | None:
    """What tells for a row at token `i`, in points; None when words it needs are not there."""
    if not row.needs:
        return CUSTOM
    points = 0
    if row.needs_before:
        before = _points_before(c, i, row)
        if not before:
            return None
        points += before
    if row.before or row.before_kinds:
        after = _points_after(c, i, row)
        if not after:
            return None
        points += after
    return points


def _points_before(c: Context, i: int, row: Abbreviation) -> int:
    """What the words before token `i`, those near it or its joints tell for a row.

    0 for nothing.
    """
    if row.after and (words := _longest_end(c.three_before(i), row.after)):
        if words == 1 and c.before(i) in tables.cues(Cue.JOINING):
            return JOINS  # anything may stand after "các"
        return BESIDE + OF_A_PHRASE * words
    if row.joined and _is_joined(c, i):
        return JOINED
    return _points_of_kind(c, i, row) + _points_of_topic(c, i, row)


def _points_of_kind(c: Context, i: int, row: Abbreviation) -> int:
    if not row.after_kinds:
        return 0
    previous = c.neighbour(i, -1)
    return (
        KIND_BEFORE if previous is not None and previous.kind in row.after_kinds else 0
    )


def _points_of_topic(c: Context, i: int, row: Abbreviation) -> int:
    if not row.near:
        return 0
    around = c.near(i)
    return NEAR if any(word in around for word in row.near) else 0


def _points_after(c: Context, i: int, row: Abbreviation) -> int:
    """What stands after token `i` tells for a row; 0 for nothing."""
    if row.before and (words := _longest_begin(c.three_after(i), row.before)):
        return BESIDE + OF_A_PHRASE * words
    if row.before_kinds and _precedes(c, i, row.before_kinds):
        return KIND_AFTER
    return 0


def _longest_end(before: str, cues: Words) -> int:
    """The words of the longest cue that the text ends with; each stands between spaces."""
    if not before.endswith(cues):
        return 0
    return max(cue.count(" ") - 1 for cue in cues if before.endswith(cue))


def _longest_begin(after: str, cues: Words) -> int:
    """The words of the longest cue that the text begins with; each ends with a space."""
    if not after.startswith(cues):
        return 0
    return max(cue.count(" ") for cue in cues if after.startswith(cue))


def _completed(c: Context, i: int, rows: Sequence[Abbreviation]) -> list[Sense]:
    """The senses that make a term of the tables with what stands around:
    "HĐ lao động", "xã hội TN".
    """
    before = tuple(c.before(i, LONGEST_TERM).split())
    following = _said_first(c.neighbour(i, 1))
    return [
        Sense(row, COMPLETES)
        for row in rows
        if _completes(_terms_around(row), before, following)
    ]


class Around(NamedTuple):
    """What terms of the tables have around some words: `tails` after them,
    where nothing is before them.

    `leads` are all words before them, by the last, each with the first word after them, "" for
    none. Half a term is none: "toàn TP" has nothing of "an toàn thực phẩm".
    """

    tails: frozenset[str]
    leads: Mapping[str, Sequence[tuple[Words, str]]]


def _completes(around: Around, before: Words, following: str) -> bool:
    if following and following in around.tails:
        return True
    if not before:
        return False
    return any(
        before[-len(lead) :] == lead and tail in ("", following)
        for lead, tail in around.leads.get(before[-1], ())
    )


@cache
def _terms_around(row: Abbreviation) -> Around:
    """What the tables' terms have around what a row says."""
    spoken = row.spoken.lower()
    tails: set[str] = set()
    leads: defaultdict[str, list[tuple[Words, str]]] = defaultdict(list)
    for term in _terms():
        before, inside, after = f" {term} ".partition(f" {spoken} ")
        if not inside or before.count(" ") > LONGEST_TERM:
            continue
        lead, tail = tuple(before.split()), next(iter(after.split()), "")
        if lead:
            leads[lead[-1]].append((lead, tail))
        elif tail:
            tails.add(tail)
    return Around(frozenset(tails), leads)


@cache
def _terms() -> frozenset[str]:
    """What abbreviations stand for, without marks."""
    spoken = (row.spoken for rows in tables.abbreviations().values() for row in rows)
    return frozenset(term.lower().replace(",", "") for term in spoken)


def _said_first(token: Token | None) -> str:
    """The first word of what a token says, when that is plain."""
    if token is None or token.text in tables.cues(Cue.JOINING):
        return ""
    rows = tables.abbreviations().get(token.text, ())
    return (
        rows[0].spoken.lower().split()[0]
        if len(rows) == 1
        else with_modern_marks(token.text.lower())
    )


def _rivals(
    best: Sense, senses: Sequence[Sense], rows: Sequence[Abbreviation]
) -> Words:
    """What else it may stand for: what fits here first, then the sense that most rows know."""
    likely = sorted(senses, key=lambda sense: -sense.points)
    common = Counter(row.spoken for row in rows).most_common()
    spoken = [*(sense.row.spoken for sense in likely), *(words for words, _ in common)]
    others = dict.fromkeys(words for words in spoken if words != best.row.spoken)
    return tuple(others)[:MOST_RIVALS]


def _is_only_custom(c: Context, i: int, row: Abbreviation) -> bool:
    """Whether two capitals have the one sense that a row knows,
    and nothing around speaks for it.
    """
    guessed = len(row.written) == LONGEST_GUESSED and row.written.isupper()
    if row.needs or not guessed or not row.written.isalpha():
        return False
    return row.written not in tables.cues(Cue.SURE) and not _completed(c, i, (row,))


def _is_weak(best: Sense) -> bool:
    """Whether a sense was told by a topic, a number or custom only."""
    return best.points < COMPLETES


def _has_a_close_rival(best: Sense, senses: Sequence[Sense]) -> bool:
    """Whether another sense is told nearly as well; a custom is no rival of what is told."""
    return any(
        sense.row.spoken != best.row.spoken
        and sense.points > CUSTOM
        and sense.points >= best.points - CLOSE
        for sense in senses
    )


def _precedes(c: Context, i: int, kinds: Sequence[str]) -> bool:
    """Whether a token of one of these kinds stands after token `i`."""
    following = c.neighbour(i, 1)
    if following is None:
        return False
    if (
        following.kind == "number"
        and "sum" in kinds
        and _SUM.match(c.text, following.end)
    ):
        return True
    if "name" in kinds and following.text.istitle():
        return True
    return following.kind in kinds and not _is_a_brand(c, i)


def _is_a_brand(c: Context, i: int) -> bool:
    """The NK of "ngô NK4300": a long figure touches it, as none does in "lên BĐ2"."""
    right = c.beside(i, 1)
    touched = right is not None and right.kind == "number" and len(right.text) > 1
    return touched and len(c.tokens[i].text) == LONGEST_BRAND


def _is_joined(c: Context, i: int) -> bool:
    """Whether an abbreviation is a part of a larger one: KT-HT&ĐT, VH,KH&TT."""
    if "&" in c.tokens[i].text:
        return True
    return any(_is_joined_towards(c, i, step) for step in (-1, 1))


def _is_joined_towards(c: Context, i: int, step: int) -> bool:
    apart = c.neighbour(i, step)
    if apart is not None and apart.text == "&":
        return True
    mark, other = c.beside(i, step), c.beside(i + step, step)
    if mark is None or other is None or mark.text not in JOINTS:
        return False
    return other.kind in ("word", "abbreviation") and other.text.isupper()
