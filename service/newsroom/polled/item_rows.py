"""Rows of what sources list: found again, added, described, looked at again."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.newsroom.store.tables import SourceItemRow, SourceRow
from service.newsroom.stories.sources import address_of
from service.newsroom.values import Item, ItemState, Listed

# A portal's clock may be wrong, and tell a time before the source's start: what was not listed at
# the first look is news all the same, unless it is older than any wrong clock explains.
WRONG_CLOCK = timedelta(days=1)


# What no list has held for so long is forgotten here; its article stays. Lists hold weeks at most.
UNLISTED_KEPT = timedelta(days=90)


# Edits that a list does not tell are seen by looking at the page again, this long after it was
# taken.
LOOKS_AGAIN = (timedelta(hours=6), timedelta(days=1), timedelta(days=3))


# How exactly it is noted that a list holds an item: not at every look.
LISTED_AGAIN = timedelta(days=1)


def is_read_again(item: SourceItemRow, entry: Listed, now: datetime) -> bool:
    """Whether a known item that a list holds again is to be read: it has changed, or was left."""
    if item.listed_at is None or item.listed_at < now - LISTED_AGAIN:
        item.listed_at = now
    if item.state != ItemState.OLD and item.fingerprint != entry.fingerprint:
        _note_change(item, entry, now)
        return True
    return item.due_at is not None and not item.document


def forget_unlisted(session: Session, source_id: int, now: datetime) -> None:
    """Items that no list has held for long, and that nothing is to be done with."""
    session.execute(
        delete(SourceItemRow).where(
            SourceItemRow.source_id == source_id,
            SourceItemRow.listed_at < now - UNLISTED_KEPT,
            SourceItemRow.due_at.is_(None),
        )
    )


def item_row_of(
    session: Session, source_id: int, entry: Listed
) -> SourceItemRow | None:
    """The row of what a list holds, by its guid, or else by its address; None when it is new."""
    mine = select(SourceItemRow).where(SourceItemRow.source_id == source_id)
    by_guid = session.scalar(mine.where(SourceItemRow.guid == _canonical(entry.guid)))
    if by_guid is not None or not entry.url:
        return by_guid
    by_address = mine.where(SourceItemRow.address == address_of(entry.url))
    return session.scalar(by_address.order_by(SourceItemRow.id).limit(1))


def _canonical(guid: str) -> str:
    """Portals that name news by its address change that as they change addresses."""
    return address_of(guid) if guid.startswith(("http://", "https://")) else guid


def add_item(
    session: Session, source: SourceRow, entry: Listed, *, is_first: bool, now: datetime
) -> SourceItemRow:
    """A new row: waiting to be read, or (it was there before the source) never read."""
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
    # All that was there before the source; only a time can say that it is newer
    if is_first:
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


def look_again(row: SourceItemRow, now: datetime) -> None:
    """When its page is fetched again.

    Never for what came with the list, which tells every change itself.
    """
    row.due_at = None
    if row.document and row.looks < len(LOOKS_AGAIN):
        row.due_at = now + LOOKS_AGAIN[row.looks]
        row.looks += 1


def item_value(row: SourceItemRow) -> Item:
    """The item as it leaves the room."""
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
