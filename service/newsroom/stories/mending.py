"""What was mended here stays mended: a source's new text gets the changes that people made to its
last one.

Three texts meet: what the source sent before (the base), what people here made of it (ours), and
what the source sends now (theirs). Each of our changes is made in their text where the sentences
that it changed still stand; of those that find no place, our sentences are handed back, so that
somebody is told. The work grows with the length of the texts, however they repeat themselves.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """What is heard of an article."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextUnit:
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
    places = _places(before, sent)
    still_said = set(sent)
    dropped: set[int] = set()
    inserted: dict[int, list[TextUnit]] = defaultdict(list)
    lost: list[str] = []
    for change in _changes(before, _units(ours)):
        place = _place_of(change, places)
        if place is None:
            lost += [unit.words for unit in change.new if unit not in still_said]
            continue
        dropped.update(range(place, place + change.end - change.start))
        inserted[place] += change.new
    merged = _text(_changed(sent, dropped, inserted))
    # The ends of paragraphs are units without words: nobody misses one.
    return Merged(merged, tuple(words for words in lost if words))


def _changed(
    units: list[TextUnit], dropped: set[int], inserted: Mapping[int, list[TextUnit]]
) -> Iterator[TextUnit]:
    """The units without those that are `dropped`, and with what is `inserted` before each."""
    for place, unit in enumerate([*units, TextUnit("end")]):
        yield from inserted.get(place, [])
        if place not in dropped:
            yield unit


@dataclass(frozen=True, slots=True)
class _Change:
    """Units `start` to `end` of the base are `new` ones in ours.

    None of the base's when something came in.
    """

    start: int
    end: int
    new: tuple[TextUnit, ...]


def _changes(base: list[TextUnit], ours: list[TextUnit]) -> Iterator[_Change]:
    """What we changed, in order; sentence by sentence where as many stand there now as before."""
    matches = _matches(base, ours)
    next_base = next_ours = 0
    for same in [*sorted(matches), len(base)]:
        same_ours = matches.get(same, len(ours))
        old = range(next_base, same)
        new = ours[next_ours:same_ours]
        if len(old) == len(new):
            yield from (
                _Change(n, n + 1, (unit,)) for n, unit in zip(old, new, strict=True)
            )
        else:
            yield _Change(next_base, same, tuple(new))
        next_base, next_ours = same + 1, same_ours + 1


def _place_of(change: _Change, places: dict[int, int]) -> int | None:
    """Where in their text a change is made.

    None when what it changed does not stand there in one piece.
    """
    if change.start == change.end:
        return _place_after(change.start - 1, places)
    stretch = [places.get(unit) for unit in range(change.start, change.end)]
    first = stretch[0]
    if first is None:
        return None
    is_one_piece = stretch == list(range(first, first + len(stretch)))
    return first if is_one_piece else None


def _place_after(unit: int, places: dict[int, int]) -> int | None:
    """Where what came in after a unit of the base goes; after -1 is the very beginning."""
    if unit < 0:
        return places.get(unit, -1) + 1
    return places[unit] + 1 if unit in places else None


def _places(base: list[TextUnit], theirs: list[TextUnit]) -> dict[int, int]:
    """Where each unit of the base stands in their text: in step,
    or moved, if it is the only one of its words.
    """
    places = _matches(base, theirs)
    taken = set(places.values())
    only_theirs = _only_once(theirs)
    for unit, number in _only_once(base).items():
        moved_to = only_theirs.get(unit)
        if number not in places and moved_to is not None and moved_to not in taken:
            places[number] = moved_to
    return places


def rewrite(
    text: Text, passage: int, sentences: Sequence[str], n: int, new: str
) -> Text | None:
    """The text with sentence `n` (from 0) of a passage written otherwise.

    None when it is not its own.

    `passage` counts as the reading does: the title, the lead if there is one, the paragraphs.
    `sentences` are all that were read from it, in order.
    """
    parts = [text.title, *([text.lead] if text.lead else []), *text.paragraphs]
    begins = sentences[: n + 1]
    rewritten = replaced(parts[passage], begins, new) if passage < len(parts) else None
    if rewritten is None:
        # Passages were counted otherwise: wherever it stands, if that is one place.
        elsewhere = _only_place(parts, sentences[n], new)
        if elsewhere is None:
            return None
        passage, rewritten = elsewhere
    parts[passage] = rewritten
    title, *rest = parts
    lead = rest.pop(0) if text.lead else ""
    return Text(title, lead, tuple(rest))


