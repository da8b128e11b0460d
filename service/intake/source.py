"""An article from a file or a web address, as the command line and the samples name it."""

import codecs
import re
from dataclasses import fields
from pathlib import Path

from service.guard import PUBLIC_ONLY, Guard
from service.intake import apart, codec
from service.intake.encodings import decode
from service.intake.limits import LARGEST_DOCUMENT_BYTES, largest_of, too_large
from service.intake.parse import finished, parse
from service.intake.story import Given, Rejected, Story

HEADERS = frozenset(field.name for field in fields(Given))
LONGEST_HEADER_CHARS = 20


def open_source(source: str, guard: Guard = PUBLIC_ONLY) -> Story:
    """The Story in a file (.docx, .odt, .rtf, .pdf, .txt, .md, .html) or behind an http(s) address.

    A web address is fetched where `guard` allows, each redirect anew. A text file may begin with
    `title: …`, `topic: …` and such lines, ended by a blank one. Rejected names `file` or `url`.
    """
    if re.match(r"https?://", source, re.IGNORECASE):
        from service.intake.fetch import fetch  # no child that parses needs the web

        page = fetch(source, guard)
        return parse_bytes(page.data, ".html", Given(url=page.url), page.charset)
    path = Path(source)
    return parse_bytes(read_file(path), path.suffix)


def read_file(path: Path) -> bytes:
    """What a file holds; Rejected names `file` when it cannot be read, or is too large."""
    try:
        if path.stat().st_size > LARGEST_DOCUMENT_BYTES:
            raise too_large("file", LARGEST_DOCUMENT_BYTES)
        return path.read_bytes()
    except OSError as error:
        raise Rejected(
            "file",
            "unreadable",
            f"{path} cannot be read: {error.strerror}",
            f"Không đọc được tệp {path}.",
        ) from error


def parse_bytes(
    data: bytes, suffix: str = "", given: Given | None = None, charset: str = ""
) -> Story:
    """The Story in a file's bytes, read apart; `suffix` is that of its name, and only a hint.

    `charset` is what a server says of them.
    """
    if len(data) > largest_of(data):
        raise too_large("file", largest_of(data))
    # A text with headers of its own ("title: …") is known by them, whatever its suffix.
    first = data[:LONGEST_HEADER_CHARS].removeprefix(codecs.BOM_UTF8).partition(b":")[0]
    if first.strip().decode("latin-1") in HEADERS:
        return parse_text(decode(data, "file"))
    values = apart.call("file", data, suffix=suffix, charset=charset)
    return finished(codec.of_json(values), given or Given())


def parse_text(text: str) -> Story:
    """Text with or without headers."""
    lines = text.split("\n")
    headers: dict[str, str] = {}
    while lines:
        name, colon, value = lines[0].strip().partition(":")
        if not colon or name not in HEADERS:
            break
        headers[name] = value.strip()
        lines.pop(0)
    return parse("\n".join(lines), "text", Given(**headers))
