"""What was mended here stays mended: a source's new text gets the changes that people made to its last one.

Three texts meet: what the source sent before (the base), what people here made of it (ours), and what the source
sends now (theirs). Each of our changes is made in their text where the sentences that it changed still stand;
of those that find no place, our sentences are handed back, so that somebody is told. The work grows with the
length of the texts, however they repeat themselves.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """What is heard of an article."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of a text, or (with no words) the end of a paragraph."""

    part: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """The text that holds, and the sentences of ours that it has no place for."""

    text: Text
    lost: tuple[str, ...] = ()


def merge(base: Text, ours: Text, theirs: Text) -> Merged:
    """Their text with what we changed in the base; theirs as it is when we changed nothing."""
    if ours in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(ours)
    before, sent = _units(base), _units(theirs)
    places, theirs_too = _places(before, sent), set(sent)
    gone: set[int] = set()
    added: dict[int, list[Unit]] = {}
    lost: list[str] = []
    for change in _changes(before, _units(ours)):
        place = _place_of(change, places)
        if place is None:
            lost += [unit.words for unit in change.new if unit not in theirs_too]
            continue
        gone |= set(range(place, place + change.end - change.start))
        added.setdefault(place, []).extend(change.new)
    return Merged(_text(_changed(sent, gone, added)), tuple(filter(None, lost)))


def _changed(units: list[Unit], gone: set[int], added: dict[int, list[Unit]]) -> Iterator[Unit]:
    """The units without those that are `gone`, and with what is `added` before each."""
    for i, unit in enumerate([*units, Unit("end")]):
        yield from added.get(i, [])
        if i not in gone:
            yield unit


@dataclass(frozen=True, slots=True)
class _Change:
    """Units `start` to `end` of the base are `new` ones in ours; none of the base's when something came in."""

    start: int
    end: int
    new: tuple[Unit, ...]


def _changes(base: list[Unit], ours: list[Unit]) -> Iterator[_Change]:
    """What we changed, in order; sentence by sentence where as many stand there now as before."""
    matches = _matches(base, ours)
    b = o = 0
    for i in [*sorted(matches), len(base)]:
        j = matches.get(i, len(ours))
        old, new = range(b, i), ours[o:j]
        if len(old) == len(new):
            yield from (_Change(n, n + 1, (unit,)) for n, unit in zip(old, new, strict=True))
        else:
            yield _Change(b, i, tuple(new))
        b, o = i + 1, j + 1


def _place_of(change: _Change, places: dict[int, int]) -> int | None:
    """Where in their text a change is made; None when what it changed does not stand there in one piece."""
    if change.start == change.end:  # it came in after a sentence, or at the beginning
        before = places.get(change.start - 1, -1 if change.start == 0 else None)
        return None if before is None else before + 1
    found = [places.get(i) for i in range(change.start, change.end)]
    first = found[0]
    if first is None or found != list(range(first, first + len(found))):
        return None
    return first


def _places(base: list[Unit], theirs: list[Unit]) -> dict[int, int]:
    """Where each unit of the base stands in their text: in step, or moved, if it is the only one of its words."""
    places = _matches(base, theirs)
    taken = set(places.values())
    once = _only_once(theirs)
    for unit, i in _only_once(base).items():
        j = once.get(unit)
        if i not in places and j is not None and j not in taken:
            places[i] = j
    return places


def rewrite(text: Text, passage: int, sentences: Sequence[str], n: int, new: str) -> Text | None:
    """The text with sentence `n` (from 0) of a passage written otherwise; None when it is not its own.

    `passage` counts as the reading does: the title, the lead if there is one, the paragraphs. `sentences` are
    all that were read from it, in order.
    """
    parts = [text.title, *([text.lead] if text.lead else []), *text.paragraphs]
    rewritten = replaced(parts[passage], sentences[: n + 1], new) if passage < len(parts) else None
    if rewritten is None:  # passages counted otherwise: wherever it stands, if that is one place
        whole = [replaced_alone(part, sentences[n], new) for part in parts]
        places = [i for i, part in enumerate(whole) if part is not None]
        if len(places) != 1:
            return None
        passage, rewritten = places[0], whole[places[0]] or ""
    parts[passage] = rewritten
    first = 2 if text.lead else 1
    return Text(parts[0], parts[1] if text.lead else "", tuple(parts[first:]))


