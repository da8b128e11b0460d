"""The counter in front of the application:
what lies on a shelf is handed out here, in the event loop.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import unquote_to_bytes

from service.front.body import Receive, farewell
from service.front.crowd import Crowd, client_of
from service.front.exchange import Application, Environ, Exchange, Head
from service.front.horns import Horns
from service.front.lanes import Lane, Lanes
from service.front.reading import Reader
from service.front.refusals import CROWDED, Refusal
from service.front.resource import File, Question, Reply, Resource, resource_of
from service.front.shelf import TICKET, Key, Route, Shelf, Ticket, tag_of

Send = Callable[[Any], Awaitable[None]]
SMALL = 256 * 1024  # bytes of a file that are gone before anybody could count them
AWAY = 503
PATIENCE_S = 2.0  # with a page whose time is over but that nobody changed: then that one is shown
# What a page is asked for without: the shelf does all this itself, for everybody who asks alike.
OURS = (
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_RANGE",
)


@dataclass(frozen=True, slots=True)
class Made:
    """What the application answered: a resource, or another head with its words."""

    resource: Resource | None
    head: Head
    words: bytes
    ticket: Ticket


def question_of(scope: Any, trusted_proxies: int) -> Question:
    """A request as shelves see it."""
    headers = dict(scope["headers"])
    path = scope["raw_path"]
    if b"%" in path:
        path = unquote_to_bytes(path)
    address = scope["client"][0] if scope.get("client") else ""
    secure = scope["scheme"] == "https"
    if trusted_proxies:
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        address = client_of(address, forwarded, trusted_proxies)
        scheme = headers.get(b"x-forwarded-proto", b"").decode("latin-1")
        secure = client_of(scope["scheme"], scheme, trusted_proxies) == "https"
    return Question(
        scope["method"], path, scope["query_string"], headers, address, secure
    )


class Counter:
    """Hands out what is kept, has made once what is not, and tells who keeps count what was sent.

    `secured` are the headers that answers over TLS have besides.
    """

    def __init__(
        self,
        app: Application,
        lanes: Lanes,
        crowd: Crowd,
        *,
        horns: Horns | None,
        shelf: Shelf | None,
        secured: Sequence[tuple[bytes, bytes]],
    ) -> None:
        self._app = app
        self._lanes = lanes
        self._crowd = crowd
        self._horns = horns
        self._shelf = shelf
        self._secured = list(secured)
        self._making: dict[Key, asyncio.Future[Made]] = {}

    async def find(self, question: Question, receive: Receive) -> Resource | None:
        """What can be answered without the application.

        From `receive` is heard whether who waits for it is still there.
        """
        shelf = self._shelf
        if shelf is not None and (route := shelf.route(question)) is not None:
            return shelf.find(shelf.key(route, question))
        if self._horns is not None and self._horns.answers(question):
            return await self._horns.resource(question, receive)
        return None

    def route(self, question: Question) -> Route | None:
        """How the answer of this request may be kept, when it may."""
        return self._shelf.route(question) if self._shelf is not None else None

    def looked_into(self) -> None:
        """The application answered: who asks next should not see an older state than this answer
        told.
        """
        if self._shelf is not None:
            self._shelf.state.look_soon()

    async def hand_out(
        self, question: Question, resource: Resource, receive: Receive, send: Send
    ) -> Refusal | None:
        """Sends it; gives the refusal of a long file to an address that takes too many already."""
        reply = resource.reply(question)
        if question.secure:
            reply.headers.extend(self._secured)
        if not isinstance(reply.body, File):
            await _send(reply.status, reply.headers, reply.data, send)
            return None
        if reply.end - reply.start <= SMALL or self._horns_ask(question):
            await self._send_file(question, resource, reply, receive, send)
            return None
        with self._crowd.answering(question.address) as room:
            if not room:
                return CROWDED
            await self._send_file(question, resource, reply, receive, send)
        return None

    async def make(
        self, question: Question, route: Route, environ: Environ, send: Send
    ) -> None:
        """Answers with what the application makes; many who ask for the same wait for
        one making.
        """
        shelf = self._shelf
        if shelf is None:
            raise RuntimeError("a route without a shelf")
        key = shelf.key(route, question)
        making = self._making.get(key)
        if making is None or making.done():
            making = asyncio.ensure_future(self._made(shelf, key, environ))
            self._making[key] = making
        last = shelf.last(key)
        try:
            async with asyncio.timeout(PATIENCE_S if last is not None else None):
                made = await asyncio.shield(making)
        except TimeoutError:
            made = None
        resource = (
            made.resource if made is not None and made.head.status != AWAY else last
        )
        if resource is None and made is not None:
            words = b"" if question.method == "HEAD" else made.words
            await _send(made.head.status, list(made.head.headers), words, send)
        elif resource is not None:
            await self._send_kept(question, resource, send)

    async def _send_kept(
        self, question: Question, resource: Resource, send: Send
    ) -> None:
        reply = resource.reply(question)
        if question.secure:
            reply.headers.extend(self._secured)
        await _send(reply.status, reply.headers, reply.data, send)

    def offer(self, question: Question, route: Route, ticket: Ticket) -> None:
        """Keeps the file that an answer was a part of."""
        if self._shelf is not None and ticket.kept and ticket.resource is not None:
            self._shelf.put(self._shelf.key(route, question), ticket, ticket.resource)

    def ticket(self) -> Ticket:
        """For an answer that comes from the application."""
        return self._shelf.ticket() if self._shelf is not None else Ticket({})

    async def _made(self, shelf: Shelf, key: Key, environ: Environ) -> Made:
        ticket = shelf.ticket()
        asked = {name: value for name, value in environ.items() if name not in OURS}
        asked |= {"REQUEST_METHOD": "GET", TICKET: ticket}
        secured = {name for name, _ in self._secured}
        try:
            work = partial(_run, self._app, asked, shelf.kinds, ticket, secured)
            made = await self._lanes.run(Lane.READERS, work)
        finally:
            del self._making[key]
        if made.resource is not None and ticket.kept:
            shelf.put(key, ticket, made.resource)
        return made

    def _horns_ask(self, question: Question) -> bool:
        return self._horns is not None and self._horns.answers(question)

    async def _send_file(
        self,
        question: Question,
        resource: Resource,
        reply: Reply,
        receive: Receive,
        send: Send,
    ) -> None:
        """A stretch of a file, until it ends or the reader is gone; tells who keeps count."""
        reader = Reader(
            reply.body.path if isinstance(reply.body, File) else "", self._lanes
        )
        place = reply.start
        try:
            async for block in _until_gone(
                reader.blocks(reply.start, reply.end), receive
            ):
                if place == reply.start:
                    start = {"type": "http.response.start", "status": reply.status}
                    await send(start | {"headers": reply.headers})
                place += len(block)
                more = place < reply.end
                await send(
                    {"type": "http.response.body", "body": block, "more_body": more}
                )
        finally:
            reader.close()
            if resource.sent is not None and place > reply.start:
                resource.sent(question, reply.start, place)


async def _until_gone(
    blocks: AsyncIterator[bytes], receive: Receive
) -> AsyncIterator[bytes]:
    """The blocks, until the reader is gone: looked for only where there are several."""
    gone: asyncio.Future[None] | None = None
    is_first = True
    try:
        async for block in blocks:
            if not is_first:
                gone = gone or asyncio.ensure_future(farewell(receive))
                if gone.done():
                    break
            is_first = False
            yield block
    finally:
        if gone is not None:
            gone.cancel()


def _run(
    app: Application,
    environ: Environ,
    kinds: Sequence[bytes],
    ticket: Ticket,
    secured: set[bytes],
) -> Made:
    """Calls the application, in a thread."""
    exchange = Exchange(app, environ, io.BytesIO())
    try:
        head, words = exchange.begin()
        while exchange.is_open:
            words += exchange.more()
    finally:
        exchange.close()
    named = {name for name, _ in head.headers}
    if head.status != 200 or b"set-cookie" in named:
        return Made(None, head, words, ticket)
    fields = [(name, value) for name, value in head.headers if name not in secured]
    return Made(resource_of(fields, words, kinds, tag_of), head, words, ticket)


async def _send(
    status: int, headers: list[tuple[bytes, bytes]], body: bytes, send: Send
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
