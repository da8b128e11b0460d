"""What a person typed, or pasted into the form: all of it is read, whatever it looks like.

Only what has the form of an official document, an e-mail or a post loses what belongs to that form,
and lists it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from service.intake.encodings import mended
from service.intake.letters import tidy, unescape
from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.page.walls import wall_of
from service.intake.page.wrapped import goes_on_title, is_sheet, unwrapped
from service.intake.papers import letterhead, mail, post
from service.intake.papers.script import Script
from service.intake.papers.script import read as script_of
from service.intake.rows import rows_of, without_counts
from service.intake.story import Doubt, LeftOut, Rejected, Story, Why

MOST_TITLE_LINES = 3
EMPTY = re.compile(r"\n[ \t\r]{0,200}\n")
FORMS: tuple[Callable[[Sequence[str]], Story | None], ...] = (
    mail.read,
    letterhead.read,
    post.read,
)


def read_typed(body: str, title: str = "") -> Story:
    """The story in a text: its first line is the title unless one is given,
    each further one a paragraph.

    Lines without a letter or figure ("***", an empty one) go: there is nothing to read in them.
    Lines that a margin broke are put together again.
    """
    whole = mended(body)
    text = unescape(whole.text)
    story = read_lines(rows_of(text), title, _first_block(text))
    return replace(story, doubts=(*whole.doubts, *story.doubts))


def _first_block(text: str) -> int:
    """How many lines stand above the first empty one."""
    return len(rows_of(EMPTY.split(text.strip(), maxsplit=1)[0]))


def read_lines(lines: Sequence[str], title: str = "", first_block: int = 1) -> Story:
    """The same, of lines that are tidy; the first `first_block` of them stand together."""
    texts, counts = without_counts(lines)
    story = _read_form(texts, title, first_block)
    left = [LeftOut(count, Why.COUNT) for count in counts]
    return replace(story, left_out=(*story.left_out, *left))


def _read_form(lines: Sequence[str], title: str, first_block: int) -> Story:
    """The story in a document, an e-mail or a post; else in a plain text."""
    for form in FORMS:
        if not title.strip() and (story := form(lines)):
            return story
    return _read_plain(
        Script(lines) if title.strip() else script_of(lines), title, first_block
    )


def _read_plain(script: Script, title: str, first_block: int) -> Story:
    """The story in what has no form of its own."""
    lines: Sequence[str] = [
        line for line in script.lines if any(map(str.isalnum, line))
    ]
    if not title.strip() and lines:
        title, lines = _named(lines, first_block)
    wall: Doubt | None = wall_of(" ".join([title, *lines]))
    texts = [line for line in unwrapped(lines) if not is_sheet(line)]
    sheets = [LeftOut(line, Why.FOOTER) for line in filter(is_sheet, lines)]
    return Story(
        title=tidy(title),
        paragraphs=tuple(texts),
        byline=script.byline,
        published_at=script.time,
        left_out=(*script.left_out, *sheets),
        doubts=(wall,) if wall else (),
    )


def _named(lines: Sequence[str], first_block: int) -> tuple[str, Sequence[str]]:
    """The title, and the lines below it; Rejected when it is too long to be one."""
    size = _title_lines(lines, first_block)
    title = " ".join(lines[:size])
    if len(title) > LONGEST_TITLE_CHARS:
        raise Rejected(
            "title",
            "missing",
            "name a title: the first line of the text is too long to be one",
            "Hãy nhập tiêu đề: dòng đầu của nội dung quá dài.",
        )
    return title, lines[size:]


def _title_lines(lines: Sequence[str], first_block: int) -> int:
    """How many lines the title has: a margin may have broken it."""
    size = 1
    while size < min(len(lines) - 1, MOST_TITLE_LINES) and goes_on_title(
        lines[size - 1], lines[size], together=size < first_block <= MOST_TITLE_LINES
    ):
        size += 1
    return size
