"""Grants: what somebody may do, and where; and how far that reaches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.newsroom.values.roles import Role

ALL = "all"
GROUP = "group:"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a place: "all" for everywhere, "group:<slug>" for a group of stations,
    or a station's slug.
    """

    role: Role
    place: str = ALL

    @property
    def group(self) -> str:
        """The group's slug, "" when the place is none."""
        return self.place.removeprefix(GROUP) if self.place.startswith(GROUP) else ""


@dataclass(frozen=True, slots=True)
class Reach:
    """The stations where somebody may do the work of a role, by slug; None is everywhere.

    Things lie at stations in the same way: None is the whole house's, such as a word said so
    everywhere.
    """

    stations: frozenset[str] | None

    @property
    def everywhere(self) -> bool:
        """Whether no station is left out, also of those to come."""
        return self.stations is None

    def touches(self, places: Collection[str] | None) -> bool:
        """Whether one of the places is within: enough to look at what lies there."""
        if self.stations is None or places is None:
            return self.stations is None or bool(self.stations)
        return not self.stations.isdisjoint(places)

    def covers(self, places: Collection[str] | None) -> bool:
        """Whether all of the places are within: needed to change what lies there."""
        if self.stations is None:
            return True
        return places is not None and self.stations.issuperset(places)


EVERYWHERE = Reach(None)
NOWHERE = Reach(frozenset())


class KeyScope(StrEnum):
    """What a program may change by its key, of what its role may.

    A key without scopes may all of that.
    """

    ARTICLES = "articles"
    EPISODES = "episodes"
    APPROVE = "approve"
    URGENT = "urgent"
    BULLETINS = "bulletins"
    RECORDINGS = "recordings"
    SOURCES = "sources"
    STATIONS = "stations"
    HOOKS = "hooks"

    @property
    def name_vi(self) -> str:
        """What people read."""
        return SCOPES_VI[self]


SCOPES_VI: dict[KeyScope, str] = {
    KeyScope.ARTICLES: "gửi bài",
    KeyScope.EPISODES: "sửa bài đã gửi",
    KeyScope.APPROVE: "duyệt, gỡ",
    KeyScope.URGENT: "cảnh báo khẩn cấp",
    KeyScope.BULLETINS: "bản tin",
    KeyScope.RECORDINGS: "bản thu",
    KeyScope.SOURCES: "nguồn tin",
    KeyScope.HOOKS: "kết nối",
    KeyScope.STATIONS: "đài",
}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of stations, as a district or a cluster: the stations right in it,
    and the group it belongs to.
    """

    slug: str
    name: str
    parent: str = ""  # the slug of the group above, "" for none
    stations: tuple[str, ...] = ()
    strict: bool = False  # who approves in it must have a second factor


def everywhere(roles: "Role | Sequence[Grant]") -> tuple[Grant, ...]:
    """Grants as they are; a role alone is that role everywhere."""
    return (Grant(roles),) if isinstance(roles, Role) else tuple(dict.fromkeys(roles))


def strongest(grants: Sequence[Grant]) -> Role:
    """The role among them that may do most, wherever that is."""
    return max(
        (grant.role for grant in grants), key=lambda role: sum(map(role.may, Role))
    )


class Thing(StrEnum):
    """What an address may name that lies at stations."""

    STATION = "station"
    EPISODE = "episode"
    ARTICLE = "article"
    RECORDING = "recording"
    TERM = "term"
    NOTICE = "notice"
    MISREADING = "misreading"
    SOURCE = "source"


THINGS_VI: dict[Thing, str] = {
    Thing.STATION: "đài",
    Thing.EPISODE: "bài phát",
    Thing.ARTICLE: "bài viết",
    Thing.RECORDING: "bản thu",
    Thing.TERM: "từ điển",
    Thing.NOTICE: "thông báo",
    Thing.MISREADING: "chỗ đọc sai",
    Thing.SOURCE: "nguồn tin",
}
