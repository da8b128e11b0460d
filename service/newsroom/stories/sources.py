"""Sources: which article a submission is, what its source sent last,
and what people here made of that.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.newsroom.store.tables import ArticleRow, SourceRow
from service.newsroom.stories.mending import Text, merge
from service.newsroom.values import (
    SHOWN_BESIDE,
    Article,
    NewArticle,
    Source,
    SourceKind,
)

# What links carry to tell who followed them; the page is the same without.
TRACKING = ("utm_", "mc_", "pk_", "_ga")
THE_TEXT = ("title", "lead", "paragraphs")
BESIDE_THE_TEXT = (*SHOWN_BESIDE, "topic", "stations", "priority", "evergreen")
LONGEST_ADDRESS_BYTES = 2_000  # PostgreSQL's indexes hold 2,700 of a row
MOST_NAMED = 50  # articles that different senders call alike
TRACKERS = frozenset(
    ("fbclid", "gclid", "dclid", "msclkid", "zarsrc", "igshid", "ref_src")
)


@dataclass(frozen=True, slots=True)
class Laid:
    """An article with what people here changed laid over it,
    and their sentences that found no place.
    """

    article: NewArticle
    lost: tuple[str, ...]


def identity_of(source: Source, article: NewArticle) -> str:
    """What makes two submissions of a source one article: its external id,
    else its address, else its text.
    """
    if article.external_id:
        return identity_by_id(source, article.external_id)
    name = ("url", address_of(article.url)) if article.url else ("text", article.digest)
    # JSON, so that no name of a source can be mistaken for the beginning of another's article.
    return json.dumps([source.kind, source.name, *name], ensure_ascii=False)


def identity_by_id(source: Source, external_id: str) -> str:
    """What an article is that its source calls so."""
    return json.dumps([source.kind, source.name, "id", external_id], ensure_ascii=False)


def address_of(url: str) -> str:
    """A page's address without what changes while the page does not:
    scheme, tracking, the last slash.

    What is no address at all ("http://[x") is its own; one too long for an index its digest.
    """
    try:
        place = _place_of(url)
    except ValueError:
        place = url
    data = place.encode("utf-8", "replace")
    if len(data) <= LONGEST_ADDRESS_BYTES:
        return place
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _place_of(url: str) -> str:
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = [(name, value) for name, value in pairs if not _is_tracking(name)]
    place = f"{parts.netloc.lower()}{parts.path.rstrip('/')}"
    return f"{place}?{urlencode(query)}" if query else place


def _is_tracking(name: str) -> bool:
    return name in TRACKERS or name.startswith(TRACKING)


def as_sent(article: NewArticle) -> dict[str, Any]:
    """What a source sent, as it is kept beside the article."""
    return {
        name: _as_json(getattr(article, name)) for name in (*THE_TEXT, *BESIDE_THE_TEXT)
    }


def _as_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def laid_over(
    sent: dict[str, Any] | None, standing: Article, article: NewArticle
) -> Laid:
    """What a source sends now, with what people changed in what it `sent` last laid over it.

    `standing` is the article as it is here. Of each field their change holds when they made one,
    else ours; of the text, see `merge`. Nothing is laid over when nobody knows what was sent last.
    """
    if sent is None:
        return Laid(article, ())
    merged = merge(
        Text(sent["title"], sent["lead"], tuple(sent["paragraphs"])),
        Text(standing.title, standing.lead, standing.paragraphs),
        Text(article.title, article.lead, article.paragraphs),
    )
    now = as_sent(article)
    # What this source was never asked for before is not as it was sent.
    unchanged = [
        name for name in BESIDE_THE_TEXT if name in sent and now[name] == sent[name]
    ]
    ours: dict[str, Any] = {name: getattr(standing, name) for name in unchanged}
    text = merged.text
    laid = replace(
        article,
        title=text.title,
        lead=text.lead,
        paragraphs=text.paragraphs,
        **ours,
    )
    return Laid(laid, merged.lost)


def named_query(session: Session, external_id: str, source: str) -> Select[ArticleRow]:
    """Articles that their senders call so, the newest first.

    Of one source, by its name, unless that is "".
    """
    query = select(ArticleRow).where(ArticleRow.external_id == external_id)
    if source:
        # A person, a key or a polled source may have the name.
        keys = session.scalars(
            select(SourceRow.key).where(SourceRow.name == source)
        ).all()
        senders = [Source(kind, source) for kind in SourceKind]
        senders += [Source(SourceKind.FEED, key) for key in keys]
        identities = [identity_by_id(sender, external_id) for sender in senders]
        query = query.where(ArticleRow.identity.in_(identities))
    return query.order_by(ArticleRow.id.desc()).limit(MOST_NAMED)
