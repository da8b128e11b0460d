"""What stands at slots' addresses, asked anew: of each slot once at a time, for all who wait."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from service.front.lanes import Lane, Lanes
from service.front.resource import Resource

# A station's slug, and the hour as it stands in addresses ("0500")
Place = tuple[str, str]
# By the kind of its addresses: "mp3", "json", "m3u". None where no such slot is.
Stands = Mapping[str, Resource] | None
Renewal = asyncio.Future[Stands]


class Renewals:
    """Of one slot one runs at a time, and one more is to come.

    Who asks while one runs shares the next: the running one may have looked before that was
    written which they want to hear of. Lives in the event loop's thread alone.
    """

    def __init__(self, lanes: Lanes, renew: Callable[[Place], Stands]) -> None:
        self._lanes = lanes
        self._renew = renew
        self._running: dict[Place, Renewal] = {}
        self._coming: dict[Place, Renewal] = {}

    async def share(self, place: Place) -> Stands:
        """What stands there as of a moment after this call; raises what the asking raises.

        Who waits no longer leaves it to the others.
        """
        coming = self._coming.get(place)
        if coming is None:
            before = self._running.get(place)
            coming = asyncio.ensure_future(self._run(place, before))
            coming.add_done_callback(_take_note)
            self._coming[place] = coming
        return await asyncio.shield(coming)

    async def _run(self, place: Place, before: Renewal | None) -> Stands:
        if before is not None:
            await asyncio.wait([before])
        self._running[place] = self._coming.pop(place)
        try:
            task = partial(self._renew, place)
            return await self._lanes.run(Lane.HORNS, task)
        finally:
            del self._running[place]


def _take_note(renewal: Renewal) -> None:
    """Nobody may be waiting for its error any more; asyncio would print it as forgotten."""
    if not renewal.cancelled():
        renewal.exception()
