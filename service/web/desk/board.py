"""The board: stations and their hours of today and tomorrow,
what is not approved yet, and whom to ring.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from service.actions.approvers import approvers, nearest_approvers
from service.bulletin import hours
from service.newsroom import Newsroom
from service.newsroom.values import BoardHour, Person, Role, Slot, State, Station
from service.web.auth import DeskPage, desk_pages
from service.web.auth.access import own_stations, reach
from service.web.inputs.numbers import whole_number
from service.web.site import Site
from service.zone import midnight

ON_A_PAGE = 150
MOST_PAGES = 1_000
DAYS = timedelta(days=2)


class BoardStage(StrEnum):
    """How far an hour has come, as the board tells it: the least ready first."""

    NONE = "none"
    MAKING = "making"
    TROUBLE = "trouble"
    WAITING = "waiting"
    APPROVED = "approved"
    TAKEN = "taken"
    PLAYED = "played"
    OVER = "over"


STAGES_VI: dict[BoardStage, str] = {
    BoardStage.NONE: "chưa soạn",
    BoardStage.MAKING: "máy đang ghép",
    BoardStage.TROUBLE: "bị giữ, trả lại",
    BoardStage.WAITING: "chờ duyệt",
    BoardStage.APPROVED: "đã duyệt",
    BoardStage.TAKEN: "loa đã lấy",
    BoardStage.PLAYED: "đã phát",
    BoardStage.OVER: "qua giờ, chưa ghi",
}
# Somebody has something to do about these.
OPEN = (BoardStage.NONE, BoardStage.TROUBLE, BoardStage.WAITING)


@dataclass(frozen=True, slots=True)
class BoardCell:
    """An hour on the board."""

    at: str
    day: date
    stage: BoardStage
    hour: BoardHour | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A station on the board, and who may approve there, the nearest first."""

    station: Station
    cells: tuple[BoardCell, ...]
    approvers: tuple[Person, ...]


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /desk/board."""
    pages = BoardPages(newsroom)
    addresses = [DeskPage("GET", "", Role.OPERATOR, pages.board, sifted=True)]
    app.register_blueprint(desk_pages("board", "/desk/board", addresses))


@dataclass(frozen=True)
class BoardPages:
    """What /desk/board answers."""

    newsroom: Newsroom

    def board(self) -> ResponseReturnValue:
        """All stations.

        `?group=` one group's, `?open` only those where somebody has something to do.
        """
        now = self.newsroom.now()
        group = request.args.get("group", "")
        rows = [*self._rows(now, group)]
        counts = Counter(cell.stage for row in rows for cell in row.cells)
        if "open" in request.args:
            rows = [
                row for row in rows if any(cell.stage in OPEN for cell in row.cells)
            ]
        page = whole_number(request.args.get("page", ""), MOST_PAGES) or 1
        begin = (page - 1) * ON_A_PAGE
        return render_template(
            "desk/board.html",
            rows=rows[begin : begin + ON_A_PAGE],
            counts=[
                (stage, STAGES_VI[stage], counts[stage])
                for stage in BoardStage
                if counts[stage]
            ],
            names=STAGES_VI,
            days=[midnight(now).date(), (midnight(now) + timedelta(days=1)).date()],
            groups=self.newsroom.groups.all(),
            group=group,
            only_open="open" in request.args,
            now=now,
            page=page,
            pages=max(1, -(-len(rows) // ON_A_PAGE)),
        )

    def _rows(self, now: datetime, group: str) -> Iterator[BoardRow]:
        since = midnight(now)
        within = reach(Role.OPERATOR)
        known = {
            (hour.station, hour.day, hour.at): hour
            for hour in self.newsroom.board.hours(since, since + DAYS, within)
        }
        chosen = self.newsroom.groups.stations([group]) if group else None
        those = approvers(self.newsroom)
        on_air = _on_air(now)
        for station in own_stations(self.newsroom, Role.OPERATOR):
            if chosen is None or station.slug in chosen:
                cells = [
                    _cell(slot.at, day, known.get((station.slug, day, slot.at)), over)
                    for slot in station.slots
                    for day, over in on_air(slot)
                ]
                yield BoardRow(
                    station, tuple(cells), nearest_approvers(station.slug, those)
                )


def _on_air(now: datetime) -> Callable[[Slot], tuple[tuple[date, bool], ...]]:
    """Tells the days of a slot, and whether its hour is over.

    Remembered: a thousand stations share a few hours.
    """
    since = midnight(now)

    @cache
    def on_air(slot: Slot) -> tuple[tuple[date, bool], ...]:
        longest = timedelta(seconds=slot.max_seconds)
        times = hours(slot.at, slot.weekdays, since, since + DAYS)
        return tuple((hour.day, hour.air_at + longest <= now) for hour in times)

    return on_air


def _cell(at: str, day: date, hour: BoardHour | None, over: bool) -> BoardCell:
    return BoardCell(at, day, _stage(hour, over), hour)


def _stage(hour: BoardHour | None, over: bool) -> BoardStage:
    """The furthest that an hour has come."""
    if hour is not None and hour.played_at is not None:
        return BoardStage.PLAYED
    if over:
        return BoardStage.OVER
    if hour is None or hour.state is None or hour.state is State.WITHDRAWN:
        return BoardStage.NONE
    if hour.approved_version is not None:
        return (
            BoardStage.TAKEN
            if hour.taken_version == hour.approved_version
            else BoardStage.APPROVED
        )
    if hour.state in (State.HELD, State.RETURNED):
        return BoardStage.TROUBLE
    return BoardStage.WAITING if hour.state is State.MASTERED else BoardStage.MAKING
