"""Kinds of pages and texts that a portal, an office or a group writes: small ones, each of which
shows a few lines that are easily taken for something else.

A case is `#### name format` and its lines: `=` is the title, `+` is read, `-` is not, `?` may be
either; what has no mark is there for its tags alone.
"""

import html
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.intake import Doubt, Why, parse
from service.intake.markup import read_html
from service.intake.page import read_page
from service.intake.typed import read_typed

KINDS = Path(__file__).parent / "kinds"
READERS = {"page": read_page, "text": read_typed, "html": read_html}
LONG_LETTERS = 14  # of a line that stands in no other by chance


@dataclass(frozen=True)
class Case:
    name: str
    format: str
    body: str
    lines: tuple[tuple[str, str], ...]

    def of(self, marks):
        return [letters(text) for mark, text in self.lines if mark in marks]


def cases():
    for path in sorted(KINDS.glob("*.txt")):
        for block in re.split(r"(?m)^#### ", path.read_text("utf-8"))[1:]:
            head, _, rest = block.partition("\n")
            name, format = head.split()
            lines = rest.rstrip("\n").split("\n")
            marked = tuple((line[0], line[2:]) for line in lines if line[:1] in MARKS)
            body = "\n".join(line[2:] if line[:1] in MARKS else line for line in lines)
            yield Case(f"{path.stem}-{name}", format, body, marked)


MARKS = tuple("=+-?")
CASES = list(cases())


def letters(text):
    """The letters and figures of a line, whatever tags and marks are in it."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"[\W_]+", "", text).casefold()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_of_each_kind_the_news_is_read_whole_and_nothing_else(case):
    story = READERS[case.format](case.body)
    read = [letters(text) for text in (story.lead, *story.paragraphs) if text]
    whole = "".join(read)
    assert [text for text in case.of("+") if text not in whole] == []
    rest = "|".join(read)
    for text in sorted(case.of("+?"), key=len, reverse=True):
        rest = rest.replace(text, "|")
    wrong = [text for text in case.of("-") if _stands_in(text, rest)]
    assert wrong == []
    titles = case.of("=")
    assert not titles or letters(story.title) in {"".join(titles), *titles}


def _stands_in(text, rest):
    return bool(text) and text in (
        rest if len(text) > LONG_LETTERS else rest.split("|")
    )


LONG = (
    "Trong buổi sáng, hơn ba trăm người dân các thôn đã dọn vệ sinh, phát quang hai bên đường"
    " và trồng hoa ở những nơi trước đây là bãi rác."
)


def page_with(line, photographed=""):
    head = "Trang chủ\nTin trong xã\nXã ra quân dọn vệ sinh\n03/11/2025 09:10"
    return f"{head}\n{LONG}\n{line}\n{LONG.replace('sáng', 'chiều')}\n{photographed}"


@pytest.mark.parametrize(
    "sentence",
    [
        "Bà con rất phấn khởi.",
        "Hội nghị kết thúc tốt đẹp.",
        "Nộp hồ sơ tại bộ phận một cửa.",
        "Nhân dân trong bản dựng lại nhà cho ba hộ.",
        "Các em thi điền kinh, bóng đá, cờ vua và kéo co.",
        "Học sinh nghỉ học hết ngày thứ tư.",
        "Lực lượng chức năng tiếp tục tìm kiếm nạn nhân.",
        "Các đại biểu thảo luận về thu ngân sách và đầu tư công.",
        "Mô hình cho thu nhập 70 triệu đồng mỗi năm.",
        "Hội viên thay nhau nấu cơm.",
        "Sau lễ, các đại biểu trồng cây ở sân nhà văn hóa.",
        "Trạm y tế phát thuốc tận nhà cho người già.",
        "Du khách xem múa rối và nghe quan họ miễn phí.",
        "Bạn có biết mỗi ngày xã thải ra bao nhiêu rác không?",
        "Gia đình ông Tư thuộc diện hộ nghèo của xã.",
    ],
)
def test_a_short_sentence_of_news_is_read_whoever_took_pictures(sentence):
    story = parse(page_with(sentence, "Tin, ảnh: Lan Anh"), "page")
    assert sentence in story.paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "Chòi canh của tổ bảo vệ rừng Cồn Nhạn.",
        "Học sinh lớp 5A thi kể chuyện theo tranh.",
        "Đoàn viên thanh niên dọn rác ở bãi biển.",
        "Bác sĩ khám mắt cho người cao tuổi.",
        "Lấy mẫu nước tại một hộ dân ở tổ 5.",
    ],
)
def test_a_caption_may_end_like_a_sentence_and_is_doubted(line):
    story = parse(page_with(line, "Tin, ảnh: Lan Anh"), "page")
    assert line not in story.paragraphs
    assert {left.text: left.why for left in story.left_out}[line] is Why.CAPTION
    assert Doubt.UNSURE_BODY in story.doubts
