"""Sound that people send: how large it may be, for whom, and a place for it until the newsroom has it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, flash, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.stories.recordings import Sent
from service.newsroom.values import Role
from service.web.auth import RANK, key_of_request, may, who
from service.web.problems import status_of
from service.web.site import Site

FORM_BYTES = 64 * 1024
LARGE = frozenset(("recordings", "chimes"))  # parts of endpoints' names that take sound


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Lets editors, and programs with an editor's key, send more than an article; others no more than before."""

    @app.before_request
    def make_room() -> None:
        if request.method in ("POST", "PUT") and _takes_sound(request.endpoint or ""):
            key = key_of_request(newsroom)
            if may(Role.EDITOR) or (key and RANK.index(key.role) >= RANK.index(Role.EDITOR)):
                request.max_content_length = site.recording_bytes + FORM_BYTES


@contextmanager
def sent(file: FileStorage | None, announcer: str, by: str) -> Iterator[Sent]:
    """The file on disk, for as long as it is looked at; Invalid when none was chosen."""
    if file is None or not file.filename:
        raise Invalid("choose a file", "Hãy chọn một tệp âm thanh hoặc thu trực tiếp.", "file")
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        path = Path(folder) / "sent"
        file.save(path)
        yield Sent(path, file.filename, announcer, by)


def received(take: Callable[[Sent], object], then: Response, said: str) -> ResponseReturnValue:
    """A form's file handed to `take`; then the page `then`, with what is `said` or the reason why not."""
    try:
        with sent(request.files.get("file"), request.form.get("announcer", ""), who()) as it:
            take(it)
    except NewsroomError as error:
        if by_script():
            return refused(error)
        flash(error.message_vi, "error")
    else:
        flash(said)
    return {"place": then.location} if by_script() else then


def by_script() -> bool:
    """Whether our own script sends the form, which shows how far it is: it is told where to go, or the reason."""
    return request.accept_mimetypes.best == "application/json"


def refused(error: NewsroomError) -> ResponseReturnValue:
    """The reason, for our script."""
    return {"message": error.message_vi}, status_of(error)


def _takes_sound(endpoint: str) -> bool:
    part, _, name = endpoint.partition(".")
    return part in LARGE or (
        part == "api"
        and name.startswith(("put_", "post_"))
        and name.endswith(("_recording", "_chime"))
    )
