"""The listeners' pages: today's news, articles with their sound, stations, topics, search."""

from datetime import datetime, timedelta
from itertools import groupby

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.intake import HANOI
from service.newsroom import Newsroom
from service.newsroom.values import Edition, Page, Sentence
from service.web.feeds import cover_path
from service.web.site import Site

A_PAGE = 20
EARLIER = 8


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds the pages."""
    pages = Blueprint("player", __name__)

    @pages.get("/")
    def home() -> ResponseReturnValue:
        now = newsroom.now()
        today = newsroom.editions.latest(since=midnight(now), limit=A_PAGE).editions
        before = newsroom.editions.latest(until=midnight(now), limit=EARLIER).editions
        return render_template(
            "player/home.html",
            today=today,
            latest=() if today else before,
            earlier=before if today else (),
            seconds=total_seconds(today or before),
            now=now,
            stations=newsroom.stations.all(),
            topics=newsroom.stations.topics(),
            feed="/feeds/all.xml",
        )

    @pages.get("/articles/<slug>")
    def article(slug: str) -> ResponseReturnValue:
        edition = newsroom.editions.get(slug)
        return render_template(
            "player/article.html",
            edition=edition,
            passages=passages(edition.sentences),
            files={master.kind: master for master in edition.masters},
            cover=cover_path(f"stations/{edition.station}"),
        )

    @pages.get("/stations/<slug>")
    def station(slug: str) -> ResponseReturnValue:
        found = newsroom.stations.get(slug)
        return listing(
            newsroom.editions.latest(station=slug, limit=A_PAGE, offset=offset()),
            found.name,
            found.description,
            feed=f"/feeds/stations/{slug}.xml",
            station=found,
        )

    @pages.get("/topics/<slug>")
    def topic(slug: str) -> ResponseReturnValue:
        found = newsroom.stations.topic(slug)
        page = newsroom.editions.latest(topic=slug, limit=A_PAGE, offset=offset())
        return listing(page, found.name, "", feed=f"/feeds/topics/{slug}.xml")

    @pages.get("/search")
    def search() -> ResponseReturnValue:
        words = request.args.get("q", "").strip()[:200]
        found = newsroom.editions.latest(words=words, limit=A_PAGE, offset=offset()) if words else Page((), 0)
        return listing(found, f"Tìm “{words}”" if words else "Tìm tin", "", search=words)

    pages.after_request(_known)
    app.register_blueprint(pages)


def _known(response: Response) -> Response:
    """A page that a phone has already is not sent again: 3G is paid per MB."""
    if response.status_code == 200:
        response.add_etag()
        response.headers["Cache-Control"] = "no-cache"
        response.make_conditional(request.environ)
    return response


def listing(page: Page, title: str, text: str, **more: object) -> str:
    """A page of a list, with ways to the ones before and after."""
    number = offset() // A_PAGE + 1
    kept = {name: value for name, value in request.args.items() if name != "trang"} | (request.view_args or {})

    def link(to: int) -> str:
        return url_for(request.endpoint or "player.home", **kept, trang=to)

    return render_template(
        "player/list.html",
        page=page,
        title=title,
        text=text,
        number=number,
        pages=max(1, -(-page.total // A_PAGE)),
        newer=link(number - 1) if number > 1 else "",
        older=link(number + 1) if number * A_PAGE < page.total else "",
        **more,
    )


def offset() -> int:
    """Where the page asked for (`?trang=2`) begins."""
    text = request.args.get("trang", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return (max(1, number) - 1) * A_PAGE


def midnight(now: datetime) -> datetime:
    """When today began in Vietnam."""
    return now.astimezone(HANOI).replace(hour=0, minute=0, second=0, microsecond=0)


def days_ago(now: datetime, days: int) -> datetime:
    """Midnight so many days before today."""
    return midnight(now) - timedelta(days=days)


def passages(sentences: tuple[Sentence, ...]) -> list[tuple[str, list[Sentence]]]:
    """The text as paragraphs: (role, sentences); the title is the page's own heading."""
    grouped = ((number, list(group)) for number, group in groupby(sentences, key=lambda sentence: sentence.passage))
    return [(group[0].role, group) for _, group in grouped]


def total_seconds(editions: tuple[Edition, ...]) -> float:
    """How long it takes to hear them all."""
    return sum(edition.master("app").seconds for edition in editions)
