"""What makes the player an app on a phone: manifest, icons, modules, and the worker that answers without a network."""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.podcast import icon
from service.web.conditional import A_DAY, ALWAYS_ASK, known
from service.web.site import Site

A_YEAR = "public, max-age=31536000, immutable"
ICON_SIZES = (180, 192, 512)
ACCENT, PAPER = "#0f5c4d", "#fdf8ef"
MODULES = "player"  # the folder of static/ with the player's modules; main.js begins
FONTS = ("fonts/be-vietnam-pro-400.woff2", "fonts/be-vietnam-pro-700.woff2")
SHELL = ("loa.css", "loa.svg")


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /manifest.webmanifest, /icons/…, /player/…, /sw.js and the globals `fonts`, `module` and `modules`."""
    pages = Blueprint("pwa", __name__)
    static = Path(app.static_folder or "")

    @cache
    def modules() -> tuple[str, ...]:
        return tuple(sorted(path.name for path in (static / MODULES).glob("*.js")))

    @cache
    def edition_of_modules() -> str:
        """One mark for all of them: they import each other by relative names, so they share a folder's address."""
        parts = [(static / MODULES / name).read_bytes() for name in modules()]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:8]

    def module(name: str) -> str:
        """The address of a module: another one when any of them changes."""
        return f"/player/{edition_of_modules()}/{name}"

    def asset(name: str) -> str:
        """As `words` has it for pages."""
        return str(app.jinja_env.globals["asset"](name))  # type: ignore[operator]

    def fonts() -> tuple[str, ...]:
        """Where the typeface lies: as loa.css names it, so that it comes once. Another font has another name."""
        return tuple(url_for("static", filename=name) for name in FONTS)

    @cache
    def version() -> str:
        """A mark of all that the worker keeps for the app itself: templates, styles, fonts, modules, and itself."""
        files = [static / name for name in (*SHELL, *FONTS, "sw.js")] + sorted(
            (site.templates / "player").glob("*.html")
        )
        files.append(site.templates / "base.html")
        digest = hashlib.sha256(edition_of_modules().encode())
        for file in files:
            digest.update(file.read_bytes())
        return digest.hexdigest()[:12]

    @pages.get("/player/<mark>/<name>.js")
    def one_module(mark: str, name: str) -> ResponseReturnValue:
        answer = app.send_static_file(f"{MODULES}/{name}.js")
        answer.headers["Cache-Control"] = A_YEAR if mark == edition_of_modules() else "no-cache"
        return answer

    @pages.get("/sw.js")
    def worker() -> ResponseReturnValue:
        shell = [
            "/saved",
            *fonts(),
            *(asset(name) for name in SHELL),
            *(module(name) for name in modules()),
        ]
        head = f"const VERSION = {json.dumps(version())};\nconst SHELL = {json.dumps(shell)};\n"
        answer = Response(
            head + (static / "sw.js").read_text("utf-8"),
            content_type="text/javascript; charset=utf-8",
        )
        return known(answer, ALWAYS_ASK)

    @pages.get("/manifest.webmanifest")
    def manifest() -> ResponseReturnValue:
        home = newsroom.stations.home()
        name = home.name if home and site.name == "Loa" else site.name
        told = {
            "id": "/",
            "name": name,
            "short_name": name if len(name) <= 14 else site.name,
            "description": "Tin của xã, đọc thành tiếng mỗi ngày.",
            "lang": "vi",
            "dir": "ltr",
            "start_url": "/?tu=app",
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": ACCENT,
            "categories": ["news"],
            "icons": [
                {"src": asset("loa.svg"), "sizes": "any", "type": "image/svg+xml"},
                *(
                    {
                        "src": f"/icons/{size}.png",
                        "sizes": f"{size}x{size}",
                        "type": "image/png",
                        "purpose": purpose,
                    }
                    for size in ICON_SIZES[1:]
                    for purpose in ("any", "maskable")
                ),
            ],
            "shortcuts": [{"name": "Tin đã lưu", "url": "/saved"}],
        }
        answer = Response(
            json.dumps(told, ensure_ascii=False),
            content_type="application/manifest+json; charset=utf-8",
        )
        return known(answer, A_DAY)

    @pages.get("/icons/<int:size>.png")
    def picture(size: int) -> ResponseReturnValue:
        if size not in ICON_SIZES:
            abort(404)
        return known(Response(icon(size), content_type="image/png"), A_DAY)

    app.jinja_env.globals.update(fonts=fonts, module=module, modules=modules)
    app.register_blueprint(pages)
