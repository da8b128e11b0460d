"""What a reader chose for this phone: which commune is theirs, and whether to save data.

Two cookies, nothing else.
"""

from flask import Blueprint, Flask, Response, render_template, request
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.values import Directory, Named
from service.web.auth import csrf
from service.web.media import shelved
from service.web.site import Site

A_YEAR_S = 365 * 24 * 3600
COMMUNE, SAVER = "xa", "nhe"
# What a page of the player depends on besides its address
VARIES = (
    "Cookie",
    "Save-Data",
)


def commune(newsroom: Newsroom, directory: Directory) -> Named | None:
    """The reader's own: the chosen one, or the only one.

    None while a reader of several has not chosen.
    """
    slug = request.cookies.get(COMMUNE, "")
    listed = next(
        (station for station in directory.stations if station.slug == slug), None
    )
    if listed is None and slug and not directory.is_whole:
        listed = newsroom.stations.named(slug)
    return listed or (directory.stations[0] if directory.total == 1 else None)


def saver() -> bool:
    """Whether to save data: as the reader chose, or else as the phone wishes (`Save-Data`,
    sent on dear networks).
    """
    chosen = request.cookies.get(SAVER, "")
    return (
        chosen == "1"
        if chosen
        else request.headers.get("Save-Data", "").strip().lower() == "on"
    )


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /settings."""
    pages = Blueprint("choices", __name__)

    @pages.get("/settings")
    def settings() -> ResponseReturnValue:
        directory = newsroom.stations.directory()
        shelved.keep(None)
        return render_template(
            "player/settings.html",
            directory=directory,
            commune=commune(newsroom, directory),
            asked=request.cookies.get(SAVER, ""),
        )

    @pages.post("/settings")
    def choose() -> ResponseReturnValue:
        form = request.form
        answer = Response(status=303, headers={"Location": "/"})
        if COMMUNE in form:
            chosen = newsroom.stations.named(form[COMMUNE])
            _keep(answer, site, COMMUNE, chosen.slug if chosen is not None else "")
        if SAVER in form:
            _keep(answer, site, SAVER, form[SAVER] if form[SAVER] in ("0", "1") else "")
        return answer

    @pages.after_request
    def varied(answer: Response) -> Response:
        answer.vary.update(VARIES)
        return answer

    app.context_processor(lambda: {"saver": saver})
    # A forged choice harms nobody, and pages without a token can be kept by every phone
    csrf.exempt(choose)
    app.register_blueprint(pages)


def _keep(answer: Response, site: Site, name: str, value: str) -> None:
    if value:
        answer.set_cookie(
            name,
            value,
            max_age=A_YEAR_S,
            secure=site.secure,
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie(name, secure=site.secure, httponly=True, samesite="Lax")
