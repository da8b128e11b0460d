"""What the newsroom refuses, and why an episode can be held.

Every error of Loa, drawn once; what a step of the line that meets one does stands in
`workers/failures.py`, what the web answers in `service/web/problems.py`:

    NewsroomError                 the request cannot be done as things stand
    ├── NotFound                  404
    │   └── Withdrawn             410, with the reason (public/editions.py)
    ├── Conflict                  409: somebody was there before
    │   └── AnotherMustApprove    409: noted as the first of two (stories/hands.py)
    ├── Forbidden                 403: not at these stations
    ├── Invalid                   422, names the field
    └── Unavailable               503 and Retry-After: the database is away; a step waits
    Rejected                      422 or 413: intake turned a text away (service/intake)
    OSError
    └── FilesError                503: the store is away; a step waits (store/files.py)
    EngineTrouble                 a voice: held, or another voice reads (audio/voice.py)
    FfmpegError                   the encoder: held, or waits when nothing can be written (audio/ffmpeg.py)
    Refused, NotForHorns          a recording: refused with its reason (audio/recording.py, workers/recorded.py)
    Abandoned                     told to stop: put down, done again (audio/throttle.py)
    SettingsError                 the process does not start; names the setting (service/settings.py)
"""

from enum import StrEnum


class NewsroomError(Exception):
    """A move that cannot be made.

    `field` names the input at fault when there is one; `message_vi` is for people.
    """

    def __init__(self, message: str, message_vi: str, field: str = "") -> None:
        super().__init__(message)
        self.message_vi = message_vi
        self.field = field


class NotFound(NewsroomError):
    """There is no such article, episode, station, sentence or file."""


class Withdrawn(NotFound):
    """It was published once and taken back; says why."""

    def __init__(self, title: str, why: str) -> None:
        super().__init__(f"withdrawn: {why}", f"Bài “{title}” đã được gỡ: {why}")
        self.title = title
        self.why = why


class Conflict(NewsroomError):
    """The thing is not in a state that allows the move, or somebody was there before."""


class AnotherMustApprove(Conflict):
    """An approval is noted as the first of two: nothing goes on the air before the second."""


class Forbidden(NewsroomError):
    """Who asks may not do this, or not at these stations."""


class Invalid(NewsroomError):
    """An input breaks a rule; `field` says which input."""


class Unavailable(NewsroomError):
    """What the house needs (its database, its store) does not answer now.

    The same request may work later.
    """

    retry_after_s = 5

    @classmethod
    def database(cls) -> "Unavailable":
        """The database is away, full or too busy."""
        return cls(
            "the database does not answer; try again in a while",
            "Cơ sở dữ liệu chưa trả lời nên việc này chưa làm được. Xin thử lại sau ít phút.",
        )

    @classmethod
    def damaged(cls) -> "Unavailable":
        """The database's file is broken, or is none: no waiting mends it."""
        return cls(
            "the database's file is damaged, or is no database: stop Loa and restore the last "
            "backup (docs/runbook.md)",
            "Tệp cơ sở dữ liệu bị hỏng. Hãy dừng Loa và khôi phục bản sao lưu gần nhất.",
        )


class Held(StrEnum):
    """Why an episode stands still and waits for a person."""

    EMPTY = "empty"
    VOICE_UNREACHABLE = "voice_unreachable"
    VOICE_REFUSED = "voice_refused"
    VOICE_SLOW = "voice_slow"
    BAD_SOUND = "bad_sound"
    UNKNOWN_VOICE = "unknown_voice"
    UNSPEAKABLE = "unspeakable"
    VOICE_BROKEN = "voice_broken"
    MASTERING = "mastering"
    STORAGE = "storage"
    TOO_LONG = "too_long"
    STOPS_THE_MACHINE = "stops_the_machine"
    GAVE_UP = "gave_up"

    @property
    def why(self) -> str:
        """The reason, in Vietnamese, for an editor."""
        return REASONS[self][0]

    @property
    def remedy(self) -> str:
        """What to do about it, in Vietnamese."""
        return REASONS[self][1]


