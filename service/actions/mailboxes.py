"""Letters of a mailbox as news: always drafts, whoever seems to have sent them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.intake import Rejected, Story, apart, codec
from service.intake.mailbox import (
    LARGEST_LETTER_BYTES,
    Letter,
    Letters,
    Mailbox,
    new_letters,
)
from service.newsroom import Newsroom
from service.newsroom.values import Listed, NewSource
from service.zone import VIETNAM

NO_TITLE = "Thư không ghi tiêu đề"
NOBODY = "người không rõ"


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
) -> Letters[LetterNews]:
    """The news that came into a source's mailbox after the `mark`, without one since a day.

    Rejected says what is wrong with the mailbox. A letter that is not taken in is news too, which
    says why: whoever sent it waits for it.
    """
    mailbox = Mailbox.parse(settings.url)
    senders = re.split(r"[,;\s]+", settings.selector.lower().strip())

    def read(letter: Letter) -> Iterator[LetterNews]:
        return _news_in(letter, list(filter(None, senders)))

    return new_letters(
        mailbox, settings.secret, newsroom.guard, read, mark=mark, since=since
    )


def is_from(address: str, sender: str) -> bool:
    """Whether a letter's `address` is the `sender` that a source names: a whole address, or a domain
    ("@xa.example", "xa.example") without those below it.
    """
    mailbox, _, domain = sender.rpartition("@")
    return address == sender if mailbox else address.rpartition("@")[2] == domain


def _news_in(letter: Letter, senders: list[str]) -> Iterator[LetterNews]:
    about = _about(letter)
    sender = about["from"]
    is_known = not senders or any(is_from(sender, each) for each in senders)
    time = datetime.fromisoformat(about["at"]) if about["at"] else None
    for number, told in enumerate(about["news"]):
        name = about["id"] if number == 0 else f"{about['id']}#{number + 1}"
        title = told["title"][:300] or NO_TITLE
        listed = Listed(name[-200:], "", "", title, name[-200:], time, ())
        # Of a head that cannot be read nobody knows whether it is a stranger's: the reason is told.
        is_unread = not sender and "refused" in told
        yield LetterNews(listed, told if is_known or is_unread else _stranger(sender))


def _about(letter: Letter) -> dict[str, Any]:
    """What a letter tells: who sent it, when, and its news, or why there is none."""
    if letter.data is None:
        return _untaken(letter, _too_large(letter.size))
    try:
        return apart.call("letter", letter.data)
    except Rejected as error:
        return _untaken(letter, error)


def _untaken(letter: Letter, error: Rejected) -> dict[str, Any]:
    """A letter's head, with the reason why the letter is not taken in."""
    about: dict[str, Any] = {"id": letter.name, "from": "", "at": None, "news": []}
    # A head that cannot be read either leaves the mailbox's own name for the letter.
    with suppress(Rejected):
        about = apart.call("letter", letter.head)
    title = about["news"][0]["title"] if about["news"] else ""
    sent = datetime.fromisoformat(about["at"]) if about["at"] else None
    when = f", gửi {sent.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if sent else ""
    why = Rejected(
        error.field,
        error.reason,
        f"a letter of {about['from'] or 'somebody'}: {error}",
        f"Thư của {about['from'] or NOBODY}{when}: {error.message_vi}",
    )
    return about | {"news": [{"title": title} | codec.refusal(why)]}


def _too_large(size: int) -> Rejected:
    most = LARGEST_LETTER_BYTES // 1024**2
    # Rounded up: nobody is told that 12.0 MB are more than 12.
    tenths = -(-size * 10 // 1024**2)
    return Rejected(
        "body",
        "too_large",
        f"it has {tenths / 10} MB, at most {most} MB are taken in",
        f"thư quá lớn ({tenths // 10},{tenths % 10} MB, tối đa {most} MB)."
        " Xin người gửi tách tệp, hoặc lưu tệp rồi đưa lên ở trang viết tin.",
    )


def _stranger(sender: str) -> dict[str, Any]:
    error = Rejected(
        "from",
        "stranger",
        f"{sender or 'its sender'} is not among the senders of this mailbox",
        f"Thư của {sender or NOBODY} không nằm trong danh sách người gửi được nhận.",
    )
    return codec.refusal(error)
