"""How others point at us: what search engines find, a picture for link previews,
a code to scan, a player to embed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from flask import Blueprint, Flask, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.values import Edition
from service.podcast import preview
from service.web.inputs.numbers import whole_number
from service.web.listeners.following import code_to
from service.web.media import shelved
from service.web.media.conditional import A_DAY, ALWAYS_ASK, with_etag
from service.web.media.headers import with_sound_from
from service.web.site import Site
from service.web.words import date_iso, day
from service.zone import midnight

ON_A_MAP = 1_000  # addresses in a part of the sitemap; the protocol allows 50,000
EMBEDDED = 5
LONGEST_URL_CHARS = 2_000
PLAYER_WIDTH_PX, PLAYER_HEIGHT_PX = 600, 180
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
CLOSED = (  # to search engines
    "/desk",
    "/api/",
    "/search",
    "/settings",
    "/saved",
    "/embed",
    "/oembed",
    "/articles/*/misreading",
)
# The one page that others may show in a frame: no login, no form, no script, so no click worth
# stealing.
EMBED_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
)


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /robots.txt, /sitemap.xml, /previews/…, /qr/…, /embed… and /oembed."""
    pages = Blueprint("links", __name__)
    links = Links(newsroom, site)
    views: dict[str, Callable[..., ResponseReturnValue]] = {
        "/robots.txt": links.robots,
        "/sitemap.xml": links.sitemap,
        "/sitemaps/lists.xml": links.map_of_lists,
        "/sitemaps/<int(min=1,max=100000):number>.xml": links.map_of_articles,
        "/previews/<slug>.jpg": links.picture,
        "/qr/<slug>.svg": links.code,
        "/embed/articles/<slug>": links.embedded_article,
        "/embed/stations/<slug>": links.embedded_station,
        "/embed": links.embedded_page,
        "/oembed": links.oembed,
    }
    for path, view in views.items():
        pages.add_url_rule(path, view.__name__, view)

    @pages.after_request
    def kept(response: Response) -> Response:
        shelved.keep_until_turn(newsroom)
        return response

    app.register_blueprint(pages)


