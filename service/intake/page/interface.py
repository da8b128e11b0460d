"""Lines that only name what a reader may do with a page: "Xem cỡ chữ to hơn | nhỏ hơn".

Portals word them in more ways than a table could list. Each has the name of something that only
pages have, and besides it nothing but words that go with such names.
"""

import re

LONGEST_CHARS = 100
# What only a page has: with WITH and nothing else, no headline.
OF_PAGES = re.compile(
    r"\b(?:(?:đến|tới|qua|vào) (?:phần )?nội dung(?: chính)?|nội dung chính|tương phản|"
    r"(?:cỡ|kích thước|kích cỡ|phông|kiểu|phóng to|thu nhỏ|tăng|giảm) chữ|font|bình luận|"
    r"lượt (?:xem|đọc|thích|chia sẻ|đánh giá|bình chọn|tải)|chế độ (?:ban đêm|tối|sáng|đọc)|"
    r"facebook|zalo|twitter|messenger|telegram|youtube|tiktok|e-?mail|pdf|rss|đường dẫn|"
    r"(?:đầu|cuối) trang|(?:thanh |bảng )?điều hướng|mạng xã hội|(?:cho|tới) bạn bè|"
    r"đánh giá (?:bài|tin|trang|của bạn))\b"
)
WITH = re.compile(
    r"\b(?:xem|đọc|nghe|in|lưu|gửi|tải|về|xuống|chia sẻ|sao chép|chép|theo dõi|tăng|giảm|đặt lại|"
    r"mặc định|bình thường|to|lớn|nhỏ|vừa|cao|thấp|hơn|nhất|nhảy|chuyển|bỏ qua|qua|bỏ|đi|đến|tới|"
    r"để|thẳng|vào|lên|với|và|cho|ở|trên|bằng|chính|này|của|bạn|tổng|số|là|trong|có|chưa|hãy|"
    r"cùng|phóng|thu|thích|xuất|bản|từ|ra|bật|tắt|quay|trở|lại|bài|viết|tin|trang|điểm|đánh giá|"
    r"phản hồi|nội dung|chữ|độ|mức|a)\b"
)
# A line of these alone is as well "Nội dung", the heading of a document.
FEWEST_WORDS = 2


def is_interface(text: str) -> bool:
    """Whether a line is made of nothing but names of a page's tools and what goes with them."""
    if len(text) > LONGEST_CHARS or len(text.split()) < FEWEST_WORDS:
        return False
    rest, names = OF_PAGES.subn(" ", text.lower())
    if not names:
        return False
    return not any(map(str.isalpha, WITH.sub(" ", rest)))
