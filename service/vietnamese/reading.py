"""The recipe: clean, scan, cut, say."""

from collections.abc import Sequence
from functools import lru_cache

from service.vietnamese.cutter import cut, pause_ms
from service.vietnamese.reader import Reader
from service.vietnamese.sentence import Options, Passage, Role, Sentence, Term
from service.vietnamese.terms import Terms
from service.vietnamese.tokens import clean

DEFAULTS = Options()


def read(
    passages: Sequence[Passage], options: Options = DEFAULTS, terms: Sequence[Term] = ()
) -> list[Sentence]:
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
    reader = Reader(text, options, _dictionary(tuple(terms)))
    tokens = reader.tokens
    spoken, changes = reader.sentence(0, len(tokens))
    return Sentence(
        text, spoken, pause_ms(tokens, len(tokens), Role.PARAGRAPH, last=False), changes
    )


def say(text: str, options: Options = DEFAULTS, terms: Sequence[Term] = ()) -> str:
    """The whole text as one line of words; "" when there is nothing to say."""
    return reread(text, options, terms).spoken


@lru_cache(maxsize=64)
def _dictionary(terms: tuple[Term, ...]) -> Terms:
    """The dictionary made ready once: a desk asks sentence after sentence with the same one."""
    return Terms(terms)


def _passage(passage: Passage, number: int, options: Options, terms: Terms) -> list[Sentence]:
    text = clean(passage.text)
    reader = Reader(text, options, terms)
    tokens = reader.tokens
    ranges = cut(text, tokens)
    found: list[Sentence] = []
    for start, end in ranges:
        spoken, changes = reader.sentence(start, end)
        if not spoken:
            continue
        pause = pause_ms(tokens, end, passage.role, last=end == ranges[-1][1])
        written = text[tokens[start].start : tokens[end - 1].end]
        found.append(Sentence(written, spoken, pause, changes, number))
    return found
