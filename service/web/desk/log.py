"""The log on the desk: who did what, newest first, sifted by what happened, by whom and when.

As a page, or as a table for a spreadsheet.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.values import Event, Happening, Role
from service.web.auth import DeskPage, desk_pages
from service.web.auth.access import may_everywhere, reach
from service.web.desk.proof import detail_vi, what_vi, who_vi
from service.web.inputs.numbers import day_typed, whole_number
from service.web.site import Site
from service.web.words import when
from service.web.words.spreadsheets import harmless
from service.zone import begin_of

ON_A_PAGE = 200
MOST_PAGES = 9_999
MOST_IN_A_TABLE = 50_000  # lines; a spreadsheet takes a million, slowly
A_DAY = timedelta(days=1)
BOM = "\ufeff"  # or Excel shows Vietnamese as noise
HEAD = ("Lúc", "Ai", "Việc", "Chi tiết", "Bài", "Bản")


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /desk/log and /desk/log.csv."""
    pages = LogPages(newsroom)
    addresses = [
        DeskPage("GET", "/log", Role.OPERATOR, pages.log, sifted=True),
        DeskPage("GET", "/log.csv", Role.OPERATOR, pages.table, sifted=True),
    ]
    app.register_blueprint(desk_pages("log", "/desk", addresses))


@dataclass(frozen=True, slots=True)
class LogSieve:
    """What somebody wants to see of the log; days are whole ones, both included."""

    event: Event | None
    who: str
    first: date | None
    last: date | None

    @classmethod
    def of_request(cls) -> "LogSieve":
        """What cannot be understood is as if it were not there."""
        arguments = request.args
        return cls(
            next((e for e in _readable() if e == arguments.get("event")), None),
            arguments.get("who", "").strip(),
            day_typed(arguments.get("from", "")),
            day_typed(arguments.get("to", "")),
        )

    @property
    def days(self) -> tuple[datetime | None, datetime | None]:
        """The moments that bound them."""
        since = begin_of(self.first) if self.first else None
        return since, begin_of(self.last + A_DAY) if self.last else None

    @property
    def asked(self) -> dict[str, str]:
        """The same as an address asks for it again; what is empty is left out."""
        asked = {
            "event": self.event or "",
            "who": self.who,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
        }
        return {name: value for name, value in asked.items() if value}

    def address(self, page: int) -> str:
        """The address of a page of it."""
        return url_for("log.log", page=page, **self.asked)  # type: ignore[arg-type]


@dataclass(frozen=True)
class LogPages:
    """What the log's addresses answer."""

    newsroom: Newsroom

    def log(self) -> ResponseReturnValue:
        """What the news went through; logins, rights and refusals only for administrators."""
        sieve = LogSieve.of_request()
        page = whole_number(request.args.get("page", ""), MOST_PAGES) or 1
        # One more than is shown tells whether there is another page.
        lines = self._lines(sieve, ON_A_PAGE + 1, (page - 1) * ON_A_PAGE)
        return render_template(
            "desk/log.html",
            happenings=lines[:ON_A_PAGE],
            events=_readable(),
            sieve=sieve,
            page=page,
            more=len(lines) > ON_A_PAGE,
            to=sieve.address,
        )

    def table(self) -> ResponseReturnValue:
        """The same as CSV, the newest lines first, as many as a spreadsheet likes."""
        lines = self._lines(LogSieve.of_request(), MOST_IN_A_TABLE)
        headers = {
            "Content-Disposition": 'attachment; filename="nhat-ky.csv"',
            "Cache-Control": "private, no-store",
        }
        return Response(
            _spreadsheet(lines), content_type="text/csv; charset=utf-8", headers=headers
        )

    def _lines(self, sieve: LogSieve, most: int, skipped: int = 0) -> list[Happening]:
        return self.newsroom.log.lines(
            events=(sieve.event,) if sieve.event else _readable(),
            who=sieve.who,
            days=sieve.days,
            among=reach(Role.OPERATOR),
            limit=most,
            offset=skipped,
        )


def _readable() -> list[Event]:
    """The events that whoever asks may read of."""
    whole = may_everywhere(Role.ADMIN)
    return [event for event in Event if whole or not event.of_the_door]


def _spreadsheet(lines: list[Happening]) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(HEAD)
    for line in lines:
        cells = (when(line.at), who_vi(line), what_vi(line), detail_vi(line))
        numbers = (line.episode_id or "", line.version or "")
        rows.writerow((*map(harmless, cells), *numbers))
    return BOM + out.getvalue()
