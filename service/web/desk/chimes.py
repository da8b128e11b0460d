"""A station's chimes at the desk: the house's to listen to, its own in their place, and back."""

from dataclasses import dataclass

from flask import Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.values import Role, Standing
from service.web.auth import DeskPage, desk_pages, who
from service.web.desk.upload import received
from service.web.media.sounds import chime_named, heard
from service.web.site import Site

PLACE = "/<slug>/chimes"


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/stations/<slug>/chimes."""
    chimes = Chimes(newsroom, site)
    addresses = [
        DeskPage("GET", PLACE, Role.OPERATOR, chimes.chimes),
        DeskPage("GET", f"{PLACE}/<name>.wav", Role.OPERATOR, chimes.listen),
        DeskPage("POST", f"{PLACE}/<name>", Role.ADMIN, chimes.send),
        DeskPage("POST", f"{PLACE}/<name>/remove", Role.ADMIN, chimes.remove),
    ]
    app.register_blueprint(desk_pages("chimes", "/desk/stations", addresses))


@dataclass(frozen=True)
class Chimes:
    """What the chimes' addresses answer."""

    newsroom: Newsroom
    site: Site

    def chimes(self, slug: str) -> ResponseReturnValue:
        """All chimes of a station."""
        recordings = self.newsroom.recordings
        sent = recordings.chimes_sent(slug)
        return render_template(
            "desk/chimes.html",
            station=self.newsroom.stations.get(slug),
            chimes=self.site.chimes,
            own=recordings.chimes(slug),
            sent=sent,
            checking=any(each.state is Standing.CHECKING for each in sent.values()),
        )

    def listen(self, slug: str, name: str) -> ResponseReturnValue:
        """A chime as WAV: the station's own, or with `?house` the house's."""
        choice = chime_named(self.site, name)
        return heard(self.newsroom, slug, choice, house="house" in request.args)

    def send(self, slug: str, name: str) -> ResponseReturnValue:
        """A chime of the station's own."""
        choice = chime_named(self.site, name)
        return received(
            lambda upload: self.newsroom.recordings.for_chime(
                upload, slug, choice.name
            ),
            _page(slug, choice.name),
            f"Đã nhận tệp cho “{choice.label}”. Máy đang kiểm tra; trang tự cập nhật.",
        )

    def remove(self, slug: str, name: str) -> ResponseReturnValue:
        """The house's again."""
        choice = chime_named(self.site, name)
        self.newsroom.recordings.house_chime(slug, choice.name, who())
        flash(f"“{choice.label}” dùng lại bản có sẵn của máy.")
        return _page(slug, choice.name)


def _page(slug: str, name: str) -> Response:
    return redirect(url_for("chimes.chimes", slug=slug, _anchor=name), 303)  # type: ignore[return-value]
