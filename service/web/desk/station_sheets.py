"""Stations out as a spreadsheet and in again, for who has hundreds of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue

from service.actions.station_rules import checked_station
from service.intake import LARGEST_BYTES, Rejected, decode
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import Role, Station
from service.web.auth import DeskPage, desk_pages, who
from service.web.auth.access import may, own_stations
from service.web.desk.station_sheet import (
    SLUG,
    SheetRow,
    rows_of,
    spreadsheet,
    station_in,
)
from service.web.site import Site

NEW, CHANGED, SAME = "đài mới", "thay đổi", "giữ nguyên"
AT_ONCE = 200  # stations in one transaction: a second of nobody else's writing


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/stations/sheet.csv."""
    sheets = StationSheets(newsroom, site)
    addresses = [
        DeskPage("GET", "/sheet.csv", Role.OPERATOR, sheets.export, sifted=True),
        DeskPage("POST", "/sheet.csv", Role.ADMIN, sheets.take),
    ]
    app.register_blueprint(desk_pages("sheets", "/desk/stations", addresses))


@dataclass(frozen=True, slots=True)
class TakenRow:
    """What a row did, or would do: the station's name and what of it changes, or what is wrong."""

    line: int
    slug: str
    name: str = ""
    news: str = ""
    fault: str = ""


@dataclass(frozen=True)
class StationSheets:
    """What the sheet's address answers."""

    newsroom: Newsroom
    site: Site

    def export(self) -> Response:
        """The stations at which who asks works; whom they ring, for an administrator of all."""
        stations = own_stations(self.newsroom, Role.OPERATOR)
        # An empty cell would take those addresses away when the sheet comes in again.
        with_duty = all(may(Role.ADMIN, station.slug) for station in stations)
        sheet = spreadsheet(stations, with_duty=with_duty)
        headers = {
            "Content-Disposition": 'attachment; filename="dai.csv"',
            "Cache-Control": "private",
        }
        return Response(sheet, content_type="text/csv; charset=utf-8", headers=headers)

    def take(self) -> ResponseReturnValue:
        """Says what a sheet would do; with the button of that page, does it.

        A row that is at fault is told and changes nothing; the others are kept.
        """
        try:
            text = self._sheet()
            rows = rows_of(text)
        except (Rejected, NewsroomError) as error:
            return self._page((), fault=error.message_vi), 422
        taken, stations = self._taken(rows)
        if "save" not in request.form:
            return self._page(taken, text=text)
        fault = self._save([stations[slug] for slug in _changed(taken)])
        if fault:
            left, _ = self._taken(rows)
            return self._page(left, text=text, fault=fault), 422
        return self._page(taken, done=True)

    def _save(self, stations: Sequence[Station]) -> str:
        """Some at a time: each of them alone would change every feed, and all at once would keep
        everybody else from writing. Gives what kept it from the rest; "" when all are kept.
        """
        for begin in range(0, len(stations), AT_ONCE):
            try:
                self.newsroom.stations.put_all(stations[begin : begin + AT_ONCE], who())
            except NewsroomError as error:
                return (
                    f"{error.message_vi} Đã lưu {begin} đài; bấm lưu lần nữa để lưu tiếp các"
                    " đài còn lại."
                )
        return ""

    def _taken(
        self, rows: Sequence[SheetRow]
    ) -> tuple[list[TakenRow], dict[str, Station]]:
        """What each row would do, and the stations by slug as they would be then."""
        stations = {each.slug: each for each in self.newsroom.stations.all()}
        return [self._take_row(row, stations) for row in rows], stations

    def _sheet(self) -> str:
        """The text of the file, or of the page that said what it would do."""
        file = request.files.get("file")
        if file is not None and file.filename:
            return decode(file.stream.read(LARGEST_BYTES + 1), "file")
        if text := request.form.get("sheet", ""):
            return text
        raise Invalid("choose a file", "Hãy chọn một tệp .csv.", "file")

    def _take_row(self, row: SheetRow, stations: dict[str, Station]) -> TakenRow:
        """`stations` learns what the row makes: later rows may be like it."""
        slug = row.cells.get(SLUG, "")
        before = stations.get(slug)
        try:
            station = station_in(row, stations)
            self.site.check_voice(station.voice)
            station = checked_station(self.newsroom, station)
        except NewsroomError as error:
            return TakenRow(row.line, slug, fault=error.message_vi)
        stations[slug] = station
        return TakenRow(row.line, slug, station.name, _news(before, station))

    def _page(
        self,
        rows: Sequence[TakenRow],
        *,
        text: str = "",
        fault: str = "",
        done: bool = False,
    ) -> str:
        return render_template(
            "desk/station_sheet.html",
            rows=rows,
            sheet=text,
            fault=fault,
            done=done,
            changed=sum(bool(row.news and row.news != SAME) for row in rows),
            at_fault=sum(bool(row.fault) for row in rows),
        )


def _changed(rows: Sequence[TakenRow]) -> list[str]:
    """The slugs of the stations that rows make or change, each once."""
    return list(
        dict.fromkeys(row.slug for row in rows if row.news and row.news != SAME)
    )


def _news(before: Station | None, station: Station) -> str:
    if before is None:
        return NEW
    return SAME if before == station else CHANGED
