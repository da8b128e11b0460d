"""What the log hears at the doors: who was refused,
and a proxy in front of us that nobody told us of.
"""

import ipaddress
import logging
from datetime import timedelta
from threading import Lock

from cachetools import TTLCache
from flask import Flask, Response, g, request

from service.newsroom import Newsroom
from service.newsroom.staff.guessing import coarse
from service.newsroom.staff.person_rows import actor_of
from service.newsroom.values import Actor, ActorKind, Event
from service.web.auth import here
from service.web.site import Site

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
# The same refusal of the same caller is told once in that time
ONE_LINE_EACH = timedelta(hours=1)
MOST_REMEMBERED = 2_000
PROXY_TOLD_EVERY = timedelta(days=1)
UNTRUSTED = (
    "requests come through a proxy (%s from %s), but LOA_TRUSTED_PROXIES is 0: everybody behind it"
    " counts as one address, and ten logins a minute are all they have together; set"
    " LOA_TRUSTED_PROXIES to the number of proxies in front (docs/operations.md)"
)

_told = logging.getLogger("loa.web")


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds both looks to every request."""
    watch = Watch(newsroom)
    if not site.trusted_proxies:
        app.before_request(watch.proxies)
    app.after_request(watch.refusals)


class Watch:
    """Remembers what it told lately, so that nobody fills the log by asking again and again."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._lately: TTLCache[tuple[object, ...], bool] = TTLCache(
            MOST_REMEMBERED, ONE_LINE_EACH.total_seconds()
        )
        self._lock = Lock()

    def refusals(self, response: Response) -> Response:
        """A caller who is known and may not, or a key that opens nothing."""
        if response.status_code == 403:
            actor = _caller()
            if actor.kind is not ActorKind.STRANGER:
                self._tell(actor, Event.REFUSED, f"{request.method} {request.path}")
        elif response.status_code == 401 and "Authorization" in request.headers:
            address = coarse(request.remote_addr or "")
            self._tell(_caller(), Event.LOGIN_FAILED, f"khóa phần mềm, từ {address}")
        return response

    def proxies(self) -> None:
        """A header that a proxy writes, from a neighbour who may be one:
        told at most once a day.
        """
        header = next((name for name in FORWARDED if name in request.headers), "")
        if (
            not header
            or not _is_neighbour(request.remote_addr or "")
            or not self._is_new(header)
        ):
            return
        last = self._newsroom.log.last(Event.PROXY_UNTRUSTED)
        if last is None or self._newsroom.now() - last > PROXY_TOLD_EVERY:
            _told.warning(UNTRUSTED, header, request.remote_addr)
            self._newsroom.log.note(
                Actor("", ActorKind.STRANGER), Event.PROXY_UNTRUSTED, f"{header}"
            )

    def _tell(self, actor: Actor, event: Event, detail: str) -> None:
        if self._is_new(actor.kind, actor.id, event, detail):
            self._newsroom.log.note(actor, event, detail)

    def _is_new(self, *what: object) -> bool:
        with self._lock:
            known = what in self._lately
            self._lately[what] = True
        return not known


def _caller() -> Actor:
    """Whose key or session came with the request."""
    if (key := g.get("key")) is not None:
        return Actor(f"key {key.name}", ActorKind.KEY, key.id)
    place = here()
    return (
        actor_of(place.person) if place is not None else Actor("", ActorKind.STRANGER)
    )


def _is_neighbour(address: str) -> bool:
    """Whether it is of this machine or its network, where a proxy of ours would stand."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    # ::ffff:203.0.113.9 is how a socket for both kinds shows an IPv4 address.
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return not (mapped or ip).is_global
