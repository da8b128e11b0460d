"""Which voice reads what where: choices for the house, groups, stations and uses; voices' speed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Invalid, NotFound
from service.newsroom.stations import station_row
from service.newsroom.stations.groups import group_slugs
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.log import log
from service.newsroom.store.tables import (
    GroupRow,
    StationRow,
    VoiceChoiceRow,
    VoiceSpeedRow,
)
from service.newsroom.values import ALL, GROUP, LOUDSPEAKER, Event
from service.newsroom.values.voices import (
    ChosenVoice,
    VoiceSpeed,
    VoiceUse,
    nearest,
)

OF_NO_GROUP = None


@dataclass(frozen=True, slots=True)
class VoiceMap:
    """Every choice, and the places that surround each station: the whole house as it is now.

    `choices` are by place and use, `above` are the groups around a group, itself first, by number.
    """

    choices: dict[tuple[str, VoiceUse], str]
    stations: dict[str, int | None]  # slug → the number of its group
    above: dict[int | None, tuple[str, ...]]

    def around(self, station: str) -> tuple[str, ...]:
        """A station and the places that it lies in, the nearest first."""
        return (station, *self.above.get(self.stations.get(station), ()), ALL)

    def within(self, place: str) -> frozenset[str] | None:
        """The stations at a place, those of all groups below it too; None for the whole house.

        A group that has none is the house's own affair.
        """
        if place == ALL:
            return None
        if not place.startswith(GROUP):
            return frozenset((place,))
        below = {number for number, path in self.above.items() if place in path}
        return (
            frozenset(s for s, group in self.stations.items() if group in below) or None
        )

    def at(self, station: str, use: VoiceUse) -> ChosenVoice:
        """The voice that holds at a station for a use."""
        return nearest(self.around(station), use, self.choices)

    def at_place(self, place: str, use: VoiceUse) -> ChosenVoice:
        """The same for the house ("all") and for a group ("group:…") too."""
        if place == ALL:
            return nearest((ALL,), use, self.choices)
        if not place.startswith(GROUP):
            return self.at(place, use)
        own = next(
            (path for path in self.above.values() if path[:1] == (place,)), (place,)
        )
        return nearest((*own, ALL), use, self.choices)


class VoiceChoices:
    """The newsroom's desk for voices."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def map(self) -> VoiceMap:
        """Every choice, in three questions however many stations there are."""
        with self._database.read() as session:
            return voice_map(session)

    def at(self, station: str, use: VoiceUse = VoiceUse.ANY) -> ChosenVoice:
        """The voice that holds at a station for a use; NotFound when there is no such station."""
        with self._database.read() as session:
            return chosen_for(session, station_row(session, station), use)

    @transact
    def put(self, choice: ChosenVoice, by: str = LOUDSPEAKER) -> None:
        """Chooses a voice; "" takes the choice of that place and use back.

        What was read stays as it is. Invalid (`place`) when there is no such group or station.
        """
        with self._database.write() as session:
            station = _station_at(session, choice.place)
            if station is not None and choice.use is VoiceUse.ANY:
                _keep_with_station(station, choice.voice)
            else:
                _keep_choice(session, choice)
            voice = choice.voice or "bỏ chọn"
            detail = f"{choice.place}, {choice.use.name_vi}: {voice}"
            log(session, self._now(), by, Event.VOICE_CHOSEN, detail)

    def speeds(self) -> dict[tuple[str, str], VoiceSpeed]:
        """What was measured, by voice and build."""
        with self._database.read() as session:
            return {
                (row.voice, row.build): VoiceSpeed(
                    row.voice, row.build, row.times, row.measured_at
                )
                for row in session.scalars(select(VoiceSpeedRow))
            }

    def has_speed(self, voice: str, build: str) -> bool:
        """Whether a voice was measured on this build."""
        with self._database.read() as session:
            return session.get(VoiceSpeedRow, (voice, build)) is not None

    @transact
    def keep_speed(self, voice: str, build: str, times: float) -> None:
        """Keeps how fast a voice is, unless that was measured already."""
        with self._database.write() as session:
            new = insert(session, VoiceSpeedRow).values(
                voice=voice, build=build, times=times, measured_at=self._now()
            )
            session.execute(new.on_conflict_do_nothing())


def voice_map(session: Session) -> VoiceMap:
    """See VoiceChoices.map."""
    choices = {
        (row.place, VoiceUse(row.use)): row.voice
        for row in session.scalars(select(VoiceChoiceRow))
    }
    stations: dict[str, int | None] = {}
    columns = select(StationRow.slug, StationRow.voice, StationRow.group_id)
    for slug, voice, group in session.execute(columns):
        stations[slug] = group
        if voice:
            choices[slug, VoiceUse.ANY] = voice
    return VoiceMap(choices, stations, _paths(session))


def chosen_for(session: Session, station: StationRow, use: VoiceUse) -> ChosenVoice:
    """The voice that holds at one station for a use."""
    rows = session.scalars(select(VoiceChoiceRow)).all()
    choices = {(row.place, VoiceUse(row.use)): row.voice for row in rows}
    choices[station.slug, VoiceUse.ANY] = station.voice
    is_asked = any(row.place.startswith(GROUP) for row in rows)
    path = _paths(session).get(station.group_id, ()) if is_asked else ()
    return nearest((station.slug, *path, ALL), use, choices)


def _keep_with_station(station: StationRow, voice: str) -> None:
    if voice and voice == station.second_voice:
        raise Invalid(
            "the station's second voice is the same",
            "Giọng này đang là giọng thứ hai của đài; hãy chọn giọng khác.",
            "voice",
        )
    station.voice = voice


def _keep_choice(session: Session, choice: ChosenVoice) -> None:
    session.execute(
        delete(VoiceChoiceRow).where(
            VoiceChoiceRow.place == choice.place, VoiceChoiceRow.use == choice.use
        )
    )
    if choice.voice:
        row = VoiceChoiceRow(place=choice.place, use=choice.use, voice=choice.voice)
        session.add(row)


def _paths(session: Session) -> dict[int | None, tuple[str, ...]]:
    """For each group the places that it lies in, itself first; for no group, none."""
    rows = session.execute(select(GroupRow.id, GroupRow.slug, GroupRow.parent_id)).all()
    parents = {number: parent for number, _, parent in rows}
    names = {number: f"{GROUP}{slug}" for number, slug, _ in rows}
    paths: dict[int | None, tuple[str, ...]] = {OF_NO_GROUP: ()}
    for start in parents:
        path = tuple(names[number] for number in _upwards(start, parents))
        paths[start] = path
    return paths


def _upwards(start: int, parents: dict[int, int | None]) -> Iterable[int]:
    """A group and those above it; a ring, which a hand may have made, ends too."""
    met: dict[int, None] = {}
    step: int | None = start
    while step is not None and step in parents and step not in met:
        met[step] = None
        step = parents[step]
    return met


def _station_at(session: Session, place: str) -> StationRow | None:
    """The station of that name; None for the house and for a group.

    Invalid for what is none of them.
    """
    if place == ALL:
        return None
    if place.startswith(GROUP):
        if place.removeprefix(GROUP) in group_slugs(session):
            return None
        raise Invalid(f"no place {place!r}", "Không có nhóm đài này.", "place")
    try:
        return station_row(session, place)
    except NotFound as error:
        raise Invalid(str(error), error.message_vi, "place") from error
