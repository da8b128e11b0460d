"""Where an announcer breathes: the tokens of a passage,
cut into sentences, and the silence after each.
"""

import re
from collections.abc import Callable, Sequence, Set
from typing import NamedTuple

from service.vietnamese.numbers import roman
from service.vietnamese.rules import Sign, first_verdict
from service.vietnamese.sentence import Role
from service.vietnamese.tables import cues, pairs
from service.vietnamese.tables.cue import Cue
from service.vietnamese.tokens import Token

# Characters; a longer sentence is cut at a clause: nobody follows it, and no engine likes it
LONGEST = 260
SHORTEST = 60  # ... but not into crumbs
PAUSES_MS = {
    "clause": 220,
    "sentence": 450,
    "paragraph": 750,
    Role.LINE: 500,
    Role.HEADING: 900,
    Role.LEAD: 900,
    Role.TITLE: 1100,
}
# How good a place is to breathe, from the best on.
CLAUSE, COMMA, CONJUNCTION, PHRASE, ITEM, ANYWHERE, NEVER = 3, 2, 1, 0, 0, -1, -2
ENDS = frozenset(".!?…")
ENDING = frozenset(("mark", "ellipsis", "end", "abbreviation"))  # kinds of tokens
PAUSING = frozenset(",;:()-–")  # the marks that most texts have, and that end nothing
AND_SO_ON = "v.v"
CLOSERS = frozenset("”\"')»]’")
# Past what closes, the next two characters
_REST = re.compile(r"[”\"')»\]’]*+(.{0,2})")
_LETTER = re.compile(r"\w")
_REST_OF_ELLIPSIS = re.compile(r"[”\"')»\]’.]*+(.{0,2})")


