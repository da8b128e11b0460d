"""Hooks: programs are told what happened, and portals push their news in.

Both signed by Standard Webhooks.
"""

import json
import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import urllib3
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from service.actions.articles import article_of
from service.apart import each_by_itself, failure
from service.intake import Rejected, Story
from service.intake.pushed import read_push
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.values import (
    ArticleDoubt,
    Delivery,
    NewArticle,
    Outgoing,
    Push,
    Receipt,
    Source,
    SourceKind,
)
from service.outbound import opened

log = logging.getLogger("loa.hooks")

PATIENCE_S = 10.0
LOOK_S = 20.0
AT_ONCE = 8
GONE = 410  # for ever, as Standard Webhooks has it
PATHS = ("page", "link")  # in what is told: paths of this installation
UNSIGNED = "chưa có khóa ký"
LONGEST_MESSAGE_ID = 200
SAID_AGAIN_AFTER = timedelta(minutes=1)


class Forged(Exception):
    """A push that is not signed by the portal whose name it calls under, or is too old."""


# Out.


def deliver_due(newsroom: Newsroom, public_url: str) -> int:
    """Tells hooks what is due, side by side; how many tellings were tried.

    After `LOOK_S` seconds no more begin: those that are left are due at the next look.
    """
    if not newsroom.hooks.anything_due():
        return 0
    by_hook: dict[int, list[Outgoing]] = defaultdict(list)
    for outgoing in newsroom.hooks.take():
        by_hook[outgoing.delivery.hook_id].append(outgoing)
    ends = time.monotonic() + LOOK_S
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hook") as pool:
        told = pool.map(
            lambda due: _tell_in_order(newsroom, due, public_url, ends),
            by_hook.values(),
        )
    return sum(told)


def _tell_in_order(
    newsroom: Newsroom, due: Sequence[Outgoing], public_url: str, ends: float
) -> int:
    """One hook is told one thing after the other, as they happened.

    The first that it does not take is the last of this look: a hook that is dead is waited for
    once. Gives how many were tried.
    """
    tried, is_over = 0, False

    def tell(outgoing: Outgoing) -> None:
        nonlocal tried, is_over
        if is_over or time.monotonic() >= ends:
            newsroom.hooks.untried(outgoing.delivery)
            return
        tried, is_over = tried + 1, True
        answer = _tell(newsroom, outgoing, public_url)
        is_over = not _note(newsroom, outgoing.delivery, answer)

    each_by_itself(
        due,
        tell,
        log=log,
        doing="telling a hook",
        name=lambda outgoing: outgoing.delivery.message,
        house=newsroom.database.ping,
    )
    return tried


def body_of(delivery: Delivery, public_url: str) -> str:
    """What is sent, the same at each try."""
    data: dict[str, Any] = dict(delivery.data)
    data |= {name: f"{public_url}{data[name]}" for name in PATHS if data.get(name)}
    made_at = delivery.made_at.astimezone(UTC).isoformat()
    return json.dumps({"type": delivery.event, "timestamp": made_at, "data": data})


def _tell(newsroom: Newsroom, outgoing: Outgoing, public_url: str) -> int | str:
    """The status that a receiver answered, or why none did."""
    if not outgoing.secret:
        return UNSIGNED
    statuses: list[int] = []
    error = failure(lambda: statuses.append(_call(newsroom, outgoing, public_url)))
    return statuses[0] if error is None else str(error) or type(error).__name__


def _call(newsroom: Newsroom, outgoing: Outgoing, public_url: str) -> int:
    """One signed POST. What it answers is not read: only its status counts."""
    delivery = outgoing.delivery
    body = body_of(delivery, public_url)
    now = newsroom.now()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery.message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(outgoing.secret).sign(delivery.message, now, body),
    }
    with opened(
        "POST",
        newsroom.guard.check_secret(outgoing.url),
        newsroom.guard,
        timeout=urllib3.Timeout(total=PATIENCE_S),
        headers=headers,
        body=body.encode(),
    ) as answer:
        return answer.status


def _note(newsroom: Newsroom, delivery: Delivery, answer: int | str) -> bool:
    """Whether it was taken."""
    if isinstance(answer, int) and 200 <= answer < 300:
        newsroom.hooks.delivered(delivery, f"HTTP {answer}")
        return True
    told = f"HTTP {answer}" if isinstance(answer, int) else answer[:300]
    newsroom.hooks.failed(delivery, told, gone=answer == GONE)
    return False


# In.


def take_push(
    newsroom: Newsroom, name: str, headers: Mapping[str, str], body: bytes
) -> Receipt | None:
    """News that a portal pushes; None for a test, and for a call that was taken before.

    Forged when it is not signed, or not of these five minutes. Rejected and NewsroomError when it
    cannot be taken.
    """
    push = newsroom.pushes.named(name)
    if push is None or not push.secret:
        raise Forged(f"nobody pushes under the name {name!r}")
    try:
        Webhook(push.secret).verify(body, dict(headers), json_parse=False)
    # ValueError: headers that are no base64, times that are no numbers, a body that is no UTF-8.
    except (WebhookVerificationError, ValueError) as error:
        _tell_refused(
            newsroom, push, "Chữ ký không đúng, hoặc đồng hồ hai máy lệch quá năm phút."
        )
        raise Forged(str(error)) from error
    message = {key.lower(): value for key, value in headers.items()}["webhook-id"]
    if len(message) > LONGEST_MESSAGE_ID:
        raise Forged("the webhook-id is too long")
    if newsroom.pushes.was_taken(push, message):
        return None
    try:
        receipt = _take_in(newsroom, push, body)
    except (Rejected, NewsroomError) as error:
        _tell_refused(newsroom, push, error.message_vi)
        raise
    newsroom.pushes.taken(push, message)
    return receipt


def _take_in(newsroom: Newsroom, push: Push, body: bytes) -> Receipt | None:
    pushed = read_push(body, push.settings.fields)
    if pushed.story is None:
        return None
    article = _article(pushed.story, push, pushed.external_id)
    source = Source(SourceKind.HOOK, push.key)
    return newsroom.articles.receive(article, f"cổng {push.settings.name}", source)


def _article(story: Story, push: Push, external_id: str) -> NewArticle:
    settings = push.settings
    placed = replace(story, topic=settings.topic or story.topic)
    article = article_of(placed, settings.stations, external_id=external_id)
    if settings.trusted:
        return article
    return replace(article, doubts=(*article.doubts, ArticleDoubt.SOURCE))


def _tell_refused(newsroom: Newsroom, push: Push, why: str) -> None:
    """Its page tells why; strangers who try signatures make us write once a minute."""
    told_at = push.called_at
    if push.trouble == why and told_at and newsroom.now() - told_at < SAID_AGAIN_AFTER:
        return
    newsroom.pushes.refused(push, why)
