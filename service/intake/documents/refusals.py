"""Why a document of an office is turned away."""

from service.intake.story import Rejected


def broken(why: str) -> Rejected:
    """It cannot be opened."""
    return Rejected(
        "file",
        "broken_file",
        f"this document cannot be opened: {why[:200]}",
        "Tệp bị hỏng hoặc có mật khẩu, không mở được. Hãy lưu lại rồi gửi lần nữa.",
    )


def no_text() -> Rejected:
    """It holds pictures at most."""
    return Rejected(
        "file",
        "no_text",
        "there is no text in this document",
        "Trong tệp không có chữ nào (có thể chỉ có ảnh chụp). Hãy gửi bản có chữ.",
    )
