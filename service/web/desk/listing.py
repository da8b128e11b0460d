"""The desk's first page: episodes by state, station and words, how far each has come.

And how many listen.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.stories.cards import CardFilter
from service.newsroom.values import Card, Kind, Reach, Role, State
from service.web.auth import who
from service.web.auth.access import reach
from service.web.inputs.numbers import day_typed, whole_number
from service.zone import begin_of

ON_A_PAGE = 30
MOST_CARDS = 100  # that one look at the progress may ask for
MOST_PAGES = 100_000
PLOT_DAYS = 30
A_DAY = timedelta(days=1)
# In these a machine has the next step: pages look again by themselves.
WORKING = (State.RECEIVED, State.WRITTEN, State.SPOKEN, State.APPROVED)


@dataclass(frozen=True, slots=True)
class Tab:
    """A group of states in the list."""

    slug: str
    name: str
    states: tuple[State, ...]


TABS = (
    Tab("", "Tất cả", ()),
    Tab("dang-lam", "Đang làm", WORKING),
    Tab("cho-duyet", "Chờ duyệt", (State.MASTERED,)),
    Tab("tra-lai", "Trả lại", (State.RETURNED,)),
    Tab("bi-giu", "Bị giữ", (State.HELD,)),
    Tab("da-phat", "Đã phát", (State.PUBLISHED,)),
    Tab("da-go", "Đã gỡ", (State.WITHDRAWN,)),
)


@dataclass(frozen=True, slots=True)
class Sieve:
    """What somebody wants to see of the list, as the address says it."""

    tab: Tab
    station: str
    words: str
    page: int
    kind: Kind | None = None
    day: date | None = None  # on which it came in
    person: str = ""  # who opened or approved a version of it

    @classmethod
    def of_request(cls) -> "Sieve":
        """What cannot be understood is as if it were not there: old bookmarks still show a list."""
        # Also of a form that goes on from the list.
        arguments = request.values
        slug = arguments.get("tab", "")
        return cls(
            tab=next((tab for tab in TABS if tab.slug == slug), TABS[0]),
            station=arguments.get("station", ""),
            words=arguments.get("q", ""),
            page=whole_number(arguments.get("page", ""), MOST_PAGES) or 1,
            kind=next((each for each in Kind if each == arguments.get("kind")), None),
            day=day_typed(arguments.get("day", "")),
            person=arguments.get("person", "").strip(),
        )

    def wanted(self, newsroom: Newsroom, within: Reach) -> CardFilter:
        """The same as the newsroom is asked for it."""
        return CardFilter(
            states=self.tab.states,
            station=_station_meant(newsroom, self.station, within),
            words=self.words,
            kind=self.kind,
            since=begin_of(self.day) if self.day else None,
            until=begin_of(self.day + A_DAY) if self.day else None,
            who=self.person,
        )

    @property
    def asked(self) -> dict[str, str]:
        """The same as an address or a form asks for it again; what is empty is left out."""
        asked = {
            "tab": self.tab.slug,
            "station": self.station,
            "q": self.words,
            "kind": self.kind or "",
            "day": self.day.isoformat() if self.day else "",
            "person": self.person,
        }
        return {name: value for name, value in asked.items() if value}

    def address(self, **others: str | int) -> str:
        """The list as it is asked for, but for what is said otherwise; "" takes it away."""
        asked = self.asked | {name: str(value) for name, value in others.items()}
        kept = {name: value for name, value in asked.items() if value}
        return url_for("desk.episodes", **kept)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Listing:
    """What the addresses of the list answer."""

    newsroom: Newsroom

    def episodes(self) -> ResponseReturnValue:
        """Episodes, newest first."""
        sieve, within = Sieve.of_request(), reach(Role.OPERATOR)
        cards, total = self.newsroom.episodes.cards(
            among=within,
            limit=ON_A_PAGE,
            offset=(sieve.page - 1) * ON_A_PAGE,
            **sieve.wanted(self.newsroom, within),
        )
        return render_template(
            "desk/episodes.html",
            awaiting=len(self.newsroom.episodes.awaiting_voice(within)),
            away=[
                far_end for far_end in self.newsroom.engines.all() if far_end.away_since
            ],
            returned=self.newsroom.episodes.returned_to(who()),
            cards=cards,
            total=total,
            sieve=sieve,
            kinds=Kind,
            tabs=self._counted_tabs(),
            directory=self.newsroom.stations.directory(among=within),
            pages=max(1, -(-total // ON_A_PAGE)),
        )

    def _counted_tabs(self) -> list[tuple[Tab, int]]:
        """Every tab with the number of episodes in it; the one without states is of them all."""
        counts = self.newsroom.episodes.counts(reach(Role.OPERATOR))
        return [
            (tab, sum(counts.get(state, 0) for state in tab.states or State))
            for tab in TABS
        ]

    def cards(self) -> ResponseReturnValue:
        """How far the episodes named have come, for pages that look again while a machine works."""
        numbers = map(whole_number, request.args.get("ids", "").split(","))
        ids = [number for number in numbers if number is not None][:MOST_CARDS]
        within = reach(Role.OPERATOR)
        cards = (
            self.newsroom.episodes.cards(ids=ids, among=within, limit=len(ids))[0]
            if ids
            else []
        )
        checking = self.newsroom.recordings.checking([card.id for card in cards])
        return jsonify(cards=[_progress(card, card.id in checking) for card in cards])

    def downloads(self) -> ResponseReturnValue:
        """How many listen, day by day, and to what."""
        counts, within = self.newsroom.downloads, reach(Role.OPERATOR)
        return render_template(
            "desk/downloads.html",
            downloads=counts.daily(PLOT_DAYS, among=within),
            most=counts.most(PLOT_DAYS, among=within),
            days=PLOT_DAYS,
        )


def _station_meant(newsroom: Newsroom, typed: str, within: Reach) -> str:
    """The slug of the station that a list gave or somebody typed:
    the first whose name has the words.
    """
    stations = newsroom.stations
    if not typed or stations.named(typed) is not None:
        return typed
    like_it = stations.directory(typed, within).stations
    return like_it[0].slug if like_it else typed


def _progress(card: Card, checking: bool) -> dict[str, object]:
    return {
        "id": card.id,
        "version": card.version,
        "state": card.state,
        "working": checking or card.state in WORKING,
        "html": render_template("desk/standing.html", card=card),
    }
