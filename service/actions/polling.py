"""Polling: one look at a source is one request to one host, and whatever follows from its answer.

All that a look leaves is rows, so a look that is cut off is simply taken again.
"""

import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from service.actions.articles import article_of
from service.actions.listings import (
    NO_VALIDATORS,
    completed,
    is_home,
    listed,
    listing_in,
    story_in,
    story_of,
)
from service.actions.mailboxes import letters_of
from service.apart import each_by_itself, failure
from service.intake import Rejected, Story
from service.intake.listings import KINDS
from service.intake.look import GONE, Answer, Validators, look
from service.intake.robots import LARGEST_ROBOTS_BYTES, permission
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError, Unavailable
from service.newsroom.values import (
    ArticleDoubt,
    Item,
    ItemState,
    Job,
    PolledSource,
    Source,
    SourceEvent,
    SourceKind,
)

log = logging.getLogger("loa.sources")

_Act = Callable[[str], None]
_ReadStory = Callable[[], Story]
_Reading = tuple[Item, _ReadStory]

LONGEST_WAIT = timedelta(days=1)
FIRST_WAIT = timedelta(minutes=5)  # after an item could not be had
JITTER = 0.1  # of a wait: portals are not asked by all installations in the same second
MOST_HOPS = 5
MOST_TRIES = 12  # of one item, with waits that double up to a day: about a week
LISTED_TOO_EARLY = 3  # tries of a page that is listed and not there yet
BUSY = (429, 503)
FORBIDDEN = "Tệp robots.txt của cổng không cho lấy địa chỉ này."
TOO_MANY_HOPS = "Cổng chuyển hướng quá nhiều lần."
STUMBLED = "Máy gặp lỗi khi đọc tin này; người quản trị xem nhật ký máy chủ."


def poll(newsroom: Newsroom, job: Job) -> None:
    """One look at the source of a polling job; the job is due again when there is more to do."""
    source = newsroom.sources.items.load(job)
    if source is None:
        newsroom.steps.drop(job)
        return
    next_at = _Look(newsroom, source).take()
    newsroom.sources.items.rest(job, next_at)


def host_of(url: str) -> str:
    """Whose turn an address needs: its host, whatever the port and the scheme."""
    return (urlsplit(url).hostname or "").rstrip(".").lower()


