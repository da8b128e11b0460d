"""One of the readings that fit a doubtful word is taken by an editor, for this sentence only."""

import re
from dataclasses import replace

from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.values import CHOSEN, Change, Sentence, SentenceSeen

_WORD = re.compile(r"\w+")


def choose_reading(
    newsroom: Newsroom, episode_id: int, n: int, start: int, spoken: str, who: str
) -> None:
    """Says the change at `start` of sentence `n` by one of its rivals.

    Only that sentence is spoken again.

    NotFound when there is no such change, Invalid when it has no such rival, Conflict when what the
    sentence says was typed by somebody, so that nobody knows which of its words that change became.
    """
    sentence = next(
        (s for s in newsroom.episodes.get(episode_id).sentences if s.n == n), None
    )
    changes = sentence.changes if sentence else ()
    change = next((change for change in changes if change.start == start), None)
    if sentence is None or change is None:
        raise NotFound(
            f"sentence {n} has no reading to choose at {start}",
            "Chỗ này không còn để chọn; có thể câu vừa được đọc lại.",
            "sentences",
        )
    if spoken not in change.rivals:
        raise Invalid(
            f"{spoken!r} is none of its readings",
            "Cách đọc này không có trong các cách đã nêu.",
            "spoken",
        )
    after = chosen(sentence, change, spoken)
    # Another editor's words of the same moment are not overwritten by what was made of the old ones.
    seen = SentenceSeen(sentence.written, sentence.spoken)
    newsroom.episodes.say_otherwise(
        episode_id, n, after.spoken, who, after.changes, seen
    )


def chosen(sentence: Sentence, change: Change, spoken: str) -> Sentence:
    """The sentence with another reading of one change; what was said till now becomes a rival.

    What the change became is found by counting words: all between the changes are said as they are
    written.
    """
    span = _span(sentence, change)
    if span is None:
        raise Conflict(
            f"sentence {sentence.n} does not say {change.spoken!r} there",
            "Lời đọc của câu này đã được sửa tay. Hãy sửa tiếp trong ô “Lời đọc”.",
            "spoken",
        )
    start, end = span
    rivals = (change.spoken, *(rival for rival in change.rivals if rival != spoken))
    choice = replace(change, spoken=spoken, rule=CHOSEN, doubt=False, rivals=rivals)
    return replace(
        sentence,
        spoken=sentence.spoken[:start] + spoken + sentence.spoken[end:],
        changes=tuple(choice if each == change else each for each in sentence.changes),
        edited=True,
    )


def _span(sentence: Sentence, change: Change) -> tuple[int, int] | None:
    """Where in what the sentence says a change is heard.

    None when other words are there, or none.
    """
    words = list(_WORD.finditer(sentence.spoken))
    first = _words_before(sentence, change)
    heard = words[first : first + _count(change.spoken)]
    if not heard or [word[0] for word in heard] != _WORD.findall(change.spoken):
        return None
    return heard[0].start(), heard[-1].end()


def _words_before(sentence: Sentence, change: Change) -> int:
    """How many words are said before what a change became."""
    count, position = 0, 0
    for each in sorted(sentence.changes, key=lambda each: each.start):
        count += _count(sentence.written[position : each.start])
        if each.start == change.start:
            break
        count += _count(each.spoken)
        position = each.end
    return count


def _count(text: str) -> int:
    return len(_WORD.findall(text))
