"""Addresses of the people on duty: refused when they are entered,
if nothing can ever be sent there.
"""

from collections.abc import Iterable

from service.channels import Unfit, checked
from service.guard import Guard
from service.newsroom.errors import Invalid

# Addresses of one station.
MOST = 50


def duty_addresses(addresses: Iterable[str], guard: Guard) -> tuple[str, ...]:
    """The same addresses as they can be sent to, each once.

    Invalid (`duty`) names the one that cannot be.
    """
    sendable = tuple(dict.fromkeys(_sendable(address, guard) for address in addresses))
    if len(sendable) > MOST:
        raise Invalid(
            f"at most {MOST} addresses", f"Tối đa {MOST} địa chỉ người trực.", "duty"
        )
    return sendable


def _sendable(address: str, guard: Guard) -> str:
    try:
        return checked(address, guard)
    except Unfit as error:
        raise Invalid(str(error), error.message_vi, "duty") from error