def sentences(text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Sentences as ranges of token numbers; spaces between them belong to none."""
    ranges: list[tuple[int, int]] = []
    first = 0
    for i in _that_may_end(tokens):
        if i < first:
            continue
        if _ends(text, tokens, i) and not _marks_a_list(tokens, first, i):
            end = i + 1
            while end < len(tokens) and tokens[end].text in CLOSERS:
                end += 1
            ranges.append((first, end))
            first = end
        elif tokens[i].kind == "end":
            ranges.append((first, i + 1))
            first = i + 1
    ranges.append((first, len(tokens)))
    pieces = (trim(tokens, start, end) for start, end in ranges)
    return [(start, end) for start, end in pieces if _speakable(tokens, start, end)]


def _that_may_end(tokens: Sequence[Token]) -> list[int]:
    return [
        i
        for i, token in enumerate(tokens)
        if token.kind in ENDING and token.text not in PAUSING
    ]


def pause_ms(tokens: Sequence[Token], end: int, role: Role, *, last: bool) -> int:
    """The silence after a sentence that ends before token `end`.

    `last` when it ends its passage.
    """
    if last:
        return PAUSES_MS.get(role, PAUSES_MS["paragraph"])
    while end and tokens[end - 1].text in CLOSERS:
        end -= 1
    return PAUSES_MS[
        "sentence" if end and tokens[end - 1].text[-1] in ENDS else "clause"
    ]


class Stop(NamedTuple):
    """A mark that may end a sentence: what stands before it,
    and the two characters after it and what closes.
    """

    tokens: Sequence[Token]
    i: int
    before: Token | None
    rest: str

    @property
    def token(self) -> Token:
        """The mark itself."""
        return self.tokens[self.i]

    @property
    def opens_into_a_capital(self) -> bool:
        """Whether nothing follows, or a space and no small letter of a word that goes on."""
        return not self.rest or (self.rest[0] == " " and self.rest[1:].isupper())


def _ends(text: str, tokens: Sequence[Token], i: int) -> bool:
    """Whether token `i` ends a sentence."""
    token = tokens[i]
    open_end = token.kind == "ellipsis" or token.text.startswith(AND_SO_ON)
    if not open_end and (token.kind != "mark" or token.text not in ENDS):
        return False
    rest = _following(_REST_OF_ELLIPSIS if open_end else _REST, text, token.end)
    return first_verdict(STOPS, Stop(tokens, i, tokens[i - 1] if i else None, rest))


def _is_an_initial(stop: Stop) -> bool:
    before = stop.before
    if not before or len(before.text) != 1 or not before.text.isupper():
        return False
    return stop.i < 2 or stop.tokens[stop.i - 2].kind == "space"


def _is_glued(stop: Stop) -> bool:
    capitalised = stop.rest[0].isupper() and stop.rest[1:].islower()
    return bool(stop.before and stop.before.text.islower() and capitalised)


# Read from above: the first that holds decides. The examples show where a sentence ends by a stop.
STOPS: tuple[Sign[Stop], ...] = (
    Sign(
        "an open end before a new sentence",
        True,
        lambda stop: (
            (stop.token.kind == "ellipsis" or stop.token.text.startswith(AND_SO_ON))
            and stop.opens_into_a_capital
        ),
        "có chè, ngô v.v. Bà con lưu ý",
        "có chè, ngô vân vân. Bà con lưu ý",
    ),
    Sign(
        "an open end that goes on",
        False,
        lambda stop: (
            stop.token.kind == "ellipsis" or stop.token.text.startswith(AND_SO_ON)
        ),
        "có chè, ngô… và bưởi",
        "có chè, ngô, và bưởi",
    ),
    Sign("the end of all", True, lambda stop: not stop.rest, "xã họp!", "xã họp!"),
    Sign(
        "a question or a call",
        True,
        lambda stop: stop.token.text in "!?",
        "Ai đi? xã hỏi",
        "Ai đi? xã hỏi",
    ),
    Sign(
        "an initial",
        False,
        _is_an_initial,
        "anh Nguyễn Văn H. Khai nhận",
        "anh Nguyễn Văn hát Khai nhận",
    ),
    Sign(
        "a stop before a word that goes on",
        False,
        lambda stop: stop.rest[0] == " " and stop.rest[1:].islower(),
        "cao 5 m. rộng",
        "cao năm mét. rộng",
    ),
    Sign(
        "a stop and a space",
        True,
        lambda stop: stop.rest[0] == " ",
        "Rét dưới 8 độ. Gió nhẹ",
        "Rét dưới tám độ. Gió nhẹ",
    ),
    Sign(
        "a stop that touches the next sentence",
        True,
        _is_glued,
        "về các xã.Ngày hôm sau họp",
        "về các xã. Ngày hôm sau họp",
    ),
)


def _marks_a_list(tokens: Sequence[Token], first: int, i: int) -> bool:
    """The stop of "1. Về kinh tế" and "II. Nhiệm vụ": what it stands in begins with its number."""
    while first < i and tokens[first].kind == "space":
        first += 1
    marker = tokens[first]
    return (
        i == first + 1
        and tokens[i].text == "."
        and (marker.kind == "number" or roman(marker.text) is not None)
    )


def _following(pattern: re.Pattern[str], text: str, position: int) -> str:
    match = pattern.match(text, position)
    return match[1] if match else ""


def breaths(
    tokens: Sequence[Token], start: int, end: int, inside: Set[int]
) -> list[int]:
    """The tokens that a long sentence is cut before: pieces of about one length,
    at the best marks there are.

    `inside` holds the tokens that are said together with the one before: nothing is cut there.
    """
    cuts: list[int] = []
    while (length := tokens[end - 1].end - tokens[start].start) > LONGEST:
        start = _best_breath(
            tokens, start, end, length / (length // LONGEST + 1), inside
        )
        if start >= end:
            break
        cuts.append(start)
        if tokens[start].kind == "space":
            start += 1
    return cuts


def _best_breath(
    tokens: Sequence[Token], start: int, end: int, wanted: float, inside: Set[int]
) -> int:
    """The token to cut before: the best mark within reach,
    of equal ones the nearest to the wanted length.
    """
    origin = tokens[start].start
    best, rating = 0, (-3, 0.0)
    last_whole = start  # where a cut is possible at all
    for i in range(start, end - 1):
        length = tokens[i].end - origin
        if length > LONGEST and (best or last_whole > start):
            return best or last_whole
        if i + 1 in inside:
            continue
        last_whole = i + 1
        if length >= SHORTEST and tokens[i + 1].kind == "space":
            rated = (_breath(tokens, i), -abs(length - wanted))
            if rated > rating:
                best, rating = i + 1, rated
    return best or end


class Place(NamedTuple):
    """A place between two tokens: the text before it, and the next word after the space."""

    tokens: Sequence[Token]
    i: int
    text: str
    following: str

    @property
    def parts_names(self) -> bool:
        """The comma of "Hưng Yên, Hải Dương": an announcer says names in a row in one breath."""
        before = self.tokens[self.i - 1].text if self.i else ""
        return before[:1].isupper() and self.following[:1].isupper()

    @property
    def is_within_a_term(self) -> bool:
        """Whether the word leans on the next,
        or the two stand side by side in a term of the tables.
        """
        word = self.text.lower()
        return (
            word in cues(Cue.LEANS_ON_THE_NEXT)
            or (word, self.following.lower()) in pairs()
        )

    @property
    def is_within_a_name(self) -> bool:
        """ "Lê | Hòa", and "tháng | 9": a figure goes with what stands before it."""
        name = self.text[0].isupper() and self.following[:1].isupper()
        return name or self.following[:1].isdigit()


class Breath(NamedTuple):
    """How good a place of some kind is to breathe."""

    name: str
    holds: Callable[[Place], bool]
    rating: int


# Read from above: the first kind that a place is of rates it.
BREATHS = (
    Breath("a clause", lambda place: place.text in (";", ":"), CLAUSE),
    Breath(
        "names in a row", lambda place: place.text == "," and place.parts_names, ITEM
    ),
    Breath("a comma", lambda place: place.text == ",", COMMA),
    Breath(
        "a bracket",
        lambda place: place.text == ")" or place.following == "(",
        CONJUNCTION,
    ),
    Breath("within a term", lambda place: place.is_within_a_term, NEVER),
    Breath(
        "before a clause",
        lambda place: place.following in cues(Cue.BEGINS_A_CLAUSE),
        CONJUNCTION,
    ),
    Breath(
        "before a phrase",
        lambda place: place.following in cues(Cue.BEGINS_A_PHRASE),
        PHRASE,
    ),
    Breath("after a sign", lambda place: place.tokens[place.i].kind != "word", NEVER),
    Breath("within a name", lambda place: place.is_within_a_name, NEVER),
)


def _breath(tokens: Sequence[Token], i: int) -> int:
    """How good a place after token `i` is to breathe; never between words of a term or a name."""
    following = tokens[i + 2].text if i + 2 < len(tokens) else ""
    place = Place(tokens, i, tokens[i].text, following)
    return next((breath.rating for breath in BREATHS if breath.holds(place)), ANYWHERE)


def trim(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The range without the spaces at its begin and end."""
    while start < end and tokens[start].kind == "space":
        start += 1
    while end > start and tokens[end - 1].kind == "space":
        end -= 1
    return start, end


def _speakable(tokens: Sequence[Token], start: int, end: int) -> bool:
    return any(_LETTER.search(token.text) for token in tokens[start:end])
