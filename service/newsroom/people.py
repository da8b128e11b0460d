"""People with a login, programs with a key, and the secrets the installation made for itself."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property

from argon2 import PasswordHasher
from sqlalchemy import select

from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.hashing import Hasher
from service.newsroom.store.database import Database
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import KeyRow, PersonRow, SecretRow
from service.newsroom.values import Key, Person, Role

SHORTEST_PASSWORD = 10
MARK_LENGTH = (
    16  # hexadecimal digits: enough to tell a person's passwords apart, useless to find one
)
USE_NOTED_EVERY = timedelta(minutes=5)


class People:
    """Who may come in. Passwords are argon2id hashes; of keys only a digest is kept."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], hasher: PasswordHasher
    ) -> None:
        self._database = database
        self._now = now
        self._hasher = Hasher(hasher)

    @cached_property
    def _nobody(self) -> str:
        """What the password of an unknown name is compared with. Made when first needed: it takes its time."""
        return self._hasher.hash(secrets.token_hex())

    def add(self, name: str, password: str, role: Role) -> Person:
        """A new login. Conflict when the name is taken, Invalid when the password is short."""
        name = name.strip()
        if not name:
            raise Invalid("a login needs a name", "Cần có tên đăng nhập.", "name")
        if len(password) < SHORTEST_PASSWORD:
            raise Invalid(
                f"a password has at least {SHORTEST_PASSWORD} characters",
                f"Mật khẩu cần ít nhất {SHORTEST_PASSWORD} ký tự.",
                "password",
            )
        digest = self._hasher.hash(password)
        with self._database.write() as session:
            if session.scalar(select(PersonRow.id).where(PersonRow.name == name)):
                raise Conflict(
                    f"there is a login {name!r} already", "Tên đăng nhập này đã có.", "name"
                )
            row = PersonRow(
                name=name, password=digest, role=role, active=True, created_at=self._now()
            )
            session.add(row)
            session.flush()
            return _person(row)

    def set_password(self, name: str, password: str) -> Person:
        """A new password for a login that exists; the person's `mark` is another one then."""
        if len(password) < SHORTEST_PASSWORD:
            raise Invalid(
                "too short", f"Mật khẩu cần ít nhất {SHORTEST_PASSWORD} ký tự.", "password"
            )
        digest = self._hasher.hash(password)
        with self._database.write() as session:
            row = session.scalar(select(PersonRow).where(PersonRow.name == name))
            if row is None:
                raise NotFound(f"no login {name!r}", "Không có tên đăng nhập này.", "name")
            row.password = digest
            return _person(row)

    def login(self, name: str, password: str) -> Person | None:
        """The person, or None; takes as long for an unknown name as for a wrong password."""
        nobody = self._nobody  # asked for whether or not the name is known: both take as long
        with self._database.read() as session:
            row = session.scalar(select(PersonRow).where(PersonRow.name == name.strip()))
        if not self._hasher.matches(row.password if row else nobody, password):
            return None
        return _person(row) if row is not None and row.active else None

    def person(self, person_id: int) -> Person | None:
        """The active person of that number, or None."""
        with self._database.read() as session:
            row = session.get(PersonRow, person_id)
        return _person(row) if row is not None and row.active else None

    def everyone(self) -> list[Person]:
        """All logins, by name."""
        with self._database.read() as session:
            rows = session.scalars(select(PersonRow).order_by(PersonRow.name))
            return readable(rows, _person, "a login")

    def add_key(self, name: str, role: Role) -> str:
        """A new key for a program: the only time its secret is told."""
        secret = f"loa_{secrets.token_urlsafe(32)}"
        with self._database.write() as session:
            session.add(
                KeyRow(
                    name=name,
                    role=role,
                    prefix=secret[:10],
                    digest=_digest(secret),
                    created_at=self._now(),
                    last_used_at=None,
                    revoked=False,
                )
            )
        return secret

    def key(self, secret: str) -> Key | None:
        """The key of that secret if it is valid, or None; notes its use."""
        with self._database.read() as session:
            row = session.scalar(select(KeyRow).where(KeyRow.digest == _digest(secret)))
        if row is None or row.revoked:
            return None
        if row.last_used_at is None or self._now() - row.last_used_at > USE_NOTED_EVERY:
            with self._database.write() as session:
                used = session.get_one(KeyRow, row.id)
                used.last_used_at = self._now()
        return _key(row)

    def keys(self) -> list[Key]:
        """All keys, newest first."""
        with self._database.read() as session:
            rows = session.scalars(select(KeyRow).order_by(KeyRow.id.desc()))
            return readable(rows, _key, "a key")

    def revoke(self, key_id: int) -> None:
        """Ends a key."""
        with self._database.write() as session:
            row = session.get(KeyRow, key_id)
            if row is None:
                raise NotFound(f"no key {key_id}", "Không có khóa này.", "key")
            row.revoked = True

    def secret(self, name: str) -> str:
        """The installation's own secret of that name; made the first time it is asked for."""
        with self._database.read() as session:
            row = session.get(SecretRow, name)
        if row is not None:
            return row.value
        with self._database.write() as session:
            row = session.get(SecretRow, name)
            if row is None:
                row = SecretRow(name=name, value=secrets.token_urlsafe(32))
                session.add(row)
            return row.value


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _person(row: PersonRow) -> Person:
    return Person(row.id, row.name, Role(row.role), row.active, _digest(row.password)[:MARK_LENGTH])


def _key(row: KeyRow) -> Key:
    return Key(
        row.id, row.name, Role(row.role), row.prefix, row.created_at, row.last_used_at, row.revoked
    )
