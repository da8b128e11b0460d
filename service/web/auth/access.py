"""The one door of the house: who asks, where they may do what,
and where the thing lies that an address names.

Every page of the desk and every call of the API passes `admits`, and so do the few public pages
that show more to the house's own. It fails closed: an address that names nothing known is for who
has the role everywhere, unless its view is marked `sifted`: such a one shows only what is within
`reach`, and asks `check` before it takes something for a station.
"""

from collections.abc import Collection, Iterator
from typing import cast

from flask import Flask, current_app, g, request
from flask_login import current_user

from service.actions.warnings import Rights
from service.newsroom import Newsroom
from service.newsroom.errors import Forbidden
from service.newsroom.staff.access import Access, Places
from service.newsroom.values import Grant, Key, Reach, Role, Station
from service.newsroom.values.grants import NOWHERE, Thing

ACCESS = "loa.access"  # in app.extensions
LOOKING = frozenset(("GET", "HEAD", "OPTIONS"))
# What parts of addresses name.
THINGS: dict[str, Thing] = {
    "slug": Thing.STATION,
    "episode_id": Thing.EPISODE,
    "article_id": Thing.ARTICLE,
    "recording_id": Thing.RECORDING,
    "term_id": Thing.TERM,
    "notice_id": Thing.NOTICE,
    "misreading_id": Thing.MISREADING,
    "source_id": Thing.SOURCE,
}
# Parts that tell of a thing which another part names: a sentence, a comment, a chime, an hour, a
# month, a version.
WITHIN_A_THING = frozenset(
    ("n", "comment_id", "name", "hhmm", "when", "month", "version")
)


def register(app: Flask, newsroom: Newsroom) -> None:
    """The door knows the newsroom; templates ask it what to show."""
    app.extensions[ACCESS] = newsroom.access
    app.jinja_env.globals.update(
        may=may, may_somewhere=may_somewhere, may_everywhere=may_everywhere
    )


def admits(least: Role, *, sifted: bool) -> bool:
    """Whether who asks may have this page or call, which is the work of a role."""
    own = reach(least)
    if own.everywhere:
        return True
    if not _names_known_things():
        return sifted and own != NOWHERE
    is_within = own.touches if request.method in LOOKING else own.covers
    return all(map(is_within, _places_named()))


def reach(work: Role) -> Reach:
    """Where who asks may do the work of a role."""
    reaches: dict[tuple[tuple[Grant, ...], Role], Reach] = g.setdefault("reaches", {})
    asked = _grants(), work
    if asked not in reaches:
        reaches[asked] = _access().reach(*asked)
    return reaches[asked]


def reach_of(key: Key | None, work: Role) -> Reach:
    """Where a key may do the work of a role; nowhere without one."""
    return _access().reach(key.grants, work) if key is not None else NOWHERE


def may(work: Role | str, *stations: str) -> bool:
    """Whether who asks may change things at all these stations, as the work of a role.

    Without stations: what this page's address names; somewhere, when it names nothing.
    """
    own = reach(Role(work))
    if own.everywhere or stations:
        return own.covers(stations)
    named = list(_places_named())
    return all(map(own.covers, named)) if named else own != NOWHERE


def may_somewhere(work: Role | str) -> bool:
    """Whether there is a station at which who asks may do the work of a role."""
    return reach(Role(work)) != NOWHERE


def may_everywhere(work: Role | str) -> bool:
    """Whether who asks may do the work of a role for the whole house."""
    return reach(Role(work)).everywhere


def check(work: Role, places: Collection[str] | None, field: str = "stations") -> None:
    """Forbidden unless who asks may do that work at all of these places (None:
    for the whole house).
    """
    own = reach(work)
    if own.covers(places):
        return
    beyond = (
        sorted(set(places) - (own.stations or frozenset()))
        if places is not None
        else ["all"]
    )
    raise Forbidden(
        f"this needs the role {work} at {', '.join(beyond)}",
        f"Tài khoản này chưa có quyền ở: {', '.join(beyond) if places is not None else 'mọi đài'}."
        " Xin liên hệ người quản trị.",
        field,
    )


def check_thing(work: Role, thing: Thing, name: str | int) -> None:
    """The same for a thing that a body names, rather than the address."""
    if not reach(work).everywhere:
        check(work, _access().places(thing, name), thing.value)


def touches(work: Role, thing: Thing, name: str | int) -> bool:
    """Whether who asks may look at a thing, as the work of a role."""
    own = reach(work)
    return own.everywhere or own.touches(_access().places(thing, name))


def warning_rights() -> Rights:
    """Where who asks may warn, and end warnings."""
    return Rights(reach(Role.EDITOR), reach(Role.APPROVER))


def own_stations(newsroom: Newsroom, work: Role) -> list[Station]:
    """The stations at which who asks may do the work of a role, by name."""
    own = reach(work)
    return [
        station for station in newsroom.stations.all() if own.touches([station.slug])
    ]


def home_station(newsroom: Newsroom, work: Role) -> Station | None:
    """Where news goes that names no station: the installation's first,
    or the asker's own first by name.
    """
    home = newsroom.stations.home()
    if home is None or reach(work).covers([home.slug]):
        return home
    return next(iter(own_stations(newsroom, work)), None)


def _access() -> Access:
    return cast("Access", current_app.extensions[ACCESS])


def _grants() -> tuple[Grant, ...]:
    """Those of the key that came with a call, else of who is logged in."""
    key: Key | None = g.get("key")
    if key is not None:
        return key.grants
    return current_user.person.grants if current_user.is_authenticated else ()


def _names_known_things() -> bool:
    """Whether the address names things, and no part of it that this door does not know."""
    parts = set(request.view_args or ())
    return bool(parts & THINGS.keys()) and parts <= THINGS.keys() | WITHIN_A_THING


def _places_named() -> Iterator[Places]:
    """Where each thing lies that the address names; each is asked for once."""
    known: dict[str, Places] = g.setdefault("places", {})
    for part, name in (request.view_args or {}).items():
        if part in THINGS:
            if part not in known:
                known[part] = _access().places(THINGS[part], name)
            yield known[part]
