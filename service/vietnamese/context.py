"""What a verbaliser sees: the tokens of one passage,
what stands around one of them, and what it answers.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from service.vietnamese.introduced import NOTHING, Introduced
from service.vietnamese.sentence import Options
from service.vietnamese.tokens import Token

STOPS = frozenset(".;!?")
LONGEST_LIST = 40  # tokens
MOST_WORDS = 32  # that are asked for before a token
NEAR = 80  # characters on either side
FARTHEST = 200  # characters back that anything is looked for
_NO_WORD = re.compile(r"[\W_]")
# What stands between the figures of a list.
JOINING = frozenset((",", "và", "hoặc", "hay", ";", "/"))
_OLD = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ"
_NEW = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy"
_MODERN = dict(zip(_OLD.split(), _NEW.split(), strict=True))
_OLD_MARKS = re.compile(rf"(?<!q)(?:{'|'.join(_MODERN)})(?!\w)")
TRANSPARENT = frozenset(',:("“')  # marks that words are read across


class Said(NamedTuple):
    """What tokens up to `end` became.

    `rule` "" when they are said as written, `doubt` when an editor should look.

    `rivals` are other words it may have to be, the likeliest first.
    """

    spoken: str
    end: int
    rule: str = ""
    doubt: bool = False
    rivals: tuple[str, ...] = ()


class Context:
    """The tokens of one passage. `capitals` when the passage was written in capitals throughout.

    `introduced` tells what abbreviations mean by the article that the passage stands in.
    """

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        options: Options,
        *,
        capitals: bool,
        introduced: Introduced = NOTHING,
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.options = options
        self.capitals = capitals
        self.introduced = introduced
        lower = text.lower()
        self._dated = any(map(lower.__contains__, _MODERN))
        self._bare: str | None = None
        # The last asked for: every row of a form asks.
        self._near = self._three_before = self._three_after = (
            -1,
            "",
        )
        self._before: dict[int, str] = {}  # by token and count of words
        self._ends: dict[re.Pattern[str], list[int]] = {}

    def before(self, i: int, count: int = 1) -> str:
        """The last `count` words before token `i`, lower case, none from beyond a full stop."""
        key = i * MOST_WORDS + count
        words_before = self._before.get(key)
        if words_before is not None:
            return words_before
        words: list[str] = []
        tokens = self.tokens
        for k in range(i - 1, max(-1, i - 3 * count - 4), -1):
            kind, _, _, text, _ = tokens[k]
            if kind == "space" or text in TRANSPARENT:
                continue
            if kind == "mark" and text in STOPS:
                break
            words.append(text)
            if len(words) == count:
                break
        words_before = self._modern(" ".join(reversed(words)).lower())
        self._before[key] = words_before
        return words_before

    def _modern(self, words: str) -> str:
        """Words as the tables write them; most passages have none that is written otherwise."""
        return with_modern_marks(words) if self._dated else words

    def near(self, i: int) -> str:
        """The words around token `i`, lower case, spaces for all else."""
        if self._bare is None:
            lower = self.text.lower()
            self._bare = self._modern(
                _NO_WORD.sub(" ", lower if len(lower) == len(self.text) else self.text)
            )
        if self._near[0] != i:
            token = self.tokens[i]
            self._near = (
                i,
                f" {self._bare[max(0, token.start - NEAR) : token.end + NEAR]} ",
            )
        return self._near[1]

    def after(self, i: int, count: int = 1) -> str:
        """The next `count` words after token `i`, lower case."""
        if count == 1:
            following = self.neighbour(i, 1)
            return self._modern(following.text.lower()) if following else ""
        words = [
            token.text.lower()
            for token in self.tokens[i + 1 : i + 1 + 3 * count]
            if token.kind != "space"
        ]
        return self._modern(" ".join(words[:count]))

    def three_before(self, i: int) -> str:
        """The last three words before token `i` between spaces:
        what a row's words are looked for at the end of.
        """
        if self._three_before[0] != i:
            self._three_before = (i, f" {self.before(i, 3)} ")
        return self._three_before[1]

    def three_after(self, i: int) -> str:
        """The next three words after token `i` and a space:
        what a row's words are looked for at the begin of.
        """
        if self._three_after[0] != i:
            # "VP.HĐND"
            self._three_after = (
                i,
                f"{self.after(i, 3).removeprefix('. ')} ",
            )
        return self._three_after[1]

    def first_of_list(self, i: int) -> int:
        """The first figure of "112, 113, 114 hoặc 115"; `i` itself where there is no list."""
        for k in range(i - 1, max(-1, i - LONGEST_LIST), -1):
            token = self.tokens[k]
            if token.kind in ("number", "phone"):
                i = k
            elif token.kind != "space" and token.text not in JOINING:
                break
        return i

    def since(self, pattern: re.Pattern[str], i: int) -> str | None:
        """What stands between the last match of a pattern and token `i`.

        None where there is no match within `FARTHEST` characters before it.
        """
        if pattern not in self._ends:
            self._ends[pattern] = [match.end() for match in pattern.finditer(self.text)]
        start = self.tokens[i].start
        nearest = bisect_right(self._ends[pattern], start) - 1
        if nearest < 0 or start - self._ends[pattern][nearest] > FARTHEST:
            return None
        return self.text[self._ends[pattern][nearest] : start]

    def neighbour(self, i: int, step: int) -> Token | None:
        """The next token that is no space, before (-1) or after (+1)."""
        i += step
        while 0 <= i < len(self.tokens):
            if self.tokens[i].kind != "space":
                return self.tokens[i]
            i += step
        return None

    def beside(self, i: int, step: int) -> Token | None:
        """The token that touches token `i`, before (-1) or after (+1).

        None where a space or nothing does.
        """
        i += step
        return (
            self.tokens[i]
            if 0 <= i < len(self.tokens) and self.tokens[i].kind != "space"
            else None
        )

    def at(self, position: int, i: int) -> int:
        """The first token from `i` that begins at or after a position of the text."""
        while i < len(self.tokens) and self.tokens[i].start < position:
            i += 1
        return i


def with_modern_marks(text: str) -> str:
    """The text with its tone marks where the tables have them:
    hóa, ủy, tòa for "hoá", "uỷ", "toà".
    """
    return _OLD_MARKS.sub(lambda match: _MODERN[match[0]], text)


def words(text: str) -> frozenset[str]:
    """A set of words from a line of them."""
    return frozenset(text.split())
