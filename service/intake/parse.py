"""Text, HTML or a whole page becomes a Story, or is turned away with a reason."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from service.intake import apart, codec
from service.intake.addresses import is_web
from service.intake.letters import INVISIBLE, lines_of, tidy, unescape
from service.intake.limits import (
    LARGEST_BYTES,
    LONGEST_FIELD_CHARS,
    LONGEST_STORY_CHARS,
    LONGEST_TITLE_CHARS,
    too_large,
    too_long,
)
from service.intake.page.reader import no_article
from service.intake.story import ADDRESSES, Given, Rejected, Story
from service.intake.times import when
from service.intake.typed import read_typed

FORMATS = ("text", "html", "page")
LOOKED_AT_CHARS = 20_000
UNASSIGNED = "\x81\x8d\x8f\x90\x9d"  # in Windows-1252
ADDRESS = re.compile(r"https?://[^\s<>\"']{3,2000}")


def parse(body: str, format: str = "text", given: Given | None = None) -> Story:
    """The Story in a body of one of FORMATS. Rejected names the field at fault.

    `text` is what a person typed: all of it is read. HTML and pages are parsed apart, in a child
    process.
    """
    given = given or Given()
    if format not in FORMATS:
        raise Rejected(
            "format",
            "unknown_format",
            f"format is one of {', '.join(FORMATS)}, not {format!r}",
            "Dạng nội dung không hợp lệ.",
        )
    _check_text(body)
    if format == "text":
        return finished(read_typed(body, given.title), given)
    options = {"title": given.title} if format == "html" else {}
    return finished(codec.of_json(apart.call(format, body.encode(), **options)), given)


def finished(story: Story, given: Given) -> Story:
    """The story with what its sender said of it; Rejected when that, or the whole, cannot be."""
    told = {field.name: _value(given, field.name) for field in fields(Given)}
    if told["picture"]:
        # What stands below the text's own picture says nothing of the sender's.
        story = replace(story, picture_caption="", enclosed=None)
    whole = replace(story, **{name: value for name, value in told.items() if value})
    whole = replace(whole, picture=absolute(whole.picture, whole.url))
    _check_story(whole)
    return whole


def paragraphs_of(text: str) -> Sequence[str]:
    """The paragraphs of a text that an editor typed."""
    return [line for line in map(tidy, lines_of(unescape(text))) if line]


def _value(given: Given, name: str) -> Any:
    """What the sender says of a field, as a Story holds it; "" or None for nothing."""
    text = getattr(given, name)
    if name == "published_at":
        return when(text)
    return _address(text, name) if name in ADDRESSES else _line(text, name)


def _line(text: str, field: str) -> str:
    if len(text) > LONGEST_FIELD_CHARS:
        raise Rejected(
            field,
            "too_long",
            f"{field} is longer than {LONGEST_FIELD_CHARS} characters",
            f"Quá dài: ô này tối đa {LONGEST_FIELD_CHARS} ký tự.",
        )
    return tidy(unescape(text))


def _address(url: str, field: str) -> str:
    """An address that people follow: nothing but the web."""
    url = url.translate(INVISIBLE).strip()
    if url and not _can_be_followed(url):
        raise Rejected(
            field,
            "unsafe_url",
            f"{url[:100]!r} is no http(s) address",
            "Địa chỉ không hợp lệ: phải bắt đầu bằng http:// hoặc https://.",
        )
    return url


def _can_be_followed(url: str) -> bool:
    return bool(ADDRESS.fullmatch(url)) and url.isprintable() and is_web(url)


def absolute(address: str, base: str) -> str:
    """A picture's address in full and in ASCII, as a page at `base` means it.

    "" for one that leads nowhere.
    """
    try:
        parts = urlsplit(urljoin(base, address)) if address else None
        if parts is None or not ADDRESS.fullmatch(parts.geturl()):
            return ""
        host = parts.netloc.encode(
            "idna" if not parts.netloc.isascii() else "ascii"
        ).decode()
    except ValueError:  # UnicodeError among them
        return ""
    # What is encoded already stays so.
    path, query = (
        quote(part, safe="%/:=&?~+!$,;'@()*[]") for part in (parts.path, parts.query)
    )
    whole = urlunsplit((parts.scheme, host, path, query, ""))
    return whole if len(whole) <= LONGEST_FIELD_CHARS else ""


def _check_text(body: str) -> None:
    if (
        len(body) > LARGEST_BYTES
        or len(body.encode("utf-8", "surrogatepass")) > LARGEST_BYTES
    ):
        raise too_large("body")
    if not body.strip():
        raise Rejected(
            "body", "empty", "there is no text in it", "Chưa có nội dung bài."
        )
    start = body[:LOOKED_AT_CHARS]
    odd = sum(map(_is_odd, start))
    surrogates = any("\ud800" <= char <= "\udfff" for char in body)
    if surrogates or "\0" in body or odd > max(3, len(start) // 50):
        raise Rejected(
            "body",
            "binary",
            "this is no readable text; it may be a file of another kind, or have lost its encoding",
            "Nội dung không phải văn bản đọc được (có thể sai bảng mã hoặc nhầm tệp).",
        )


def _is_odd(char: str) -> bool:
    """Whether no text has it. A soft hyphen has: it is the "ư" of TCVN3, read as something else."""
    # UTF-8 that was read as Windows-1252 keeps five bytes that it has no letters for.
    if char.isprintable() or char.isspace() or char in UNASSIGNED:
        return char == "\ufffd"
    return unicodedata.category(char) != "Cf"


def _check_story(story: Story) -> None:
    if not story.title:
        raise Rejected("title", "missing", "name a title", "Hãy nhập tiêu đề.")
    if len(story.title) > LONGEST_TITLE_CHARS:
        raise Rejected(
            "title",
            "too_long",
            f"a title has at most {LONGEST_TITLE_CHARS} characters",
            f"Tiêu đề dài quá {LONGEST_TITLE_CHARS} ký tự.",
        )
    # Two letters in a row: a text of figures and marks alone cannot be read aloud.
    text = " ".join([story.lead, *story.paragraphs])
    if not re.search(r"[^\W\d_]{2}", text):
        raise no_article("there is a title, but no sentence to read")
    if len(text) > LONGEST_STORY_CHARS:
        raise too_long()
