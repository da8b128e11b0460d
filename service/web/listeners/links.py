"""How others point at us: what search engines find, a picture for link previews, a code to scan, a player to embed."""

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

import segno
from flask import Blueprint, Flask, Response, abort, render_template
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.podcast import preview
from service.web.conditional import A_DAY, ALWAYS_ASK, known
from service.web.site import Site
from service.web.words import date_iso, day
from service.zone import midnight

ON_A_MAP = 1_000  # addresses in a part of the sitemap; the protocol allows 50,000
EMBEDDED = 5
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
# The one page that others may show in a frame: no login, no form, no script, so no click worth stealing.
EMBED_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
)


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /robots.txt, /sitemap.xml, /previews/…, /qr/… and /embed/…"""
    pages = Blueprint("links", __name__)
    editions, stations = newsroom.editions, newsroom.stations

    @pages.get("/robots.txt")
    def robots() -> ResponseReturnValue:
        closed = (
            "/desk",
            "/api/",
            "/search",
            "/settings",
            "/saved",
            "/embed/",
            "/articles/*/misreading",
        )
        lines = [
            "User-agent: *",
            *(f"Disallow: {path}" for path in closed),
            f"Sitemap: {site.public_url}/sitemap.xml",
        ]
        return known(
            Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"), A_DAY
        )

    @pages.get("/sitemap.xml")
    def sitemap() -> ResponseReturnValue:
        """The lists, and where each thousand of articles is listed, numbered from the oldest so that parts stay."""
        parts = -(-editions.ever() // ON_A_MAP)
        listed = [f"<sitemap><loc>{site.public_url}/sitemaps/lists.xml</loc></sitemap>"]
        listed += [
            f"<sitemap><loc>{site.public_url}/sitemaps/{number}.xml</loc></sitemap>"
            for number in range(1, parts + 1)
        ]
        return _xml("sitemapindex", listed)

    @pages.get("/sitemaps/lists.xml")
    def map_of_lists() -> ResponseReturnValue:
        paths = ["/", *(f"/stations/{station.slug}" for station in stations.all())]
        paths += [f"/topics/{topic.slug}" for topic in stations.topics()]
        return _xml("urlset", [f"<url><loc>{site.public_url}{path}</loc></url>" for path in paths])

    @pages.get("/sitemaps/<int(min=1,max=100000):number>.xml")
    def map_of_articles(number: int) -> ResponseReturnValue:
        if (number - 1) * ON_A_MAP >= editions.ever():
            abort(404)
        shown = editions.archive(number, ON_A_MAP)
        return _xml(
            "urlset",
            [
                f"<url><loc>{escape(f'{site.public_url}/articles/{edition.slug}')}</loc>"
                f"<lastmod>{date_iso(edition.published_at)}</lastmod></url>"
                for edition in shown
            ],
        )

    @pages.get("/previews/<slug>.jpg")
    def picture(slug: str) -> ResponseReturnValue:
        edition = editions.get(slug)
        drawn = preview(edition.title, edition.station_name, day(edition.first_published_at))
        return known(Response(drawn, content_type="image/jpeg"), A_DAY)

    @pages.get("/qr/<slug>.svg")
    def code(slug: str) -> ResponseReturnValue:
        address = f"{site.public_url}/articles/{editions.get(slug).slug}"
        out = io.BytesIO()
        segno.make(address, error="m", micro=False).save(
            out,
            kind="svg",
            border=4,
            omitsize=True,
            light="#fff",
            svgclass=None,
            lineclass=None,
            xmldecl=False,
        )
        return known(Response(out.getvalue(), content_type="image/svg+xml"), A_DAY)

    @pages.get("/embed/articles/<slug>")
    def embedded_article(slug: str) -> ResponseReturnValue:
        edition = editions.get(slug)
        return _for_frames(
            render_template("player/embed.html", shown=[edition], title=edition.title, page=edition)
        )

    @pages.get("/embed/stations/<slug>")
    def embedded_station(slug: str) -> ResponseReturnValue:
        station = stations.get(slug)
        now = newsroom.now()
        shown = editions.latest(station=slug, since=midnight(now), limit=EMBEDDED).editions
        shown = shown or editions.latest(station=slug, limit=EMBEDDED).editions
        return _for_frames(
            render_template("player/embed.html", shown=shown, title=station.name, station=station)
        )

    app.register_blueprint(pages)


def _for_frames(page: str) -> Response:
    answer = Response(page, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = EMBED_CSP
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return known(answer, ALWAYS_ASK)


def _xml(root: str, parts: Sequence[str]) -> Response:
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SITEMAP}">\n'
        + "\n".join(parts)
        + f"\n</{root}>\n"
    )
    return known(
        Response(text, content_type="application/xml; charset=utf-8"), "public, max-age=3600"
    )
