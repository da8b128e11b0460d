"""The ladder: what each rung broadcasts at an hour for which nobody approved a bulletin.

A rung is a function and a row of `RUNGS`; the first that has something to say is made (DESIGN 4).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from service.actions.bulletins import planned_of
from service.actions.planning import draft, plan_of, words_of
from service.bulletin import Words, bed_words
from service.newsroom import Newsroom
from service.newsroom.values import Airing, Bulletin, Plan, Rung, Slot, Station


@dataclass(frozen=True, slots=True)
class Vacancy:
    """An hour whose address has nothing approved: where, when, and all that was made for it so far."""

    newsroom: Newsroom
    station: Station
    slot: Slot
    airing: Airing
    made: tuple[Bulletin, ...]


def automatic(vacancy: Vacancy) -> Plan | None:
    """A bulletin of approved stories: as the desk arranged it, else fitted to the slot."""
    if not vacancy.slot.automatic:
        return None
    planned = planned_of(vacancy.made)
    if planned is not None and planned.items:
        return _as_arranged(vacancy, planned)
    station, slot, airing = vacancy.station, vacancy.slot, vacancy.airing
    stock = vacancy.newsroom.bulletins.stock(station.slug, slot, airing.air_at)
    return draft(station, slot, airing.day, stock)


def evergreen(vacancy: Vacancy) -> Plan | None:
    """Notices that are never old and were never heard."""
    station, slot, airing = vacancy.station, vacancy.slot, vacancy.airing
    notices = vacancy.newsroom.bulletins.stock(station.slug, slot, airing.air_at, evergreen=True)
    unheard = [notice for notice in notices if notice.last_aired is None]
    return draft(station, slot, airing.day, unheard)


def previous(vacancy: Vacancy) -> Plan | None:
    """The last bulletin's stories again."""
    if not vacancy.slot.previous:
        return None
    station, airing = vacancy.station, vacancy.airing
    bulletins = vacancy.newsroom.bulletins
    last = bulletins.last_aired(station.slug, airing.air_at)
    heard = [item.episode_id for item in last.items] if last else []
    stories = bulletins.offers(station.slug, airing.air_at, heard)
    slot = replace(vacancy.slot, repeats=len(stories))
    return draft(station, slot, airing.day, stories)


def bed(vacancy: Vacancy) -> Plan:
    """Music and the time."""
    station, slot, airing = vacancy.station, vacancy.slot, vacancy.airing
    words = bed_words(airing.day, slot.at, slot.greeting or station.greeting)
    return replace(plan_of(station, slot, words, ()), headlines=False)


def _as_arranged(vacancy: Vacancy, planned: Bulletin) -> Plan | None:
    station, slot, airing = vacancy.station, vacancy.slot, vacancy.airing
    chosen = [item.episode_id for item in planned.items]
    stories = vacancy.newsroom.bulletins.offers(station.slug, airing.air_at, chosen)
    words = words_of(station, slot, airing.day)
    return plan_of(station, slot, words, stories, planned.left_out) if stories else None


# In the order in which they are tried; all that they say was approved before.
RUNGS: dict[Rung, Callable[[Vacancy], Plan | None]] = {
    Rung.AUTOMATIC: automatic,
    Rung.EVERGREEN: evergreen,
    Rung.PREVIOUS: previous,
    Rung.BED: bed,
}


def plan_of_rung(rung: Rung, vacancy: Vacancy) -> Plan | None:
    """What a rung would broadcast; None when the station does not allow it or there is nothing to say."""
    plan = RUNGS[rung](vacancy)
    says_something = plan is not None and (plan.stories or rung is Rung.BED)
    return plan if says_something else None


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
