"""The running order of a bulletin as editors arrange it: as typed,
as it adds up, and what could still go in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from service.actions.bulletins import TAKEN_OUT
from service.actions.planning import item_seconds, plan_of, rules_of
from service.bulletin import Words
from service.newsroom import Newsroom
from service.newsroom.text import fold
from service.newsroom.values import (
    Bulletin,
    Offer,
    Plan,
    PlanItem,
    Sentence,
    Slot,
    Station,
)
from service.web.inputs.numbers import whole_number

WIDER_DAYS = 30  # what a search looks through: more than the slot's rules would take by themselves
NOT_SEEN = "mới, hoặc không thuộc quy định của khung giờ"
GREETING, CLOSING = "greeting", "closing"


@dataclass(frozen=True, slots=True)
class Order:
    """The running order as it stands in the form: perhaps not saved yet."""

    stories: tuple[int, ...]
    greeting: str
    closing: str
    version: int  # the bulletin's, when this began

    @classmethod
    def of(cls, bulletin: Bulletin) -> "Order":
        """As it is saved."""
        stories = tuple(item.episode_id for item in bulletin.items)
        return cls(stories, bulletin.greeting, bulletin.closing, bulletin.version)

    @classmethod
    def typed(cls, form: MultiDict[str, str]) -> "Order":
        """As the browser sent it, after the move whose button was pressed."""
        numbers = map(whole_number, form.getlist("story"))
        # A story that was sent twice, by two windows or a double click, is there once.
        stories = dict.fromkeys(number for number in numbers if number)
        return cls(
            stories=moved(list(stories), form.get("move", "")),
            greeting=" ".join(form.get("greeting", "").split()),
            closing=" ".join(form.get("closing", "").split()),
            version=whole_number(form.get("version", "")) or 0,
        )


def moved(stories: list[int], move: str) -> tuple[int, ...]:
    """The order after "up:7", "down:7", "drop:7" or "add:7"; any other move changes nothing."""
    verb, _, name = move.partition(":")
    story = whole_number(name)
    if verb == "add" and story and story not in stories:
        return (*stories, story)
    if story not in stories:
        return tuple(stories)
    place = stories.index(story)
    match verb:
        case "up":
            neighbour = max(place - 1, 0)
        case "down":
            neighbour = min(place + 1, len(stories) - 1)
        case "drop":
            return tuple(stories[:place] + stories[place + 1 :])
        case _:
            neighbour = place
    stories[place], stories[neighbour] = stories[neighbour], stories[place]
    return tuple(stories)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A story in the running order: its offer, or (withdrawn) the item it was."""

    episode_id: int
    title: str
    seconds: float
    offer: Offer | None
    item: PlanItem | None

    @property
    def newer(self) -> bool:
        """Whether the bulletin carries an older version than the public has."""
        if self.offer is None or self.item is None:
            return False
        return self.item.version != self.offer.version


@dataclass(frozen=True, slots=True)
class Spare:
    """A story that is not in the order, how long it would be there, and why it is not."""

    offer: Offer
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A running order and what it makes of its bulletin:
    by which rules, from which offers, how long.
    """

    bulletin: Bulletin
    station: Station
    slot: Slot
    order: Order
    offers: tuple[Offer, ...]
    plan: Plan

    @classmethod
    def of(cls, newsroom: Newsroom, bulletin: Bulletin, order: Order) -> "Arrangement":
        """With the stories as they are published now."""
        airing = bulletin.airing
        station = newsroom.stations.get(airing.station)
        slot = rules_of(station, airing)
        offers = newsroom.bulletins.offers(station.slug, airing.air_at, order.stories)
        words = Words(bulletin.title, order.greeting, order.closing)
        plan = plan_of(station, slot, words, offers)
        return cls(bulletin, station, slot, order, tuple(offers), plan)

    @property
    def is_saved(self) -> bool:
        """Whether it is what the bulletin says already."""
        return self.order == replace(
            Order.of(self.bulletin), version=self.order.version
        )

    @property
    def seconds(self) -> float:
        """How long it is: as measured where nothing changed since, else as it is reckoned."""
        nothing_withdrawn = all(item.newest for item in self.bulletin.items)
        is_as_measured = self.is_saved and nothing_withdrawn
        return self.bulletin.seconds if is_as_measured else self.plan.seconds

    @property
    def room_s(self) -> float:
        """Seconds that the slot has left."""
        return self.bulletin.airing.max_seconds - self.plan.seconds

    def rows(self) -> list[OrderRow]:
        """Its stories; one that nobody knows any more is left out."""
        offers = {offer.episode_id: offer for offer in self.offers}
        items = {item.episode_id: item for item in self.bulletin.items}
        rows: list[OrderRow] = []
        for number in self.order.stories:
            offer, item = offers.get(number), items.get(number)
            if offer is not None:
                rows.append(
                    OrderRow(number, offer.title, self._length(offer), offer, item)
                )
            elif item is not None:
                rows.append(OrderRow(number, item.title, 0.0, None, item))
        return rows

    def spares(self, newsroom: Newsroom, words: str) -> list[Spare]:
        """Stories that could go in as well.

        With `words` also older ones and other topics, that hold them all.
        """
        slot = (
            replace(self.slot, max_age_days=WIDER_DAYS, topics=())
            if words
            else self.slot
        )
        air_at = self.bulletin.airing.air_at
        stock = newsroom.bulletins.stock(self.station.slug, slot, air_at)
        stock += newsroom.bulletins.stock(
            self.station.slug, slot, air_at, evergreen=True
        )
        reasons = {left.episode_id: left.why for left in self.bulletin.left_out}
        reasons |= {item.episode_id: TAKEN_OUT for item in self.bulletin.items}
        wanted = fold(words).split()
        return [
            Spare(offer, self._length(offer), reasons.get(offer.episode_id, NOT_SEEN))
            for offer in stock
            if offer.episode_id not in self.order.stories
            and _holds(offer.title, wanted)
        ]

    def _length(self, offer: Offer) -> float:
        return item_seconds(self.station, self.slot, offer)


def _holds(title: str, words: Sequence[str]) -> bool:
    folded = fold(title)
    return all(word in folded for word in words)


@dataclass(frozen=True, slots=True)
class BulletinPart:
    """A stretch of a finished bulletin that can be heard alone:
    "greeting", "closing" or a story's number.
    """

    name: str
    start_ms: int
    end_ms: int


def parts_of(sentences: Sequence[Sentence]) -> list[BulletinPart]:
    """The parts of a finished bulletin, by its sentences' times in the `app` master.

    None before it is finished.
    """
    parts: list[BulletinPart] = []
    name = GREETING
    for sentence in sentences:
        if sentence.start_ms is None or sentence.end_ms is None:
            return []
        name = _part_of(sentence, name)
        if parts and parts[-1].name == name:
            parts[-1] = replace(parts[-1], end_ms=sentence.end_ms)
        else:
            parts.append(BulletinPart(name, sentence.start_ms, sentence.end_ms))
    return parts


def _part_of(sentence: Sentence, before: str) -> str:
    """The part that a sentence belongs to, after one of the part `before`."""
    if sentence.story_id is None:
        return GREETING if before == GREETING else CLOSING
    story = str(sentence.story_id)
    # A story begins with its heading; the same title among the headlines belongs to the words
    # before.
    is_of_story = sentence.role == "heading" or before == story
    return story if is_of_story else GREETING
