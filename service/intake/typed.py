"""What a person typed, or pasted into the form: all of it is read, whatever it looks like.

Only what has the form of an official document, an e-mail or a post loses what belongs to that form,
and lists it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from service.intake.encodings import mended
from service.intake.letters import lines_of, tidy, unescape
from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.page.walls import wall_of
from service.intake.page.wrapped import unwrapped
from service.intake.papers import letterhead, mail, post
from service.intake.story import Doubt, Rejected, Story

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
    story = read_lines(
        [line for line in map(tidy, lines_of(unescape(whole.text))) if line], title
    )
    return replace(story, doubts=(*whole.doubts, *story.doubts))


def read_lines(lines: Sequence[str], title: str = "") -> Story:
    """The same, of lines that are tidy."""
    for form in FORMS:
        if not title.strip() and (story := form(lines)):
            return story
    lines = [line for line in lines if any(map(str.isalnum, line))]
    if not title.strip() and lines:
        title, lines = lines[0], lines[1:]
        if len(title) > LONGEST_TITLE_CHARS:
            raise Rejected(
                "title",
                "missing",
                "name a title: the first line of the text is too long to be one",
                "Hãy nhập tiêu đề: dòng đầu của nội dung quá dài.",
            )
    wall: Doubt | None = wall_of(" ".join([title, *lines]))
    return Story(
        title=tidy(title),
        paragraphs=tuple(unwrapped(lines)),
        doubts=(wall,) if wall else (),
    )