def wait_after(failures: int, usual: timedelta, seed: str) -> timedelta:
    """How long to wait after so many failures: twice as long each time,
    a day at most, a little less by chance.
    """
    wait = min(usual * 2 ** min(failures, 20), LONGEST_WAIT)
    chance = zlib.crc32(f"{seed} {failures}".encode()) / 2**32
    return timedelta(seconds=wait.total_seconds() * (1 - JITTER * chance))


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one source."""

    newsroom: Newsroom
    source: PolledSource

    def take(self) -> datetime:
        """Looks at what is due, when its host is free. Gives when the next look is due."""
        if KINDS[self.source.settings.kind].by_mail:
            return self._look_into_mailbox()
        item = self.newsroom.sources.items.due(self.source.id)
        if self.source.list_at <= self.newsroom.now():
            return self._ask(self._list_address(), self._look_at_list)
        if item is not None:
            return self._ask(
                item.document, lambda url: self._look_at_item(url, item), item
            )
        return self._next()

    def _ask(self, url: str, act: _Act, item: Item | None = None) -> datetime:
        """Takes the host's turn for one request: to the address,
        or for its robots.txt when that is not known.
        """
        hosts, host = self.newsroom.sources.hosts, host_of(url)
        turn = hosts.take_turn(host)
        if not turn.granted:
            return turn.at
        if turn.robots is None:
            self._fetch_robots(url, item)
            return turn.at
        allowed = permission(turn.robots, url)
        if not allowed.allowed:
            hosts.give_back(host)
            self._forbidden(item)
            return self._next()
        if allowed.delay_s:
            hosts.leave_alone(host, timedelta(seconds=min(allowed.delay_s, 86_400)))
        act(url)
        return max(self._next(), turn.at)

    def _next(self) -> datetime:
        """When the source is to be looked at again: its list, or one of its items."""
        source = self.newsroom.sources.get(self.source.id)
        next_item = self.newsroom.sources.items.next_due(self.source.id)
        return min(source.list_at, next_item) if next_item else source.list_at

    def _fetch_robots(self, url: str, item: Item | None) -> None:
        """Keeps what robots.txt allows on the host of `url`.

        RFC 9309, 2.3.1: where there is no such file, all is allowed; while the server is in
        trouble, nothing is, and this look has failed.
        """
        parts = urlsplit(url)
        answer = look(
            f"{parts.scheme}://{parts.netloc}/robots.txt", self.newsroom.guard
        )
        self._leave_alone_when_asked(answer)
        host = host_of(url)
        if answer.status == 200:
            text = answer.data[:LARGEST_ROBOTS_BYTES].decode("utf-8", "replace")
            self.newsroom.sources.hosts.keep_robots(host, text)
        elif not answer.status or answer.status >= 500 or answer.status in BUSY:
            # No answer at all has the status 0.
            self._failed(answer, item)
        else:
            self.newsroom.sources.hosts.keep_robots(host, "")

    def _forbidden(self, item: Item | None) -> None:
        if item is None:
            self._put_off(FORBIDDEN)
        else:
            self.newsroom.sources.items.refused(item, FORBIDDEN, SourceEvent.FORBIDDEN)

    def _leave_alone_when_asked(self, answer: Answer) -> None:
        """A host that asks to be left alone for a while is."""
        if answer.status in BUSY and answer.retry_after_s:
            wait = timedelta(
                seconds=min(answer.retry_after_s, LONGEST_WAIT.total_seconds())
            )
            self.newsroom.sources.hosts.leave_alone(host_of(answer.url), wait)

    # The list

    def _list_address(self) -> str:
        settings = self.source.settings
        return self.source.hop or KINDS[settings.kind].address(settings.url)

    def _look_at_list(self, url: str) -> None:
        """Asks for the list, and does what its answer means."""
        validators = Validators(self.source.etag, self.source.last_modified)
        answer = look(url, self.newsroom.guard, validators)
        self._leave_alone_when_asked(answer)
        if answer.status == 304:
            self._note_list_read(validators)
        elif answer.location:
            self._follow(answer.location, permanent=answer.permanent)
        elif answer.status == 410:
            self.newsroom.sources.items.list_gone(self.source)
        elif answer.status != 200:
            self._failed(answer)
        else:
            self._read_list(answer)

    def _read_list(self, answer: Answer) -> None:
        settings = self.source.settings
        try:
            listing = listing_in(answer, settings)
        except Rejected as error:
            self._put_off(error.message_vi)
            return
        if listing.follow:
            self._follow(listing.follow, permanent=False)
            return
        changed = self.newsroom.sources.items.note_list(
            self.source, listed(listing.entries)
        )
        # Of kinds that hold whole texts, what is new is read at once.
        whole = [
            (item, listing.entries[at])
            for item, at in changed
            if listing.entries[at].html
        ]
        self._each([(item, lambda e=entry: story_of(e)) for item, entry in whole])  # type: ignore[misc]
        self._note_list_read(answer.validators)

    def _follow(self, url: str, *, permanent: bool) -> None:
        if self.source.hops >= MOST_HOPS:
            self._put_off(TOO_MANY_HOPS)
        else:
            self.newsroom.sources.items.list_moved(
                self.source, url, permanent=permanent
            )

    def _note_list_read(self, validators: Validators) -> None:
        usual = timedelta(minutes=self.source.settings.minutes)
        # Never less than what was asked for: the chance lies between one look and a little more.
        wait = usual + (
            usual - wait_after(0, usual, f"{self.source.key} {self.newsroom.now()}")
        )
        self.newsroom.sources.items.list_read(
            self.source,
            validators.etag,
            validators.last_modified,
            self.newsroom.now() + wait,
        )

    def _failed(self, answer: Answer, item: Item | None = None) -> None:
        """What was asked for could not be had: the list, or the page of an item."""
        trouble = answer.why or f"Cổng trả lời lỗi HTTP {answer.status}."
        if item is None:
            self._put_off(trouble)
        elif item.tries < MOST_TRIES:
            wait = wait_after(item.tries, FIRST_WAIT, f"{self.source.key} {item.id}")
            self.newsroom.sources.items.again(item, self.newsroom.now() + wait)
        else:
            self.newsroom.sources.items.refused(item, trouble)

    def _put_off(self, trouble: str) -> None:
        usual = timedelta(minutes=self.source.settings.minutes)
        wait = wait_after(self.source.failures, usual, self.source.key)
        self.newsroom.sources.items.list_failed(
            self.source, trouble, self.newsroom.now() + wait
        )

    # A mailbox

    def _look_into_mailbox(self) -> datetime:
        """One look into it is one call of its host; what waits there still is taken at the next."""
        settings = self.source.settings
        turn = self.newsroom.sources.hosts.take_turn(host_of(settings.url))
        if not turn.granted:
            return turn.at
        try:
            letters = letters_of(
                self.newsroom, settings, self.source.etag, self.source.since
            )
        except Rejected as error:
            self._put_off(error.message_vi)
            return self._next()
        listed = [each.listed for each in letters.news]
        changed = self.newsroom.sources.items.note_list(self.source, listed)
        self._each([(item, letters.news[at].story) for item, at in changed])
        self._note_list_read(Validators(letters.mark))
        return turn.at if letters.more else self._next()

    # Its items

    def _look_at_item(self, url: str, item: Item) -> None:
        polled = self.newsroom.sources.items
        answer = look(
            url, self.newsroom.guard, Validators(item.etag, item.last_modified)
        )
        self._leave_alone_when_asked(answer)
        too_early = item.state is ItemState.WAITING and item.tries < LISTED_TOO_EARLY
        if answer.status == 200:
            self._each([(item, lambda: story_in(answer, item))], answer.validators)
        elif answer.status == 304:
            polled.unchanged(item)
        elif answer.location and not is_home(answer.location):
            self._follow_item(item, answer.location)
        elif answer.location or (answer.status in GONE and not too_early):
            polled.vanished(item)
        else:
            self._failed(answer, item)

    def _follow_item(self, item: Item, url: str) -> None:
        if item.hops < MOST_HOPS:
            self.newsroom.sources.items.moved(item, url)
        else:
            self.newsroom.sources.items.refused(item, TOO_MANY_HOPS)

    def _each(
        self, items: Sequence[_Reading], validators: Validators = NO_VALIDATORS
    ) -> None:
        """Reads each for itself: one that cannot be read keeps no other."""
        each_by_itself(
            items,
            lambda reading: self._read(*reading, validators),
            log=log,
            doing=f"reading news of {self.source.settings.name}",
            name=lambda reading: reading[0].url,
            house=self.newsroom.database.ping,
        )

    def _read(self, item: Item, story: _ReadStory, validators: Validators) -> None:
        try:
            self._take_in(item, story(), validators)
        except Unavailable:
            raise  # the database is away: that is no fault of the news
        except (Rejected, NewsroomError) as error:
            self.newsroom.sources.items.refused(item, error.message_vi)
        # Whatever it stumbles over: the journal says so, and it is not tried in vain every minute.
        except Exception:
            self.newsroom.database.ping()
            failure(lambda: self.newsroom.sources.items.refused(item, STUMBLED))
            raise

    def _take_in(self, item: Item, story: Story, validators: Validators) -> None:
        settings = self.source.settings
        article = article_of(
            completed(story, item, settings, self.newsroom.now()),
            settings.stations,
            external_id=item.guid,
        )
        # A letter's sender is whoever it says.
        if not settings.trusted or KINDS[settings.kind].by_mail:
            article = replace(article, doubts=(*article.doubts, ArticleDoubt.SOURCE))
        receipt = self.newsroom.articles.receive(
            article,
            f"nguồn tin {settings.name}",
            Source(SourceKind.FEED, self.source.key),
        )
        self.newsroom.sources.items.taken(
            item,
            receipt.episode_id,
            revised=receipt.news == "revised",
            etag=validators.etag,
            last_modified=validators.last_modified,
        )
