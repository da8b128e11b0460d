"""Where in a text the words are that somebody searched for: a line to read under the title."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from service.newsroom.spellings import SearchWord, wanted
from service.newsroom.store.database import Database
from service.newsroom.store.joins import public_version, text_of_version
from service.newsroom.store.tables import EpisodeRow, RenderingRow, RevisionRow
from service.newsroom.text import fold
from service.newsroom.values import Excerpt, Snippet

WORDS_BEFORE, WORDS_SHOWN = 6, 28
LONGEST_LOOKED_AT = 20_000  # characters of an article; longer ones are books
A_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Excerpts:
    """What search shows of texts."""

    database: Database

    def of(self, episodes: Sequence[int], words: str) -> dict[int, Excerpt]:
        """By episode, where its public text has the words; without those that have them nowhere."""
        query = (
            select(EpisodeRow.id, RevisionRow.lead, RevisionRow.paragraphs)
            .join(RenderingRow, public_version())
            .join(RevisionRow, text_of_version())
            .where(EpisodeRow.id.in_(episodes))
        )
        asked = wanted(words)
        with self.database.read() as session:
            rows = session.execute(query).all() if episodes and asked else ()
        excerpts = (
            (number, excerpt(" ".join(filter(None, [lead, *paragraphs])), asked))
            for number, lead, paragraphs in rows
        )
        return {number: shown for number, shown in excerpts if shown is not None}


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    folded: str


def excerpt(text: str, asked: Sequence[SearchWord]) -> Excerpt | None:
    """Where most of the words are near each other, they being marked; None without any."""
    text = unicodedata.normalize("NFC", text[:LONGEST_LOOKED_AT])
    words = [_Word(*one.span(), fold(one[0])) for one in A_WORD.finditer(text)]
    # The place of a word: which of `asked` it belongs to
    hits: dict[int, set[int]] = {}
    for number, one in enumerate(asked):
        for place in _places(words, one):
            hits.setdefault(place, set()).add(number)
    if not hits:
        return None
    first = max(hits, key=lambda place: (_variety(hits, place), -place))
    begin = max(0, first - WORDS_BEFORE)
    end = min(len(words), begin + WORDS_SHOWN)
    return Excerpt(
        tuple(_pieces(text, words[begin:end], lambda at: begin + at in hits)),
        begin > 0,
        end < len(words),
    )


def _places(words: Sequence[_Word], asked: SearchWord) -> list[int]:
    """The words of a text that are one that is asked for, or a part of it."""
    places = []
    phrases = [tuple(other.split()) for other in asked.others]
    if " " in asked.typed:
        phrases.append(tuple(asked.typed.split()))
    for at, word in enumerate(words):
        if asked.typed in word.folded:
            places.append(at)
        for phrase in phrases:
            if tuple(each.folded for each in words[at : at + len(phrase)]) == phrase:
                places.extend(range(at, at + len(phrase)))
    return places


def _variety(hits: dict[int, set[int]], place: int) -> int:
    """How many of the words are at this place or shortly after."""
    near = (hits.get(place + step, set()) for step in range(WORDS_SHOWN - WORDS_BEFORE))
    return len(set().union(*near))


def _pieces(
    text: str, words: Sequence[_Word], is_hit: Callable[[int], bool]
) -> list[Snippet]:
    """The text from the first of these words to the last, in stretches that are hits or not."""
    pieces: list[Snippet] = []

    def add(part: str, hit: bool) -> None:
        if pieces and pieces[-1].is_hit == hit:
            part = pieces.pop().text + part
        pieces.append(Snippet(part, hit))

    for at, word in enumerate(words):
        add(text[word.start : word.end], is_hit(at))
        if at + 1 < len(words):
            both = is_hit(at) and is_hit(at + 1)
            add(text[word.end : words[at + 1].start], both)
    return pieces
