"""The log: who did what, as types. Its lines are chained (service/newsroom/store/log.py)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from service.newsroom.values.causes import VersionCause

WITNESS_CHARS = (
    16  # of a digest: 64 bits, which nobody finds a second chain for by trying
)


class ActorKind(StrEnum):
    """What sort of somebody did it: only a login makes a person, only a key makes a key."""

    PERSON = "person"
    KEY = "key"
    MACHINE = "machine"  # the house itself, or a command on its own machine
    STRANGER = "stranger"  # somebody at the door who is not logged in
    UNTYPED = (
        "untyped"  # a line written before the log knew kinds: its name proves nothing
    )


class Actor(str):
    """Who does something: reads as the name, and knows by which door they came in.

    A plain string is the house itself (MACHINE): text alone never makes a person or a key.
    """

    kind: ActorKind
    id: int | None

    def __new__(
        cls, name: str, kind: ActorKind = ActorKind.MACHINE, number: int | None = None
    ) -> Self:
        """`number` is the row of the person or the key."""
        actor = super().__new__(cls, name)
        actor.kind, actor.id = kind, number
        return actor

    @classmethod
    def of(cls, who: str) -> "Actor":
        """The actor that `who` is, or the house under that name."""
        return who if isinstance(who, Actor) else Actor(who)


class Event(StrEnum):
    """What happened, as the log keeps it."""

    RECEIVED = "received"
    EDITED = "edited"
    PLACED = "placed"
    METADATA = "metadata"
    MEMO = "memo"
    CORRECTION_LOST = "correction lost"
    REOPENED = "reopened"
    APPROVED = "approved"
    RETURNED = "returned"
    RETURN_UNDONE = "return undone"
    COMMENTED = "commented"
    COMMENT_SOLVED = "comment solved"
    APPROVED_BEFOREHAND = "approved beforehand"
    APPROVED_FIRST = "approved first"
    PLANNED = "planned"
    PLAYED = "played"
    PUBLISHED = "published"
    CORRECTION = "correction"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    PROVISIONAL_VOICE = "provisional voice"
    RECORDED = "recorded"
    RECORDING_LOST = "recording lost"
    CHIME = "chime"
    CHIME_REMOVED = "chime removed"
    TERM = "term"
    TERM_REMOVED = "term removed"
    MISREADING_SETTLED = "misreading settled"
    STATION_ADDED = "station added"
    STATION_CHANGED = "station changed"
    VOICE_CHOSEN = "voice chosen"
    DUTY_CHANGED = "duty changed"
    GROUP_CHANGED = "group changed"
    GROUP_REMOVED = "group removed"
    SOURCE_ADDED = "source added"
    SOURCE_CHANGED = "source changed"
    SOURCE_REMOVED = "source removed"
    HOOK_ADDED = "hook added"
    HOOK_CHANGED = "hook changed"
    HOOK_REMOVED = "hook removed"
    LOGIN = "login"
    LOGIN_FAILED = "login failed"
    LOGIN_LIMITED = "login limited"
    LOGOUT = "logout"
    SESSIONS_ENDED = "sessions ended"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - the name of an event
    PASSWORD_SET = "password set"  # noqa: S105 - the name of an event
    FACTOR_ON = "second factor on"
    FACTOR_OFF = "second factor off"
    PAPER_RENEWED = "paper codes renewed"
    PAPER_USED = "paper code used"
    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    PASSKEY_SUSPECT = "passkey suspect"
    PROVED = "proved"
    PERSON_ADDED = "person added"
    PERSON_LOCKED = "person locked"
    PERSON_UNLOCKED = "person unlocked"
    ROLE_CHANGED = "role changed"
    CONTACT_CHANGED = "contact changed"
    KEY_ADDED = "key added"
    KEY_REVOKED = "key revoked"
    REFUSED = "refused"
    PROXY_UNTRUSTED = "proxy untrusted"

    @property
    def name_vi(self) -> str:
        """What people read."""
        return EVENTS_VI[self]

    @property
    def of_the_door(self) -> bool:
        """Whether it tells of logins and rights: only administrators read those."""
        return self in OF_THE_DOOR


EVENTS_VI: dict[Event, str] = {
    Event.RECEIVED: "Nhận bài",
    Event.EDITED: "Sửa câu",
    Event.PLACED: "Đổi nơi phát, mức ưu tiên",
    Event.METADATA: "Sửa thông tin kèm theo",
    Event.MEMO: "Sửa thẻ ghi nhớ",
    Event.CORRECTION_LOST: "Chỗ đã sửa không còn trong bài",
    Event.REOPENED: "Mở phiên bản mới",
    Event.APPROVED: "Duyệt bài",
    Event.RETURNED: "Trả lại bài",
    Event.RETURN_UNDONE: "Thôi trả lại bài",
    Event.COMMENTED: "Góp ý",
    Event.COMMENT_SOLVED: "Góp ý đã xong",
    Event.APPROVED_BEFOREHAND: "Duyệt trước khi đọc",
    Event.APPROVED_FIRST: "Duyệt cảnh báo nhiều đài, người thứ nhất",
    Event.PLANNED: "Soạn bản tin",
    Event.PLAYED: "Ghi đã phát",
    Event.PUBLISHED: "Đưa lên phát",
    Event.CORRECTION: "Soạn đính chính",
    Event.HELD: "Giữ lại",
    Event.WITHDRAWN: "Gỡ bài",
    Event.PROVISIONAL_VOICE: "Đọc bằng giọng tạm",
    Event.RECORDED: "Thay bằng giọng người",
    Event.RECORDING_LOST: "Bản thu không dùng nữa",
    Event.CHIME: "Đổi nhạc hiệu, tín hiệu",
    Event.CHIME_REMOVED: "Dùng lại nhạc hiệu của máy",
    Event.TERM: "Đặt cách đọc",
    Event.TERM_REMOVED: "Bỏ cách đọc",
    Event.MISREADING_SETTLED: "Xử lý báo đọc sai",
    Event.STATION_ADDED: "Thêm đài",
    Event.STATION_CHANGED: "Đổi thiết lập của đài",
    Event.VOICE_CHOSEN: "Chọn giọng đọc",
    Event.DUTY_CHANGED: "Đổi nơi nhận tin báo trực",
    Event.GROUP_CHANGED: "Đổi nhóm đài",
    Event.GROUP_REMOVED: "Bỏ nhóm đài",
    Event.SOURCE_ADDED: "Thêm nguồn tin",
    Event.SOURCE_CHANGED: "Đổi nguồn tin",
    Event.SOURCE_REMOVED: "Bỏ nguồn tin",
    Event.HOOK_ADDED: "Thêm kết nối",
    Event.HOOK_CHANGED: "Đổi kết nối",
    Event.HOOK_REMOVED: "Bỏ kết nối",
    Event.LOGIN: "Đăng nhập",
    Event.LOGIN_FAILED: "Đăng nhập sai",
    Event.LOGIN_LIMITED: "Tạm chặn đăng nhập vì thử sai nhiều lần",
    Event.LOGOUT: "Đăng xuất",
    Event.SESSIONS_ENDED: "Kết thúc phiên đăng nhập",
    Event.PASSWORD_CHANGED: "Đổi mật khẩu",
    Event.PASSWORD_SET: "Đặt mật khẩu dùng một lần",
    Event.FACTOR_ON: "Bật xác thực hai lớp",
    Event.FACTOR_OFF: "Bỏ xác thực hai lớp",
    Event.PAPER_RENEWED: "In lại mã dự phòng",
    Event.PAPER_USED: "Dùng mã dự phòng",
    Event.PASSKEY_ADDED: "Thêm khóa truy cập",
    Event.PASSKEY_REMOVED: "Bỏ khóa truy cập",
    Event.PASSKEY_SUSPECT: "Khóa truy cập có thể đã bị sao chép",
    Event.PROVED: "Nhập lại mật khẩu, dùng lại khóa để xác nhận",
    Event.PERSON_ADDED: "Thêm người dùng",
    Event.PERSON_LOCKED: "Khóa người dùng",
    Event.PERSON_UNLOCKED: "Mở khóa người dùng",
    Event.ROLE_CHANGED: "Đổi vai trò",
    Event.CONTACT_CHANGED: "Sửa họ tên, chức vụ, điện thoại",
    Event.KEY_ADDED: "Tạo khóa phần mềm",
    Event.KEY_REVOKED: "Thu hồi khóa phần mềm",
    Event.REFUSED: "Bị từ chối vì không đủ quyền",
    Event.PROXY_UNTRUSTED: "Máy chủ trung gian chưa được khai báo",
}

OF_THE_DOOR = frozenset(
    {
        Event.LOGIN,
        Event.LOGIN_FAILED,
        Event.LOGIN_LIMITED,
        Event.LOGOUT,
        Event.SESSIONS_ENDED,
        Event.PASSWORD_CHANGED,
        Event.PASSWORD_SET,
        Event.FACTOR_ON,
        Event.FACTOR_OFF,
        Event.PAPER_RENEWED,
        Event.PAPER_USED,
        Event.PASSKEY_ADDED,
        Event.PASSKEY_REMOVED,
        Event.PASSKEY_SUSPECT,
        Event.PROVED,
        Event.PERSON_ADDED,
        Event.PERSON_LOCKED,
        Event.PERSON_UNLOCKED,
        Event.ROLE_CHANGED,
        Event.CONTACT_CHANGED,
        Event.KEY_ADDED,
        Event.KEY_REVOKED,
        Event.DUTY_CHANGED,
        Event.REFUSED,
        Event.PROXY_UNTRUSTED,
    }
)


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the log: who did what to which episode, when."""

    at: datetime
    who: str  # an Actor
    what: Event
    detail: str
    episode_id: int | None
    version: int | None
    n: int = 0  # its place in the chain, from 1
    digest: str = ""
    cause: VersionCause | None = None  # of the version that was opened


@dataclass(frozen=True, slots=True)
class Chain:
    """How the log stands: its lines, the digest of the last,
    and what is wrong with it ("" nothing).
    """

    lines: int
    digest: str
    broken: str = ""

    @property
    def witness(self) -> str:
        """What to write down where the database does not reach: "812:3f2a91c04be77d15"."""
        return f"{self.lines}:{self.digest[:WITNESS_CHARS]}"
