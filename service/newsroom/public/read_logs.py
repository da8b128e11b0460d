"""How far the logs of a CDN were read: a line counts once, however often its log is read."""

from collections.abc import Callable
from datetime import datetime

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.tables import ReadLogRow


class ReadLogs:
    """Positions in logs, by a digest of how each begins, its first entry included: that stays while
    the log grows and is renamed.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now

    def position(self, digest: str) -> int:
        """Up to where it was read, in bytes of it uncompressed; 0 for a log never met."""
        with self._database.read() as session:
            row = session.get(ReadLogRow, digest)
            return row.position if row else 0

    @transact
    def reached(self, digest: str, position: int) -> None:
        """All up to there counts."""
        with self._database.write() as session:
            session.merge(
                ReadLogRow(digest=digest, position=position, read_at=self._now())
            )
