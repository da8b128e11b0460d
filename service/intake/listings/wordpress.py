"""WordPress' own list of posts (REST API, wp/v2): it holds their whole text.

Source: https://developer.wordpress.org/rest-api/reference/posts/
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from service.intake.letters import tidy, unescape
from service.intake.listings.entry import (
    Entry,
    Listing,
    bounded,
    fingerprint_of,
    guid_of,
)
from service.intake.story import Rejected
from service.intake.times import is_likely

TAG = re.compile(r"<[^<>]*>")
ROOT = "/wp-json/wp/v2/posts"
# By the last change, so that an edit of an old post is seen as well.
QUERY = {"per_page": 50, "orderby": "modified", "_embed": "wp:term,wp:featuredmedia"}


def address(url: str) -> str:
    """The list's address of a site's, or of a list that somebody already asks in his own way."""
    if "/wp-json/" in url or "rest_route=" in url:
        return url
    parts = urlsplit(url)
    folder = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{folder}{ROOT}?{urlencode(QUERY)}"


def read(data: bytes, _base: str, _selector: str) -> Listing:
    """The posts, the last changed first."""
    try:
        posts = json.loads(data)
    except (ValueError, RecursionError):
        posts = None
    if not isinstance(posts, list):
        raise Rejected(
            "url",
            "no_wordpress",
            "this site does not answer as WordPress does at /wp-json/wp/v2/posts",
            "Trang này không trả lời như WordPress. Hãy thử loại RSS.",
        )
    return bounded([entry_of(post) for post in posts if isinstance(post, dict)])


def entry_of(post: dict[str, Any]) -> Entry:
    """A post as an entry of a list."""
    url = str(post.get("link") or "")
    title = tidy(unescape(_rendered(post, "title")))
    html = _text_of(post)
    return Entry(
        guid=guid_of(_rendered(post, "guid") or url or str(post.get("id") or "")),
        url=url,
        title=title,
        fingerprint=fingerprint_of(title, html),
        document="" if html else url,
        html=html,
        picture=_featured(post),
        published_at=_time(post.get("date_gmt")),
        topics=tuple(_terms(post)),
    )


def _text_of(post: dict[str, Any]) -> str:
    """The HTML of a post; "" when there is no letter in it.

    Builders of pages, passwords and posts of pictures alone leave it empty: the page may say more.
    """
    html = _rendered(post, "content")
    text = unescape(TAG.sub(" ", html))
    return html if any(map(str.isalpha, text)) else ""


def _rendered(post: dict[str, Any], name: str) -> str:
    part = post.get(name)
    text = part.get("rendered") if isinstance(part, dict) else part
    return text if isinstance(text, str) else ""


def _terms(post: dict[str, Any]) -> list[str]:
    """Names of the post's categories and tags, where the site tells them."""
    terms = [
        term
        for group in _embedded(post, "wp:term")
        for term in _list(group)
        if isinstance(term, dict)
    ]
    return [tidy(unescape(str(term["name"]))) for term in terms if term.get("name")]


def _featured(post: dict[str, Any]) -> str:
    """The address of the picture that the site itself shows with the post; "" for none."""
    media = next(iter(_embedded(post, "wp:featuredmedia")), None)
    address = media.get("source_url") if isinstance(media, dict) else None
    return address if isinstance(address, str) else ""


def _embedded(post: dict[str, Any], name: str) -> list[object]:
    embedded = post.get("_embedded")
    return _list(embedded.get(name)) if isinstance(embedded, dict) else []


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _time(text: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    time = time if time.tzinfo else time.replace(tzinfo=UTC)  # as its name says
    return time if is_likely(time) else None
