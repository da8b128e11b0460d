"""Stations as a spreadsheet: a row for each, and back."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.newsroom.errors import Invalid
from service.newsroom.text import fold
from service.newsroom.values import ApprovalRule, Slot, Station
from service.web.words import approval_rule_name
from service.web.words.spreadsheets import guarded, rows_in, unguarded

SLUG, NAME, LIKE, DUTY = "Mã", "Tên đài", "Như đài", "Người trực"
# Of Vietnamese and English spreadsheets, and of tables that are copied.
DELIMITERS = ";,\t"
MOST_ROWS = 2_000
# "05:00/15": an hour, and for how many minutes; "05:00/3:20" with seconds.
HOUR = re.compile(
    r"(\d{1,2}:\d\d)\s*/\s*(?:(\d{1,3}(?:[.,]\d{1,2})?)|(\d{1,3}):([0-5]\d))", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Column:
    """A rule of a station that a cell holds: how it is written, and what it changes.

    `read` gets the cell and the station as it is so far, and gives the fields to change.
    """

    title: str
    write: Callable[[Station], str]
    read: Callable[[str, Station], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of a sheet, its cells by the titles of their columns."""

    line: int
    cells: Mapping[str, str]


def _written_hours(station: Station) -> str:
    return "; ".join(f"{slot.at}/{_written_length(slot)}" for slot in station.slots)


def _written_length(slot: Slot) -> str:
    """ "15", "4.5", or "3:20" where tenths of a minute do not tell the seconds."""
    minutes, seconds = divmod(slot.max_seconds, 60)
    if seconds % 6:
        return f"{minutes}:{seconds:02}"
    return f"{minutes}.{seconds // 6}" if seconds else f"{minutes}"


def _read_length(minutes: str, whole: str, seconds: str) -> int:
    """Seconds; `minutes` alone, or `whole` ones with `seconds`, "" where they are not typed."""
    if minutes:
        return round(float(minutes.replace(",", ".")) * 60)
    return int(whole) * 60 + int(seconds)


def _read_hours(cell: str, station: Station) -> dict[str, Any]:
    """Hours that the station has keep their other rules."""
    known = {slot.at: slot for slot in station.slots}
    slots: list[Slot] = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", cell))):
        match = HOUR.fullmatch(part)
        if match is None:
            raise Invalid(
                f"{part!r} is no hour with its minutes, such as 05:00/15 or 05:00/3:20",
                f"“{part}”: viết giờ và số phút, ví dụ 05:00/15; 17:00/3:20 (3 phút 20 giây).",
                "slots",
            )
        hour, *length = match.groups(default="")
        at, seconds = hour.zfill(5), _read_length(*length)
        slots.append(replace(known.get(at, Slot(at, seconds)), max_seconds=seconds))
    return {"slots": tuple(sorted(slots, key=lambda slot: slot.at))}


def _read_approval(cell: str, _station: Station) -> dict[str, Any]:
    """An empty cell changes nothing: there is always a rule."""
    if not cell:
        return {}
    names = {fold(approval_rule_name(rule)): rule for rule in ApprovalRule}
    rule = names.get(fold(cell))
    if rule is None:
        listed = ", ".join(map(approval_rule_name, ApprovalRule))
        raise Invalid(
            f"{cell!r} is no rule of approval", f"Duyệt: chọn {listed}.", "approval"
        )
    return {"approval": rule}


def _text(field: str) -> Callable[[str, Station], dict[str, Any]]:
    return lambda cell, _station: {field: cell}


def _read_duty(cell: str, _station: Station) -> dict[str, Any]:
    return {"duty": tuple(filter(None, re.split(r"[;\s]+", cell)))}


COLUMNS = (
    Column(NAME, lambda station: station.name, _text("name")),
    Column("Địa bàn", lambda station: station.place, _text("place")),
    Column("Giờ phát", _written_hours, _read_hours),
    Column("Giọng", lambda station: station.voice, _text("voice")),
    Column(
        "Duyệt", lambda station: approval_rule_name(station.approval), _read_approval
    ),
    Column("Lời chào", lambda station: station.greeting, _text("greeting")),
    Column(DUTY, lambda station: " ".join(station.duty), _read_duty),
)


def spreadsheet(stations: Sequence[Station], *, with_duty: bool) -> str:
    """A line for each station under the columns' titles, as spreadsheets open it (UTF-8).

    `with_duty`: also whom duty notices go to. A webhook's path is often its password.
    """
    columns = [column for column in COLUMNS if with_duty or column.title != DUTY]
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([SLUG, *(column.title for column in columns)])
    for station in stations:
        cells = [station.slug, *(column.write(station) for column in columns)]
        # A spreadsheet must take none of them for a formula.
        table.writerow(map(guarded, cells))
    return "\ufeff" + out.getvalue()


def rows_of(text: str) -> list[SheetRow]:
    """The rows of a sheet, its empty ones left out.

    Any of its columns may be missing but the first; their order does not matter. Invalid (`file`)
    for a title that is none of ours, a sheet without the first column, or one too long.
    """
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    lines = rows_in(text, delimiter)
    titles = [title.strip() for title in lines[0]] if lines else []
    _check_titles(titles)
    if len(lines) > MOST_ROWS + 1:
        raise Invalid(
            f"a sheet has at most {MOST_ROWS} rows",
            f"Mỗi tệp tối đa {MOST_ROWS} dòng.",
            "file",
        )
    rows: list[SheetRow] = []
    for number, line in enumerate(lines[1:], start=2):
        cells = [unguarded(cell.strip()) for cell in line]
        if any(cells):
            rows.append(SheetRow(number, dict(zip(titles, cells, strict=False))))
    return rows


def _check_titles(titles: Sequence[str]) -> None:
    known = (SLUG, LIKE, *(column.title for column in COLUMNS))
    unknown = [title for title in titles if title and title not in known]
    if SLUG not in titles or unknown:
        raise Invalid(
            f"the first line names the columns; unknown: {unknown}",
            f"Dòng đầu phải ghi tên cột, có cột “{SLUG}”. Các cột: {', '.join(known)}.",
            "file",
        )


def _as_read(cell: str) -> str:
    """A cell that was written, as `rows_of` gives it."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def station_in(row: SheetRow, stations: Mapping[str, Station]) -> Station:
    """The station that a row describes; `stations` are those that are there, by slug.

    One that is there keeps what no column names. A new one begins as the station in “Như đài”,
    which also fills its empty cells. Invalid names what is wrong.
    """
    slug = row.cells.get(SLUG, "")
    station = stations.get(slug)
    like = row.cells.get(LIKE, "")
    is_like_another = station is None and bool(like)
    if is_like_another and like not in stations:
        raise Invalid(
            f"there is no station {like!r} to be like",
            f"Không có đài “{like}” để làm theo.",
            "like",
        )
    if station is None:
        station = replace(stations[like], slug=slug) if like else Station(slug, "")
    for column in COLUMNS:
        cell = row.cells.get(column.title)
        is_told = cell is not None and (cell or not is_like_another)
        # What a cell cannot hold, such as spaces at its ends, stays when nobody changed it.
        if cell is not None and is_told and cell != _as_read(column.write(station)):
            station = replace(station, **column.read(cell, station))
    return station
