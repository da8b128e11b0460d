"""Alerts: the one table of what somebody must be called for.

Prometheus has the same rules (deploy/prometheus/loa.rules.yml), and each has a section of its name
in docs/runbook.md; a test compares the three. Where `notice` is set, the people on duty are also
told without Prometheus (workers/alerts.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.actions.watching import View
from service.newsroom.values import Mark, Rung


@dataclass(frozen=True, slots=True)
class Alert:
    """Above `threshold` for `for_s` seconds, somebody must look.

    `measure` None: Prometheus alone can see it.

    `notice` False where the people on duty hear of it by another notice, or where who would tell
    them is what is gone.
    """

    name: str
    threshold: float
    for_s: int
    text_vi: str
    measure: Callable[[View], float] | None = None
    notice: bool = False

    @property
    def runbook(self) -> str:
        """Where to read what to do."""
        return f"docs/runbook.md#{self.name.lower()}"

    def fires(self, view: View) -> bool:
        """Whether it is above its threshold now."""
        return self.measure is not None and self.measure(view) > self.threshold


def _age_s(mark: Mark) -> Callable[[View], float]:
    """How long ago something was done; 0 when it never was: a house that just began."""
    return lambda view: view.ages[mark].total_seconds() if mark in view.ages else 0.0


ALERTS = (
    Alert(
        "LoaOldestJob",
        120,
        60,
        "Có việc đã đến hạn hơn hai phút mà chưa máy nào làm. Bài mới sẽ lên loa chậm.",
        lambda view: view.oldest.total_seconds(),
        notice=True,
    ),
    Alert(
        "LoaWorkerGone",
        0,
        60,
        "Có máy ngừng chạy mà không được khởi động lại.",
        lambda view: len(view.gone),
        notice=True,
    ),
    Alert(
        "LoaClockGone",
        60,
        0,
        "Đồng hồ không xem lịch đã hơn một phút: không ai soạn bản tin, không ai báo tin.",
        _age_s(Mark.CLOCK),
    ),
    Alert(
        "LoaSlotOnBed",
        0,
        0,
        "Có buổi phát trong 30 phút tới chỉ có nhạc nền.",
        lambda view: view.soon[Rung.BED],
    ),
    Alert(
        "LoaHouseTrouble",
        30,
        0,
        "Kho tệp, cơ sở dữ liệu, ổ đĩa hoặc bộ nén không làm việc; có bài đang chờ.",
        lambda view: view.troubled.total_seconds(),
    ),
    Alert(
        "LoaDiskFull",
        0.9,
        300,
        "Ổ đĩa đã dùng hơn 90 %. Đầy ổ đĩa thì không nhận được bài mới.",
        lambda view: view.disk.used_share if view.disk else 0.0,
        notice=True,
    ),
    Alert(
        "LoaClockSkew",
        5,
        60,
        "Giờ của một máy lệch hơn 5 giây so với cơ sở dữ liệu.",
        lambda view: view.skew_s,
        notice=True,
    ),
    Alert(
        "LoaBackupOld",
        26 * 3600,
        0,
        "Bản sao lưu gần nhất đã cũ hơn 26 giờ.",
        _age_s(Mark.BACKUP),
        notice=True,
    ),
    Alert("LoaWebDown", 0, 60, "Trang web không trả lời; loa không lấy được bản tin."),
    Alert("LoaLatestErrors", 0, 300, "Địa chỉ bản tin của loa đang trả lỗi."),
)


def firing(view: View) -> Iterator[Alert]:
    """Those that are above their threshold in what is seen."""
    return (alert for alert in ALERTS if alert.fires(view))
