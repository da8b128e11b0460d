"""How a station reads an article: its settings and dictionary go to the reading, the newsroom's sentences come out."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from service.newsroom.values import ArticleDoubt, Change, Sentence, Station, Term
from service.vietnamese import Options, Passage, read, reread
from service.vietnamese import Sentence as Reading
from service.vietnamese import Term as Entry
from service.vietnamese.article import passages_of
from service.vietnamese.syllable import is_vietnamese

NOTHING: Mapping[str, str] = {}
WORD = re.compile(r"[^\W\d_]+")
# In words: a notice of two names says nothing about its language.
FEWEST_JUDGED = 10
# Of the words: more is no Vietnamese, or no text at all.
MOST_UNKNOWN = 0.2


class Announcer:
    """Reads as one station does. `closing` is said last, "" for nothing."""

    def __init__(
        self, reading: Mapping[str, object], terms: Sequence[Term], closing: str = ""
    ) -> None:
        self._options = Options(**reading)  # type: ignore[arg-type]  # checked when the station was saved
        self._terms = [
            Entry(term.written, term.spoken, term.match_case, term.note) for term in terms
        ]
        self._closing = closing

    def read(
        self, title: str, lead: str, paragraphs: Sequence[str], edits: Mapping[str, str] = NOTHING
    ) -> list[Sentence]:
        """The sentences of an article in order; `edits` are an editor's spoken forms by their written ones."""
        passages = passages_of(title, lead, paragraphs, self._closing)
        found = read(passages, self._options, self._terms)
        return [_sentence(n, reading, passages, edits) for n, reading in enumerate(found, start=1)]

    def words(self, text: str, edits: Mapping[str, str] = NOTHING) -> list[Sentence]:
        """The sentences of a text that is no article: a greeting, a closing."""
        passages = [Passage(text)]
        return [
            _sentence(n, reading, passages, edits)
            for n, reading in enumerate(read(passages, self._options, self._terms), start=1)
        ]

    def reread(self, n: int, written: str) -> Sentence:
        """Sentence `n` with another text."""
        return _sentence(
            n, reread(written, self._options, self._terms), [Passage(written)], NOTHING
        )


def announcer_for(station: Station, terms: Sequence[Term]) -> Announcer:
    """Who reads for the station, with its dictionary."""
    return Announcer(station.reading, terms, station.disclosure_spoken)


def doubts_of_reading(sentences: Sequence[Sentence]) -> tuple[ArticleDoubt, ...]:
    """What came up while an article was read: whether too many of its words are no Vietnamese ones."""
    words = [word for sentence in sentences for word in WORD.findall(sentence.written)]
    unknown = sum(not _is_a_word(word) for word in words)
    if len(words) < FEWEST_JUDGED or unknown <= len(words) * MOST_UNKNOWN:
        return ()
    return (ArticleDoubt.UNKNOWN_SYLLABLES,)


def _is_a_word(text: str) -> bool:
    """Whether it has the shape of a Vietnamese syllable, in letters as people mix them ("vÒ" is none)."""
    cased = text.islower() or text.istitle() or text.isupper()
    return cased and is_vietnamese(unicodedata.normalize("NFC", text.lower()))


def _sentence(
    n: int, reading: Reading, passages: Sequence[Passage], edits: Mapping[str, str]
) -> Sentence:
    return Sentence(
        n=n,
        written=reading.written,
        spoken=edits.get(reading.written, reading.spoken),
        pause_ms=reading.pause_ms,
        passage=reading.passage,
        role=passages[reading.passage].role,
        changes=tuple(Change(**change._asdict()) for change in reading.changes),
        edited=reading.written in edits,
    )
