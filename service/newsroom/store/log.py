"""The log as a chain: each line carries the digest of itself and the one before.

Lines are gathered while a transaction works and written as its last act (`seal`), under a lock on
the chain's head: parallel writers take turns there and hold nothing that another waits for. Whoever
changes, removes or slips in a line breaks every digest after it; `check` names the first.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from service.newsroom.store.tables import (
    EpisodeRow,
    HappeningRow,
    LogHeadRow,
    RenderingRow,
)
from service.newsroom.values.causes import Cause, VersionCause
from service.newsroom.values.log import Actor, ActorKind, Chain, Event, Happening

PENDING = "log"  # where a session keeps its lines until its last act
LONGEST_DETAIL = 1000  # characters; what a page sent must not fill the log
HEAD = 1  # the only row of its table
AT_ONCE = 1000  # lines that a check holds in memory, or that one question is about
NO_WITNESSES: Mapping[int, str] = {}


def standing(session: Session) -> Chain:
    """How the log stands by its own word; nothing is checked."""
    head = session.get_one(LogHeadRow, HEAD)
    return Chain(head.lines, head.digest)


VersionKey = tuple[int | None, int | None]  # an episode, and a version of it


def log(
    session: Session,
    at: datetime,
    who: str,
    what: str,
    detail: str = "",
    episode: EpisodeRow | None = None,
) -> None:
    """Writes a line of the log in the transaction of the move it tells of.

    `who` is an Actor, or the name under which the house itself did it; `what` is an Event
    (ValueError for anything else).
    """
    actor = Actor.of(who)
    line = HappeningRow(
        at=at,
        who=str(actor),
        who_kind=actor.kind,
        who_id=actor.id,
        what=Event(what),
        detail=detail[:LONGEST_DETAIL],
        episode_id=episode.id if episode else None,
        version=episode.version if episode else None,
    )
    session.info.setdefault(PENDING, []).append(line)


def seal(session: Session) -> None:
    """Adds the gathered lines to the chain; the transaction's last act."""
    lines: list[HappeningRow] = session.info.pop(PENDING, [])
    if not lines:
        return
    session.flush()  # what else the transaction changes is locked before the head is
    head = session.get_one(
        LogHeadRow, HEAD, with_for_update=True, populate_existing=True
    )
    for line in lines:
        head.lines += 1
        line.n = head.lines
        line.digest = head.digest = digest_of(head.digest, line)
    session.add_all(lines)


def digest_of(before: str, line: HappeningRow) -> str:
    """SHA-256 (hexadecimal) over the digest before and the line's content as canonical JSON."""
    content = [
        before,
        line.n,
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(line.who_kind),
        line.who_id,
        line.who,
        str(line.what),
        line.detail,
        line.episode_id,
        line.version,
    ]
    return hashlib.sha256(
        json.dumps(content, separators=(",", ":")).encode()
    ).hexdigest()


def check_chain(session: Session, witnesses: Mapping[int, str] = NO_WITNESSES) -> Chain:
    """Reads the whole chain and says where it breaks first.

    `witnesses` are beginnings of digests by line, as somebody wrote them down where the database
    does not reach: who makes a new chain from some line on has other digests there.
    """
    n, digest = 0, ""
    rows = (
        select(HappeningRow)
        .order_by(HappeningRow.n)
        .execution_options(yield_per=AT_ONCE)
    )
    with closing(session.scalars(rows)) as lines:
        for line in lines:
            n += 1
            if line.n != n:
                return Chain(n, digest, f"line {n} is missing")
            digest = digest_of(digest, line)
            if line.digest != digest:
                return Chain(
                    n, digest, f"line {n} ({line.at:%Y-%m-%d %H:%M} UTC) was changed"
                )
            if not digest.startswith(witnesses.get(n, "")):
                return Chain(
                    n, digest, f"line {n} is not the one whose digest was written down"
                )
    head = session.get_one(LogHeadRow, HEAD)
    if head.lines > n:
        return Chain(n, digest, f"line {n + 1} is missing")
    if gone := [line for line in witnesses if line > n]:
        return Chain(
            n, digest, f"line {min(gone)}, whose digest was written down, is missing"
        )
    if (head.lines, head.digest) != (n, digest):
        return Chain(n, digest, f"line {head.lines + 1} was not written by the house")
    return Chain(n, digest)


def happenings(session: Session, rows: Sequence[HappeningRow]) -> list[Happening]:
    """Lines as values; one that tells of a new version says why that was opened."""
    causes = _causes(session, rows)
    return [happening_value(row, causes) for row in rows]


def happening_value(
    row: HappeningRow, causes: Mapping[VersionKey, VersionCause]
) -> Happening:
    """A line; `causes` tell by episode and version why versions were opened."""
    is_reopening = row.what == Event.REOPENED
    return Happening(
        row.at,
        Actor(row.who, ActorKind(row.who_kind), row.who_id),
        Event(row.what),
        row.detail,
        row.episode_id,
        row.version,
        row.n,
        row.digest,
        causes.get((row.episode_id, row.version)) if is_reopening else None,
    )


def _causes(
    session: Session, rows: Sequence[HappeningRow]
) -> dict[VersionKey, VersionCause]:
    """By episode and version, why the versions were opened that these lines tell of."""
    opened = [
        (row.episode_id, row.version) for row in rows if row.what == Event.REOPENED
    ]
    columns = RenderingRow.episode_id, RenderingRow.version
    causes = select(*columns, RenderingRow.cause, RenderingRow.about)
    version = tuple_(*columns)
    return {
        (row.episode_id, row.version): VersionCause(Cause(row.cause), row.about)
        for begin in range(0, len(opened), AT_ONCE)
        for row in session.execute(
            causes.where(version.in_(opened[begin : begin + AT_ONCE]))
        )
    }
