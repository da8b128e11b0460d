"""The one table of what types are called in Vietnamese.

A test goes through all members of all enums.

Roles, rungs, events, causes and reasons to hold or refuse bring their names in their own rows:
whoever adds one names it there.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from service.newsroom.errors import REASONS, REFUSALS
from service.newsroom.values.articles import ArticleDoubt, SourceKind
from service.newsroom.values.calls import Bringer, CallFate
from service.newsroom.values.causes import CAUSES_VI
from service.newsroom.values.grants import SCOPES_VI, THINGS_VI
from service.newsroom.values.hooks import DELIVERIES_VI, HOOK_EVENTS_VI
from service.newsroom.values.house import Mark, Outcome, ProcessKind, Trouble
from service.newsroom.values.kinds import (
    Approval,
    House,
    JobState,
    Kind,
    Lane,
    MasterKind,
    Priority,
    Standing,
    State,
    Step,
    Use,
)
from service.newsroom.values.log import EVENTS_VI, ActorKind
from service.newsroom.values.passkeys import Ceremony
from service.newsroom.values.people import SessionKind
from service.newsroom.values.pictures import PICTURE_SIZES_VI, PICTURES_VI
from service.newsroom.values.polled import ITEMS_VI, SOURCE_EVENTS_VI, SOURCES_VI
from service.newsroom.values.roles import ROLES
from service.newsroom.values.rules import (
    ApprovalRule,
    AuditionState,
    Fallback,
    HumanVoice,
    MediaStanding,
    News,
    TakingState,
)
from service.newsroom.values.rungs import RUNGS
from service.newsroom.values.voices import USES_VI


def name_vi(member: StrEnum) -> str:
    """What people read for it; KeyError when it has no name."""
    return NAMES_VI[type(member)][member]


def _by_type(*tables: Mapping[Any, str]) -> dict[type[StrEnum], Mapping[Any, str]]:
    # By type and member, not by member alone: State.WITHDRAWN and Event.WITHDRAWN are equal as
    # text.
    return {type(next(iter(table))): table for table in tables}


NAMES_VI: dict[type[StrEnum], Mapping[Any, str]] = _by_type(
    USES_VI,
    {
        State.RECEIVED: "Đã nhận",
        State.WRITTEN: "Đã soạn",
        State.SPOKEN: "Đã đọc",
        State.MASTERED: "Chờ duyệt",
        State.APPROVED: "Đã duyệt",
        State.PUBLISHED: "Đã phát",
        State.HELD: "Bị giữ",
        State.RETURNED: "Trả lại",
        State.WITHDRAWN: "Đã gỡ",
    },
    {
        Kind.STORY: "bài",
        Kind.BULLETIN: "bản tin",
        Kind.CORRECTION: "đính chính",
        Kind.RECORDING: "bản ghi âm",
    },
    {
        # Circular 39/2020.
        Priority.NORMAL: "thường",
        Priority.PRIORITY: "ưu tiên",
        Priority.URGENT: "khẩn cấp",
    },
    {
        Approval.PERSON: "người duyệt đã nghe",
        Approval.BEFOREHAND: "duyệt trước khi đọc",
        Approval.TRUST: "đài tin nguồn gửi",
        Approval.RULE: "theo quy định của đài",
    },
    {
        ApprovalRule.REQUIRED: "Có người duyệt",
        ApprovalRule.ANOTHER: "Có người duyệt, khác người viết",
        ApprovalRule.TRUSTED: "Tự lên sóng",
    },
    {
        Fallback.PROVISIONAL: "Đọc cả bài bằng giọng tạm, có đánh dấu",
        Fallback.HOLD: "Giữ bài lại và báo",
    },
    {
        HumanVoice.NONE: "giọng máy",
        HumanVoice.SOME: "có câu người đọc",
        HumanVoice.ALL: "giọng người",
    },
    {
        News.CREATED: "Đã nhận bài. Máy đang đọc, mời theo dõi bên dưới.",
        News.REVISED: "Đã lưu nội dung mới. Máy đang đọc lại.",
        News.PLACED: "Đã lưu nơi phát và mức ưu tiên. Bài đã phát thì có người duyệt mới đổi.",
        News.UNCHANGED: "Nội dung này đã có sẵn, không có gì thay đổi.",
        News.CANCELLED: "Đã kết thúc những cảnh báo được nêu.",
        News.CONTRADICTED: "Chưa nhận: ở đây đã có bản mang cùng mã mà nội dung khác.",
    },
    {
        AuditionState.ASKED: "đang đọc",
        AuditionState.READY: "nghe được",
        AuditionState.FAILED: "không đọc được",
    },
    {
        TakingState.CURRENT: "còn dùng",
        TakingState.REPLACED: "đã có bản mới",
        TakingState.CORRECTED: "có đính chính",
        TakingState.WITHDRAWN: "đã gỡ",
    },
    {
        MediaStanding.CURRENT: "đang phát",
        MediaStanding.SUPERSEDED: "đã có bản mới",
        MediaStanding.WITHDRAWN: "đã gỡ",
        MediaStanding.UNPUBLISHED: "chưa phát",
    },
    {
        Use.SENTENCE: "một câu",
        Use.EPISODE: "cả bài",
        Use.ALONE: "bài riêng",
        Use.CHIME: "nhạc hiệu",
    },
    {
        Standing.CHECKING: "đang kiểm tra",
        Standing.READY: "đang dùng",
        Standing.REFUSED: "không dùng được",
        Standing.LOST: "lời đã sửa",
        Standing.ASIDE: "để sang bên",
    },
    {
        MasterKind.APP: "podcast",
        MasterKind.SPEAKER: "loa",
        MasterKind.LITE: "máy ít dung lượng",
    },
    {
        Step.WRITE: "soạn lời đọc",
        Step.SPEAK: "đọc",
        Step.MASTER: "làm tệp",
        Step.PUBLISH: "đưa lên phát",
        Step.AUDITION: "nghe thử",
        Step.RECORD: "kiểm tra bản thu",
        Step.POLL: "xem nguồn tin",
        Step.REMASTER: "tạo lại tệp âm thanh",
    },
    {SessionKind.PASSWORD: "mật khẩu", SessionKind.TWO_FACTORS: "hai lớp"},
    {
        Ceremony.ADD: "thêm khóa",
        Ceremony.LOGIN: "đăng nhập bằng khóa",
        Ceremony.SECOND: "khóa sau mật khẩu",
        Ceremony.PROOF: "xác nhận lại bằng khóa",
    },
    {Bringer.MAKERS: "nơi làm trình duyệt", Bringer.OTHERS: "nơi khác"},
    {
        CallFate.TAKEN: "đã nhận",
        CallFate.GONE: "máy không còn nhận tin",
        CallFate.REFUSED: "bị từ chối",
        CallFate.LATER: "chưa gửi được, sẽ thử lại",
        CallFate.UNTRIED: "chưa kịp gửi",
        CallFate.OVER: "không còn gì để báo",
    },
    {Lane.FAST: "việc gấp", Lane.SLOW: "việc dài"},
    {
        House.LOUDSPEAKER: "máy",
        House.TRUST: "đài tin nguồn gửi",
        House.RULE: "tự động theo quy định của đài",
        House.IMPORT: "lệnh nhập tin",
    },
    {
        ActorKind.PERSON: "người dùng",
        ActorKind.KEY: "phần mềm",
        ActorKind.MACHINE: "máy",
        ActorKind.STRANGER: "người lạ",
        ActorKind.UNTYPED: "không rõ",
    },
    {
        SourceKind.KEY: "phần mềm",
        SourceKind.PERSON: "người dùng",
        SourceKind.FEED: "nguồn tin",
        SourceKind.HOOK: "cổng gửi bài",
        SourceKind.HOUSE: "máy",
    },
    {
        ArticleDoubt.ENCODING: "chữ được đổi từ bảng mã khác",
        ArticleDoubt.LOST_LETTERS: "chữ bị mất dấu, có chỗ thành “?”",
        ArticleDoubt.SCRIPT_WALL: "trang chỉ hiện nội dung khi có JavaScript",
        ArticleDoubt.SOFT_404: "trang báo không tìm thấy bài",
        ArticleDoubt.NO_DATE: "không thấy ngày đăng",
        ArticleDoubt.UNSURE_TITLE: "chưa chắc dòng nào là tiêu đề",
        ArticleDoubt.UNSURE_BODY: "chưa chắc dòng nào thuộc bài",
        ArticleDoubt.SOURCE: "nguồn tin này phải có người duyệt",
        ArticleDoubt.SHRUNK: "ngắn đi hơn một nửa so với lần trước",
        ArticleDoubt.UNKNOWN_SYLLABLES: "nhiều chữ không phải tiếng Việt",
        ArticleDoubt.CORRECTION_LOST: "bản nguồn gửi khác bản đã sửa ở đây",
    },
    {
        JobState.READY: "đang chờ",
        JobState.RUNNING: "đang làm",
        JobState.DONE: "đã xong",
        JobState.DROPPED: "không cần nữa",
        JobState.FAILED: "không làm được",
    },
    {
        Trouble.STORE: "Kho tệp không đọc hoặc ghi được",
        Trouble.DATABASE: "Cơ sở dữ liệu không trả lời",
        Trouble.DISK: "Ổ đĩa hoặc thư mục tạm không ghi được",
        Trouble.ENCODER: "Bộ nén âm thanh không ghi được tệp",
        Trouble.MEMORY: "Máy hết bộ nhớ",
    },
    {
        ProcessKind.SERVE: "Toàn bộ dịch vụ",
        ProcessKind.WEB: "Trang web",
        ProcessKind.WORKER: "Máy đọc",
        ProcessKind.CLOCK: "Đồng hồ",
    },
    {
        Outcome.DONE: "xong",
        Outcome.FAILED: "bị giữ",
        Outcome.RETRIED: "thử lại",
        Outcome.WAITED: "chờ hết sự cố",
        Outcome.LEASE_LOST: "máy khác làm thay",
    },
    {Mark.CLOCK: "đồng hồ xem lịch", Mark.BACKUP: "sao lưu"},
    {role: row.name_vi for role, row in ROLES.items()},
    {rung: row.name_vi for rung, row in RUNGS.items()},
    EVENTS_VI,
    SOURCES_VI,
    SOURCE_EVENTS_VI,
    ITEMS_VI,
    SCOPES_VI,
    THINGS_VI,
    HOOK_EVENTS_VI,
    DELIVERIES_VI,
    PICTURES_VI,
    PICTURE_SIZES_VI,
    {cause: without for cause, (_, without) in CAUSES_VI.items()},
    {held: why for held, (why, _) in REASONS.items()},
    {refusal: why for refusal, (why, _) in REFUSALS.items()},
)
