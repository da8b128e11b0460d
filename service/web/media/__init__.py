"""Sound, transcripts and chapters, as players and podcast directories ask for them: HEAD, ranges, 304, 410."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, Flask, Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.errors import Withdrawn
from service.newsroom.text import slugify
from service.newsroom.values import Media, MediaStanding
from service.web.auth import at_the_desk, key_of_request
from service.web.media.audience import enough_of, is_listener
from service.web.media.conditional import obeyed, precondition, same_for_range
from service.web.site import Site

EXPOSED = ("Accept-Ranges", "Content-Range", "ETag", "X-Loa-Date", "X-Loa-Rung", "X-Loa-Version")
TEXTS = ("text/", "application/json")


@dataclass(frozen=True, slots=True)
class Body:
    """What stands at an address: `read(start, length)` gives its bytes in blocks, or raises FilesError."""

    mime: str
    size: int
    sha256: str
    modified: datetime
    read: Callable[[int, int], Iterator[bytes]]


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /media/…"""
    pages = Blueprint("media", __name__)

    @pages.get("/media/<int:episode>/<int:version>/<name>")
    def file(episode: int, version: int, name: str) -> ResponseReturnValue:
        found = newsroom.editions.media(episode, version, name)
        if found.standing is MediaStanding.WITHDRAWN:
            raise Withdrawn(found.title, found.withdrawn_why)
        if found.standing is MediaStanding.SUPERSEDED:
            # Parts too: players ask the old address at each seek, and must not mix files.
            if not found.newest:
                raise Withdrawn(found.title, "bản mới của bài không còn tệp này")
            query = "?download=1" if request.args.get("download") else ""
            answer = redirect(f"/media/{found.newest}{query}", 302)
            answer.headers["Cache-Control"] = "no-cache"
            return answer
        if found.standing is MediaStanding.UNPUBLISHED and not _insider(newsroom):
            abort(404)
        return _serve(newsroom, found, _teller(newsroom, found))

    pages.after_request(for_any_origin)
    app.register_blueprint(pages)


def for_any_origin(answer: Response) -> Response:
    """Players on other sites may read it, in parts too, and learn why it is gone; cookies are not let in."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = ", ".join(EXPOSED)
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Headers"] = (
            "Range, If-Match, If-Range, If-None-Match, If-Modified-Since, If-Unmodified-Since"
        )
        answer.headers["Access-Control-Max-Age"] = "86400"
    return answer


def _insider(newsroom: Newsroom) -> bool:
    """Whether a draft may be heard: by who is at the desk, or by a program with a key."""
    return at_the_desk() or key_of_request(newsroom) is not None


def _teller(newsroom: Newsroom, found: Media) -> Callable[[int, int], None] | None:
    """What notes the bytes of a sound, from one up to another, that a listener got; None for what is not counted."""
    agent = request.user_agent.string
    if (
        found.standing is not MediaStanding.CURRENT
        or found.seconds <= 0
        or at_the_desk()
        or not is_listener(agent)
    ):
        return None
    address = request.remote_addr or ""
    listener = f"{address}\0{agent}"

    def tell(start: int, end: int) -> None:
        newsroom.downloads.take(
            listener,
            found.episode_id,
            found.kind,
            (start, end),
            enough_of(found.bytes, found.seconds),
            address=address,
        )

    return tell


def body_of(newsroom: Newsroom, found: Media) -> Body:
    """A file of the newsroom, ready to be sent."""
    return Body(
        found.mime,
        found.bytes,
        found.sha256,
        found.modified,
        partial(newsroom.files.stream, found.key),
    )


def _serve(newsroom: Newsroom, found: Media, tell: Callable[[int, int], None] | None) -> Response:
    """A file under /media/."""
    draft = found.standing is MediaStanding.UNPUBLISHED
    name = f"{slugify(found.title) or 'loa'}-{found.version}.{found.name.rpartition('.')[2]}"
    return send(
        body_of(newsroom, found),
        "private, no-store" if draft else "public, max-age=86400",
        f'attachment; filename="{name}"' if request.args.get("download") else "",
        tell,
    )


def send(
    body: Body, cached: str, disposition: str = "", tell: Callable[[int, int], None] | None = None
) -> Response:
    """The whole, a range of it, or the word that it has not changed; `tell` learns how many bytes were taken."""
    response = _head_of(body)
    response.headers["Cache-Control"] = cached
    if disposition:
        response.headers["Content-Disposition"] = disposition
    if precondition(body.sha256, response.last_modified) is not None:
        return obeyed(response)
    start, end = 0, body.size
    if wanted := _range(body, response):
        start, end = wanted
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{body.size}"
    response.content_length = end - start
    if body.mime.startswith(TEXTS):  # small, and compressed on its way out
        response.set_data(b"".join(body.read(start, end - start)))
    elif request.method != "HEAD":
        blocks = _begun(body.read(start, end - start))
        response.response = _counted(blocks, start, tell) if tell else blocks
        response.direct_passthrough = True
    return response


def _head_of(body: Body) -> Response:
    """An answer that says what the bytes are, and that parts of them may be asked for."""
    is_text = body.mime.startswith("text/")
    response = Response(content_type=f"{body.mime}; charset=utf-8" if is_text else body.mime)
    response.set_etag(body.sha256)
    response.last_modified = body.modified.replace(microsecond=0)
    response.accept_ranges = "bytes"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _begun(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same blocks, the first one read already: missing bytes are an error page, not a broken answer."""
    first = next(blocks, b"")

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from blocks

    return all_of_them()


def _counted(
    blocks: Iterator[bytes], start: int, tell: Callable[[int, int], None]
) -> Iterator[bytes]:
    """The same blocks; afterwards, or when the listener goes away, `tell` learns which bytes they were."""
    end = start
    try:
        for block in blocks:
            yield block
            end += len(block)
    finally:
        if end > start:
            tell(start, end)


def _range(body: Body, response: Response) -> tuple[int, int] | None:
    """The one range asked for; None for the whole: no range, several, or of another file than this (If-Range)."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    if not same_for_range(body.sha256, response.last_modified):
        return None
    wanted = asked.range_for_length(body.size)
    if wanted is None or wanted[0] is None or wanted[1] is None:
        answer = Response(status=416)
        answer.headers["Content-Range"] = f"bytes */{body.size}"
        abort(answer)
    return wanted[0], wanted[1]
