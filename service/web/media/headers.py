"""Headers that many answers share, whether Flask sends them or a shelf does."""

import re
from urllib.parse import urlsplit

# Browsers run nothing of what we send but our own, and show us in no frame but ours.
CSP = (
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
SOUND_FROM = re.compile("media-src 'self'")
PROTECTED = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
# A commune whose certificate lapses is out of reach for so long, and nobody there can help it
# (docs/threats.md).
HSTS_S = 30 * 24 * 3600
SECURED = {"Strict-Transport-Security": f"max-age={HSTS_S}"}
EXPOSED = (
    "Accept-Ranges",
    "Content-Range",
    "ETag",
    "X-Loa-Date",
    "X-Loa-Rung",
    "X-Loa-Version",
)
# Players on other sites may read sound and feeds, in parts too, and learn why they are gone;
# cookies are not let in.
FOR_ANY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(EXPOSED),
}
# Kinds of content that are sent compressed; sound never is.
ZIPPED = (
    "text/",
    "application/json",
    "application/rss+xml",
    "application/xml",
    "application/problem+json",
    "application/json+chapters",
    "application/manifest+json",
    "image/svg+xml",
)


def with_sound_from(policy: str, media_url: str) -> str:
    """The policy where sound leaves from another address: pages play it, and keep it for later."""
    if not media_url:
        return policy
    there = urlsplit(media_url)
    origin = f"{there.scheme}://{there.netloc}"
    opened = SOUND_FROM.sub(f"media-src 'self' {origin}", policy)
    return f"{opened}; connect-src 'self' {origin}"


def fields(*groups: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as the front sends them: names in lower case, bytes."""
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for group in groups
        for name, value in group.items()
    ]
