"""The web as its process serves it: the application, its shelves, and the front before both."""

from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loa.assembly import open_newsroom, open_nudge, open_site, open_voices, settings
from loa.privacy import keep_to_ourselves
from loa.terminal import write_log
from service.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from service.front import Gateway
    from service.newsroom import Newsroom
    from service.web.site import Site

SHELVES = "shelf"  # below LOA_HOME


def application() -> "Flask":
    """The web application, as any WSGI server may load it."""
    from service.web.app import create_app

    keep_to_ourselves()
    found = settings()
    write_log(found)
    newsroom = open_newsroom(found, open_nudge(found))
    return create_app(newsroom, open_site(found, newsroom, open_voices(found)))


def gateway() -> "Gateway":
    """The web application behind its front: what the web's process serves."""
    keep_to_ourselves()
    found = settings()
    write_log(found)
    newsroom = open_newsroom(found, open_nudge(found))
    site = open_site(found, newsroom, open_voices(found))
    return front_of(newsroom, site, folder_of_ours(found))


def front_of(newsroom: "Newsroom", site: "Site", folder: Path) -> "Gateway":
    """The front of a newsroom's web; `folder` is where this process keeps what its slots broadcast."""
    from service.front import Gateway, Limits
    from service.front.shelf import Shelf
    from service.web.app import LARGEST_BODY, create_app
    from service.web.desk.upload import room_for
    from service.web.headers import SECURED, ZIPPED, fields
    from service.web.notebook import Notebook
    from service.web.operators.slot_shelf import SlotShelf
    from service.web.pulse import Pulse
    from service.web.shelved import ROUTES

    notebook, pulse = Notebook(newsroom), Pulse(newsroom)
    app = create_app(newsroom, site, notebook)
    slots = SlotShelf(newsroom, site, pulse, notebook, folder)
    pulse.look()
    pulse.start()
    slots.start()
    return Gateway(
        app,
        limits=Limits(body_bytes=LARGEST_BODY),
        room=partial(room_for, app),
        trusted_proxies=site.trusted_proxies,
        slots=slots,
        shelf=Shelf(pulse, ROUTES, ZIPPED),
        secured=fields(SECURED),
    )


_held: list[Any] = []  # locks of folders, for as long as this process lives


def folder_of_ours(found: Settings) -> Path:
    """A folder for this process's shelf: the first that no other web of this installation uses.

    What the process before left there is found again. Which installation it is, the addresses of its database and
    its store tell: a home that is pointed at another database never broadcasts the old one's bulletins.
    """
    from filelock import FileLock, Timeout

    addresses = f"{found.database}\0{found.files}\0{found.address}"
    mark = sha256(addresses.encode()).hexdigest()[:12]
    shelves = found.home / SHELVES
    shelves.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 0
    while True:
        folder = shelves / f"{mark}-{number}"
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            number += 1
            continue
        _held.append(lock)
        return folder
