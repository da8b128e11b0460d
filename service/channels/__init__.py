"""Ways to the people on duty: one file for each channel, and nothing else lies here.

`sms.py` with a class `Sms` is a channel: the class does what `Channel` asks for. A channel knows
its addresses by their form, so what an administrator types is all that says which one it is.
"""

import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from service.guard import Guard
from service.smtp import Post


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody on duty is told.

    `link` is where to approve; `at` and `day` name the hour it is about.
    """

    id: int
    station: str
    rung: str
    title: str
    text: str
    link: str
    made_at: datetime
    at: str | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What an installation lends its channels for one look.

    `trust` is whom a mail server's certificate must come from (None: whom this machine trusts).
    """

    guard: Guard
    public_url: str
    post: Post | None
    deadline_s: float
    trust: ssl.SSLContext | None = None


# A message, and an address that is to be told of it.
Telling = tuple[Message, str]
# "" when it was told, None when there was no time to try it.
Trouble = str | None


class Unfit(ValueError):
    """Nothing can ever be sent to this address; `message_vi` is for the person who typed it."""

    def __init__(self, message: str, message_vi: str) -> None:
        super().__init__(message)
        self.message_vi = message_vi


class Channel(Protocol):
    """What every channel can do."""

    form: str  # what its addresses are: "an e-mail address"
    form_vi: str
    one_server: bool  # all go through one: told after the others, whom it would hold up

    def takes(self, address: str) -> bool:
        """Whether an address has its form; it may still be one that nothing can be sent to."""
        ...

    def checked(self, address: str, guard: Guard) -> str:
        """The address as it is sent to; Unfit when nothing ever can be."""
        ...

    def lacks(self, means: Means) -> str:
        """What the installation must set before this channel works; "" nothing."""
        ...

    def tell(self, tellings: Sequence[Telling], means: Means) -> Iterable[Trouble]:
        """The trouble of each telling, in their order, as it becomes known."""
        ...

    def shown(self, address: str) -> str:
        """The address for the log, without what is secret in it."""
        ...


@cache
def channels() -> tuple[Channel, ...]:
    """Every channel there is a file for."""
    return tuple(
        _channel(name)
        for name in sorted(module.name for module in iter_modules(__path__))
    )


def channel_of(address: str) -> Channel | None:
    """The channel that an address belongs to; None when it has no form that we know."""
    return next((channel for channel in channels() if channel.takes(address)), None)


def checked(address: str, guard: Guard) -> str:
    """The address as it is sent to; Unfit when there is no way to it."""
    channel = channel_of(address)
    if channel is not None:
        return channel.checked(address, guard)
    forms = " nor ".join(channel.form for channel in channels())
    forms_vi = " hay ".join(channel.form_vi for channel in channels())
    raise Unfit(
        f"{address!r} is neither {forms}", f"“{address}” không phải là {forms_vi}."
    )


def shown(address: str) -> str:
    """The address for the log."""
    channel = channel_of(address)
    return channel.shown(address) if channel is not None else address


def _channel(name: str) -> Channel:
    module = import_module(f"{__name__}.{name}")
    channel: Channel = getattr(module, name.capitalize())()
    return channel
