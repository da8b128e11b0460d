"""Who wrote it: "Tin, ảnh: CTV", "Tác giả bài viết: …",
or a name that stands alone below the article.
"""

import re
from dataclasses import dataclass

from service.intake.lines import is_name, last_mark, words

LONGEST_NAME_CHARS = 80
WORK = (
    r"(?:tin|bài|ảnh|video|clip|viết|thực hiện|biên tập|biên soạn|tổng hợp|sưu tầm|đồ họa|đưa tin|quay phim|"
    r"minh họa|minh hoạ|tranh|theo dõi|ghi|ghi chép|lược ghi|chụp|dịch|trình bày|nội dung|hình ảnh|duyệt|kiểm duyệt|"
    r"hiệu đính|đăng tải|cung cấp)"
)
AUTHOR = r"(?:tác giả|người (?:viết|đăng|đưa tin|thực hiện|trả lời)|phóng viên|cộng tác viên|biên tập viên|ctv|pv|btv)"
JOINED = rf"{WORK}(?:(?:, ?| ?- ?| và | ?[+&/] ?|; ?| ){WORK}){{0,4}}"
LABELS = (  # the better witness first
    ("author", re.compile(rf"(?:tên )?{AUTHOR}(?: bài viết| bài| tin)? ?[:：] ?(.*)")),
    (
        "account",  # who put it there, by whatever name
        re.compile(
            r"(?:người (?:đăng|nhập|cập nhật)|tác giả)(?: tin| bài)? ?[:：] ?(.*)"
        ),
    ),
    ("author", re.compile(r"(?:được )?(?:viết|đăng|tạo) bởi ?[:：]? ?(.*)")),
    ("work", re.compile(rf"(?:người |nội dung )?{JOINED} ?[:：] ?(.*)")),
    # Of a question: who answers it is the author.
    ("source", re.compile(r"(?:người|bạn đọc) (?:gửi|hỏi)(?: câu hỏi)? ?[:：] ?(.*)")),
    (
        "source",
        re.compile(r"(?:nguồn|nguồn tin|theo nguồn|nguồn bài viết) ?[:：] ?(.*)"),
    ),
    ("source", re.compile(r"\(theo ([^()]{2,60})\)")),
)
MOST_NAME_WORDS = (
    14  # with the office: "KS. Châu Văn Út - Trạm Khuyến nông khu vực Tân Phú"
)
# What an account or a source is called may be anything short.
MOST_WORDS = {"account": 6, "source": 8}
LONGEST = 120  # characters; a longer line is a sentence
RANKS = {"author": 0, "account": 1, "work": 1, "alone": 2, "source": 3}
# Offices sign as people do: “Ban Biên tập”, “Công an xã”.
BODIES = re.compile(
    r"(?:ban|văn phòng|hội|trung tâm|đoàn|công an|trạm|phòng|ủy ban|uỷ ban|ubnd|bộ phận|tổ|đài|mttq|"
    r"ctv|pv|btv|cộng tác viên|phóng viên|quân sự|chi cục|hạt|bch|hđnd|"
    r"khoa|sở|viện|bệnh viện|tỉnh đoàn|thư viện|nhà văn hóa|nhà văn hoá|htx|đảng ủy|đảng uỷ)\b.*"
)
# What stands behind one: “Lê Hà - Quang Nghĩa (tổng hợp)”.
WORKED = re.compile(
    r" ?\((?:tổng hợp|thực hiện|ghi|sưu tầm|biên tập|biên soạn|st|t/h|th)\)$",
    re.IGNORECASE,
)
AT = re.compile(r" (?:vào )?lúc \d.{0,20}$")  # behind the name of an account
# What stands before a name: “BSCKII. Phùng Thị Nhàn”, “ThS Lò Văn Páo”.
DEGREES = re.compile(
    r"\A(?:(?:B[Ss](?:CK(?:I{1,2}|[12])|NT)?|Ths|ThS|Th\.S|TS|PGS|GS|KS|CN|DS|YS|CNĐD|"
    r"ĐD|LS|NSƯT|NSND|Nhà báo|Bác sĩ|Y sĩ|"
    r"Dược sĩ|Luật sư|"
    r"(?:Đại|Thượng|Trung|Thiếu) (?:tá|úy|uý|tướng)|Kỹ sư|Thạc sĩ|Tiến sĩ)\b[.,]? ?){1,3}"
)
# “Thầy Lưu Bá Kiên”, “Bà Lò Thị Páo”: how people are called.
TITLED = re.compile(r"\A(?:Thầy|Cô|Ông|Bà|Anh|Chị|Em|Đồng chí|Đ/c)(?: giáo)? ")
MOST_OFFICE_WORDS = 8
ADDRESS = re.compile(r"\.(?:vn|com|net|org|example)\b|https?:|www\.")
# Who answers for the portal is named in its footer, and wrote nothing.
DUTIES = re.compile(
    r"chủ tịch|bí thư|trưởng ban|giám đốc|trưởng phòng|chịu trách nhiệm"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """Who, and how surely: a lower `rank` is the better witness.

    `name` is "" where a label has none.
    """

    name: str
    rank: int


def labelled(line: str) -> Byline | None:
    """A byline that says what it is: "Tin, ảnh: Hoàng Mai".

    None for any other line, also for a sentence that begins like a byline.
    """
    if len(line) > LONGEST:
        return None
    text = line.lower()
    for kind, label in LABELS:
        if match := label.fullmatch(text):
            name = AT.sub("", line[match.start(1) : match.end(1)]).strip(" .;-")
            # “Tin: các thôn công khai kết quả” is a sentence of the text: it must be read.
            if not _could_be(name, kind):
                continue
            return Byline("" if is_address(name) else name, RANKS[kind])
    return None


def _could_be(name: str, kind: str) -> bool:
    """Whether what follows a label can be who wrote it: "các thôn công khai kết quả" cannot."""
    if not name:
        return True
    if len(name) > LONGEST_NAME_CHARS or last_mark(name) in {"!", "?"}:
        return False
    known = BODIES.fullmatch(name.lower()) is not None or is_address(name)
    most = MOST_WORDS.get(kind, 0)
    if _is_person_in_office(name):
        return True
    return _names_people(name) or words(name) <= (max(most, 12) if known else most)


def _is_person_in_office(name: str) -> bool:
    """ "Thầy Lưu Bá Kiên - Tổng phụ trách Đội": a person by name, then what he is."""
    first, _, office = name.replace(" (", " - ", 1).partition(" - ")
    person = DEGREES.sub("", TITLED.sub("", first, count=1), count=1)
    return is_name(person) and words(office) <= MOST_OFFICE_WORDS


def _names_people(names: str) -> bool:
    parts = re.split(r" - |, | và |; |/|\(|\)| & ", names)
    return all(is_named(part) for part in parts if part.strip())


def is_address(text: str) -> bool:
    """Whether a text is the address of a site, and so nobody's name."""
    return " " not in text and ADDRESS.search(text.lower()) is not None


def is_named(text: str) -> bool:
    """A name, a short one ("A. Páo", "CTV"), or who works there."""
    text = text.strip()
    return (
        is_name(text)
        or bool(BODIES.fullmatch(text.lower()))
        or (words(text) <= 3 and all(word[0].isupper() for word in text.split()))
    )


def alone(line: str) -> Byline | None:
    """Who wrote it where that stands alone: "Hoàng Thị Mai",
    "Ban Thú y xã", "Minh Tuấn - Trung tâm VHTT".
    """
    name = WORKED.sub("", line).strip("()*- ")
    if (
        not name
        or last_mark(name)
        or words(name) > MOST_NAME_WORDS
        or any(map(str.isdigit, name))
    ):
        return None
    if DUTIES.search(name.lower()):
        return None
    # “Minh Tuấn - Trung tâm VHTT”: the person first, then where he works.
    first, _, rest = name.partition(" - ")
    ours = is_name(DEGREES.sub("", first, count=1)) or _is_office(first)
    return Byline(name, RANKS["alone"]) if ours and words(rest) <= 8 else None


def names_person(line: str) -> bool:
    """ "Bác sĩ Hoàng Thu Trang", "Minh Tuấn - Trung tâm VHTT": who it is, and no headline."""
    first, _, rest = line.partition(" - ")
    name = DEGREES.sub("", first, count=1)
    return is_name(name) and (name != first or bool(rest))


def _is_office(name: str) -> bool:
    """ "Ban Thú y xã", "CTV": who signs as a person does; in capitals a headline."""
    known = BODIES.fullmatch(name.lower()) is not None and not name.isupper()
    return known or name in {"CTV", "PV", "BTV", "BBT", "TTXVN"}
