"""Warnings, and what people on duty are told."""

from dataclasses import dataclass
from datetime import datetime

from service.newsroom.errors import Held
from service.newsroom.values.bulletins import Airing
from service.newsroom.values.kinds import State
from service.newsroom.values.rungs import Rung


@dataclass(frozen=True, slots=True)
class Notice:
    """The one message about an airing that had nothing approved,
    or about a warning that waits for approval.

    `untold` are addresses still to be told; `link` is the path of the page where somebody can
    approve.
    """

    id: int
    station: str
    airing: Airing | None
    episode_id: int | None
    rung: Rung
    title: str
    text: str
    link: str
    made_at: datetime
    untold: tuple[str, ...]
    tries: int
    seen_by: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewWarning:
    """A warning as it is handed in, beside its article.

    `approved_by` "" when somebody must hear it first.
    """

    expires_at: datetime
    times: int = 3
    approved_by: str = ""
    proved: bool = False  # they gave their password in the last minutes
    cap_id: str = ""
    severity: str = "Unknown"
    references: tuple[str, ...] = ()  # cap_id of the warnings that it replaces


@dataclass(frozen=True, slots=True)
class Urgent:
    """A warning and where it stands: `in_force` from its approval until it expires or is ended.

    `approved_by` is who approved what is in force, or beforehand what is still being read.
    """

    episode_id: int
    title: str
    stations: tuple[str, ...]
    state: State
    version: int
    times: int
    expires_at: datetime
    expired: bool
    received_at: datetime
    received_from: str
    severity: str
    cap_id: str
    in_force: bool
    approved_by: str
    ended_why: str
    held: Held | None
    first_by: str = ""  # the first of two, while the second is waited for

    @property
    def waits(self) -> bool:
        """Whether somebody must do something before it is heard:
        approve it, or mend what holds it.
        """
        live = not (self.expired or self.in_force or self.ended_why)
        return live and (
            self.held is not None
            or not self.approved_by
            or self.state is State.MASTERED
        )
