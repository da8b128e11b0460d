"""The web as its process serves it: the application, its shelves, and the front before both."""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loa.assembly import (
    BED,
    open_newsroom,
    open_nudge,
    open_site,
    open_voices,
    settings,
)
from loa.privacy import keep_to_ourselves
from loa.terminal import write_log
from service.settings import Settings

if TYPE_CHECKING:
    from service.front import Gateway
    from service.newsroom import Newsroom
    from service.newsroom.store.database import Nudge
    from service.web.operators.pulse import Pulse
    from service.web.site import Site

log = logging.getLogger("loa.web")

SHELVES = "shelf"  # below LOA_HOME
TRY_AGAIN_S = 1.0
COMPLAIN_EVERY = 30  # tries


class Front:
    """The front of a newsroom's web. It stands at once; behind it the application opens later.

    Until then slots' addresses are answered with what lay in `folder`, where this process keeps
    what its slots broadcast; everybody else is asked to come back in a moment. It is up to date
    until its pulse stops.
    """

    def __init__(
        self,
        newsroom: "Newsroom",
        public_url: str,
        folder: Path,
        pulse: "Pulse",
        trusted_proxies: int = 0,
    ) -> None:
        from service.front import StartingUp
        from service.front.timing import Timings
        from service.web.media.notebook import Notebook
        from service.web.operators.slot_shelf import SlotShelf

        self.newsroom, self.timings = newsroom, Timings()
        self._pulse = pulse
        self._notebook: Notebook = Notebook(newsroom)
        self._slots: SlotShelf = SlotShelf(
            newsroom, public_url, BED, pulse, self._notebook, folder
        )
        self._slots.recall()
        self._opening: StartingUp = StartingUp()
        self._room: Callable[[dict[str, Any]], int] = lambda _environ: 0
        self.gateway = self._gateway(trusted_proxies)

    def open(self, site: "Site", *, is_beside_another: bool = False) -> None:
        """The application answers from now on, and the shelves follow what changes.

        Beside another web, which serves until we do, all slots are looked at before.
        """
        from service.web.app import create_app
        from service.web.desk.upload import room_for

        app = create_app(self.newsroom, site, self._notebook)
        self._room = partial(room_for, app)
        self._pulse.look()
        if is_beside_another:
            self._slots.refresh()
        self._pulse.start()
        self._slots.start()
        self._opening.open(app)

    def _gateway(self, trusted_proxies: int) -> "Gateway":
        from service.front import Gateway, Limits
        from service.front.shelf import Shelf
        from service.web.app import LARGEST_BODY
        from service.web.media.headers import SECURED, ZIPPED, fields
        from service.web.media.shelved import ROUTES

        return Gateway(
            self._opening,
            limits=Limits(body_bytes=LARGEST_BODY),
            room=lambda environ: self._room(environ),
            trusted_proxies=trusted_proxies,
            slots=self._slots,
            shelf=Shelf(self._pulse, ROUTES, ZIPPED),
            secured=fields(SECURED),
            timings=self.timings,
        )


def front(nudge: "Nudge | None" = None) -> Front:
    """The front of this installation's web, not open yet.

    `nudge` is told of new jobs; without it the broker is, where there is one.
    """
    from service.web.operators.pulse import Pulse
    from workers.scratch import open_scratch

    keep_to_ourselves()
    installation = settings()
    write_log(installation)
    open_scratch()
    newsroom = open_newsroom(
        installation, nudge or open_nudge(installation), migrated=False
    )
    folder = folder_of_ours(installation)
    return Front(
        newsroom,
        installation.address,
        folder,
        Pulse(newsroom),
        installation.trusted_proxies,
    )


def open_up(front: Front, *, is_beside_another: bool = False) -> None:
    """Opens it, as soon as the database answers: its tables are there by now."""
    from service.apart import failure, told

    installation, tries = settings(), 0
    attempt = partial(_open, front, installation, is_beside_another)
    while (error := failure(attempt)) is not None:
        tries += 1
        if tries % COMPLAIN_EVERY == 1:
            log.warning(
                "pages wait, slots are answered from the shelf: %s", told(error)
            )
        time.sleep(TRY_AGAIN_S)


def _open(front: Front, installation: Settings, is_beside_another: bool) -> None:
    from loa.presence import show_presence
    from service.newsroom.values import ProcessKind

    site = open_site(
        installation, front.newsroom, open_voices(installation), front.timings
    )
    front.open(site, is_beside_another=is_beside_another)
    show_presence(front.newsroom, ProcessKind.WEB, threading.Event())


_held: list[Any] = []  # locks of folders, for as long as this process lives


def folder_of_ours(installation: Settings) -> Path:
    """A folder for this process's shelf: that no other web of this installation uses,
    the newest of them.

    What the process before left there is found again. Which installation it is, the addresses of
    its database and its store tell: a home that is pointed at another database never broadcasts the
    old one's bulletins.
    """
    addresses = f"{installation.database}\0{installation.files}\0{installation.address}"
    mark = sha256(addresses.encode()).hexdigest()[:12]
    shelves = installation.home / SHELVES
    shelves.mkdir(mode=0o700, parents=True, exist_ok=True)
    left = sorted(
        shelves.glob(f"{mark}-*"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for folder in left:
        if _is_ours(folder):
            return folder
    number = 0
    while not _is_ours(folder := shelves / f"{mark}-{number}"):
        number += 1
    return folder


def _is_ours(folder: Path) -> bool:
    """Takes the folder, unless another process has it."""
    from filelock import FileLock, Timeout

    folder.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(folder / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return False
    _held.append(lock)
    return True
