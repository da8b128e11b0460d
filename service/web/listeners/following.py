"""How people follow a show: by an app in one tap, by a code to scan, by a sheet on a wall."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import segno
from flask import Blueprint, Flask, Response, render_template
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.shows import EVERYTHING
from service.web.listeners.feed_shows import feed_show
from service.web.media import shelved
from service.web.media.conditional import A_DAY, with_etag
from service.web.site import Site


@dataclass(frozen=True, slots=True)
class App:
    """A program that follows podcasts; `link` is what opens it at a feed.

    The link's form has `{url}` for the feed's address, percent-encoded, `{bare}` for the address
    without its scheme, and `{title}`.
    """

    name: str
    link: str

    def at(self, feed: str, title: str) -> str:
        """The address that follows a feed in this app."""
        bare = feed.partition("://")[2]
        return self.link.format(
            url=quote(feed, safe=""), bare=bare, title=quote(title, safe="")
        )


# Forms as the makers have them: antennapod.org/documentation (links for podcasters), Apple's and
# Pocket Casts' own schemes. Other apps register pcast, which iTunes began with.
APPS = (
    App(
        "AntennaPod",
        "https://antennapod.org/deeplink/subscribe?url={url}&title={title}",
    ),
    App("Apple Podcasts", "podcast://{bare}"),
    App("Pocket Casts", "pktc://subscribe/{bare}"),
    App("Ứng dụng khác", "pcast://{bare}"),
)


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds the codes and sheets of shows, and the global `apps`."""
    pages = Blueprint("following", __name__)
    following = Following(newsroom, site)
    views: dict[str, Callable[..., ResponseReturnValue]] = {
        "/qr/shows/all.svg": following.code_of_all,
        "/qr/shows/<any(stations,topics):kind>/<slug>.svg": following.code,
        "/sheet": following.sheet_of_all,
        "/stations/<slug>/sheet": following.sheet,
    }
    for path, view in views.items():
        pages.add_url_rule(path, view.__name__, view)

    @pages.after_request
    def kept(response: Response) -> Response:
        shelved.keep(None)
        return response

    app.jinja_env.globals["apps"] = following.apps
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Following:
    """What the addresses answer."""

    newsroom: Newsroom
    site: Site

    def apps(self, feed: str, title: str) -> list[tuple[str, str]]:
        """The names of the apps, and the links that follow the feed at this path in each."""
        return [(app.name, app.at(self.site.public_url + feed, title)) for app in APPS]

    def code_of_all(self) -> ResponseReturnValue:
        """A code to scan, which leads home."""
        return self._code(EVERYTHING)

    def code(self, kind: str, slug: str) -> ResponseReturnValue:
        """A code to scan, which leads to the page of a station or topic."""
        return self._code(f"{kind}/{slug}")

    def sheet_of_all(self) -> ResponseReturnValue:
        """The sheet of the whole installation."""
        return self._sheet(EVERYTHING)

    def sheet(self, slug: str) -> ResponseReturnValue:
        """The sheet of a station."""
        return self._sheet(f"stations/{slug}")

    def _code(self, path: str) -> Response:
        show = feed_show(self.newsroom, self.site, path)
        return code_to(self.site.public_url + show.page)

    def _sheet(self, path: str) -> str:
        """A page of A5 for the commune's house and the market: a code, and how in three words."""
        show = feed_show(self.newsroom, self.site, path)
        return render_template(
            "player/sheet.html",
            name=show.title,
            address=self.site.public_url + show.page,
            code=f"/qr/shows/{path}.svg",
        )


def code_to(address: str) -> Response:
    """A code to scan as SVG. Error correction M: phones read it from a wall and a creased sheet."""
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing,
        kind="svg",
        border=4,
        omitsize=True,
        light="#fff",
        svgclass=None,
        lineclass=None,
        xmldecl=False,
    )
    return with_etag(Response(drawing.getvalue(), content_type="image/svg+xml"), A_DAY)
