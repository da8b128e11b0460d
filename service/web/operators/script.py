"""A script as it is printed: the bulletin's own words, its headlines and its stories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from service.actions.memos import Memo, memo_of
from service.newsroom.values import Sentence

HEADS = ("title", "heading")  # of a text: where its story begins


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a script: the bulletin's own "words", its "headlines", or a "story".

    By paragraphs.
    """

    kind: str
    paragraphs: tuple[tuple[Sentence, ...], ...]
    story_id: int = 0  # the episode that a story is, 0 for what is none


def parts_of(sentences: Sequence[Sentence]) -> list[Part]:
    """A script as it is printed, in order."""
    first_story = next((line.n for line in sentences if line.role in HEADS), 0)

    def place(line: Sentence) -> tuple[str, int]:
        if line.story_id is None:
            return "words", 0
        return ("headlines", 0) if line.n < first_story else ("story", line.story_id)

    return [
        Part(
            kind,
            tuple(
                tuple(paragraph)
                for _, paragraph in groupby(part, key=lambda line: line.passage)
            ),
            number if kind == "story" else 0,
        )
        for (kind, number), part in groupby(sentences, key=place)
    ]


def memos_of(
    parts: Sequence[Part], mended: Mapping[int, Mapping[str, str]]
) -> dict[int, Memo]:
    """By story, what announcements of a script ask to remember."""
    memos: dict[int, Memo] = {}
    for part in parts:
        lines = [line for paragraph in part.paragraphs for line in paragraph]
        if part.story_id and lines:
            memo = memo_of(lines, lines[0].written, "", mended.get(part.story_id))
            if memo is not None:
                memos[part.story_id] = memo
    return memos
