"""Phones are told of new news and warnings.

Web Push (RFC 8030, 8291) with the installation's own key (VAPID, RFC 8292).
"""

import base64
import hashlib
import json
import logging
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import urllib3

from service.apart import TOLD, failure
from service.newsroom import Newsroom
from service.newsroom.public.subscribers import Subscriber, service_of
from service.newsroom.public.untold import CallResult, Owed
from service.newsroom.values import Edition
from service.newsroom.values.calls import Bringer, CallFate
from service.outbound import opened

log = logging.getLogger("loa.push")

KEY_NAME = "web-push"  # the installation's secret, of which its key is made
PATIENCE_S = 10.0
LOOK_S = 20.0  # no call begins later: what is published meanwhile waits no longer
# What anybody can run, and let us wait for, has few places of its own.
AT_ONCE = {Bringer.MAKERS: 12, Bringer.OTHERS: 4}
NEWS_KEPT = timedelta(hours=12)  # by the push service, for a phone that is off
SIGNED_FOR = timedelta(hours=12)  # at most a day (RFC 8292)
GONE = (404, 410)  # the phone does not want it any more (RFC 8030, 7.3)
NOT_NOW = (408, 425, 429)  # of the 4xx, those that tell nothing about the phone
LONGEST_TITLE = 120  # characters; a message has room for 4,096 bytes in all
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Notification:
    """What a phone shows, the page that it opens, and of which episodes it tells."""

    title: str
    body: str
    path: str
    tag: str
    kept_s: int
    episodes: tuple[int, ...]
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """A message to a phone."""

    subscriber: Subscriber
    message: Notification


