"""What sources listed: compared with what is known of them, and what became of each."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from service.newsroom.polled.item_rows import (
    add_item,
    forget_unlisted,
    is_read_with_list,
    item_row_of,
    item_value,
    look_again,
    note_listed,
    places_of_news,
)
from service.newsroom.polled.journal import source_value, tell
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.tables import JobRow, SourceItemRow, SourceRow
from service.newsroom.values import (
    Item,
    ItemState,
    Job,
    JobState,
    Listed,
    PolledSource,
    SourceEvent,
    SourceState,
)

# Of the others the text comes with the list; until it was read through, the list itself is due.
HAS_PAGE = SourceItemRow.document != ""


class Items:
    """What the poller loads and saves."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def load(self, job: Job) -> PolledSource | None:
        """The source of a polling job; None when it is not to be looked at any more."""
        with self._database.read() as session:
            row = session.get(SourceRow, job.source_id)
            return (
                source_value(row) if row and row.state == SourceState.ACTIVE else None
            )

    def due(self, source_id: int) -> Item | None:
        """The item whose text is to be fetched next: those never fetched first,
        then the one waiting longest.
        """
        with self._database.read() as session:
            row = session.scalar(
                select(SourceItemRow)
                .where(
                    SourceItemRow.source_id == source_id,
                    SourceItemRow.due_at <= self._now(),
                    HAS_PAGE,
                )
                .order_by(
                    SourceItemRow.state != ItemState.WAITING,
                    SourceItemRow.due_at,
                    SourceItemRow.id,
                )
                .limit(1)
            )
            return item_value(row) if row is not None else None

    def next_due(self, source_id: int) -> datetime | None:
        """When the next item is to be fetched; None when none is."""
        with self._database.read() as session:
            return session.scalar(
                select(SourceItemRow.due_at)
                .where(
                    SourceItemRow.source_id == source_id,
                    SourceItemRow.due_at.is_not(None),
                    HAS_PAGE,
                )
                .order_by(SourceItemRow.due_at)
                .limit(1)
            )

    @transact
    def note_list(
        self, source: PolledSource, listed: Sequence[Listed]
    ) -> list[tuple[Item, int]]:
        """Notes what a list holds.

        That is what is new since the source's start, and what the list says something new of. An
        item is known by its guid, or else by its address: portals change either.

        Gives those whose text came with the list, each with its place there, to be read now. The
        others' pages are due.
        """
        to_read: list[tuple[Item, int]] = []
        places = places_of_news(listed)
        with self._database.write() as session:
            row = session.get_one(SourceRow, source.id)
            is_first = row.looked_at is None
            old, now = 0, self._now()
            for place in places:
                entry = listed[place]
                item = item_row_of(session, source.id, entry)
                if item is None:
                    item = add_item(session, row, entry, is_first=is_first, now=now)
                    old += item.state == ItemState.OLD
                else:
                    note_listed(item, entry, now)
                if is_read_with_list(item):
                    to_read.append((item_value(item), place))
            if is_first:
                detail = f"{len(places)} tin trong danh sách, {old} tin đăng trước ngày bắt đầu"
                tell(session, row.id, now, SourceEvent.BEGUN, detail=detail)
            forget_unlisted(session, source.id, now)
        return to_read

    @transact
    def list_read(
        self, source: PolledSource, etag: str, last_modified: str, next_at: datetime
    ) -> None:
        """The list was had, or is the same as before."""
        with self._database.write() as session:
            row = session.get_one(SourceRow, source.id)
            if row.trouble:
                tell(
                    session,
                    row.id,
                    self._now(),
                    SourceEvent.RECOVERED,
                    detail=row.trouble,
                )
            row.failures, row.trouble, row.hop, row.hops = 0, "", "", 0
            row.etag, row.last_modified = etag, last_modified
            row.list_at, row.looked_at = next_at, self._now()

    @transact
    def list_failed(
        self, source: PolledSource, trouble: str, next_at: datetime
    ) -> None:
        """The list could not be had; the journal tells each trouble once."""
        with self._database.write() as session:
            row = session.get_one(SourceRow, source.id)
            if row.trouble != trouble:
                tell(session, row.id, self._now(), SourceEvent.FAILED, detail=trouble)
            row.failures, row.trouble, row.list_at = row.failures + 1, trouble, next_at
            row.hop, row.hops = "", 0

    @transact
    def list_moved(self, source: PolledSource, url: str, *, permanent: bool) -> None:
        """The list is elsewhere: for this once, or for ever."""
        with self._database.write() as session:
            row = session.get_one(SourceRow, source.id)
            # Counted, so that lists which lead to one another come to an end.
            row.hop, row.list_at, row.hops = url, self._now(), row.hops + 1
            if permanent and not source.hop:
                tell(
                    session,
                    row.id,
                    self._now(),
                    SourceEvent.MOVED,
                    url=url,
                    detail=f"{row.url} → {url}",
                )
                row.url, row.hop = url, ""
                row.etag = row.last_modified = ""  # they were the old address's

    @transact
    def list_gone(self, source: PolledSource) -> None:
        """The portal says that the list is no more:
        it is not asked again until somebody changes the source.
        """
        with self._database.write() as session:
            row = session.get_one(SourceRow, source.id)
            row.state = SourceState.GONE
            tell(
                session,
                row.id,
                self._now(),
                SourceEvent.GONE,
                url=row.url,
                detail="HTTP 410",
            )

    @transact
    def taken(
        self,
        item: Item,
        episode_id: int,
        *,
        revised: bool,
        etag: str = "",
        last_modified: str = "",
    ) -> None:
        """Its text is here, or was already.

        A page is looked at again some times for edits that no list tells.
        """
        now = self._now()
        with self._database.write() as session:
            row = session.get_one(SourceItemRow, item.id)
            event = _told_when_taken(ItemState(row.state), revised=revised)
            if event is not None:
                tell(
                    session,
                    row.source_id,
                    now,
                    event,
                    title=row.title,
                    url=row.url,
                    episode_id=episode_id,
                )
            row.state = ItemState.TAKEN
            row.tries = 0
            row.hops = 0
            row.episode_id = episode_id
            row.etag, row.last_modified = etag, last_modified
            look_again(row, now)

    @transact
    def unchanged(self, item: Item) -> None:
        """The portal says that its page is as it was."""
        with self._database.write() as session:
            row = session.get_one(SourceItemRow, item.id)
            row.tries = row.hops = 0
            look_again(row, self._now())

    @transact
    def moved(self, item: Item, url: str) -> None:
        """Its page is elsewhere: fetched there at the host's next turn."""
        with self._database.write() as session:
            row = session.get_one(SourceItemRow, item.id)
            row.document, row.hops, row.due_at = url, row.hops + 1, self._now()
            row.etag = row.last_modified = ""  # they were the old address's

    @transact
    def again(self, item: Item, at: datetime) -> None:
        """It could not be had now."""
        with self._database.write() as session:
            row = session.get_one(SourceItemRow, item.id)
            row.tries, row.due_at = row.tries + 1, at

    @transact
    def refused(
        self, item: Item, why: str, event: SourceEvent = SourceEvent.REFUSED
    ) -> None:
        """It is not taken, and the journal tells why.

        A page that is mended is seen when it is looked at again.
        """
        now = self._now()
        with self._database.write() as session:
            row = session.get_one(SourceItemRow, item.id)
            is_news = row.state != ItemState.REFUSED
            if is_news:
                tell(
                    session,
                    row.source_id,
                    now,
                    event,
                    title=row.title,
                    url=row.url,
                    detail=why,
                )
            # What was taken before stays taken: an edit that cannot be read changes nothing here.
            if row.state == ItemState.WAITING:
                row.state = ItemState.REFUSED
            row.tries = row.hops = 0
            look_again(row, now)

    @transact
    def vanished(self, item: Item) -> None:
        """The portal has it no more. What was taken is left as it is: a person decides."""
        now = self._now()
        with self._database.write() as session:
            row = session.get_one(SourceItemRow, item.id)
            was_taken = row.state == ItemState.TAKEN
            if row.state not in (ItemState.VANISHED, ItemState.REFUSED):
                tell(
                    session,
                    row.source_id,
                    now,
                    SourceEvent.VANISHED,
                    title=row.title,
                    url=row.url,
                    detail="Bài đã nhận ở đây vẫn giữ nguyên." if was_taken else "",
                    episode_id=row.episode_id,
                )
            row.state = ItemState.VANISHED if row.episode_id else ItemState.REFUSED
            look_again(row, now)

    @transact
    def rest(self, job: Job, at: datetime) -> None:
        """A look is over: the source's job is due again at a time."""
        with self._database.write() as session:
            row = session.get(JobRow, job.id)
            if row is None or row.owner != job.owner:
                return  # the source was removed, or another worker has it
            row.state, row.owner, row.lease_until = JobState.READY, "", None
            row.not_before, row.retry_at, row.error = at, None, ""
            # It is never done, so nothing may add up over the years.
            row.attempts = row.deaths = row.waits = 0
            row.trouble, row.trouble_since = "", None

    def counts(self, source_id: int) -> dict[ItemState, int]:
        """How many items of a source there are in each state."""
        with self._database.read() as session:
            rows = session.execute(
                select(SourceItemRow.state, func.count())
                .where(SourceItemRow.source_id == source_id)
                .group_by(SourceItemRow.state)
            )
            return {ItemState(state): number for state, number in rows}


def _told_when_taken(before: ItemState, *, revised: bool) -> SourceEvent | None:
    if before in (ItemState.WAITING, ItemState.REFUSED):
        return SourceEvent.TAKEN
    if before is ItemState.VANISHED:
        return SourceEvent.RETURNED
    return SourceEvent.REVISED if revised else None
