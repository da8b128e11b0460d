"""Pictures that articles name: fetched once each, made small, and kept by what they are made of.

What an address showed when it was fetched is what is shown: nobody can put another picture there
afterwards.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, NotFound
from service.newsroom.shows import change, paths_of
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.files import Files
from service.newsroom.store.inserting import insert
from service.newsroom.store.joins import public_version, text_of_version
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    EpisodeRow,
    PictureRow,
    RenderingRow,
    RevisionRow,
)
from service.newsroom.values import (
    Illustration,
    MadePicture,
    Picture,
    PictureSize,
    PictureState,
)

AT_ONCE = 20  # fetched in one look
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)
MOST_TRIES = 6  # half a day
A_DAY = timedelta(days=1)
MOST_BYTES_A_DAY = (
    500_000_000  # of one person or key, of the large ones: some thousands
)


class Pictures:
    """The newsroom's pictures."""

    def __init__(
        self, database: Database, files: Files, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._files = files
        self._now = now

    def due(self) -> list[Picture]:
        """Those to be fetched now, the longest waiting first."""
        waiting = (
            select(PictureRow)
            .where(
                PictureRow.state == PictureState.WAITING,
                PictureRow.try_after <= self._now(),
            )
            .order_by(PictureRow.try_after)
            .limit(AT_ONCE)
        )
        with self._database.read() as session:
            rows = session.scalars(waiting).all()
            return readable(rows, picture_value, "a picture", lambda row: row.address)

    def at(self, address: str) -> Picture | None:
        """The picture that articles name by this address; None while none does."""
        with self._database.read() as session:
            row = session.get(PictureRow, address)
            return picture_value(row) if row is not None else None

    def keep(self, address: str, made: MadePicture, sent_by: str = "") -> None:
        """Keeps what was made of the picture at an address, or of one that somebody sent.

        Articles that name it show it from now on. Conflict when they sent too many in a day.
        """
        if sent_by:
            self._check_quota(sent_by)
        for size, data in made.sizes.items():
            self._files.put(_key(made.digest, size), data)
        self._note_kept(address, made, sent_by)

    def _check_quota(self, sent_by: str) -> None:
        since = self._now() - A_DAY
        query = select(func.sum(PictureRow.bytes)).where(
            PictureRow.sent_by == sent_by, PictureRow.named_at > since
        )
        with self._database.read() as session:
            before = session.scalar(query) or 0
        if before > MOST_BYTES_A_DAY:
            raise Conflict(
                f"{sent_by} sent {before / 1e6:.0f} MB of pictures in 24 hours; wait, or send less",
                "Trong 24 giờ qua đã gửi quá nhiều ảnh. Hãy chờ đến mai rồi gửi tiếp.",
                "picture",
            )

    @transact
    def _note_kept(self, address: str, made: MadePicture, sent_by: str) -> None:
        now = self._now()
        with self._database.write() as session:
            note_picture(session, address, now)
            row = session.get_one(PictureRow, address, with_for_update=True)
            row.state, row.digest, row.why = PictureState.KEPT, made.digest, ""
            row.width, row.height = made.width, made.height
            row.bytes = len(made.sizes[PictureSize.LARGE])
            if sent_by:
                row.sent_by, row.named_at = sent_by, now
            # Feeds are made anew when something in them changed.
            for episode in session.scalars(
                _public(RevisionRow.picture == address)
            ).all():
                change(session, paths_of(session, episode), now)

    @transact
    def put_off(self, address: str, until: datetime) -> None:
        """Its host is not to be asked before; no try is counted."""
        with self._database.write() as session:
            session.get_one(PictureRow, address).try_after = until

    @transact
    def failed(self, address: str, why: str) -> None:
        """It could not be had: tried again later, each time twice as late,
        and in the end no more.
        """
        with self._database.write() as session:
            row = session.get_one(PictureRow, address, with_for_update=True)
            row.tries, row.why = row.tries + 1, why
            row.try_after = self._now() + min(FIRST_WAIT * 2**row.tries, LONGEST_WAIT)
            if row.tries >= MOST_TRIES:
                row.state = PictureState.REFUSED

    @transact
    def refuse(self, address: str, why: str) -> None:
        """It will never do."""
        with self._database.write() as session:
            row = session.get_one(PictureRow, address)
            row.state, row.why = PictureState.REFUSED, why

    def is_public(self, digest: str) -> bool:
        """Whether something that was put on the air, and is not withdrawn, showed it.

        Feeds and apps keep its address after a correction with another picture.
        """
        named = select(PictureRow.address).where(PictureRow.digest == digest)
        shown = (
            select(EpisodeRow.id)
            .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
            .join(RevisionRow, text_of_version())
            .where(
                RevisionRow.picture.in_(named),
                RenderingRow.published_at.is_not(None),
                EpisodeRow.withdrawn_why == "",
            )
        )
        with self._database.read() as session:
            return session.scalar(shown.limit(1)) is not None

    def bytes_of(self, digest: str, size: PictureSize) -> bytes:
        """A JPEG; NotFound when there is none."""
        data = self._files.get(_key(digest, size))
        if data is None:
            raise NotFound(f"no picture {digest}", "Không có ảnh này.", "picture")
        return data


def note_picture(session: Session, address: str, now: datetime) -> None:
    """Has the picture that an article names fetched, unless another named it before.

    "" names none.
    """
    if not address:
        return
    row = insert(session, PictureRow).values(
        address=address,
        state=PictureState.WAITING,
        digest="",
        width=0,
        height=0,
        bytes=0,
        why="",
        tries=0,
        try_after=now,
        named_at=now,
    )
    session.execute(row.on_conflict_do_nothing())


def illustration_of(row: PictureRow | None, caption: str) -> Illustration | None:
    """What is shown of a picture; None while it is not kept."""
    if row is None or row.state != PictureState.KEPT:
        return None
    return Illustration(row.digest, row.width, row.height, row.bytes, caption)


def _public(*where: ColumnElement[bool]) -> Select[EpisodeRow]:
    """Episodes whose public version's text fits."""
    return (
        select(EpisodeRow)
        .join(RenderingRow, public_version())
        .join(RevisionRow, text_of_version())
        .where(*where)
    )


def _key(digest: str, size: PictureSize) -> str:
    return f"pictures/{digest[:2]}/{digest}/{size}.jpg"


def picture_value(row: PictureRow) -> Picture:
    """A picture as others see it."""
    return Picture(
        row.address,
        PictureState(row.state),
        row.digest,
        row.width,
        row.height,
        row.bytes,
        row.why,
        row.tries,
    )
