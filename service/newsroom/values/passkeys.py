"""Passkeys (WebAuthn): what people have, what is asked of them, and where they are good."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None
    suspect_at: (
        datetime | None
    )  # when there was a sign of a copy; it opens nothing then


class Ceremony(StrEnum):
    """What a browser signs for: an answer to the one is none to another."""

    ADD = "add"
    LOGIN = "login"
    SECOND = "second"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Realm:
    """The one address at which the passkeys of this installation are good.

    `host` is what WebAuthn calls the RP ID, `name` what browsers show.
    """

    host: str
    origin: str
    name: str

    @classmethod
    def of(cls, address: str, name: str) -> Self | None:
        """The realm of the address that people type.

        None where browsers make no passkeys (WebAuthn 3, 5.1.2): at a bare IP address, and without
        TLS but on localhost.
        """
        parts = urlsplit(address)
        try:
            host = (parts.hostname or "").encode("idna").decode()
        except UnicodeError:
            return None
        is_local = host == "localhost" or host.endswith(".localhost")
        if _is_ip(host) or not (parts.scheme == "https" or is_local):
            return None
        has_own_port = parts.port not in (None, PORTS.get(parts.scheme))
        port = f":{parts.port}" if has_own_port else ""
        return cls(host, f"{parts.scheme}://{host}{port}", name)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return not host
    return True
