"""Two versions compared, sentence by sentence and word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from service.newsroom.values import Sentence

_WORD = re.compile(r"\S+\s*|\s+")


class Fate(StrEnum):
    """What became of a stretch of words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A stretch of words of one fate."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence of the one version beside that of the other; None where there is none."""

    old: Sentence | None
    new: Sentence | None

    @property
    def written(self) -> list[DiffPiece]:
        """What is shown, word by word."""
        return pieces(_text(self.old, "written"), _text(self.new, "written"))

    @property
    def spoken(self) -> list[DiffPiece]:
        """What is said, word by word."""
        return pieces(_text(self.old, "spoken"), _text(self.new, "spoken"))

    @property
    def is_same(self) -> bool:
        """Whether nobody would hear or see a difference in words."""
        if self.old is None or self.new is None:
            return False
        return _key(self.old) == _key(self.new)


def compare(old: Sequence[Sentence], new: Sequence[Sentence]) -> list[Pair]:
    """All sentences of both versions, in order, each beside the one that it was, or became."""
    pairs: list[Pair] = []
    matcher = SequenceMatcher(
        None, [*map(_key, old)], [*map(_key, new)], autojunk=False
    )
    for _, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        beside = zip_longest(old[old_start:old_end], new[new_start:new_end])
        pairs += [Pair(before, after) for before, after in beside]
    return pairs


def pieces(old: str, new: str) -> list[DiffPiece]:
    """Two texts as one: what is in both, what is gone, what is new."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    cut: list[DiffPiece] = []
    matcher = SequenceMatcher(
        None,
        [word.strip() for word in before],
        [word.strip() for word in after],
        autojunk=False,
    )
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            cut.append(DiffPiece(Fate.SAME, "".join(after[new_start:new_end])))
            continue
        cut.append(DiffPiece(Fate.GONE, "".join(before[old_start:old_end])))
        cut.append(DiffPiece(Fate.NEW, "".join(after[new_start:new_end])))
    return [piece for piece in cut if piece.text]


def _key(sentence: Sentence) -> tuple[str, str]:
    return sentence.written, sentence.spoken


def _text(sentence: Sentence | None, side: str) -> str:
    return str(getattr(sentence, side)) if sentence is not None else ""
