"""Logins of people and keys of programs."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loa.assembly import open_newsroom, settings
from loa.terminal import fail, show, table

if TYPE_CHECKING:
    from datetime import datetime

    from service.newsroom.values import Key, Person

Name = Annotated[str, typer.Argument(help="the login's name")]
Password = Annotated[
    str,
    typer.Option(help="a one-time password of your choosing; without it one is made and printed"),
]
ROLE = "what they may do, as in editor; a wrong one is answered with all that there are"


def user_add(
    name: Name,
    role: Annotated[str, typer.Option(help=ROLE)] = "editor",
    password: Password = "",
) -> None:
    """A new login for the desk; its one-time password must be changed at the first login, within a week."""
    from service.newsroom.staff.passwords import one_time_password

    given = password or one_time_password()
    person = open_newsroom(settings()).people.add(name, given, as_role(role), once=True)
    typer.echo(f"{person.name}: {person.role}")
    if not password:
        typer.echo(given)


def user_password(name: Name, password: Password = "") -> None:
    """A one-time password for a login that exists; all its sessions end."""
    from service.newsroom.staff.passwords import one_time_password

    given = password or one_time_password()
    open_newsroom(settings()).people.set_password(name, given, once=True)
    typer.echo(f"{name}: a one-time password is set, and must be changed at the next login")
    if not password:
        typer.echo(given)


def user_list() -> None:
    """All logins: role, last login, where they are logged in, what is the matter with them."""
    newsroom = open_newsroom(settings())
    places = [place.person.id for place in newsroom.sessions.all()]
    shown = table("name", "role", "last login (UTC)", "sessions", "state")
    for person in newsroom.people.everyone():
        last = f"{person.last_login_at:%Y-%m-%d %H:%M}" if person.last_login_at else "never"
        state = _state(person, newsroom.now())
        shown.add_row(person.name, person.role, last, str(places.count(person.id)), state)
    show(shown)


def user_lock(name: Name) -> None:
    """Switches a login off and ends its sessions."""
    person = open_newsroom(settings()).people.lock(name)
    typer.echo(f"{person.name}: locked, and logged out everywhere")


def user_unlock(name: Name) -> None:
    """Switches a login on again, and forgets the wrong passwords that made it wait."""
    person = open_newsroom(settings()).people.unlock(name)
    typer.echo(f"{person.name}: may log in")


def user_role(name: Name, role: Annotated[str, typer.Argument(help=ROLE)]) -> None:
    """Another role, at once."""
    person = open_newsroom(settings()).people.set_role(name, as_role(role))
    typer.echo(f"{person.name}: {person.role}")


def key_add(
    name: str,
    role: Annotated[str, typer.Option(help=ROLE)],
    days: Annotated[
        int, typer.Option(min=0, max=3650, help="how long it is good; 0: for ever")
    ] = 0,
) -> None:
    """A new key for a program; it is printed once, last."""
    newsroom = open_newsroom(settings())
    ends = newsroom.now() + timedelta(days=days) if days else None
    typer.echo(newsroom.people.add_key(name, as_role(role), expires_at=ends))


def key_list() -> None:
    """All keys, newest first, without their secrets."""
    newsroom = open_newsroom(settings())
    shown = table("number", "name", "role", "begins", "last used (UTC)", "state")
    for key in newsroom.people.keys():  # noqa: SIM118 - a desk, no dictionary
        used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
        state = _standing(key, newsroom.now())
        shown.add_row(str(key.id), key.name, key.role, f"{key.prefix}…", used, state)
    show(shown)


def key_revoke(
    key: Annotated[
        str, typer.Argument(help="its number or its name, as `loa key list` shows them")
    ],
) -> None:
    """Ends a key, at once."""
    people = open_newsroom(settings()).people
    valid = [each for each in people.keys() if not each.revoked]  # noqa: SIM118 - a desk
    named = [each.id for each in valid if key in (str(each.id), each.name)]
    if not named:
        fail(f"no valid key {key!r}; see `loa key list`")
    people.revoke(named[0])
    typer.echo(f"{key}: revoked")


def as_role(text: str) -> Any:
    """A role by its name."""
    from service.newsroom.values import Role

    try:
        return Role(text)
    except ValueError:
        fail(f"{text!r} is no role; there are {', '.join(Role)}")


def _state(person: "Person", now: "datetime") -> str:
    if not person.active:
        return "locked"
    if person.once_until is None:
        return ""
    if person.once_until <= now:
        return "one-time password too old: loa user password"
    return f"one-time password until {person.once_until:%Y-%m-%d}"


def _standing(key: "Key", now: "datetime") -> str:
    if key.revoked:
        return "revoked"
    if key.expires_at is None:
        return ""
    return f"{'ended' if key.expires_at <= now else 'until'} {key.expires_at:%Y-%m-%d}"
