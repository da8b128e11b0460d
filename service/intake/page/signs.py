"""What speaks for a line among paragraphs being a caption, and what against: named signs with
their weights.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from service.intake.lines import (
    is_capitals,
    is_item,
    is_label,
    is_open,
    is_sentence,
    last_mark,
    words,
)
from service.intake.page.scenes import (
    COUNTED,
    HEADS,
    INSTRUCTS,
    ONE_OF_MANY,
    PLACE,
    REPORTS,
    SHOWN,
    SOME,
    SUBJECTS,
    TELLS,
    THINGS,
    WHERE_ALONE,
    WHOSE,
)
from service.intake.page.seen import Seen

FEW_WORDS = range(3, 6)
HEADING_WORDS = range(2, 9)
USUAL_WORDS = range(6, 31)
MORE_WORDS = range(8, 31)  # than headings have
LONG_WORDS = 16  # of a caption that is a whole sentence
SHORTEST_SHARED = 0.4  # of its words, with the paragraphs beside it
SHORT_SHARE = 0.6  # of the words of the paragraph above
SENTENCES = re.compile(r"[.!?…] \S")


@dataclass(frozen=True, slots=True)
class Between:
    """A line of the text, and what stands beside it."""

    each: Seen
    above: Seen
    below: Seen
    photographed: bool  # somewhere the page says who took its pictures

    head: bool = False  # it is one of several headings
    below_paragraph: bool = False  # a paragraph follows the line below it
    signed: bool = False  # other captions of the page say whose pictures they are
    below_caption: bool = False  # the picture above it has one already
    edge: bool = False  # it is the first or the last line of the text

    @property
    def text(self) -> str:
        """The line's letters."""
        return self.each.text


@dataclass(frozen=True, slots=True)
class CaptionSign:
    """One reason for or against, with its weight; `example` is a line that has it."""

    name: str
    weight: float
    example: str
    holds: Callable[[Between], bool]


def _small(line: Between) -> str:
    return line.text.lower()


def is_whole(line: Between) -> bool:
    """Whether a line ends like a sentence."""
    return last_mark(line.text) == "."


def _may_be_text(holds: Callable[[Between], bool]) -> Callable[[Between], bool]:
    """The same sign, of lines that may be a paragraph: a sentence, or one at an edge."""
    return lambda line: (line.edge or is_whole(line)) and holds(line)


# A caption with a full stop looks like a short paragraph: what it says must tell them apart.
OF_SENTENCES: tuple[tuple[str, float, str, Callable[[Between], bool]], ...] = (
    ("a sentence", -2.5, "Múa xòe ở bản.", is_whole),
    (
        "below a picture that may have none",
        -1,
        "",
        lambda line: is_whole(line) and line.each.line.pictured,
    ),
    ("short below a long paragraph", 1.5, "", lambda line: _is_short_below_long(line)),
    (
        "at one of many places",
        1.5,
        "Lấy mẫu nước tại một hộ dân.",
        lambda line: ONE_OF_MANY.search(_small(line)) is not None,
    ),
    (
        "a thing and whose it is",
        2.5,
        "Chòi canh của tổ bảo vệ rừng.",
        lambda line: WHOSE.fullmatch(_small(line)) is not None,
    ),
    (
        "a thing to be seen",
        1,
        "Tiết mục chào mừng hội nghị.",
        lambda line: THINGS.match(_small(line)) is not None,
    ),
    (
        "says what no picture shows",
        -3,
        "Bà con rất phấn khởi.",
        lambda line: TELLS.search(_small(line)) is not None,
    ),
    (
        "nothing to be seen in it",
        -2,
        "Công an xã kết luận vụ việc.",
        lambda line: not _is_seen(_small(line)),
    ),
    (
        "begins as reports do",
        -3,
        "Sau lễ, bà con trồng cây.",
        lambda line: REPORTS.fullmatch(_small(line)) is not None,
    ),
    (
        "begins as instructions do",
        -3,
        "Nộp hồ sơ tại bộ phận một cửa.",
        lambda line: INSTRUCTS.fullmatch(_small(line)) is not None,
    ),
    (
        "counts things",
        -2,
        "Bà con dựng nhà cho ba hộ.",
        lambda line: COUNTED.search(_small(line)) is not None,
    ),
    ("lists things", -3, "Múa, hát, kéo co.", lambda line: line.text.count(",") > 1),
    ("a last sentence", -9, "", lambda line: _is_at_edge(line)),
    (
        "longer than captions are",
        -2,
        "Bà con các thôn trong xã cùng nhau phát quang hai bên đường, đắp lề và trồng hoa mười giờ.",
        lambda line: words(line.text) > LONG_WORDS,
    ),
    ("the page's pictures are elsewhere", -4, "", lambda line: _is_unpictured(line)),
)
SIGNS = (
    CaptionSign("below a picture", 3, "", lambda line: line.each.line.pictured),
    CaptionSign("the page tells of pictures", 1.5, "", lambda line: line.photographed),
    CaptionSign("the page signs its captions", -1, "", lambda line: line.signed),
    CaptionSign("below a caption", -1, "", lambda line: line.below_caption),
    CaptionSign(
        "as long as captions are",
        1,
        "Bà con bản Pa Cheo gặt lúa",
        lambda line: words(line.text) in USUAL_WORDS,
    ),
    CaptionSign(
        "longer than headings are",
        1.5,
        "Chị Mai bên gian bếp mới sửa lại",
        lambda line: words(line.text) in MORE_WORDS,
    ),
    CaptionSign(
        "as short as headings are",
        -1,
        "Trồng cây trên bãi bùn",
        lambda line: words(line.text) in FEW_WORDS,
    ),
    CaptionSign("one of several headings", -3, "", lambda line: line.head),
    CaptionSign(
        "who is to be seen",
        1.5,
        "Chị Mai bên gian bếp mới",
        lambda line: SUBJECTS.fullmatch(_small(line)) is not None,
    ),
    CaptionSign(
        "some of many",
        0.5,
        "Những chậu hoa giấy con",
        lambda line: SOME.match(_small(line)) is not None,
    ),
    CaptionSign(
        "what is done there",
        1,
        "Chị Mai bên gian bếp mới",
        lambda line: SHOWN.search(_small(line)) is not None,
    ),
    CaptionSign(
        "as headings begin",
        -2,
        "Một số việc cần làm ngay",
        lambda line: HEADS.fullmatch(_small(line)) is not None,
    ),
    CaptionSign("repeats what is beside it", 1, "", lambda line: _is_shared(line)),
    CaptionSign(
        "where it was", 1, "Múa xòe ở bản Nà Hin", lambda line: _is_placed(line)
    ),
    CaptionSign("above a heading", 2, "", lambda line: _is_above_heading(line)),
    CaptionSign(
        "ends with a mark",
        -5,
        "Vì sao đường ngập?",
        lambda line: last_mark(line.text) not in {"", "”", ")", "."},
    ),
    CaptionSign(
        "two sentences",
        -5,
        "Đường đã thông. Xe đi lại được.",
        lambda line: SENTENCES.search(line.text) is not None,
    ),
    *(
        CaptionSign(name, weight, example, _may_be_text(holds))
        for name, weight, example, holds in OF_SENTENCES
    ),
    CaptionSign(
        "an item or a label",
        -5,
        "Thời gian: 8 giờ",
        lambda line: is_item(line.text) or is_label(line.text),
    ),
    CaptionSign(
        "a heading",
        -4,
        "",
        lambda line: line.each.line.heading > 0 or line.each.line.strong,
    ),
    CaptionSign("in capitals", -3, "ĐƯỜNG MỚI", lambda line: is_capitals(line.text)),
    CaptionSign(
        "begins with a figure", -3, "3 việc cần làm", lambda line: _is_counted(line)
    ),
    CaptionSign(
        "belongs to a list above", -5, "", lambda line: is_open(line.above.text)
    ),
    CaptionSign(
        "one of several such lines", -3, "", lambda line: _is_among_others(line)
    ),
)


