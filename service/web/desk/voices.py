"""Every voice that is here or could be: what it is, where its text goes, and how it sounds."""

from dataclasses import dataclass

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.values import Role
from service.web.auth import DeskPage, desk_pages
from service.web.site import Site

A_SENTENCE = "Xin chào bà con. Sáng nay trời nắng nhẹ, các thôn ra đồng từ bảy giờ."


def register(app: Flask, _newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/voices."""
    # Voices are the house's, not a station's: there is nothing to sift.
    addresses = [DeskPage("GET", "", Role.EDITOR, VoicePages(site).voices, sifted=True)]
    app.register_blueprint(desk_pages("voices", "/desk/voices", addresses))


@dataclass(frozen=True)
class VoicePages:
    """What /desk/voices answers."""

    site: Site

    def voices(self) -> ResponseReturnValue:
        """A sentence of one's own, heard in each voice; and what could be added."""
        return render_template(
            "desk/voices.html",
            sentence=A_SENTENCE,
            voices=self.site.voices,
            preferred=self.site.preferred,
            urgent=self.site.urgent_voice,
            offers=self.site.voice_offers,
        )
