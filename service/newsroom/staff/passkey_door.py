"""The door for passkeys: in without a password, after it, and once more where one sits already.

Each answer is counted before it is looked at, as a password is. Whatever is wrong with one, its
sender hears the same: no such passkey, another's, a locked person, a stale question.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from service.newsroom.errors import Invalid
from service.newsroom.staff.attempts import Attempts, code_counters, door_counters
from service.newsroom.staff.ceremonies import Signed, ask_to_sign, is_copy, uses_of
from service.newsroom.staff.challenges import Challenges
from service.newsroom.staff.factors import factor_row
from service.newsroom.staff.guessing import Counter, take_back
from service.newsroom.staff.passkeys import (
    owner_handle,
    passkey_rows,
    session_holder,
)
from service.newsroom.staff.people import People
from service.newsroom.staff.person_rows import actor_of
from service.newsroom.staff.session_rows import (
    begin_session,
    note_proof,
    password_mark,
)
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import PasskeyRow
from service.newsroom.store.log import log
from service.newsroom.values import Admission, DeskSession, Event, Person
from service.newsroom.values.passkeys import Ceremony, Realm
from service.newsroom.values.people import SessionKind, Visitor


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands at the door: where it stands itself, which browser asks (`holder`), from where."""

    realm: Realm
    holder: str
    visitor: Visitor


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An answer that was not looked into yet, and whose it claims to be."""

    caller: Caller
    ceremony: Ceremony
    answer: Signed | None
    person: Person | None


class PasskeyDoor:
    """What is asked of passkeys, and what their answers open."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], people: People
    ) -> None:
        self._database = database
        self._now = now
        self._people = people
        self._attempts = Attempts(database, now)
        self._challenges = Challenges(database, now)

    # Questions.

    def ask_anybody(self, caller: Caller) -> dict[str, Any]:
        """What a browser is asked whose owner has not said who they are: the same for everybody."""
        asked = ask_to_sign(caller.realm, ())
        return self._challenges.keep(Ceremony.LOGIN, caller.holder, asked)

    def ask_second(self, caller: Caller, person_id: int) -> dict[str, Any]:
        """What is asked of who gave the right password."""
        return self._ask(Ceremony.SECOND, caller.realm, caller.holder, person_id)

    def ask_again(self, here: DeskSession, realm: Realm) -> dict[str, Any]:
        """What is asked of who is in, to see that it is still they."""
        holder = session_holder(here)
        return self._ask(Ceremony.PROOF, realm, holder, here.person.id)

    # Answers.

    def enter(self, caller: Caller, answer: str) -> Admission | None:
        """Lets in whose passkey signed, without a password; else None.

        TooManyAttempts after wrong ones, of that person or from that address.
        """
        signed = _read(answer)
        person = self._owner(signed)
        name = person.name if person is not None else None
        counters = door_counters(name, person, caller.visitor)
        attempt = _Attempt(caller, Ceremony.LOGIN, signed, person)
        return self._let_in(attempt, counters)

    def second(
        self, caller: Caller, halfway: tuple[int, str], answer: str
    ) -> Admission | None:
        """Lets in who gave the right password and whose passkey signed; else None.

        `halfway` is the person's number and the mark of `Halfway`. TooManyAttempts after wrong
        answers or codes.
        """
        person_id, mark = halfway
        person = self._people.person(person_id)
        if person is None or not self._is_of(person, mark):
            return None
        counters = code_counters(person, caller.visitor)
        attempt = _Attempt(caller, Ceremony.SECOND, _read(answer), person)
        return self._let_in(attempt, counters)

    def prove(
        self, here: DeskSession, realm: Realm, answer: str, visitor: Visitor
    ) -> bool:
        """Whether it is still they who sit there, by a passkey of theirs; holds for PROVED_FOR."""
        counters = [Counter("session", str(here.id))]
        caller = Caller(realm, session_holder(here), visitor)
        attempt = _Attempt(caller, Ceremony.PROOF, _read(answer), here.person)
        name = self._used(attempt, counters)
        if name is not None:
            self._note_proof(here, name)
        return name is not None

    # Within.

    def _ask(
        self, ceremony: Ceremony, realm: Realm, holder: str, person_id: int
    ) -> dict[str, Any]:
        with self._database.read() as session:
            rows = passkey_rows(session, person_id)
        credentials = [row.credential for row in rows if not row.suspect_at]
        if not credentials:
            raise Invalid(
                "there is no passkey to ask for",
                "Tài khoản này chưa có khóa truy cập.",
                "passkey",
            )
        asked = ask_to_sign(realm, credentials)
        return self._challenges.keep(ceremony, holder, asked)

    def _owner(self, signed: Signed | None) -> Person | None:
        """Whose passkey it claims to be."""
        if signed is None:
            return None
        with self._database.read() as session:
            owner = select(PasskeyRow.person_id).where(
                PasskeyRow.credential == signed.credential
            )
            person_id = session.scalar(owner)
        return self._people.person(person_id) if person_id is not None else None

    def _is_of(self, person: Person, mark: str) -> bool:
        with self._database.read() as session:
            return password_mark(session, person.id) == mark

    def _let_in(
        self, attempt: _Attempt, counters: Sequence[Counter]
    ) -> Admission | None:
        name = self._used(attempt, counters)
        if name is None or attempt.person is None:
            return None
        return self._begin(attempt.person, attempt.caller.visitor, name)

    @transact
    def _begin(self, person: Person, visitor: Visitor, name: str) -> Admission:
        now, kind = self._now(), SessionKind.TWO_FACTORS
        with self._database.write() as session:
            return begin_session(session, person, visitor, now, kind, f"khóa {name}")

    @transact
    def _note_proof(self, here: DeskSession, name: str) -> None:
        with self._database.write() as session:
            note_proof(session, here, self._now(), f"khóa {name}")

    def _used(self, attempt: _Attempt, counters: Sequence[Counter]) -> str | None:
        """The name of the passkey that signed; None for an answer that opens nothing."""
        self._attempts.count(counters)
        name = None
        # What is wrong with it stands in the program's log (ceremonies.py)
        with suppress(Invalid):
            name = self._checked(attempt, counters)
        if name is None:
            visitor = attempt.caller.visitor
            self._attempts.failed(attempt.person, counters, visitor)
        return name

    def _checked(self, attempt: _Attempt, counters: Sequence[Counter]) -> str | None:
        signed, person = attempt.answer, attempt.person
        if signed is None or person is None:
            return None
        holder = attempt.caller.holder
        state = self._challenges.take(attempt.ceremony, holder, signed.challenge)
        handle = owner_handle(self._people, person.id)
        # Who has not said who they are must be named by the passkey (WebAuthn 3, 7.2)
        is_anybody = attempt.ceremony is Ceremony.LOGIN
        handles = (handle,) if is_anybody else (handle, "")
        check = partial(uses_of, attempt.caller.realm, state, signed, handles=handles)
        return self._use(person, signed.credential, check, counters)

    @transact
    def _use(
        self,
        person: Person,
        credential: str,
        check: Callable[[str], int],
        counters: Sequence[Counter],
    ) -> str | None:
        """The passkey's name when it is theirs, `check` holds for it and it does not count back."""
        now = self._now()
        this = select(PasskeyRow).where(PasskeyRow.credential == credential)
        with self._database.write() as session:
            row = session.scalar(this.with_for_update())
            if row is None or row.person_id != person.id or row.suspect_at:
                return None
            # A release before took the second factor away and knew of no passkeys
            if factor_row(session, person.id) is None:
                return None
            uses = check(row.public)
            if is_copy(uses, row.uses):
                row.suspect_at = now
                detail = f"{person.name}: {row.name}, {row.uses} → {uses}"
                log(session, now, actor_of(person), Event.PASSKEY_SUSPECT, detail)
                return None
            row.uses = uses
            row.used_at = now
            take_back(session, counters, now)
            return row.name


def _read(answer: str) -> Signed | None:
    """None for what is no answer of a browser."""
    try:
        return Signed.of(answer)
    except Invalid:
        return None
