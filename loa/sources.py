"""Sources of news: portals that are looked at."""

from typing import TYPE_CHECKING, Annotated

import typer

from loa.assembly import open_newsroom, settings
from loa.terminal import fail, show, table

if TYPE_CHECKING:
    from service.actions.sources import TrialEntry
    from service.newsroom import Newsroom
    from service.newsroom.values import NewSource

COMMAND = "loa source"  # who the log names
Url = Annotated[
    str, typer.Argument(help="address of the feed, the list, the map or the site")
]
Kind = Annotated[str, typer.Option(help="feed, wordpress, page or sitemap")]
Selector = Annotated[str, typer.Option(help="of a page: the CSS selector of its links")]


def source_add(
    url: Url,
    name: Annotated[
        str, typer.Option(help="what people call it; default: its address")
    ] = "",
    kind: Kind = "feed",
    selector: Selector = "",
    station: Annotated[
        list[str] | None, typer.Option(help="slug of a station; default: the first one")
    ] = None,
    topic: Annotated[str, typer.Option(help="our topic for all its news")] = "",
    minutes: Annotated[int, typer.Option(help="between two looks")] = 30,
    trusted: Annotated[
        bool, typer.Option(help="may its news go on the air by a station's rule?")
    ] = False,
) -> None:
    """A new source; a running service looks at it from now on."""
    from service.actions.sources import check_source
    from service.actions.stations import stations_or_home
    from service.newsroom.values import NewSource

    newsroom = open_newsroom(settings())
    described = NewSource(
        name=name or url,
        kind=kind,
        url=url,
        stations=stations_or_home(newsroom, station or ()),
        selector=selector,
        topic=topic,
        minutes=minutes,
        trusted=trusted,
    )
    check_source(described)
    typer.echo(f"{newsroom.sources.add(described, COMMAND).id}: {described.name}")


def source_list() -> None:
    """All sources: how each stands, and when it was looked at."""
    shown = table("number", "name", "kind", "stations", "last look (UTC)", "state")
    for source in open_newsroom(settings()).sources.all():
        looked = f"{source.looked_at:%Y-%m-%d %H:%M}" if source.looked_at else "never"
        state = (
            f"{source.state}: {source.trouble}" if source.trouble else str(source.state)
        )
        described = source.settings
        stations = ", ".join(described.stations)
        shown.add_row(
            str(source.id), described.name, described.kind, stations, looked, state
        )
    show(shown)


def source_try(
    source: Annotated[str, typer.Argument(help="a source's number, or an address")],
    kind: Kind = "feed",
    selector: Selector = "",
) -> None:
    """What would be taken now; nothing is kept."""
    from service.actions.sources import try_now

    newsroom = open_newsroom(settings())
    for entry in try_now(newsroom, _described(newsroom, source, kind, selector)):
        typer.echo(_told(entry))
        if entry.story is not None:
            for text in (entry.story.title, entry.story.lead, *entry.story.paragraphs):
                typer.echo(f"    {text}" if text else "")


def source_remove(
    number: Annotated[int, typer.Argument(help="as `loa source list` shows")],
) -> None:
    """Forgets a source; the articles that came from it stay."""
    gone = open_newsroom(settings()).sources.remove(number, COMMAND)
    typer.echo(f"{number}: {gone.settings.name} is forgotten")


def _described(
    newsroom: "Newsroom", source: str, kind: str, selector: str
) -> "NewSource":
    from service.newsroom.values import NewSource

    if source.isdigit():
        return newsroom.sources.get(int(source)).settings
    if "://" not in source:
        fail(f"{source!r} is neither a source's number nor an address")
    return NewSource(name=source, kind=kind, url=source, stations=(), selector=selector)


def _told(entry: "TrialEntry") -> str:
    time = f"{entry.published_at:%Y-%m-%d %H:%M}" if entry.published_at else "no time"
    why_not = f" ({entry.why_not})" if entry.why_not else ""
    return (
        f"{'-' if entry.why_not else '+'} {time}  {entry.title or entry.url}{why_not}"
    )
