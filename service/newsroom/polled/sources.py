"""The desk of sources that are polled: added, changed, paused and removed by people.

Each with a journal.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Invalid, NotFound
from service.newsroom.polled.hosts import Hosts
from service.newsroom.polled.item_rows import read_refused_again, take_up_old
from service.newsroom.polled.items import Items
from service.newsroom.polled.journal import line_value, source_value, tell
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    JobRow,
    SourceEventRow,
    SourceItemRow,
    SourceRow,
)
from service.newsroom.stories.opening import stations_of
from service.newsroom.values import (
    EVERYWHERE,
    Event,
    JournalLine,
    Lane,
    NewSource,
    PolledSource,
    Reach,
    SourceEvent,
    SourceState,
    Step,
)

LAST_OF_ALL = -1  # urgency: whatever is to be read aloud goes before a look at a portal
FEWEST_MINUTES, MOST_MINUTES = 5, 24 * 60
LONGEST_NAME_CHARS = 100
LONGEST_ADDRESS_CHARS = 2_000
MOST_TOPICS = 100


class Sources:
    """What administrators do with sources.

    `items` are what those listed, `hosts` whose turn it is to be asked.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self.items = Items(database, now)
        self.hosts = Hosts(database, now)
        self._database = database
        self._now = now

    @transact
    def add(self, source: NewSource, who: str) -> PolledSource:
        """A new source, looked at from now on. Invalid names the field at fault."""
        _check(source)
        now = self._now()
        with self._database.write() as session:
            stations_of(session, source.stations)
            row = SourceRow(
                key=uuid4().hex,
                state=SourceState.ACTIVE,
                since=source.since or now,
                list_at=now,
                created_by=who,
                created_at=now,
                etag="",
                last_modified="",
                hop="",
                hops=0,
                failures=0,
                trouble="",
            )
            _describe(row, source)
            session.add(row)
            session.flush()
            session.add(_polling_job(row, now))
            tell(session, row.id, now, SourceEvent.ADDED, detail=who)
            log(session, now, who, Event.SOURCE_ADDED, f"{source.name} {source.url}")
            return source_value(row)

    @transact
    def change(self, source_id: int, source: NewSource, who: str) -> PolledSource:
        """Another description of a source that is there; it is looked at again soon."""
        _check(source)
        now = self._now()
        with self._database.write() as session:
            stations_of(session, source.stations)
            row = _row(session, source_id)
            is_other_list = (row.url, row.kind) != (source.url.strip(), source.kind)
            is_other_choice = row.selector != source.selector.strip()
            begins_earlier = source.since is not None and source.since < row.since
            if is_other_list:
                row.looked_at = None
            if is_other_list or is_other_choice or begins_earlier:
                # Else a list that has not changed since the last look is not read at all.
                row.etag = row.last_modified = row.hop = ""
            _describe(row, source)
            row.since = source.since or row.since
            if begins_earlier:
                take_up_old(session, row, now)
            if is_other_choice:
                read_refused_again(session, row.id, now)
            _resume(session, row, now)
            tell(session, row.id, now, SourceEvent.CHANGED, detail=who)
            log(session, now, who, Event.SOURCE_CHANGED, f"{source.name} {source.url}")
            return source_value(row)

    @transact
    def pause(self, source_id: int, who: str) -> None:
        """Not looked at any more, until somebody resumes it."""
        now = self._now()
        with self._database.write() as session:
            row = _row(session, source_id)
            row.state = SourceState.PAUSED
            session.execute(delete(JobRow).where(JobRow.source_id == row.id))
            tell(session, row.id, now, SourceEvent.CHANGED, detail=f"{who}: tạm dừng")
            log(session, now, who, Event.SOURCE_CHANGED, f"{row.name}: paused")

    @transact
    def resume(self, source_id: int, who: str) -> None:
        """Looked at again, from now on."""
        now = self._now()
        with self._database.write() as session:
            row = _row(session, source_id)
            _resume(session, row, now)
            tell(
                session, row.id, now, SourceEvent.CHANGED, detail=f"{who}: lấy tin lại"
            )
            log(session, now, who, Event.SOURCE_CHANGED, f"{row.name}: resumed")

    @transact
    def remove(self, source_id: int, who: str) -> PolledSource:
        """Forgets a source and its journal. The articles that came from it stay as they are."""
        with self._database.write() as session:
            row = _row(session, source_id)
            gone = source_value(row)
            session.execute(delete(JobRow).where(JobRow.source_id == row.id))
            for table in (SourceEventRow, SourceItemRow):
                session.execute(delete(table).where(table.source_id == row.id))
            session.execute(delete(SourceRow).where(SourceRow.id == row.id))
            log(
                session, self._now(), who, Event.SOURCE_REMOVED, f"{gone.settings.name}"
            )
            return gone

    def all(self, among: Reach = EVERYWHERE) -> list[PolledSource]:
        """The sources whose news is for one of these stations, by name."""
        with self._database.read() as session:
            rows = session.scalars(
                select(SourceRow).order_by(SourceRow.name, SourceRow.id)
            )
            sources = readable(rows, source_value, "a source")
        return [source for source in sources if among.touches(source.settings.stations)]

    def get(self, source_id: int) -> PolledSource:
        """A source; NotFound when there is none of that number."""
        with self._database.read() as session:
            return source_value(_row(session, source_id))

    def journal(self, source_id: int, most: int = 100) -> list[JournalLine]:
        """What happened at a source, the newest first."""
        with self._database.read() as session:
            rows = session.scalars(
                select(SourceEventRow)
                .where(SourceEventRow.source_id == source_id)
                .order_by(SourceEventRow.id.desc())
                .limit(most)
            )
            return readable(rows, line_value, "a line of a source's journal")


