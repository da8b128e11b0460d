"""Comments on sentences, as they leave the newsroom."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said of a sentence.

    `n` is where it stands now, None for nowhere; `written` the sentence as it was then.
    """

    id: int
    version: int
    n: int | None
    written: str
    text: str
    by: str
    at: datetime
    solved_by: str
    solved_at: datetime | None
