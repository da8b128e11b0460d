"""Notices reach the people on duty by e-mail and webhook. What is untold is a row; each address is told once."""

import json
import logging
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import urllib3

from service.apart import each_by_itself, failure, keep_looking
from service.guard import Guard, Unsafe, target_of
from service.newsroom import Newsroom
from service.newsroom.duty import is_web
from service.newsroom.values import Notice
from service.outbound import opened
from workers.mail import Post, deliver, letter

log = logging.getLogger("loa.notices")

LOOK_EVERY_S = 2.0
PATIENCE_S = 10.0  # for one webhook
DEADLINE_S = 30.0  # for all mails of one look, and for all webhooks
AT_ONCE = 8
NO_SERVER = "LOA_SMTP_URL is not set"

Telling = tuple[Notice, str]  # a notice, and an address that is to be told of it


class Untaken(Exception):
    """A webhook answered, and did not take the notice."""


def tell(
    newsroom: Newsroom,
    post: Post | None,
    public_url: str,
    trust: ssl.SSLContext | None = None,
    deadline_s: float = DEADLINE_S,
) -> int:
    """Tells every address that is due; how many took it. The others wait for a later try, each notice for itself.

    Webhooks go first and side by side: none waits for a mail server that does not answer.
    """
    notices = newsroom.notices.take()
    wanted = [(notice, address) for notice in notices for address in notice.untold]
    hooks = [each for each in wanted if is_web(each[1])]
    mails = [each for each in wanted if not is_web(each[1])]
    tally = Tally(newsroom)
    tally.note(hooks, _call_all(newsroom.guard, hooks, public_url, deadline_s))
    if post is None:
        tally.note(mails, [NO_SERVER] * len(mails))
    else:
        letters = [partial(letter, *each, post, public_url) for each in mails]
        tally.note(mails, deliver(post, letters, deadline_s, trust))
    tally.put_off(notices)
    return tally.told


def run(
    newsroom: Newsroom,
    post: Post | None,
    public_url: str,
    stop: threading.Event,
    every_s: float = LOOK_EVERY_S,
) -> None:
    """Tells until told to stop."""

    def look() -> None:
        tell(newsroom, post, public_url)

    keep_looking(look, stop, every_s, log=log, doing="telling the people on duty")


class Tally:
    """What became of the tellings of one look, noted at once: a look that is cut off tells nobody twice."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._failed: set[int] = set()
        self._untried: set[int] = set()
        self.told = 0

    def note(self, tellings: Sequence[Telling], troubles: Iterable[str | None]) -> None:
        """Notes each telling's trouble: "" when it was told, None when there was no time to try it."""
        each_by_itself(
            zip(tellings, troubles, strict=True),
            lambda each: self._note(*each[0], each[1]),
            log=log,
            doing="noting who was told",
            name=lambda each: f"notice {each[0][0].id}",
            house=self._newsroom.database.ping,
        )

    def put_off(self, notices: Sequence[Notice]) -> None:
        """Those that failed are tried again later, each time twice as late; those not tried, at once."""
        room = self._newsroom.notices

        def put_off(notice: Notice) -> None:
            if notice.id in self._failed:
                room.again(notice)
            elif notice.id in self._untried:
                room.at_once(notice)

        each_by_itself(
            notices,
            put_off,
            log=log,
            doing="putting a notice off",
            name=lambda notice: notice.id,
            house=self._newsroom.database.ping,
        )

    def _note(self, notice: Notice, address: str, trouble: str | None) -> None:
        if trouble == "":
            self._newsroom.notices.told(notice, address)
            self.told += 1
        elif trouble is None:
            self._untried.add(notice.id)
        else:
            self._failed.add(notice.id)
            log.warning("%s was not told of %r: %s", _shown(address), notice.title, trouble)


def _call_all(
    guard: Guard, hooks: Sequence[Telling], public_url: str, deadline_s: float
) -> list[str | None]:
    """For each webhook its trouble, as `deliver` gives it for mail."""
    until = time.monotonic() + deadline_s

    def call(each: Telling) -> str | None:
        if time.monotonic() >= until:
            return None
        error = failure(lambda: _call(guard, *each, public_url))
        return "" if error is None else str(error) or type(error).__name__

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        return list(pool.map(call, hooks))


def _call(guard: Guard, notice: Notice, address: str, public_url: str) -> None:
    """Tells a webhook; raises when it did not take it. What it answers is not read: only its status counts."""
    told = {
        "text": f"{notice.title}\n{notice.text}\n{public_url}{notice.link}",  # what chat services show
        "id": notice.id,
        "title": notice.title,
        "message": notice.text,
        "link": f"{public_url}{notice.link}",
        "station": notice.station,
        "rung": notice.rung.value,
        "at": notice.airing.at if notice.airing else None,
        "day": notice.airing.day.isoformat() if notice.airing else None,
        "made_at": notice.made_at.isoformat(),
    }
    with opened(
        "POST",
        guard.check_secret(address),
        guard,
        timeout=urllib3.Timeout(total=PATIENCE_S),
        headers={"Content-Type": "application/json"},
        body=json.dumps(told).encode(),
    ) as answer:
        if not 200 <= answer.status < 300:
            raise Untaken(f"it answered {answer.status}")


def _shown(address: str) -> str:
    """For the log: what follows a webhook's host is often its secret."""
    if not is_web(address):
        return address
    try:
        return f"{target_of(address).origin}/…"
    except Unsafe:
        return "a web address"
