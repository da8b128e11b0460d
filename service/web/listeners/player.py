"""The listeners' pages: today's news, articles, communes, topics, the archive by day."""

from calendar import Calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.values import Edition, Kind, Page, Sentence, Station
from service.podcast import m3u
from service.web.inputs.numbers import day_typed, whole_number
from service.web.listeners.choices import VARIES, commune, saver
from service.web.media import shelved
from service.web.media.conditional import ALWAYS_ASK, with_etag
from service.web.site import Site
from service.web.words import total_seconds
from service.zone import VIETNAM, begin_of, midnight

MOST_PAGES = 99_999
# What a list's other pages are asked with again, of all that an address may say: `_external` and
# the like would be instructions to `url_for`.
SIEVE = ("q", "khi", "dai")
A_PAGE = 20
EARLIER = 8
# A bulletin would be heard twice: its stories are there too
NEWS = (
    Kind.STORY,
    Kind.CORRECTION,
    Kind.RECORDING,
)
MOST_TODAY = 60  # more than a day's news of a busy district
FOLLOWING = 5  # that an article's page goes on with
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the archive and how much was published on it.

    `other` months fill the weeks at the ends.
    """

    date: date
    count: int
    other: bool


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds the pages."""
    pages = Blueprint("player", __name__)
    player = Player(newsroom, site)
    views: dict[str, Callable[..., ResponseReturnValue]] = {
        "/": player.home,
        "/today.m3u": player.playlist,
        "/articles/<slug>": player.article,
        "/stations": player.stations,
        "/stations/<slug>": player.station,
        "/stations/<slug>/today.m3u": player.playlist,
        "/topics/<slug>": player.topic,
        "/archive": player.archive,
        "/archive/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>": player.month,
        "/archive/<int(fixed_digits=4):year>-<int(fixed_digits=2):month>-<int(fixed_digits=2):number>": player.day,
        "/saved": player.saved,
    }
    for path, view in views.items():
        pages.add_url_rule(path, view.__name__, view)
    pages.after_request(partial(sent_once, newsroom))
    app.jinja_env.tests["over"] = lambda time: time <= newsroom.now()
    app.register_blueprint(pages)


def sent_once(newsroom: Newsroom, response: Response) -> Response:
    """A page that a phone has already is not sent again: 3G is paid per MB.

    Nor is it made again for the next.
    """
    if response.status_code == 200:
        shelved.keep_until_turn(newsroom)
        response.vary.update(VARIES)
        return with_etag(response, ALWAYS_ASK)
    return response


