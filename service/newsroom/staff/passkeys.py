"""Passkeys (WebAuthn): made and removed by their owners, removed by administrators as well.

A passkey is found by the browser itself and knows who holds it, so it is two factors in one: it
opens the desk alone (passkey_door.py), or follows the password. Who has one is never let in by the
password alone; codes on paper are for the day on which it is lost (factors.py).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.staff.ceremonies import (
    NewKey,
    Owner,
    Signed,
    ask_to_make,
    new_key,
)
from service.newsroom.staff.challenges import Challenges
from service.newsroom.staff.factors import (
    begin_on_paper,
    drop_if_bare,
    factor_row,
    has_open_passkey,
    place_row,
)
from service.newsroom.staff.people import People
from service.newsroom.staff.person_rows import (
    actor_of,
    digest_of_secret,
    end_sessions,
    person_row,
)
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import FactorRow, PasskeyRow
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.values import LOUDSPEAKER, DeskSession, Event
from service.newsroom.values.passkeys import Ceremony, Passkey, Realm

LONGEST_NAME = 60
MOST_OF_ONE = 20
SECRET = "passkeys"  # noqa: S105 - the name of a secret


class Passkeys:
    """Who has which."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], people: People
    ) -> None:
        self._database = database
        self._now = now
        self._people = people
        self._challenges = Challenges(database, now)

    def of(self, person_id: int) -> list[Passkey]:
        """Somebody's passkeys, the oldest first."""
        with self._database.read() as session:
            rows = passkey_rows(session, person_id)
            return readable(rows, _value, "a passkey")

    def has_open(self, person_id: int) -> bool:
        """Whether somebody has one that opens the desk: one that may have a copy does not."""
        with self._database.read() as session:
            return has_open_passkey(session, person_id)

    def begin(self, here: DeskSession, realm: Realm) -> dict[str, Any]:
        """What the browser is asked that is to make a passkey here.

        Devices that have one of theirs are asked for no second.
        """
        person = here.person
        with self._database.read() as session:
            others = [row.credential for row in passkey_rows(session, person.id)]
        if len(others) >= MOST_OF_ONE:
            raise Conflict(
                f"nobody has more than {MOST_OF_ONE} passkeys",
                f"Mỗi người có nhiều nhất {MOST_OF_ONE} khóa; hãy xóa khóa không dùng nữa.",
                "passkey",
            )
        owner = Owner(
            owner_handle(self._people, person.id), person.name, person.contact.full_name
        )
        asked = ask_to_make(realm, owner, others)
        return self._challenges.keep(Ceremony.ADD, session_holder(here), asked)

    def add(self, here: DeskSession, realm: Realm, name: str, answer: str) -> list[str]:
        """Keeps the passkey that the browser made; from now on the password alone lets nobody in.

        Gives the codes on paper, once, when it is their first second factor. Invalid names `name`,
        or `passkey` for an answer that does not hold; Conflict when the passkey is there.
        """
        shown = " ".join(name.split())[:LONGEST_NAME]
        if not shown or not shown.isprintable():
            raise Invalid("a passkey needs a name", "Hãy đặt tên cho khóa.", "name")
        signed = Signed.of(answer)
        holder = session_holder(here)
        state = self._challenges.take(Ceremony.ADD, holder, signed.challenge)
        return self._keep(here, shown, new_key(realm, state, signed))

    @transact
    def remove(
        self,
        owner: str,
        passkey_id: int,
        by: str = LOUDSPEAKER,
        but: int | None = None,
        *,
        is_asked: bool = False,
    ) -> Passkey:
        """Takes one of somebody's passkeys away, and all their sessions but one (`but`).

        With the last that opens, and no phone, their second factor is off; Conflict then when one
        `is_asked` of them. NotFound for a name or a passkey that is not there.
        """
        now = self._now()
        with self._database.write() as session:
            person = person_row(session, owner)
            factor = factor_row(session, person.id)
            row = session.get(PasskeyRow, passkey_id)
            if row is None or row.person_id != person.id:
                raise NotFound(
                    f"{owner} has no passkey {passkey_id}",
                    "Khóa này không còn nữa.",
                    "passkey",
                )
            session.delete(row)
            ended = end_sessions(session, person.id, but=but)
            detail = f"{person.name}: {row.name}, {ended} phiên kết thúc"
            log(session, now, by, Event.PASSKEY_REMOVED, detail)
            session.flush()
            if factor and drop_if_bare(session, factor, is_asked=is_asked):
                log(session, now, by, Event.FACTOR_OFF, person.name)
            return _value(row)

    @transact
    def _keep(self, here: DeskSession, name: str, key: NewKey) -> list[str]:
        now, person = self._now(), here.person
        with self._database.write() as session:
            place = place_row(session, here)
            is_there = select(PasskeyRow.id).where(
                PasskeyRow.credential == key.credential
            )
            codes = begin_on_paper(session, here, place, now) if place else []
            if place is None or session.scalar(is_there) is not None:
                raise Conflict(
                    "this passkey is there already, or the session has ended",
                    "Khóa này đã có rồi, hoặc phiên đăng nhập đã hết.",
                    "passkey",
                )
            session.add(
                PasskeyRow(
                    person_id=person.id,
                    name=name,
                    credential=key.credential,
                    public=key.public,
                    uses=key.uses,
                    added_at=now,
                )
            )
            detail = f"{person.name}: {name}"
            log(session, now, actor_of(person), Event.PASSKEY_ADDED, detail)
            return codes


def passkey_rows(session: Session, person_id: int) -> list[PasskeyRow]:
    """Somebody's passkeys, the oldest first; none is good without a second factor beside it."""
    theirs = (
        select(PasskeyRow)
        .join(FactorRow, FactorRow.person_id == PasskeyRow.person_id)
        .where(PasskeyRow.person_id == person_id)
    )
    return list(session.scalars(theirs.order_by(PasskeyRow.id)))


def owner_handle(people: People, person_id: int) -> str:
    """What somebody's passkeys call them (base64url, 24 bytes): the same for all of theirs, and
    of another installation at the same address another.
    """
    return digest_of_secret(f"{people.secret(SECRET)} {person_id}")[:32]


def session_holder(here: DeskSession) -> str:
    """Who asks for a challenge within a session."""
    return f"session {here.id} of {here.person.id}"


def _value(row: PasskeyRow) -> Passkey:
    return Passkey(row.id, row.name, row.added_at, row.used_at, row.suspect_at)
