"""Which addresses outside may be called at all: the one guard of fetched pages, webhooks and hubs.

Only the public Internet, unless an administrator opened hosts or networks of the own LAN
(`LOA_LAN_ALLOW`). Nothing is looked up and nothing is called here; `service.outbound` does both, by
this guard.
"""

import ipaddress
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Besides what Python calls not global, whose table differs from release to release.
# IANA's registries of special-purpose addresses (RFC 6890, RFC 8190) and RFC 7526 (192.88.99.0/24).
SPECIAL_IPV4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "240.0.0.0/4",
    )
)
# RFC 4291; all else is local, reserved, special
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
SPECIAL_IPV6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, with Teredo and ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)
# RFC 6052: an IPv4 address, seen from an IPv6 network
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
# Forms whose last four bytes are an IPv4 address.
ENDING_IN_IPV4 = (
    NAT64,
    MAPPED,
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # RFC 8215
    ipaddress.IPv6Network("::/96"),  # IPv4-compatible
    ipaddress.IPv6Network("::ffff:0:0:0/96"),  # IPv4-translated
)
# RFC 5214: these and an IPv4 address are the interface's name
ISATAP = (
    0x0000_5EFE,
    0x0200_5EFE,
)

# Whatever an administrator opened: no LAN has anything there that Loa should call, and a cloud's
# machine tells its secrets at some of them.
NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "169.254.0.0/16",  # link-local, with most clouds' metadata
        "100.100.100.200/32",  # Alibaba's
        "168.63.129.16/32",  # Azure's
        "192.0.0.192/32",  # Oracle's
        "224.0.0.0/4",
        "255.255.255.255/32",
        "::/128",
        "fe80::/10",
        "fd00:ec2::/32",  # Amazon's
        "fd20:ce::/32",  # Google's
        "ff00::/8",
    )
)
# In the host part: userinfo, or what two readers read in two ways
STRAY = re.compile(r"[\s\\%@]")


class Unsafe(ValueError):
    """An address that must not be called; the message says why, and holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an http(s) address leads. `host` is in ASCII (punycode), without brackets."""

    scheme: str
    host: str
    port: int
    path: str  # and query

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a log may show of an address whose path is a secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.scheme == "https" else 80)
        return f"{self.scheme}://{host}" + ("" if usual else f":{self.port}")


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be called: the public Internet, and the hosts and networks that were opened."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Guard":
        """From hosts, addresses and networks between commas; ValueError names the one at fault."""
        hosts, networks = set[str](), list[Network]()
        for entry in filter(None, map(str.strip, text.split(","))):
            if re.fullmatch(
                r"[\d.]+(/\d+)?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(/\d+)?", entry
            ):
                networks.append(ipaddress.ip_network(entry))
            elif re.fullmatch(r"\w([\w-]*\w)?(\.\w([\w-]*\w)?)*\.?", entry):
                hosts.add(_ascii(entry))
            else:
                raise ValueError(
                    f"{entry!r} is neither a host nor a network as in 192.168.1.0/24"
                )
        return cls(frozenset(hosts), tuple(networks))

    def allows(self, host: str, address: Address) -> bool:
        """Whether an address may be dialled that a host (in ASCII) was found to have."""
        forms = (address, *_within(address))
        if any(form in network for form in forms for network in NEVER):
            return False
        return self._opened(host, address) or is_public(address)

    def allows_plain(self, target: Target) -> bool:
        """Whether http without TLS may carry what is nobody else's:
        only to what was opened by name or number.
        """
        return self._opened(target.host, _literal(target.host))

    def check_secret(self, url: str) -> Target:
        """Where an address leads that is told what is nobody else's.

        Unsafe when it can never be allowed.

        What a name stands for is checked when it is called.
        """
        target = target_of(url)
        if target.scheme != "https" and not self.allows_plain(target):
            raise Unsafe(f"{target.origin} is not https, nor a host of LOA_LAN_ALLOW")
        address = _literal(target.host)
        if address is not None and not self.allows(target.host, address):
            raise Unsafe(
                f"{target.origin} is not a public address, nor in LOA_LAN_ALLOW"
            )
        return target

    def _opened(self, host: str, address: Address | None) -> bool:
        if host.rstrip(".") in self.hosts:
            return True
        return address is not None and any(
            address in network for network in self.networks
        )


PUBLIC_ONLY = Guard()


def target_of(url: str) -> Target:
    """Where an http(s) address leads.

    Unsafe when it is none, or one that readers may read differently.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = _ascii(parts.hostname or "")
    except ValueError as error:
        raise Unsafe(f"it cannot be read as an address: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise Unsafe("it is no http or https address")
    if STRAY.search(parts.netloc):
        raise Unsafe(
            "its host part holds a name, a password or a character that no host has"
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def is_public(address: Address) -> bool:
    """Whether an address is on the public Internet, whatever it is wrapped in.

    Of IPv6 only global unicast (2000::/3) without what is special in it, and the two forms in which
    an IPv4 address is really reached; `is_global` alone takes others for public
    (docs/decisions.md).
    """
    if isinstance(address, ipaddress.IPv4Address):
        special = any(address in network for network in SPECIAL_IPV4)
        return address.is_global and not address.is_multicast and not special
    if not all(is_public(inner) for inner in _within(address)):
        return False
    if address in NAT64 or address in MAPPED:
        return True
    special = any(address in network for network in SPECIAL_IPV6)
    return address in GLOBAL_UNICAST and address.is_global and not special


def _within(address: Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries, in every form there is."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    number = int(address)
    last = ipaddress.IPv4Address(number & 0xFFFF_FFFF)
    if any(address in network for network in ENDING_IN_IPV4):
        yield last
    if (number >> 32) & 0xFFFF_FFFF in ISATAP:
        yield last
    if address.sixtofour is not None:
        yield address.sixtofour
    yield from address.teredo or ()


def _literal(host: str) -> Address | None:
    """The address that a host is, in any spelling that resolvers take ("127.1", "0x7f000001").

    None for a name.
    """
    if host.rpartition(".")[2] == "localhost":  # RFC 6761
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _ascii(host: str) -> str:
    """A host name as resolvers and certificates have it; ValueError when it cannot be one."""
    return (
        host.lower().rstrip(".")
        if host.isascii()
        else host.encode("idna").decode("ascii")
    )
