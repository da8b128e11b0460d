"""The loudspeaker operator's page: what is approved today, to be downloaded and broadcast."""

from crawleruseragents import is_crawler
from flask import Blueprint, Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.web.player import days_ago, midnight, total_seconds
from service.web.site import Site

MOST = 200
REMEMBERED_DAYS = 30  # how long a station is told of what became of a file it took


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
            outdated=newsroom.takings.outdated(slug, days_ago(now, REMEMBERED_DAYS)),
        )

    @pages.get("/stations/<slug>/speaker/<int(max=2147483647):episode_id>.mp3")
    def take(slug: str, episode_id: int) -> ResponseReturnValue:
        newsroom.stations.get(slug)
        version, path = newsroom.takings.newest(episode_id)
        if request.method == "GET" and not is_crawler(request.user_agent.string):
            newsroom.takings.take(slug, episode_id, version)
        answer = redirect(f"/media/{path}?download=1", 302)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    app.register_blueprint(pages)
