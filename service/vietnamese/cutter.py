"""Where an announcer breathes: the tokens of a passage, cut into sentences, and the silence after each."""

import re
from collections.abc import Sequence, Set

from service.vietnamese.context import words
from service.vietnamese.numbers import roman
from service.vietnamese.sentence import Role
from service.vietnamese.tables import pairs
from service.vietnamese.tokens import Token

LONGEST = 260  # characters; a longer sentence is cut at a clause: nobody follows it, and no engine likes it
SHORTEST = 60  # ... but not into crumbs
PAUSES_MS = {
    "clause": 220,
    "sentence": 450,
    "paragraph": 750,
    Role.HEADING: 900,
    Role.LEAD: 900,
    Role.TITLE: 1100,
}
ENDS = frozenset(".!?…")
ENDING = frozenset(("mark", "ellipsis", "end", "abbreviation"))  # kinds of tokens
AND_SO_ON = "v.v"
CLOSERS = frozenset("”\"')»]’")
_REST = re.compile(r"[”\"')»\]’]*+(.{0,2})")  # past what closes, the next two characters
_REST_OF_ELLIPSIS = re.compile(r"[”\"')»\]’.]*+(.{0,2})")
CLAUSE_WORDS = words("và hoặc nhưng song trong nhằm để do vì với khi nên nếu")
PHRASE_WORDS = words(
    "của các những là đã sẽ đang theo như mà thì tại bằng về cho từ ở còn cũng phải cần"
)
BOUND = words(  # the next word belongs to these: "so với", "lý do", "trước khi", "bên trong", "trở nên"
    "so đối cùng lý tự tùy trước sau bên bởi mỗi một từ đến trở cũng kể mặc song nhưng tồn hiện công cân"
)
LEANING = (
    BOUND
    | CLAUSE_WORDS
    | PHRASE_WORDS
    | words(
        "được bị không rất vào ra lên xuống trên dưới các hơn khoảng gần ngày tháng nghìn triệu tỷ"
    )
)


def sentences(text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Sentences as ranges of token numbers; spaces between them belong to none."""
    ranges: list[tuple[int, int]] = []
    first = 0
    for i, token in enumerate(tokens):
        if token.kind not in ENDING or i < first:
            continue
        if _ends(text, tokens, i) and not _marks_a_list(tokens, first, i):
            end = i + 1
            while end < len(tokens) and tokens[end].text in CLOSERS:
                end += 1
            ranges.append((first, end))
            first = end
        elif token.kind == "end":
            ranges.append((first, i + 1))
            first = i + 1
    ranges.append((first, len(tokens)))
    pieces = (trim(tokens, start, end) for start, end in ranges)
    return [(start, end) for start, end in pieces if _speakable(tokens, start, end)]


def pause_ms(tokens: Sequence[Token], end: int, role: Role, *, last: bool) -> int:
    """The silence after a sentence that ends before token `end`; `last` when it ends its passage."""
    if last:
        return PAUSES_MS.get(role, PAUSES_MS["paragraph"])
    while end and tokens[end - 1].text in CLOSERS:
        end -= 1
    return PAUSES_MS["sentence" if end and tokens[end - 1].text[-1] in ENDS else "clause"]


def _ends(text: str, tokens: Sequence[Token], i: int) -> bool:
    token = tokens[i]
    if token.kind == "ellipsis" or token.text.startswith(AND_SO_ON):
        rest = _following(_REST_OF_ELLIPSIS, text, token.end)
        return not rest or (rest[0] == " " and rest[1:].isupper())
    if token.kind != "mark" or token.text not in ENDS:
        return False
    before = tokens[i - 1] if i else None
    rest = _following(_REST, text, token.end)
    if not rest:
        return True
    if token.text in "!?":
        return True
    if (
        before
        and len(before.text) == 1
        and before.text.isupper()
        and (i < 2 or tokens[i - 2].kind == "space")
    ):
        return False  # an initial: "anh Nguyễn Văn H. cho biết"
    if rest[0] == " ":
        return not rest[1:].islower()
    # Glued: "về các xã.Ngày hôm sau" ends a sentence, "Tr.Đ" and "3.Giải pháp" do not.
    return bool(before and before.text.islower() and rest[0].isupper() and rest[1:].islower())


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
    found = pattern.match(text, position)
    return found[1] if found else ""


def breaths(tokens: Sequence[Token], start: int, end: int, whole: Set[int]) -> list[int]:
    """The tokens that a long sentence is cut before: pieces of about one length, at the best marks there are.

    `whole` holds the tokens where one saying ends and the next begins: nothing is cut inside a saying.
    """
    cuts: list[int] = []
    while (length := tokens[end - 1].end - tokens[start].start) > LONGEST:
        start = _best_breath(tokens, start, end, length / (length // LONGEST + 1), whole)
        if start >= end:
            break
        cuts.append(start)
        if tokens[start].kind == "space":
            start += 1
    return cuts


def _best_breath(
    tokens: Sequence[Token], start: int, end: int, wanted: float, whole: Set[int]
) -> int:
    """The token to cut before: the best mark within reach, of equal ones the nearest to the wanted length."""
    origin = tokens[start].start
    best, rating = 0, (-3, 0.0)
    last_whole = start  # where a cut is possible at all
    for i in range(start, end - 1):
        length = tokens[i].end - origin
        if length > LONGEST and (best or last_whole > start):
            return best or last_whole
        if i + 1 not in whole:
            continue
        last_whole = i + 1
        if length >= SHORTEST and tokens[i + 1].kind == "space":
            rated = (_breath(tokens, i), -abs(length - wanted))
            if rated > rating:
                best, rating = i + 1, rated
    return best or end


def _breath(tokens: Sequence[Token], i: int) -> int:
    """How good a place after token `i` is to breathe: a comma in a list is no better than a conjunction."""
    if tokens[i].text in (";", ":"):
        return 3
    if tokens[i].text == ",":
        return 2
    word = tokens[i].text.lower()
    following = tokens[i + 2].text if i + 2 < len(tokens) else ""
    if word == ")" or following == "(":
        return 1
    if word in LEANING or (word, following.lower()) in pairs():
        return -2
    if following in CLAUSE_WORDS:
        return 1
    if following in PHRASE_WORDS:
        return 0
    together = tokens[i].kind != "word" or (tokens[i].text[0].isupper() and following[:1].isupper())
    return (
        -2 if together or following[:1].isdigit() else -1
    )  # a figure and its unit, the parts of a name, "tháng 9"


def trim(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The range without the spaces at its begin and end."""
    while start < end and tokens[start].kind == "space":
        start += 1
    while end > start and tokens[end - 1].kind == "space":
        end -= 1
    return start, end


def _speakable(tokens: Sequence[Token], start: int, end: int) -> bool:
    return any(re.search(r"\w", token.text) for token in tokens[start:end])