def _only_place(
    parts: Sequence[str], sentence: str, new: str
) -> tuple[int, str] | None:
    """The one part that has the sentence, by number, and what becomes of it.

    None for none or several.
    """
    rewritten = [replaced_alone(part, sentence, new) for part in parts]
    places = [
        (number, part) for number, part in enumerate(rewritten) if part is not None
    ]
    return places[0] if len(places) == 1 else None


def replaced(passage: str, sentences: Sequence[str], new: str) -> str | None:
    """A passage that begins with these sentences, the last of them written otherwise.

    None when it does not.
    """
    span = _span(passage, sentences)
    return passage[: span[0]] + new + passage[span[1] :] if span else None


def replaced_alone(passage: str, sentence: str, new: str) -> str | None:
    """A passage with its one sentence of these words written otherwise.

    None when it has none, or several.
    """
    places = list(_pattern(sentence).finditer(passage))
    if len(places) != 1:
        return None
    return passage[: places[0].start()] + new + passage[places[0].end() :]


def _pattern(sentence: str) -> re.Pattern[str]:
    """The sentence, whatever the spaces between its words."""
    return re.compile(r"\s+".join(map(re.escape, sentence.split())))


def _span(passage: str, sentences: Sequence[str]) -> tuple[int, int] | None:
    """Where the last of these sentences stands in a passage that begins with them,
    whatever the spaces.
    """
    start = end = 0
    for sentence in sentences:
        match = _pattern(sentence).search(passage, end)
        if match is None:
            return None
        start, end = match.span()
    return start, end


def _units(text: Text) -> list[TextUnit]:
    units = [
        TextUnit("title", text.title),
        *(TextUnit("lead", s) for s in _sentences(text.lead)),
    ]
    for paragraph in text.paragraphs:
        units += [TextUnit("paragraph", sentence) for sentence in _sentences(paragraph)]
        units.append(TextUnit("end"))
    return units


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in SENTENCE_END.split(text.strip()) if sentence]


def _text(changed: Iterable[TextUnit]) -> Text:
    """The text that units make: those of the title and the lead together,
    paragraphs up to their ends.
    """
    units = list(changed)
    title = " ".join(unit.words for unit in units if unit.part == "title")
    lead = " ".join(unit.words for unit in units if unit.part == "lead")
    paragraphs: list[list[str]] = [[]]
    for unit in units:
        if unit.part == "paragraph":
            paragraphs[-1].append(unit.words)
        elif unit.part == "end":
            paragraphs.append([])
    return Text(
        title, lead, tuple(" ".join(sentences) for sentences in paragraphs if sentences)
    )


def _matches(a: list[TextUnit], b: list[TextUnit]) -> dict[int, int]:
    """Which unit of `a` is which of `b`: those that stand once in each,
    and their equal neighbours.
    """
    once_a, once_b = _only_once(a), _only_once(b)
    anchors = _rising(
        [(i, once_b[unit]) for unit, i in once_a.items() if unit in once_b]
    )
    matches = dict(anchors)
    next_a = next_b = 0
    for i, j in [*anchors, (len(a), len(b))]:
        # From the last anchor on, and back from this one.
        while next_a < i and next_b < j and a[next_a] == b[next_b]:
            matches[next_a] = next_b
            next_a, next_b = next_a + 1, next_b + 1
        end_a, end_b = i, j
        while end_a > next_a and end_b > next_b and a[end_a - 1] == b[end_b - 1]:
            end_a, end_b = end_a - 1, end_b - 1
            matches[end_a] = end_b
        next_a, next_b = i + 1, j + 1
    return matches


def _only_once(units: list[TextUnit]) -> dict[TextUnit, int]:
    counts = Counter(units)
    return {unit: place for place, unit in enumerate(units) if counts[unit] == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises in both:
    of sentences that changed places, the most that did not.
    """
    # Patience sorting: `tails[k]` is the smallest end of a run of k + 1 pairs, `ends[k]` the pair
    # that ends it.
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [j]
        ends[length : length + 1] = [n]
    run: list[tuple[int, int]] = []
    n = ends[-1] if ends else -1
    while n >= 0:
        run.append(pairs[n])
        n = before[n]
    return run[::-1]
