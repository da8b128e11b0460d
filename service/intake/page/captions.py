"""Captions that nothing marks:
what stood below a picture is a line among paragraphs once the page is copied.
"""

import re
from collections.abc import Callable, Sequence
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
from service.intake.page.body import Span
from service.intake.page.seen import Seen
from service.intake.story import Why

LEAST_SCORE = 3.5
FEW_WORDS = range(3, 6)
HEADING_WORDS = range(2, 9)
USUAL_WORDS = range(6, 31)
MORE_WORDS = range(8, 31)  # than headings have
SHORTEST_SHARED = 0.4  # of its words, with the paragraphs beside it
MOST_OPEN_SHARE = 0.34  # of paragraphs without a full stop: there they say nothing
# Who or what is to be seen; headings name causes and results instead.
SUBJECTS = re.compile(
    r"(?:các |những |một |đông đảo |nhiều |toàn thể )?(?:đại biểu|đồng chí|lãnh đạo|bà con|người dân|nhân dân|"
    r"hội viên|đoàn viên|thanh niên|cán bộ|chiến sĩ|lực lượng|học sinh|thầy|cô|em|ông|bà|anh|chị|cụ|già làng|"
    r"du khách|tiết mục|công nhân|bác sĩ|nông dân|tổ|đội|đoàn|ban|mô hình|gian hàng|vườn|ruộng|cánh đồng|"
    r"con đường|tuyến đường|cây cầu|ngôi nhà|căn nhà|khu|lớp|suất|phần quà|chủ tịch|phó chủ tịch|bí thư|"
    r"trưởng|phó|công an|dân quân|phụ nữ|cựu chiến binh|giáo viên|đội viên|vận động viên|nghệ nhân|"
    r"tiểu thương|mái|đình|chùa|trường|trụ sở|công trình|cháu|thiếu nhi|"
    r"giao diện|màn hình|tin nhắn|ảnh chụp|hiện trường|tang vật|đối tượng|chân dung|bản đồ|sơ đồ|phối cảnh|biển|"
    r"trẻ|chị em|phật tử|giáo dân|người cao tuổi|du kích|ngư dân|tàu|thuyền|xe|hội trường|bếp|sân|không khí|"
    r"khoảnh khắc|niềm vui|nụ cười|lễ|buổi|hội nghị|món|sản phẩm|bánh|luống|đàn|đám|gia đình|hộ|gốc|cây)\b.*"
)
# What people do in pictures, and where they stand.
SHOWN = re.compile(
    r"\b(?:bên|trao|tặng|kiểm tra|thăm|chụp|phát biểu|tham gia|tham quan|chuẩn bị|thu hoạch|chăm sóc|giới thiệu|"
    r"hướng dẫn|thi công|đang|tại|ký kết|bàn giao|dọn|vận chuyển|chuyển|tuần tra|trồng|biểu diễn|xem|"
    r"trải nghiệm|dự|cắt băng|gói|nấu|dâng hương|khám|bế|cầm|đứng|ngồi|gặt|hái|vui mừng|phấn khởi|"
    r"trước khi|sau khi|nhìn từ|"
    r"trong ngày|trong lễ|trong buổi|tại lễ|tại buổi|đọc|vui chơi|múa|hát|"
    r"thi đấu|nghe|lắng nghe|học|chơi|tập|rửa|quét|sửa|đổ|cấp phát|phun|tiêm|cân|cấy|xếp hàng|trao đổi|tiếp nhận|"
    r"nhộn nhịp|đông đảo|tập trung|bán|mua|bày|trưng bày|phơi|dựng|treo|chở|khiêng|cuốc|tưới|cắt|đan|dệt|may|vẽ)\b"
)
# Headings say what is to be done, and what came of it.
HEADS = re.compile(
    r"(?:một số (?:việc|nội dung|kết quả|giải pháp|lưu ý|điểm)|những (?:việc|điều|kết quả|nghề|giải pháp|khó khăn)|"
    r"cần|để|vì|hiệu quả|kết quả|nâng cao|phát huy|tăng cường|đẩy mạnh|xây dựng|tạo|chủ động|giữ|bảo đảm|đảm bảo|"
    r"từ|khi|khó khăn|giải pháp|mở rộng|đổi mới|lan tỏa|hướng|vượt|thay đổi|không|hãy|nhiều|về|chung tay|đồng lòng)\b.*"
)
SOME = re.compile(r"(?:những|các|một|đông đảo|nhiều|hàng) ")
PHOTOGRAPHED = re.compile(r"\bảnh\b")


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


SIGNS = (
    CaptionSign("below a picture", 3, "", lambda line: line.each.line.pictured),
    CaptionSign("the page tells of pictures", 1.5, "", lambda line: line.photographed),
    CaptionSign("the page signs its captions", -2, "", lambda line: line.signed),
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
        "ends with a mark",
        -5,
        "Đường mới mở rộng 4 mét.",
        lambda line: last_mark(line.text) not in {"", "”", ")"},
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


def captions_of(
    seen: Sequence[Seen], span: Span, heads: frozenset[int] = frozenset()
) -> list[int]:
    """The lines of the text, but for its first and its last, that are most likely captions."""
    plain = [at for at in range(span.start, span.end) if seen[at].plain]
    open_lines = sum(not last_mark(seen[at].text) for at in plain)
    pictured = any(seen[at].line.pictured for at in plain)
    if not plain or (not pictured and open_lines > len(plain) * MOST_OPEN_SHARE + 1):
        return []
    photographed = any(map(_tells_of_pictures, seen))
    signed = any(seen[at].caption for at in range(span.start, span.end))
    places = zip(plain, plain[1:], plain[2:], strict=False)
    return [
        at
        for above, at, below in places
        if weight(
            Between(
                seen[at],
                seen[above],
                seen[below],
                photographed,
                head=at in heads,
                below_paragraph=_is_above_paragraph(seen, below),
                signed=signed,
            )
        )
        >= LEAST_SCORE
    ]


def _is_above_paragraph(seen: Sequence[Seen], at: int) -> bool:
    return at + 1 < len(seen) and is_sentence(seen[at + 1].text)


def weight(line: Between) -> float:
    """How likely a line is a caption: the sum of all that holds."""
    return sum(sign.weight for sign in SIGNS if sign.holds(line))


def _tells_of_pictures(each: Seen) -> bool:
    if each.caption:
        return True
    return each.why is Why.BYLINE and PHOTOGRAPHED.search(each.text.lower()) is not None


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
    if not last_mark(line.above.text) and line.above.line.heading == 0:
        return True
    below = line.below
    few = words(below.text) in HEADING_WORDS and line.below_paragraph
    is_heading = below.line.heading > 0 or is_item(below.text) or few
    return not last_mark(below.text) and not is_heading
