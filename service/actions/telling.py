"""Phones are told of new news and warnings.

Web Push (RFC 8030, 8291) with the installation's own key (VAPID, RFC 8292).
"""

import base64
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import urllib3

from service.apart import failure
from service.newsroom import Newsroom
from service.newsroom.public.subscribers import Subscriber
from service.newsroom.values import Edition, Kind
from service.outbound import opened

log = logging.getLogger("loa.push")

KEY_NAME = "web-push"  # the installation's secret, of which its key is made
NEWS = (Kind.STORY, Kind.CORRECTION, Kind.RECORDING)
LOOKED_BACK = timedelta(hours=2)  # what is older is no news when we come to tell it
MOST_TOLD = 60
PATIENCE_S = 10.0
AT_ONCE = 8
NEWS_KEPT_S = 12 * 3600  # by the push service, for a phone that is off
SIGNED_FOR = timedelta(hours=12)  # at most a day (RFC 8292)
GONE = (404, 410)  # the phone does not want it any more
LONGEST_TITLE = 120  # characters; a message has room for 4,096 bytes in all
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Notification:
    """What a phone shows, and the page that it opens."""

    title: str
    body: str
    path: str
    tag: str
    kept_s: int
    is_warning: bool = False


def public_key(newsroom: Newsroom) -> str:
    """The installation's key as browsers take it: an uncompressed point, base64url."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = _private_key(newsroom.people.secret(KEY_NAME)).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def _private_key(secret: str) -> Any:
    """The key of a secret: the same for ever, or every phone would have to ask anew.

    Imported here, as in all that follows: the web starts without it.
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    number = int.from_bytes(hashlib.sha512(secret.encode()).digest(), "big")
    return ec.derive_private_key(number % (ORDER_OF_P256 - 1) + 1, ec.SECP256R1())


def push_due(newsroom: Newsroom, public_url: str) -> int:
    """Tells phones what was published since; how many calls were made."""
    if not newsroom.subscribers.any():
        return 0
    since = newsroom.now() - LOOKED_BACK
    recent = _published(newsroom, "", since)
    fresh = set(newsroom.subscribers.claim([each.episode_id for each in recent]))
    if not fresh:
        return 0
    by_station: dict[str, list[Subscriber]] = defaultdict(list)
    for subscriber in newsroom.subscribers.all():
        by_station[subscriber.station].append(subscriber)
    calls = []
    for station, subscribers in by_station.items():
        editions = [
            edition
            for edition in _published(newsroom, station, since)
            if edition.episode_id in fresh
        ]
        calls += [
            (subscriber, message)
            for subscriber in subscribers
            for message in messages_for(subscriber, editions, newsroom.now())
        ]
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push") as pool:
        for each in calls:
            pool.submit(_tell, newsroom, *each, public_url)
    return len(calls)


def _published(newsroom: Newsroom, station: str, since: datetime) -> Sequence[Edition]:
    return newsroom.editions.latest(
        station=station, since=since, kinds=NEWS, limit=MOST_TOLD, counted=False
    ).editions


def messages_for(
    subscriber: Subscriber, editions: Sequence[Edition], now: datetime
) -> list[Notification]:
    """Each warning by itself, all news in one; nothing from before the phone asked."""
    later = [each for each in editions if each.first_published_at > subscriber.since]
    warnings = [each for each in later if each.warns_until and each.warns_until > now]
    messages = [_warning(each, now) for each in warnings]
    news = [each for each in later if each.warns_until is None]
    if subscriber.news and news:
        messages.append(_news(news))
    return messages


def _warning(edition: Edition, now: datetime) -> Notification:
    until = edition.warns_until or now
    return Notification(
        f"Khẩn cấp: {edition.title}"[:LONGEST_TITLE],
        edition.station_name,
        f"/articles/{edition.slug}",
        f"warning-{edition.episode_id}",
        max(60, int((until - now).total_seconds())),
        is_warning=True,
    )


def _news(editions: Sequence[Edition]) -> Notification:
    newest, count = editions[0], len(editions)
    title = newest.title if count == 1 else f"{count} tin mới: {newest.title}"
    path = f"/articles/{newest.slug}" if count == 1 else "/"
    return Notification(
        title[:LONGEST_TITLE], newest.station_name, path, "news", NEWS_KEPT_S
    )


def _tell(
    newsroom: Newsroom, subscriber: Subscriber, message: Notification, contact: str
) -> None:
    statuses: list[int] = []
    error = failure(
        lambda: statuses.append(_call(newsroom, subscriber, message, contact))
    )
    if statuses and statuses[0] in GONE:
        newsroom.subscribers.remove(subscriber.endpoint)
        return
    well = bool(statuses) and 200 <= statuses[0] < 300
    if not well:
        log.info("a phone was not told: %s", error or f"HTTP {statuses[0]}")
    newsroom.subscribers.told(subscriber.endpoint, well=well)


def _call(
    newsroom: Newsroom, subscriber: Subscriber, message: Notification, contact: str
) -> int:
    """One encrypted message to a push service. What it answers is not read."""
    target = newsroom.guard.check_secret(subscriber.endpoint)
    with opened(
        "POST",
        target,
        newsroom.guard,
        timeout=urllib3.Timeout(total=PATIENCE_S),
        headers={
            **_signed(newsroom, target.origin, contact),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(message.kept_s),
            "Urgency": "high" if message.is_warning else "normal",
            "Topic": hashlib.sha256(message.tag.encode()).hexdigest()[:32],
        },
        body=sealed(subscriber, message),
    ) as answer:
        return answer.status


def sealed(subscriber: Subscriber, message: Notification) -> bytes:
    """A message that only this phone can read (RFC 8291)."""
    import http_ece
    from cryptography.hazmat.primitives.asymmetric import ec

    words: dict[str, Any] = {
        "title": message.title,
        "body": message.body,
        "path": message.path,
        "tag": message.tag,
        "warning": message.is_warning,
    }
    body: bytes = http_ece.encrypt(
        json.dumps(words, ensure_ascii=False).encode(),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=subscriber.key,
        auth_secret=subscriber.auth,
        version="aes128gcm",
    )
    return body


def _signed(newsroom: Newsroom, origin: str, contact: str) -> dict[str, str]:
    """That it is we who call, for a push service that asks (RFC 8292)."""
    from py_vapid import Vapid02

    until = int((newsroom.now() + SIGNED_FOR).timestamp())
    claims = {"aud": origin, "exp": until, "sub": contact}
    key = _private_key(newsroom.people.secret(KEY_NAME))
    headers: dict[str, str] = Vapid02(private_key=key).sign(claims)
    return headers
