"""Search: what has all the words, in whatever spelling, and where in its text they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.values import Page
from service.web.listeners.player import A_PAGE, listing, offset, sent_once
from service.web.site import Site
from service.zone import midnight

LONGEST_QUESTION = 200  # characters
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """How far back search looks: so many `days` with today, None for all there is."""

    name: str
    label: str
    days: int | None


PERIODS = (
    Period("", "Mọi ngày", None),
    Period("1", "Hôm nay", 1),
    Period("7", "7 ngày qua", 7),
    Period("30", "30 ngày qua", 30),
)


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /search."""
    pages = Blueprint("search", __name__)
    pages.add_url_rule("/search", "search", Search(newsroom).page)
    pages.after_request(partial(sent_once, newsroom))
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Search:
    """What the address answers."""

    newsroom: Newsroom

    def page(self) -> ResponseReturnValue:
        """What has the words of `?q=`; `?khi=` bounds how long ago it was published."""
        words = request.args.get("q", "").strip()[:LONGEST_QUESTION]
        period = request.args.get("khi", "")
        found = Page((), 0)
        if words:
            found = self.newsroom.editions.latest(
                words=words, since=self._since(period), limit=A_PAGE, offset=offset()
            )
        return listing(
            found,
            f"Tìm “{words}”" if words else "Tìm tin",
            "",
            search=words,
            period=period,
            periods=PERIODS,
            excerpts=self.newsroom.excerpts.of(
                [edition.episode_id for edition in found.editions], words
            ),
        )

    def _since(self, period: str) -> datetime | None:
        """When a period of PERIODS began; None for all times, and for what is none of them."""
        named = next((each for each in PERIODS if each.name == period), None)
        if named is None or named.days is None:
            return None
        return midnight(self.newsroom.now()) - (named.days - 1) * A_DAY
