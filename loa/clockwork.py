"""What runs beside the clock: one thread for each errand of the house."""

import threading
from typing import TYPE_CHECKING

from loa.assembly import first_voice, open_post
from service.settings import Settings

if TYPE_CHECKING:
    from service.newsroom import Newsroom
    from service.newsroom.store.database import Nudge


def clockwork(
    installation: Settings, newsroom: "Newsroom", nudge: "Nudge", stop: threading.Event
) -> threading.Thread:
    """The clock's thread, not begun yet."""
    from workers import clock as hands

    return threading.Thread(
        target=hands.run,
        args=(newsroom, nudge, stop, first_voice(installation)),
        kwargs={"home": installation.home},
        name="clock",
        daemon=True,
    )


def begin_errands(
    installation: Settings, newsroom: "Newsroom", nudge: "Nudge", stop: threading.Event
) -> None:
    """Beside the clock: all that goes on until somebody stops it."""
    tell_hub(installation, newsroom, stop)
    lay_open(installation, newsroom, stop)
    tell_duty(installation, newsroom, stop)
    tell_hooks(installation, newsroom, stop)
    clean_up(newsroom, stop)
    watch_store(newsroom, nudge, stop)
    fetch_pictures(newsroom, stop)


def lay_open(
    installation: Settings, newsroom: "Newsroom", stop: threading.Event
) -> None:
    """Beside the clock: the store has open copies of what is public, or none any more."""
    from workers import open_copies

    threading.Thread(
        target=open_copies.run,
        args=(newsroom, stop),
        kwargs={"wanted": installation.has_open_copies},
        name="open copies",
        daemon=True,
    ).start()


def tell_hub(
    installation: Settings, newsroom: "Newsroom", stop: threading.Event
) -> None:
    """Beside the clock: the WebSub hub hears of what changed, when one is set."""
    from workers import websub

    if installation.websub_hub:
        arguments = (newsroom, installation.websub_hub, installation.address, stop)
        threading.Thread(
            target=websub.run, args=arguments, name="websub", daemon=True
        ).start()


def watch_store(newsroom: "Newsroom", nudge: "Nudge", stop: threading.Event) -> None:
    """Beside the clock: what waits for the store goes on as soon as it answers."""
    from workers import outages

    threading.Thread(
        target=outages.watch_store,
        args=(newsroom, nudge, stop),
        name="store",
        daemon=True,
    ).start()


def clean_up(newsroom: "Newsroom", stop: threading.Event) -> None:
    """Beside the clock: what nobody needs any more is deleted."""
    from workers import cleaning

    threading.Thread(
        target=cleaning.run, args=(newsroom, stop), name="cleaning", daemon=True
    ).start()


def fetch_pictures(newsroom: "Newsroom", stop: threading.Event) -> None:
    """Beside the clock: what articles name is fetched."""
    from workers import pictures

    threading.Thread(
        target=pictures.run, args=(newsroom, stop), name="pictures", daemon=True
    ).start()


def tell_hooks(
    installation: Settings, newsroom: "Newsroom", stop: threading.Event
) -> None:
    """Beside the clock: programs outside are told what happened, and phones of news.

    By each kind of push service in a thread of its own.
    """
    from service.newsroom.values.calls import Bringer
    from workers import hooks, phones

    arguments = (newsroom, installation.address, stop)
    threads = [threading.Thread(target=hooks.run, args=arguments, name="hooks")]
    threads += (
        threading.Thread(
            target=phones.run, args=(*arguments, by), name=f"phones {by.name}"
        )
        for by in Bringer
    )
    for thread in threads:
        thread.daemon = True
        thread.start()


def tell_duty(
    installation: Settings, newsroom: "Newsroom", stop: threading.Event
) -> None:
    """Beside the clock: the people on duty hear of what needs them."""
    from workers import notices

    arguments = (newsroom, open_post(installation), installation.address, stop)
    threading.Thread(
        target=notices.run, args=arguments, name="notices", daemon=True
    ).start()
