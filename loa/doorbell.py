"""The doorbell: how processes of one machine without a broker tell its lanes that there may be
work.

A datagram on the loopback, which Windows knows too. One that is lost, or rung while nobody listens,
costs a look's delay and nothing else: the jobs table is the truth.
"""

import logging
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from time import sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.newsroom.store.database import Nudge
    from service.newsroom.values import Lane

log = logging.getLogger("loa.doorbell")

LOOPBACK = "127.0.0.1"
TOKEN_BYTES = 16
# How lanes look at the table themselves where they have a doorbell: what a ring that is lost costs
# at most.
ASK_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a doorbell hangs, and what is said there:
    other programs of the machine ring in vain.
    """

    port: int
    token: bytes


class Doorbell:
    """A doorbell of this process. What is rung before `listen` is heard then."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self.address = Address(
            self._socket.getsockname()[1], secrets.token_bytes(TOKEN_BYTES)
        )

    def listen(self, ring: Callable[[], None]) -> None:
        """Calls `ring`, from a thread of its own, each time that somebody rings."""
        threading.Thread(
            target=self._hear, args=(ring,), name="doorbell", daemon=True
        ).start()

    def close(self) -> None:
        """Hears nothing more."""
        self._socket.close()

    def _hear(self, ring: Callable[[], None]) -> None:
        while True:
            try:
                said = self._socket.recv(TOKEN_BYTES + 1)
            except OSError as error:
                # Windows tells of what is too long, or of something sent that has not arrived
                log.debug("the doorbell heard nothing: %s", error)
                if self._socket.fileno() < 0:  # closed
                    return
                sleep(ASK_EVERY_S)
                continue
            if compare_digest(said, self.address.token):
                ring()


def nudge_at(address: Address) -> "Nudge":
    """Rings there for each new job, and waits for nobody."""

    def nudge(_job: int, _lane: "Lane") -> None:
        with (
            suppress(OSError),
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        ):
            sender.setblocking(False)
            sender.sendto(address.token, (LOOPBACK, address.port))

    return nudge
