"""Máy móc: the processes of the house, what waits,
and what stands at the slots of the next hour.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from service.actions.alerts import firing
from service.actions.watching import is_alive, look_at
from service.newsroom import Newsroom
from service.newsroom.values import Mark, Role, Rung
from service.web.auth import DeskPage, desk_pages
from service.web.site import Site

# What a loudspeaker gets, for the eye: green was approved for this hour, red is music alone.
GOOD, POOR = (Rung.URGENT, Rung.PLANNED), (Rung.BED,)


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/machines."""
    pages = Pages(newsroom, site)
    addresses = [DeskPage("GET", "", Role.APPROVER, pages.machines)]
    app.jinja_env.filters["how_long"] = how_long
    app.register_blueprint(desk_pages("machines", "/desk/machines", addresses))


@dataclass(frozen=True)
class Pages:
    """What /desk/machines answers."""

    newsroom: Newsroom
    site: Site

    def machines(self) -> ResponseReturnValue:
        """The house as it is now."""
        view = look_at(self.newsroom, self.site.home)
        return render_template(
            "desk/machines.html",
            house=view,
            alerts=tuple(firing(view)),
            is_alive=is_alive,
            good=GOOD,
            poor=POOR,
            clock_age=view.ages.get(Mark.CLOCK),
            backup_age=view.ages.get(Mark.BACKUP),
        )


def how_long(span: timedelta) -> str:
    """A length of time in its largest unit: "12 giây", "5 phút", "3 giờ", "2 ngày"."""
    seconds = int(span.total_seconds())
    for size, unit in ((86_400, "ngày"), (3_600, "giờ"), (60, "phút")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} giây"
