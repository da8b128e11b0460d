"""The pronunciation dictionary, ready to be asked at any place of a text."""

from collections import defaultdict
from collections.abc import Sequence

from service.vietnamese.sentence import Term


class Terms:
    """Entries by the first character of their written form.

    Of several that fit, the longest wins.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self._by_initial: defaultdict[str, list[Term]] = defaultdict(list)
        for term in sorted(terms, key=lambda term: len(term.written), reverse=True):
            self._by_initial[term.written[:1].lower()].append(term)

    def __bool__(self) -> bool:
        return bool(self._by_initial)

    def at(self, text: str, position: int) -> Term | None:
        """The entry whose written form stands at this place as a whole word."""
        for term in self._by_initial.get(text[position].lower(), ()):
            end = position + len(term.written)
            stands = text[position:end]
            same = stands == term.written or (
                not term.match_case and stands.lower() == term.written.lower()
            )
            if (
                same
                and not _within_a_word(text, position)
                and not _within_a_word(text, end)
            ):
                return term
        return None


def _within_a_word(text: str, position: int) -> bool:
    """Whether the characters on both sides of a position belong together."""
    sides = text[max(position - 1, 0) : position + 1]
    return len(sides) == 2 and all(char.isalnum() or char == "_" for char in sides)
