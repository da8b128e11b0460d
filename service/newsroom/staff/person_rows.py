"""Rows of people: found by name, kept apart, and never without an administrator."""

import hashlib
from datetime import datetime

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, NotFound
from service.newsroom.staff.rows import grants_of
from service.newsroom.store.doors import KeyRow, PersonRow, SessionRow
from service.newsroom.text import fold
from service.newsroom.values import Actor, ActorKind, Grant, Person, Role


def keep_names_apart(session: Session, name: str, now: datetime) -> None:
    """A name may be had again once its key is over: who renews a portal's keeps its articles."""
    others = session.scalars(select(KeyRow).where(KeyRow.revoked.is_(False)))
    valid = [key for key in others if key.expires_at is None or key.expires_at > now]
    if fold(name) in {fold(key.name) for key in valid}:
        raise Conflict(
            f"there is a key {name!r} already; revoke it first to renew it, or choose another name",
            "Đã có khóa mang tên này. Muốn cấp lại thì thu hồi khóa cũ trước; phần mềm khác thì đặt"
            " tên khác.",
            "name",
        )


def actor_of(person: Person) -> Actor:
    """The person as the log tells of them."""
    return Actor(person.name, ActorKind.PERSON, person.id)


def end_sessions(session: Session, person_id: int, but: int | None = None) -> int:
    """Ends all sessions of a person, or all but one; how many ended."""
    theirs = delete(SessionRow).where(SessionRow.person_id == person_id)
    if but is not None:
        theirs = theirs.where(SessionRow.id != but)
    gone = session.execute(theirs)
    return gone.rowcount if isinstance(gone, CursorResult) else 0


def digest_of_secret(secret: str) -> str:
    """What is kept of a secret that is long and random (a key's, a session's)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person_row(session: Session, name: str) -> PersonRow:
    """The person of that name, locked for a change; NotFound when there is none."""
    row = session.scalar(
        select(PersonRow).where(PersonRow.folded == fold(name)).with_for_update()
    )
    if row is None:
        raise NotFound(f"no login {name!r}", "Không có tên đăng nhập này.", "name")
    return row


def administrators(session: Session) -> set[int]:
    """Who may log in and rules the whole installation.

    All logins are locked in one order: two administrators who lock each other take turns.
    """
    rows = session.scalars(select(PersonRow).order_by(PersonRow.id).with_for_update())
    return {
        row.id for row in rows if row.active and Grant(Role.ADMIN) in grants_of(row)
    }


def keep_an_admin(row: PersonRow, admins: set[int]) -> None:
    """Somebody must be left who can let others in."""
    if admins == {row.id}:
        raise Conflict(
            f"{row.name!r} is the last administrator",
            "Đây là người quản trị cuối cùng; hãy thêm người quản trị khác trước.",
            "name",
        )
