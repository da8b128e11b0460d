"""Transcripts, chapters and playlists."""

import json
from collections.abc import Sequence
from html import escape
from itertools import groupby

from service.podcast.feed import clean
from service.podcast.values import Chapter, Line


def vtt(lines: Sequence[Line]) -> str:
    """WebVTT, one cue for each line.

    ValueError when a cue ends before it begins or before its neighbour.
    """
    parts = ["WEBVTT", ""]
    last = 0
    for number, line in enumerate(lines, start=1):
        if not last <= line.start_ms < line.end_ms:
            raise ValueError(
                f"cue {number} runs from {line.start_ms} to {line.end_ms} ms, after {last} ms"
            )
        last = line.end_ms
        text = escape(_one_line(line.text), quote=False)
        parts += [
            str(number),
            f"{_clock(line.start_ms)} --> {_clock(line.end_ms)}",
            text,
            "",
        ]
    return "\n".join(parts)


def reading_page(title: str, lines: Sequence[Line]) -> str:
    """The transcript as a page, in the form podcast apps know: the time,
    then the paragraph that begins there.
    """
    parts = ["<!doctype html>", '<html lang="vi">', "<head>", '<meta charset="utf-8">']
    parts += ['<meta name="viewport" content="width=device-width, initial-scale=1">']
    parts += [
        f"<title>{_html(title)}</title>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{_html(title)}</h1>",
    ]
    for _, group in groupby(lines, key=lambda line: line.paragraph):
        said = list(group)
        text = " ".join(_html(line.text) for line in said)
        parts += [f"<time>{_short_clock(said[0].start_ms)}</time>", f"<p>{text}</p>"]
    return "\n".join([*parts, "</main>", "</body>", "</html>", ""])


def chapters_json(chapters: Sequence[Chapter]) -> str:
    """Podcasting 2.0 chapters, version 1.2.0."""
    listed = [
        {"startTime": round(chapter.start_ms / 1000, 3), "title": chapter.title}
        for chapter in chapters
    ]
    return json.dumps({"version": "1.2.0", "chapters": listed}, ensure_ascii=False)


def m3u(entries: Sequence[tuple[str, float, str]]) -> str:
    """An extended M3U of (title, seconds, address)."""
    lines = ["#EXTM3U"]
    for title, seconds, address in entries:
        lines += [f"#EXTINF:{round(seconds)},{' '.join(title.split())}", address]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()))


def _html(text: str) -> str:
    return escape(_one_line(text))


def _short_clock(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return (
        f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        if minutes >= 60
        else f"{minutes}:{seconds:02}"
    )


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
