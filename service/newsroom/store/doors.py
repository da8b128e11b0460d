"""The tables of who may come in: people, their sessions, attempts,
keys, and the installation's own secrets.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column

from service.newsroom.store.tables import Table


class PersonRow(Table):
    """Somebody with a login."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    # The name as it is looked up and told apart
    folded: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    # Pairs: a role, a place (values/grants.py).
    grants: Mapped[list[list[str]]] = mapped_column(server_default="[]")
    full_name: Mapped[str] = mapped_column(server_default="")
    office: Mapped[str] = mapped_column(server_default="")
    telephone: Mapped[str] = mapped_column(server_default="")
    active: Mapped[bool]
    created_at: Mapped[datetime]
    # A one-time password: to be changed, and good until then
    once_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    # Wrong passwords since that login
    failures: Mapped[int] = mapped_column(server_default="0")
    failed_at: Mapped[datetime | None]
    failed_from: Mapped[str] = mapped_column(server_default="")


class SessionRow(Table):
    """A place where somebody is logged in. What their browser holds is kept as a digest only."""

    __tablename__ = "login_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str]  # coarse
    agent: Mapped[str]  # coarse
    # When they last showed that it is they who sit there
    proved_at: Mapped[datetime | None]
    # The secret of a second factor that is shown here and not confirmed yet; "" for none
    pairing: Mapped[str] = mapped_column(default="", server_default="")


class FactorRow(Table):
    """Somebody's second factor: the secret that their phone shares, and codes on paper.

    Who has passkeys has such a row as well, for the paper; it goes with the last of them.
    """

    __tablename__ = "second_factor"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str]
    # Whether a phone shares it; without, it is only in the digests of the codes on paper
    phone: Mapped[bool] = mapped_column(server_default=true())
    since: Mapped[datetime]
    # Of the newest code that was taken: no code is taken twice
    last_step: Mapped[int] = mapped_column(server_default="0")
    # Digests of the codes on paper that are left
    paper: Mapped[list[str]] = mapped_column(server_default="[]")


class PasskeyRow(Table):
    """A passkey of somebody: its public half. Numbers of 32 bits without a sign count its uses."""

    __tablename__ = "passkey"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    # WebAuthn's credential id, and its attested credential data: both in base64url
    credential: Mapped[str] = mapped_column(unique=True)
    public: Mapped[str]
    uses: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # When it counted backwards: somebody may have a copy
    suspect_at: Mapped[datetime | None]


class ChallengeRow(Table):
    """What a browser is to sign with a passkey: once, soon, and in that session alone."""

    __tablename__ = "passkey_challenge"
    digest: Mapped[str] = mapped_column(primary_key=True)
    ceremony: Mapped[str]
    holder: Mapped[str]
    # What the library wants back to check the answer
    state: Mapped[dict[str, Any]]
    until: Mapped[datetime] = mapped_column(index=True)


class GuessRow(Table):
    """Wrong passwords in a row: of an account, an address or a device, by a digest of which."""

    __tablename__ = "guess"
    digest: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    free_at: Mapped[datetime]  # nobody may try before


class KeyRow(Table):
    """A program's key: only its digest is kept."""

    __tablename__ = "api_key"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    grants: Mapped[list[list[str]]] = mapped_column(server_default="[]")
    scopes: Mapped[list[str]] = mapped_column(server_default="[]")
    calls_per_minute: Mapped[int] = mapped_column(server_default="0")
    prefix: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked: Mapped[bool]
    expires_at: Mapped[datetime | None]


class SecretRow(Table):
    """Secrets the installation made for itself, such as the key that signs sessions."""

    __tablename__ = "secret"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class LastingSecretRow(Table):
    """Those by which others know us for good, such as phones' push services: a copy of the database
    keeps them.
    """

    __tablename__ = "lasting_secret"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
