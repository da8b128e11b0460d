"""Which stations news is for: named one by one, by group, or all."""

from collections.abc import Sequence

from service.newsroom import Newsroom
from service.newsroom.errors import Invalid
from service.newsroom.values import ALL, Grant, Group, Reach, Role


def stations_named(newsroom: Newsroom, named: Sequence[str]) -> tuple[str, ...]:
    """The slugs behind names: a station's slug, "group:<slug>" or "all".

    A group is its stations and those of all groups below it, as they are now. In the order of the
    names, each once; the first one is an article's home. Invalid (`stations`) for a group that has
    no station. Whether single stations are there, the newsroom says.
    """
    slugs: dict[str, None] = {}
    for name in named:
        slugs |= dict.fromkeys(_behind(newsroom, name))
    return tuple(slugs)


def stations_or_home(newsroom: Newsroom, named: Sequence[str]) -> tuple[str, ...]:
    """The same; without a name the installation's first station, empty while it has none."""
    if named:
        return stations_named(newsroom, named)
    home = newsroom.stations.home()
    return (home.slug,) if home else ()


def groups_within(newsroom: Newsroom, reach: Reach) -> list[Group]:
    """The groups, by name, that have stations, all of which are within reach."""
    return [
        group
        for group in newsroom.groups.all()
        if (below := newsroom.groups.stations([group.slug])) and reach.covers(below)
    ]


def _behind(newsroom: Newsroom, name: str) -> Sequence[str]:
    if name == ALL:
        return [station.slug for station in newsroom.stations.all()]
    group = Grant(Role.OPERATOR, name).group
    if not group:
        return [name]
    below = newsroom.groups.stations([group])
    if not below:
        raise Invalid(
            f"there is no group {group!r}, or no station in it",
            f"Không có nhóm đài “{group}”, hoặc nhóm chưa có đài nào.",
            "stations",
        )
    return sorted(below)
