"""Pictures come in: those that articles name by address,
fetched by turns, and those that people send.
"""

import logging
from dataclasses import replace

from service.actions.errands import FORBIDDEN
from service.apart import each_by_itself
from service.intake import Rejected, Story
from service.intake.addresses import host_of
from service.intake.pictures import fetch_picture, made_small
from service.intake.robots import permission
from service.intake.story import SmallPicture
from service.newsroom import Newsroom
from service.newsroom.values import MadePicture, Picture, PictureSize

log = logging.getLogger("loa.pictures")
# What another try will not mend.
FOR_EVER = ("no_picture", "too_small", "too_large", "too_many_pixels", "unsafe_url")


def take_waiting(newsroom: Newsroom) -> int:
    """Fetches the pictures that are due and whose hosts are free; how many were looked at."""
    due = newsroom.pictures.due()
    each_by_itself(
        due,
        lambda picture: _take(newsroom, picture),
        log=log,
        doing="fetching a picture",
        name=lambda picture: picture.address,
        house=newsroom.database.ping,
    )
    return len(due)


def take_sent(newsroom: Newsroom, data: bytes, public_url: str, who: str) -> str:
    """A picture that somebody sends; gives the address by which an article names it.

    Rejected names `picture`; Conflict when they sent too many in a day.
    """
    return _kept(newsroom, _made(made_small(data)), public_url, who)


def with_enclosed(newsroom: Newsroom, story: Story, public_url: str) -> Story:
    """A story with the picture that lay in its file kept, and named by its address here.

    One that the sender named counts more.
    """
    if story.enclosed is None or story.picture:
        return story
    return replace(
        story, picture=_kept(newsroom, _made(story.enclosed), public_url), enclosed=None
    )


def _kept(
    newsroom: Newsroom, made: MadePicture, public_url: str, sent_by: str = ""
) -> str:
    address = f"{public_url}/pictures/{made.digest}/{PictureSize.LARGE}.jpg"
    newsroom.pictures.keep(address, made, sent_by)
    return address


def _take(newsroom: Newsroom, picture: Picture) -> None:
    """One request to its host, at its turn:
    portals are not asked faster for pictures than for news.
    """
    address, pictures = picture.address, newsroom.pictures
    hosts, host = newsroom.sources.hosts, host_of(address)
    turn = hosts.take_turn(host)
    if not turn.granted:
        pictures.put_off(address, turn.at)
        return
    try:
        # Only where it is known: an article, or a person, named this very picture.
        if turn.robots is not None and not permission(turn.robots, address).allowed:
            hosts.give_back(host)
            pictures.refuse(address, FORBIDDEN)
            return
        pictures.keep(
            address, _made(made_small(fetch_picture(address, newsroom.guard)))
        )
    except Rejected as error:
        log.info("the picture %s: %s", address, error)
        settle = pictures.refuse if error.reason in FOR_EVER else pictures.failed
        settle(address, error.message_vi)


def _made(small: SmallPicture) -> MadePicture:
    sizes = {PictureSize(name): data for name, data in small.sizes.items()}
    return MadePicture(small.digest, small.width, small.height, sizes)
