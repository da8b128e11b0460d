"""How a station reads an article: its settings and dictionary go to the reading,
the newsroom's sentences come out.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from service.newsroom.values import (
    ArticleDoubt,
    Change,
    Episode,
    Sentence,
    Station,
    Term,
)
from service.vietnamese import Options, Passage, read
from service.vietnamese import Sentence as Reading
from service.vietnamese import Term as Entry
from service.vietnamese import reread as read_sentence
from service.vietnamese.article import passages_of
from service.vietnamese.sentence import Role
from service.vietnamese.syllable import is_vietnamese

NO_EDITS: Mapping[str, str] = {}
WORD = re.compile(r"[^\W\d_]+")
# A notice of two names says nothing about its language.
FEWEST_WORDS_JUDGED = 10
# Of the words: more is no Vietnamese, or no text at all.
MOST_UNKNOWN = 0.2


class Announcer:
    """Reads as one station does. `closing` is said last, "" for nothing."""

    def __init__(
        self,
        reading: Mapping[str, object],
        terms: Sequence[Term],
        closing: str = "",
    ) -> None:
        # Checked when the station was saved.
        self._options = Options(**reading)  # type: ignore[arg-type]
        self._entries = [_entry(term) for term in terms]
        self._closing = closing

    def read(
        self,
        title: str,
        lead: str,
        paragraphs: Sequence[str],
        edits: Mapping[str, str] = NO_EDITS,
    ) -> list[Sentence]:
        """The sentences of an article in order.

        `edits` are an editor's spoken forms by their written ones.
        """
        return self._read(passages_of(title, lead, paragraphs, self._closing), edits)

    def words(self, text: str, edits: Mapping[str, str] = NO_EDITS) -> list[Sentence]:
        """The sentences of a text that is no article: a greeting, a closing."""
        return self._read([Passage(text)], edits)

    def _read(
        self, passages: Sequence[Passage], edits: Mapping[str, str]
    ) -> list[Sentence]:
        readings = read(passages, self._options, self._entries)
        return [
            _sentence(n, reading, passages[reading.passage].role, edits)
            for n, reading in enumerate(readings, start=1)
        ]

    def reread(
        self, n: int, written: str, article: Sequence[Sentence] = ()
    ) -> Sentence:
        """Sentence `n`, whose written form an editor changed: how the tables say it.

        `article` are all sentences of its article, which may give what abbreviations mean. Its
        place there (title, paragraph) is not told: whoever asks knows it.
        """
        others = [sentence.written for sentence in article if sentence.n != n]
        reading = read_sentence(written, self._options, self._entries, others)
        return _sentence(n, reading, Role.PARAGRAPH, NO_EDITS)


def engine_of(episode: Episode) -> str:
    """Which engine spoke an episode's newest version; "" before that, and where people read."""
    engine = engine_in(episode.rendering.spoken_by)
    return "" if engine == "human" else engine


def engine_in(voice: str) -> str:
    """The engine of a voice by its name, `engine:name@rate`."""
    return voice.partition("@")[0].partition(":")[0].strip()


def announcer_for(station: Station, terms: Sequence[Term]) -> Announcer:
    """Who reads for the station, with its dictionary."""
    return Announcer(station.reading, terms, station.disclosure_spoken)


def doubts_of_reading(sentences: Sequence[Sentence]) -> tuple[ArticleDoubt, ...]:
    """What came up while an article was read:
    whether too many of its words are no Vietnamese ones.
    """
    words = [word for sentence in sentences for word in WORD.findall(sentence.written)]
    if len(words) < FEWEST_WORDS_JUDGED:
        return ()
    unknown = sum(not _is_a_word(word) for word in words)
    is_foreign = unknown > len(words) * MOST_UNKNOWN
    return (ArticleDoubt.UNKNOWN_SYLLABLES,) if is_foreign else ()


def _is_a_word(text: str) -> bool:
    """Whether it has the shape of a Vietnamese syllable."""
    # Letters as people mix them: "vÒ" is what a lost encoding leaves.
    is_cased = text.islower() or text.istitle() or text.isupper()
    return is_cased and is_vietnamese(unicodedata.normalize("NFC", text.lower()))


def _entry(term: Term) -> Entry:
    return Entry(term.written, term.spoken, term.match_case, term.note)


def _sentence(
    n: int, reading: Reading, role: str, edits: Mapping[str, str]
) -> Sentence:
    written = reading.written
    return Sentence(
        n=n,
        written=written,
        spoken=edits.get(written, reading.spoken),
        pause_ms=reading.pause_ms,
        passage=reading.passage,
        role=role,
        changes=tuple(Change(**change._asdict()) for change in reading.changes),
        edited=written in edits,
    )
