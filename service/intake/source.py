"""An article from a file or a web address, as the command line and the samples name it."""

import re
from pathlib import Path

from service.guard import PUBLIC_ONLY, Guard
from service.intake.fetch import fetch
from service.intake.parse import LARGEST_BYTES, Given, decode, parse, too_large
from service.intake.story import Rejected, Story

HEADER = re.compile(r"([a-z_]+):\s*(.*)")
HEADERS = frozenset(("title", "lead", "topic", "byline", "url", "published_at"))


def open_source(source: str, guard: Guard = PUBLIC_ONLY) -> Story:
    """The Story in a file (.txt, .md, .html) or behind an http(s) address.

    A web address is fetched where `guard` allows, each redirect anew.
    A text file may begin with `title: …`, `topic: …` and such lines, ended by a blank one. Rejected names `file`
    or `url`.
    """
    if re.match(r"https?://", source):
        text, url = fetch(source, guard)
        return parse(text, "html", Given(url=url))
    path = Path(source)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise too_large("file")
        data = path.read_bytes()
    except OSError as error:
        raise Rejected(
            "file",
            "unreadable",
            f"{source} cannot be read: {error.strerror}",
            f"Không đọc được tệp {source}.",
        ) from error
    return parse_text(decode(data, "file"), html=path.suffix.lower() in (".html", ".htm", ".xhtml"))


def parse_text(text: str, *, html: bool = False) -> Story:
    """Text with or without headers, or HTML."""
    if html or re.match(r"\s*<(!doctype|html|\?xml|article|div|p|h1)\b", text, re.IGNORECASE):
        return parse(text, "html")
    lines = text.split("\n")
    headers: dict[str, str] = {}
    while lines and (found := HEADER.fullmatch(lines[0].strip())) and found[1] in HEADERS:
        headers[found[1]] = found[2].strip()
        lines.pop(0)
    return parse("\n".join(lines), "text", Given(**headers))
