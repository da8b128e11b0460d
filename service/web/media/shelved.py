"""What of the web may be kept on the front's shelf,
by which addresses, and until when it is right.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, Response, g, request

from service.front.resource import File, Resource, Sent
from service.front.shelf import TICKET, Route, Ticket
from service.newsroom import Newsroom
from service.newsroom.store.serials import Scope
from service.web.media.headers import SECURED, fields
from service.zone import midnight

SESSION = b"session"
A_DAY = timedelta(days=1)
# The reader's commune, whether to save data, how large the text (`listeners.choices`)
CHOICES = (b"xa", b"nhe", b"co")


def _pattern(*addresses: str) -> re.Pattern[bytes]:
    return re.compile("|".join(addresses).encode())


ROUTES = (
    Route(_pattern(r"/feeds/.*\.xml")),
    Route(_pattern(r"/pictures/[0-9a-f]{64}/[a-z]+\.jpg"), private_cookies=(SESSION,)),
    Route(
        _pattern(r"/media/\d+/\d+/[^/]+"), private_cookies=(SESSION,), made_whole=False
    ),
    Route(
        _pattern(
            "/",
            r"/today\.m3u",
            r"/articles/[^/]+(/event\.ics)?",
            r"/stations/[^/]+(/today\.m3u|/speaker|/schedule\.ics)?",
            "/topics/[^/]+",
            "/archive/[0-9-]+",
            "(/stations/[^/]+)?/sheet",
            r"/qr/shows/.+\.svg",
            "/saved",
            "/settings",
            r"/robots\.txt",
            r"/sitemap\.xml",
            r"/sitemaps/[^/]+\.xml",
            "/embed/(articles|stations)/[^/]+",
        ),
        cookies=CHOICES,
        private_cookies=(SESSION,),
        fields=(b"save-data",),
    ),
)
_HSTS = {name for name, _ in fields(SECURED)}
_OF_PARTS = {b"content-length", b"content-range", *_HSTS}


def ticket() -> Ticket | None:
    """What the front gave this request.

    None where no front is, as in tests of the application alone.
    """
    given: Ticket | None = request.environ.get(TICKET)
    return given


def keep(until: datetime | None, *scopes: Scope) -> None:
    """This answer stands until then, while nothing of these scopes changes (of what is public,
    when none is named).
    """
    if (given := ticket()) is not None:
        given.keep(scopes or (Scope.PUBLIC,), until)


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that this answer is made of, or a part of."""

    file: File
    sent: Sent | None


def offer(file: File, sent: Sent | None) -> None:
    """The front may send this file by itself from now on, with the headers of this answer."""
    g.offered = Offered(file, sent)


def register(app: Flask) -> None:
    """Hands offered files over. First of all, so that it runs last, with all headers there."""
    app.after_request(_hand_over)


def _hand_over(response: Response) -> Response:
    offered: Offered | None = g.pop("offered", None)
    given = ticket()
    if offered is None or given is None or response.status_code not in (200, 206):
        return response
    own = [each for each in fields(dict(response.headers)) if each[0] not in _OF_PARTS]
    tag, _ = response.get_etag()
    modified = response.last_modified
    resource = Resource(
        own,
        (tag or "").encode(),
        int(modified.timestamp()) if modified else 0,
        offered.file,
        ranged=True,
        sent=offered.sent,
    )
    given.offer(resource, (Scope.PUBLIC,))
    return response


def keep_until_turn(newsroom: Newsroom) -> None:
    """This page stands until something public changes, or it changes by time alone."""
    if ticket() is not None:
        keep(until_turn(newsroom))


def until_turn(newsroom: Newsroom) -> datetime:
    """When pages change by time alone: at midnight, or when the next warning ends."""
    now = newsroom.now()
    tomorrow = midnight(now) + A_DAY
    ends = newsroom.urgent.next_end(now)
    return min(tomorrow, ends) if ends else tomorrow
