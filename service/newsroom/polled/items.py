"""What sources listed: compared with what is known of them, and what became of each."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.newsroom.polled.journal import source_value, tell
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.tables import JobRow, SourceItemRow, SourceRow
from service.newsroom.stories.sources import address_of
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

# A portal's clock may be wrong, and tell a time before the source's start: what was not listed at
# the first look is news all the same, unless it is older than any wrong clock explains.
WRONG_CLOCK = timedelta(days=1)
# What no list has held for so long is forgotten here; its article stays. Lists hold weeks at most.
UNLISTED_KEPT = timedelta(days=90)
LISTED_AGAIN = timedelta(days=1)  # how exactly that is noted: not at every look
# Edits that a list does not tell are seen by looking at the page again, this long after it was
# taken.
LOOKS_AGAIN = (timedelta(hours=6), timedelta(days=1), timedelta(days=3))
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
        """The item whose text is to be fetched next: those never fetched first, then the one
        waiting longest.
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
            return _value(row) if row is not None else None

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
        """Notes what a list holds; gives what is to be read of it now, each with its place in the
        list.

        That is what is new since the source's start, and what the list says something new of. An
        item is known by its guid, or else by its address: portals change either.
        """
        changed: list[tuple[Item, int]] = []
        with self._database.write() as session:
            row = session.get_one(SourceRow, source.id)
            is_first = row.looked_at is None
            old, now = 0, self._now()
            for place, entry in enumerate(listed):
                item = _known(session, source.id, entry)
                if item is not None and _was_listed_before(item, now - LISTED_AGAIN):
                    item.listed_at = now
                if item is None:
                    item = _add(session, row, entry, is_first=is_first, now=now)
                    old += item.state == ItemState.OLD
                elif (
                    item.state != ItemState.OLD
                    and item.fingerprint != entry.fingerprint
                ):
                    _note_change(item, entry, now)
                elif item.due_at is None or item.document:
                    continue  # it is as it was, and nothing of it was left unread
                if item.due_at is not None:
                    changed.append((_value(item), place))
            if is_first:
                detail = f"{len(listed)} tin trong danh sách, {old} tin đăng trước ngày bắt đầu"
                tell(session, row.id, now, SourceEvent.BEGUN, detail=detail)
            _forget_unlisted(session, source.id, now)
        return changed

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

    @transact
    def list_gone(self, source: PolledSource) -> None:
        """The portal says that the list is no more: it is not asked again until somebody changes
        the source.
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
        """Its text is here, or was already; a page is looked at again some times for edits that no
        list tells.
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
            row.state, row.tries, row.hops, row.episode_id = (
                ItemState.TAKEN,
                0,
                0,
                episode_id,
            )
            row.etag, row.last_modified = etag, last_modified
            _look_again(row, now)

    @transact
    def unchanged(self, item: Item) -> None:
        """The portal says that its page is as it was."""
        with self._database.write() as session:
            row = session.get_one(SourceItemRow, item.id)
            row.tries = row.hops = 0
            _look_again(row, self._now())

    @transact
    def moved(self, item: Item, url: str) -> None:
        """Its page is elsewhere: fetched there at the host's next turn."""
        with self._database.write() as session:
            row = session.get_one(SourceItemRow, item.id)
            row.document, row.hops, row.due_at = url, row.hops + 1, self._now()

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
        """It is not taken, and the journal tells why; a page that is mended is seen when it is
        looked at again.
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
            _look_again(row, now)

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
            _look_again(row, now)

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


def _was_listed_before(item: SourceItemRow, time: datetime) -> bool:
    return item.listed_at is None or item.listed_at < time


def _forget_unlisted(session: Session, source_id: int, now: datetime) -> None:
    """Items that no list has held for long, and that nothing is to be done with."""
    session.execute(
        delete(SourceItemRow).where(
            SourceItemRow.source_id == source_id,
            SourceItemRow.listed_at < now - UNLISTED_KEPT,
            SourceItemRow.due_at.is_(None),
        )
    )


def _known(session: Session, source_id: int, entry: Listed) -> SourceItemRow | None:
    mine = select(SourceItemRow).where(SourceItemRow.source_id == source_id)
    by_guid = session.scalar(mine.where(SourceItemRow.guid == _canonical(entry.guid)))
    if by_guid is not None or not entry.url:
        return by_guid
    by_address = mine.where(SourceItemRow.address == address_of(entry.url))
    return session.scalar(by_address.order_by(SourceItemRow.id).limit(1))


def _canonical(guid: str) -> str:
    """Portals that name news by its address change that as they change addresses."""
    return address_of(guid) if guid.startswith(("http://", "https://")) else guid


def _add(
    session: Session, source: SourceRow, entry: Listed, *, is_first: bool, now: datetime
) -> SourceItemRow:
    is_news = _is_news(source, entry, is_first=is_first)
    row = SourceItemRow(
        source_id=source.id,
        guid=_canonical(entry.guid),
        address=address_of(entry.url) if entry.url else "",
        state=ItemState.WAITING if is_news else ItemState.OLD,
        due_at=now if is_news else None,
        tries=0,
        looks=0,
        hops=0,
        etag="",
        last_modified="",
        listed_at=now,
    )
    _describe(row, entry)
    session.add(row)
    session.flush()
    return row


def _is_news(source: SourceRow, entry: Listed, *, is_first: bool) -> bool:
    if (
        is_first
    ):  # all that was there before the source; only a time can say that it is newer
        return entry.published_at is not None and entry.published_at >= source.since
    return (
        entry.published_at is None or entry.published_at >= source.since - WRONG_CLOCK
    )


def _note_change(row: SourceItemRow, entry: Listed, now: datetime) -> None:
    _describe(row, entry)
    # Looked at again from the beginning: an edit seldom comes alone.
    row.due_at, row.tries, row.looks = now, 0, 0


def _describe(row: SourceItemRow, entry: Listed) -> None:
    row.url, row.document, row.title = entry.url, entry.document, entry.title
    row.topics, row.fingerprint = list(entry.topics), entry.fingerprint
    row.published_at = entry.published_at or row.published_at


def _told_when_taken(before: ItemState, *, revised: bool) -> SourceEvent | None:
    if before in (ItemState.WAITING, ItemState.REFUSED):
        return SourceEvent.TAKEN
    if before is ItemState.VANISHED:
        return SourceEvent.RETURNED
    return SourceEvent.REVISED if revised else None


def _look_again(row: SourceItemRow, now: datetime) -> None:
    """When its page is fetched again; never for what came with the list, which tells every change
    itself.
    """
    row.due_at = None
    if row.document and row.looks < len(LOOKS_AGAIN):
        row.due_at = now + LOOKS_AGAIN[row.looks]
        row.looks += 1


def _value(row: SourceItemRow) -> Item:
    return Item(
        id=row.id,
        source_id=row.source_id,
        guid=row.guid,
        url=row.url,
        document=row.document,
        title=row.title,
        topics=tuple(row.topics),
        published_at=row.published_at,
        state=ItemState(row.state),
        due_at=row.due_at,
        tries=row.tries,
        looks=row.looks,
        hops=row.hops,
        etag=row.etag,
        last_modified=row.last_modified,
    )
