"""Pages that only look like one: a wall of scripts, "no such page", a login."""

import re
from collections.abc import Sequence

from service.intake.story import Doubt, Rejected

LONGEST_WALL_CHARS = 500
SCRIPT_WALL = re.compile(
    # A text this short that speaks of it at all is no news of a commune.
    r"javascript|\bjs (?:is )?(?:disabled|required)|(?:enable|bật|cho phép) cookies?|captcha|cloudflare|"
    r"access (?:is )?denied|request (?:was|has been|is) blocked|403 forbidden|checking your browser|just a moment|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"(?:không phải|bạn là) (?:người máy|robot|rô-bốt)|kiểm tra trình duyệt|trình duyệt của bạn"
)
NO_SUCH_PAGE = re.compile(
    r"không tìm thấy (?:trang|nội dung|bài viết|đường dẫn|địa chỉ)|(?:trang|bài viết|nội dung|đường dẫn|liên kết)"
    r"[^.]{0,40} (?:không tồn tại|không còn tồn tại|không có thực|không (?:được )?tìm thấy|"
    r"không (?:còn )?khả dụng|không truy cập được|đã bị (?:xóa|xoá|gỡ|ẩn))|page not found|"
    r"404 not found|not found \(404\)|lỗi 404|error (?:404|50[0234])|"
    r"page (?:you [^.]{0,40})?(?:does not|doesn.t) exist|page (?:isn.t|is not|no longer) available|"
    r"(?:hệ thống|trang|website|cổng)[^.]{0,60} đang (?:được )?(?:bảo trì|nâng cấp).{0,120}\bquay lại sau|"
    r"internal server error|server error in|bad gateway|service unavailable"
)

LONGEST_LOGIN_CHARS = 900  # its help and its rules stand there too
LOGIN = re.compile(
    r"phiên (?:làm việc|đăng nhập|truy cập|giao dịch)[^.]{0,40} (?:hết hạn|hết hiệu lực|quá hạn|hết thời gian)|"
    r"(?:vui lòng|hãy|xin|(?:bạn|quý vị|quý khách) (?:cần|phải)) đăng nhập(?: lại)?(?: bằng [^.]{0,30})? "
    r"(?:để|trước khi) (?:tiếp tục|(?:xem|đọc|truy cập|vào) (?:(?:toàn bộ|tiếp) )?(?:nội dung|bài|trang|tin)\b)|"
    r"(?:bạn|tài khoản của bạn) (?:không|chưa)(?: được)? (?:có quyền|cấp quyền|đăng nhập)|"
    r"chỉ (?:dành )?cho (?:thành viên|tài khoản|người dùng) đã đăng nhập|"
    r"session (?:has |is )?(?:expired|timed out)|(?:please|must|need to) (?:log|sign) ?in"
)


def refuse(texts: Sequence[str], title: str = "") -> None:
    """Rejected when all that a page says is that it cannot be read."""
    text = " ".join([title, *texts])
    if len(text) <= LONGEST_LOGIN_CHARS and LOGIN.search(text.lower()):
        raise Rejected(
            "body",
            "login",
            "this page shows its text only to who is logged in; paste the article's text",
            "Trang này chỉ hiện nội dung sau khi đăng nhập. Hãy đăng nhập, rồi dán phần chữ của bài.",
        )
    doubt = wall_of(text)
    if doubt is Doubt.SCRIPT_WALL:
        raise Rejected(
            "body",
            "script_wall",
            "this page shows its text only to a browser with JavaScript; paste the article's text",
            "Trang này chỉ hiện nội dung khi chạy JavaScript. Hãy mở trang, rồi dán phần chữ của bài.",
        )
    if doubt is Doubt.SOFT_404:
        raise Rejected(
            "body",
            "soft_404",
            "this page says that there is no such page",
            "Trang này báo không tìm thấy bài. Hãy kiểm tra lại địa chỉ.",
        )


def wall_of(text: str) -> Doubt | None:
    """What a short text says instead of news; None for anything longer, or for news."""
    # News about a website that is gone says so as well, but it says more than that.
    if len(text) > LONGEST_WALL_CHARS:
        return None
    small = text.lower()
    if SCRIPT_WALL.search(small):
        return Doubt.SCRIPT_WALL
    return Doubt.SOFT_404 if NO_SUCH_PAGE.search(small) else None