@dataclass(frozen=True)
class Links:
    """What the addresses answer."""

    newsroom: Newsroom
    site: Site

    def robots(self) -> ResponseReturnValue:
        """What search engines may look at."""
        lines = [
            "User-agent: *",
            *(f"Disallow: {path}" for path in CLOSED),
            f"Sitemap: {self.site.public_url}/sitemap.xml",
        ]
        text = "\n".join(lines) + "\n"
        return with_etag(
            Response(text, content_type="text/plain; charset=utf-8"), A_DAY
        )

    def sitemap(self) -> ResponseReturnValue:
        """The lists, and where each thousand of articles is listed,
        numbered from the oldest so that parts stay.
        """
        parts = -(-self.newsroom.editions.ever() // ON_A_MAP)
        names = ["lists", *map(str, range(1, parts + 1))]
        base = f"{self.site.public_url}/sitemaps"
        return _xml(
            "sitemapindex",
            [f"<sitemap><loc>{base}/{name}.xml</loc></sitemap>" for name in names],
        )

    def map_of_lists(self) -> ResponseReturnValue:
        """Home, the stations' pages and the topics'."""
        stations = self.newsroom.stations
        paths = ["/", *(f"/stations/{station.slug}" for station in stations.all())]
        paths += [f"/topics/{topic.slug}" for topic in stations.topics()]
        base = self.site.public_url
        return _xml("urlset", [f"<url><loc>{base}{path}</loc></url>" for path in paths])

    def map_of_articles(self, number: int) -> ResponseReturnValue:
        """One thousand of articles; 404 when there are not so many."""
        if (number - 1) * ON_A_MAP >= self.newsroom.editions.ever():
            abort(404)
        shown = self.newsroom.editions.archive(number, ON_A_MAP)
        return _xml("urlset", [_mapped(edition, self.site) for edition in shown])

    def picture(self, slug: str) -> ResponseReturnValue:
        """The picture that a link's preview shows."""
        edition = self.newsroom.editions.get(slug)
        drawn = preview(
            edition.title, edition.station_name, day(edition.first_published_at)
        )
        return with_etag(Response(drawn, content_type="image/jpeg"), A_DAY)

    def code(self, slug: str) -> ResponseReturnValue:
        """A code to scan, which leads to an article."""
        address = (
            f"{self.site.public_url}/articles/{self.newsroom.editions.get(slug).slug}"
        )
        return code_to(address)

    def embedded_article(self, slug: str) -> ResponseReturnValue:
        """An article's player for other pages."""
        edition = self.newsroom.editions.get(slug)
        page = render_template(
            "player/embed.html", shown=[edition], title=edition.title, page=edition
        )
        return _for_frames(page, self.site.media_url)

    def embedded_page(self) -> ResponseReturnValue:
        """The player of the article that stands at `?url=` elsewhere; 204 while there is none."""
        edition = self._at(request.args.get("url", ""))
        return self.embedded_article(edition.slug) if edition else ("", 204)

    def oembed(self) -> ResponseReturnValue:
        """The same for programs that fill pages by themselves: https://oembed.com, version 1.0."""
        if request.args.get("format", "json") != "json":
            abort(501)  # as the standard has it for a format that is not served
        edition = self._at(request.args.get("url", ""))
        if edition is None:
            abort(404)
        return with_etag(jsonify(_rich(edition, self.site, request.args)), ALWAYS_ASK)

    def _at(self, url: str) -> Edition | None:
        """The edition of an address: ours, or that of the page where its article stood."""
        if len(url) > LONGEST_URL_CHARS or not url.startswith(("http://", "https://")):
            return None
        ours = f"{self.site.public_url}/articles/"
        try:
            if url.startswith(ours):
                return self.newsroom.editions.get(
                    urlsplit(url.removeprefix(ours)).path.strip("/")
                )
            return self.newsroom.editions.at_address(url)
        except (NotFound, ValueError):  # nothing of that name, or no address at all
            return None

    def embedded_station(self, slug: str) -> ResponseReturnValue:
        """A station's newest, of today or of before, for other pages."""
        station = self.newsroom.stations.get(slug)
        editions = self.newsroom.editions
        today = midnight(self.newsroom.now())
        shown = editions.latest(station=slug, since=today, limit=EMBEDDED).editions
        if not shown:
            shown = editions.latest(station=slug, limit=EMBEDDED).editions
        page = render_template(
            "player/embed.html", shown=shown, title=station.name, station=station
        )
        return _for_frames(page, self.site.media_url)


def _rich(edition: Edition, site: Site, asked: Mapping[str, str]) -> dict[str, object]:
    """What oEmbed tells of a player; no larger than the caller has room for."""
    width = _at_most(asked.get("maxwidth", ""), PLAYER_WIDTH_PX)
    height = _at_most(asked.get("maxheight", ""), PLAYER_HEIGHT_PX)
    address = f"{site.public_url}/embed/articles/{edition.slug}"
    frame = (
        f'<iframe src="{escape(address)}" width="{width}" height="{height}" '
        f'title="Nghe bài này" style="border:0" loading="lazy"></iframe>'
    )
    return {
        "version": "1.0",
        "type": "rich",
        "title": edition.title,
        "provider_name": site.name,
        "provider_url": site.public_url,
        "width": width,
        "height": height,
        "html": frame,
    }


def _at_most(text: str, usual: int) -> int:
    """The smaller one, in pixels; the usual for what is no number of a width."""
    return min(usual, whole_number(text) or usual)


def _mapped(edition: Edition, site: Site) -> str:
    address = escape(f"{site.public_url}/articles/{edition.slug}")
    changed_at = date_iso(edition.published_at)
    return f"<url><loc>{address}</loc><lastmod>{changed_at}</lastmod></url>"


def _for_frames(page: str, media_url: str) -> Response:
    answer = Response(page, content_type="text/html; charset=utf-8")
    policy = with_sound_from(EMBED_CSP, media_url)
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return with_etag(answer, ALWAYS_ASK)


def _xml(root: str, parts: Sequence[str]) -> Response:
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SITEMAP}">\n'
        + "\n".join(parts)
        + f"\n</{root}>\n"
    )
    return with_etag(
        Response(text, content_type="application/xml; charset=utf-8"),
        "public, max-age=3600",
    )
