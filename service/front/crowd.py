"""How much of the front each address holds."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address

IPV6_SITE = 64  # bits; a household or an office is given at least so many of its own
V6_GROUPS = IPV6_SITE // 16
FEW = 4  # answers at once: a browser opens six connections, a loudspeaker one


def household(address: str) -> str:
    """An address as it is counted: IPv6 by its network, for whoever has one has 2^64 of them."""
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped) if mapped else ":".join(parsed.exploded.split(":")[:V6_GROUPS])


def client_of(peer: str, forwarded: str, proxies: int) -> str:
    """Who asks: the peer, or whom the outermost of the trusted proxies named in X-Forwarded-For."""
    named = [part.strip() for part in forwarded.split(",") if part.strip()]
    return named[-proxies] if proxies and len(named) >= proxies else peer


class Crowd:
    """Counts by address. Lives in the event loop's thread alone."""

    def __init__(
        self, receiving_each: int, answering_each: int, answering: int
    ) -> None:
        self._receiving_each = receiving_each
        self._answering_each = answering_each
        self._answering_all = answering
        self._receiving: dict[str, dict[object, Callable[[], None]]] = {}
        self._answering: Counter[str] = Counter()

    def receiving(self, address: str, who: object, drop: Callable[[], None]) -> None:
        """Notes an unfinished request; the address's oldest is dropped when it has too many.

        The oldest, not the newest: a loudspeaker behind the same router as an attacker still gets
        in.
        """
        unfinished = self._receiving.setdefault(household(address), {})
        unfinished[who] = drop
        if len(unfinished) > self._receiving_each:
            oldest = next(iter(unfinished))
            unfinished.pop(oldest)()

    def received(self, address: str, who: object) -> None:
        """The request is whole, or gone; harmless when it was not noted."""
        key = household(address)
        unfinished = self._receiving.get(key)
        if unfinished is None:
            return
        unfinished.pop(who, None)
        if not unfinished:
            del self._receiving[key]

    @contextmanager
    def answering(self, address: str) -> Iterator[bool]:
        """Whether there is room for one more answer to that address; counted meanwhile.

        Some addresses may fill all of it with readers that dawdle: whoever has no more than a few
        answers under way has room beyond.
        """
        key = household(address)
        held, total = self._answering[key], self._answering.total()
        most = self._answering_all * (2 if held < FEW else 1)
        room = held < self._answering_each and total < most
        self._answering[key] += 1
        try:
            yield room
        finally:
            self._answering[key] -= 1
            if not self._answering[key]:
                del self._answering[key]
