"""Approvals are signed with the installation's key (Ed25519, RFC 8032).

What is signed is a line of JSON: which version of which episode, the digests of its sounds, for
which stations, when it was approved and how, and when it is over. A player box that keeps the
public key knows by it that the file it fetched is the one that was approved for it and for this
hour, whoever stands between; `loa verify` finds rows that somebody changed who has not the key.
What horns go by stands in other rows than the version's: placements, and a bulletin's airing. They
are compared too. Since when approvals are signed is kept once, signed as well.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Load, Session

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.doors import SecretRow
from service.newsroom.store.inserting import insert
from service.newsroom.store.tables import (
    AiringRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.store.tables.stories import SEAL
from service.newsroom.values.seals import Seal, SealFault

KEY_NAME = "approvals"  # in the table of secrets
SINCE_NAME = "approvals since"  # there too
MOST_AT_ONCE = 500  # versions of one question


class Signing(NamedTuple):
    """When approvals began to be signed, and the newest episode there was then.

    What was opened and approved before has no seal.
    """

    since: datetime
    newest: int


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
            signing = _signing(session, keys)
        after = (0, 0)
        while True:
            with self._database.read() as session:
                rows = session.execute(_approved_after(*after)).all()
                for episode, rendering in rows:
                    fault = _fault_of(session, episode, rendering, slugs, keys, signing)
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
    signed = _signed(content, key)
    rendering.signed, rendering.signature = signed.signed, signed.signature
    if session.get(SecretRow, SINCE_NAME) is None:
        _keep_since(session, key)


def seal_again(session: Session, episode: EpisodeRow, rendering: RenderingRow) -> None:
    """Signs an approval whose sounds were made again, if all else is as it was signed.

    What was never signed, or was changed since, is not made good by that.
    """
    key = _public_key(_private_key(_secret(session)))
    signed = _opened(Seal(rendering.signed, rendering.signature), {key})
    if signed is None:
        return
    slugs = dict(session.execute(select(StationRow.id, StationRow.slug)).all())
    if not set(_otherwise(session, episode, rendering, slugs, signed)) - {"masters"}:
        seal(session, episode, rendering)


def _keep_since(session: Session, key: Any) -> None:
    """Written once: with the first seal."""
    session.flush()
    first = session.scalar(_first_signed())
    newest = session.scalar(select(func.max(EpisodeRow.id)))
    kept = _signed({"newest": newest, "since": _as_time(first)}, key)
    value = json.dumps([kept.signed, kept.signature])
    session.execute(
        insert(session, SecretRow)
        .values(name=SINCE_NAME, value=value)
        .on_conflict_do_nothing(index_elements=["name"])
    )


def _signing(session: Session, keys: Collection[str]) -> Signing | None:
    """Since when; None while nothing is signed.

    Of what was forged nothing holds: then all that is not signed is at fault.
    """
    row = session.get(SecretRow, SINCE_NAME)
    if row is None:
        # Before the first seal, or restored without secrets: as the seals themselves say.
        first = session.scalar(_first_signed())
        newest = session.scalar(select(func.max(EpisodeRow.id)))
        return Signing(first, newest or 0) if first is not None else None
    try:
        content = _opened(Seal(*json.loads(row.value)), keys)
    except (ValueError, TypeError):
        content = None
    if content is None:
        return Signing(datetime.min.replace(tzinfo=UTC), 0)
    return Signing(datetime.fromisoformat(content["since"]), content["newest"])


def _first_signed() -> Select[datetime | None]:
    return select(func.min(RenderingRow.approved_at)).where(
        RenderingRow.signature != ""
    )


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
    signing: Signing | None,
) -> str:
    """What is wrong with a seal; "" for nothing."""
    if not rendering.signature:
        is_older = signing is None or _is_older(rendering, signing)
        return "" if is_older else "it is not signed, though older ones are"
    signed = _opened(Seal(rendering.signed, rendering.signature), keys)
    if signed is None:
        return "its signature is not one of this installation's key"
    others = _otherwise(session, episode, rendering, slugs, signed)
    return f"its {', '.join(others)} changed since the approval" if others else ""


def _is_older(rendering: RenderingRow, signing: Signing) -> bool:
    """Whether a version was opened and approved before approvals were signed.

    An episode's number is no time that can be put back: it stands in other rows, too.
    """
    latest = max(rendering.opened_at, rendering.approved_at or rendering.opened_at)
    return rendering.episode_id <= signing.newest and latest <= signing.since


def _otherwise(
    session: Session,
    episode: EpisodeRow,
    rendering: RenderingRow,
    slugs: dict[int, str],
    signed: dict[str, Any],
) -> list[str]:
    """What is otherwise than it was signed: of the version, and of what horns go by."""
    named = [slugs[number] for number in rendering.stations if number in slugs]
    others = _changes(_content(session, episode, rendering, named), signed)
    meant = set(signed["stations"])
    if rendering.version == _version_in_force(session, episode):
        placed = session.scalars(
            select(ArticleStationRow.station_id).where(
                ArticleStationRow.article_id == episode.article_id
            )
        )
        if {slugs[number] for number in placed} != meant:
            others.append("placements")
    airing = session.scalar(_airing_of(episode).with_only_columns(AiringRow.station_id))
    if airing is not None and slugs[airing] not in meant:
        others.append("airing's station")
    return others


def _version_in_force(session: Session, episode: EpisodeRow) -> int | None:
    """The version whose placement feeds and hours go by (placements.come_into_force)."""
    if episode.public_version is not None:
        return episode.public_version
    return session.scalar(
        select(func.max(RenderingRow.version)).where(
            RenderingRow.episode_id == episode.id
        )
    )


def _changes(now: dict[str, Any], signed: dict[str, Any]) -> list[str]:
    """What is otherwise than it was signed; sounds that nobody asks for any more are deleted."""
    kept = {kind: signed["masters"].get(kind) for kind in now["masters"]}
    before = signed | {"masters": kept}
    return sorted(name for name in now if now[name] != before.get(name))


def _signed(content: dict[str, Any], key: Any) -> Seal:
    """With the public key among what is signed."""
    text = _as_text(content | {"key": _public_key(key)})
    return Seal(text, base64.b64encode(key.sign(text.encode())).decode())


def _opened(seal: Seal, keys: Collection[str]) -> dict[str, Any] | None:
    """What was signed; None unless one of these keys signed it."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        content: dict[str, Any] = json.loads(seal.signed)
        if content["key"] not in keys:
            return None
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(content["key"]))
        signature = base64.b64decode(seal.signature)
        key.verify(signature, seal.signed.encode())
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
    return session.scalar(_airing_of(episode).with_only_columns(AiringRow.air_at))


def _airing_of(episode: EpisodeRow) -> Select[AiringRow]:
    """A bulletin's airing."""
    return (
        select(AiringRow)
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
