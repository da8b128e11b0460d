"""Letters of a mailbox as news: always drafts, whoever seems to have sent them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.intake import Rejected, Story, apart, codec
from service.intake.mailbox import Letters, Mailbox, new_letters
from service.newsroom import Newsroom
from service.newsroom.values import Listed, NewSource


@dataclass(frozen=True, slots=True)
class LetterNews:
    """A piece of news in a letter: as a list's entry, and its story or why there is none."""

    listed: Listed
    told: dict[str, Any]

    def story(self) -> Story:
        """Its text; Rejected says why it is not taken."""
        if refusal := self.told.get("refused"):
            raise Rejected(**refusal)
        return codec.of_json(self.told["story"])


def letters_of(
    newsroom: Newsroom,
    settings: NewSource,
    mark: str = "",
    since: datetime | None = None,
) -> Letters:
    """What came into a source's mailbox after the `mark`, without one since a day.

    Rejected says what is wrong.
    """
    mailbox = Mailbox.parse(settings.url)
    return new_letters(mailbox, settings.secret, newsroom.guard, mark, since)


def news_of(letters: Letters, settings: NewSource) -> list[LetterNews]:
    """The news in letters, in their order."""
    senders = settings.selector.lower().replace(",", " ").split()
    return [news for data in letters.data for news in _news_in(data, senders)]


def _news_in(data: bytes, senders: list[str]) -> Iterator[LetterNews]:
    try:
        letter = apart.call("letter", data)
    except Rejected:
        return  # it tells neither who sent it nor its id: there is nothing to call it by
    is_known = not senders or any(letter["from"].endswith(sender) for sender in senders)
    time = datetime.fromisoformat(letter["at"]) if letter["at"] else None
    for number, told in enumerate(letter["news"]):
        name = letter["id"] if number == 0 else f"{letter['id']}#{number + 1}"
        listed = Listed(name[-200:], "", "", told["title"][:300], name[-200:], time, ())
        yield LetterNews(listed, told if is_known else _stranger(letter["from"]))


def _stranger(sender: str) -> dict[str, Any]:
    error = Rejected(
        "from",
        "stranger",
        f"{sender} is not among the senders of this mailbox",
        f"Thư của {sender} không nằm trong danh sách người gửi được nhận.",
    )
    return codec.refusal(error)