@dataclass(frozen=True)
class Player:
    """What the player's addresses answer."""

    newsroom: Newsroom
    site: Site

    def home(self) -> ResponseReturnValue:
        """Today's news of the reader's commune, or of all while none is chosen."""
        directory = self.newsroom.stations.directory()
        mine = commune(self.newsroom, directory)
        return self._front(
            mine.slug if mine else "",
            "player/home.html",
            station=mine,
            directory=directory,
        )

    def stations(self) -> ResponseReturnValue:
        """The communes whose names have the words of `?tim=`: how one of very many is found."""
        words = request.args.get("tim", "").strip()[:200]
        directory = self.newsroom.stations.directory(words)
        return render_template("player/stations.html", directory=directory, words=words)

    def station(self, slug: str) -> ResponseReturnValue:
        """A commune's page: today's news as on home; `?trang=` lists all there ever was."""
        found = self.newsroom.stations.get(slug)
        if "trang" in request.args:
            page = self.newsroom.editions.latest(
                station=slug, limit=A_PAGE, offset=offset()
            )
            return listing(
                page, found.name, found.description, feed=f"/feeds/stations/{slug}.xml"
            )
        directory = self.newsroom.stations.directory()
        mine = commune(self.newsroom, directory)
        return self._front(
            slug, "player/station.html", station=found, directory=directory, mine=mine
        )

    def article(self, slug: str) -> ResponseReturnValue:
        """One article: its text, its sound, and what comes after it."""
        edition = self.newsroom.editions.get(slug)
        older = self.newsroom.editions.latest(
            station=edition.station,
            until=edition.first_published_at,
            limit=FOLLOWING,
            counted=False,
        )
        return render_template(
            "player/article.html",
            edition=edition,
            passages=passages(edition.sentences),
            chapters=chapters(edition),
            files={master.kind: master for master in edition.masters},
            following=older.editions,
        )

    def topic(self, slug: str) -> ResponseReturnValue:
        """What was published on a topic."""
        found = self.newsroom.stations.topic(slug)
        page = self.newsroom.editions.latest(topic=slug, limit=A_PAGE, offset=offset())
        return listing(page, found.name, "", feed=f"/feeds/topics/{slug}.xml")

    def playlist(self, slug: str = "") -> ResponseReturnValue:
        """Today's sounds in order, of a commune or of all, for any program that plays lists."""
        if slug:
            self.newsroom.stations.get(slug)
        sounds = [(edition, edition.best(*kinds())) for edition in self._today(slug)]
        text = m3u(
            [
                (
                    edition.title,
                    file.seconds,
                    f"{self.site.public_url}/media/{file.path}",
                )
                for edition, file in sounds
            ]
        )
        return Response(text, content_type="audio/x-mpegurl; charset=utf-8")

    def archive(self) -> ResponseReturnValue:
        """Leads to the newest month: every month has one address."""
        station = self._asked()
        ends = self.newsroom.editions.ends(station=station.slug if station else "")
        newest = (ends[1] if ends else self.newsroom.now()).astimezone(VIETNAM)
        return redirect(_archive("month", newest.date(), station))

    def month(self, year: int, month: int) -> ResponseReturnValue:
        """The days of a month, each with how much was published on it."""
        first = date_of(year, month, 1)
        after = (first + 31 * A_DAY).replace(day=1)
        station = self._asked()
        slug = station.slug if station else ""
        counts = self.newsroom.editions.days(
            begin_of(first), begin_of(after), station=slug
        )
        ends = self.newsroom.editions.ends(station=slug)
        return render_template(
            "player/month.html",
            month=begin_of(first),
            weeks=weeks(first, counts),
            total=sum(counts.values()),
            station=station,
            directory=self.newsroom.stations.directory(),
            address=lambda day: _archive("day", day, station),
            older=_archive("month", first - A_DAY, station)
            if ends and ends[0] < begin_of(first)
            else "",
            newer=_archive("month", after, station)
            if ends and ends[1] >= begin_of(after)
            else "",
        )

    def day(self, year: int, month: int, number: int) -> ResponseReturnValue:
        """What was published on a day."""
        day = date_of(year, month, number)
        begin, end = begin_of(day), begin_of(day + A_DAY)
        station = self._asked()
        slug = station.slug if station else ""
        page = self.newsroom.editions.latest(
            station=slug, since=begin, until=end, limit=A_PAGE, offset=offset()
        )
        before, after = self.newsroom.editions.around(begin, end, station=slug)
        return listing(
            page,
            station.name if station else "",
            "",
            day=begin,
            month=_archive("month", day, station),
            day_before=_archive("day", before.astimezone(VIETNAM).date(), station)
            if before
            else "",
            day_after=_archive("day", after.astimezone(VIETNAM).date(), station)
            if after
            else "",
        )

    def saved(self) -> ResponseReturnValue:
        """What this phone keeps, and the page it shows when there is no network.

        Its list is made by the phone.
        """
        return render_template("player/saved.html")

    def _asked(self) -> Station | None:
        """The commune that `?dai=` names, None for all of them.

        NotFound when there is none of that name.
        """
        slug = request.args.get("dai", "")
        return self.newsroom.stations.get(slug) if slug else None

    def _today(self, station_slug: str) -> tuple[Edition, ...]:
        """What the one big button plays, of a commune or of all."""
        begin = midnight(self.newsroom.now())
        return self.newsroom.editions.today(
            begin, station=station_slug, kinds=NEWS, limit=MOST_TODAY
        )

    def _front(self, station_slug: str, template: str, **more: Any) -> str:
        """Today's news of a commune or of all, and what came before:
        what home and a commune's page share.
        """
        now, today = self.newsroom.now(), self._today(station_slug)
        # One more than is shown tells whether there are more.
        before = self.newsroom.editions.latest(
            station=station_slug,
            until=midnight(now),
            kinds=NEWS,
            limit=EARLIER + 1,
            counted=False,
        ).editions
        earlier = before[:EARLIER]
        shown = today or earlier
        return render_template(
            template,
            today=today,
            shown=shown,
            earlier=[edition for edition in earlier if edition not in shown],
            more_earlier=len(before) > EARLIER,
            seconds=total_seconds(shown),
            bytes=sum(edition.best(*kinds()).bytes for edition in shown),
            now=now,
            topics=self.newsroom.stations.topics(),
            playlist=f"/stations/{station_slug}/today.m3u"
            if station_slug
            else "/today.m3u",
            feed=f"/feeds/stations/{station_slug}.xml"
            if station_slug
            else "/feeds/all.xml",
            sheet=f"/stations/{station_slug}/sheet" if station_slug else "/sheet",
            show_name=more["station"].name if more["station"] else self.site.name,
            **more,
        )