def public_key(newsroom: Newsroom) -> str:
    """The installation's key as browsers take it: an uncompressed point, base64url."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = _private_key(newsroom.people.lasting_secret(KEY_NAME)).public_key()
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


def push_due(
    newsroom: Newsroom,
    public_url: str,
    by: Sequence[Bringer] = tuple(Bringer),
    look_s: float = LOOK_S,
) -> int:
    """One look at what phones are yet to be told, by these kinds of push services.

    How many calls there were to make; `look_s` seconds after it began a kind makes no more.
    """
    if not newsroom.subscribers.any():
        return 0
    newsroom.untold.claim()
    return sum(_tell_by(newsroom, public_url, bringer, look_s) for bringer in by)


def _tell_by(
    newsroom: Newsroom, public_url: str, bringer: Bringer, look_s: float
) -> int:
    tellings = newsroom.untold.take(bringer)
    calls, outcomes = _calls(newsroom, tellings)
    ends = time.monotonic() + look_s

    def tell(call: PhoneCall) -> CallResult:
        is_late = time.monotonic() >= ends
        answer = CallFate.UNTRIED if is_late else _tell(newsroom, call, public_url)
        return CallResult(call.subscriber.id, call.message.episodes, answer)

    with ThreadPoolExecutor(AT_ONCE[bringer], thread_name_prefix="push") as pool:
        outcomes += pool.map(tell, calls)
    if outcomes:
        newsroom.untold.settle(outcomes)
    return len(calls)


def _calls(
    newsroom: Newsroom, tellings: Sequence[Owed]
) -> tuple[list[PhoneCall], list[CallResult]]:
    """The calls to make in their order, and the tellings of which nothing is to be told."""
    numbers = {number for telling in tellings for number in telling.episodes}
    editions = newsroom.editions.of_episodes(numbers)
    now = newsroom.now()
    calls: list[PhoneCall] = []
    over: list[CallResult] = []
    for telling in tellings:
        own = [editions[number] for number in telling.episodes if number in editions]
        own.sort(key=lambda edition: edition.first_published_at, reverse=True)
        messages = messages_for(telling.subscriber, own, now)
        calls += (PhoneCall(telling.subscriber, message) for message in messages)
        told = {number for message in messages for number in message.episodes}
        if rest := tuple(set(telling.episodes) - told):
            over.append(CallResult(telling.subscriber.id, rest, CallFate.OVER))
    return in_turn(calls), over


def in_turn(calls: Sequence[PhoneCall]) -> list[PhoneCall]:
    """Warnings first; among each, services take turns, so that none keeps another waiting."""
    before: Counter[tuple[bool, str]] = Counter()
    ranked = []
    for call in calls:
        lane = not call.message.is_warning, service_of(call.subscriber.endpoint)
        ranked.append(((lane[0], before[lane]), call))
        before[lane] += 1
    return [call for _, call in sorted(ranked, key=lambda pair: pair[0])]


def messages_for(
    subscriber: Subscriber, editions: Sequence[Edition], now: datetime
) -> list[Notification]:
    """Each warning in force by itself, all young news in one."""
    warnings = [each for each in editions if each.warns_until is not None]
    messages = [_warning(each, now) for each in warnings if _is_in_force(each, now)]
    oldest = now - NEWS_KEPT
    news = [
        each
        for each in editions
        if each.warns_until is None and each.first_published_at >= oldest
    ]
    if subscriber.news and news:
        messages.append(_news(news))
    return messages


def _is_in_force(edition: Edition, now: datetime) -> bool:
    return edition.warns_until is not None and edition.warns_until > now


def _warning(edition: Edition, now: datetime) -> Notification:
    until = edition.warns_until or now
    return Notification(
        f"Khẩn cấp: {edition.title}"[:LONGEST_TITLE],
        edition.station_name,
        f"/articles/{edition.slug}",
        f"warning-{edition.episode_id}",
        max(60, int((until - now).total_seconds())),
        (edition.episode_id,),
        is_warning=True,
    )


def _news(editions: Sequence[Edition]) -> Notification:
    newest, count = editions[0], len(editions)
    title = newest.title if count == 1 else f"{count} tin mới: {newest.title}"
    path = f"/articles/{newest.slug}" if count == 1 else "/"
    return Notification(
        title[:LONGEST_TITLE],
        newest.station_name,
        path,
        "news",
        int(NEWS_KEPT.total_seconds()),
        tuple(each.episode_id for each in editions),
    )


def _tell(newsroom: Newsroom, call: PhoneCall, public_url: str) -> CallFate:
    """Calls once. What fails before a service answers may be our own fault: tried again."""
    statuses: list[int] = []
    error = failure(lambda: statuses.append(_call(newsroom, call, public_url)))
    answer = answer_of(statuses[0]) if statuses else CallFate.LATER
    if answer in (CallFate.LATER, CallFate.REFUSED):
        service = service_of(call.subscriber.endpoint)
        reason = f"HTTP {statuses[0]}" if statuses else type(error).__name__
        if TOLD.worth(f"{log.name} {service} {reason}") is not None:
            log.warning(
                "phones are not told by %s, and tried again: %s",
                service,
                error or reason,
            )
    return answer


def answer_of(status: int) -> CallFate:
    """What a push service's status says of the phone (RFC 8030, 5 and 7)."""
    if 200 <= status < 300:
        return CallFate.TAKEN
    if status in GONE:
        return CallFate.GONE
    is_refusal = 400 <= status < 500 and status not in NOT_NOW
    return CallFate.REFUSED if is_refusal else CallFate.LATER


def _call(newsroom: Newsroom, call: PhoneCall, public_url: str) -> int:
    """One encrypted message to a push service. What it answers is not read."""
    target = newsroom.guard.check_secret(call.subscriber.endpoint)
    message = call.message
    with opened(
        "POST",
        target,
        newsroom.guard,
        timeout=urllib3.Timeout(total=PATIENCE_S),
        headers={
            "Authorization": signature(newsroom, target.origin, public_url),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(message.kept_s),
            "Urgency": "high" if message.is_warning else "normal",
            "Topic": hashlib.sha256(message.tag.encode()).hexdigest()[:32],
        },
        body=sealed(call.subscriber, message),
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


def signature(newsroom: Newsroom, origin: str, public_url: str) -> str:
    """That it is we who call, for a push service that asks (RFC 8292).

    Services want a contact of https without a port or a path, whatever our own address is.
    """
    from py_vapid import Vapid02

    claims = {
        "aud": origin,
        "exp": int((newsroom.now() + SIGNED_FOR).timestamp()),
        "sub": f"https://{urlsplit(public_url).hostname}",
    }
    key = _private_key(newsroom.people.lasting_secret(KEY_NAME))
    # "no-strict": its own idea of a contact leaves out hosts without a dot, and IPv6.
    signer = Vapid02(private_key=key, conf={"no-strict": True})
    signed: str = signer.sign(claims)["Authorization"]
    return signed
