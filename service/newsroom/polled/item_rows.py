"""Rows of what sources list: found again, added, described, looked at again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
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


def places_of_news(listed: Sequence[Listed]) -> list[int]:
    """Where in a list each piece of news stands, once.

    A picture and a title lead to the same page, and feeds repeat themselves. Of several entries of
    one guid, or of one address, the longest title counts, in whatever order they stand: else each
    look would take the others for a change.
    """
    places = list(range(len(listed)))
    for name_of in (_guid_name, _address_name):
        best: dict[str, int] = {}
        for place in places:
            # Without an address it shares none.
            name = name_of(listed[place]) or f"#{place}"
            rivals = best.get(name, place), place
            best[name] = max(rivals, key=lambda at: _weight(listed[at]))
        places = list(best.values())
    return sorted(places)


def _guid_name(entry: Listed) -> str:
    return _canonical(entry.guid)


def _address_name(entry: Listed) -> str:
    return address_of(entry.url) if entry.url else ""


def _weight(entry: Listed) -> tuple[int, str, str]:
    return len(entry.title), entry.title, entry.fingerprint


def note_listed(item: SourceItemRow, entry: Listed, now: datetime) -> None:
    """A known item that a list holds again: when it was, and what the list says anew of it."""
    if item.listed_at is None or item.listed_at < now - LISTED_AGAIN:
        item.listed_at = now
    waits_for_list = is_read_with_list(item)
    is_elsewhere = waits_for_list and bool(entry.document)
    has_changed = item.fingerprint != entry.fingerprint or is_elsewhere
    if item.state != ItemState.OLD and has_changed:
        _describe(item, entry)
        # Looked at again from the beginning: an edit seldom comes alone.
        item.due_at, item.tries, item.looks = now, 0, 0


def is_read_with_list(item: SourceItemRow) -> bool:
    """Whether it is due, and its text comes with the list: nothing else would bring it."""
    return item.due_at is not None and not item.document


def take_up_old(session: Session, source: SourceRow, now: datetime) -> None:
    """News that was older than the source's start, and is not any more."""
    session.execute(
        update(SourceItemRow)
        .where(
            SourceItemRow.source_id == source.id,
            SourceItemRow.state == ItemState.OLD,
            SourceItemRow.published_at >= source.since,
        )
        .values(state=ItemState.WAITING, due_at=now)
    )


def read_refused_again(session: Session, source_id: int, now: datetime) -> None:
    """What a list brought and we refused: the page of any other is looked at again anyway."""
    session.execute(
        update(SourceItemRow)
        .where(
            SourceItemRow.source_id == source_id,
            SourceItemRow.state == ItemState.REFUSED,
            SourceItemRow.document == "",
        )
        .values(due_at=now)
    )


def forget_unlisted(session: Session, source_id: int, now: datetime) -> None:
    """Items that no list has held for long, and that nothing is to be done with.

    Nor can anything be done with one whose text only the list could bring.
    """
    session.execute(
        delete(SourceItemRow).where(
            SourceItemRow.source_id == source_id,
            SourceItemRow.listed_at < now - UNLISTED_KEPT,
            or_(SourceItemRow.due_at.is_(None), SourceItemRow.document == ""),
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


def _describe(row: SourceItemRow, entry: Listed) -> None:
    if row.document != entry.document:
        row.etag = row.last_modified = ""  # they were another page's
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
