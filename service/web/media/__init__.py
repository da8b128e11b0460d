"""Sound, transcripts and chapters, as players and podcast directories ask for them:
HEAD, ranges, 304, 410.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, Flask, Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from service.front.resource import File, Question, Sent
from service.newsroom import Newsroom
from service.newsroom.errors import Withdrawn
from service.newsroom.public.open_copies import KEPT_S, OPEN
from service.newsroom.text import slugify
from service.newsroom.values import Listening, Media, MediaStanding
from service.newsroom.values.grants import Thing
from service.web.auth import at_the_desk, is_insider
from service.web.media import shelved
from service.web.media.audience import enough_of, is_listener
from service.web.media.conditional import obeyed, precondition, same_for_range
from service.web.media.headers import FOR_ANY_ORIGIN
from service.web.media.notebook import Notebook
from service.web.site import Site

TEXTS = ("text/", "application/json")
SOUND = "audio/"
HERE = "here"  # in the query of a CDN that fetches from us: it is never sent to itself
A_DAY_S = 86_400
# Where a CDN stands before us, what is withdrawn is gone within a minute: a listener's redirect and
# the CDN's own copy together.
REDIRECTED_S = 20


@dataclass(frozen=True, slots=True)
class Body:
    """What stands at an address: `read(start, length)` gives its bytes in blocks,
    or raises FilesError.
    """

    mime: str
    size: int
    sha256: str
    modified: datetime
    read: Callable[[int, int], Iterator[bytes]]


def register(app: Flask, newsroom: Newsroom, site: Site, notebook: Notebook) -> None:
    """Adds /media/…"""
    pages = Blueprint("media", __name__)
    view = Sounds(newsroom, notebook, site.media_url).file
    pages.add_url_rule("/media/<int:episode>/<int:version>/<name>", "file", view)
    pages.after_request(for_any_origin)
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Sounds:
    """What the addresses answer."""

    newsroom: Newsroom
    notebook: Notebook
    media_url: str = ""  # where sound leaves from; "" for here

    def file(self, episode: int, version: int, name: str) -> ResponseReturnValue:
        """A file of an episode.

        The way to the newest version's, for whoever still has an old address.
        """
        media = self.newsroom.editions.media(episode, version, name)
        if media.standing is MediaStanding.WITHDRAWN:
            raise Withdrawn(media.title, media.withdrawn_why)
        if media.standing is MediaStanding.SUPERSEDED:
            return _to_the_newest(media)
        if media.standing is MediaStanding.UNPUBLISHED and not is_insider(
            self.newsroom, Thing.EPISODE, episode
        ):
            abort(404)
        if self._leaves_elsewhere(media):
            return self._elsewhere(media)
        return self._send(media)

    def _leaves_elsewhere(self, media: Media) -> bool:
        """Whether listeners are sent to the CDN for it, which itself asks for it `HERE`.

        A bucket has it once the clock has copied it; a CDN before a folder fetches it from us.
        """
        return (
            bool(self.media_url)
            and HERE not in request.args
            and media.standing is MediaStanding.CURRENT
            and media.mime.startswith(SOUND)
            and (
                media.has_open_copy or self.newsroom.files.local(media.key) is not None
            )
        )

    def _elsewhere(self, media: Media) -> ResponseReturnValue:
        path = f"{OPEN}/{media.episode_id}/{media.version}/{media.name}"
        answer = redirect(f"{self.media_url}/{path}", 302)
        answer.headers["Cache-Control"] = f"public, max-age={REDIRECTED_S}"
        return answer

    def _send(self, media: Media) -> Response:
        draft = media.standing is MediaStanding.UNPUBLISHED
        name = f"{slugify(media.title) or 'loa'}-{media.version}.{media.name.rpartition('.')[2]}"
        heard = partial(note_listening, self.notebook, media)
        counted = (
            media.standing is MediaStanding.CURRENT
            and media.seconds > 0
            and HERE not in request.args  # a CDN's log tells who listened
            and not at_the_desk()
        )
        here = self.newsroom.files.local(media.key)
        if (
            here is not None
            and media.standing is MediaStanding.CURRENT
            and not media.mime.startswith(TEXTS)
        ):
            shelved.offer(
                File(str(here), media.bytes), _heard_from_shelf(heard, counted)
            )
        kept_s = KEPT_S if self.media_url else A_DAY_S
        return send(
            body_of(self.newsroom, media),
            "private, no-store" if draft else f"public, max-age={kept_s}",
            f'attachment; filename="{name}"' if request.args.get("download") else "",
            partial(heard, _address(), request.user_agent.string) if counted else None,
        )


def note_listening(
    notebook: Notebook, media: Media, address: str, agent: str, start: int, end: int
) -> None:
    """Notes the bytes of a sound, from one up to another, that somebody got.

    Robots are no listeners.
    """
    if is_listener(agent):
        enough = enough_of(media.bytes, media.seconds)
        listener = f"{address}\0{agent}"
        notebook.note(
            Listening(
                listener, media.episode_id, media.kind, (start, end), enough, address
            )
        )


def _heard_from_shelf(
    heard: Callable[[str, str, int, int], None], counted: bool
) -> Sent | None:
    """The same for what the front sends."""

    def sent(question: Question, start: int, end: int) -> None:
        agent = question.headers.get(b"user-agent", b"").decode("latin-1")
        heard(question.address, agent, start, end)

    return sent if counted else None


def _address() -> str:
    return request.remote_addr or ""


def _to_the_newest(media: Media) -> ResponseReturnValue:
    """Parts too: players ask the old address at each seek, and must not mix files."""
    if not media.newest:
        raise Withdrawn(media.title, "bản mới của bài không còn tệp này")
    query = "?download=1" if request.args.get("download") else ""
    answer = redirect(f"/media/{media.newest}{query}", 302)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def for_any_origin(answer: Response) -> Response:
    """Players on other sites may read it, in parts too, and learn why it is gone.

    Cookies are not let in.
    """
    answer.headers.update(FOR_ANY_ORIGIN)
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Headers"] = (
            "Range, If-Match, If-Range, If-None-Match, If-Modified-Since, If-Unmodified-Since"
        )
        answer.headers["Access-Control-Max-Age"] = "86400"
    return answer


def body_of(newsroom: Newsroom, media: Media) -> Body:
    """A file of the newsroom, ready to be sent."""
    return Body(
        media.mime,
        media.bytes,
        media.sha256,
        media.modified,
        partial(newsroom.files.stream, media.key),
    )


def send(
    body: Body,
    cached: str,
    disposition: str = "",
    tell: Callable[[int, int], None] | None = None,
) -> Response:
    """The whole, a range of it, or the word that it has not changed.

    `tell` learns how many bytes were taken.
    """
    response = _headed(body, cached, disposition)
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


def _headed(body: Body, cached: str, disposition: str) -> Response:
    """The answer without its bytes."""
    is_text = body.mime.startswith("text/")
    response = Response(
        content_type=f"{body.mime}; charset=utf-8" if is_text else body.mime
    )
    response.set_etag(body.sha256)
    response.last_modified = body.modified.replace(microsecond=0)
    response.accept_ranges = "bytes"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = cached
    if disposition:
        response.headers["Content-Disposition"] = disposition
    return response


def _begun(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same blocks, the first one read already:
    missing bytes are an error page, not a broken answer.
    """
    first = next(blocks, b"")

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from blocks

    return all_of_them()


def _counted(
    blocks: Iterator[bytes], start: int, tell: Callable[[int, int], None]
) -> Iterator[bytes]:
    """The same blocks.

    Afterwards, or when the listener goes away, `tell` learns which bytes they were.
    """
    end = start
    try:
        for block in blocks:
            # Before: whoever counts the bytes of an answer asks for no more after the last one.
            end += len(block)
            yield block
    finally:
        if end > start:
            tell(start, end)


def _range(body: Body, response: Response) -> tuple[int, int] | None:
    """The one range asked for.

    None for the whole: no range, several, or of another file than this (If-Range).
    """
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
