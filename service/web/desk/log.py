"""The log on the desk: who did what, newest first, sifted by what happened and by whom."""

from dataclasses import dataclass

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.values import Event, Role
from service.web.auth import DeskPage, desk_pages
from service.web.auth.access import may_everywhere, reach
from service.web.inputs.numbers import whole_number
from service.web.site import Site

ON_A_PAGE = 200
MOST_PAGES = 9_999


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /desk/log."""
    pages = LogPages(newsroom)
    addresses = [DeskPage("GET", "", Role.OPERATOR, pages.log, sifted=True)]
    app.register_blueprint(desk_pages("log", "/desk/log", addresses))


@dataclass(frozen=True)
class LogPages:
    """What /desk/log answers."""

    newsroom: Newsroom

    def log(self) -> ResponseReturnValue:
        """What the news went through; logins, rights and refusals only for administrators."""
        arguments = request.args
        whole = may_everywhere(Role.ADMIN)
        events = [event for event in Event if whole or not event.of_the_door]
        event = next((each for each in events if each == arguments.get("event")), None)
        who = arguments.get("who", "").strip()
        page = whole_number(arguments.get("page", ""), MOST_PAGES) or 1
        # One more than is shown tells whether there is another page.
        lines = self.newsroom.log.lines(
            events=(event,) if event else events,
            who=who,
            among=reach(Role.OPERATOR),
            limit=ON_A_PAGE + 1,
            offset=(page - 1) * ON_A_PAGE,
        )
        return render_template(
            "desk/log.html",
            happenings=lines[:ON_A_PAGE],
            events=events,
            event=event,
            who=who,
            page=page,
            more=len(lines) > ON_A_PAGE,
        )
