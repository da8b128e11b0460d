"""The memo of an announcement: found in its text, as far as no editor set it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.newsroom.stories.announcements import is_announcement
from service.newsroom.stories.memos import phone_stands_in, stands_in
from service.newsroom.values import Sentence
from service.vietnamese.moments import starts_at
from service.vietnamese.remember import TextLine, remember

HEADS = ("title", "heading")  # in a bulletin a story's title is a heading


@dataclass(frozen=True, slots=True)
class Memo:
    """What must be remembered, each as it stands in the text; "" and () for what has none."""

    what: str
    who: str
    when: str
    where: str
    phones: tuple[str, ...]

    @property
    def is_worth_showing(self) -> bool:
        """Whether it tells more than the title."""
        return bool(self.when or self.where or self.phones)


def found_memo(sentences: Sequence[Sentence]) -> Memo:
    """What the reading finds in a text; its first line is the title."""
    first = sentences[0].n if sentences else 0
    lines = [
        TextLine(
            line.written,
            "title" if line.n == first and line.role in HEADS else line.role,
            line.changes,
        )
        for line in sentences
    ]
    return Memo(*remember(lines))


def memo_of(
    sentences: Sequence[Sentence],
    title: str,
    topic: str,
    mended: Mapping[str, str] | None,
) -> Memo | None:
    """The memo to show with a text; None for what is no announcement, or has nothing to show.

    A field that an editor set counts as long as it stands whole in the text.
    """
    if mended is None and not is_announcement(title, topic):
        return None
    memo = mended_memo(sentences, mended or {})
    return memo if memo.is_worth_showing else None


def mended_memo(sentences: Sequence[Sentence], mended: Mapping[str, str]) -> Memo:
    """What is found, with an editor's fields in the place of those they set."""
    found = found_memo(sentences)

    def one(name: str) -> str:
        value = mended.get(name)
        stands = value is not None and stands_in(value, sentences)
        return value if stands and value is not None else getattr(found, name)

    phones = found.phones
    if "phones" in mended:
        typed = (each.strip() for each in mended["phones"].split(","))
        phones = tuple(
            each for each in typed if each and phone_stands_in(each, sentences)
        )
    return Memo(one("what"), one("who"), one("when"), one("where"), phones)


def begins_at(memo: Memo, told_on: date) -> date | datetime | None:
    """When it begins, by Vietnam's clock; None where no day is told."""
    return starts_at(memo.when, told_on)
