"""Second factors: a code that a phone shows (TOTP, RFC 6238), a passkey, or one of ten codes on
paper.

Whoever's password leaked is still the only one who comes in. A code is good for half a minute, the
one before and the one after are taken too (clocks of phones differ), and each is taken once. Codes
on paper have 49 bits of chance; only digests of them are kept.

Until it is confirmed, a secret belongs to the session that shows it and to the proof under which
it does (minutes): who saw one elsewhere, or before, has nothing that its owner will confirm.

Who has the first passkey (passkeys.py) has a second factor as well, and paper for the day on which
it is lost; phone and passkeys come and go apart, and with the last of them the paper goes.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select
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
from service.newsroom.store.doors import FactorRow, PasskeyRow, SessionRow
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
ASKED_VI = (
    "Người duyệt và quản trị ở đây phải có xác thực hai lớp, mà sau việc này thì không còn. Hãy"
    " thêm khóa khác hoặc mã trên điện thoại trước; không được thì nhờ người quản trị bỏ giúp."
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
            if row is None:
                return None
            return Factor(row.since, len(row.paper), row.phone)

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
            place = place_row(session, here)
            if place is None or _has_phone(session, here.person.id):
                raise Conflict(
                    "there is a phone already; take it away first",
                    "Tài khoản này đã bật mã trên điện thoại.",
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
            place = place_row(session, here)
            is_on = _has_phone(session, here.person.id)
            if is_on or place is None or not place.pairing:
                raise Conflict(
                    "there is nothing to be confirmed",
                    "Không có gì để xác nhận; hãy mở lại trang.",
                    "code",
                )
            step = _shown_step(place.pairing, code, now)
            if step is None:
                raise Invalid("wrong code", WRONG_CODE_VI, "code")
            row = factor_row(session, here.person.id) or _new_row(session, here, now)
            row.secret, row.phone, row.last_step = place.pairing, True, step
            end_lesser_places(session, place, here, now)
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
    def drop_phone(self, here: DeskSession, *, is_asked: bool = False) -> bool:
        """No code off a phone is asked of them; without a passkey the password alone lets in.

        All their other sessions end. Gives whether a passkey is left; Conflict when none is and a
        second factor is asked of them.
        """
        with self._database.write() as session:
            row = factor_row(session, here.person.id)
            if row is None:
                return False
            row.phone = False
            is_bare = drop_if_bare(session, row, is_asked=is_asked)
            ended = end_sessions(session, here.person.id, but=here.id)
            detail = f"{here.person.name}, mã trên điện thoại, {ended} phiên kết thúc"
            log(session, self._now(), actor_of(here.person), Event.FACTOR_OFF, detail)
            return not is_bare

    @transact
    def remove(self, name: str, by: str = LOUDSPEAKER, but: int | None = None) -> bool:
        """Takes all of somebody's second factor away, passkeys too: the password alone lets in.

        All their sessions end, but one (`but`). Gives whether there was one. NotFound for a name
        that nobody has.
        """
        with self._database.write() as session:
            person = person_row(session, name)
            row = factor_row(session, person.id)
            if row is None:
                return False
            _drop(session, row)
            ended = end_sessions(session, person.id, but=but)
            detail = f"{person.name}, {ended} phiên kết thúc"
            log(session, self._now(), by, Event.FACTOR_OFF, detail)
            return True


def factor_row(session: Session, person_id: int) -> FactorRow | None:
    """Somebody's row, locked, so that a code is not taken twice at once; None without one."""
    return session.get(FactorRow, person_id, with_for_update=True)


def place_row(session: Session, here: DeskSession) -> SessionRow | None:
    """This session's row, locked; None when it has ended."""
    return session.get(SessionRow, here.id, with_for_update=True)


def begin_on_paper(
    session: Session, here: DeskSession, place: SessionRow, now: datetime
) -> list[str]:
    """Who has their first passkey gets codes on paper, once; nothing who has such already."""
    if factor_row(session, here.person.id) is not None:
        return []
    row = _new_row(session, here, now)
    end_lesser_places(session, place, here, now)
    return _new_paper(row)


def end_lesser_places(
    session: Session, place: SessionRow, here: DeskSession, now: datetime
) -> None:
    """This place is one of two factors from now on; all others are logged out."""
    place.kind, place.pairing = SessionKind.TWO_FACTORS, ""
    ended = end_sessions(session, here.person.id, but=here.id)
    detail = f"{here.person.name}, {ended} phiên kết thúc"
    log(session, now, actor_of(here.person), Event.FACTOR_ON, detail)


def drop_if_bare(session: Session, row: FactorRow, *, is_asked: bool = False) -> bool:
    """Whether neither a phone nor a passkey is left that opens: paper alone is no second factor.

    Conflict then for whom a second factor is asked of.
    """
    is_bare = not row.phone and not has_open_passkey(session, row.person_id)
    if is_bare and is_asked:
        raise Conflict(
            "a second factor is asked of them, and none would be left",
            ASKED_VI,
            "passkey",
        )
    if is_bare:
        _drop(session, row)
    return is_bare


def has_open_passkey(session: Session, person_id: int) -> bool:
    """Whether a passkey of theirs opens the desk: one that may have a copy does not."""
    passkeys = select(PasskeyRow.id).where(
        PasskeyRow.person_id == person_id, PasskeyRow.suspect_at.is_(None)
    )
    return (
        factor_row(session, person_id) is not None
        and session.scalar(passkeys.limit(1)) is not None
    )


def take_code(session: Session, person: Person, code: str, now: datetime) -> bool:
    """Whether a code is right that nobody used before; it is used by this."""
    row = factor_row(session, person.id)
    if row is None:
        return False
    step = _shown_step(row.secret, code, now) if row.phone else None
    if step is not None and step > row.last_step:
        row.last_step = step
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


def _has_phone(session: Session, person_id: int) -> bool:
    row = factor_row(session, person_id)
    return row is not None and row.phone


def _drop(session: Session, row: FactorRow) -> None:
    """Takes the whole second factor away, with passkeys that may have a copy."""
    _drop_passkeys(session, row.person_id)
    session.delete(row)


def _drop_passkeys(session: Session, person_id: int) -> None:
    session.execute(delete(PasskeyRow).where(PasskeyRow.person_id == person_id))


def _new_row(session: Session, here: DeskSession, now: datetime) -> FactorRow:
    """A second factor to be filled: without a phone its secret is in the paper's digests alone.

    It is base32 all the same: a web of a release before that runs beside this one reads it so.
    Passkeys that such a one left when it took a second factor away never open anything again.
    """
    import pyotp

    _drop_passkeys(session, here.person.id)
    row = FactorRow(
        person_id=here.person.id,
        secret=pyotp.random_base32(),
        phone=False,
        since=now,
        last_step=0,
        paper=[],
    )
    session.add(row)
    return row


def _shown_step(secret: str, code: str, now: datetime) -> int | None:
    """Which code of a phone that is, of those shown about now; None for another."""
    import pyotp

    shown = pyotp.TOTP(secret, interval=STEP_S)
    typed = "".join(code.split())
    for neighbour in NEIGHBOURS:
        step = int(now.timestamp()) // STEP_S + neighbour
        if hmac.compare_digest(shown.generate_otp(step).encode(), typed.encode()):
            return step
    return None


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
