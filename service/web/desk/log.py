"""The log on the desk: who did what, newest first, sifted by what happened and by whom."""

from dataclasses import dataclass

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.values import Event, Role
from service.web.auth import View, desk_pages, may
from service.web.site import Site

ON_A_PAGE = 200


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /desk/log."""
    pages = Pages(newsroom)
    views: list[tuple[str, str, Role, View]] = [("GET", "", Role.OPERATOR, pages.log)]
    app.register_blueprint(desk_pages("log", "/desk/log", views))


@dataclass(frozen=True)
class Pages:
    """What /desk/log answers."""

    newsroom: Newsroom

    def log(self) -> ResponseReturnValue:
        """What the news went through; logins, rights and refusals only for administrators."""
        asked = request.args
        shown = [event for event in Event if may(Role.ADMIN) or not event.of_the_door]
        event = next((each for each in shown if each == asked.get("event")), None)
        who, page = asked.get("who", "").strip(), _page(asked.get("page", ""))
        lines = self.newsroom.log.lines(
            events=(event,) if event else shown,
            who=who,
            limit=ON_A_PAGE + 1,
            offset=(page - 1) * ON_A_PAGE,
        )
        return render_template(
            "desk/log.html",
            happenings=lines[:ON_A_PAGE],
            events=shown,
            event=event,
            who=who,
            page=page,
            more=len(lines) > ON_A_PAGE,
        )


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) < 10_000 else 1
