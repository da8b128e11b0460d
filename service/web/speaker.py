"""The loudspeaker operator's page: what is approved today, to be downloaded and broadcast."""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.web.player import days_ago, midnight, total_seconds
from service.web.site import Site

MOST = 200


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /stations/<slug>/speaker."""
    pages = Blueprint("speaker", __name__)

    @pages.get("/stations/<slug>/speaker")
    def day(slug: str) -> ResponseReturnValue:
        station = newsroom.stations.get(slug)
        now = newsroom.now()
        today = newsroom.editions.latest(station=slug, since=midnight(now), limit=MOST).editions
        week = newsroom.editions.latest(station=slug, since=days_ago(now, 7), until=midnight(now), limit=MOST)
        return render_template(
            "speaker/day.html",
            station=station,
            now=now,
            today=today,
            week=week.editions,
            seconds=total_seconds(today),
        )

    app.register_blueprint(pages)
