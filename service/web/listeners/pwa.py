"""What makes the player an app on a phone: manifest, icons, modules,
and the worker that answers without a network.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.podcast import favicon, icon
from service.web.media.conditional import A_DAY, ALWAYS_ASK, with_etag
from service.web.site import Site

A_YEAR = "public, max-age=31536000, immutable"
ICON_SIZES = (180, 192, 512)
# Where phones and podcast apps look that read no page's head.
APPLE_ICONS = ("/apple-touch-icon.png", "/apple-touch-icon-precomposed.png")
ACCENT, PAPER = "#0f5c4d", "#fdf8ef"
MODULES = "player"  # the folder of static/ with the player's modules; main.js begins
# What only some pages ask for: nobody pays for it at the first visit.
LATER = ("comforts.js",)
FONTS = ("fonts/be-vietnam-pro-400.woff2", "fonts/be-vietnam-pro-700.woff2")
SHELL = ("loa.css", "loa.svg")
SHORT_NAME = 14  # letters; longer ones are cut under an icon


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /manifest.webmanifest, /icons/…, /player/…,
    /sw.js and the globals `fonts`, `module` and `modules`.
    """
    pages = Blueprint("pwa", __name__)
    parts = Parts(app, site)
    answers = Answers(newsroom, site, parts)
    views: dict[str, Callable[..., ResponseReturnValue]] = {
        "/player/<mark>/<name>.js": answers.one_module,
        "/sw.js": answers.worker,
        "/manifest.webmanifest": answers.manifest,
        "/icons/<int:size>.png": answers.picture,
        "/favicon.ico": answers.favicon,
    }
    for path, view in views.items():
        pages.add_url_rule(path, view.__name__, view)
    for path in APPLE_ICONS:
        pages.add_url_rule(path, "picture", answers.picture, defaults={"size": 180})
    app.jinja_env.globals.update(
        fonts=parts.fonts, module=parts.module, modules=lambda: parts.modules
    )
    app.register_blueprint(pages)


class Parts:
    """The files that the app is made of, and their addresses; each is read once in a process."""

    def __init__(self, app: Flask, site: Site) -> None:
        self._app = app
        self._static = Path(app.static_folder or "")
        self._templates = site.templates

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """The names of the modules that every page needs."""
        return tuple(name for name in self._all_modules if name not in LATER)

    @cached_property
    def _all_modules(self) -> tuple[str, ...]:
        folder = self._static / MODULES
        return tuple(sorted(path.name for path in folder.glob("*.js")))

    @cached_property
    def edition(self) -> str:
        """One mark for all modules: they import each other by relative names,
        so they share a folder's address.
        """
        modules = [
            (self._static / MODULES / name).read_bytes() for name in self._all_modules
        ]
        return hashlib.sha256(b"\0".join(modules)).hexdigest()[:8]

    @cached_property
    def version(self) -> str:
        """A mark of all that the worker keeps for the app itself: templates,
        styles, fonts, modules, and itself.
        """
        digest = hashlib.sha256(self.edition.encode())
        files = [
            *(self._static / name for name in (*SHELL, *FONTS, "sw.js")),
            *sorted((self._templates / "player").glob("*.html")),
            self._templates / "base.html",
        ]
        for file in files:
            digest.update(file.read_bytes())
        return digest.hexdigest()[:12]

    @property
    def worker(self) -> str:
        """The worker's script."""
        return (self._static / "sw.js").read_text("utf-8")

    def module(self, name: str) -> str:
        """The address of a module: another one when any of them changes."""
        return f"/player/{self.edition}/{name}"

    def asset(self, name: str) -> str:
        """As `words` has it for pages."""
        return str(self._app.jinja_env.globals["asset"](name))  # type: ignore[operator]

    def fonts(self) -> tuple[str, ...]:
        """Where the typeface lies: as loa.css names it, so that it comes once.

        Another font has another name.
        """
        return tuple(url_for("static", filename=name) for name in FONTS)

    def shell(self) -> list[str]:
        """Every address that the worker keeps, so that the app opens without a network."""
        return [
            "/saved",
            *self.fonts(),
            *(self.asset(name) for name in SHELL),
            *(self.module(name) for name in self.modules),
        ]


@dataclass(frozen=True)
class Answers:
    """What the addresses answer."""

    newsroom: Newsroom
    site: Site
    parts: Parts

    def one_module(self, mark: str, name: str) -> ResponseReturnValue:
        """A module of the player; kept for a year under the mark of today's."""
        answer = current_app.send_static_file(f"{MODULES}/{name}.js")
        answer.headers["Cache-Control"] = (
            A_YEAR if mark == self.parts.edition else "no-cache"
        )
        return answer

    def worker(self) -> ResponseReturnValue:
        """The service worker, with the version and the addresses that it keeps."""
        version, shell = json.dumps(self.parts.version), json.dumps(self.parts.shell())
        head = f"const VERSION = {version};\nconst SHELL = {shell};\n"
        script = head + self.parts.worker
        return with_etag(
            Response(script, content_type="text/javascript; charset=utf-8"), ALWAYS_ASK
        )

    def manifest(self) -> ResponseReturnValue:
        """The app's name, icons and colours, for the phone that installs it."""
        home = self.newsroom.stations.home()
        # An installation that was given no name of its own is called by its first station.
        name = home.name if home and self.site.name == "Loa" else self.site.name
        description = {
            "id": "/",
            "name": name,
            "short_name": name if len(name) <= SHORT_NAME else self.site.name,
            "description": "Tin của xã, đọc thành tiếng mỗi ngày.",
            "lang": "vi",
            "dir": "ltr",
            "start_url": "/?tu=app",
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": ACCENT,
            "categories": ["news"],
            "icons": _icons(self.parts.asset("loa.svg")),
            "shortcuts": [{"name": "Tin đã lưu", "url": "/saved"}],
        }
        answer = Response(
            json.dumps(description, ensure_ascii=False),
            content_type="application/manifest+json; charset=utf-8",
        )
        return with_etag(answer, A_DAY)

    def favicon(self) -> ResponseReturnValue:
        """The icon of tabs and of lists of feeds."""
        return with_etag(Response(favicon(), content_type="image/x-icon"), A_DAY)

    def picture(self, size: int) -> ResponseReturnValue:
        """The icon in one of its sizes."""
        if size not in ICON_SIZES:
            abort(404)
        return with_etag(Response(icon(size), content_type="image/png"), A_DAY)


def _icons(drawing: str) -> list[dict[str, str]]:
    """The drawing, and pictures for phones that take none."""
    pictures = [
        {
            "src": f"/icons/{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in ICON_SIZES[1:]
        for purpose in ("any", "maskable")
    ]
    return [{"src": drawing, "sizes": "any", "type": "image/svg+xml"}, *pictures]
