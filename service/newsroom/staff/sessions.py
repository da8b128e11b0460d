"""Who is logged in where: each place is a row, so that it can be seen and ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from service.newsroom.errors import NotFound
from service.newsroom.staff.attempts import Attempts, code_counters, door_counters
from service.newsroom.staff.factors import take_code
from service.newsroom.staff.guessing import Counter, take_back
from service.newsroom.staff.people import People
from service.newsroom.staff.person_rows import actor_of, digest_of_secret, end_sessions
from service.newsroom.staff.rows import person_value
from service.newsroom.staff.session_rows import (
    FACTOR_SINCE,
    GROUPS_ASK,
    begin_session,
    has_factor,
    is_over,
    note_proof,
    password_mark,
    session_value,
)
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import PersonRow, SessionRow
from service.newsroom.store.log import log
from service.newsroom.values import Event
from service.newsroom.values.people import (
    Admission,
    DeskSession,
    Halfway,
    Person,
    SessionKind,
    Visitor,
)

# A request writes at most this often.
SEEN_EVERY = timedelta(minutes=1)


class Sessions:
    """Logging in, staying logged in, and the ends of it."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], people: People
    ) -> None:
        self._database = database
        self._now = now
        self._people = people
        self._attempts = Attempts(database, now)

    # In.

    @transact
    def enter(
        self, name: str, password: str, visitor: Visitor
    ) -> Admission | Halfway | None:
        """Lets somebody in, or None; TooManyAttempts while they must wait.

        Who has a second factor is halfway then: no session begins before `second` saw a code.

        Names that nobody has are counted, looked at and refused like wrong passwords, in the same
        time.
        """
        claimed = self._people.named(name)
        counters = door_counters(name, claimed, visitor)
        self._attempts.count(counters)
        person = self._people.login(name, password)
        if person is None:
            self._attempts.failed(claimed, counters, visitor)
            return None
        with self._database.write() as session:
            take_back(session, counters, self._now())
            if has_factor(session, person.id):
                return Halfway(person, password_mark(session, person.id))
            return begin_session(session, person, visitor, self._now())

    @transact
    def second(
        self, person_id: int, mark: str, code: str, visitor: Visitor
    ) -> Admission | None:
        """Lets in who is halfway and shows a code, off the phone or off paper; else None.

        `mark` is that of `Halfway`. TooManyAttempts after wrong codes.
        """
        person = self._people.person(person_id)
        if person is None or not self._take_code(person, code, visitor, mark):
            return None
        with self._database.write() as session:
            kind = SessionKind.TWO_FACTORS
            return begin_session(session, person, visitor, self._now(), kind)

    @transact
    def prove(
        self, here: DeskSession, password: str, code: str, visitor: Visitor
    ) -> bool:
        """Whether it is still they who sit there: the password, and a code of who has such.

        It holds for the next minutes (PROVED_FOR). TooManyAttempts as at the door.
        """
        if not self.verify(here, password, visitor):
            return False
        if here.has_factor and not self._take_code(here.person, code, visitor):
            return False
        with self._database.write() as session:
            note_proof(session, here, self._now())
        return True

    @transact
    def _take_code(
        self, person: Person, code: str, visitor: Visitor, mark: str | None = None
    ) -> bool:
        """Whether a code is right; wrong ones are counted before they are looked at."""
        counters = code_counters(person, visitor)
        self._attempts.count(counters)
        now = self._now()
        with self._database.write() as session:
            is_theirs = mark is None or mark == password_mark(session, person.id)
            if is_theirs and take_code(session, person, code, now):
                take_back(session, counters, now)
                return True
        self._attempts.failed(person, counters, visitor)
        return False

    @transact
    def verify(self, here: DeskSession, password: str, visitor: Visitor) -> bool:
        """Whether who is logged in knows their password; TooManyAttempts as at the door."""
        counters = [Counter("session", str(here.id))]
        self._attempts.count(counters)
        if self._people.login(here.person.name, password) is None:
            self._attempts.failed(here.person, counters, visitor)
            return False
        with self._database.write() as session:
            take_back(session, counters, self._now())
        return True

    @transact
    def begin(
        self, person_id: int, visitor: Visitor, before: DeskSession | None = None
    ) -> Admission:
        """A session of somebody whose password has just been set by themselves.

        They were logged in (`before`), with a code where they have a second factor. No code was
        asked for now: who has one is taken for themselves no longer than before.
        """
        with self._database.write() as session:
            person = person_value(session.get_one(PersonRow, person_id))
            is_on = has_factor(session, person_id)
            kind = SessionKind.TWO_FACTORS if is_on else SessionKind.PASSWORD
            admission = begin_session(session, person, visitor, self._now(), kind)
            if is_on and before is not None:
                digest = digest_of_secret(admission.token)
                rows = select(SessionRow).where(SessionRow.digest == digest)
                row = session.scalars(rows).one()
                row.begun_at, row.proved_at = before.begun_at, before.proved_at
            return admission

    # Staying.

    @transact
    def find(self, token: str, *, touch: bool = True) -> DeskSession | None:
        """The session of that secret while it lasts; `touch` notes that somebody is there."""
        with self._database.read() as session:
            rows = session.execute(
                select(SessionRow, PersonRow, FACTOR_SINCE, GROUPS_ASK)
                .join(PersonRow, PersonRow.id == SessionRow.person_id)
                .where(SessionRow.digest == digest_of_secret(token))
            ).one_or_none()
        if rows is None:
            return None
        row, person, since, groups_ask = rows
        now = self._now()
        by_half = since is not None and row.kind != SessionKind.TWO_FACTORS
        if not person.active or by_half or is_over(row, person_value(person).role, now):
            self._delete(row.id)
            return None
        if touch and now - row.seen_at > SEEN_EVERY:
            with self._database.write() as session:
                if kept := session.get(SessionRow, row.id):
                    kept.seen_at = now
        place = session_value(row, person)
        return replace(place, has_factor=since is not None, groups_ask=bool(groups_ask))

    def of(self, person_id: int) -> list[DeskSession]:
        """Where somebody is logged in, the latest seen first."""
        return [each for each in self.all() if each.person.id == person_id]

    def all(self) -> list[DeskSession]:
        """Where anybody is logged in, the latest seen first."""
        with self._database.read() as session:
            rows = session.execute(
                select(SessionRow, PersonRow)
                .join(PersonRow, PersonRow.id == SessionRow.person_id)
                .order_by(SessionRow.seen_at.desc())
            ).all()
        now = self._now()
        return [
            session_value(row, person)
            for row, person in rows
            if not is_over(row, person_value(person).role, now)
        ]

    # Out.

    @transact
    def logout(self, here: DeskSession) -> None:
        """This place is logged out: what its cookie held opens nothing any more."""
        with self._database.write() as session:
            session.execute(delete(SessionRow).where(SessionRow.id == here.id))
            log(session, self._now(), actor_of(here.person), Event.LOGOUT, here.address)

    @transact
    def end(self, here: DeskSession, session_id: int) -> None:
        """One of one's own places is logged out; NotFound when it is nobody's or another's."""
        with self._database.write() as session:
            row = session.get(SessionRow, session_id)
            if row is None or row.person_id != here.person.id:
                raise NotFound(
                    f"no session {session_id}", "Phiên này không còn nữa.", "session"
                )
            session.delete(row)
            log(
                session,
                self._now(),
                actor_of(here.person),
                Event.SESSIONS_ENDED,
                row.address,
            )

    @transact
    def end_others(self, here: DeskSession) -> int:
        """All of one's places but this one are logged out; how many there were."""
        with self._database.write() as session:
            rows = session.scalars(
                select(SessionRow).where(
                    SessionRow.person_id == here.person.id, SessionRow.id != here.id
                )
            ).all()
            for row in rows:
                session.delete(row)
            log(
                session,
                self._now(),
                actor_of(here.person),
                Event.SESSIONS_ENDED,
                f"{len(rows)}",
            )
            return len(rows)

    @transact
    def end_all(self, person_id: int, who: str) -> int:
        """All places of somebody are logged out, as an administrator says; how many there were."""
        with self._database.write() as session:
            row = session.get(PersonRow, person_id)
            if row is None:
                raise NotFound(
                    f"no person {person_id}", "Không có người này.", "person"
                )
            ended = end_sessions(session, person_id)
            log(session, self._now(), who, Event.SESSIONS_ENDED, f"{row.name}: {ended}")
            return ended

    # Within.

    @transact
    def _delete(self, session_id: int) -> None:
        with self._database.write() as session:
            session.execute(delete(SessionRow).where(SessionRow.id == session_id))
