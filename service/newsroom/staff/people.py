"""People with a login, programs with a key, and the secrets the installation made for itself."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cached_property

from argon2 import PasswordHasher
from sqlalchemy import select

from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.staff.access import check_grants
from service.newsroom.staff.guessing import Counter, unblock
from service.newsroom.staff.hashing import Hasher
from service.newsroom.staff.names import checked_contact, key_name, plain_name
from service.newsroom.staff.passwords import check_password
from service.newsroom.staff.person_rows import (
    administrators,
    digest_of_secret,
    end_sessions,
    keep_an_admin,
    keep_names_apart,
    person_row,
)
from service.newsroom.staff.rows import (
    grants_of,
    key_value,
    pairs_of,
    person_value,
    told,
)
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import (
    KeyRow,
    LastingSecretRow,
    PersonRow,
    SecretRow,
)
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import StationRow
from service.newsroom.text import fold
from service.newsroom.values import (
    LOUDSPEAKER,
    Contact,
    Event,
    Grant,
    Key,
    KeyScope,
    Person,
    Role,
)
from service.newsroom.values.grants import everywhere

# How long a one-time password is good; ASVS 5.0 6.4.1.
ONCE_DAYS = 7
NO_CONTACT = Contact()
USE_NOTED_EVERY = timedelta(minutes=5)


class People:
    """Who may come in. Passwords are argon2id hashes; of keys only a digest is kept.

    `by` is who does it, for the log; without it the house itself (a command on its machine).
    """

    def __init__(
        self, database: Database, now: Callable[[], datetime], hasher: PasswordHasher
    ) -> None:
        self._database = database
        self._now = now
        self._hasher = Hasher(hasher)

    @cached_property
    def _nobody(self) -> str:
        """What the password of an unknown name is compared with.

        Made when first needed: it takes its time.
        """
        return self._hasher.hash(secrets.token_hex())

    # People.

    @transact
    def add(
        self,
        name: str,
        password: str,
        roles: Role | Sequence[Grant],
        *,
        once: bool = False,
        contact: Contact = NO_CONTACT,
        by: str = LOUDSPEAKER,
    ) -> Person:
        """A new login; with `once` the password must be changed at the first login, within a week.

        A role alone is that role everywhere. Conflict when the name is taken; Invalid when it is
        not plain, or the password is weak, or a grant is for a place that there is not.
        """
        name, grants = plain_name(name), everywhere(roles)
        contact = checked_contact(contact)
        self._check(password, name)
        digest, now = self._hasher.hash(password), self._now()
        with self._database.write() as session:
            check_grants(session, grants)
            if session.scalar(
                select(PersonRow.id).where(PersonRow.folded == fold(name))
            ):
                raise Conflict(
                    f"there is a login {name!r} already, or one that looks like it",
                    "Tên đăng nhập này đã có (không phân biệt dấu, chữ hoa).",
                    "name",
                )
            row = PersonRow(
                name=name,
                folded=fold(name),
                password=digest,
                grants=pairs_of(grants),
                **asdict(contact),
                active=True,
                created_at=now,
                once_until=now + timedelta(days=ONCE_DAYS) if once else None,
                failures=0,
                failed_from="",
            )
            session.add(row)
            session.flush()
            log(session, now, by, Event.PERSON_ADDED, f"{name}: {told(grants)}")
            return person_value(row)

    @transact
    def set_password(
        self, name: str, password: str, *, once: bool = False, by: str = LOUDSPEAKER
    ) -> Person:
        """A new password for a login that exists. It ends all sessions of that person."""
        self._check(password, name)
        digest, now = self._hasher.hash(password), self._now()
        with self._database.write() as session:
            row = person_row(session, name)
            row.password = digest
            row.once_until = now + timedelta(days=ONCE_DAYS) if once else None
            unblock(session, Counter("account", row.folded))
            ended = end_sessions(session, row.id)
            event = Event.PASSWORD_SET if once else Event.PASSWORD_CHANGED
            log(session, now, by, event, f"{row.name}, {ended} phiên kết thúc")
            return person_value(row)

    def login(self, name: str, password: str) -> Person | None:
        """The person, or None; takes as long for an unknown name as for a wrong password.

        Nothing is counted here: doors use `Sessions.enter`.
        """
        # Asked for whether or not the name is known: both take as long
        nobody = self._nobody
        with self._database.read() as session:
            row = session.scalar(
                select(PersonRow).where(PersonRow.folded == fold(name))
            )
        if not self._hasher.matches(row.password if row else nobody, password):
            return None
        if row is None or not row.active:
            return None
        if row.once_until is not None and row.once_until < self._now():
            raise Invalid(
                "this one-time password is too old; an administrator sets another",
                f"Mật khẩu dùng một lần này đã quá {ONCE_DAYS} ngày. Hãy nhờ người quản trị đặt lại.",
                "password",
            )
        return person_value(row)

    def named(self, name: str) -> Person | None:
        """Whose login that is, or None."""
        with self._database.read() as session:
            row = session.scalar(
                select(PersonRow).where(PersonRow.folded == fold(name))
            )
        return person_value(row) if row is not None else None

    def person(self, person_id: int) -> Person | None:
        """The active person of that number, or None."""
        with self._database.read() as session:
            row = session.get(PersonRow, person_id)
        return person_value(row) if row is not None and row.active else None

    def everyone(self) -> list[Person]:
        """All logins, by name."""
        with self._database.read() as session:
            rows = session.scalars(select(PersonRow).order_by(PersonRow.name))
            return readable(rows, person_value, "a login")

    @transact
    def lock(self, name: str, *, by: str = LOUDSPEAKER) -> Person:
        """Switches a login off and ends its sessions. Conflict for the last administrator."""
        with self._database.write() as session:
            admins = administrators(session)
            row = person_row(session, name)
            keep_an_admin(row, admins)
            row.active = False
            ended = end_sessions(session, row.id)
            log(
                session,
                self._now(),
                by,
                Event.PERSON_LOCKED,
                f"{row.name}, {ended} phiên kết thúc",
            )
            return person_value(row)

    @transact
    def unlock(self, name: str, *, by: str = LOUDSPEAKER) -> Person:
        """Switches a login on again, and forgets the wrong passwords that made it wait."""
        with self._database.write() as session:
            row = person_row(session, name)
            row.active = True
            unblock(session, Counter("account", row.folded))
            log(session, self._now(), by, Event.PERSON_UNLOCKED, row.name)
            return person_value(row)

    @transact
    def set_grants(
        self, name: str, roles: Role | Sequence[Grant], *, by: str = LOUDSPEAKER
    ) -> Person:
        """Other grants, at once.

        Conflict when no administrator of the whole installation would be left.
        """
        grants = everywhere(roles)
        with self._database.write() as session:
            check_grants(session, grants)
            admins = administrators(session)
            row = person_row(session, name)
            if Grant(Role.ADMIN) not in grants:
                keep_an_admin(row, admins)
            change = f"{row.name}: {told(grants_of(row))} → {told(grants)}"
            log(session, self._now(), by, Event.ROLE_CHANGED, change)
            row.grants = pairs_of(grants)
            return person_value(row)

    @transact
    def set_contact(
        self, name: str, contact: Contact, *, by: str = LOUDSPEAKER
    ) -> Person:
        """Another full name, office or telephone; Invalid names the field at fault."""
        contact = checked_contact(contact)
        with self._database.write() as session:
            row = person_row(session, name)
            for field, value in asdict(contact).items():
                setattr(row, field, value)
            log(session, self._now(), by, Event.CONTACT_CHANGED, row.name)
            return person_value(row)

    # Keys.

    @transact
    def add_key(
        self,
        name: str,
        roles: Role | Sequence[Grant],
        *,
        expires_at: datetime | None = None,
        scopes: Sequence[KeyScope] = (),
        calls_per_minute: int = 0,
        by: str = LOUDSPEAKER,
    ) -> str:
        """A new key for a program: the only time its secret is told.

        A role alone is that role everywhere.

        With `scopes` it changes nothing else; 0 `calls_per_minute` are no limit.
        Conflict when a valid key has the name: articles belong to the key, by its name.
        """
        name = key_name(name)
        secret = f"loa_{secrets.token_urlsafe(32)}"
        now = self._now()
        grants = everywhere(roles)
        with self._database.write() as session:
            check_grants(session, grants)
            keep_names_apart(session, name, now)
            session.add(
                KeyRow(
                    name=name,
                    grants=pairs_of(grants),
                    scopes=[*scopes],
                    calls_per_minute=calls_per_minute,
                    prefix=secret[:10],
                    digest=digest_of_secret(secret),
                    created_at=now,
                    last_used_at=None,
                    revoked=False,
                    expires_at=expires_at,
                )
            )
            log(session, now, by, Event.KEY_ADDED, f"{name}: {told(grants)}")
        return secret

    @transact
    def key(self, secret: str) -> Key | None:
        """The key of that secret if it is valid, or None; notes its use."""
        with self._database.read() as session:
            row = session.scalar(
                select(KeyRow).where(KeyRow.digest == digest_of_secret(secret))
            )
        now = self._now()
        if (
            row is None
            or row.revoked
            or (row.expires_at is not None and row.expires_at <= now)
        ):
            return None
        if row.last_used_at is None or now - row.last_used_at > USE_NOTED_EVERY:
            with self._database.write() as session:
                session.get_one(KeyRow, row.id).last_used_at = now
        return key_value(row)

    def keys(self) -> list[Key]:
        """All keys, newest first."""
        with self._database.read() as session:
            rows = session.scalars(select(KeyRow).order_by(KeyRow.id.desc()))
            return readable(rows, key_value, "a key")

    @transact
    def revoke(self, key_id: int, *, by: str = LOUDSPEAKER) -> None:
        """Ends a key."""
        with self._database.write() as session:
            row = session.get(KeyRow, key_id)
            if row is None:
                raise NotFound(f"no key {key_id}", "Không có khóa này.", "key")
            row.revoked = True
            log(session, self._now(), by, Event.KEY_REVOKED, row.name)

    # Secrets.

    def secret(self, name: str) -> str:
        """The installation's own secret of that name; made the first time it is asked for."""
        return self._secret(SecretRow, name)

    def lasting_secret(self, name: str) -> str:
        """The same, of one by which others know us: it outlives a restore of the database."""
        return self._secret(LastingSecretRow, name)

    @transact
    def _secret(self, kind: type[SecretRow | LastingSecretRow], name: str) -> str:
        kept = select(kind.value).where(kind.name == name)
        with self._database.read() as session:
            value = session.scalar(kept)
        if value is None:
            with self._database.write() as session:
                value = session.scalar(kept)
                if value is None:
                    value = secrets.token_urlsafe(32)
                    session.add(kind(name=name, value=value))
        return value

    def _check(self, password: str, name: str) -> None:
        """Invalid for a password that is easily guessed by whoever knows the person and
        the place.
        """
        with self._database.read() as session:
            places = session.execute(
                select(StationRow.name, StationRow.place, StationRow.slug)
            )
            words = [word for place in places for word in place if word]
        check_password(password, (name, *words))
