"""The recipe: clean, scan, cut, say."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from service.vietnamese.cutter import LONGEST, breaths, pause_ms, sentences, trim
from service.vietnamese.introduced import Introduced
from service.vietnamese.reader import Reader, Saying
from service.vietnamese.sentence import Options, Passage, Role, Sentence, Term
from service.vietnamese.settling import settled
from service.vietnamese.terms import Terms
from service.vietnamese.tokens import clean, lines_of

DEFAULTS = Options()


def read(
    passages: Sequence[Passage], options: Options = DEFAULTS, terms: Sequence[Term] = ()
) -> list[Sentence]:
    """The sentences of an article in order, each with its spoken form,
    its pause and every change.
    """
    texts = [clean(passage.text) for passage in passages]
    manner = Manner(options, _dictionary(tuple(terms)), Introduced(texts))
    read_aloud = [
        sentence
        for number, (text, passage) in enumerate(zip(texts, passages, strict=True))
        for sentence in _passage(text, passage.role, number, manner)
    ]
    return settled(read_aloud)


def reread(
    written: str,
    options: Options = DEFAULTS,
    terms: Sequence[Term] = (),
    article: Sequence[str] = (),
) -> Sentence:
    """One sentence that an editor rewrote, kept whole wherever it could be cut.

    `article` are the written sentences around it, which may tell what its abbreviations mean.
    """
    text = clean(written)
    introduced = Introduced((*article, text))
    reader = Reader(text, options, _dictionary(tuple(terms)), introduced)
    tokens = reader.tokens
    spoken, changes = reader.put_together(reader.sayings(0, len(tokens)))
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


class Manner(NamedTuple):
    """What all passages of an article are read with."""

    options: Options
    terms: Terms
    introduced: Introduced


def _passage(text: str, role: Role, number: int, manner: Manner) -> list[Sentence]:
    """The sentences of passage `number`, whose text is clean."""
    lines = list(lines_of(text))
    return [
        sentence
        for line in lines
        for sentence in _line(line, role, number, manner, last=line is lines[-1])
    ]


def _line(
    text: str, role: Role, number: int, manner: Manner, *, last: bool
) -> list[Sentence]:
    """The sentences of a passage, or of a part of one too long to be looked at at once."""
    reader = Reader(text, manner.options, manner.terms, manner.introduced)
    tokens = reader.tokens
    pieces = list(_pieces(reader, text))
    ready: list[Sentence] = []
    for sayings in pieces:
        spoken, changes = reader.put_together(sayings)
        if not spoken:
            continue
        start, end = trim(tokens, sayings[0].start, sayings[-1].end)
        pause = pause_ms(tokens, end, role, last=last and sayings is pieces[-1])
        written = text[tokens[start].start : tokens[end - 1].end]
        ready.append(Sentence(written, spoken, pause, changes, number))
    return ready


def _pieces(reader: Reader, text: str) -> Iterator[Sequence[Saying]]:
    """What is said in each breath. A saying stands in one of them, whole."""
    tokens = reader.tokens
    said_up_to = 0
    for start, end in sentences(text, tokens):
        if sayings := reader.sayings(max(start, said_up_to), end):
            said_up_to = sayings[-1].end
            if tokens[said_up_to - 1].end - tokens[sayings[0].start].start <= LONGEST:
                yield sayings
            else:
                yield from _in_breaths(reader, sayings)


def _in_breaths(
    reader: Reader, sayings: Sequence[Saying]
) -> Iterator[Sequence[Saying]]:
    """A long sentence, where an announcer breathes: never inside what is said as one."""
    tokens = reader.tokens
    inside = {
        token
        for saying in sayings
        if not saying.is_plain
        for token in range(saying.start + 1, saying.end)
    }
    rest = list(sayings)
    for cut in breaths(tokens, sayings[0].start, sayings[-1].end, inside):
        piece, rest = _parted(reader, rest, cut)
        yield piece
        if tokens[cut].kind == "space":
            rest = _parted(reader, rest, cut + 1)[1]
    yield rest


def _parted(
    reader: Reader, sayings: Sequence[Saying], cut: int
) -> tuple[list[Saying], list[Saying]]:
    """Sayings before and after a token; plain words are parted where it stands among them."""
    before = [saying for saying in sayings if saying.end <= cut]
    after = [saying for saying in sayings if saying.start >= cut]
    if len(before) + len(after) < len(sayings):
        parted = sayings[len(before)]
        before.append(reader.plain(parted.start, cut))
        after.insert(0, reader.plain(cut, parted.end))
    return before, after
