"""Second factors: a code that a phone shows (TOTP, RFC 6238), or one of ten codes on paper.

Whoever's password leaked is still the only one who comes in. A code is good for half a minute, the
one before and the one after are taken too (clocks of phones differ), and each is taken once. Codes
on paper have 49 bits of chance; only digests of them are kept.

Until it is confirmed, a secret belongs to the session that shows it and to the proof under which
it does (minutes): who saw one elsewhere, or before, has nothing that its owner will confirm.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid
from service.newsroom.staff.passwords import ALPHABET
from service.newsroom.staff.person_rows import (
    actor_of,
    digest_of_secret,
    end_sessions,
    person_row,
)
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import FactorRow, SessionRow
from service.newsroom.store.log import log
from service.newsroom.values import LOUDSPEAKER, DeskSession, Event, Factor, Person
from service.newsroom.values.people import SessionKind

STEP_S = 30
# Codes before and after this moment's that are taken, for clocks that differ.
NEIGHBOURS = (0, -1, 1)
PAPER_CODES = 10
PAPER_CHARS = 10
WRONG_CODE_VI = (
    "Mã không đúng hoặc đã dùng rồi. Hãy nhập mã sáu số đang hiện trên điện thoại;"
    " nếu vẫn không được, kiểm tra giờ của điện thoại."
)


class Factors:
    """Who has a second factor: it is set up by its owner, and taken away by whoever may."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def of(self, person_id: int) -> Factor | None:
        """Somebody's second factor; None while they have none."""
        with self._database.read() as session:
            row = factor_row(session, person_id)
            return Factor(row.since, len(row.paper)) if row is not None else None

    def holders(self) -> frozenset[int]:
        """The numbers of all people who have one."""
        with self._database.read() as session:
            return frozenset(session.scalars(select(FactorRow.person_id)))

    @transact
    def begin(self, here: DeskSession) -> str:
        """The secret (base32) that a phone is to share; the same one here until the next proof.

        Conflict when there is a second factor already, or this session has ended.
        """
        import pyotp

        with self._database.write() as session:
            place = _place_row(session, here)
            if place is None or factor_row(session, here.person.id) is not None:
                raise Conflict(
                    "there is a second factor already; take it away first",
                    "Tài khoản này đã bật xác thực hai lớp.",
                    "code",
                )
            place.pairing = place.pairing or pyotp.random_base32()
            return place.pairing

    @transact
    def confirm(self, here: DeskSession, code: str) -> list[str]:
        """From now on the code is asked for at each login; gives the codes on paper, once.

        All other places are logged out: they came in by the password alone. Invalid (`code`) for
        a wrong one; Conflict when nothing was begun, or it was confirmed before.
        """
        now = self._now()
        with self._database.write() as session:
            place = _place_row(session, here)
            is_on = factor_row(session, here.person.id) is not None
            if is_on or place is None or not place.pairing:
                raise Conflict(
                    "there is nothing to be confirmed",
                    "Không có gì để xác nhận; hãy mở lại trang.",
                    "code",
                )
            row = FactorRow(
                person_id=here.person.id,
                secret=place.pairing,
                since=now,
                last_step=0,
                paper=[],
            )
            if not _take_shown(row, code, now):
                raise Invalid("wrong code", WRONG_CODE_VI, "code")
            session.add(row)
            place.kind, place.pairing = SessionKind.TWO_FACTORS, ""
            ended = end_sessions(session, here.person.id, but=here.id)
            detail = f"{here.person.name}, {ended} phiên kết thúc"
            log(session, now, actor_of(here.person), Event.FACTOR_ON, detail)
            return _new_paper(row)

    @transact
    def renew_paper(self, here: DeskSession) -> list[str]:
        """Ten new codes on paper; the old ones open nothing any more. Conflict without a factor."""
        with self._database.write() as session:
            row = factor_row(session, here.person.id)
            if row is None:
                raise Conflict(
                    "there is no second factor",
                    "Tài khoản này chưa bật xác thực hai lớp.",
                    "code",
                )
            who = actor_of(here.person)
            log(session, self._now(), who, Event.PAPER_RENEWED, here.person.name)
            return _new_paper(row)

    @transact
    def remove(self, name: str, by: str = LOUDSPEAKER, but: int | None = None) -> bool:
        """Takes somebody's second factor away: the password alone lets them in.

        All their sessions end, but one (`but`). Gives whether there was one. NotFound for a name
        that nobody has.
        """
        with self._database.write() as session:
            person = person_row(session, name)
            row = factor_row(session, person.id)
            if row is None:
                return False
            session.delete(row)
            ended = end_sessions(session, person.id, but=but)
            detail = f"{person.name}, {ended} phiên kết thúc"
            log(session, self._now(), by, Event.FACTOR_OFF, detail)
            return True


def factor_row(session: Session, person_id: int) -> FactorRow | None:
    """Somebody's row, locked, so that a code is not taken twice at once; None without one."""
    return session.get(FactorRow, person_id, with_for_update=True)


def take_code(session: Session, person: Person, code: str, now: datetime) -> bool:
    """Whether a code is right that nobody used before; it is used by this."""
    row = factor_row(session, person.id)
    if row is None:
        return False
    if _take_shown(row, code, now):
        return True
    digest = _digest(row, code)
    if digest not in row.paper:
        return False
    row.paper = [each for each in row.paper if each != digest]
    detail = f"còn {len(row.paper)} mã"
    log(session, now, actor_of(person), Event.PAPER_USED, detail)
    return True


def paper_left(session: Session, person_id: int) -> int:
    """How many codes on paper somebody has left."""
    row = factor_row(session, person_id)
    return len(row.paper) if row is not None else 0


def _place_row(session: Session, here: DeskSession) -> SessionRow | None:
    """This session's row, locked; None when it has ended."""
    return session.get(SessionRow, here.id, with_for_update=True)


def _take_shown(row: FactorRow, code: str, now: datetime) -> bool:
    """Whether it is the code that the phone shows; neither it nor an older one is taken again."""
    import pyotp

    shown = pyotp.TOTP(row.secret, interval=STEP_S)
    typed = "".join(code.split())
    for neighbour in NEIGHBOURS:
        step = int(now.timestamp()) // STEP_S + neighbour
        is_right = hmac.compare_digest(
            shown.generate_otp(step).encode(), typed.encode()
        )
        if is_right and step > row.last_step:
            row.last_step = step
            return True
    return False


def _new_paper(row: FactorRow) -> list[str]:
    """Codes to be printed: "abcde-23456"; what was printed before is worth nothing."""
    codes = [
        "".join(secrets.choice(ALPHABET) for _ in range(PAPER_CHARS))
        for _ in range(PAPER_CODES)
    ]
    row.paper = [_digest(row, code) for code in codes]
    half = PAPER_CHARS // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def _digest(row: FactorRow, code: str) -> str:
    """What is kept of a code on paper, however it is typed: with its hyphen or without."""
    bare = "".join(code.lower().replace("-", " ").split())
    return digest_of_secret(f"{row.person_id} {row.secret} {bare}")