def _check(source: NewSource) -> None:
    for complaint in _complaints(source):
        raise complaint


def _complaints(source: NewSource) -> Sequence[Invalid]:
    rules = (
        (
            0 < len(source.name.strip()) <= LONGEST_NAME_CHARS,
            f"a name has 1 to {LONGEST_NAME_CHARS} characters",
            f"Tên nguồn tin cần từ 1 đến {LONGEST_NAME_CHARS} ký tự.",
            "name",
        ),
        (
            len(source.url) <= LONGEST_ADDRESS_CHARS,
            f"an address has at most {LONGEST_ADDRESS_CHARS} characters",
            "Địa chỉ quá dài.",
            "url",
        ),
        (
            FEWEST_MINUTES <= source.minutes <= MOST_MINUTES,
            f"minutes are from {FEWEST_MINUTES} to {MOST_MINUTES}",
            f"Số phút giữa hai lần xem từ {FEWEST_MINUTES} đến {MOST_MINUTES}.",
            "minutes",
        ),
        (
            len(source.topics) <= MOST_TOPICS,
            f"at most {MOST_TOPICS} sections are mapped",
            f"Bảng chuyên mục có tối đa {MOST_TOPICS} dòng.",
            "topics",
        ),
    )
    return [
        Invalid(english, vietnamese, field)
        for fits, english, vietnamese, field in rules
        if not fits
    ]


def _describe(row: SourceRow, source: NewSource) -> None:
    # A password is for the server that it was typed for.
    row.secret = source.secret or (row.secret if row.url == source.url.strip() else "")
    row.name, row.kind, row.url = source.name.strip(), source.kind, source.url.strip()
    row.selector, row.topic = source.selector.strip(), source.topic.strip()
    row.stations = list(source.stations)
    row.topics = [[section, topic] for section, topic in source.topics.items()]
    row.trusted, row.minutes = source.trusted, source.minutes


def _resume(session: Session, row: SourceRow, now: datetime) -> None:
    row.state, row.failures, row.list_at = SourceState.ACTIVE, 0, now
    # One that runs just now ends without a trace: the new one begins with what was changed.
    session.execute(delete(JobRow).where(JobRow.source_id == row.id))
    session.add(_polling_job(row, now))


def _polling_job(row: SourceRow, now: datetime) -> JobRow:
    """The one job of a source: it is given back after each look, to be done again later."""
    return JobRow(
        step=Step.POLL,
        source_id=row.id,
        version=0,
        lane=Lane.SLOW,
        urgency=LAST_OF_ALL,
        not_before=now,
        created_at=now,
    )


def _row(session: Session, source_id: int) -> SourceRow:
    row = session.get(SourceRow, source_id)
    if row is None:
        raise NotFound(f"no source {source_id}", "Không có nguồn tin này.", "source")
    return row
