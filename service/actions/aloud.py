"""How a station reads an article: its settings and dictionary go to the reading, the newsroom's sentences come out."""

from collections.abc import Mapping, Sequence

from service.newsroom.values import Change, Sentence, Station, Term
from service.vietnamese import Options, Passage, read, reread
from service.vietnamese import Sentence as Reading
from service.vietnamese import Term as Entry
from service.vietnamese.article import passages_of

NOTHING: Mapping[str, str] = {}


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
