"""The tables, by room. Rows stay in the newsroom; values is what leaves it."""

from service.newsroom.store.tables.airtime import (
    AiringRow,
    BulletinRow,
    NoticeRow,
    PlanItemRow,
    PlanRow,
    TakingRow,
    UrgentRow,
)
from service.newsroom.store.tables.base import Table
from service.newsroom.store.tables.happenings import HappeningRow, LogHeadRow
from service.newsroom.store.tables.hooks import DeliveryRow, HookRow, PushedRow, PushRow
from service.newsroom.store.tables.house import MarkRow, ProcessRow, TriedRow
from service.newsroom.store.tables.line import (
    AuditionRow,
    EngineRow,
    JobRow,
    MasterRow,
    SeatRow,
)
from service.newsroom.store.tables.polled import (
    HostRow,
    SourceEventRow,
    SourceItemRow,
    SourceRow,
)
from service.newsroom.store.tables.public import (
    DownloadRow,
    ListenerRow,
    OpenCopyRow,
    ReadLogRow,
    SaltRow,
    SerialRow,
    ShowRow,
)
from service.newsroom.store.tables.stations import (
    GroupRow,
    SlotRow,
    StationRow,
    TopicRow,
)
from service.newsroom.store.tables.stories import (
    ArticleRow,
    ArticleStationRow,
    CorrectionRow,
    EpisodeRow,
    MisreadingRow,
    PictureRow,
    RecordingRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    ShingleRow,
    TermRow,
)

__all__ = [
    "AiringRow",
    "ArticleRow",
    "ArticleStationRow",
    "AuditionRow",
    "BulletinRow",
    "CorrectionRow",
    "DeliveryRow",
    "DownloadRow",
    "EngineRow",
    "EpisodeRow",
    "GroupRow",
    "HappeningRow",
    "HookRow",
    "HostRow",
    "JobRow",
    "ListenerRow",
    "LogHeadRow",
    "MarkRow",
    "MasterRow",
    "MisreadingRow",
    "NoticeRow",
    "OpenCopyRow",
    "PictureRow",
    "PlanItemRow",
    "PlanRow",
    "ProcessRow",
    "PushRow",
    "PushedRow",
    "ReadLogRow",
    "RecordingRow",
    "RenderingRow",
    "RevisionRow",
    "SaltRow",
    "SeatRow",
    "SentenceRow",
    "SerialRow",
    "ShingleRow",
    "ShowRow",
    "SlotRow",
    "SourceEventRow",
    "SourceItemRow",
    "SourceRow",
    "StationRow",
    "Table",
    "TakingRow",
    "TermRow",
    "TopicRow",
    "TriedRow",
    "UrgentRow",
]
