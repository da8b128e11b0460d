"""From ASGI to WSGI: a body is received whole, then a thread runs the application,
then nobody waits in a thread.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from service.front.body import (
    Gone,
    Receive,
    Spool,
    TooSlow,
    farewell,
    receive_body,
)
from service.front.counter import Counter, question_of
from service.front.crowd import Crowd, household
from service.front.exchange import Application, Environ, Exchange, environ_of
from service.front.horns import Horns, SlotShelf
from service.front.lanes import Lane, Lanes, lane_of
from service.front.limits import Limits
from service.front.refusals import CROWDED, NO_HOST, TOO_SLOW, Refusal
from service.front.resource import Question
from service.front.shelf import TICKET, Route, Shelf
from service.front.timing import Timings

Send = Callable[[Any], Awaitable[None]]
Room = Callable[[Environ], int]
LINGER_S = 2.0  # what is still on its way is taken that long, or the sender never sees the answer
CLOSES = (b"connection", b"close")


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a request waits for a thread, and for whom."""

    lane: Lane
    whose: str  # household


class Gateway:
    """An ASGI application over a WSGI one.

    `room` tells how large the body of a request may be that is larger than `limits.body_bytes`; it
    runs in a thread and sees the environ without the body. What is larger still reaches the
    application with an empty body and its own Content-Length: it says what is wrong in its own
    words.

    What lies on `slots` and `shelf` is answered without the application and its threads: no form,
    no slow page and no database that hangs stands between a loudspeaker and its bulletin. `secured`
    are the headers that answers over TLS have besides; `timings` take down how slots are answered
    (server.py).
    """

    def __init__(
        self,
        app: Application,
        *,
        limits: Limits | None = None,
        room: Room | None = None,
        trusted_proxies: int = 0,
        slots: SlotShelf | None = None,
        shelf: Shelf | None = None,
        secured: Sequence[tuple[bytes, bytes]] = (),
        timings: Timings | None = None,
    ) -> None:
        self.timings = timings or Timings()
        self.limits = limits or Limits()
        self.trusted_proxies = trusted_proxies
        each, all_of_them = self.limits.answering_each, self.limits.answering
        self.crowd = Crowd(self.limits.receiving_each, each, all_of_them)
        # A district's loudspeakers may come through one router, all at five in the morning.
        self._horns = Crowd(0, all_of_them, all_of_them)
        self._app = app
        self._room = room
        self._lanes = Lanes()
        waiting = Crowd(0, each, all_of_them)
        horns = Horns(slots, self._lanes, waiting) if slots is not None else None
        self._counter = Counter(
            app, self._lanes, self.crowd, horns=horns, shelf=shelf, secured=secured
        )

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serves one request."""
        question = question_of(scope, self.trusted_proxies)
        resource = None
        if _one_host(scope):
            resource = await self._counter.find(question, receive)
        if resource is None:
            await self._ask(scope, question, receive, send)
            return
        refusal = await self._counter.hand_out(question, resource, receive, send)
        if refusal is not None:
            await _refuse(refusal, environ_of(scope), receive, send)

    async def _ask(
        self, scope: Any, question: Question, receive: Receive, send: Send
    ) -> None:
        """Has the application answer, when there is room for one more."""
        environ = environ_of(scope)
        lane = lane_of(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        route = self._counter.route(question)
        crowd = self._horns if lane is Lane.HORNS else self.crowd
        with crowd.answering(question.address) as room:
            if not _one_host(scope):
                await _refuse(NO_HOST, environ, receive, send)
            elif not room:
                await _refuse(CROWDED, environ, receive, send)
            elif route is not None and route.made_whole:
                await self._counter.make(question, route, environ, send)
            else:
                await self._serve(environ, lane, question, route, receive, send)

    async def _serve(
        self,
        environ: Environ,
        lane: Lane,
        question: Question,
        route: Route | None,
        receive: Receive,
        send: Send,
    ) -> None:
        spool = Spool(self._lanes, self.limits.kept_in_memory)
        whole = True
        try:
            if _has_body(environ):
                whole = await self._receive(environ, spool, question.address, receive)
            body = await spool.whole()
        except TooSlow:
            spool.close()
            await _refuse(TOO_SLOW, environ, receive, send)
            return
        except Gone:
            spool.close()
            return
        ticket = environ[TICKET] = self._counter.ticket()
        own = Turn(lane, household(question.address))
        await self._answer(
            Exchange(self._app, environ, body), own, whole, receive, send
        )
        if route is not None:
            self._counter.offer(question, route, ticket)
        self._counter.looked_into()

    async def _receive(
        self, environ: Environ, spool: Spool, address: str, receive: Receive
    ) -> bool:
        """Takes the body in. False, with nothing of it, when it is larger than what is taken."""
        told = int(environ.get("CONTENT_LENGTH") or 0)
        most = self.limits.body_bytes
        with self._counted(address, spool):
            whole = told <= most and await receive_body(
                receive, spool, self.limits, most
            )
            if not whole and self._room is not None:
                ask = partial(self._room, environ)
                most = max(
                    most, await self._lanes.run(Lane.READERS, ask, household(address))
                )
                whole = told <= most and await receive_body(
                    receive, spool, self.limits, most
                )
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = str(max(told, spool.size))
        if not whole:
            spool.empty()
        return bool(whole)

    @contextmanager
    def _counted(self, address: str, spool: Spool) -> Iterator[None]:
        """While a body comes through a trusted proxy, it counts as its address's.

        Else the connection does.
        """
        task = asyncio.current_task()
        if not self.trusted_proxies or task is None:
            yield
            return

        def drop() -> None:
            spool.dropped = True
            task.cancel()

        self.crowd.receiving(address, spool, drop)
        try:
            yield
        except asyncio.CancelledError:
            if not spool.dropped:
                raise
            task.uncancel()
            raise TooSlow from None
        finally:
            self.crowd.received(address, spool)

    async def _answer(
        self, exchange: Exchange, turn: Turn, whole: bool, receive: Receive, send: Send
    ) -> None:
        """What the application says: a thread is held while a block is made, no longer."""
        try:
            head, block = await self._lanes.run(turn.lane, exchange.begin, turn.whose)
            headers = head.headers if whole else [*head.headers, CLOSES]
            await send(
                {
                    "type": "http.response.start",
                    "status": head.status,
                    "headers": headers,
                }
            )
            if exchange.is_open:
                await self._stream(exchange, block, turn, receive, send)
            elif whole:
                await send({"type": "http.response.body", "body": block})
            else:
                await _last_words(block, receive, send)
        finally:
            if exchange.is_open:
                await self._lanes.run(turn.lane, exchange.close, turn.whose)

    async def _stream(
        self, exchange: Exchange, block: bytes, turn: Turn, receive: Receive, send: Send
    ) -> None:
        """The rest of a long answer, until it ends or the reader is gone."""
        gone = asyncio.ensure_future(farewell(receive))
        try:
            while exchange.is_open and not gone.done():
                await send(
                    {"type": "http.response.body", "body": block, "more_body": True}
                )
                if not gone.done():
                    block = await self._lanes.run(turn.lane, exchange.more, turn.whose)
            if not gone.done():
                await send({"type": "http.response.body", "body": block})
        finally:
            gone.cancel()


def _has_body(environ: Environ) -> bool:
    return (
        "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") != "0"
    )


def _one_host(scope: Any) -> bool:
    """HTTP/1.1 asks for exactly one; HTTP/1.0 knows none."""
    hosts: int = sum(name == b"host" for name, _ in scope["headers"])
    return hosts == 1 or (hosts == 0 and scope["http_version"] == "1.0")


async def _refuse(
    refusal: Refusal, environ: Environ, receive: Receive, send: Send
) -> None:
    """An answer of the front's own."""
    headers, body = refusal.answer(environ["PATH_INFO"])
    await send(
        {"type": "http.response.start", "status": refusal.status, "headers": headers}
    )
    await _last_words(
        b"" if environ["REQUEST_METHOD"] == "HEAD" else body, receive, send
    )


async def _last_words(body: bytes, receive: Receive, send: Send) -> None:
    """The answer to somebody who is still sending: it is taken for a moment, else a reset is all
    they see.
    """
    await send({"type": "http.response.body", "body": body, "more_body": True})
    try:
        async with asyncio.timeout(LINGER_S):
            while (await receive()).get("more_body", False):
                pass
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b""})
