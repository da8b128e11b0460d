"""Who may approve at a station: whom an operator rings when nothing is approved."""

from collections.abc import Sequence

from service.newsroom import Newsroom
from service.newsroom.values import Person, Role

MOST_NAMED = 2  # people to ring for a station
# A person and the stations at which they may approve; None is everywhere.
Approver = tuple[Person, frozenset[str] | None]


def approvers(newsroom: Newsroom) -> list[Approver]:
    """Who may approve where; those for everywhere last."""
    people = [each for each in newsroom.people.everyone() if each.active]
    reaches = [
        (each, newsroom.access.reach(each.grants, Role.APPROVER)) for each in people
    ]
    listed = [(person, own.stations) for person, own in reaches]
    return sorted(listed, key=lambda pair: pair[1] is None)


def nearest_approvers(slug: str, among: Sequence[Approver]) -> tuple[Person, ...]:
    """The first of them who may approve at a station."""
    near = [
        person for person, stations in among if stations is None or slug in stations
    ]
    return tuple(near[:MOST_NAMED])
