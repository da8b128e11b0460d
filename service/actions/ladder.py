"""Going down the ladder: what a rung says becomes the plan of a bulletin for an hour that nobody
approved.

What the rungs are and what each chooses stands in `service.newsroom.values.rungs`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.actions.bulletins import planned_of
from service.actions.planning import draft, plan_of, words_of
from service.bulletin import Words, bed_words
from service.newsroom import Newsroom
from service.newsroom.values import Airing, Bulletin, Offer, Plan, Rung, Slot, Station
from service.newsroom.values.rungs import Filling


@dataclass(frozen=True, slots=True)
class Vacancy:
    """An hour for which no bulletin may be broadcast: where, when,
    and all that was made for it so far.
    """

    newsroom: Newsroom
    station: Station
    slot: Slot
    airing: Airing
    made: tuple[Bulletin, ...]

    @property
    def planned(self) -> Bulletin | None:
        """The desk's bulletin, when it has stories; nobody approved it, or one was withdrawn."""
        planned = planned_of(self.made)
        return planned if planned is not None and planned.items else None

    def stock(self, *, evergreen: bool = False) -> Sequence[Offer]:
        """See `rungs.Hour`."""
        return self.newsroom.bulletins.stock(
            self.station.slug, self.slot, self.airing.air_at, evergreen=evergreen
        )

    def arranged(self) -> Sequence[Offer] | None:
        """See `rungs.Hour`."""
        return (self._offers(self.planned) or None) if self.planned else None

    def last_heard(self) -> Sequence[Offer]:
        """See `rungs.Hour`."""
        last = self.newsroom.bulletins.last_aired(self.station.slug, self.airing.air_at)
        return self._offers(last) if last is not None else ()

    def _offers(self, bulletin: Bulletin) -> Sequence[Offer]:
        """A bulletin's stories as they are published now."""
        stories = [item.episode_id for item in bulletin.items]
        return self.newsroom.bulletins.offers(
            self.station.slug, self.airing.air_at, stories
        )


def plan_of_rung(rung: Rung, vacancy: Vacancy) -> Plan | None:
    """What a rung would broadcast.

    None when the station does not allow it or there is nothing to say.
    """
    filling = rung.filling(vacancy)
    if filling is None:
        return None
    if filling.bare:
        return _bed(vacancy)
    plan = (
        _in_order(vacancy, filling) if filling.in_order else _fitted(vacancy, filling)
    )
    return plan if plan.stories else None


def without_words(vacancy: Vacancy, bulletin: Bulletin) -> Plan:
    """A bulletin whose own words could not be spoken: its stories alone, which were, long ago."""
    stories = vacancy.newsroom.bulletins.offers(
        vacancy.station.slug,
        vacancy.airing.air_at,
        [item.episode_id for item in bulletin.items],
    )
    silent = Words(bulletin.title, "", "")
    plan = plan_of(vacancy.station, vacancy.slot, silent, stories, bulletin.left_out)
    return replace(plan, headlines=False)


def _bed(vacancy: Vacancy) -> Plan:
    """Music and the time."""
    station, slot = vacancy.station, vacancy.slot
    words = bed_words(vacancy.airing.day, slot.at, slot.greeting or station.greeting)
    return replace(plan_of(station, slot, words, ()), headlines=False)


def _in_order(vacancy: Vacancy, filling: Filling) -> Plan:
    """The stories as they come; what the desk left out stays out."""
    words = words_of(vacancy.station, vacancy.slot, vacancy.airing.day)
    left_out = vacancy.planned.left_out if vacancy.planned is not None else ()
    return plan_of(vacancy.station, vacancy.slot, words, filling.stories, left_out)


def _fitted(vacancy: Vacancy, filling: Filling) -> Plan:
    """The best of the stories, as full as the slot allows."""
    slot = vacancy.slot
    if filling.repeats is not None:
        slot = replace(slot, repeats=filling.repeats)
    return draft(vacancy.station, slot, vacancy.airing.day, filling.stories)
