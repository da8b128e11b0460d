"""One run against one house: rounds, and what is looked at in the end."""

import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from random import Random

from tests.chaos.audit import Findings, Rows, find, settled
from tests.chaos.houses import House
from tests.chaos.injections import Injection, Round, drawn
from tests.chaos.loudspeaker import Heard, Loudspeaker
from tests.chaos.news import Article, Portal
from tests.chaos.report import Report

LOOK_EVERY_S = 0.2
# With one round; what is not well then is stuck, and looked for again in the end
PATIENCE_S = 180.0
FIRST_NEWS = 4


class Run:
    """Rounds against a house that has begun."""

    def __init__(
        self,
        house: House,
        seed: int,
        pace: float = 1.0,
        kinds: Collection[str] = (),
    ) -> None:
        self.house, self._seed, self._pace, self._kinds = house, seed, pace, kinds
        self.portal, self.report = Portal(house), Report()
        self._rows = Rows(house.database_url)
        self._speaker: Loudspeaker | None = None

    def furnish(self, news: int = FIRST_NEWS) -> None:
        """Stations, the first news, and a bulletin of it at the slot: from then on a loudspeaker
        asks.
        """
        self.house.furnish()
        random = Random(f"{self._seed}/first")
        for _ in range(news):
            self.portal.hand_in(random)
        assert self.is_read(), "the first news is not read"
        number = self.house.bulletin()
        assert number, "no bulletin is drafted"
        self._approved(number)
        self._speaker = Loudspeaker(self.house.port, self.house.path)

    def round(self, number: int) -> str:
        """One round; gives a line that tells of it."""
        injection, random = drawn(self._seed, number, self.house.shape, self._kinds)
        return self.inject(number, injection, random)

    def inject(
        self, number: int, injection: Injection, random: Random | None = None
    ) -> str:
        """A round with that injection."""
        random = random or Random(f"{self._seed}/{number}")
        at = Round(self.house, self.portal, random, self._pace)
        for _ in range(round(self._pace * random.randint(1, 3))):
            self.portal.hand_in(random)
        begun = time.time()
        injection.do(at)
        mended = time.monotonic()
        after = self._after(random)
        is_well = self._recovered([*self._good(), after])
        seconds = time.monotonic() - mended
        if at.silences:
            self.report.quiet.append((begun - 1, time.time()))
        self.report.add(injection.kind, at.count, seconds)
        self.report.faults += [
            f"#{number} {injection.name}: {fault}" for fault in at.faults
        ]
        told = "" if is_well else " NOT WELL"
        return f"#{number} {injection.kind}, {injection.name}: {at.count}, {seconds:.1f} s{told}"

    def end(self) -> tuple[Findings, Heard]:
        """Waits until all is done, and looks."""
        self.is_read()
        heard = self._speaker.end() if self._speaker else Heard()
        found = find(self._rows, self.portal.accepted, heard.sounds)
        found.lost += self.house.spoilt()
        self.report.faults += self.portal.refused
        self._rows.close()
        return found, heard

    def is_read(self) -> bool:
        """Whether all that was accepted is where it belongs, waited for."""
        return self._recovered(self.portal.accepted)

    def _after(self, random: Random) -> Article:
        """An article handed in when the fault is over: that it is taken is a part of being well
        again.
        """
        whole = self.portal.text(random, sentences=2)
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            if article := self.portal.send(whole, "tin"):
                return article
            time.sleep(LOOK_EVERY_S)
        return Article(whole["external_id"], 0, "tin")

    def _good(self) -> list[Article]:
        """Those of which nobody dies: what the others wait for."""
        return [each for each in self.portal.accepted if not each.poison]

    def _recovered(self, articles: Sequence[Article]) -> bool:
        """Waits until each of them is where it belongs; False when that does not come in time."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            standings = self._rows.standings()
            if standings is not None and all(
                settled(each, standings.get(each.name)) for each in articles
            ):
                return True
            time.sleep(LOOK_EVERY_S)
        return False

    def _approved(self, number: int) -> None:
        """The bulletin, approved as it is."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            with suppress(AssertionError):
                return self.house.approve(number)
            time.sleep(LOOK_EVERY_S)
        raise AssertionError("the bulletin is not read")
