"""Taking in: what a source brought becomes articles, each piece of news for itself."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from service.actions.articles import article_of
from service.actions.listings import NO_VALIDATORS, completed
from service.apart import each_by_itself, failure
from service.intake import Rejected, Story
from service.intake.listings import KINDS
from service.intake.look import Validators
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError, Unavailable
from service.newsroom.values import (
    ArticleDoubt,
    Item,
    NewArticle,
    PolledSource,
    Source,
    SourceKind,
)

log = logging.getLogger("loa.sources")

STUMBLED = "Máy gặp lỗi khi đọc tin này; người quản trị xem nhật ký máy chủ."


@dataclass(frozen=True, slots=True)
class Reading:
    """An item whose text is here: `story` reads it; Rejected says why it is not taken.

    `validators` are those of its page.
    """

    item: Item
    story: Callable[[], Story]
    validators: Validators = NO_VALIDATORS


def take_in(
    newsroom: Newsroom, source: PolledSource, readings: Sequence[Reading]
) -> None:
    """Takes each in for itself: one that cannot be read keeps no other."""
    each_by_itself(
        readings,
        lambda reading: _take_in(newsroom, source, reading),
        log=log,
        doing=f"reading news of {source.settings.name}",
        name=lambda reading: reading.item.url,
        house=newsroom.database.ping,
    )


def _take_in(newsroom: Newsroom, source: PolledSource, reading: Reading) -> None:
    items, item = newsroom.sources.items, reading.item
    try:
        _receive(newsroom, source, reading)
    except Unavailable:
        raise  # the database is away: that is no fault of the news
    except (Rejected, NewsroomError) as error:
        items.refused(item, error.message_vi)
    # Whatever it stumbles over: the journal says so, and it is not tried in vain every minute.
    except Exception:
        newsroom.database.ping()
        failure(lambda: items.refused(item, STUMBLED))
        raise


def _receive(newsroom: Newsroom, source: PolledSource, reading: Reading) -> None:
    item, validators = reading.item, reading.validators
    receipt = newsroom.articles.receive(
        _article(newsroom, source, reading),
        f"nguồn tin {source.settings.name}",
        Source(SourceKind.FEED, source.key),
    )
    newsroom.sources.items.taken(
        item,
        receipt.episode_id,
        revised=receipt.news == "revised",
        etag=validators.etag,
        last_modified=validators.last_modified,
    )


def _article(newsroom: Newsroom, source: PolledSource, reading: Reading) -> NewArticle:
    settings, item = source.settings, reading.item
    story = completed(reading.story(), item, settings, newsroom.now())
    article = article_of(story, settings.stations, external_id=item.guid)
    # A letter's sender is whoever it says.
    if not settings.trusted or KINDS[settings.kind].by_mail:
        return replace(article, doubts=(*article.doubts, ArticleDoubt.SOURCE))
    return article
