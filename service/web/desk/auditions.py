"""A few words to be heard before they are saved: asked for here,
spoken by the fast lane, fetched when ready.

No request waits for a voice: one that is away would hold a thread for each editor who is curious.
The page asks again until there is a sound or a reason; without scripts, the browser does
(`Refresh`).
"""

from dataclasses import dataclass

from flask import Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import Invalid
from service.newsroom.values import Audition, AuditionState, Role
from service.web.auth import DeskPage, desk_pages, limiter, who
from service.web.media.sounds import wav
from service.web.site import Site

EACH = "60 per minute"
ASK_AGAIN_S = 1
NOT_YET = "Máy đang đọc, xin chờ một chút…"
NO_SOUND = "Máy không đọc được mấy chữ này, hãy thử lại sau ít phút."
FORGOTTEN = "Bản nghe thử này đã được dọn đi. Xin bấm nghe thử lần nữa."


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/audition and /desk/auditions/…"""
    auditions = Auditions(newsroom, site)
    addresses = [
        DeskPage(
            "POST",
            "/audition",
            Role.EDITOR,
            limiter.limit(EACH)(auditions.ask),
            sifted=True,
        ),
        # One's own: whoever asked for the words.
        DeskPage(
            "GET", "/auditions/<int:number>", Role.EDITOR, auditions.hear, sifted=True
        ),
    ]
    app.register_blueprint(desk_pages("auditions", "/desk", addresses))


@dataclass(frozen=True)
class Auditions:
    """What their addresses answer."""

    newsroom: Newsroom
    site: Site

    def ask(self) -> ResponseReturnValue:
        """Asks for the words in a voice ("" is the installation's),
        and leads to where they will be.
        """
        spoken, voice = request.form.get("spoken", ""), request.form.get("voice", "")
        if voice and voice not in {choice.spec for choice in self.site.voices}:
            abort(422)
        try:
            number = self.newsroom.auditions.ask(spoken, voice, who())
        except Invalid as error:
            return _in_words(error.message_vi, 422)
        return redirect(url_for("auditions.hear", number=number), 303)

    def hear(self, number: int) -> ResponseReturnValue:
        """WAV once it is spoken (200), 202 until then,
        or in words why it never will be (424, 410).
        """
        audition = self.newsroom.auditions.get(number, who())
        if audition.clip:
            return self._sound(audition)
        if audition.state is AuditionState.ASKED:
            answer = _in_words(NOT_YET, 202)
            answer.headers["Refresh"] = answer.headers["Retry-After"] = str(ASK_AGAIN_S)
            return answer
        # What failed is the voice that this depends on, not the house: it goes on serving
        # everybody.
        return _in_words(audition.error or NO_SOUND, 424)

    def _sound(self, audition: Audition) -> Response:
        pcm = self.newsroom.clips.get(audition.clip)
        if pcm is None:
            return _in_words(FORGOTTEN, 410)
        answer = Response(wav(pcm), mimetype="audio/wav")
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


def _in_words(text: str, status: int) -> Response:
    answer = Response(text, status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