REASONS: dict[Held, tuple[str, str]] = {
    Held.EMPTY: (
        "Bài không có câu nào để đọc.",
        "Mở bài, bổ sung nội dung rồi gửi lại.",
    ),
    Held.VOICE_UNREACHABLE: (
        "Không kết nối được với giọng đọc.",
        "Kiểm tra mạng Internet. Máy tự thử lại, ít nhất 10 phút một lần; muốn có ngay thì chọn một giọng đọc tại chỗ.",
    ),
    Held.VOICE_REFUSED: (
        "Dịch vụ giọng đọc đang từ chối vì có quá nhiều yêu cầu.",
        "Máy tự thử lại, ít nhất 10 phút một lần; muốn có ngay thì chọn một giọng đọc tại chỗ.",
    ),
    Held.VOICE_SLOW: (
        "Giọng đọc trả lời quá chậm.",
        "Máy tự thử lại, ít nhất 10 phút một lần; muốn có ngay thì chọn một giọng đọc khác.",
    ),
    Held.BAD_SOUND: (
        "Âm thanh của một câu không đạt (quá ngắn, im lặng hoặc bị vỡ tiếng).",
        "Nghe lại câu được nêu, sửa cách đọc của câu đó hoặc chọn một giọng đọc khác.",
    ),
    Held.UNKNOWN_VOICE: (
        "Giọng đọc đã chọn không có trên máy này.",
        "Chọn một giọng đọc khác trong danh sách rồi bấm “Đọc lại”.",
    ),
    Held.UNSPEAKABLE: (
        "Giọng đọc này không đọc được một câu trong bài.",
        "Sửa cách đọc của câu được nêu cho dễ đọc hơn, hoặc chọn một giọng đọc khác.",
    ),
    Held.VOICE_BROKEN: (
        "Bộ đọc bị lỗi hoặc chưa được cài đặt.",
        "Báo người quản trị chạy lệnh “loa doctor”, hoặc chọn một giọng đọc khác.",
    ),
    Held.MASTERING: (
        "Không tạo được tệp âm thanh.",
        "Bấm “Đọc lại”; nếu vẫn lỗi, báo người quản trị chạy lệnh “loa doctor”.",
    ),
    Held.STORAGE: (
        "Không ghi được tệp, có thể ổ đĩa đã đầy.",
        "Báo người quản trị giải phóng ổ đĩa, rồi bấm “Đọc lại”.",
    ),
    Held.TOO_LONG: (
        "Lời chào, lời kết và nhạc hiệu đã dài hơn khung giờ.",
        "Rút ngắn lời chào, lời kết, bỏ nhạc hiệu hoặc nới thời lượng của khung giờ.",
    ),
    Held.STOPS_THE_MACHINE: (
        "Bài này làm máy dừng: đã thử nhiều lần, lần nào chương trình cũng bị ngắt giữa chừng.",
        "Xem lại nội dung hoặc bản thu của bài rồi bấm “Đọc lại”; báo người quản trị xem nhật ký của máy.",
    ),
    Held.GAVE_UP: (
        "Đã thử nhiều lần nhưng không xong.",
        "Bấm “Đọc lại”; nếu vẫn lỗi, báo người quản trị xem nhật ký của máy.",
    ),
}


class Refusal(StrEnum):
    """Why a recording that somebody sent is not used."""

    NO_SOUND = "no_sound"
    CUT_OFF = "cut_off"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    SILENT = "silent"
    CLIPPED = "clipped"
    NOISY = "noisy"
    TEXT_CHANGED = "text_changed"
    BUSY = "busy"
    NOT_FOR_HORNS = "not_for_horns"
    GAVE_UP = "gave_up"

    @property
    def why(self) -> str:
        """The reason, in Vietnamese."""
        return REFUSALS[self][0]

    @property
    def remedy(self) -> str:
        """What to do about it, in Vietnamese."""
        return REFUSALS[self][1]


REFUSALS: dict[Refusal, tuple[str, str]] = {
    Refusal.NO_SOUND: (
        "Tệp này không phải tệp âm thanh, hoặc là dạng máy không đọc được.",
        "Hãy gửi tệp WAV, MP3, M4A, Ogg hoặc WebM do điện thoại hay máy ghi âm tạo ra.",
    ),
    Refusal.CUT_OFF: (
        "Tệp bị thiếu phần cuối, có lẽ mạng đứt khi đang gửi hoặc chép.",
        "Mở tệp gốc nghe thử đến hết, rồi gửi lại.",
    ),
    Refusal.TOO_LONG: (
        "Bản thu quá dài.",
        "Cắt bớt, hoặc kiểm tra xem có gửi nhầm tệp không. Thu một câu thì chỉ đọc đúng câu đó.",
    ),
    Refusal.TOO_SHORT: (
        "Bản thu quá ngắn so với lời cần đọc.",
        "Kiểm tra xem có gửi nhầm tệp hoặc bấm dừng sớm không, rồi thu lại cho đủ lời.",
    ),
    Refusal.SILENT: (
        "Trong bản thu hầu như không có tiếng.",
        "Kiểm tra micro, nói gần máy hơn (chừng một gang tay) rồi thu lại.",
    ),
    Refusal.CLIPPED: (
        "Tiếng bị vỡ vì thu quá to.",
        "Để máy xa miệng hơn hoặc giảm mức thu, rồi thu lại.",
    ),
    Refusal.NOISY: (
        "Tiếng ồn xung quanh quá lớn so với giọng đọc.",
        "Thu lại ở nơi yên tĩnh: đóng cửa, tắt quạt, nói gần máy hơn.",
    ),
    Refusal.TEXT_CHANGED: (
        "Câu này đã được sửa trong lúc gửi bản thu.",
        "Xem lại câu mới, thu và gửi lại.",
    ),
    Refusal.BUSY: (
        "Bài đang được đọc lại nên chưa thay giọng được.",
        "Chờ máy đọc xong rồi gửi lại.",
    ),
    Refusal.NOT_FOR_HORNS: (
        "Loa không phát đủ to được bản này: chỉ có tiếng quá trầm hoặc quá bổng, hoặc chỗ to chỗ nhỏ khác nhau.",
        "Chọn bản nhạc có tiếng ở quãng giữa, như sáo, đàn tranh hay ghi-ta, rồi gửi lại.",
    ),
    Refusal.GAVE_UP: (
        "Máy chưa xử lý được bản thu này.",
        "Gửi lại sau ít phút; nếu vẫn vậy, báo người quản trị xem nhật ký của máy.",
    ),
}
