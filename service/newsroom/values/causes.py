"""Why a version of an episode was opened, as a type with one Vietnamese name for each."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a version was opened.

    What it is about (a sentence's number, a voice, a word) is kept beside it.
    """

    RECEIVED = "received"
    REVISED = "revised"  # about: the version that was approved with the very same text
    PLACED = "placed"
    PICTURED = "picture"
    MEMO = "memo"
    PLANNED = "planned"
    REARRANGED = "planned anew"
    SHORTENED = "too long"
    SILENCED = "without words"
    CLIPS_LOST = "clips lost"
    TERM = "term"  # about: the word
    REGENERATED = "regenerated"  # about: the numbers of sentences; all without
    SENTENCE = "sentence"  # about: its number
    RECORDING = "recording"  # about: the sentence's number; the whole without
    VOICE_AGAIN = "voice again"  # about: the sentence's number; the whole without
    VOICE = "voice"  # about: the voice; the station's without
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"  # about: the version whose words it has

    def told_vi(self, about: str = "") -> str:
        """What people read."""
        with_about, without = CAUSES_VI[self]
        return with_about.format(about) if about else without


@dataclass(frozen=True, slots=True)
class VersionCause:
    """Why one version was opened."""

    cause: Cause
    about: str = ""


# With what it is about, and without.
CAUSES_VI: dict[Cause, tuple[str, str]] = {
    Cause.RECEIVED: ("nhận bài lần đầu", "nhận bài lần đầu"),
    Cause.REVISED: (
        "nội dung bài được sửa, giống bản đã duyệt v{}",
        "nội dung bài được sửa",
    ),
    Cause.PLACED: ("đổi nơi phát: {}", "đổi nơi phát, mức ưu tiên hoặc loại thông báo"),
    Cause.PICTURED: ("đổi ảnh", "đổi ảnh"),
    Cause.MEMO: ("sửa thẻ ghi nhớ", "sửa thẻ ghi nhớ"),
    Cause.PLANNED: ("soạn bản tin", "soạn bản tin"),
    Cause.REARRANGED: ("soạn lại bản tin", "soạn lại bản tin"),
    Cause.SHORTENED: ("rút gọn vì quá dài", "rút gọn vì quá dài"),
    Cause.SILENCED: (
        "thiếu lời dẫn, chỉ phát các tin",
        "thiếu lời dẫn, chỉ phát các tin",
    ),
    Cause.CLIPS_LOST: (
        "mất tệp tiếng của vài câu, đọc lại những câu đó",
        "mất tệp tiếng của vài câu, đọc lại những câu đó",
    ),
    Cause.TERM: ("từ điển: cách đọc “{}”", "từ điển đổi cách đọc"),
    Cause.REGENERATED: ("đọc lại câu {}", "đọc lại cả bài"),
    Cause.SENTENCE: ("sửa câu {}", "sửa một câu"),
    Cause.RECORDING: ("thay câu {} bằng giọng người", "thay cả bài bằng giọng người"),
    Cause.VOICE_AGAIN: (
        "dùng lại giọng máy cho câu {}",
        "dùng lại giọng máy cho cả bài",
    ),
    Cause.VOICE: ("đổi giọng: {}", "đọc bằng giọng của đài"),
    Cause.WITHDRAWN: ("gỡ bài", "gỡ bài"),
    Cause.RESTORED: ("trả lại bản {}", "trả lại một bản cũ"),
}
