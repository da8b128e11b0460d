"""People and keys as they leave the newsroom, and grants as rows keep them."""

from collections.abc import Sequence

from service.newsroom.store.doors import KeyRow, PersonRow
from service.newsroom.values import Contact, Grant, Key, KeyScope, Person, Role


def person_value(row: PersonRow) -> Person:
    """The person, without the password."""
    return Person(
        row.id,
        row.name,
        grants_of(row),
        row.active,
        row.once_until,
        row.last_login_at,
        Contact(row.full_name, row.office, row.telephone),
    )


def grants_of(row: PersonRow | KeyRow) -> tuple[Grant, ...]:
    """What somebody or something may do, and where."""
    return tuple(Grant(Role(role), place) for role, place in row.grants)


def pairs_of(grants: Sequence[Grant]) -> list[list[str]]:
    """Grants as a row keeps them."""
    return [[grant.role.value, grant.place] for grant in grants]


def told(grants: Sequence[Grant]) -> str:
    """Grants for the log."""
    return ", ".join(f"{grant.role} @ {grant.place}" for grant in grants)


def key_value(row: KeyRow) -> Key:
    """The key, without its secret."""
    return Key(
        row.id,
        row.name,
        grants_of(row),
        row.prefix,
        row.created_at,
        row.last_used_at,
        row.revoked,
        row.expires_at,
        tuple(map(KeyScope, row.scopes)),
        row.calls_per_minute,
    )
