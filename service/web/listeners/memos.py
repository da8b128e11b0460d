"""What an announcement asks to remember, on its page and as an entry for calendars."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, abort
from flask.typing import ResponseReturnValue

from service.actions.memos import Memo, begins_at, memo_of
from service.newsroom import Newsroom
from service.newsroom.values import Edition
from service.web.media import shelved
from service.web.media.conditional import ALWAYS_ASK, with_etag
from service.web.site import Site
from service.zone import VIETNAM


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /articles/<slug>/event.ics and the global `memo_of`."""
    pages = Blueprint("memos", __name__)
    memos = ShownMemos(newsroom, site)
    pages.add_url_rule("/articles/<slug>/event.ics", "entry", memos.entry)
    app.jinja_env.globals.update(memo_of=memos.of, has_day=has_day)
    app.register_blueprint(pages)


def has_day(memo: Memo, edition: Edition) -> bool:
    """Whether it tells a day that a calendar can hold."""
    return _begins_at(memo, edition) is not None


@dataclass(frozen=True)
class ShownMemos:
    """What the address answers."""

    newsroom: Newsroom
    site: Site

    def of(self, edition: Edition) -> Memo | None:
        """The memo of a public text; None for what is no announcement."""
        topic = edition.topic.name if edition.topic else ""
        return memo_of(edition.sentences, edition.title, topic, edition.memo)

    def entry(self, slug: str) -> ResponseReturnValue:
        """The day as an entry for a calendar; 404 where the text tells none."""
        edition = self.newsroom.editions.get(slug)
        memo = self.of(edition)
        if memo is None or not has_day(memo, edition):
            abort(404)
        page = f"{self.site.public_url}/articles/{edition.slug}"
        answer = Response(
            calendar_entry(memo, edition, page),
            content_type="text/calendar; charset=utf-8",
        )
        name = f"{edition.slug}.ics"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        shelved.keep(None)
        return with_etag(answer, ALWAYS_ASK)


def calendar_entry(memo: Memo, edition: Edition, page: str) -> bytes:
    """RFC 5545: one event, of the text's own words. Without an end: the text may tell none."""
    from icalendar import Calendar, Event  # 3 MB, for those who ask

    event = Event()
    event.add("uid", edition.guid)
    event.add("dtstamp", edition.published_at)
    event.add("dtstart", _begins_at(memo, edition))
    event.add("summary", memo.what or edition.title)
    told = [memo.when, memo.who, *memo.phones, page]
    event.add("description", "\n".join(line for line in told if line))
    event.add("url", page)
    if memo.where:
        event.add("location", memo.where)
    calendar = Calendar()
    calendar.add("prodid", "-//Loa//VI")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _begins_at(memo: Memo, edition: Edition) -> object | None:
    told_on = edition.first_published_at.astimezone(VIETNAM).date()
    begin = begins_at(memo, told_on)
    # In UTC, so that no calendar has to know our zone.
    if isinstance(begin, datetime):
        return begin.replace(tzinfo=VIETNAM).astimezone(UTC)
    return begin