def weight(line: Between) -> float:
    """How likely a line is a caption: the sum of all that holds."""
    return sum(sign.weight for sign in SIGNS if sign.holds(line))


def _is_seen(small: str) -> bool:
    """Whether somebody does in it what pictures show, or a thing is named that they show."""
    is_thing = THINGS.match(small) or WHOSE.fullmatch(small)
    deeds = (each.group() for each in SHOWN.finditer(small))
    return is_thing is not None or any(deed not in WHERE_ALONE for deed in deeds)


def _is_placed(line: Between) -> bool:
    is_long = words(line.text) in USUAL_WORDS
    return is_long and PLACE.search(_small(line)) is not None


def _is_short_below_long(line: Between) -> bool:
    above, below = words(line.above.text), words(line.below.text)
    beside = is_sentence(line.above.text) and words(line.text) <= SHORT_SHARE * above
    return beside and (below > words(line.text) or below in HEADING_WORDS)


def _is_at_edge(line: Between) -> bool:
    """Whether a sentence is the first or the last of the text, and no picture is above it."""
    return line.edge and is_whole(line) and not line.each.line.pictured


def _is_unpictured(line: Between) -> bool:
    """Whether the line's page, being HTML, would show a picture above it, and does not."""
    return line.each.line.block > 0 and not line.each.line.pictured


def _is_above_heading(line: Between) -> bool:
    """Whether a heading follows: of two lines without an end the upper one is none."""
    below = words(line.below.text) in HEADING_WORDS and line.below_paragraph
    own = words(line.text) in USUAL_WORDS and not last_mark(line.text)
    return own and below and not last_mark(line.below.text)


def _is_shared(line: Between) -> bool:
    own = set(_small(line).split())
    beside = set(f"{line.above.text} {line.below.text}".lower().split())
    return len(own & beside) >= len(own) * SHORTEST_SHARED


def _is_counted(line: Between) -> bool:
    return line.text[:1].isdigit()


def _is_among_others(line: Between) -> bool:
    """Whether a line without an end stands next to it: lists and verses look so.

    Not a heading below it: that is numbered, or a few words above a paragraph.
    """
    above, below = line.above, line.below
    if above.text and not last_mark(above.text) and above.line.heading == 0:
        return True
    few = words(below.text) in HEADING_WORDS and line.below_paragraph
    is_heading = below.line.heading > 0 or is_item(below.text) or few
    return bool(below.text) and not last_mark(below.text) and not is_heading
