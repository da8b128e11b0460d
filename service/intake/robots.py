"""What a host lets robots fetch: robots.txt, RFC 9309."""

import re
from dataclasses import dataclass
from typing import Any

from service.intake import apart

RULE = re.compile(r"disallow|crawl-delay", re.IGNORECASE)
ROBOT = "Loa"  # how robots.txt may name us
LARGEST_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: what is beyond need not be read


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether an address may be fetched, and how long to wait between two calls (0.0:
    nothing is said).
    """

    allowed: bool
    delay_s: float = 0.0


def permission(robots: str, url: str) -> Permission:
    """What the text of a robots.txt says of an address.

    It is read apart: anybody may have written it.
    """
    if not RULE.search(robots):  # most have none for us, and a child need not be asked
        return Permission(True)
    return Permission(
        **apart.call("robots", robots.encode("utf-8", "replace"), url=url)
    )


def read_robots(data: bytes, url: str) -> dict[str, Any]:
    """The same, in this very process."""
    from protego import Protego

    rules = Protego.parse(data.decode("utf-8", "replace"))
    return {
        "allowed": bool(rules.can_fetch(url, ROBOT)),
        "delay_s": float(rules.crawl_delay(ROBOT) or 0.0),
    }
