"""A letter as it came by e-mail: its documents, or else its text, each news of its own.

Read apart, in the child.
"""

import hashlib
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePath
from typing import Any

from service.intake import codec
from service.intake.documents import read_file
from service.intake.letters import lines_of, tidy
from service.intake.markup import read_html
from service.intake.papers import mail
from service.intake.story import Rejected, Story
from service.intake.times import is_likely
from service.intake.typed import read_typed
from service.zone import VIETNAM

DOCUMENTS = (".docx", ".pdf", ".odt", ".rtf", ".doc")
MOST_DOCUMENTS = 10
FEWEST_NEWS_CHARS = (
    200  # a note says less: "Xã gửi đài thông báo kèm theo, nhờ phát giúp."
)


def read_letter(data: bytes) -> dict[str, Any]:
    """Who sent it, when, under which id.

    And for each piece of news in it a story, or why there is none.
    """
    letter = message_from_bytes(data, policy=policy.default)
    subject = mail.about_of(tidy(str(letter["subject"] or "")))
    name = (
        tidy(str(letter["message-id"] or ""))
        or f"sha256:{hashlib.sha256(data).hexdigest()}"
    )
    documents = [
        part for part in letter.iter_attachments() if _suffix(part) in DOCUMENTS
    ]
    news = [_told(part, subject) for part in documents[:MOST_DOCUMENTS]]
    if all("refused" in each for each in news):
        news += _in_its_text(letter, subject, is_alone=not documents)
    if len(documents) > MOST_DOCUMENTS:
        news.append({"title": subject} | codec.refusal(_too_many(len(documents))))
    return {
        "id": name,
        "from": parseaddr(str(letter["from"] or ""))[1].lower(),
        "at": _time(str(letter["date"] or "")),
        "news": news,
    }


def _in_its_text(
    letter: EmailMessage, subject: str, *, is_alone: bool
) -> list[dict[str, Any]]:
    """The news that a letter itself holds.

    Beside documents, none of which can be read, that is most often a note that hands them on.
    """
    told = _told(letter, subject)
    if is_alone:
        return [told]
    story = told.get("story", {"lead": "", "paragraphs": ()})
    text = " ".join([story["lead"], *story["paragraphs"]])
    return [told] if len(text) >= FEWEST_NEWS_CHARS else []


def _too_many(documents: int) -> Rejected:
    return Rejected(
        "body",
        "too_many",
        f"{documents} documents, the first {MOST_DOCUMENTS} are taken in",
        f"Thư kèm {documents} tệp; chỉ nhận {MOST_DOCUMENTS} tệp đầu."
        " Xin người gửi các tệp sau bằng thư khác.",
    )


def _told(part: EmailMessage, subject: str) -> dict[str, Any]:
    title = PurePath(part.get_filename() or "").stem or subject
    try:
        story = _of_document(part) if part.get_filename() else _of_text(part, subject)
    except Rejected as error:
        return {"title": title} | codec.refusal(error)
    # Ten documents' pictures would be more than a child may answer.
    text = replace(story, enclosed=None, picture_caption="")
    return {"title": text.title, "story": codec.to_json(text)}


def _of_document(part: EmailMessage) -> Story:
    content = part.get_payload(decode=True)
    return read_file(content if isinstance(content, bytes) else b"", _suffix(part))


def _of_text(letter: EmailMessage, subject: str) -> Story:
    """What somebody wrote in the letter itself, without greeting, signature and what it quotes."""
    body = letter.get_body(("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_subtype() == "html":
        return read_html(text, subject)
    lines = [line for line in map(tidy, lines_of(text)) if line]
    sender = str(letter["from"] or "")
    story = mail.read([f"From: {sender}", f"Subject: {subject}", *lines])
    return story or read_typed(text, subject)


def _suffix(part: EmailMessage) -> str:
    return PurePath(part.get_filename() or "").suffix.lower()


def _time(text: str) -> str | None:
    try:
        time = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    aware: datetime = time if time.tzinfo else time.replace(tzinfo=VIETNAM)
    return aware.isoformat() if is_likely(aware) else None
