"""The addresses that loudspeakers fetch:
answered within moments whatever is away, hangs or is slow.
"""

import asyncio
import logging
import re
from functools import partial
from time import monotonic
from typing import Protocol

from service.front.lanes import OF_SLOTS, Lane, Lanes
from service.front.preconditions import NOT_MODIFIED, outcome
from service.front.resource import Question, Resource

# For the word of a database that answered a moment ago; then what was right last is sent
ASK_S = 2.0
REST_S = 2.0  # nobody asks again so long after it kept us waiting

# `?wait=50`: who has what stands there wants to hear when something else does
WAIT = re.compile(rb"(?:^|&)wait=([0-9]{1,2})(?:&|$)")
LONGEST_WAIT_S = 55.0  # proxies give up after a minute
LOOK_S = 0.25
MOST_WAITING = 2_000  # one more is answered at once

log = logging.getLogger("loa.front")


class SlotShelf(Protocol):
    """What stands at the slots' addresses."""

    def find(self, question: Question) -> Resource | None:
        """What stands there now, None when that has to be asked. In the event loop: never waits."""
        ...

    def renew(self, question: Question) -> Resource | None:
        """The same, asked anew; None when there is no such address.

        In a thread; raises what the asking raises.
        """
        ...

    def last(self, question: Question) -> Resource:
        """What is right to broadcast when nobody can be asked: never nothing. Never waits."""
        ...


class Horns:
    """Asks at most so long, and then answers from the shelf."""

    def __init__(self, shelf: SlotShelf, lanes: Lanes) -> None:
        self._shelf = shelf
        self._lanes = lanes
        self._rests_until = 0.0
        self._waiting = 0

    @staticmethod
    def answers(question: Question) -> bool:
        """Whether the request is for a slot's address."""
        return question.reads and OF_SLOTS.fullmatch(question.path) is not None

    async def resource(self, question: Question) -> Resource | None:
        """What stands there; None when the application has to say that there is no such address.

        Who asks with `wait` and If-None-Match is answered once something else stands there, or
        after so many seconds: a warning reaches a box at once, and an idle one costs no thread.
        """
        found = await self._now(question)
        ends = monotonic() + patience_of(question)
        if self._waiting >= MOST_WAITING:
            return found
        self._waiting += 1
        try:
            while monotonic() < ends and _is_known(found, question):
                await asyncio.sleep(LOOK_S)
                found = await self._now(question)
        finally:
            self._waiting -= 1
        return found

    async def _now(self, question: Question) -> Resource | None:
        """What stands there at this moment."""
        found = self._shelf.find(question)
        if found is not None:
            return found
        if monotonic() < self._rests_until:
            return self._shelf.last(question)
        try:
            async with asyncio.timeout(ASK_S):
                return await self._lanes.run(
                    Lane.HORNS, partial(self._shelf.renew, question)
                )
        except Exception as error:  # noqa: BLE001 - no fault of anything may silence a village
            self._rests_until = monotonic() + REST_S
            reason = str(error) or "no answer in time"
            log.warning("slots are answered from the shelf: %s", reason)
            return self._shelf.last(question)


def patience_of(question: Question) -> float:
    """Seconds that whoever asks is ready to wait for something else; 0 without `wait`."""
    wanted = WAIT.search(question.query)
    return min(float(wanted[1]), LONGEST_WAIT_S) if wanted is not None else 0.0


def _is_known(found: Resource | None, question: Question) -> bool:
    """Whether whoever asks has just what stands there."""
    if found is None or b"if-none-match" not in question.headers:
        return False
    return outcome(question.headers, found.tag, found.modified) == NOT_MODIFIED
