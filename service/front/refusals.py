"""What the front itself answers: requests that never reached the application."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, for a program and for a person."""

    status: int
    title: str
    detail: str
    message_vi: str

    def answer(self, path: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """Headers and body: a problem (RFC 9457) below /api/, else plain words.

        The connection ends.
        """
        if path.startswith("/api/"):
            kind = b"application/problem+json"
            problem = {
                "type": "about:blank",
                "title": self.title,
                "status": self.status,
            }
            more = {"detail": self.detail, "message_vi": self.message_vi}
            body = json.dumps(problem | more).encode()
        else:
            kind = b"text/plain; charset=utf-8"
            body = f"{self.message_vi}\n\n{self.title}: {self.detail}.\n".encode()
        headers = [
            (b"content-type", kind),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        if self.status in (429, 503):
            headers.append((b"retry-after", b"10"))
        return headers, body


NO_HOST = Refusal(
    400,
    "Bad Request",
    "a request names exactly one Host (RFC 9112, 3.2)",
    "Yêu cầu không hợp lệ.",
)
TOO_SLOW = Refusal(
    408,
    "Request Timeout",
    "the body did not arrive in time; send it again over a better line",
    "Đường truyền quá chậm, máy chủ chưa nhận được hết nội dung. Xin gửi lại.",
)
CROWDED = Refusal(
    429,
    "Too Many Requests",
    "too many requests from this address are under way",
    "Địa chỉ này đang mở quá nhiều kết nối. Xin chờ một lát rồi thử lại.",
)
STARTING = Refusal(
    503,
    "Service Unavailable",
    "this service is starting; loudspeakers get their bulletin already",
    "Máy chủ đang khởi động. Xin chờ một lát, trang này tự mở lại.",
)
