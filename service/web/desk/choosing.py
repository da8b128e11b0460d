"""How forms of the desk choose stations.

Few are boxes to tick. Of more than `MOST_LISTED` no form sends a list: those that are chosen have
boxes, and those whose names have the words that somebody looks for, by a button of the form or,
with a script, while they type (`/desk/stations/named.json`).
"""

from collections.abc import Collection
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from service.newsroom import Newsroom
from service.newsroom.errors import Invalid
from service.newsroom.stations import MOST_LISTED
from service.newsroom.text import fold
from service.newsroom.values import Directory, Named, Reach, Role
from service.web.auth.access import reach

# The form's fields: what is looked for, and the button that looks.
WORDS, LOOK = "station_words", "look_for_station"
NOBODY_LOOKED = Directory((), 0)
# Of stations that all have the words typed: more are no help.
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class StationChoice:
    """What a form shows of the `total` stations that may be chosen on it.

    `boxes` are those with a box to tick; `chosen` are slugs, and may hold "all" and "group:<slug>".
    `carried` are chosen ones without a box: the form sends them on. `words` is what somebody
    looked for, and `matching` how many have it.
    """

    work: Role
    total: int
    boxes: tuple[Named, ...]
    chosen: tuple[str, ...]
    carried: tuple[str, ...] = ()
    words: str = ""
    matching: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every station has a box."""
        return self.total <= MOST_LISTED

    @property
    def cut_at(self) -> int:
        """How many of those that match have boxes, when that is not all; else 0."""
        return MOST_LISTED if self.matching > MOST_LISTED else 0


def choice(newsroom: Newsroom, work: Role, chosen: Collection[str]) -> StationChoice:
    """The stations at which who asks may do that work, with these chosen."""
    within = reach(work)
    stations = newsroom.stations.all()
    own = [
        Named(station.slug, station.name)
        for station in stations
        if within.touches([station.slug])
    ]
    slugs = tuple(chosen)
    picked = set(slugs)
    if len(own) <= MOST_LISTED:
        return StationChoice(work, len(own), tuple(own), slugs)
    words = request.form.get(WORDS, "").strip()
    found = newsroom.stations.directory(words, within) if words else NOBODY_LOOKED
    ticked = [each for each in own if each.slug in picked]
    boxes = dict.fromkeys((*ticked[:MOST_LISTED], *found.stations))
    return StationChoice(
        work,
        len(own),
        tuple(boxes),
        slugs,
        tuple(each.slug for each in ticked if each not in boxes),
        words,
        found.total,
    )


def looks_for_stations(form: MultiDict[str, str]) -> bool:
    """Whether the form was sent only to look for stations: it comes back as it was typed."""
    return LOOK in form


def chosen_stations(
    form: MultiDict[str, str], field: str = "stations"
) -> tuple[str, ...]:
    """What a form chose, each once: the boxes ticked, and those it carried in one field."""
    slugs = (slug for value in form.getlist(field) for slug in value.split())
    return tuple(dict.fromkeys(slugs))


def station_meant(newsroom: Newsroom, typed: str, among: Reach, field: str) -> str:
    """The slug of the station that somebody typed; "" when they typed nothing.

    By its slug, its whole name or words that only its name has. Invalid names the field when there
    is none, or more than one.
    """
    words = typed.strip()
    if not words or newsroom.stations.named(words) is not None:
        return words
    like_it = newsroom.stations.directory(words, among)
    same = [each for each in like_it.stations if fold(each.name) == fold(words)]
    candidates = same or list(like_it.stations)
    if len(candidates) == 1:
        return candidates[0].slug
    if not candidates:
        raise Invalid(f"no station {words!r}", f"Không có đài “{words}”.", field)
    names = ", ".join(f"{each.name} ({each.slug})" for each in candidates[:MOST_TOLD])
    raise Invalid(
        f"{len(candidates)} stations are like {words!r}",
        f"Có {max(like_it.total, len(candidates))} đài khớp “{words}”: {names}…"
        " Hãy gõ đúng tên, hoặc tên trong ngoặc.",
        field,
    )


def listed_stations(newsroom: Newsroom) -> tuple[Named, ...] | None:
    """All stations where they are few enough for a list; None where one is typed."""
    directory = newsroom.stations.directory()
    return directory.stations if directory.is_whole else None
