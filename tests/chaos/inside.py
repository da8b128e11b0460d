"""A house without processes of its own, for the short form: its web, its lanes and its faults are
in this one.
"""

import sqlite3
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import event

from audio.booth import Patience
from audio.recipes import RECIPES
from audio.voice import Voice
from loa.assembly import BED, MIGRATIONS, TEMPLATES
from service.newsroom import Newsroom
from service.newsroom.values import Role
from service.web.site import Site, VoiceChoice
from tests.chaos.houses import House
from tests.conftest import QUICK, Unsynced
from tests.system.fronted import served
from workers.lanes import Lanes
from workers.studio import Studio
from workers.verify import spoilt_masters
from workers.voices import Voices

LANES = 2


class Faults:
    """What `faults.Plan` does to a process, done to a newsroom: a full disk below its rows, and its
    clock.
    """

    def __init__(self) -> None:
        self._is_full = False
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The time, as the newsroom is told it."""
        return datetime.now(UTC) + self._ahead

    def disk(
        self, _call: str, _error: str, _word: str = "", *, short: bool = False
    ) -> None:
        """No statement that writes is done."""
        self._is_full = True

    def clock(self, ahead_s: int) -> None:
        """So far ahead."""
        self._is_full, self._ahead = False, timedelta(seconds=ahead_s)

    def well(self) -> None:
        """All is well."""
        self.clock(0)

    def meet(
        self, _connection: object, _cursor: object, statement: str, *_more: object
    ) -> None:
        """Before each statement."""
        if self._is_full and not statement.lstrip().startswith("SELECT"):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error


class Inside(House):
    """`rows` are the bytes of an empty database."""

    shape = "inside"

    def __init__(self, folder: Path, rows: bytes) -> None:
        self.folder = folder
        (folder / "loa.db").write_bytes(rows)
        self.plan = Faults()  # type: ignore[assignment]
        self._room = Newsroom.open(
            self.database_url,
            Unsynced(folder / "files"),
            MIGRATIONS,
            now=self.plan.now,  # type: ignore[attr-defined]
            hasher=QUICK,
        )
        key = self._room.people.add_key("chaos", Role.ADMIN)
        self.installation = SimpleNamespace(key=key)  # type: ignore[assignment]
        self.choose_slot()
        self._stack = ExitStack()

    def begin(self) -> None:
        """Web and lanes."""
        voices = (VoiceChoice("tone", "Tiếng ngân"),)
        site = Site(
            "http://127.0.0.1", "Loa", TEMPLATES, "bí mật", bed=BED, voices=voices
        )
        self.port = self._stack.enter_context(
            served(self._room, site, self.folder / "shelf")
        )
        patience = Patience(sleep=lambda _seconds: None)
        recipes = [recipe for recipe in RECIPES.values() if recipe.for_horns]
        at = Studio(
            self._room, Voices([Voice("tone", "")]), patience=patience, recipes=recipes
        )
        lanes = Lanes(at, "inside", LANES)
        lanes.start()
        self._stack.callback(lanes.stop)
        engine = self._room.database.engine
        event.listen(engine, "before_cursor_execute", self.plan.meet)  # type: ignore[attr-defined]

    @property
    def database_url(self) -> str:
        """SQLite in its folder."""
        return f"sqlite:///{self.folder}/loa.db"

    def spoilt(self) -> list[str]:
        """Files that are not as they were made."""
        return [str(each) for each in spoilt_masters(self._room) if each]

    def end(self) -> None:
        """Ends all that was begun."""
        self.plan.well()
        self._stack.close()
        self._room.database.close()