def kinds() -> tuple[str, ...]:
    """Which files to play to this reader, the wanted one first."""
    return ("lite", "app") if saver() else ("app",)


def listing(page: Page, title: str, text: str, **more: object) -> str:
    """A page of a list, with ways to the ones before and after."""
    number = offset() // A_PAGE + 1
    sieve = {name: request.args[name] for name in SIEVE if name in request.args}
    kept = sieve | (request.view_args or {})

    def link(to: int) -> str:
        return url_for(request.endpoint or "player.home", **kept, trang=to)

    return render_template(
        "player/list.html",
        page=page,
        title=title,
        text=text,
        number=number,
        pages=max(1, -(-page.total // A_PAGE)),
        newer=link(number - 1) if number > 1 else "",
        older=link(number + 1) if number * A_PAGE < page.total else "",
        **more,
    )


def offset() -> int:
    """Where the page asked for (`?trang=2`) begins."""
    number = whole_number(request.args.get("trang", ""), MOST_PAGES) or 1
    return (number - 1) * A_PAGE


def date_of(year: int, month: int, day: int) -> date:
    """The date; 404 for one that no calendar has, or that lies where no calendar can count on."""
    found = day_typed(f"{year:04}-{month:02}-{day:02}")
    return found if found is not None else abort(404)


def weeks(first: date, counts: Mapping[date, int]) -> list[list[Day]]:
    """The weeks of a month, from Monday; the days around it stand in them too."""
    return [
        [Day(day, counts.get(day, 0), day.month != first.month) for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]


def passages(sentences: tuple[Sentence, ...]) -> list[tuple[str, list[Sentence]]]:
    """The text as paragraphs: (role, sentences); the title is the page's own heading."""
    grouped = (
        (number, list(group))
        for number, group in groupby(sentences, key=lambda sentence: sentence.passage)
    )
    return [(group[0].role, group) for _, group in grouped]


def chapters(edition: Edition) -> list[Sentence]:
    """Where a bulletin's parts begin: its headings, as in its file's own chapters."""
    if edition.kind is not Kind.BULLETIN:
        return []
    return [line for line in edition.sentences if line.role == "heading"]


def _archive(what: str, day: date, station: Station | None) -> str:
    """The address of a day, or of its month, in a commune's archive or in that of all."""
    return f"/archive/{day:{'%Y-%m' if what == 'month' else '%Y-%m-%d'}}" + (
        f"?dai={station.slug}" if station else ""
    )
