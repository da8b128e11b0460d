"""Notices: one message to the people on duty about each airing or warning that needs them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from service.newsroom.airtime.airings import airing_value
from service.newsroom.errors import NotFound
from service.newsroom.stations import station_row
from service.newsroom.store.again import transact
from service.newsroom.store.announcing import announce
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import AiringRow, BulletinRow, NoticeRow, StationRow
from service.newsroom.values import (
    EVERYWHERE,
    Airing,
    HookEvent,
    Notice,
    Outage,
    Reach,
    Rung,
)
from service.newsroom.values.names import name_vi
from service.zone import VIETNAM

# What fails again and again keeps nobody waiting.
IN_TURN = (NoticeRow.tries, NoticeRow.id)
# Of one look, so that it ends before the lease does.
MOST = 200
# While one sweep tells, no other does.
LEASE = timedelta(minutes=3)
# Between tries.
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
MOST_DOUBLINGS = 20  # of the wait: more than it takes to the longest
# Later, nobody needs it any more.
TOLD_WITHIN = timedelta(hours=12)
# On the desk, unless somebody says it is seen.
SHOWN_FOR = timedelta(days=3)
APPROVE_IN_TIME = "Nếu bản tin được duyệt trước giờ phát, loa sẽ phát bản tin đó."
NOTHING_TO_PLAN = "Hiện không có tin nào đã duyệt để soạn bản tin."


class Notices:
    """What the people on duty are told, and whom it has not reached yet."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def note(self, airing: Airing, rung: Rung) -> None:
        """Tells the people on duty, once, that no approved bulletin came in time:
        `rung` is what is aired instead.
        """
        with self._database.write() as session:
            station = station_row(session, airing.station)
            planned_id = session.scalar(
                select(BulletinRow.episode_id).where(
                    BulletinRow.airing_id == airing.id, BulletinRow.rung == Rung.PLANNED
                )
            )
            hour = f"{airing.at} ngày {airing.day:%d/%m/%Y}"
            outlook = APPROVE_IN_TIME if planned_id else NOTHING_TO_PLAN
            _note(
                session,
                station=station.slug,
                airing_id=airing.id,
                rung=rung,
                title=f"{station.name}: bản tin {hour} chưa được duyệt",
                text=f"Buổi phát {hour} của {station.name}. {rung.why_vi} {outlook}",
                link=f"/desk/episodes/{planned_id}" if planned_id else "/desk",
                untold=list(dict.fromkeys(station.duty)),
                now=self._now(),
            )

    @transact
    def note_outage(self, outage: Outage) -> None:
        """The one notice of an outage of the house, to the people on duty of every station."""
        since = outage.since.astimezone(VIETNAM)
        trouble = name_vi(outage.trouble)
        with self._database.write() as session:
            _note_home(
                session,
                outage=f"{outage.trouble} {outage.since.isoformat()}",
                title=f"{trouble} từ {since:%H:%M ngày %d/%m}",
                text=f"{trouble} từ {since:%H:%M ngày %d/%m}, {outage.jobs} việc đang chờ."
                " Máy tự thử lại và tự làm tiếp khi hết sự cố; không phải bấm gì trong bài."
                " Người quản trị xem bằng lệnh “loa doctor”.",
                link="/desk",
                now=self._now(),
            )

    @transact
    def note_alert(self, name: str, text_vi: str) -> None:
        """The one notice of an alert in a day, to the people on duty of every station."""
        now = self._now()
        with self._database.write() as session:
            _note_home(
                session,
                outage=f"{name} {now.astimezone(VIETNAM):%Y-%m-%d}",
                title=f"Máy móc: {text_vi}",
                text=f"{text_vi} Người quản trị xem mục “{name}” trong docs/runbook.md.",
                link="/desk/machines",
                now=now,
            )

    def unseen(self, among: Reach = EVERYWHERE) -> list[Notice]:
        """Notices of these stations that nobody has seen on the desk yet, the newest first."""
        unseen = select(NoticeRow).where(unseen_by(among, self._now()))
        with self._database.read() as session:
            return _notices(
                session, session.scalars(unseen.order_by(NoticeRow.id.desc()))
            )

    @transact
    def seen(self, notice_id: int, who: str) -> None:
        """Somebody has seen it: it leaves the desk. The first who says so holds."""
        with self._database.write() as session:
            row = session.get(NoticeRow, notice_id, with_for_update=True)
            if row is None:
                raise NotFound(
                    f"no notice {notice_id}", "Không có thông báo này.", "notice"
                )
            if row.seen_at is None:
                row.seen_by, row.seen_at = who, self._now()

    @transact
    def take(self) -> list[Notice]:
        """Notices to be told now, at most `MOST`; the least often tried first, then the oldest.

        They are the taker's for `LEASE`: two sweeps never tell one.
        """
        now = self._now()
        # Later than any wait: it was set before the clock went back.
        never = NoticeRow.try_after > now + LONGEST_WAIT
        due = ((NoticeRow.try_after <= now) | never) & (
            NoticeRow.made_at > now - TOLD_WITHIN
        )
        with self._database.read() as session:
            waiting = session.scalars(
                select(NoticeRow).where(due).order_by(*IN_TURN)
            ).all()
            wanted = [row.id for row in waiting if row.untold][:MOST]
        if not wanted:
            return []
        with self._database.write() as session:
            # Asked once more whether they are due: another sweep may have been quicker.
            taken = session.scalars(
                update(NoticeRow)
                .where(NoticeRow.id.in_(wanted), due)
                .values(try_after=now + LEASE)
                .returning(NoticeRow.id)
                .execution_options(synchronize_session=False)
            ).all()
            rows = session.scalars(
                select(NoticeRow).where(NoticeRow.id.in_(taken)).order_by(*IN_TURN)
            )
            return _notices(session, rows)

    @transact
    def mark_told(self, notice_id: int, address: str) -> None:
        """An address has taken it, and is never told again."""
        with self._database.write() as session:
            row = session.get_one(NoticeRow, notice_id, with_for_update=True)
            row.untold = [untold for untold in row.untold if untold != address]

    @transact
    def again(self, notice: Notice) -> datetime:
        """Some address did not take it: tried again later, each time twice as late. Gives when."""
        with self._database.write() as session:
            row = session.get_one(NoticeRow, notice.id, with_for_update=True)
            wait = min(FIRST_WAIT * 2 ** min(row.tries, MOST_DOUBLINGS), LONGEST_WAIT)
            row.tries += 1
            row.try_after = self._now() + wait
            return row.try_after

    @transact
    def at_once(self, notice: Notice) -> None:
        """There was no time to try: due again now, which counts for nothing."""
        with self._database.write() as session:
            row = session.get_one(NoticeRow, notice.id, with_for_update=True)
            row.try_after = self._now()


