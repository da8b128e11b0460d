"""The addresses that loudspeakers fetch:
answered within moments whatever is away, hangs or is slow.
"""

import asyncio
import logging
import re
from time import monotonic
from typing import Protocol

from service.front.body import Receive, farewell
from service.front.crowd import Crowd
from service.front.lanes import OF_SLOTS, Lanes
from service.front.preconditions import NOT_MODIFIED, outcome
from service.front.renewals import Place, Renewals, Stands
from service.front.resource import Question, Resource

# For the word of a database that answered a moment ago; then what was right last is sent
ASK_S = 2.0
REST_S = 2.0  # nobody asks again about a slot so long after it kept us waiting

# `?wait=50`: who has what stands there wants to hear when something else does
WAIT = re.compile(rb"(?:^|&)wait=([0-9]{1,2})(?:&|$)")
LONGEST_WAIT_S = 55.0  # proxies give up after a minute
LOOK_S = 0.25

log = logging.getLogger("loa.front")


class SlotShelf(Protocol):
    """What stands at the slots' addresses."""

    def find(self, question: Question) -> Resource | None:
        """What stands there now, None when that has to be asked. In the event loop: never waits."""
        ...

    def is_enough_for(self, question: Question) -> bool:
        """Whether who asks may be told no more than lies here. Never waits."""
        ...

    def renew(self, place: Place) -> Stands:
        """What stands at a slot's addresses, asked anew; None when there is no such slot.

        In a thread, of one slot once at a time; raises what the asking raises.
        """
        ...

    def last(self, question: Question) -> Resource:
        """What is right to broadcast when nobody can be asked: never nothing. Never waits."""
        ...


class Horns:
    """Asks at most so long, and then answers from the shelf.

    `waiting` counts who waits for something else to stand there: one more is answered at once.
    """

    def __init__(self, shelf: SlotShelf, lanes: Lanes, waiting: Crowd) -> None:
        self._shelf = shelf
        self._renewals = Renewals(lanes, shelf.renew)
        self._waiting = waiting
        self._rests = Rests()

    @staticmethod
    def answers(question: Question) -> bool:
        """Whether the request is for a slot's address."""
        return question.reads and OF_SLOTS.fullmatch(question.path) is not None

    async def resource(self, question: Question, receive: Receive) -> Resource | None:
        """What stands there; None when the application has to say that there is no such address.

        Who asks with `wait` and If-None-Match is answered once something else stands there, or
        after so many seconds: a warning reaches a box at once, and an idle one costs no thread.
        """
        resource = await self._now(question)
        if not patience_of(question) or not _is_known(resource, question):
            return resource
        with self._waiting.answering(question.address) as room:
            return await self._other(resource, question, receive) if room else resource

    async def _other(
        self, known: Resource | None, question: Question, receive: Receive
    ) -> Resource | None:
        """What stands there once that is something else, or time is over, or nobody waits."""
        ends = monotonic() + patience_of(question)
        gone = asyncio.ensure_future(farewell(receive))
        try:
            resource = known
            while monotonic() < ends and _is_known(resource, question):
                await asyncio.wait([gone], timeout=LOOK_S)
                if gone.done():
                    break
                resource = await self._now(question)
            return resource
        finally:
            gone.cancel()

    async def _now(self, question: Question) -> Resource | None:
        """What stands there at this moment."""
        resource = self._shelf.find(question)
        if resource is not None:
            return resource
        place, kind = place_of(question)
        if self._rests.are_on(place):
            return self._shelf.last(question)
        if not self._shelf.is_enough_for(question):
            return None
        try:
            async with asyncio.timeout(ASK_S):
                stands = await self._renewals.share(place)
        except Exception as error:  # noqa: BLE001 - no fault of anything may silence a village
            self._rests.begin(place)
            reason = str(error) or "no answer in time"
            log.warning("slots are answered from the shelf: %s", reason)
            return self._shelf.last(question)
        return stands[kind] if stands is not None else None


class Rests:
    """Slots about which nobody is asked for a moment.

    Each for itself: what fails at one, a stranger's made-up address too, keeps no other.
    """

    def __init__(self) -> None:
        self._ends: dict[Place, float] = {}

    def begin(self, place: Place) -> None:
        """That slot could not be told of just now."""
        now = monotonic()
        self._ends = {known: end for known, end in self._ends.items() if end > now}
        self._ends[place] = now + REST_S

    def are_on(self, place: Place) -> bool:
        """Whether it is too early to ask about that slot again."""
        return monotonic() < self._ends.get(place, 0.0)


def place_of(question: Question) -> tuple[Place, str]:
    """Which slot is asked about, and which of its addresses. ValueError when it is none's."""
    match = OF_SLOTS.fullmatch(question.path)
    if match is None:
        raise ValueError(f"{question.path!r} is no slot's address")
    slug, hhmm, kind = (part.decode("utf-8", "replace") for part in match.groups())
    return (slug, hhmm), kind


def patience_of(question: Question) -> float:
    """Seconds that whoever asks is ready to wait for something else; 0 without `wait`."""
    wanted = WAIT.search(question.query)
    return min(float(wanted[1]), LONGEST_WAIT_S) if wanted is not None else 0.0


def _is_known(resource: Resource | None, question: Question) -> bool:
    """Whether whoever asks has just what stands there."""
    if resource is None or b"if-none-match" not in question.headers:
        return False
    return outcome(question.headers, resource.tag, resource.modified) == NOT_MODIFIED
