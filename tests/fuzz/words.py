"""Texts to send: what people of a commune type, what looks like a page's furniture, and what is
nasty.
"""

import re
import unicodedata
from collections import Counter
from random import Random

ORDINARY = (
    "Sáng 14/11, UBND xã tổ chức hội nghị triển khai vụ đông xuân.",
    "Toàn xã có 2.347 hộ, trong đó 3,62% là hộ nghèo.",
    "Bà con nộp tiền nước tại nhà văn hóa thôn trước ngày 30/11.",
    "Mỗi hộ cử một người mang theo cuốc, xẻng, có mặt lúc 6h30.",
    "Ông Lò Văn Phương cho biết đường đã thông xe.",
    "Giá lợn hơi 52.000 đồng/kg, giảm 1.000 đồng.",
    "Mọi thắc mắc xin gọi 0978 123 406.",
)
# People begin sentences with the words that furniture begins with.
LIKE_FURNITURE = (
    "Chia sẻ khó khăn với bà con, xã miễn tiền nước tháng 12.",
    "Nguồn: nhân dân đóng góp 310 triệu đồng.",
    "Ảnh hưởng của bão đến vụ mùa sẽ được thông báo sau.",
    "Hình thức: cán bộ thú y tiêm tại chỗ.",
    "Thực hiện: các thôn công khai kết quả trước ngày 30/11.",
    "Xem thêm bảng chi tiết dán tại cổng nhà văn hóa.",
    "Ghi rõ họ tên khi nộp tiền.",
    "Bản quyền thiết kế thuộc về thôn.",
    "Tin khác do trưởng thôn báo sau.",
    "Hộ có thu nhập > 5 triệu đồng không thuộc diện xét.",
    "Lượt xem hội diễn rất đông.",
    "Trang chủ yếu nói về vụ xuân.",
    "Nơi nhận: kho hợp tác xã.",
    "Đánh giá chung: nhân dân đồng tình cao.",
    "Theo ông Páo (lời kể của bà con)",
    "1. Thời gian: 8 giờ ngày 01/12.",
    "- Thôn Thượng: sáng 02/12.",
    "Tệp bản đồ: http://xa.example/a/b/c/d/ban-do.jpg",
    "Bình luận viên của xã là anh Tú.",
)
# What once hung, crashed or silenced a house like this one, and its kin.
NASTY = (
    "",
    " ",
    "\t\r\n",
    "\u202e đảo ngược \u202c",
    "\u200bẩn\u200d\ufeff",
    "a\u0301\u0323" * 40,
    "́" * 200,
    "👩‍👩‍👧‍👦" * 50,
    "b/" * 2000 + "c d",
    "\\a" * 2000 + " x",
    "http://a.b/" * 300,
    "người/km2/" * 300,
    "đồng/" * 2000,
    "1.2.3." * 1000,
    "(" * 3000,
    "[[" * 1500,
    "12/" * 1000,
    "I" * 4000,
    "T.P." * 1000,
    "9" * 5000,
    "<p " + "a=1 " * 2000 + ">x</p>",
    "<" * 5000,
    "&" + "#" * 2000,
    "&lt;" * 1000,
    "<script>alert(1)</script>",
    "'; DROP TABLE episode; --",
    "{{ 7*7 }} {% raw %}",
    "=cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "%00%0a%0d%2e%2e%2f",
    "0001-01-01",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "12025-01-01",
    "31/12/2025",
    "25:61",
    "-1",
    "1e400",
    "NaN",
    "all",
    "null",
    "key portal",
    "\ud800",
    "a\0b",
)
NO_LETTER = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
WORD = re.compile(r"\w+")


def typed(random: Random) -> tuple[str, list[str]]:
    """A title and lines as somebody types them: every word of them has to be read."""
    title = random.choice(ORDINARY).rstrip(".")
    pool = (*ORDINARY, *LIKE_FURNITURE, *LIKE_FURNITURE)
    lines = [random.choice(pool) for _ in range(random.randint(1, 6))]
    if random.random() < 0.2:
        lines = [unicodedata.normalize("NFD", line) for line in lines]
    return title, lines


def nasty(random: Random) -> str:
    """One of the nasty texts, or some of them joined."""
    if random.random() < 0.7:
        return random.choice(NASTY)
    return random.choice((" ", "\n", "")).join(random.choices(NASTY + ORDINARY, k=4))


def counted(*texts: str) -> Counter[str]:
    """The words of texts, whatever their capitals and the form of their letters."""
    whole = unicodedata.normalize("NFC", " ".join(texts)).casefold()
    return Counter(WORD.findall(NO_LETTER.sub("", whole)))
