"""What editors correct alike at several stations becomes rows for the tables of the reading."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from service.newsroom import Newsroom
from service.newsroom.values import Mended
from service.vietnamese import Change, Term, reread

FEWEST_STATIONS = 2
# So many of a context become the example.
WORDS_AROUND = 2
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Correction:
    """A written form that an editor had said so; `sentence` is where, "" for an entry of the dictionary."""

    station: str
    written: str
    spoken: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A correction that several stations made alike: the table it belongs to, its row, who made it and where."""

    table: str
    row: tuple[str, ...]
    stations: tuple[str, ...]
    contexts: tuple[str, ...]


def suggest(newsroom: Newsroom, fewest: int = FEWEST_STATIONS) -> list[Suggestion]:
    """What was corrected the same way at `fewest` stations or more, what most stations did first."""
    alike: defaultdict[tuple[str, str], list[Correction]] = defaultdict(list)
    for correction in _corrections(newsroom):
        alike[correction.written, correction.spoken].append(correction)
    found = [
        _suggestion(corrections)
        for corrections in alike.values()
        if len({correction.station for correction in corrections}) >= fewest
    ]
    return sorted(found, key=lambda each: (-len(each.stations), each.row))


def _corrections(newsroom: Newsroom) -> Iterator[Correction]:
    """The entries of stations that the tables do not have, then what was changed in sentences.

    An entry for everywhere is of no station: whoever made it needs no row.
    """
    for term in newsroom.terms.all():
        if term.station and reread(term.written).spoken.lower() != term.spoken.lower():
            yield Correction(term.station, term.written, term.spoken)
    for mended in newsroom.terms.mended():
        yield from _changed(mended)


def _changed(mended: Mended) -> Iterator[Correction]:
    """The forms that a mended sentence says otherwise than the tables do, told by comparing word by word."""
    machine = reread(mended.written)
    said, spoken = _words(machine.spoken), _words(mended.spoken)
    places = _places(machine.written, machine.changes)
    matcher = SequenceMatcher(None, said, spoken, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        place = next((p for p in places if p.first <= start and end <= p.last), None)
        if kind == "equal" or place is None:
            continue
        # What stands around the difference in the same form is kept: "chỉ thị" became "chỉ tiêu".
        words = [
            *said[place.first : start],
            *spoken[new_start:new_end],
            *said[end : place.last],
        ]
        if words:
            yield Correction(mended.station, place.written, " ".join(words), mended.written)


@dataclass(frozen=True, slots=True)
class _Place:
    """A written form, and which words of the sentence it is said as."""

    written: str
    first: int
    last: int


def _places(written: str, changes: Sequence[Change]) -> list[_Place]:
    """Where each change stands among the words that are said; between them all is said as written."""
    places: list[_Place] = []
    count = position = 0
    for change in sorted(changes, key=lambda change: change.start):
        count += len(_words(written[position : change.start]))
        length = len(_words(change.spoken))
        places.append(_Place(change.written, count, count + length))
        count += length
        position = change.end
    return places


def _suggestion(corrections: Sequence[Correction]) -> Suggestion:
    """A row of abbreviations.tsv for capitals, of foreign.tsv for the rest; its example is what was written."""
    written, spoken = corrections[0].written, corrections[0].spoken
    contexts = tuple(dict.fromkeys(each.sentence for each in corrections if each.sentence))
    example = _around(contexts[0], written) if contexts else written
    reading = reread(example, terms=[Term(written, spoken)]).spoken.rstrip(".")
    stations = tuple(sorted({each.station for each in corrections}))
    if not written.isupper():
        return Suggestion("foreign", (written, spoken, example, reading), stations, contexts)
    after, before = _common(contexts, written)
    row = (written, spoken, after, before, example, reading)
    return Suggestion("abbreviations", row, stations, contexts)


def _common(contexts: Sequence[str], written: str) -> tuple[str, str]:
    """The word that stands before the form in every context, and the one after it; "" where they differ."""
    befores, afters = set(), set()
    for context in contexts:
        words = _words(context)
        at = words.index(written) if written in words else 0
        befores.add(words[at - 1].lower() if at else "")
        afters.add(words[at + 1].lower() if at + 1 < len(words) else "")
    before = befores.pop() if len(befores) == 1 else ""
    after = afters.pop() if len(afters) == 1 else ""
    return before, after


def _around(context: str, written: str) -> str:
    """The form with the words beside it."""
    start = context.find(written)
    before = context[:start].split()[-WORDS_AROUND:]
    after = context[start + len(written) :].split()[:WORDS_AROUND]
    return " ".join([*before, written, *after]).strip(" ,.;:")


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
