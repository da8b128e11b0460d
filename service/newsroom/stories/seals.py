"""Approvals are signed with the installation's key (Ed25519, RFC 8032).

What is signed is a line of JSON: which version of which episode, the digests of its sounds, for
which stations, when it was approved and how, and when it is over. A player box that keeps the
public key knows by it that the file it fetched is the one that was approved for it and for this
hour, whoever stands between; `loa verify` finds rows that somebody changed who has not the key.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Load, Session

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import SecretRow
from service.newsroom.store.inserting import insert
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.store.tables.stories import SEAL
from service.newsroom.values.seals import SealFault

KEY_NAME = "approvals"  # in the table of secrets
MOST_AT_ONCE = 500  # versions of one question


class Seals:
    """The public key, and whether approvals are what was signed."""

    def __init__(self, database: Database, _now: Callable[[], datetime]) -> None:
        self._database = database

    @transact
    def public_key(self) -> str:
        """The key that approvals are checked with: 32 bytes, base64; made when first needed."""
        with self._database.read() as session:
            row = session.get(SecretRow, KEY_NAME)
        if row is not None:
            return _public_key(_private_key(row.value))
        with self._database.write() as session:
            return _public_key(_private_key(_secret(session)))

    def public_pem(self) -> str:
        """The same as openssl reads it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.public_key()))
        pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return pem.decode()

    def faults(self, former_keys: Collection[str] = ()) -> Iterator[SealFault]:
        """Every approved version, by episode: what is wrong with its seal, "" for nothing.

        `former_keys` (base64) are of this installation before its database was put back. What was
        approved before approvals were signed at all has no seal, and no fault.
        """
        keys = {self.public_key(), *former_keys}
        with self._database.read() as session:
            slugs = dict(session.execute(select(StationRow.id, StationRow.slug)).all())
            first = session.scalar(
                select(func.min(RenderingRow.approved_at)).where(
                    RenderingRow.signature != ""
                )
            )
        after = (0, 0)
        while True:
            with self._database.read() as session:
                rows = session.execute(_approved_after(*after)).all()
                for episode, rendering in rows:
                    fault = _fault_of(session, episode, rendering, slugs, keys, first)
                    yield SealFault(episode.id, rendering.version, fault)
            if not rows:
                return
            after = (rows[-1][0].id, rows[-1][1].version)


def seal(session: Session, episode: EpisodeRow, rendering: RenderingRow) -> None:
    """Signs an approval, with the sounds as they are now."""
    session.flush()
    key = _private_key(_secret(session))
    slugs = session.scalars(
        select(StationRow.slug).where(StationRow.id.in_(rendering.stations))
    )
    content = _content(session, episode, rendering, slugs)
    rendering.signed = _as_text(content | {"key": _public_key(key)})
    signature = key.sign(rendering.signed.encode())
    rendering.signature = base64.b64encode(signature).decode()


def _content(
    session: Session,
    episode: EpisodeRow,
    rendering: RenderingRow,
    slugs: Collection[str] | Iterator[str],
) -> dict[str, Any]:
    """What an approval is for; times in UTC. None for what has no hour, or no end."""
    masters = session.execute(
        select(MasterRow.kind, MasterRow.sha256).where(
            MasterRow.episode_id == episode.id, MasterRow.version == rendering.version
        )
    )
    warning = session.get(UrgentRow, episode.id)
    return {
        "air_at": _as_time(_hour_of(session, episode)),
        "approved_as": rendering.approved_as,
        "approved_at": _as_time(rendering.approved_at),
        "episode": episode.guid,
        "expires_at": _as_time(warning.expires_at if warning is not None else None),
        "masters": dict(masters.all()),
        "stations": sorted(slugs),
        "version": rendering.version,
    }


def _fault_of(
    session: Session,
    episode: EpisodeRow,
    rendering: RenderingRow,
    slugs: dict[int, str],
    keys: Collection[str],
    first: datetime | None,
) -> str:
    """What is wrong with a seal; "" for nothing. `first` is when the oldest one was made."""
    if not rendering.signature:
        return _fault_of_unsigned(rendering, first)
    signed = _opened(rendering, keys)
    if signed is None:
        return "its signature is not one of this installation's key"
    named = [slugs[number] for number in rendering.stations if number in slugs]
    others = _changes(_content(session, episode, rendering, named), signed)
    return f"its {', '.join(others)} changed since the approval" if others else ""


def _fault_of_unsigned(rendering: RenderingRow, first: datetime | None) -> str:
    since = rendering.approved_at
    is_older = first is None or since is None or since < first
    return "" if is_older else "it is not signed, though older ones are"


def _changes(now: dict[str, Any], signed: dict[str, Any]) -> list[str]:
    """What is otherwise than it was signed; sounds that nobody asks for any more are deleted."""
    kept = {kind: signed["masters"].get(kind) for kind in now["masters"]}
    before = signed | {"masters": kept}
    return sorted(name for name in now if now[name] != before.get(name))


def _opened(rendering: RenderingRow, keys: Collection[str]) -> dict[str, Any] | None:
    """What was signed; None unless one of these keys signed it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        content: dict[str, Any] = json.loads(rendering.signed)
        if content["key"] not in keys:
            return None
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(content["key"]))
        signature = base64.b64decode(rendering.signature)
        key.verify(signature, rendering.signed.encode())
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return None
    return content


def _approved_after(episode_id: int, version: int) -> Any:
    """The next approved versions, in order."""
    beyond = (RenderingRow.episode_id > episode_id) | (
        (RenderingRow.episode_id == episode_id) & (RenderingRow.version > version)
    )
    return (
        select(EpisodeRow, RenderingRow)
        .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
        .where(RenderingRow.approved_at.is_not(None), beyond)
        .options(Load(RenderingRow).undefer_group(SEAL))
        .order_by(RenderingRow.episode_id, RenderingRow.version)
        .limit(MOST_AT_ONCE)
    )


def _hour_of(session: Session, episode: EpisodeRow) -> datetime | None:
    return session.scalar(
        select(AiringRow.air_at)
        .join(BulletinRow, BulletinRow.airing_id == AiringRow.id)
        .where(BulletinRow.episode_id == episode.id)
    )


def _secret(session: Session) -> str:
    """What the key is made of; whoever comes first makes it."""
    new = {"name": KEY_NAME, "value": secrets.token_urlsafe(32)}
    session.execute(
        insert(session, SecretRow)
        .values(**new)
        .on_conflict_do_nothing(index_elements=["name"])
    )
    return session.get_one(SecretRow, KEY_NAME).value


@cache
def _private_key(secret: str) -> Any:
    """Imported here, as in all that follows: the web starts without it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seed = hashlib.sha256(f"loa approvals {secret}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public_key(key: Any) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _as_text(content: dict[str, Any]) -> str:
    """One way to write it, whoever does."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _as_time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment is not None else None
