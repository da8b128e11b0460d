"""The recipe: clean, scan, cut, say."""

import re
from collections.abc import Sequence
from functools import lru_cache

from service.vietnamese.cutter import cut, pause_ms
from service.vietnamese.reader import Reader, Terms
from service.vietnamese.sentence import Change, Options, Passage, Role, Sentence, Term
from service.vietnamese.tokens import clean, scan

DEFAULTS = Options()


def read(passages: Sequence[Passage], options: Options = DEFAULTS, terms: Sequence[Term] = ()) -> list[Sentence]:
    """The sentences of an article in order, each with its spoken form, its pause and every change."""
    dictionary = _dictionary(tuple(terms))
    return [
        sentence
        for number, passage in enumerate(passages)
        for sentence in _passage(passage, number, options, dictionary)
    ]


def reread(written: str, options: Options = DEFAULTS, terms: Sequence[Term] = ()) -> Sentence:
    """One sentence that an editor rewrote, kept whole wherever it could be cut."""
    text = clean(written)
    tokens = scan(text)
    spoken, changes = _say(Reader(text, tokens, options, _dictionary(tuple(terms))), 0, len(tokens))
    return Sentence(text, spoken, pause_ms(tokens, len(tokens), Role.PARAGRAPH, last=False), changes)


def say(text: str, options: Options = DEFAULTS, terms: Sequence[Term] = ()) -> str:
    """The whole text as one line of words; "" when there is nothing to say."""
    return reread(text, options, terms).spoken


@lru_cache(maxsize=64)
def _dictionary(terms: tuple[Term, ...]) -> Terms:
    """The dictionary made ready once: a desk asks sentence after sentence with the same one."""
    return Terms(terms)


def _passage(passage: Passage, number: int, options: Options, terms: Terms) -> list[Sentence]:
    text = clean(passage.text)
    tokens = scan(text)
    reader = Reader(text, tokens, options, terms)
    ranges = cut(text, tokens)
    found: list[Sentence] = []
    for start, end in ranges:
        spoken, changes = _say(reader, start, end)
        if not re.search(r"\w", spoken):
            continue
        pause = pause_ms(tokens, end, passage.role, last=end == ranges[-1][1])
        written = text[tokens[start].start : tokens[end - 1].end]
        found.append(Sentence(written, spoken, pause, changes, number))
    return found


def _say(reader: Reader, start: int, end: int) -> tuple[str, tuple[Change, ...]]:
    """The spoken form of tokens `start` to `end`, and what was changed; places count from the sentence's begin."""
    tokens = reader.tokens
    spoken: list[str] = []
    changes: list[Change] = []
    origin = tokens[start].start if start < end else 0
    i = start
    while i < end:
        said = reader.say(i, start)
        if said.rule:
            spoken.append(f" {said.spoken} ")
            written = reader.text[tokens[i].start : tokens[min(said.end, end) - 1].end]
            changes.append(
                Change(
                    tokens[i].start - origin,
                    tokens[i].start - origin + len(written),
                    written,
                    said.spoken.strip(" ,"),
                    said.rule,
                    said.doubt,
                )
            )
        else:
            spoken.append(said.spoken)
        i = said.end
    return _tidy("".join(spoken)), tuple(changes)


def _tidy(spoken: str) -> str:
    """One space between words, marks after words, never two marks in a row."""
    spoken = re.sub(r"\s+([,.!?])", r"\1", " ".join(spoken.split()))
    spoken = re.sub(r"[,.!?]+", lambda marks: max(marks[0], key=",.!?".index), spoken)
    spoken = re.sub(r"([,.!?])(?=\w)", r"\1 ", spoken)
    return spoken.lstrip(",.!? ").removesuffix(",").strip()
