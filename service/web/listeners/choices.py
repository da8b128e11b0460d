"""What a reader chose for this phone: their commune, the light file, the size of the text.

Three cookies, nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum

from flask import (
    Blueprint,
    Flask,
    Response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.text import fold
from service.newsroom.values import Directory, Named
from service.web.auth import csrf
from service.web.media import shelved
from service.web.site import Site

A_YEAR_S = 365 * 24 * 3600
LONGEST_NAME = 200  # characters of a commune that is typed
COMMUNE, SAVER, SIZE = "xa", "nhe", "co"
MOST_CHOSEN_FROM = 12  # more communes than that are typed, not scrolled through
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


class TextSize(StrEnum):
    """How large the pages' text is; loa.css has the measures."""

    NORMAL = ""
    LARGE = "to"
    LARGEST = "rat-to"


def text_size() -> TextSize:
    """As the reader chose; whatever else stands in the cookie is the usual size."""
    chosen = request.cookies.get(SIZE, "")
    return TextSize(chosen) if chosen in set(TextSize) else TextSize.NORMAL


def typed(newsroom: Newsroom, words: str) -> Named | None:
    """The commune that somebody means who types a name, with or without diacritics.

    The one of that name, or the only one whose name has these words; None where there are several.
    """
    if (of_slug := newsroom.stations.named(words)) is not None:
        return of_slug
    directory = newsroom.stations.directory(words)
    same = [each for each in directory.stations if fold(each.name) == fold(words)]
    candidates = same or list(directory.stations)
    return candidates[0] if len(candidates) == 1 else None


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /settings, and `saver`, `text_size` and `most_chosen_from` for all pages."""
    pages = Blueprint("choices", __name__)
    choices = Choices(newsroom, site)
    pages.add_url_rule("/settings", "settings", choices.settings)
    pages.add_url_rule("/settings", "choose", choices.choose, methods=["POST"])

    @pages.after_request
    def varied(answer: Response) -> Response:
        answer.vary.update(VARIES)
        return answer

    app.context_processor(lambda: {"saver": saver, "text_size": text_size})
    app.jinja_env.globals["most_chosen_from"] = MOST_CHOSEN_FROM
    # A forged choice harms nobody, and pages without a token can be kept by every phone.
    csrf.exempt(pages)
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Choices:
    """What the address answers."""

    newsroom: Newsroom
    site: Site

    def settings(self) -> ResponseReturnValue:
        """The form."""
        directory = self.newsroom.stations.directory()
        shelved.keep(None)
        return render_template(
            "player/settings.html",
            directory=directory,
            commune=commune(self.newsroom, directory),
            asked=request.cookies.get(SAVER, ""),
            size=text_size(),
        )

    def choose(self) -> ResponseReturnValue:
        """Keeps what a form has, which may be a part; communes that may be meant are shown."""
        form = request.form
        answer = Response(status=303, headers={"Location": "/"})
        if COMMUNE in form:
            words = form[COMMUNE].strip()[:LONGEST_NAME]
            chosen = typed(self.newsroom, words) if words else None
            if words and chosen is None:
                answer.location = url_for("player.stations", tim=words)
            self._keep(answer, COMMUNE, chosen.slug if chosen is not None else "")
        if SIZE in form:
            size = form[SIZE] if form[SIZE] in set(TextSize) else ""
            self._keep(answer, SIZE, size)
        if SAVER in form:
            self._keep(answer, SAVER, form[SAVER] if form[SAVER] in ("0", "1") else "")
        return answer

    def _keep(self, answer: Response, name: str, value: str) -> None:
        """A cookie for a year; "" takes it away."""
        secure = self.site.secure
        if value:
            answer.set_cookie(
                name, value, A_YEAR_S, secure=secure, httponly=True, samesite="Lax"
            )
        else:
            answer.delete_cookie(name, secure=secure, httponly=True, samesite="Lax")
