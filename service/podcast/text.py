"""Transcripts, chapters and playlists."""

import json
from collections.abc import Sequence

from service.podcast.feed import clean
from service.podcast.values import Chapter, Line


def vtt(lines: Sequence[Line]) -> str:
    """WebVTT, one cue for each line; ValueError when a cue ends before it begins or before its neighbour."""
    parts = ["WEBVTT", ""]
    last = 0
    for number, line in enumerate(lines, start=1):
        if not last <= line.start_ms < line.end_ms:
            raise ValueError(f"cue {number} runs from {line.start_ms} to {line.end_ms} ms, after {last} ms")
        last = line.end_ms
        text = clean(" ".join(line.text.split())).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parts += [str(number), f"{_clock(line.start_ms)} --> {_clock(line.end_ms)}", text, ""]
    return "\n".join(parts)


def chapters_json(chapters: Sequence[Chapter]) -> str:
    """Podcasting 2.0 chapters, version 1.2.0."""
    listed = [{"startTime": round(chapter.start_ms / 1000, 3), "title": chapter.title} for chapter in chapters]
    return json.dumps({"version": "1.2.0", "chapters": listed}, ensure_ascii=False)


def m3u(entries: Sequence[tuple[str, float, str]]) -> str:
    """An extended M3U of (title, seconds, address)."""
    lines = ["#EXTM3U"]
    for title, seconds, address in entries:
        lines += [f"#EXTINF:{round(seconds)},{' '.join(title.split())}", address]
    return "\n".join(lines) + "\n"


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
