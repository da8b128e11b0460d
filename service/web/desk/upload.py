"""Sound, documents and photos that people send: how large they may be, for whom,
and a place for sound until the newsroom has it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, flash, request
from flask.typing import ResponseReturnValue

from service.intake.limits import LARGEST_DOCUMENT_BYTES
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.stories.sent_files import Sent
from service.newsroom.values import Role
from service.web.auth import key_of_request, who
from service.web.auth.access import may_somewhere
from service.web.media.sounds import sent
from service.web.problems import status_of
from service.web.site import Site

FORM_BYTES = 64 * 1024
LARGEST_FORM = LARGEST_DOCUMENT_BYTES + FORM_BYTES  # of an article as a file
ROOM = "loa.room"  # in app.extensions
# The pages that take sound, by the first part of their endpoints' names.
LARGE = frozenset(("recordings", "chimes"))
# Those that take a document or a photo, by their endpoints' names.
DOCUMENTS = frozenset(
    (
        "desk.take_new",
        "desk.take_edit",
        "api.post_article",
        "api.post_article_file",
        "api.post_picture",
    )
)


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Lets editors, and programs with an editor's key, send more than an article.

    Others no more than before.
    """
    # Also asked by the front, before a body is taken in: see room_for.
    app.extensions[ROOM] = Room(newsroom, site.recording_bytes + FORM_BYTES)

    @app.before_request
    def make_room() -> None:
        if most := app.extensions[ROOM].of_request():
            request.max_content_length = most


@dataclass(frozen=True, slots=True)
class Room:
    """How large a body may be from an editor: `largest` bytes for sound."""

    newsroom: Newsroom
    largest: int

    def of_request(self) -> int:
        """The bytes that this request may send beyond the usual; 0 when it may not."""
        most = self._most() if request.method in ("POST", "PUT") else 0
        is_editors = most and (may_somewhere(Role.EDITOR) or self._is_editors_program())
        return most if is_editors else 0

    def _most(self) -> int:
        """The bytes that the called page takes from an editor; 0 for no more than usual."""
        endpoint = request.endpoint or ""
        if _takes_sound(endpoint):
            return self.largest
        is_form = request.mimetype == "multipart/form-data"
        return LARGEST_FORM if is_form and endpoint in DOCUMENTS else 0

    def _is_editors_program(self) -> bool:
        key = key_of_request(self.newsroom)
        return key is not None and key.role.may(Role.EDITOR)


def room_for(app: Flask, environ: dict[str, Any]) -> int:
    """The same for a request whose body is still outside:
    the front asks before it takes a large one in.
    """
    with app.request_context(environ):
        room: Room = app.extensions[ROOM]
        return room.of_request()


def received(
    take: Callable[[Sent], object], then: Response, done: str
) -> ResponseReturnValue:
    """A form's file handed to `take`.

    Then the page `then`, which says `done` or the reason why not.
    """
    file, announcer = request.files.get("file"), request.form.get("announcer", "")
    try:
        with sent(file, announcer, who()) as upload:
            take(upload)
    except NewsroomError as error:
        if by_script():
            return refused(error)
        flash(error.message_vi, "error")
    else:
        flash(done)
    return {"place": then.location} if by_script() else then


def by_script() -> bool:
    """Whether our own script sends the form, which shows how far it is:
    it is told where to go, or the reason.
    """
    return request.accept_mimetypes.best == "application/json"


def refused(error: NewsroomError) -> ResponseReturnValue:
    """The reason, for our script."""
    return {"message": error.message_vi}, status_of(error)


def _takes_sound(endpoint: str) -> bool:
    room, _, name = endpoint.partition(".")
    if room != "api":
        return room in LARGE
    return name.startswith(("put_", "post_")) and name.endswith(
        ("_recording", "_chime")
    )
