"""A connection: uvicorn's, with a clock for the head, a size,
and readers that stall told from slow ones.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.front.crowd import Crowd
from service.front.limits import Limits

FRAMING = 8  # a chunk of one byte takes six


class Connection(HttpToolsProtocol):
    """What each connection of a front does; `connection_class` gives the limits."""

    limits: ClassVar[Limits]
    # None when the peer is a proxy: then the front counts by its word
    crowd: ClassVar[Crowd | None]

    _clock: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None
    # Bytes since the last head or piece of a body: of a head, or of what frames a body
    _surplus = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A peer is there: it is waited for, for so long."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The peer is gone."""
        self._stop(self._clock)
        self._stop(self._stall)
        self._received()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hands the bytes over, and counts those that are neither a whole head nor a body.

        Such as a head while another request is answered, trailers, extensions of chunks: nobody
        waits for them with a clock, and all of it would be kept.
        """
        self._surplus += len(data)
        super().data_received(data)
        if self._surplus > self.limits.head_bytes:
            self._drop()

    def on_headers_complete(self) -> None:
        """The head is whole; the body has a clock of its own, in the gateway."""
        self._stop(self._clock)
        self._surplus = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body: what frames it may be as large again, so often."""
        self._surplus = max(0, self._surplus - FRAMING * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._surplus = 0
        self._received()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The next request is waited for, unless it lies here already."""
        queued = bool(self.pipeline)
        super().on_response_complete()
        if not queued and not self.transport.is_closing():
            self._await_head()

    def pause_writing(self) -> None:
        """The reader is slower than we are; one that takes nothing for long is given up."""
        super().pause_writing()
        self._stall = self.loop.call_later(self.limits.stalled_s, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader took what there was."""
        self._stop(self._stall)
        super().resume_writing()

    def _await_head(self) -> None:
        self._surplus = 0
        self._stop(self._clock)
        self._clock = self.loop.call_later(self.limits.head_s, self._drop)
        if self.crowd is not None and self.client is not None:
            self.crowd.receiving(self.client[0], self, self._drop)

    def _received(self) -> None:
        if self.crowd is not None and self.client is not None:
            self.crowd.received(self.client[0], self)

    def _drop(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    @staticmethod
    def _stop(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()


def connection_class(limits: Limits, crowd: Crowd | None) -> type[Connection]:
    """Connections under these limits, as uvicorn's configuration wants them."""
    return type("LimitedConnection", (Connection,), {"limits": limits, "crowd": crowd})
