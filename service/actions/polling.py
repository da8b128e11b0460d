"""Polling: one look at a source is one request to one host, and whatever follows from its answer.

All that a look leaves is rows, so a look that is cut off is simply taken again.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from service.actions.errands import (
    FORBIDDEN,
    MOST_HOPS,
    STUMBLED,
    Errand,
    ItemErrand,
    ListErrand,
    MailboxErrand,
    heed_retry_after,
    trouble_of,
)
from service.apart import failure
from service.intake import Rejected
from service.intake.addresses import host_of
from service.intake.listings import KINDS
from service.intake.look import BUSY, look
from service.intake.robots import LARGEST_ROBOTS_BYTES, permission
from service.newsroom import Newsroom
from service.newsroom.errors import Unavailable
from service.newsroom.values import Job, PolledSource, SourceEvent, Turn

LONGEST_DELAY_S = 86_400.0  # that a robots.txt may ask for between two requests
NO_ADDRESS = "Địa chỉ này không đọc được."


def poll(newsroom: Newsroom, job: Job) -> None:
    """One look at the source of a polling job; the job is due again when there is more to do."""
    source = newsroom.sources.items.load(job)
    if source is None:
        newsroom.steps.drop(job)
        return
    errand = _due(newsroom, source)
    host_free_at = _done(newsroom, errand) if errand else newsroom.now()
    next_at = max(_next_at(newsroom, source.id), host_free_at)
    newsroom.sources.items.rest(job, next_at)


def _due(newsroom: Newsroom, source: PolledSource) -> Errand | None:
    """What is to be done for a source now: its list first, then one of its items."""
    if source.list_at <= newsroom.now():
        if KINDS[source.settings.kind].by_mail:
            return MailboxErrand(newsroom, source)
        return ListErrand(newsroom, source)
    item = newsroom.sources.items.due(source.id)
    return ItemErrand(newsroom, source, item) if item is not None else None


def _next_at(newsroom: Newsroom, source_id: int) -> datetime:
    """When there is something to be done for a source: for its list, or one of its items."""
    list_at = newsroom.sources.get(source_id).list_at
    next_item = newsroom.sources.items.next_due(source_id)
    return min(list_at, next_item) if next_item else list_at


def _done(newsroom: Newsroom, errand: Errand) -> datetime:
    """Does an errand, if it is its host's turn; gives when that host may be asked again."""
    try:
        return _in_turn(newsroom, errand)
    except Unavailable:
        raise  # the database is away: that is no fault of the source
    # Whatever it stumbles over: the journal says so, and it is not tried in vain every minute.
    except Exception:
        newsroom.database.ping()
        failure(lambda: errand.refused(STUMBLED))
        raise


def _in_turn(newsroom: Newsroom, errand: Errand) -> datetime:
    hosts, host = newsroom.sources.hosts, host_of(errand.url)
    if not host:
        errand.refused(NO_ADDRESS)
        return newsroom.now()
    turn = hosts.take_turn(host)
    if not turn.granted:
        return turn.at
    if errand.heeds_robots and turn.robots is None:
        return _look_for_robots(newsroom, errand, turn)
    if errand.heeds_robots and not _is_allowed(newsroom, errand, turn.robots or ""):
        hosts.give_back(host)
        return newsroom.now()
    errand.run()
    return turn.at


def _is_allowed(newsroom: Newsroom, errand: Errand, robots: str) -> bool:
    """Whether robots.txt lets us run an errand; one that it forbids has come to its end."""
    try:
        rules = permission(robots, errand.url)
    except Rejected as error:  # nobody can read it in time
        errand.failed(error.message_vi)
        return False
    if not rules.allowed:
        errand.refused(FORBIDDEN, SourceEvent.FORBIDDEN)
    elif rules.delay_s:
        delay = timedelta(seconds=min(rules.delay_s, LONGEST_DELAY_S))
        newsroom.sources.hosts.leave_alone(host_of(errand.url), delay)
    return rules.allowed


def _look_for_robots(newsroom: Newsroom, errand: Errand, turn: Turn) -> datetime:
    """Keeps what robots.txt allows on an errand's host; gives when that may be asked again.

    RFC 9309, 2.3.1: redirects are followed, five of them, to other hosts too; where there is no such
    file, all is allowed; while the server is in trouble, nothing is, and the errand has failed.
    """
    hosts, host = newsroom.sources.hosts, host_of(errand.url)
    url = turn.robots_at or _robots_of(errand.url)
    if host_of(url) != host:
        other = hosts.take_turn(host_of(url))
        if not other.granted:
            return max(turn.at, other.at)
    answer = look(url, newsroom.guard)
    heed_retry_after(newsroom, answer)
    if answer.status == 200:
        text = answer.data[:LARGEST_ROBOTS_BYTES].decode("utf-8", "replace")
        hosts.keep_robots(host, text)
    elif answer.location and turn.robots_hops < MOST_HOPS:
        hosts.robots_moved(host, answer.location)
    elif not answer.status or answer.status >= 500 or answer.status in BUSY:
        # No answer at all has the status 0.
        hosts.robots_lost(host)
        errand.failed(trouble_of(answer))
    else:
        hosts.keep_robots(host, "")
    return turn.at


def _robots_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"
