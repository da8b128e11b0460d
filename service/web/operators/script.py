"""A script as it is printed: the bulletin's own words, its headlines and its stories."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from service.newsroom.values import Sentence

HEADS = ("title", "heading")  # of a text: where its story begins


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a script: the bulletin's own "words", its "headlines", or a "story".

    By paragraphs.
    """

    kind: str
    paragraphs: tuple[tuple[Sentence, ...], ...]


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
        )
        for (kind, _), part in groupby(sentences, key=place)
    ]
