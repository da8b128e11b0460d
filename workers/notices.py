"""Notices reach the people on duty. What is untold is a row; each address is told once."""

import logging
import ssl
import threading
from collections.abc import Iterable, Iterator, Sequence

from service.apart import each_by_itself, keep_looking
from service.channels import (
    Channel,
    Means,
    Message,
    Telling,
    Trouble,
    channel_of,
    channels,
    shown,
)
from service.newsroom import Newsroom
from service.newsroom.values import Notice
from service.smtp import Post

log = logging.getLogger("loa.notices")

LOOK_EVERY_S = 2.0
# For all tellings of one look through one channel.
DEADLINE_S = 30.0
NO_WAY = "no channel has addresses of this form"


def tell(
    newsroom: Newsroom,
    post: Post | None,
    public_url: str,
    trust: ssl.SSLContext | None = None,
    deadline_s: float = DEADLINE_S,
) -> int:
    """Tells every address that is due; how many took it.

    The others wait for a later try, each notice for itself.
    """
    notices = newsroom.notices.take()
    tellings = [
        (_message(notice, public_url), address)
        for notice in notices
        for address in notice.untold
    ]
    means = Means(newsroom.guard, public_url, post, deadline_s, trust)
    tally = Tally(newsroom)
    nowhere = [telling for telling in tellings if channel_of(telling[1]) is None]
    tally.note(nowhere, [NO_WAY] * len(nowhere))
    each_by_itself(
        _by_channel(tellings),
        lambda part: tally.note(part[1], part[0].tell(part[1], means)),
        log=log,
        doing="telling the people on duty",
        name=lambda part: part[0].form,
        house=newsroom.database.ping,
    )
    tally.put_off(notices)
    return tally.told


def _by_channel(tellings: Sequence[Telling]) -> Iterator[tuple[Channel, list[Telling]]]:
    """Each channel with what goes through it; those last that one server can hold up."""
    for channel in sorted(channels(), key=lambda channel: channel.one_server):
        own = [telling for telling in tellings if channel_of(telling[1]) is channel]
        if own:
            yield channel, own


def _message(notice: Notice, public_url: str) -> Message:
    airing = notice.airing
    return Message(
        id=notice.id,
        station=notice.station,
        rung=notice.rung.value,
        title=notice.title,
        text=notice.text,
        link=f"{public_url}{notice.link}",
        made_at=notice.made_at,
        at=airing.at if airing else None,
        day=airing.day.isoformat() if airing else None,
    )


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
    """What became of the tellings of one look, noted at once:
    a look that is cut off tells nobody twice.
    """

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._failed: set[int] = set()
        self._untried: set[int] = set()
        self.told = 0

    def note(self, tellings: Sequence[Telling], troubles: Iterable[Trouble]) -> None:
        """Notes each telling's trouble, in their order, as it becomes known."""
        each_by_itself(
            zip(tellings, troubles, strict=True),
            lambda pair: self._note(*pair[0], pair[1]),
            log=log,
            doing="noting who was told",
            name=lambda pair: f"notice {pair[0][0].id}",
            house=self._newsroom.database.ping,
        )

    def put_off(self, notices: Sequence[Notice]) -> None:
        """Those that failed are tried again later, each time twice as late.

        Those not tried, at once.
        """
        desk = self._newsroom.notices

        def put_off(notice: Notice) -> None:
            if notice.id in self._failed:
                desk.again(notice)
            elif notice.id in self._untried:
                desk.at_once(notice)

        each_by_itself(
            notices,
            put_off,
            log=log,
            doing="putting a notice off",
            name=lambda notice: notice.id,
            house=self._newsroom.database.ping,
        )

    def _note(self, message: Message, address: str, trouble: Trouble) -> None:
        if trouble == "":
            self._newsroom.notices.mark_told(message.id, address)
            self.told += 1
        elif trouble is None:
            self._untried.add(message.id)
        else:
            self._failed.add(message.id)
            log.warning(
                "%s was not told of %r: %s", shown(address), message.title, trouble
            )
