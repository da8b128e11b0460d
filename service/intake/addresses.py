"""Addresses as others write them: whatever they are, asking about them never raises."""

from urllib.parse import SplitResult, urljoin, urlsplit

WEB = ("http", "https")


def parts_of(url: str) -> SplitResult | None:
    """The parts of an address; None for what nobody can read as one ("http://[x")."""
    try:
        parts = urlsplit(url)
        # Both are read late, and may then be none: a port beyond 65535, half a bracket.
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def is_web(url: str) -> bool:
    """Whether it leads to a host of the web."""
    parts = parts_of(url)
    return parts is not None and parts.scheme in WEB and bool(parts.hostname)


def host_of(url: str) -> str:
    """Whose turn an address needs: its host, whatever the port and the scheme; "" for none."""
    parts = parts_of(url)
    return ((parts and parts.hostname) or "").rstrip(".").lower()


def is_home(url: str) -> bool:
    """Whether it is a site's first page: where portals lead from news that they took down."""
    parts = parts_of(url)
    return parts is not None and not parts.path.strip("/") and not parts.query


def joined(base: str, url: str) -> str:
    """Where a link on the page at `base` leads; "" for one that leads nowhere."""
    try:
        return urljoin(base, url.strip()) if url.strip() else ""
    except ValueError:
        return ""
