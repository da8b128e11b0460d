"""Hooks: programs that are told what happens, and portals that push their news in."""

from typing import Annotated

import typer

from loa.assembly import open_newsroom, settings
from loa.terminal import show, table

COMMAND = "loa hook"  # who the log names
Number = Annotated[int, typer.Argument(help="as `loa hook list` shows")]


def hook_add(
    url: Annotated[str, typer.Argument(help="https address that is told")],
    name: Annotated[
        str, typer.Option(help="what people call it; default: its address")
    ] = "",
    event: Annotated[
        list[str] | None, typer.Option(help="episode.published, …; default: all")
    ] = None,
    station: Annotated[
        list[str] | None, typer.Option(help="slug; default: all stations")
    ] = None,
) -> None:
    """A program that is told what happens; prints the secret that signs it, once, last."""
    from service.newsroom.values import HookEvent, NewHook

    usual = [each for each in HookEvent if each is not HookEvent.TEST]
    events = tuple(map(HookEvent, event)) if event else tuple(usual)
    hook = NewHook(name or url, url, events, tuple(station or ()))
    added, secret = open_newsroom(settings()).hooks.add(hook, COMMAND)
    typer.echo(f"{added.id}: {added.settings.name}")
    typer.echo(secret)


def hook_list() -> None:
    """All hooks, and how the last telling of each went."""
    shown = table("number", "name", "events", "stations", "state")
    for hook in open_newsroom(settings()).hooks.all():
        described = hook.settings
        state = hook.trouble or ("active" if hook.active else "gone (HTTP 410)")
        events = ", ".join(described.events)
        stations = ", ".join(described.stations) or "all"
        shown.add_row(str(hook.id), described.name, events, stations, state)
    show(shown)


def hook_test(number: Number) -> None:
    """Tells a hook of nothing.

    A running service sends it, and `loa hook list` shows what came of it.
    """
    open_newsroom(settings()).hooks.test(number, COMMAND)
    typer.echo(f"{number}: will be told")


def hook_remove(number: Number) -> None:
    """Tells a hook no more."""
    gone = open_newsroom(settings()).hooks.remove(number, COMMAND)
    typer.echo(f"{number}: {gone.settings.name} is forgotten")


def hook_push(
    name: Annotated[
        str, typer.Argument(help="as it stands in the address that the portal calls")
    ],
    station: Annotated[
        list[str] | None, typer.Option(help="slug of a station; default: the first one")
    ] = None,
    topic: Annotated[str, typer.Option(help="our topic for all its news")] = "",
) -> None:
    """Lets a portal push its news to /hooks/NAME; prints the secret it signs with, once, last."""
    from service.actions.stations import stations_or_home
    from service.newsroom.values import NewPush

    newsroom = open_newsroom(settings())
    push = NewPush(name, stations_or_home(newsroom, station or ()), topic)
    typer.echo(newsroom.pushes.add(push, COMMAND).secret)