def replaced(passage: str, sentences: Sequence[str], new: str) -> str | None:
    """A passage that begins with these sentences, the last of them written otherwise; None when it does not."""
    span = _span(passage, sentences)
    return passage[: span[0]] + new + passage[span[1] :] if span else None


def replaced_alone(passage: str, sentence: str, new: str) -> str | None:
    """A passage with its one sentence of these words written otherwise; None when it has none, or several."""
    places = list(_pattern(sentence).finditer(passage))
    if len(places) != 1:
        return None
    return passage[: places[0].start()] + new + passage[places[0].end() :]


def _pattern(sentence: str) -> re.Pattern[str]:
    """The sentence, whatever the spaces between its words."""
    return re.compile(r"\s+".join(map(re.escape, sentence.split())))


def _span(passage: str, sentences: Sequence[str]) -> tuple[int, int] | None:
    """Where the last of these sentences stands in a passage that begins with them, whatever the spaces."""
    start = end = 0
    for sentence in sentences:
        match = _pattern(sentence).search(passage, end)
        if match is None:
            return None
        start, end = match.span()
    return start, end


def _units(text: Text) -> list[Unit]:
    units = [Unit("title", text.title), *(Unit("lead", s) for s in _sentences(text.lead))]
    for paragraph in text.paragraphs:
        units += [Unit("paragraph", sentence) for sentence in _sentences(paragraph)]
        units.append(Unit("end"))
    return units


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in SENTENCE_END.split(text.strip()) if sentence]


def _text(changed: Iterable[Unit]) -> Text:
    units = list(changed)
    title, lead = (
        " ".join(unit.words for unit in units if unit.part == part) for part in ("title", "lead")
    )
    paragraphs: list[str] = []
    open_paragraph: list[str] = []
    for unit in units:
        if unit.part == "paragraph":
            open_paragraph.append(unit.words)
        elif unit.part == "end" and open_paragraph:
            paragraphs.append(" ".join(open_paragraph))
            open_paragraph = []
    if open_paragraph:
        paragraphs.append(" ".join(open_paragraph))
    return Text(title, lead, tuple(paragraphs))


def _matches(a: list[Unit], b: list[Unit]) -> dict[int, int]:
    """Which unit of `a` is which of `b`: those that stand once in each, and their equal neighbours."""
    once_a, once_b = _only_once(a), _only_once(b)
    anchors = _rising([(i, once_b[unit]) for unit, i in once_a.items() if unit in once_b])
    matches: dict[int, int] = {}
    next_a = next_b = 0
    for i, j in [*anchors, (len(a), len(b))]:
        while next_a < i and next_b < j and a[next_a] == b[next_b]:
            matches[next_a] = next_b
            next_a, next_b = next_a + 1, next_b + 1
        if i < len(a):
            matches[i] = j
        end_a, end_b = i, j
        while end_a > next_a and end_b > next_b and a[end_a - 1] == b[end_b - 1]:
            end_a, end_b = end_a - 1, end_b - 1
            matches[end_a] = end_b
        next_a, next_b = i + 1, j + 1
    return matches


def _only_once(units: list[Unit]) -> dict[Unit, int]:
    counts = Counter(units)
    return {unit: i for i, unit in enumerate(units) if counts[unit] == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises in both: of sentences that changed places, the most that did not."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [j]
        ends[place : place + 1] = [n]
    run: list[tuple[int, int]] = []
    n = ends[-1] if ends else -1
    while n >= 0:
        run.append(pairs[n])
        n = before[n]
    return run[::-1]
