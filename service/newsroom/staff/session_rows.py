"""Rows of sessions: how they begin, how long they last, and as what they leave the newsroom."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict
from service.newsroom.staff.factors import paper_left
from service.newsroom.staff.guessing import coarse, forget
from service.newsroom.staff.person_rows import actor_of, digest_of_secret
from service.newsroom.staff.rows import person_value
from service.newsroom.store.doors import FactorRow, PersonRow, SessionRow
from service.newsroom.store.log import log
from service.newsroom.store.tables import GroupRow
from service.newsroom.values import DeskSession, Event, Role
from service.newsroom.values.people import (
    Admission,
    Failures,
    Person,
    SessionKind,
    Visitor,
)

# A working day: the longest that anybody stays.
ABSOLUTE = timedelta(hours=12)
BROWSERS = (
    "Edg",
    "OPR",
    "CocCoc",
    "coc_coc",
    "SamsungBrowser",
    "Firefox",
    "Chrome",
    "Safari",
)
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
# Beside PersonRow: since when they have a second factor.
FACTOR_SINCE = (
    select(FactorRow.since)
    .where(FactorRow.person_id == PersonRow.id)
    .correlate(PersonRow)
    .scalar_subquery()
)
# Any number when there are groups that want second factors.
GROUPS_ASK = select(GroupRow.id).where(GroupRow.strict).limit(1).scalar_subquery()


def begin_session(
    session: Session,
    person: Person,
    visitor: Visitor,
    now: datetime,
    kind: SessionKind = SessionKind.PASSWORD,
    how: str = "",
) -> Admission:
    """Lets somebody in who has shown what this kind of session takes; `how` is for the log.

    Conflict when they were locked meanwhile.
    """
    token, address = secrets.token_urlsafe(32), coarse(visitor.address)
    row = session.get_one(PersonRow, person.id, with_for_update=True)
    if not row.active:
        raise Conflict("locked meanwhile", "Tài khoản này đã bị khóa.", "name")
    failures = _take_failures(row)
    row.last_login_at = now
    session.add(
        SessionRow(
            digest=digest_of_secret(token),
            person_id=person.id,
            kind=kind,
            begun_at=now,
            seen_at=now,
            proved_at=now,
            address=address,
            agent=coarse_agent(visitor.agent),
        )
    )
    session.execute(delete(SessionRow).where(SessionRow.begun_at < now - ABSOLUTE))
    forget(session, now)
    detail = f"{address}, {how}" if how else address
    log(session, now, actor_of(person), Event.LOGIN, detail)
    left = paper_left(session, person.id) if kind is not SessionKind.PASSWORD else None
    return Admission(person_value(row), token, failures, left)


def _take_failures(row: PersonRow) -> Failures:
    """Wrong attempts since the last login: told once."""
    failures = Failures(row.failures, row.failed_at, row.failed_from)
    row.failures = 0
    row.failed_at = None
    row.failed_from = ""
    return failures


def note_proof(
    session: Session, here: DeskSession, now: datetime, how: str = ""
) -> None:
    """For the next minutes it is they who sit there; `how` is for the log."""
    if row := session.get(SessionRow, here.id):
        row.proved_at = now
        # What was shown since the proof before may have been seen by somebody else
        row.pairing = ""
    detail = f"{here.address}, {how}" if how else here.address
    log(session, now, actor_of(here.person), Event.PROVED, detail)


def has_factor(session: Session, person_id: int) -> bool:
    """Whether somebody's password alone does not let them in."""
    return session.get(FactorRow, person_id) is not None


def password_mark(session: Session, person_id: int) -> str:
    """Of somebody's password as it is now: another one has another."""
    return digest_of_secret(session.get_one(PersonRow, person_id).password)


def coarse_agent(agent: str) -> str:
    """A browser and its system by their names, as a person would tell them: "Chrome, Android"."""
    browser = next((name for name in BROWSERS if name in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    names = {"Edg": "Edge", "OPR": "Opera", "coc_coc": "CocCoc", "Mac OS X": "Mac"}
    return ", ".join(names.get(part, part) for part in (browser, system) if part)


def is_over(row: SessionRow, role: Role, now: datetime) -> bool:
    """Whether nobody is logged in by it any more."""
    return now - row.begun_at >= ABSOLUTE or now - row.seen_at >= role.idle


def session_value(row: SessionRow, person: PersonRow) -> DeskSession:
    """A place where somebody is logged in."""
    return DeskSession(
        row.id,
        person_value(person),
        SessionKind(row.kind),
        row.begun_at,
        row.seen_at,
        row.address,
        row.agent,
        row.proved_at,
    )
