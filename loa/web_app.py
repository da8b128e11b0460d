"""The web as its process serves it: the application, its shelves, and the front before both."""

import threading
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loa.assembly import open_newsroom, open_nudge, open_site, open_voices, settings
from loa.privacy import keep_to_ourselves
from loa.terminal import write_log
from service.settings import Settings

if TYPE_CHECKING:
    from service.front import Gateway
    from service.newsroom import Newsroom
    from service.web.operators.pulse import Pulse
    from service.web.site import Site

SHELVES = "shelf"  # below LOA_HOME


def gateway() -> "Gateway":
    """The web application behind its front: what the web's process serves."""
    from loa.serving import show_presence
    from service.newsroom.values import ProcessKind
    from service.web.operators.pulse import Pulse
    from workers.scratch import open_scratch

    keep_to_ourselves()
    installation = settings()
    write_log(installation)
    open_scratch()
    newsroom = open_newsroom(installation, open_nudge(installation))
    show_presence(newsroom, ProcessKind.WEB, threading.Event())
    site = open_site(installation, newsroom, open_voices(installation))
    return front_of(newsroom, site, folder_of_ours(installation), Pulse(newsroom))


def front_of(newsroom: "Newsroom", site: "Site", folder: Path, pulse: "Pulse") -> "Gateway":
    """The front of a newsroom's web, up to date until its pulse stops.

    `folder` is where this process keeps what its slots broadcast.
    """
    from service.front import Gateway, Limits
    from service.front.shelf import Shelf
    from service.web.app import LARGEST_BODY, create_app
    from service.web.desk.upload import room_for
    from service.web.media.headers import SECURED, ZIPPED, fields
    from service.web.media.notebook import Notebook
    from service.web.media.shelved import ROUTES
    from service.web.operators.slot_shelf import SlotShelf

    notebook = Notebook(newsroom)
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
        timings=site.latest,
    )


_held: list[Any] = []  # locks of folders, for as long as this process lives


def folder_of_ours(installation: Settings) -> Path:
    """A folder for this process's shelf: the first that no other web of this installation uses.

    What the process before left there is found again. Which installation it is, the addresses of its database and
    its store tell: a home that is pointed at another database never broadcasts the old one's bulletins.
    """
    from filelock import FileLock, Timeout

    addresses = f"{installation.database}\0{installation.files}\0{installation.address}"
    mark = sha256(addresses.encode()).hexdigest()[:12]
    shelves = installation.home / SHELVES
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
