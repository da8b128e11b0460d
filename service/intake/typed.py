"""What a person typed, or pasted into the form: all of it is read, whatever it looks like."""

from service.intake.letters import lines_of, tidy, unescape
from service.intake.limits import LONGEST_TITLE_CHARS
from service.intake.story import Rejected, Story


def read_typed(body: str, title: str = "") -> Story:
    """The story in a text: its first line is the title unless one is given, each further one a paragraph.

    Only lines without a letter or figure ("***", an empty one) go: there is nothing to read in them.
    """
    lines = [line for line in map(tidy, lines_of(unescape(body))) if any(map(str.isalnum, line))]
    if not title.strip() and lines:
        title, lines = lines[0], lines[1:]
        if len(title) > LONGEST_TITLE_CHARS:
            raise Rejected(
                "title",
                "missing",
                "name a title: the first line of the text is too long to be one",
                "Hãy nhập tiêu đề: dòng đầu của nội dung quá dài.",
            )
    return Story(title=tidy(title), paragraphs=tuple(lines))
