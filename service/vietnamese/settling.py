"""One sense in one article: a doubt goes where the same letters are surely the same elsewhere in it.

"BTC trao giải" may be the ministry or the organisers; where the title says "BTC Giải bóng đá", an
editor need not look at each of them (one sense per discourse: Gale, Church, Yarowsky 1992).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from service.vietnamese.sentence import Change, Sentence

SENSES = frozenset(("abbreviation",))  # rules that choose among senses


def settled(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences, without the doubts that the rest of the article settles."""
    if not any(_is_unsettled(change) for one in sentences for change in one.changes):
        return list(sentences)
    sure = _sure_senses(sentences)
    return [_settled(sentence, sure) for sentence in sentences]


def _sure_senses(sentences: Sequence[Sentence]) -> Mapping[str, frozenset[str]]:
    """What each abbreviation is said as where no doubt stands."""
    sure: defaultdict[str, set[str]] = defaultdict(set)
    for sentence in sentences:
        for change in sentence.changes:
            if change.rule in SENSES and not change.doubt:
                sure[change.written].add(change.spoken)
    return {written: frozenset(spoken) for written, spoken in sure.items()}


def _settled(sentence: Sentence, sure: Mapping[str, frozenset[str]]) -> Sentence:
    changes = tuple(
        change._replace(doubt=False)
        if _is_unsettled(change)
        and sure.get(change.written) == frozenset((change.spoken,))
        else change
        for change in sentence.changes
    )
    return sentence._replace(changes=changes)


def _is_unsettled(change: Change) -> bool:
    return change.doubt and change.rule in SENSES
