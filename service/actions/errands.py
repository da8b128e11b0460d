"""What is asked of portals, a request each, and what their answers mean: for a source's list, for
one of its items, for a mailbox.
"""

import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Protocol

from service.actions.listings import (
    NO_VALIDATORS,
    listed,
    listing_in,
    story_in,
    story_of,
)
from service.actions.mailboxes import letters_of
from service.actions.taking import Reading, take_in
from service.intake import Rejected
from service.intake.addresses import host_of, is_home
from service.intake.listings import KINDS
from service.intake.look import BUSY, GONE, Answer, Validators, look
from service.newsroom import Newsroom
from service.newsroom.values import Item, ItemState, PolledSource, SourceEvent

LONGEST_WAIT = timedelta(days=1)
FIRST_WAIT = timedelta(minutes=5)  # after an item could not be had
JITTER = 0.1  # of a wait: portals are not asked by all installations in the same second
MOST_HOPS = 5
MOST_TRIES = 12  # of one item, with waits that double up to a day: about a week
LISTED_TOO_EARLY = 3  # tries of a page that is listed and not there yet
FORBIDDEN = "Tệp robots.txt của cổng không cho lấy địa chỉ này."
TOO_MANY_HOPS = "Cổng chuyển hướng quá nhiều lần."
STUMBLED = "Máy gặp lỗi khi đọc nguồn tin này; người quản trị xem nhật ký máy chủ."


class Errand(Protocol):
    """A request that is due.

    It comes to one of three ends: `run` when its host's turn is ours, `failed` when it may go
    better later, `refused` when it is not to be had at all. `heeds_robots`: whether a robots.txt
    says that it may be run.
    """

    heeds_robots: ClassVar[bool]

    @property
    def url(self) -> str:
        """Where the request goes."""
        ...

    def run(self) -> None:
        """Asks, and notes what the answer means."""
        ...

    def failed(self, trouble: str) -> None:
        """Notes why it could not be done, in Vietnamese, and when to try again."""
        ...

    def refused(self, trouble: str, event: SourceEvent = SourceEvent.REFUSED) -> None:
        """Notes why it is not done, in Vietnamese."""
        ...


def wait_after(failures: int, usual: timedelta, seed: str) -> timedelta:
    """How long to wait after so many failures: twice as long each time,
    a day at most, a little less by chance.
    """
    wait = min(usual * 2 ** min(failures, 20), LONGEST_WAIT)
    chance = zlib.crc32(f"{seed} {failures}".encode()) / 2**32
    return timedelta(seconds=wait.total_seconds() * (1 - JITTER * chance))


def trouble_of(answer: Answer) -> str:
    """What is the matter with an answer that is none, for people, in Vietnamese."""
    return answer.why or f"Cổng trả lời lỗi HTTP {answer.status}."


def heed_retry_after(newsroom: Newsroom, answer: Answer) -> None:
    """A host that asks to be left alone for a while is."""
    if answer.status in BUSY and answer.retry_after_s:
        wait = timedelta(
            seconds=min(answer.retry_after_s, LONGEST_WAIT.total_seconds())
        )
        newsroom.sources.hosts.leave_alone(host_of(answer.url), wait)


@dataclass(frozen=True, slots=True)
class _OfList:
    """What a list and a mailbox have in common: they are due again and again."""

    newsroom: Newsroom
    source: PolledSource

    @property
    def usual(self) -> timedelta:
        """The time between two looks."""
        return timedelta(minutes=self.source.settings.minutes)

    def failed(self, trouble: str) -> None:
        """Looked at again later; the journal tells each trouble once."""
        wait = wait_after(self.source.failures, self.usual, self.source.key)
        self.newsroom.sources.items.list_failed(
            self.source, trouble, self.newsroom.now() + wait
        )

    def refused(self, trouble: str, _event: SourceEvent = SourceEvent.REFUSED) -> None:
        """A list is tried again whatever is the matter: it may be mended."""
        self.failed(trouble)

    def note_read(self, validators: Validators, *, at_once: bool = False) -> None:
        """It was read, or is as before; due again after its usual time, or `at_once`."""
        now = self.newsroom.now()
        # Never less than what was asked for: the chance lies between one look and a little more.
        chance = self.usual - wait_after(0, self.usual, f"{self.source.key} {now}")
        next_at = now if at_once else now + self.usual + chance
        self.newsroom.sources.items.list_read(
            self.source, validators.etag, validators.last_modified, next_at
        )


