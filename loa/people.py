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
    typer.Option(
        help="a one-time password of your choosing; without it one is made and printed"
    ),
]
STATIONS = "where: stations and group:NAME between commas; without it everywhere"
ROLE = "what they may do, as in editor; a wrong one is answered with all that there are"


def user_add(
    name: Name,
    role: Annotated[str, typer.Option(help=ROLE)] = "editor",
    password: Password = "",
    stations: Annotated[str, typer.Option(help=STATIONS)] = "",
    full_name: Annotated[str, typer.Option(help="as people know them")] = "",
    office: Annotated[str, typer.Option(help="what they are, and where")] = "",
    telephone: Annotated[str, typer.Option(help="where they are reached")] = "",
) -> None:
    """A new login for the desk.

    Its one-time password must be changed at the first login, within a week.
    """
    from service.newsroom.staff.passwords import one_time_password
    from service.newsroom.values import Contact

    given = password or one_time_password()
    contact = Contact(full_name, office, telephone)
    people = open_newsroom(settings()).people
    person = people.add(
        name, given, as_grants(role, stations), once=True, contact=contact
    )
    typer.echo(f"{person.name}: {_told(person)}")
    if not password:
        typer.echo(given)


def user_password(name: Name, password: Password = "") -> None:
    """A one-time password for a login that exists; all its sessions end."""
    from service.newsroom.staff.passwords import one_time_password

    given = password or one_time_password()
    newsroom = open_newsroom(settings())
    person = newsroom.people.set_password(name, given, once=True)
    typer.echo(
        f"{name}: a one-time password is set, and must be changed at the next login"
    )
    if newsroom.passkeys.has_open(person.id):
        typer.echo(f"their passkeys still open the desk: `loa user passkeys {name}`")
    if not password:
        typer.echo(given)


def user_factor_off(name: Name) -> None:
    """Takes somebody's second factor away, passkeys too, as after a lost phone: the password lets
    them in.
    """
    was_on = open_newsroom(settings()).factors.remove(name)
    if was_on:
        typer.echo(f"{name}: no second factor any more, and logged out everywhere")
    else:
        typer.echo(f"{name}: had no second factor")


def user_passkeys(name: Name) -> None:
    """Somebody's passkeys: number, name, since when, last use, and whether there may be a copy."""
    newsroom = open_newsroom(settings())
    person = newsroom.people.named(name)
    if person is None:
        fail(f"no login {name!r}; see `loa user list`")
    shown = table("number", "name", "added (UTC)", "last used (UTC)", "state")
    for key in newsroom.passkeys.of(person.id):
        used = f"{key.used_at:%Y-%m-%d %H:%M}" if key.used_at else "never"
        state = "shut: there may be a copy" if key.suspect_at else ""
        added = f"{key.added_at:%Y-%m-%d %H:%M}"
        shown.add_row(str(key.id), key.name, added, used, state)
    show(shown)


def user_passkey_off(
    name: Name,
    number: Annotated[int, typer.Argument(help="as `loa user passkeys` shows it")],
) -> None:
    """Takes one of somebody's passkeys away, as after a lost device, and ends their sessions."""
    gone = open_newsroom(settings()).passkeys.remove(name, number)
    typer.echo(f"{name}: no passkey {gone.name!r} any more, and logged out everywhere")


def user_list() -> None:
    """All logins: what they may do where, last login,
    in how many places they are logged in, what is the matter.
    """
    newsroom = open_newsroom(settings())
    places = [place.person.id for place in newsroom.sessions.all()]
    paired = newsroom.factors.holders()
    shown = table("name", "may", "last login (UTC)", "sessions", "state")
    for person in newsroom.people.everyone():
        last = (
            f"{person.last_login_at:%Y-%m-%d %H:%M}"
            if person.last_login_at
            else "never"
        )
        factor = "second factor" if person.id in paired else ""
        state = ", ".join(filter(None, (_state(person, newsroom.now()), factor)))
        shown.add_row(
            person.name, _told(person), last, str(places.count(person.id)), state
        )
    show(shown)


def user_lock(name: Name) -> None:
    """Switches a login off and ends its sessions."""
    person = open_newsroom(settings()).people.lock(name)
    typer.echo(f"{person.name}: locked, and logged out everywhere")


def user_unlock(name: Name) -> None:
    """Switches a login on again, and forgets the wrong passwords that made it wait."""
    person = open_newsroom(settings()).people.unlock(name)
    typer.echo(f"{person.name}: may log in")


def user_grant(
    name: Name,
    role: Annotated[str, typer.Argument(help=ROLE)],
    stations: Annotated[str, typer.Option(help=STATIONS)] = "",
    add: Annotated[bool, typer.Option(help="beside what they may already")] = False,
) -> None:
    """What somebody may do, and where, at once: instead of what they may now,
    or with --add beside it.
    """
    people = open_newsroom(settings()).people
    grants = as_grants(role, stations)
    if add and (before := people.named(name)) is not None:
        grants = [*before.grants, *grants]
    person = people.set_grants(name, grants)
    typer.echo(f"{person.name}: {_told(person)}")


def user_role(name: Name, role: Annotated[str, typer.Argument(help=ROLE)]) -> None:
    """Another role, everywhere, at once."""
    person = open_newsroom(settings()).people.set_grants(name, as_role(role))
    typer.echo(f"{person.name}: {_told(person)}")


def key_add(
    name: str,
    role: Annotated[str, typer.Option(help=ROLE)],
    days: Annotated[
        int, typer.Option(min=0, max=3650, help="how long it is good; 0: for ever")
    ] = 0,
    stations: Annotated[str, typer.Option(help=STATIONS)] = "",
    scopes: Annotated[
        str, typer.Option(help="what it may change, as in articles,urgent")
    ] = "",
    calls: Annotated[
        int, typer.Option(min=0, help="calls a minute; 0: without a limit")
    ] = 0,
) -> None:
    """A new key for a program; it is printed once, last."""
    newsroom = open_newsroom(settings())
    ends = newsroom.now() + timedelta(days=days) if days else None
    secret = newsroom.people.add_key(
        name,
        as_grants(role, stations),
        expires_at=ends,
        scopes=_as_scopes(scopes),
        calls_per_minute=calls,
    )
    typer.echo(secret)


def key_list() -> None:
    """All keys, newest first, without their secrets."""
    newsroom = open_newsroom(settings())
    shown = table("number", "name", "may", "begins", "last used (UTC)", "state")
    for key in newsroom.people.keys():  # noqa: SIM118 - a desk, no dictionary
        used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
        state = _standing(key, newsroom.now())
        shown.add_row(str(key.id), key.name, _told(key), f"{key.prefix}…", used, state)
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


def as_grants(role: str, stations: str) -> Any:
    """A role at each of the places named between commas; everywhere when there are none."""
    from service.newsroom.values import ALL, Grant

    places = [place.strip() for place in stations.split(",") if place.strip()] or [ALL]
    return [Grant(as_role(role), place) for place in places]


def _as_scopes(text: str) -> Any:
    from service.newsroom.values import KeyScope

    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := set(names) - set(KeyScope):
        fail(f"no scope {', '.join(sorted(unknown))}; there are {', '.join(KeyScope)}")
    return [KeyScope(name) for name in names]


def _told(holder: "Person | Key") -> str:
    """What somebody or something may do, and where."""
    return ", ".join(f"{grant.role} @ {grant.place}" for grant in holder.grants)


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
