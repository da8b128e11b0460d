"""What a portal's answer holds: the entries of its list, and the story of an entry or a page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from service.intake import Given, Story, apart, parse
from service.intake.listings import Entry, Listing, listing_of_json
from service.intake.look import Answer, Validators
from service.intake.parse import absolute
from service.intake.source import parse_bytes
from service.newsroom.values import ArticleDoubt, Item, Listed, NewSource

NO_VALIDATORS = Validators()


def listing_in(answer: Answer, settings: NewSource) -> Listing:
    """The list in a portal's answer, read apart. Rejected says why it is none."""
    return listing_of_json(
        apart.call(
            "listing",
            answer.data,
            kind=settings.kind,
            base=answer.url,
            selector=settings.selector,
        )
    )


def listed(entries: Sequence[Entry]) -> list[Listed]:
    """What is compared of the entries of a list with what is known of them."""
    return [
        Listed(
            guid=entry.guid,
            url=entry.url,
            document="" if entry.html else entry.document,
            title=entry.title,
            fingerprint=entry.fingerprint,
            published_at=entry.published_at,
            topics=entry.topics,
        )
        for entry in entries
    ]


def story_of(entry: Entry) -> Story:
    """The text that came with a list."""
    picture = absolute(entry.picture, entry.url)
    return parse(
        entry.html, "html", Given(title=entry.title, url=entry.url, picture=picture)
    )


def story_in(answer: Answer, item: Item) -> Story:
    """The text behind an address; its own page knows its title better than a list does."""
    return parse_bytes(answer.data, ".html", Given(url=item.url), answer.charset)


def completed(story: Story, item: Item, settings: NewSource, now: datetime) -> Story:
    """The story with what its list knows of it: a time where the page tells none, and a topic."""
    published = story.published_at or item.published_at
    doubts = story.doubts
    if item.published_at is not None:
        doubts = tuple(doubt for doubt in doubts if doubt.value != ArticleDoubt.NO_DATE)
    return replace(
        story,
        url=item.url or story.url,
        # A portal's clock may be ahead of ours; nothing was published in the future.
        published_at=min(published, now) if published else None,
        topic=_topic(story, item, settings),
        doubts=doubts,
    )


def _topic(story: Story, item: Item, settings: NewSource) -> str:
    """Our topic for what the portal calls its section."""
    sections = [section.casefold() for section in (*item.topics, story.topic)]
    for section, topic in settings.topics.items():
        if section.casefold() in sections:
            return topic
    return settings.topic or story.topic
