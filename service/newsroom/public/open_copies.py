"""Open copies: public sounds where everybody can read them, so that listeners' bytes leave from a
CDN or the bucket (LOA_MEDIA_URL) and never pass through Python.

Masters lie in the store with what is not out yet, under keys that can be guessed: they are never
open. What the public has now is copied, inside the store, below `media/`; what was withdrawn or
superseded is taken away. The rows are the truth, and the clock has the store follow them; what a
clock that died left there without a row is taken away when one starts.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, delete, select

from service.apart import each_by_itself
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.files import Files, Label
from service.newsroom.store.inserting import insert
from service.newsroom.store.joins import version_of_master
from service.newsroom.store.serials import Scope, numbers
from service.newsroom.store.tables import (
    EpisodeRow,
    MasterRow,
    OpenCopyRow,
    RenderingRow,
)
from service.newsroom.text import slugify

Row = TypeVar("Row")

log = logging.getLogger("loa.open_copies")

OPEN = "media"  # the folder of the store that a bucket's policy opens to everybody
OF_A_COPY = re.compile(
    rf"{OPEN}/\d+/\d+/[^/]+", re.ASCII
)  # others' files are not ours to delete
MOST = 200  # copies of one look: an archive is copied in many
# How long a CDN may send what it has without asking again; with the clock's looks, every 2 s, what
# is withdrawn is gone within a minute.
KEPT_S = 30
IS_CURRENT = and_(
    EpisodeRow.withdrawn_why == "",
    EpisodeRow.public_version == MasterRow.version,
)


@dataclass(frozen=True, slots=True)
class OpenCopy:
    """A copy: of whose master, and its key in the store."""

    episode_id: int
    version: int
    name: str

    @property
    def key(self) -> str:
        """As at the addresses of listeners: /media/EPISODE/VERSION/NAME."""
        return f"{OPEN}/{self.episode_id}/{self.version}/{self.name}"


@dataclass(frozen=True, slots=True)
class _Missing:
    """A public master that has no copy yet."""

    copy: OpenCopy
    master: str  # its key
    label: Label


class OpenCopies:
    """Has the store follow the rows. Two clocks at it do no harm."""

    def __init__(self, database: Database, files: Files, kept_s: int = KEPT_S) -> None:
        self._database, self._files, self._kept_s = database, files, kept_s
        self._settled: tuple[bool, int] | None = None
        self._has_tidied = False

    def settle(self, *, wanted: bool) -> int:
        """Takes away what the public has no longer, then copies what it has; how many changed.

        Looks closer only when something public changed since all was well. `wanted`: whether
        anything is to lie open; what lies there is taken away when not. FilesError when the store
        is away.
        """
        with self._database.read() as session:
            state = wanted, numbers(session).get(Scope.PUBLIC, 0)
        if state == self._settled:
            return 0
        spent, missing = self._spent(wanted), self._missing() if wanted else []
        changed = self._change(spent, self._take_away, "taking a copy away")
        changed += self._change(missing, self._lay_open, "copying a sound")
        is_whole = changed == len(spent) + len(missing) and len(missing) < MOST
        self._settled = state if is_whole else None
        if not self._has_tidied:
            # A store that cannot be listed is asked again when something public changes.
            each_by_itself(
                [self._tidy], lambda tidy: tidy(), log=log, doing="looking for strays"
            )
        return changed

    def _change(
        self, copies: Sequence[Row], act: Callable[[Row], None], doing: str
    ) -> int:
        """How many went well. A store that is away is not waited for once for each of them."""
        house = self._files.ping
        return len(each_by_itself(copies, act, log=log, doing=doing, house=house))

    def newest(self) -> OpenCopy | None:
        """One that lies open now; None when none does."""
        query = (
            select(OpenCopyRow)
            .where(OpenCopyRow.is_there)
            .order_by(OpenCopyRow.episode_id.desc())
        )
        with self._database.read() as session:
            row = session.scalars(query.limit(1)).first()
            return _copy_of(row) if row else None

    def _tidy(self) -> None:
        """Takes away what lies open without a row, and the public does not have."""
        for key in self._strays():
            log.warning("%s lay open without a row: taken away", key)
            self._files.delete(key)
        self._has_tidied = True

    def _strays(self) -> list[str]:
        lying = list(filter(OF_A_COPY.fullmatch, self._files.keys(f"{OPEN}/")))
        return sorted({*lying}.difference(self._expected())) if lying else []

    def _expected(self) -> Iterator[str]:
        """Keys of which a row tells, and those of what the public has: a clock may be at them."""
        current = (
            select(MasterRow.episode_id, MasterRow.version, MasterRow.name)
            .join(EpisodeRow, EpisodeRow.id == MasterRow.episode_id)
            .where(IS_CURRENT)
        )
        with self._database.read() as session:
            for row in session.scalars(select(OpenCopyRow)):
                yield _copy_of(row).key
            for master in session.execute(current):
                yield OpenCopy(*master).key

    def _spent(self, wanted: bool) -> list[OpenCopy]:
        query = select(OpenCopyRow).join(
            EpisodeRow, EpisodeRow.id == OpenCopyRow.episode_id
        )
        if wanted:
            query = query.where(
                (EpisodeRow.withdrawn_why != "")
                | EpisodeRow.public_version.is_distinct_from(OpenCopyRow.version)
            )
        with self._database.read() as session:
            return [_copy_of(row) for row in session.scalars(query)]

    def _missing(self) -> list[_Missing]:
        """The newest first: more people listen to them."""
        query = (
            select(MasterRow, RenderingRow.title)
            .join(EpisodeRow, EpisodeRow.id == MasterRow.episode_id)
            .join(RenderingRow, version_of_master())
            .outerjoin(OpenCopyRow, _copies_master())
            .where(
                IS_CURRENT,
                MasterRow.mime.like("audio/%"),
                OpenCopyRow.is_there.is_not(True),
            )
            .order_by(MasterRow.episode_id.desc())
            .limit(MOST)
        )
        with self._database.read() as session:
            return [self._missing_of(*row) for row in session.execute(query)]

    def _missing_of(self, master: MasterRow, title: str) -> _Missing:
        ending = master.name.rpartition(".")[2]
        file_name = f"{slugify(title) or 'loa'}-{master.version}.{ending}"
        label = Label(
            master.mime,
            # Players heed no disposition; a link to save it does.
            f'attachment; filename="{file_name}"',
            f"public, max-age={self._kept_s}",
        )
        copy = OpenCopy(master.episode_id, master.version, master.name)
        return _Missing(copy, master.key, label)

    def _lay_open(self, missing: _Missing) -> None:
        copy = missing.copy
        self._announce(copy)
        self._files.copy(missing.master, copy.key, missing.label)
        # Withdrawn meanwhile, and taken away by another clock
        if not self._confirm(copy):
            self._files.delete(copy.key)

    def _take_away(self, copy: OpenCopy) -> None:
        """The row goes after the copy, for who dies between; and what another clock copied and
        confirmed between the two goes then: it asks no row any more.
        """
        self._files.delete(copy.key)
        self._forget(copy)
        self._files.delete(copy.key)

    @transact
    def _announce(self, copy: OpenCopy) -> None:
        """A row for a copy that is about to be made."""
        with self._database.write() as session:
            row = insert(session, OpenCopyRow).values(
                episode_id=copy.episode_id,
                version=copy.version,
                name=copy.name,
                is_there=False,
            )
            session.execute(row.on_conflict_do_nothing())

    @transact
    def _confirm(self, copy: OpenCopy) -> bool:
        """Notes that it is there; False when nobody waits for it any more."""
        with self._database.write() as session:
            there = session.get(OpenCopyRow, (copy.episode_id, copy.version, copy.name))
            if there is not None:
                there.is_there = True
            return there is not None

    @transact
    def _forget(self, copy: OpenCopy) -> None:
        with self._database.write() as session:
            session.execute(
                delete(OpenCopyRow).where(
                    OpenCopyRow.episode_id == copy.episode_id,
                    OpenCopyRow.version == copy.version,
                    OpenCopyRow.name == copy.name,
                )
            )


def _copy_of(row: OpenCopyRow) -> OpenCopy:
    return OpenCopy(row.episode_id, row.version, row.name)


def _copies_master() -> ColumnElement[bool]:
    """OpenCopyRow is of MasterRow's file."""
    return and_(
        OpenCopyRow.episode_id == MasterRow.episode_id,
        OpenCopyRow.version == MasterRow.version,
        OpenCopyRow.name == MasterRow.name,
    )
