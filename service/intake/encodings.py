"""Bytes become text, whatever they were written in."""

from service.intake.limits import LARGEST_BYTES, too_large
from service.intake.story import Rejected


def decode(data: bytes, field: str = "body") -> str:
    """Text of bytes from a file or the network: UTF-8, or UTF-16 with its mark."""
    if len(data) > LARGEST_BYTES:
        raise too_large(field)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in data[:4096] or data.startswith(
        (b"%PDF", b"PK\x03\x04", b"\xff\xd8", b"\x89PNG", b"ID3")
    ):
        raise Rejected(
            field,
            "binary",
            "this is no text file; save the article as text or HTML first",
            "Đây không phải tệp văn bản. Hãy lưu bài ở dạng văn bản (.txt) hoặc trang web (.html).",
        )
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Rejected(
            field,
            "not_utf8",
            f"the text is not valid UTF-8 (at byte {error.start}); save it as UTF-8",
            "Văn bản không đúng bảng mã UTF-8. Hãy lưu lại bằng bảng mã UTF-8 (Unicode).",
        ) from error
