"""What editors correct alike at several stations becomes rows for the tables of the reading."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from service.newsroom import Newsroom
from service.newsroom.values import MendedSentence
from service.vietnamese import Change, Term, reread

FEWEST_STATIONS = 2
# So many of a context become the example.
WORDS_AROUND = 2
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Wording:
    """A written form that an editor had said so.

    `sentence` is where, "" for an entry of the dictionary.
    """

    station: str
    written: str
    spoken: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A correction that several stations made alike: the table it belongs to,
    its row, who made it and where.
    """

    table: str
    row: tuple[str, ...]
    stations: tuple[str, ...]
    contexts: tuple[str, ...]


def suggest(newsroom: Newsroom, fewest: int = FEWEST_STATIONS) -> list[Suggestion]:
    """What was corrected the same way at `fewest` stations or more,
    what most stations did first.
    """
    alike: defaultdict[tuple[str, str], list[Wording]] = defaultdict(list)
    for wording in _wordings(newsroom):
        alike[wording.written, wording.spoken].append(wording)
    suggestions = [
        _suggestion(wordings)
        for wordings in alike.values()
        if len(_stations(wordings)) >= fewest
    ]
    return sorted(suggestions, key=_most_stations_first)


def _most_stations_first(suggestion: Suggestion) -> tuple[int, tuple[str, ...]]:
    return -len(suggestion.stations), suggestion.row


def _stations(wordings: Sequence[Wording]) -> set[str]:
    """Who made it: one station twice is still one opinion."""
    return {wording.station for wording in wordings}


def _wordings(newsroom: Newsroom) -> Iterator[Wording]:
    """The entries of stations that the tables do not have, then what was changed in sentences.

    An entry for everywhere is of no station: whoever made it needs no row.
    """
    for term in newsroom.terms.all():
        if not term.station:
            continue
        usual = reread(term.written).spoken
        if usual.lower() != term.spoken.lower():
            yield Wording(term.station, term.written, term.spoken)
    for mended in newsroom.terms.mended():
        yield from _changed(mended)


def _changed(mended: MendedSentence) -> Iterator[Wording]:
    """The forms that a mended sentence says otherwise than the tables do,
    told by comparing word by word.
    """
    machine = reread(mended.written)
    machine_words, editor_words = _words(machine.spoken), _words(mended.spoken)
    places = _places(machine.written, machine.changes)
    # Without "autojunk": in a long sentence it would take its commonest words for noise.
    matcher = SequenceMatcher(None, machine_words, editor_words, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        place = next((each for each in places if each.holds(start, end)), None)
        if kind == "equal" or place is None:
            continue
        # What stands around the difference in the same form is kept: "chỉ thị" became "chỉ tiêu".
        words = [
            *machine_words[place.first : start],
            *editor_words[new_start:new_end],
            *machine_words[end : place.last],
        ]
        if words:
            yield Wording(
                mended.station, place.written, " ".join(words), mended.written
            )


@dataclass(frozen=True, slots=True)
class _Place:
    """A written form, and which words of the sentence it is said as."""

    written: str
    first: int
    last: int

    def holds(self, start: int, end: int) -> bool:
        """Whether the words from `start` up to `end` are all of this form."""
        return self.first <= start and end <= self.last


def _places(written: str, changes: Sequence[Change]) -> list[_Place]:
    """Where each change stands among the words that are said.

    Between them all is said as written.
    """
    places: list[_Place] = []
    count = position = 0
    for change in sorted(changes, key=lambda change: change.start):
        count += len(_words(written[position : change.start]))
        length = len(_words(change.spoken))
        places.append(_Place(change.written, count, count + length))
        count += length
        position = change.end
    return places


def _suggestion(wordings: Sequence[Wording]) -> Suggestion:
    """A row of abbreviations.tsv for capitals, of foreign.tsv for the rest.

    Its example is what was written.
    """
    written, spoken = wordings[0].written, wordings[0].spoken
    contexts = tuple(dict.fromkeys(each.sentence for each in wordings if each.sentence))
    example = _around(contexts[0], written) if contexts else written
    reading = reread(example, terms=[Term(written, spoken)]).spoken.rstrip(".")
    stations = tuple(sorted(_stations(wordings)))
    if not written.isupper():
        row: tuple[str, ...] = (written, spoken, example, reading)
        return Suggestion("foreign", row, stations, contexts)
    # Capitals mean different things in different company.
    neighbours = [_neighbours(context, written) for context in contexts]
    before = _only({before for before, _ in neighbours})
    after = _only({after for _, after in neighbours})
    # "Only after" comes first: what stands before the form.
    row = (written, spoken, before, after, example, reading)
    return Suggestion("abbreviations", row, stations, contexts)


def _neighbours(context: str, written: str) -> tuple[str, str]:
    """The words before and after the form, in lower case; "" where there is none."""
    words = _words(context)
    place = words.index(written) if written in words else 0
    before = words[place - 1].lower() if place else ""
    after = words[place + 1].lower() if place + 1 < len(words) else ""
    return before, after


def _only(words: set[str]) -> str:
    """The one word that all contexts have in common; "" where they differ."""
    return next(iter(words)) if len(words) == 1 else ""


def _around(context: str, written: str) -> str:
    """The form with the words beside it."""
    start = context.find(written)
    before = context[:start].split()[-WORDS_AROUND:]
    after = context[start + len(written) :].split()[:WORDS_AROUND]
    return " ".join([*before, written, *after]).strip(" ,.;:")


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
