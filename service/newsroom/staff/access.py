"""Who may do what where: how far grants reach, and at which stations each thing lies.

One rule for all things: who has the role at one of a thing's stations may look at it, who has it at
all of them may change it. A thing of the whole house is looked at by everybody of that role, and
changed by who has the role everywhere.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Invalid
from service.newsroom.stations.groups import group_slugs, stations_below
from service.newsroom.store.database import Database
from service.newsroom.store.tables import (
    ArticleStationRow,
    EpisodeRow,
    GroupRow,
    MisreadingRow,
    NoticeRow,
    RecordingRow,
    RenderingRow,
    SourceRow,
    StationRow,
    TermRow,
    UrgentRow,
)
from service.newsroom.values import ALL, EVERYWHERE, Grant, Reach, Role
from service.newsroom.values.grants import Thing

Places = frozenset[str] | None


class Access:
    """The questions that the web's door asks before anything is looked at or changed."""

    def __init__(self, database: Database, _now: Callable[[], datetime]) -> None:
        self._database = database

    def reach(self, grants: Sequence[Grant], work: Role) -> Reach:
        """Where these grants let somebody do the work of a role."""
        places = {grant.place for grant in grants if grant.role.may(work)}
        if ALL in places:
            return EVERYWHERE
        groups = {
            grant.group for grant in grants if grant.place in places and grant.group
        }
        stations = frozenset(place for place in places if not Grant(work, place).group)
        if groups:
            with self._database.read() as session:
                stations |= stations_below(session, groups)
        return Reach(stations)

    def asks_factor(self, grants: Sequence[Grant]) -> bool:
        """Whether these grants let somebody approve where a group wants second factors."""
        with self._database.read() as session:
            strict = session.scalars(select(GroupRow.slug).where(GroupRow.strict)).all()
            stations = stations_below(session, strict) if strict else frozenset()
        return bool(stations) and self.reach(grants, Role.APPROVER).touches(stations)

    def places(self, thing: Thing, name: str | int) -> Places:
        """The stations where a thing lies, by slug.

        None for the whole house's, and for what is not there.
        """
        with self._database.read() as session:
            return PLACES[thing](session, name)


def check_grants(session: Session, grants: Sequence[Grant]) -> None:
    """Invalid (`grants`) for none at all, or a place that there is not."""
    if not grants:
        raise Invalid("give at least one role", "Hãy chọn ít nhất một quyền.", "grants")
    places = {grant.place for grant in grants if grant.place != ALL and not grant.group}
    stations = set(
        session.scalars(select(StationRow.slug).where(StationRow.slug.in_(places)))
    )
    groups = {grant.group for grant in grants if grant.group}
    if unknown := sorted((places - stations) | (groups - group_slugs(session))):
        raise Invalid(
            f"no station or group {', '.join(unknown)}",
            f"Không có đài hoặc nhóm “{', '.join(unknown)}”.",
            "grants",
        )


def _station(session: Session, name: str | int) -> Places:
    return _named(session, select(StationRow.slug).where(StationRow.slug == str(name)))


def _episode(session: Session, name: str | int) -> Places:
    """Where it is heard, and where its newest version is to be: who moves it needs both."""
    episode = session.get(EpisodeRow, int(name))
    if episode is None:
        return None
    in_force = select(ArticleStationRow.station_id).where(
        ArticleStationRow.article_id == episode.article_id
    )
    newest = session.get(RenderingRow, (episode.id, episode.version))
    numbers = {episode.station_id, *session.scalars(in_force)}
    numbers |= set(newest.stations) if newest is not None else set()
    numbers |= _replaced(session, episode)
    return _named(session, select(StationRow.slug).where(StationRow.id.in_(numbers)))


def _replaced(session: Session, episode: EpisodeRow) -> set[int]:
    """The stations of the warnings that end when this one is approved."""
    warning = session.get(UrgentRow, episode.id)
    if warning is None or not warning.replaces:
        return set()
    stations = (
        select(ArticleStationRow.station_id)
        .join(EpisodeRow, EpisodeRow.article_id == ArticleStationRow.article_id)
        .where(EpisodeRow.id.in_(warning.replaces))
    )
    return set(session.scalars(stations))


def _article(session: Session, name: str | int) -> Places:
    episode = session.scalar(
        select(EpisodeRow.id).where(EpisodeRow.article_id == int(name))
    )
    return _episode(session, episode) if episode is not None else None


def _recording(session: Session, name: str | int) -> Places:
    """Its episode's.

    A chime's station; of one that is to be an episode, the stations it was sent for.
    """
    row = session.get(RecordingRow, int(name))
    if row is None:
        return None
    if row.episode_id is not None:
        return _episode(session, row.episode_id)
    if row.station_id is not None:
        return _named(
            session, select(StationRow.slug).where(StationRow.id == row.station_id)
        )
    return frozenset(map(str, row.about.get("stations", ())))


def _term(session: Session, name: str | int) -> Places:
    row = session.get(TermRow, int(name))
    return frozenset((row.station,)) if row is not None and row.station else None


def _notice(session: Session, name: str | int) -> Places:
    row = session.get(NoticeRow, int(name))
    return frozenset((row.station,)) if row is not None else None


def _misreading(session: Session, name: str | int) -> Places:
    row = session.get(MisreadingRow, int(name))
    return _episode(session, row.episode_id) if row is not None else None


def _source(session: Session, name: str | int) -> Places:
    row = session.get(SourceRow, int(name))
    return frozenset(row.stations) if row is not None else None


def _named(session: Session, slugs: Select[str]) -> Places:
    return frozenset(session.scalars(slugs)) or None


PLACES: dict[Thing, Callable[[Session, str | int], Places]] = {
    Thing.STATION: _station,
    Thing.EPISODE: _episode,
    Thing.ARTICLE: _article,
    Thing.RECORDING: _recording,
    Thing.TERM: _term,
    Thing.NOTICE: _notice,
    Thing.MISREADING: _misreading,
    Thing.SOURCE: _source,
}