@dataclass(frozen=True, slots=True)
class ListErrand(_OfList):
    """To a list of news, or to where that has led us."""

    heeds_robots: ClassVar[bool] = True

    @property
    def url(self) -> str:
        """Where the list is."""
        settings = self.source.settings
        return self.source.hop or KINDS[settings.kind].address(settings.url)

    def run(self) -> None:
        """Asks for the list, and does what its answer means."""
        validators = self._validators()
        answer = look(self.url, self.newsroom.guard, validators)
        heed_retry_after(self.newsroom, answer)
        if answer.status == 304:
            self.note_read(validators)
        elif answer.location:
            self._follow(answer.location, permanent=answer.permanent)
        elif answer.status == 410:
            self.newsroom.sources.items.list_gone(self.source)
        elif answer.status != 200:
            self.failed(trouble_of(answer))
        else:
            self._read(answer)

    def _validators(self) -> Validators:
        """What the list itself gave us: none of another address, such as a map of an index."""
        if self.source.hop:
            return NO_VALIDATORS
        return Validators(self.source.etag, self.source.last_modified)

    def _read(self, answer: Answer) -> None:
        try:
            listing = listing_in(answer, self.source.settings)
        except Rejected as error:
            self.failed(error.message_vi)
            return
        if listing.follow:
            self._follow(listing.follow, permanent=False)
            return
        entries = listing.entries
        # Of kinds that hold whole texts, what is new is read at once.
        items = self.newsroom.sources.items.note_list(self.source, listed(entries))
        readings = [
            Reading(item, lambda entry=entries[at]: story_of(entry))  # type: ignore[misc]
            for item, at in items
        ]
        take_in(self.newsroom, self.source, readings)
        self.note_read(NO_VALIDATORS if self.source.hop else answer.validators)

    def _follow(self, url: str, *, permanent: bool) -> None:
        if self.source.hops >= MOST_HOPS:
            self.failed(TOO_MANY_HOPS)
        else:
            self.newsroom.sources.items.list_moved(
                self.source, url, permanent=permanent
            )


@dataclass(frozen=True, slots=True)
class MailboxErrand(_OfList):
    """To a mailbox: one look into it is one call of its host."""

    heeds_robots: ClassVar[bool] = False

    @property
    def url(self) -> str:
        """Where letters lie."""
        return self.source.settings.url

    def run(self) -> None:
        """Takes in what came; what waits there still is taken at the host's next turn."""
        settings = self.source.settings
        try:
            letters = letters_of(
                self.newsroom, settings, self.source.etag, self.source.since
            )
        except Rejected as error:
            self.failed(error.message_vi)
            return
        news = letters.news
        items = self.newsroom.sources.items.note_list(
            self.source, [each.listed for each in news]
        )
        readings = [Reading(item, news[at].story) for item, at in items]
        take_in(self.newsroom, self.source, readings)
        self.note_read(Validators(letters.mark), at_once=letters.more)


@dataclass(frozen=True, slots=True)
class ItemErrand:
    """To the page of an item."""

    newsroom: Newsroom
    source: PolledSource
    item: Item
    heeds_robots: ClassVar[bool] = True

    @property
    def url(self) -> str:
        """Where its text is."""
        return self.item.document

    def run(self) -> None:
        """Asks for the page, and does what its answer means."""
        item, polled = self.item, self.newsroom.sources.items
        validators = Validators(item.etag, item.last_modified)
        answer = look(self.url, self.newsroom.guard, validators)
        heed_retry_after(self.newsroom, answer)
        too_early = item.state is ItemState.WAITING and item.tries < LISTED_TOO_EARLY
        if answer.status == 200:
            reading = Reading(item, lambda: story_in(answer, item), answer.validators)
            take_in(self.newsroom, self.source, [reading])
        elif answer.status == 304:
            polled.unchanged(item)
        elif answer.location and not is_home(answer.location):
            self._follow(answer.location)
        elif answer.location or (answer.status in GONE and not too_early):
            polled.vanished(item)
        else:
            self.failed(trouble_of(answer))

    def failed(self, trouble: str) -> None:
        """Tried again later, up to `MOST_TRIES` times."""
        item = self.item
        if item.tries >= MOST_TRIES:
            self.refused(trouble)
            return
        wait = wait_after(item.tries, FIRST_WAIT, f"{self.source.key} {item.id}")
        self.newsroom.sources.items.again(item, self.newsroom.now() + wait)

    def refused(self, trouble: str, event: SourceEvent = SourceEvent.REFUSED) -> None:
        """It is not taken; a page that is mended is seen when it is looked at again."""
        self.newsroom.sources.items.refused(self.item, trouble, event)

    def _follow(self, url: str) -> None:
        if self.item.hops < MOST_HOPS:
            self.newsroom.sources.items.moved(self.item, url)
        else:
            self.refused(TOO_MANY_HOPS)
