"""Alerts reach the people on duty also where nobody runs Prometheus:
one notice of each, once a day.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from service.actions.alerts import firing
from service.actions.watching import look_at
from service.newsroom import Newsroom

log = logging.getLogger("loa.alerts")

LOOK_EVERY_S = 15.0


class Alarms:
    """Looks at the house every so often, and tells of what stays wrong for as long as its alert
    says.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        home: Path | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._newsroom, self._home, self._clock = newsroom, home, clock
        self._looked: float | None = None
        self._since: dict[str, float] = {}

    def look(self) -> None:
        """Looks, when it is time to."""
        now = self._clock()
        if self._looked is not None and now - self._looked < LOOK_EVERY_S:
            return
        self._looked = now
        wrong = list(firing(look_at(self._newsroom, self._home)))
        self._since = {alert.name: self._since.get(alert.name, now) for alert in wrong}
        for alert in wrong:
            if alert.notice and now - self._since[alert.name] >= alert.for_s:
                self._newsroom.notices.note_alert(alert.name, alert.text_vi)