def unseen_by(among: Reach, now: datetime) -> ColumnElement[bool]:
    """NoticeRow is for these stations, still shown, and nobody has seen it."""
    unseen = NoticeRow.seen_at.is_(None) & (NoticeRow.made_at > now - SHOWN_FOR)
    if among.stations is None:
        return unseen
    return unseen & NoticeRow.station.in_(among.stations)


def note_warning(
    session: Session,
    episode_id: int,
    title: str,
    stations: Sequence[StationRow],
    now: datetime,
) -> None:
    """The one notice of a warning that waits for approval, in the transaction that received it."""
    names = ", ".join(station.name for station in stations)
    _note(
        session,
        station=stations[0].slug,
        episode_id=episode_id,
        rung=Rung.URGENT,
        title=f"KHẨN CẤP, chờ duyệt: {title}",
        text=f"Cảnh báo “{title}” cho {names} đang chờ duyệt. Loa chỉ phát sau khi có người duyệt.",
        link=f"/desk/episodes/{episode_id}",
        untold=list(
            dict.fromkeys(address for station in stations for address in station.duty)
        ),
        now=now,
    )


def note_contradiction(
    session: Session,
    episode_id: int,
    alert: str,
    stations: Sequence[StationRow],
    sender: str,
    now: datetime,
) -> None:
    """Tells the people on duty that an alert was refused.

    A warning with the same identifier stands here, and has other words or goes to other stations.
    Senders try again and again: what was told within `TOLD_WITHIN` is not told anew, but for other
    stations or of another sender it is.
    """
    title = f"KHẨN CẤP, hai bản khác nhau: {alert}"
    link = f"/desk/episodes/{episode_id}"
    names = ", ".join(station.name for station in stations)
    text = (
        f"{sender} gửi cảnh báo “{alert}” cho {names}, nhưng đã có một cảnh báo mang cùng mã mà nội "
        "dung hoặc đài nhận khác. Bản gửi sau chưa được nhận. Hãy so hai bản và kết thúc bản sai."
    )
    same = select(NoticeRow.id).where(
        NoticeRow.title == title,
        NoticeRow.text == text,
        NoticeRow.link == link,
        NoticeRow.made_at > now - TOLD_WITHIN,
    )
    if session.scalar(same.limit(1)) is not None:
        return
    _note(
        session,
        station=stations[0].slug,
        rung=Rung.URGENT,
        title=title,
        text=text,
        link=link,
        untold=list(
            dict.fromkeys(address for station in stations for address in station.duty)
        ),
        now=now,
    )


def _note_home(session: Session, *, now: datetime, **values: object) -> None:
    """A notice about the house itself, which concerns every station:
    each address on duty has it once.

    It stands in the first station's name; there is none before there is a station.
    """
    stations = session.execute(
        select(StationRow.slug, StationRow.duty).order_by(StationRow.id)
    ).all()
    if not stations:
        return
    duty = list(
        dict.fromkeys(address for station in stations for address in station.duty)
    )
    _note(
        session, station=stations[0].slug, rung=Rung.BED, untold=duty, now=now, **values
    )


def _note(session: Session, *, now: datetime, **values: object) -> None:
    row = insert(session, NoticeRow).values(
        made_at=now, try_after=now, tries=0, seen_by="", **values
    )
    made = session.execute(row.on_conflict_do_nothing().returning(NoticeRow.id)).first()
    if made is not None:  # not one that was noted before
        told = ("title", "text", "link", "station", "rung", "episode_id")
        data = {name: values.get(name) for name in told}
        announce(session, HookEvent.NOTICE, now, [str(values["station"])], data)


def _notices(session: Session, rows: Iterable[NoticeRow]) -> list[Notice]:
    listed = list(rows)
    numbers = {row.airing_id for row in listed if row.airing_id is not None}
    airings = _airings(session, numbers) if numbers else {}
    return readable(
        listed, lambda row: _notice(row, airings.get(row.airing_id)), "a notice"
    )


def _airings(session: Session, numbers: Collection[int]) -> dict[int | None, AiringRow]:
    """The airings of these numbers, in one question however many notices there are."""
    return {
        row.id: row
        for row in session.scalars(select(AiringRow).where(AiringRow.id.in_(numbers)))
    }


def _notice(row: NoticeRow, airing: AiringRow | None) -> Notice:
    return Notice(
        id=row.id,
        station=row.station,
        airing=airing_value(airing, row.station) if airing else None,
        episode_id=row.episode_id,
        rung=Rung(row.rung),
        title=row.title,
        text=row.text,
        link=row.link,
        made_at=row.made_at,
        untold=tuple(map(str, row.untold)),
        tries=row.tries,
        seen_by=row.seen_by,
        seen_at=row.seen_at,
    )
