"""A Story is what intake hands on: news as people wrote it, without the page it stood on."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Story:
    """One piece of news. Every text is NFC and stripped; `published_at` is aware (Asia/Ho_Chi_Minh if unsaid).

    `title` is never empty, and `lead` and `paragraphs` together hold at least one sentence. `byline` and
    `topic` are shown, not read aloud; each is "" when the page named none.
    """

    title: str
    paragraphs: tuple[str, ...]
    lead: str = ""
    byline: str = ""
    topic: str = ""
    published_at: datetime | None = None
    url: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 hex of all that a reader sees: the same story twice has the same digest."""
        parts = [self.title, self.lead, *self.paragraphs, self.byline, self.topic]
        parts.append(self.published_at.isoformat() if self.published_at else "")
        text = "\x1f".join(unicodedata.normalize("NFC", part) for part in parts)
        return hashlib.sha256(text.encode()).hexdigest()


class Rejected(ValueError):
    """What came in cannot become a Story.

    `field` names the input at fault (`body`, `title`, `url`, `format`, `published_at`, …), `reason` is a stable
    code in snake_case, and the message tells the sender, in English, what happened and what to do.
    `message_vi` says the same to an editor.
    """

    def __init__(self, field: str, reason: str, message: str, message_vi: str) -> None:
        super().__init__(message)
        self.field = field
        self.reason = reason
        self.message_vi = message_vi
